//! Schemas, views, sequences, types, functions, triggers.

use super::names::Expected;
use super::work::{Work, builtin};
use crate::Refusal;
use crate::catalog::{
    Change, Column, DataType, Domain, Fact, Function, NotNull, ObjectName, Origin, Part, PartKind, Relation,
    RelationId, RelationKind, SchemaState, Sequence, TypeDefinition, TypeDefinitionKind, ViewSource,
};
use crate::effects::{LockMode, RewriteReason};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{
    self, AlterEnum, AlterSequence, ConstraintKind, CreateDomain, CreateFunction, CreateSchema, CreateSequence,
    CreateTableAs, CreateTrigger, CreateType, CreateView, CtasTarget, EnumChange, ExprKind, Name, ObjectKind,
    Persistence, Query, Refresh, SequenceOwner, TypeKind, Volatility,
};
use smol_str::SmolStr;

pub(super) fn create_schema(work: &mut Work<'_>, it: &CreateSchema) {
    let Some(name) = &it.name else { return };
    if let Fact::Known(true) = work.catalog.schema(&name.text) {
        if it.if_not_exists {
            work.effects.skipped = true;
        } else {
            work.refuse(Refusal::DuplicateSchema { schema: name.text.clone() }, name.span);
        }
        return;
    }
    let state = SchemaState::Created(work.place(name.span));
    work.change(Change::Schema { name: name.text.clone(), to: Some(state) });
}

pub(super) fn create_table_as(work: &mut Work<'_>, it: &CreateTableAs) {
    let name = work.new_name(&it.name, it.persistence);
    super::queries::read(work, &it.query);
    if it.if_not_exists && work.catalog.relation(&name).is_some_and(|(_, it)| it.known()) {
        work.effects.skipped = true;
        return;
    }
    if !work.check_new_name(&name, it.name.span()) {
        return;
    }
    let kind = match it.target {
        CtasTarget::Table | CtasTarget::SelectInto => RelationKind::Table,
        CtasTarget::MaterializedView => RelationKind::MaterializedView(sources(work, &it.query)),
    };
    let origin = Origin::Created(work.place(it.name.span()));
    let mut relation = Relation::new(name, kind, it.persistence, origin);
    output_columns(work, &mut relation, &it.columns, &it.query);
    work.add(relation);
}

/// Gives a relation the columns of its query; types are not derived.
fn output_columns(work: &Work<'_>, relation: &mut Relation, written: &[Name], query: &Query) {
    if query.outputs.is_empty() {
        relation.complete = false;
    }
    for (at, output) in query.outputs.iter().enumerate() {
        if let ExprKind::Star(_) = output.expr.kind {
            star_columns(work, relation, query);
            continue;
        }
        let name = written.get(at).or(output.name.as_ref());
        let name = name.map_or_else(|| SmolStr::new_static("?column?"), |it| it.text.clone());
        relation.columns.push(output_column(work, name, output.expr.span));
    }
}

fn star_columns(work: &Work<'_>, relation: &mut Relation, query: &Query) {
    for source in &query.relations {
        let Some(id) = work.find(&source.relation.name) else {
            relation.complete = false;
            continue;
        };
        let source = work.relation(id);
        relation.complete &= source.complete;
        relation.columns.extend(source.live_columns().map(|(_, it)| Column {
            not_null: NotNull::No,
            default: None,
            identity: None,
            generated: None,
            inherited: false,
            ..it.clone()
        }));
    }
}

fn output_column(work: &Work<'_>, name: SmolStr, span: Span) -> Column {
    Column::plain(name, builtin("unknown"), work.place(span))
}

/// What a view reads. A column name without its table counts for each table that has such a column.
fn sources(work: &mut Work<'_>, query: &Query) -> Vec<ViewSource> {
    let mut sources: Vec<ViewSource> = Vec::new();
    for item in &query.relations {
        let Some(relation) = work.find(&item.relation.name) else { continue };
        let alias = item.alias.as_ref().map_or(&item.relation.name.name.text, |it| &it.text);
        let known = work.relation(relation).complete;
        let mut columns: Vec<usize> = Vec::new();
        for expr in &query.expressions {
            expr.walk(&mut |it| match &it.kind {
                ExprKind::Column(parts) => {
                    let (column, table) = (parts.last(), parts.len().checked_sub(2).and_then(|at| parts.get(at)));
                    if table.is_none_or(|it| it.text == *alias) {
                        columns.extend(column.and_then(|it| work.relation(relation).column_id(&it.text)));
                    }
                }
                // A star stands for the columns of the moment.
                ExprKind::Star(parts) if parts.last().is_none_or(|it| it.text == *alias) => {
                    columns.extend(work.relation(relation).live_columns().map(|(at, _)| at));
                }
                _ => {}
            });
        }
        columns.sort_unstable();
        columns.dedup();
        match sources.iter_mut().find(|it| it.relation == relation) {
            Some(source) => {
                if let Some(all) = &mut source.columns {
                    all.extend(columns);
                }
            }
            None => sources.push(ViewSource { relation, columns: known.then_some(columns) }),
        }
    }
    sources
}

pub(super) fn create_view(work: &mut Work<'_>, it: &CreateView) {
    let name = work.new_name(&it.name, it.persistence);
    super::queries::read(work, &it.query);
    let kind = RelationKind::View(sources(work, &it.query));
    let existing = work.catalog.relation(&name).filter(|(_, it)| it.known()).map(|(id, it)| (id, it.kind.clone()));
    let origin = Origin::Created(work.place(it.name.span()));
    let mut relation = Relation::new(name.clone(), kind, it.persistence, origin);
    output_columns(work, &mut relation, &it.columns, &it.query);
    match existing {
        Some((id, RelationKind::View(_))) if it.replace => {
            if let Some(refusal) = incompatible(work.relation(id), &relation) {
                work.refuse(refusal, it.name.span());
                return;
            }
            work.change(Change::Relation { id, to: Some(Box::new(relation)) });
        }
        Some(_) if it.replace => {
            let refusal = Refusal::WrongKind { name: name.name.clone(), expected: "a view" };
            work.refuse(refusal, it.name.span());
        }
        Some(_) => work.refuse(Refusal::DuplicateRelation { name: name.name.clone() }, it.name.span()),
        None => {
            if work.check_new_name(&name, it.name.span()) {
                work.add(relation);
            }
        }
    }
}

/// A view's new columns begin with the old ones; `checkViewColumns` in `src/backend/commands/view.c`.
fn incompatible(old: &Relation, new: &Relation) -> Option<Refusal> {
    if !old.complete || !new.complete {
        return None;
    }
    let refusal = |message| Some(Refusal::Plain { sqlstate: "42P16", message });
    if new.columns.len() < old.columns.len() {
        return refusal("cannot drop columns from view");
    }
    let renamed = old.columns.iter().zip(&new.columns).any(|(old, new)| old.name != new.name);
    if renamed { refusal("cannot change name of view column") } else { None }
}

/// `REFRESH MATERIALIZED VIEW`; `ExecRefreshMatView`. Unlike other things, it may be concurrent in a transaction.
pub(super) fn refresh(work: &mut Work<'_>, it: &Refresh) {
    let Some(view) = work.resolve_or_assume(&it.view, Expected::MaterializedView, false) else { return };
    let span = work.statement.span;
    if !it.concurrently {
        work.lock(view, LockMode::AccessExclusive, span);
        work.rewrite(view, RewriteReason::Refresh, span);
        return;
    }
    work.lock(view, LockMode::Exclusive, span);
    let whole = |index: &crate::catalog::Index| {
        index.unique && index.valid && index.predicate.is_none() && index.key.iter().all(|it| it.column.is_some())
    };
    if work.relation(view).complete && !work.catalog.indexes(view).any(|(_, _, index)| whole(index)) {
        let view = work.relation(view).name.to_string().into();
        work.refuse(Refusal::RefreshConcurrently { view }, it.view.span());
    }
}

pub(super) fn create_sequence(work: &mut Work<'_>, it: &CreateSequence) {
    let name = work.new_name(&it.name, it.persistence);
    if it.if_not_exists && work.catalog.relation(&name).is_some_and(|(_, it)| it.known()) {
        work.effects.skipped = true;
        return;
    }
    if !work.check_new_name(&name, it.name.span()) {
        return;
    }
    let owner = it.options.owned_by.as_ref().and_then(|it| sequence_owner(work, it));
    let data_type =
        it.options.data_type.as_ref().map_or_else(|| SmolStr::new_static("int8"), |it| it.name.name.text.clone());
    let kind = RelationKind::Sequence(Sequence { owner, data_type, identity: false });
    let origin = Origin::Created(work.place(it.name.span()));
    work.add(Relation::new(name, kind, it.persistence, origin));
}

fn sequence_owner(work: &mut Work<'_>, owner: &SequenceOwner) -> Option<(RelationId, usize)> {
    let SequenceOwner::Column { table, column } = owner else { return None };
    let table = work.resolve_or_assume(table, Expected::Table, false)?;
    Some((table, work.column(table, column)?))
}

pub(super) fn alter_sequence(work: &mut Work<'_>, it: &AlterSequence) {
    let Some(id) = work.resolve_or_assume(&it.name, Expected::Sequence, it.if_exists) else { return };
    let span = work.statement.span;
    work.lock(id, LockMode::ShareRowExclusive, span);
    let RelationKind::Sequence(mut sequence) = work.relation(id).kind.clone() else { return };
    if let Some(data_type) = &it.options.data_type {
        sequence.data_type = data_type.name.name.text.clone();
    }
    if let Some(owner) = &it.options.owned_by {
        sequence.owner = sequence_owner(work, owner);
    }
    work.change(Change::Sequence { id, to: sequence });
}

impl Work<'_> {
    /// The attributes of a composite type that the history made.
    pub(super) fn composite(&self, name: &ast::QualifiedName) -> Option<Vec<(SmolStr, DataType)>> {
        let full = |schema: &SmolStr| ObjectName { schema: schema.clone(), name: name.name.text.clone() };
        let definition = match &name.schema {
            Some(schema) => self.catalog.type_definition(&full(&schema.text)),
            None => self.search_path().find_map(|schema| self.catalog.type_definition(&full(schema))),
        };
        match &definition?.kind {
            TypeDefinitionKind::Composite(attributes) => Some(attributes.clone()),
            _ => None,
        }
    }
}

fn new_type(work: &mut Work<'_>, name: &ast::QualifiedName, kind: TypeDefinitionKind) {
    let full = work.new_name(name, Persistence::Permanent);
    if work.catalog.type_definition(&full).is_some() {
        let refusal = Refusal::DuplicateObject { kind: ObjectKind::Type, name: full.name, table: None };
        work.refuse(refusal, name.span());
        return;
    }
    let place = work.place(name.span());
    let definition = TypeDefinition { kind, place, transaction: work.transaction, added: Vec::new(), doubtful: None };
    work.change(Change::Type { name: full, to: Some(Box::new(definition)) });
}

pub(super) fn create_type(work: &mut Work<'_>, it: &CreateType) {
    let kind = match &it.kind {
        TypeKind::Enum(values) => {
            let mut labels: Vec<String> = Vec::with_capacity(values.len());
            for value in values {
                if labels.contains(&value.label) {
                    let message = "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"";
                    work.refuse(Refusal::Plain { sqlstate: "23505", message }, value.span);
                }
                labels.push(value.label.clone());
            }
            TypeDefinitionKind::Enum(labels)
        }
        TypeKind::Composite(attributes) => TypeDefinitionKind::Composite(
            attributes.iter().map(|(name, written)| (name.text.clone(), work.data_type(written))).collect(),
        ),
        TypeKind::Range | TypeKind::Base => TypeDefinitionKind::Other,
    };
    new_type(work, &it.name, kind);
}

pub(super) fn create_domain(work: &mut Work<'_>, it: &CreateDomain) {
    let mut domain =
        Domain { base: work.data_type(&it.base), not_null: false, checks: Vec::new(), default: it.default.clone() };
    for constraint in &it.constraints {
        match constraint.kind {
            ConstraintKind::NotNull { .. } => domain.not_null = true,
            _ => {
                domain.checks.push(constraint.name.as_ref().map_or_else(
                    || super::columns::object_name(&it.name.name.text, None, "check"),
                    |it| it.text.clone(),
                ))
            }
        }
    }
    new_type(work, &it.name, TypeDefinitionKind::Domain(domain));
}

pub(super) fn alter_enum(work: &mut Work<'_>, it: &AlterEnum) {
    let found = match &it.name.schema {
        Some(_) => Some(work.new_name(&it.name, Persistence::Permanent)),
        None => work
            .search_path()
            .map(|schema| ObjectName { schema: schema.clone(), name: it.name.name.text.clone() })
            .find(|it| work.catalog.type_definition(it).is_some()),
    };
    let Some(name) = found else { return };
    let Some(mut definition) = work.catalog.type_definition(&name).cloned() else { return };
    let TypeDefinitionKind::Enum(mut labels) = definition.kind.clone() else { return };
    match &it.change {
        EnumChange::Add { value, if_not_exists, neighbour } => {
            if labels.contains(&value.label) {
                if *if_not_exists {
                    work.effects.skipped = true;
                } else {
                    work.refuse(Refusal::EnumValueExists { label: value.label.as_str().into() }, value.span);
                }
                return;
            }
            let at = neighbour
                .as_ref()
                .and_then(|(after, label)| labels.iter().position(|it| it == label).map(|at| at + usize::from(*after)));
            labels.insert(at.unwrap_or(labels.len()), value.label.clone());
            definition.added.extend(work.transaction.map(|it| (value.label.clone(), it)));
        }
        EnumChange::Rename { from, to } => {
            if labels.contains(&to.label) {
                work.refuse(Refusal::EnumValueExists { label: to.label.as_str().into() }, to.span);
                return;
            }
            let Some(label) = labels.iter_mut().find(|it| **it == from.label) else {
                let message = "enum label does not exist";
                work.refuse(Refusal::Plain { sqlstate: "22023", message }, from.span);
                return;
            };
            label.clone_from(&to.label);
        }
    }
    let kind = TypeDefinitionKind::Enum(labels);
    work.change(Change::Type { name, to: Some(Box::new(TypeDefinition { kind, ..definition })) });
}

pub(super) fn create_function(work: &mut Work<'_>, it: &CreateFunction) {
    let name = work.new_name(&it.name, Persistence::Permanent);
    let volatility = match work.catalog.function(&name) {
        Some(other) if !it.replace => other.volatility.max(it.volatility),
        _ => it.volatility,
    };
    // Only an SQL function of one SELECT without settings can be put in the place of its call.
    let sql = it.language.as_ref().is_none_or(|it| it.text == "sql");
    let inlinable = sql && it.settings.is_empty() && !it.security_definer && volatility == Volatility::Volatile;
    let quiet = it.body.as_ref().is_some_and(|it| !it.text.to_ascii_lowercase().contains('('));
    let function = Function { volatility, inlinable: inlinable && quiet, place: work.place(it.name.span()) };
    work.change(Change::Function { name, to: Some(function) });
}

/// `CREATE TRIGGER`: blocks writes, not reads, on the table and its partitions.
pub(super) fn create_trigger(work: &mut Work<'_>, it: &CreateTrigger) {
    let span = work.statement.span;
    let Some(table) = work.resolve_or_assume(&it.table, Expected::Relation, false) else { return };
    let exists =
        work.relation(table).parts.iter().any(|part| part.kind == PartKind::Trigger && part.name == it.name.text);
    work.lock(table, LockMode::ShareRowExclusive, span);
    if exists && !it.replace {
        let refusal = Refusal::DuplicateObject {
            kind: ObjectKind::Trigger,
            name: it.name.text.clone(),
            table: Some(work.relation(table).name.name.clone()),
        };
        work.refuse(refusal, it.name.span);
        return;
    }
    let whole = it.row && work.is_partitioned(table);
    for id in work.reached(table, !whole) {
        work.lock(id, LockMode::ShareRowExclusive, span);
        let named: Vec<&Name> = it.columns.iter().chain(it.when.iter().flat_map(|it| it.columns())).collect();
        let columns = named.iter().filter_map(|it| work.relation(id).column_id(&it.text)).collect();
        let mut parts = work.relation(id).parts.clone();
        parts.retain(|part| part.kind != PartKind::Trigger || part.name != it.name.text);
        parts.push(Part { name: it.name.text.clone(), kind: PartKind::Trigger, columns });
        work.change(Change::Parts { id, to: parts });
    }
}
