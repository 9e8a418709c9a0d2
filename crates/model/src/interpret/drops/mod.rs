//! What goes with what: `DROP`, `DROP COLUMN`, `TRUNCATE`; the dependencies of `src/backend/catalog/dependency.c`.

mod columns;
mod extensions;
mod functions;
mod indexes;
mod routines;
mod schemas;
mod truncate;

pub(super) use truncate::truncate;

use super::names::Expected;
use super::owners;
use super::work::Work;
use crate::Refusal;
use crate::catalog::{
    Change, ColumnId, ConstraintId, ObjectName, Part, PartKind, Place, RelationId, RelationKind, Sequence,
    fixed_sequence,
};
use crate::effects::{DropReason, DroppedObject, LockMode};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Drop, DropShared, DropTarget, ExprKind, ObjectKind};
use smol_str::SmolStr;

pub(super) fn drop(work: &mut Work<'_>, it: &Drop) {
    match it.kind {
        ObjectKind::Table => drop_named(work, it, Expected::Table),
        ObjectKind::ForeignTable => drop_named(work, it, Expected::Foreign),
        ObjectKind::View => drop_named(work, it, Expected::View),
        ObjectKind::MaterializedView => drop_named(work, it, Expected::MaterializedView),
        ObjectKind::Sequence => drop_named(work, it, Expected::Sequence),
        ObjectKind::Index => indexes::drop_indexes(work, it),
        ObjectKind::Schema => schemas::drop_schemas(work, it),
        ObjectKind::Type | ObjectKind::Domain => schemas::drop_types(work, it),
        ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy => drop_parts(work, it),
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine => {
            it.objects.iter().for_each(|object| super::functions::drop(work, it, object));
        }
        ObjectKind::Statistics => drop_statistics(work, it),
        kind => {
            for object in &it.objects {
                let name = work.new_name(&object.name, lockkeeper_syntax::ast::Persistence::Permanent);
                if kind == ObjectKind::Publication {
                    crate::interpret::publications::drop(work, it, object);
                }
                if kind == ObjectKind::Extension {
                    extensions::drop_extension(work, it, object);
                }
                drop_other(work, kind, object, name.short());
            }
        }
    }
}

/// `DROP STATISTICS` waits for whoever changes the table; `RemoveStatisticsById`.
fn drop_statistics(work: &mut Work<'_>, it: &Drop) {
    for object in &it.objects {
        let name = &object.name.name.text;
        let Some((table, own)) = work.statistics(&object.name) else {
            if !it.if_exists && !work.lenient() {
                work.lacks();
                let refusal = Refusal::MissingObject { kind: it.kind, name: name.clone(), table: None };
                work.refuse(refusal, object.span);
            }
            continue;
        };
        work.lock(table, LockMode::ShareUpdateExclusive, object.span);
        let part = DroppedObject::Part { kind: it.kind, table, name: name.clone() };
        work.dropped(part, DropReason::Named, object.span);
        let mut kept = work.relation(table).parts.clone();
        kept.retain(|it| !it.is_statistics(&own));
        work.change(Change::Parts { id: table, to: kept });
    }
}

pub(super) fn drop_other(work: &mut Work<'_>, kind: ObjectKind, object: &DropTarget, name: SmolStr) {
    work.dropped(DroppedObject::Other { kind, name }, DropReason::Named, object.span);
}

pub(super) fn drop_shared(work: &mut Work<'_>, it: &DropShared) {
    match it.kind {
        ObjectKind::Database => work.outside_transaction("DROP DATABASE"),
        ObjectKind::Tablespace => work.outside_transaction("DROP TABLESPACE"),
        ObjectKind::Role => owners::drop_roles(work, it),
        _ => {}
    }
    for name in &it.names {
        let object = DroppedObject::Other { kind: it.kind, name: name.text.clone() };
        work.dropped(object, DropReason::Named, name.span);
    }
}

fn drop_named(work: &mut Work<'_>, it: &Drop, expected: Expected) {
    let mut going = Vec::new();
    for object in &it.objects {
        if let Some(id) = work.resolve_or_assume(&object.name, expected, it.if_exists) {
            let relation = work.relation(id);
            if it.kind == ObjectKind::Table && matches!(relation.kind, RelationKind::Foreign) && relation.known() {
                let name = relation.name.name.clone();
                work.refuse(Refusal::WrongKind { name, expected: "a table" }, object.span);
                continue;
            }
            going.push((id, object.span));
        }
    }
    if going.is_empty() {
        work.effects.skipped = work.effects.failure.is_none();
        return;
    }
    for (id, span) in &going {
        if let RelationKind::Sequence(Sequence { owner: Some((table, at)), identity: true, .. }) =
            work.relation(*id).kind
            && !going.iter().any(|(other, _)| *other == table)
        {
            let by = format!("column {} of {}", work.relation(table).columns[at].name, work.described(table));
            work.refuse(Refusal::RequiredBy { what: work.described(*id), by }, *span);
            return;
        }
    }
    work.drop_relations(&going, DropReason::Named, it.cascade.is_some(), it.cascade);
}

/// Something that stands in the way of a drop, or goes with it under `CASCADE`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Dependent {
    Relation(RelationId),
    Constraint(RelationId, ConstraintId),
    Default(RelationId, ColumnId),
    Column(RelationId, ColumnId),
    Part(RelationId, PartKind, SmolStr),
    Routine(ObjectName, Place),
}

impl Work<'_> {
    /// `DROP OWNED` of relations whose owner is known.
    pub(super) fn drop_owned_relations(&mut self, owned: &[(RelationId, Span)], cascade: Option<Span>) {
        if !owned.is_empty() {
            self.drop_relations(owned, DropReason::Named, cascade.is_some(), cascade);
        }
    }

    /// Drops relations with all that belongs to them, and under `CASCADE` all that depends on them. Where the server
    /// refuses for want of that word, what stands in the way is taken to be dropped before: nothing may be left that
    /// depends on what is gone.
    fn drop_relations(
        &mut self,
        named: &[(RelationId, Span)],
        how: DropReason,
        cascade: bool,
        cascade_span: Option<Span>,
    ) {
        let mut going: Vec<(RelationId, DropReason, Span)> = Vec::new();
        // One of several dependents may have taken another along.
        for (id, span) in named.iter().filter(|(id, _)| self.catalog.get(*id).is_some()) {
            self.with_parts(*id, how, *span, &mut going);
        }
        let mut victims: Vec<(Dependent, String)> = Vec::new();
        let mut at = 0;
        while at < going.len() {
            let (id, _, span) = going[at];
            for (dependent, line) in self.dependents(id, &going) {
                if victims.iter().any(|(it, _)| *it == dependent) {
                    continue;
                }
                if let Dependent::Relation(view) = dependent {
                    self.with_parts(view, DropReason::Cascade, cascade_span.unwrap_or(span), &mut going);
                }
                victims.push((dependent, line));
            }
            at += 1;
        }
        if !cascade && !victims.is_empty() {
            let (first, span) = named[0];
            let what = self.described(first);
            let dependents = victims.iter().map(|(_, line)| line.clone()).collect();
            self.refuse(Refusal::DependentObjects { what, dependents }, span);
        }
        for (id, _, span) in &going {
            self.lock_for_drop(*id, *span);
        }
        for (dependent, _) in victims {
            self.drop_dependent(&dependent, cascade_span.unwrap_or(named[0].1));
        }
        for (id, how, span) in &going {
            self.dropped(DroppedObject::Relation(*id), *how, *span);
        }
        for (id, _, _) in going.iter().rev() {
            self.change(Change::Relation { id: *id, to: None });
        }
    }

    /// The relation with its partitions, indexes and owned sequences, which go without a word.
    fn with_parts(&self, id: RelationId, how: DropReason, span: Span, going: &mut Vec<(RelationId, DropReason, Span)>) {
        if going.iter().any(|(it, _, _)| *it == id) {
            return;
        }
        going.push((id, how, span));
        let parts: Vec<RelationId> = self
            .catalog
            .indexes(id)
            .map(|(index, _, _)| index)
            .chain(self.catalog.owned_sequences(id).into_iter().map(|(sequence, _)| sequence))
            .chain(self.catalog.partitions(id))
            .collect();
        for part in parts {
            self.with_parts(part, DropReason::Automatic, span, going);
        }
    }

    /// What depends on a relation and does not go with it by itself.
    fn dependents(&self, id: RelationId, going: &[(RelationId, DropReason, Span)]) -> Vec<(Dependent, String)> {
        let stays = |it: RelationId| !going.iter().any(|(other, _, _)| *other == it);
        let own = self.described(id);
        let mut found = Vec::new();
        for view in self.catalog.views(id) {
            if stays(view) {
                found.push((Dependent::Relation(view), format!("{} depends on {own}", self.described(view))));
            }
        }
        for child in self.catalog.inheritors(id) {
            if stays(child) {
                found.push((Dependent::Relation(child), format!("{} depends on {own}", self.described(child))));
            }
        }
        for (by, at) in self.referencing_rows(id) {
            if stays(by) {
                found.push((Dependent::Constraint(by, at), self.depends_line(by, at, &own)));
            }
        }
        for by in self.catalog.part_users(id) {
            if stays(by) {
                found.extend(self.dependent_parts(by, &own, |it| it.uses.iter().any(|it| it.relation == id)));
            }
        }
        found.extend(self.routines_needing(&own, |it| it.relations.iter().any(|it| it.relation == id)));
        if self.relation(id).is_table() || matches!(self.relation(id).kind, RelationKind::View(_)) {
            let name = self.relation(id).name.clone();
            for (by, at) in self.columns_of_type(&name).into_iter().filter(|(by, _)| stays(*by)) {
                let (column, of) = (&self.relation(by).columns[at].name, self.described(by));
                let line = format!("column {column} of {of} depends on type {}", name.short());
                found.push((Dependent::Column(by, at), line));
            }
        }
        if let RelationKind::Sequence(Sequence { owner, identity, .. }) = self.relation(id).kind {
            let name = self.relation(id).name.clone();
            if let Some((table, at)) = owner
                && stays(table)
                && (identity
                    || self.relation(table).columns[at].default.as_ref().is_some_and(|it| calls_nextval(it, &name)))
            {
                let column = &self.relation(table).columns[at].name;
                let line = format!("default value for column {column} of {} depends on {own}", self.described(table));
                found.push((Dependent::Default(table, at), line));
            }
            for table in self.catalog.drawing_from(&name.name).into_iter().filter(|it| stays(*it)) {
                for (at, column) in self.relation(table).live_columns() {
                    if owner != Some((table, at)) && column.default.as_ref().is_some_and(|it| calls_nextval(it, &name))
                    {
                        let line = format!(
                            "default value for column {} of {} depends on {own}",
                            column.name,
                            self.described(table)
                        );
                        found.push((Dependent::Default(table, at), line));
                    }
                }
            }
        }
        found
    }

    /// The parts of a relation that depend on something, with the server's lines for them.
    fn dependent_parts(&self, by: RelationId, on: &str, depends: impl Fn(&Part) -> bool) -> Vec<(Dependent, String)> {
        let parts = self.relation(by).parts.iter().filter(|it| depends(it));
        let line = |it: &Part| {
            let of = self.described(by);
            let word = match it.kind {
                PartKind::Trigger => "trigger",
                PartKind::Rule => "rule",
                PartKind::Policy => "policy",
                PartKind::Statistics => "statistics object",
                PartKind::Publication => {
                    return format!("publication of {of} in publication {} depends on {on}", it.name);
                }
            };
            format!("{word} {} on {of} depends on {on}", it.name)
        };
        parts.map(|it| (Dependent::Part(by, it.kind, it.name.clone()), line(it))).collect()
    }

    /// The foreign keys that can point at rows of the table: its own and those of the tables that it is a partition of.
    pub(in crate::interpret) fn referencing_rows(&self, id: RelationId) -> Vec<(RelationId, ConstraintId)> {
        let mut keys = self.catalog.referencing(id);
        let mut above = self.relation(id).partition_of.as_ref().map(|it| it.parent);
        while let Some(parent) = above {
            keys.extend(self.catalog.referencing(parent));
            above = self.catalog.get(parent).and_then(|it| it.partition_of.as_ref()).map(|it| it.parent);
        }
        keys
    }

    fn lock_for_drop(&mut self, id: RelationId, span: Span) {
        self.lock(id, LockMode::AccessExclusive, span);
        let relation = self.relation(id);
        let keys: Vec<_> = relation.live_constraints().map(|(_, it)| it.clone()).collect();
        let parent = relation.partition_of.as_ref().map(|it| it.parent).filter(|_| relation.as_index().is_none());
        for key in keys {
            self.drop_foreign_key_peer(&key, span);
        }
        if let Some(parent) = parent {
            self.lock(parent, LockMode::AccessExclusive, span);
            if let Some(default) = self.default_partition(parent) {
                self.lock(default, LockMode::AccessExclusive, span);
            }
        }
    }

    fn drop_dependent(&mut self, dependent: &Dependent, span: Span) {
        let table = match dependent {
            Dependent::Relation(id)
            | Dependent::Constraint(id, _)
            | Dependent::Default(id, _)
            | Dependent::Column(id, _)
            | Dependent::Part(id, ..) => id,
            Dependent::Routine(name, place) => return self.drop_routine(name, *place, span),
        };
        if self.catalog.get(*table).is_none() {
            return;
        }
        match *dependent {
            // Already among what goes.
            Dependent::Relation(_) | Dependent::Routine(..) => {}
            Dependent::Part(table, kind, ref name) => {
                self.lock(table, LockMode::AccessExclusive, span);
                let part = DroppedObject::Part { kind: kind.object(), table, name: name.clone() };
                self.dropped(part, DropReason::Cascade, span);
                let mut kept = self.relation(table).parts.clone();
                kept.retain(|it| it.kind != kind || it.name != *name);
                self.change(Change::Parts { id: table, to: kept });
            }
            Dependent::Constraint(table, at) => {
                self.lock(table, LockMode::AccessExclusive, span);
                self.drop_constraint(table, at, DropReason::Cascade, true, span);
            }
            Dependent::Default(table, at) => {
                self.lock(table, LockMode::AccessExclusive, span);
                let mut column = self.relation(table).columns[at].clone();
                let name = column.name.clone();
                column.default = None;
                let part = DroppedObject::Part { kind: ObjectKind::Column, table, name };
                self.dropped(part, DropReason::Cascade, span);
                self.change(Change::Column { table, at, to: Some(column) });
            }
            Dependent::Column(table, at) if self.relation(table).columns[at].dropped => {}
            Dependent::Column(table, at) => {
                self.lock(table, LockMode::AccessExclusive, span);
                self.drop_column(table, at, DropReason::Cascade, true, span);
            }
        }
    }
}

/// Whether a default calls `nextval` of the sequence.
fn calls_nextval(expr: &lockkeeper_syntax::ast::Expr, sequence: &ObjectName) -> bool {
    let mut found = false;
    expr.walk(&mut |it| {
        let ExprKind::Call(call) = &it.kind else { return };
        found |= fixed_sequence(call)
            .is_some_and(|it| it.name.text == sequence.name && it.schema.is_none_or(|it| it.text == sequence.schema));
    });
    found
}

fn drop_parts(work: &mut Work<'_>, it: &Drop) {
    for object in &it.objects {
        let Some(table) = work.resolve_or_assume(&object.name, Expected::Relation, it.if_exists) else { continue };
        let Some(member) = &object.member else { continue };
        let kind = match it.kind {
            ObjectKind::Trigger => PartKind::Trigger,
            ObjectKind::Rule => PartKind::Rule,
            _ => PartKind::Policy,
        };
        let relation = work.relation(table);
        if relation.complete && relation.part(kind, &member.text).is_none() {
            if kind == PartKind::Rule && member.text == "_RETURN" && matches!(relation.kind, RelationKind::View(_)) {
                let what = format!("rule _RETURN on {}", work.described(table));
                work.refuse(Refusal::RequiredBy { what, by: work.described(table) }, member.span);
            } else if !it.if_exists {
                let table = Some(relation.name.name.clone());
                let refusal = Refusal::MissingObject { kind: it.kind, name: member.text.clone(), table };
                work.refuse(refusal, member.span);
            }
            continue;
        }
        if relation.part(kind, &member.text).is_some_and(|it| it.inherited) {
            let parent = relation.partition_of.as_ref().map_or(table, |it| it.parent);
            let of = |id| format!("trigger {} on {}", member.text, work.described(id));
            let (what, by) = (of(table), of(parent));
            work.refuse(Refusal::RequiredBy { what, by }, member.span);
            continue;
        }
        // Only what is found is locked; `get_object_address_relobject` reads under ACCESS SHARE.
        work.lock(table, LockMode::AccessExclusive, object.span);
        let part = DroppedObject::Part { kind: it.kind, table, name: member.text.clone() };
        work.dropped(part, DropReason::Named, object.span);
        for id in work.catalog.tree(table) {
            let parts = &work.relation(id).parts;
            let kept: Vec<_> = parts.iter().filter(|it| it.kind != kind || it.name != member.text).cloned().collect();
            if kept.len() < parts.len() {
                work.lock(id, LockMode::AccessExclusive, object.span);
                work.change(Change::Parts { id, to: kept });
            }
        }
    }
}
