//! What goes with what: `DROP`, `DROP COLUMN`, `TRUNCATE`; the dependencies of `src/backend/catalog/dependency.c`.

use super::names::{Expected, Found};
use super::work::Work;
use crate::Refusal;
use crate::catalog::{
    Change, ColumnId, ConstraintId, ConstraintKind, Fact, ObjectName, Relation, RelationId, RelationKind, SchemaState,
    Sequence, TypeDefinitionKind,
};
use crate::effects::{DropReason, DroppedObject, LockMode, RewriteReason};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Drop, DropShared, DropTarget, ExprKind, ObjectKind, Truncate};
use smol_str::SmolStr;

pub(super) fn drop(work: &mut Work<'_>, it: &Drop) {
    match it.kind {
        ObjectKind::Table => drop_named(work, it, Expected::Table),
        ObjectKind::ForeignTable => drop_named(work, it, Expected::Foreign),
        ObjectKind::View => drop_named(work, it, Expected::View),
        ObjectKind::MaterializedView => drop_named(work, it, Expected::MaterializedView),
        ObjectKind::Sequence => drop_named(work, it, Expected::Sequence),
        ObjectKind::Index => drop_indexes(work, it),
        ObjectKind::Schema => drop_schemas(work, it),
        ObjectKind::Type | ObjectKind::Domain => drop_types(work, it),
        ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy => drop_parts(work, it),
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine => {
            for object in &it.objects {
                let name = work.new_name(&object.name, lockkeeper_syntax::ast::Persistence::Permanent);
                drop_other(work, it.kind, object, name.short());
                if work.catalog.function(&name).is_some() {
                    work.change(Change::Function { name, to: None });
                }
            }
        }
        kind => {
            for object in &it.objects {
                let name = work.new_name(&object.name, lockkeeper_syntax::ast::Persistence::Permanent);
                drop_other(work, kind, object, name.short());
            }
        }
    }
}

fn drop_other(work: &mut Work<'_>, kind: ObjectKind, object: &DropTarget, name: SmolStr) {
    work.dropped(DroppedObject::Other { kind, name }, DropReason::Named, object.span);
}

pub(super) fn drop_shared(work: &mut Work<'_>, it: &DropShared) {
    match it.kind {
        ObjectKind::Database => work.outside_transaction("DROP DATABASE"),
        ObjectKind::Tablespace => work.outside_transaction("DROP TABLESPACE"),
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
            going.push((id, object.span));
        }
    }
    if going.is_empty() {
        work.effects.skipped = work.effects.failure.is_none();
        return;
    }
    work.drop_relations(&going, it.cascade.is_some(), it.cascade);
}

/// Something that stands in the way of a drop, or goes with it under `CASCADE`.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Dependent {
    Relation(RelationId),
    Constraint(RelationId, ConstraintId),
    Default(RelationId, ColumnId),
    Column(RelationId, ColumnId),
}

impl Work<'_> {
    /// Drops relations with all that belongs to them, and under `CASCADE` all that depends on them.
    fn drop_relations(&mut self, named: &[(RelationId, Span)], cascade: bool, cascade_span: Option<Span>) {
        let mut going: Vec<(RelationId, DropReason, Span)> = Vec::new();
        // One of several dependents may have taken another along.
        for (id, span) in named.iter().filter(|(id, _)| self.catalog.get(*id).is_some()) {
            self.with_parts(*id, DropReason::Named, *span, &mut going);
        }
        let mut victims: Vec<(Dependent, String)> = Vec::new();
        let mut at = 0;
        while at < going.len() {
            let (id, _, span) = going[at];
            for (dependent, line) in self.dependents(id, &going) {
                if victims.iter().any(|(it, _)| *it == dependent) {
                    continue;
                }
                if let Dependent::Relation(view) = dependent
                    && cascade
                {
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
        if cascade {
            for (dependent, _) in victims {
                self.drop_dependent(&dependent, cascade_span.unwrap_or(named[0].1));
            }
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
        let automatic = if how == DropReason::Cascade { how } else { DropReason::Automatic };
        let parts: Vec<RelationId> = self
            .catalog
            .indexes(id)
            .map(|(index, _, _)| index)
            .chain(self.catalog.owned_sequences(id).into_iter().map(|(sequence, _)| sequence))
            .chain(self.catalog.partitions(id))
            .collect();
        for part in parts {
            self.with_parts(part, automatic, span, going);
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
        for (by, at) in self.catalog.referencing(id) {
            if stays(by) {
                found.push((Dependent::Constraint(by, at), self.depends_line(by, at, &own)));
            }
        }
        if let RelationKind::Sequence(Sequence { owner, .. }) = self.relation(id).kind {
            if let Some((table, at)) = owner
                && stays(table)
            {
                let column = &self.relation(table).columns[at].name;
                let line = format!("default value for column {column} of {} depends on {own}", self.described(table));
                found.push((Dependent::Default(table, at), line));
            }
            let name = self.relation(id).name.clone();
            for (table, relation) in self.catalog.relations().filter(|(table, _)| stays(*table)) {
                for (at, column) in relation.live_columns() {
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
            | Dependent::Column(id, _) => id,
        };
        if self.catalog.get(*table).is_none() {
            return;
        }
        match *dependent {
            // Already among what goes.
            Dependent::Relation(_) => {}
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
            Dependent::Column(table, at) => {
                self.lock(table, LockMode::AccessExclusive, span);
                self.drop_column(table, at, DropReason::Cascade, true, span);
            }
        }
    }

    /// Whether the view names the column, as far as its query tells.
    pub(super) fn view_uses(&self, view: RelationId, table: RelationId, at: ColumnId) -> bool {
        let (RelationKind::View(sources) | RelationKind::MaterializedView(sources)) = &self.relation(view).kind else {
            return false;
        };
        sources.iter().any(|it| it.relation == table && it.columns.as_ref().is_some_and(|it| it.contains(&at)))
    }

    /// Drops a column with what belongs to it; refuses if something else depends on it and `cascade` is not given.
    pub(super) fn drop_column(&mut self, table: RelationId, at: ColumnId, how: DropReason, cascade: bool, span: Span) {
        let name = self.relation(table).columns[at].name.clone();
        let own = format!("column {name} of {}", self.described(table));
        let (mut victims, keys) = self.column_dependents(table, at, &own);
        if !cascade && !victims.is_empty() {
            let dependents = victims.into_iter().map(|(_, line)| line).collect();
            self.refuse(Refusal::DependentObjects { what: own, dependents }, span);
            victims = Vec::new();
        }
        for (dependent, _) in victims {
            match dependent {
                Dependent::Relation(view) => self.drop_relations(&[(view, span)], true, Some(span)),
                other => self.drop_dependent(&other, span),
            }
        }
        self.dropped(DroppedObject::Column { table, column: name.clone() }, how, span);
        for (constraint, _) in keys {
            if self.relation(table).constraints.get(constraint).is_some_and(Option::is_some) {
                self.drop_constraint(table, constraint, DropReason::Automatic, true, span);
            }
        }
        let indexes: Vec<RelationId> =
            self.catalog.indexes(table).filter(|(_, _, it)| index_names(it, at, &name)).map(|(id, _, _)| id).collect();
        for index in indexes {
            self.dropped(DroppedObject::Relation(index), DropReason::Automatic, span);
            self.remove_index_tree(index);
        }
        for generated in self.generated_from(table, &name) {
            self.drop_column(table, generated, DropReason::Automatic, cascade, span);
        }
        for (sequence, owner) in self.catalog.owned_sequences(table) {
            if owner == at {
                self.lock(sequence, LockMode::AccessExclusive, span);
                self.dropped(DroppedObject::Relation(sequence), DropReason::Automatic, span);
                self.change(Change::Relation { id: sequence, to: None });
            }
        }
        self.drop_statistics(table, at, span);
        let mut column = self.relation(table).columns[at].clone();
        column.dropped = true;
        self.change(Change::Column { table, at, to: Some(column) });
    }

    /// The generated columns that are computed from `column`.
    fn generated_from(&self, table: RelationId, column: &str) -> Vec<ColumnId> {
        let uses = |it: &crate::catalog::Column| {
            it.generated.is_some()
                && it.name != column
                && it.default.as_ref().is_some_and(|it| it.columns().iter().any(|it| it.text == column))
        };
        self.relation(table).live_columns().filter(|(_, it)| uses(it)).map(|(at, _)| at).collect()
    }

    /// What depends on a column: what needs `CASCADE`, and the table's own constraints, which go by themselves.
    fn column_dependents(
        &self,
        table: RelationId,
        at: ColumnId,
        own: &str,
    ) -> (Vec<(Dependent, String)>, Vec<(ConstraintId, SmolStr)>) {
        let relation = self.relation(table);
        let name = &relation.columns[at].name;
        let mut victims = Vec::new();
        for view in self.catalog.views(table) {
            if self.view_uses(view, table, at) {
                victims.push((Dependent::Relation(view), format!("{} depends on {own}", self.described(view))));
            }
        }
        for (by, key) in self.catalog.referencing(table) {
            let uses = self.relation(by).constraints[key].as_ref().is_some_and(
                |it| matches!(&it.kind, ConstraintKind::ForeignKey { referenced, .. } if referenced.contains(&at)),
            );
            if uses && (by, key) != (table, key) {
                victims.push((Dependent::Constraint(by, key), self.depends_line(by, key, own)));
            }
        }
        // Before PostgreSQL 15 a generated column goes with its source without a word.
        let generated = if self.version.since(15) { self.generated_from(table, name) } else { Vec::new() };
        for other in generated {
            let line = format!("column {} of {} depends on {own}", relation.columns[other].name, self.described(table));
            victims.push((Dependent::Column(table, other), line));
        }
        for (sequence, owner) in self.catalog.owned_sequences(table) {
            if owner == at {
                // A default elsewhere may draw from the column's sequence.
                victims.extend(self.dependents(sequence, &[(table, DropReason::Automatic, Span::default())]));
            }
        }
        let keys = relation
            .live_constraints()
            .filter(|(_, it)| match &it.kind {
                ConstraintKind::NotNull(column) => *column == at,
                ConstraintKind::Check { columns, .. } => columns.contains(&at),
                ConstraintKind::ForeignKey { columns, .. } => columns.contains(&at),
                ConstraintKind::Unique { index, .. } | ConstraintKind::Exclude { index } => {
                    self.catalog.get(*index).and_then(Relation::as_index).is_some_and(|it| index_names(it, at, name))
                }
            })
            .map(|(id, it)| (id, it.name.clone()))
            .collect();
        (victims, keys)
    }

    /// Statistics on several columns go with one of them; `RemoveStatistics`.
    fn drop_statistics(&mut self, table: RelationId, at: ColumnId, span: Span) {
        let parts = &self.relation(table).parts;
        let gone: Vec<SmolStr> = parts
            .iter()
            .filter(|it| it.kind == crate::catalog::PartKind::Statistics && it.columns.contains(&at))
            .map(|it| it.name.clone())
            .collect();
        if gone.is_empty() {
            return;
        }
        let kept = parts.iter().filter(|it| !gone.contains(&it.name)).cloned().collect();
        for name in gone {
            let part = DroppedObject::Part { kind: ObjectKind::Statistics, table, name };
            self.dropped(part, DropReason::Automatic, span);
        }
        self.change(Change::Parts { id: table, to: kept });
    }

    /// A column of a table that the history does not show in full.
    pub(super) fn drop_unknown_column(&mut self, table: RelationId, column: &SmolStr, span: Span) {
        self.dropped(DroppedObject::Column { table, column: column.clone() }, DropReason::Named, span);
    }
}

/// Whether an index stands or falls with a column: as key, as `INCLUDE`, in an expression or its predicate.
fn index_names(index: &crate::catalog::Index, at: ColumnId, name: &str) -> bool {
    let in_expr = |it: &lockkeeper_syntax::ast::Expr| it.columns().iter().any(|it| it.text == name);
    index.include.contains(&at)
        || index.predicate.as_ref().is_some_and(in_expr)
        || index.key.iter().any(|it| it.column == Some(at) || (it.column.is_none() && in_expr(&it.expr)))
}

/// Whether a default calls `nextval` of the sequence.
fn calls_nextval(expr: &lockkeeper_syntax::ast::Expr, sequence: &ObjectName) -> bool {
    use lockkeeper_syntax::ast::Constant;
    let mut found = false;
    expr.walk(&mut |it| {
        let ExprKind::Call(call) = &it.kind else { return };
        let argument = call.arguments.first().map(|it| match &it.kind {
            ExprKind::Cast { value, .. } => &value.kind,
            kind => kind,
        });
        if call.name.name.text == "nextval"
            && let Some(ExprKind::Constant(Constant::String(text))) = argument
        {
            let (schema, name) =
                text.rsplit_once('.').map_or((None, text.as_str()), |(schema, name)| (Some(schema), name));
            found |= name.trim_matches('"') == sequence.name
                && schema.is_none_or(|it| it.trim_matches('"') == sequence.schema);
        }
    });
    found
}

fn drop_indexes(work: &mut Work<'_>, it: &Drop) {
    let concurrently = it.concurrently.is_some();
    if concurrently {
        work.outside_transaction("DROP INDEX CONCURRENTLY");
        if it.objects.len() > 1 {
            work.refuse(Refusal::ConcurrentDropOfSeveral, it.concurrently.unwrap_or(work.statement.span));
        }
        if let Some(span) = it.cascade {
            work.refuse(Refusal::ConcurrentDropCascade, span);
        }
    }
    let mode = if concurrently { LockMode::ShareUpdateExclusive } else { LockMode::AccessExclusive };
    let mut met = false;
    for object in &it.objects {
        match work.resolve(&object.name, Expected::Index, it.if_exists) {
            Found::Known(index) => {
                met = true;
                drop_index(work, index, object, concurrently, mode, it.cascade.is_some());
            }
            Found::Unknown => {
                met = true;
                let name = work.new_name(&object.name, lockkeeper_syntax::ast::Persistence::Permanent);
                drop_other(work, ObjectKind::Index, object, name.short());
            }
            Found::Missing => {}
        }
    }
    if !met {
        work.effects.skipped = work.effects.failure.is_none();
    }
}

fn drop_index(
    work: &mut Work<'_>,
    index: RelationId,
    object: &DropTarget,
    concurrently: bool,
    mode: LockMode,
    cascade: bool,
) {
    let relation = work.relation(index);
    let Some(own) = relation.as_index().cloned() else { return };
    let name = relation.name.name.clone();
    let short = relation.name.short();
    let table = own.table;
    if let Some(parent) = relation.partition_of.as_ref().map(|it| it.parent) {
        let refusal = Refusal::RequiredBy { what: format!("index {short}"), by: work.described(parent) };
        work.refuse(refusal, object.span);
        return;
    }
    let owner = work
        .relation(table)
        .live_constraints()
        .find(|(_, it)| it.index() == Some(index))
        .map(|(at, it)| (at, it.name.clone()));
    if let Some((_, constraint)) = owner {
        let by = format!("constraint {constraint} on {}", work.described(table));
        work.refuse(Refusal::RequiredBy { what: format!("index {short}"), by }, object.span);
        return;
    }
    if concurrently && work.is_partitioned(table) {
        work.refuse(Refusal::ConcurrentDropOfPartitionedIndex { index: name }, object.span);
    }
    let users: Vec<(RelationId, ConstraintId)> = work
        .catalog
        .referencing(table)
        .into_iter()
        .filter(|(by, at)| {
            work.relation(*by).constraints[*at].as_ref().is_some_and(
                |it| matches!(it.kind, ConstraintKind::ForeignKey { index: Some(own), .. } if own == index),
            )
        })
        .collect();
    if !users.is_empty() && !cascade {
        let on = format!("index {short}");
        let dependents = users.iter().map(|(by, at)| work.depends_line(*by, *at, &on)).collect();
        work.refuse(Refusal::DependentObjects { what: on, dependents }, object.span);
    } else {
        for (by, at) in users {
            work.lock(by, LockMode::AccessExclusive, object.span);
            work.drop_constraint(by, at, DropReason::Cascade, true, object.span);
        }
    }
    for part in work.catalog.tree(index) {
        let on = work.relation(part).as_index().map(|it| it.table);
        if let Some(on) = on {
            work.lock(on, mode, object.span);
        }
        let how = if part == index { DropReason::Named } else { DropReason::Automatic };
        work.dropped(DroppedObject::Relation(part), how, object.span);
    }
    work.remove_index_tree(index);
}

fn drop_schemas(work: &mut Work<'_>, it: &Drop) {
    for object in &it.objects {
        let schema = object.name.name.text.clone();
        match work.catalog.schema(&schema) {
            Fact::Known(false) if it.if_exists => {
                work.effects.skipped = true;
                continue;
            }
            Fact::Known(false) if !work.lenient() => {
                work.lacks();
                work.refuse(Refusal::MissingSchema { schema }, object.span);
                continue;
            }
            Fact::Known(_) | Fact::Unknown => {}
        }
        let inside: Vec<(RelationId, Span)> = work
            .catalog
            .relations()
            .filter(|(_, relation)| relation.name.schema == schema && relation.as_index().is_none())
            .map(|(id, _)| (id, object.span))
            .collect();
        if it.cascade.is_none() && !inside.is_empty() {
            let what = format!("schema {schema}");
            let dependents =
                inside.iter().map(|(id, _)| format!("{} depends on {what}", work.described(*id))).collect();
            work.refuse(Refusal::DependentObjects { what, dependents }, object.span);
        }
        work.dropped(DroppedObject::Schema(schema.clone()), DropReason::Named, object.span);
        if !inside.is_empty() {
            work.drop_relations(&inside, true, it.cascade);
            // What the schema takes along was not named by anybody.
            for dropped in &mut work.effects.drops {
                if matches!(&dropped.object, DroppedObject::Relation(id) if inside.iter().any(|(it, _)| it == id)) {
                    dropped.how = DropReason::Cascade;
                }
            }
        }
        let types: Vec<ObjectName> =
            work.catalog.types().filter(|(name, _)| name.schema == schema).map(|(name, _)| name.clone()).collect();
        for name in types {
            work.dropped(DroppedObject::Type(name.clone()), DropReason::Cascade, object.span);
            work.change(Change::Type { name, to: None });
        }
        work.change(Change::Schema { name: schema, to: Some(SchemaState::Dropped) });
    }
}

fn drop_types(work: &mut Work<'_>, it: &Drop) {
    for object in &it.objects {
        let found = match &object.name.schema {
            Some(schema) => {
                let name = ObjectName { schema: schema.text.clone(), name: object.name.name.text.clone() };
                work.catalog.type_definition(&name).map(|_| name)
            }
            None => work
                .search_path()
                .map(|schema| ObjectName { schema: schema.clone(), name: object.name.name.text.clone() })
                .find(|it| work.catalog.type_definition(it).is_some()),
        };
        let Some(name) = found else {
            if it.if_exists {
                continue;
            }
            if work.lenient() {
                let name = work.new_name(&object.name, lockkeeper_syntax::ast::Persistence::Permanent);
                work.lacks();
                work.dropped(DroppedObject::Type(name), DropReason::Named, object.span);
            } else {
                work.lacks();
                let refusal =
                    Refusal::MissingObject { kind: ObjectKind::Type, name: object.name.name.text.clone(), table: None };
                work.refuse(refusal, object.span);
            }
            continue;
        };
        drop_type(work, &name, object.span, it.cascade);
    }
}

fn drop_type(work: &mut Work<'_>, name: &ObjectName, span: Span, cascade: Option<Span>) {
    let what = format!("type {}", name.short());
    let mut users: Vec<(RelationId, ColumnId)> = Vec::new();
    for (table, relation) in work.catalog.relations() {
        users.extend(relation.live_columns().filter(|(_, it)| it.data_type.name == *name).map(|(at, _)| (table, at)));
    }
    let domains: Vec<ObjectName> = work
        .catalog
        .types()
        .filter(|(_, it)| matches!(&it.kind, TypeDefinitionKind::Domain(domain) if domain.base.name == *name))
        .map(|(name, _)| name.clone())
        .collect();
    if cascade.is_none() && !(users.is_empty() && domains.is_empty()) {
        let columns = users.iter().map(|(table, at)| {
            format!(
                "column {} of {} depends on {what}",
                work.relation(*table).columns[*at].name,
                work.described(*table)
            )
        });
        let types = domains.iter().map(|it| format!("type {} depends on {what}", it.short()));
        let dependents = columns.chain(types).collect();
        work.refuse(Refusal::DependentObjects { what, dependents }, span);
    }
    work.dropped(DroppedObject::Type(name.clone()), DropReason::Named, span);
    if let Some(cascade) = cascade {
        for (table, at) in users {
            if work.catalog.get(table).is_some_and(|it| !it.columns[at].dropped) {
                work.lock(table, LockMode::AccessExclusive, cascade);
                work.drop_column(table, at, DropReason::Cascade, true, cascade);
            }
        }
        for domain in domains {
            drop_type(work, &domain, cascade, Some(cascade));
        }
    }
    work.change(Change::Type { name: name.clone(), to: None });
}

fn drop_parts(work: &mut Work<'_>, it: &Drop) {
    for object in &it.objects {
        let Some(table) = work.resolve_or_assume(&object.name, Expected::Relation, it.if_exists) else { continue };
        work.lock(table, LockMode::AccessExclusive, object.span);
        let Some(member) = &object.member else { continue };
        let part = DroppedObject::Part { kind: it.kind, table, name: member.text.clone() };
        work.dropped(part, DropReason::Named, object.span);
        for id in work.catalog.tree(table) {
            let parts = &work.relation(id).parts;
            let kept: Vec<_> = parts.iter().filter(|it| it.name != member.text).cloned().collect();
            if kept.len() < parts.len() {
                work.lock(id, LockMode::AccessExclusive, object.span);
                work.change(Change::Parts { id, to: kept });
            }
        }
    }
}

/// `TRUNCATE`; `ExecuteTruncate`.
pub(super) fn truncate(work: &mut Work<'_>, it: &Truncate) {
    let mut named: Vec<(RelationId, Span, DropReason)> = Vec::new();
    for table in &it.tables {
        let span = table.name.span();
        let Some(id) = work.resolve_or_assume(&table.name, Expected::Table, false) else { continue };
        if table.only && work.is_partitioned(id) {
            work.refuse(Refusal::TruncateOnlyPartitioned, span);
        }
        for part in work.reached(id, table.only) {
            if !named.iter().any(|(it, _, _)| *it == part) {
                let how = if part == id { DropReason::Named } else { DropReason::Automatic };
                named.push((part, span, how));
            }
        }
    }
    let mut at = 0;
    while at < named.len() {
        let (id, span, _) = named[at];
        for (by, _) in work.catalog.referencing(id) {
            if named.iter().any(|(it, _, _)| *it == by) {
                continue;
            }
            match it.cascade {
                Some(cascade) => {
                    for part in work.catalog.tree(by) {
                        if !named.iter().any(|(it, _, _)| *it == part) {
                            named.push((part, cascade, DropReason::Cascade));
                        }
                    }
                }
                None => {
                    let table = work.relation(id).name.name.clone();
                    let refusal = Refusal::TruncateReferenced { table, by: work.relation(by).name.name.clone() };
                    work.refuse(refusal, span);
                }
            }
        }
        at += 1;
    }
    for (id, span, how) in named {
        work.lock(id, LockMode::AccessExclusive, span);
        work.rewrite(id, RewriteReason::Truncate, span);
        work.dropped(DroppedObject::Rows(id), how, span);
        if it.restart_identity {
            for (sequence, _) in work.catalog.owned_sequences(id) {
                work.lock(sequence, LockMode::AccessExclusive, span);
            }
        }
    }
}
