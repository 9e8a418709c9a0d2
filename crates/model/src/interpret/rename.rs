//! `ALTER … RENAME` and `ALTER … SET SCHEMA`.

use super::function_names;
use super::names::{Expected, Found};
use super::system::refuse_protected;
use super::work::Work;
use crate::catalog::{
    Change, Column, Constraint, ConstraintId, ConstraintKind, Fact, PartKind, RelationId, RelationKind, TypeDefinition,
    TypeDefinitionKind, fixed_sequence,
};
use crate::effects::LockMode;
use crate::{ObjectName, Refusal};
use lockkeeper_syntax::ast::{
    Constant, Expr, ExprKind, Name, ObjectKind, QualifiedName, Rename, RenamedPart, SetSchema,
};
use smol_str::SmolStr;

pub(super) fn rename(work: &mut Work<'_>, it: &Rename) {
    match it.kind {
        ObjectKind::Table
        | ObjectKind::ForeignTable
        | ObjectKind::View
        | ObjectKind::MaterializedView
        | ObjectKind::Sequence
        | ObjectKind::Index
        | ObjectKind::Trigger
        | ObjectKind::Rule
        | ObjectKind::Policy => {
            rename_relation(work, it);
        }
        ObjectKind::Type | ObjectKind::Domain => rename_type(work, it),
        ObjectKind::Statistics => rename_statistics(work, it),
        ObjectKind::Schema => rename_schema(work, it),
        ObjectKind::Publication => super::publications::rename(work, it),
        kind if function_names::is_followed(kind) => {
            let to = |from: &ObjectName| ObjectName { name: it.to.text.clone(), ..from.clone() };
            function_names::move_function(work, &it.object, it.arguments.as_deref(), to, it.to.span);
        }
        _ => {}
    }
}

fn expected(kind: ObjectKind) -> Expected {
    match kind {
        ObjectKind::View => Expected::View,
        ObjectKind::MaterializedView => Expected::MaterializedView,
        ObjectKind::Sequence => Expected::Sequence,
        ObjectKind::ForeignTable => Expected::Foreign,
        _ => Expected::Relation,
    }
}

fn rename_relation(work: &mut Work<'_>, it: &Rename) {
    if let RenamedPart::Column(attribute) = &it.part
        && work.find(&it.object).is_none()
        && work.composite(&it.object).is_some()
    {
        return rename_attribute(work, it, attribute);
    }
    let span = work.statement.span;
    let id = match work.resolve(&it.object, expected(it.kind), it.if_exists) {
        Found::Known(id) => id,
        Found::Missing => {
            work.effects.skipped = work.effects.failure.is_none();
            return;
        }
        Found::Unknown if it.kind == ObjectKind::Index => return,
        Found::Unknown => match work.resolve_or_assume(&it.object, expected(it.kind), it.if_exists) {
            Some(id) => id,
            None => return,
        },
    };
    if refuse_protected(work, id, it.object.span()) {
        return;
    }
    work.lock(id, LockMode::AccessExclusive, span);
    match &it.part {
        RenamedPart::Itself => {
            let from = work.relation(id).name.clone();
            let to = ObjectName { schema: from.schema, name: it.to.text.clone() };
            if !work.check_new_name(&to, it.to.span) {
                return;
            }
            give_name(work, id, to);
            rename_constraint_of_index(work, id, &it.to.text);
        }
        RenamedPart::Column(column) => super::rename_columns::rename(work, id, column, it),
        RenamedPart::Constraint(name) => {
            let Some((at, constraint)) = work.relation(id).constraint(&name.text).map(|(at, it)| (at, it.clone()))
            else {
                if work.relation(id).complete {
                    let refusal = work.missing_constraint(id, name);
                    work.refuse(refusal, name.span);
                }
                return;
            };
            rename_constraint(work, id, at, constraint, it);
        }
        RenamedPart::Attached(name) => {
            let kind = match it.kind {
                ObjectKind::Trigger => PartKind::Trigger,
                ObjectKind::Rule => PartKind::Rule,
                _ => PartKind::Policy,
            };
            let relation = work.relation(id);
            let triggers = relation.is_table() || matches!(relation.kind, RelationKind::View(_));
            if kind == PartKind::Trigger && relation.known() && !triggers {
                let message = "relation cannot have triggers";
                work.refuse(Refusal::Plain { sqlstate: "42809", message }, it.object.span());
                return;
            }
            let has = |name: &str| relation.part(kind, name).is_some();
            let table = Some(relation.name.name.clone());
            if relation.complete && !has(&name.text) {
                let refusal = Refusal::MissingObject { kind: it.kind, name: name.text.clone(), table };
                work.refuse(refusal, name.span);
                return;
            }
            if has(&it.to.text) {
                let refusal = Refusal::DuplicateObject { kind: it.kind, name: it.to.text.clone(), table };
                work.refuse(refusal, it.to.span);
                return;
            }
            // From PostgreSQL 15 on the triggers of partitions follow; `renametrig` in `src/backend/commands/trigger.c`.
            let follows = kind == PartKind::Trigger && work.version.since(15);
            let part = relation.part(kind, &name.text);
            if follows && part.is_some_and(|it| it.inherited) {
                let message = "cannot rename trigger of a partition: rename that of the partitioned table";
                let sqlstate = if work.version.since(18) { "0A000" } else { "XX000" };
                work.refuse(Refusal::Plain { sqlstate, message }, name.span);
                return;
            }
            let follows = follows && part.is_some_and(|it| it.row);
            for id in if follows { work.reached_partitions(id) } else { vec![id] } {
                if work.relation(id).part(kind, &it.to.text).is_some() {
                    return super::triggers::refuse_second(work, id, &it.to.text, it.to.span);
                }
                let mut parts = work.relation(id).parts.clone();
                for part in parts.iter_mut().filter(|it| it.kind == kind && it.name == name.text) {
                    part.name = it.to.text.clone();
                }
                work.lock(id, LockMode::AccessExclusive, span);
                work.change(Change::Parts { id, to: parts });
            }
        }
        RenamedPart::Attribute(_) => {}
    }
}

fn give_name(work: &mut Work<'_>, id: RelationId, to: ObjectName) {
    let from = work.relation(id).name.clone();
    work.change(Change::Name { id, to: to.clone() });
    if let RelationKind::Sequence(_) = work.relation(id).kind {
        rename_in_defaults(work, &from, &to);
    }
    rename_in_columns(work, &from, &to);
}

/// The columns of a type hold its name; the server has its number there.
fn rename_in_columns(work: &mut Work<'_>, from: &ObjectName, to: &ObjectName) {
    for (table, at) in work.columns_typed(from, |_| true) {
        let mut column = work.relation(table).columns[at].clone();
        column.data_type.name = to.clone();
        work.change(Change::Column { table, at, to: Some(column) });
    }
}

/// Defaults that draw from a sequence hold its name, so they follow; the server has its number there.
fn rename_in_defaults(work: &mut Work<'_>, from: &ObjectName, to: &ObjectName) {
    for table in work.catalog.drawing_from(&from.name) {
        change_defaults(work, table, |_, it| {
            let ExprKind::Call(call) = &mut it.kind else { return false };
            let named = fixed_sequence(call).is_some_and(|it| names(&it, from));
            if let Some(argument) = call.arguments.first_mut().filter(|_| named) {
                let constant = match &mut argument.kind {
                    ExprKind::Cast { value, .. } => &mut value.kind,
                    kind => kind,
                };
                *constant = ExprKind::Constant(Constant::String(to.short()));
            }
            named
        });
    }
}

/// `RENAME CONSTRAINT`; `rename_constraint_internal`. A check of the children is renamed with their parent's.
fn rename_constraint(work: &mut Work<'_>, table: RelationId, at: ConstraintId, constraint: Constraint, it: &Rename) {
    let to = |constraint: Constraint| Some(Constraint { name: it.to.text.clone(), ..constraint });
    let span = work.statement.span;
    let full = ObjectName { schema: work.relation(table).name.schema.clone(), name: it.to.text.clone() };
    if constraint.index().is_some() && work.catalog.relation(&full).is_some_and(|(_, it)| it.known()) {
        work.refuse(Refusal::DuplicateRelation { name: full.name }, it.to.span);
        return;
    }
    if work.relation(table).constraint(&it.to.text).is_some() {
        let table = Some(work.relation(table).name.name.clone());
        let refusal = Refusal::DuplicateObject { kind: ObjectKind::Constraint, name: it.to.text.clone(), table };
        work.refuse(refusal, it.to.span);
        return;
    }
    let handed_down = matches!(constraint.kind, ConstraintKind::Check { .. } | ConstraintKind::NotNull(_));
    if handed_down && !constraint.no_inherit {
        let message = if work.inherits_constraint(table, &constraint) {
            Some("cannot rename inherited constraint")
        } else if it.only && !work.catalog.children(table).is_empty() {
            Some("inherited constraint must be renamed in child tables too")
        } else {
            None
        };
        if let Some(message) = message {
            work.refuse(Refusal::Plain { sqlstate: "42P16", message }, it.to.span);
            return;
        }
        for child in work.catalog.tree(table).into_iter().filter(|it| *it != table) {
            work.lock(child, LockMode::AccessExclusive, span);
            let own = work.relation(child).constraint(&constraint.name).map(|(at, it)| (at, it.clone()));
            if let Some((at, own)) = own {
                work.change(Change::Constraint { table: child, at, to: to(own) });
            }
        }
    }
    let index = constraint.index();
    work.change(Change::Constraint { table, at, to: to(constraint) });
    if let Some(index) = index {
        let schema = work.relation(index).name.schema.clone();
        work.change(Change::Name { id: index, to: ObjectName { schema, name: it.to.text.clone() } });
    }
}

/// A constraint has the name of its index.
fn rename_constraint_of_index(work: &mut Work<'_>, id: RelationId, to: &SmolStr) {
    let Some(table) = work.relation(id).as_index().map(|it| it.table) else { return };
    let owner = work.relation(table).constraint_of_index(id).map(|(at, it)| (at, it.clone()));
    if let Some((at, constraint)) = owner {
        work.change(Change::Constraint { table, at, to: Some(Constraint { name: to.clone(), ..constraint }) });
    }
}

/// Whether a written name can be that of the object.
pub(super) fn names(written: &QualifiedName, name: &ObjectName) -> bool {
    written.name.text == name.name && written.schema.as_ref().is_none_or(|it| it.text == name.schema)
}

/// Changes what the defaults of a table name; `change` says of a part of a column's whether it did.
pub(super) fn change_defaults(work: &mut Work<'_>, table: RelationId, change: impl Fn(&Column, &mut Expr) -> bool) {
    let columns: Vec<(usize, Column)> = work.relation(table).live_columns().map(|(at, it)| (at, it.clone())).collect();
    for (at, column) in columns {
        let Some(mut default) = column.default.clone() else { continue };
        let mut changed = false;
        default.walk_mut(&mut |it| changed |= change(&column, it));
        if changed {
            work.change(Change::Column { table, at, to: Some(Column { default: Some(default), ..column }) });
        }
    }
}

fn rename_statistics(work: &mut Work<'_>, it: &Rename) {
    let Some((table, from)) = work.statistics(&it.object) else { return };
    let to = ObjectName { schema: from.schema.clone(), name: it.to.text.clone() };
    if work.statistics_in(&to).is_some() {
        work.refuse(Refusal::DuplicateObject { kind: it.kind, name: to.name, table: None }, it.to.span);
        return;
    }
    move_statistics(work, table, &from, to);
}

fn move_statistics(work: &mut Work<'_>, table: RelationId, from: &ObjectName, to: ObjectName) {
    let mut parts = work.relation(table).parts.clone();
    for part in parts.iter_mut().filter(|it| it.is_statistics(from)) {
        (part.schema, part.name) = (Some(to.schema.clone()), to.name.clone());
    }
    work.change(Change::Parts { id: table, to: parts });
}

/// `ALTER DOMAIN … RENAME CONSTRAINT`.
fn rename_domain_constraint(work: &mut Work<'_>, it: &Rename, from: &Name) {
    let Some(name) = work.find_type(&it.object) else { return };
    let Some(definition) = work.catalog.type_definition(&name).cloned() else { return };
    let TypeDefinitionKind::Domain(mut domain) = definition.kind.clone() else { return };
    for check in domain.checks.iter_mut().filter(|it| **it == from.text) {
        *check = it.to.text.clone();
    }
    let kind = TypeDefinitionKind::Domain(domain);
    work.change(Change::Type { name, to: Some(Box::new(TypeDefinition { kind, ..definition })) });
}

/// `ALTER TYPE … RENAME ATTRIBUTE`; typed tables follow.
fn rename_attribute(work: &mut Work<'_>, it: &Rename, from: &Name) {
    let Some(name) = work.find_type(&it.object) else { return };
    let Some(definition) = work.catalog.type_definition(&name).cloned() else { return };
    let TypeDefinitionKind::Composite(mut attributes) = definition.kind.clone() else { return };
    for (attribute, _) in attributes.iter_mut().filter(|(attribute, _)| *attribute == from.text) {
        *attribute = it.to.text.clone();
    }
    let kind = TypeDefinitionKind::Composite(attributes);
    work.change(Change::Type { name: name.clone(), to: Some(Box::new(TypeDefinition { kind, ..definition })) });
    let typed: Vec<RelationId> =
        work.catalog.typed(&name.name).filter(|(_, it)| it.of_type.as_ref() == Some(&name)).map(|(id, _)| id).collect();
    for table in typed {
        work.lock(table, LockMode::AccessExclusive, work.statement.span);
        let Some(at) = work.relation(table).column_id(&from.text) else { continue };
        let column = Column { name: it.to.text.clone(), ..work.relation(table).columns[at].clone() };
        work.change(Change::Column { table, at, to: Some(column) });
    }
}

fn rename_type(work: &mut Work<'_>, it: &Rename) {
    match &it.part {
        RenamedPart::Itself => {}
        RenamedPart::Constraint(from) => return rename_domain_constraint(work, it, from),
        RenamedPart::Attribute(from) => return rename_attribute(work, it, from),
        RenamedPart::Column(_) | RenamedPart::Attached(_) => return,
    }
    let Some(from) = work.find_type(&it.object) else {
        match work.row_type(&it.object) {
            Some(_) => {
                let name = it.object.name.text.clone();
                work.refuse(Refusal::WrongKind { name, expected: "a type of its own" }, it.object.span());
            }
            None => work.refuse_missing_type(&it.object),
        }
        return;
    };
    let Some(definition) = work.catalog.type_definition(&from).cloned() else { return };
    let to = ObjectName { schema: from.schema.clone(), name: it.to.text.clone() };
    let free = match definition.kind {
        // It is a relation itself.
        TypeDefinitionKind::Composite(_) => work.check_new_row_type(&to, it.to.span),
        _ => super::objects::check_new_type(work, &to, &definition.kind, it.to.span),
    };
    if !free {
        return;
    }
    move_type(work, from, to, definition);
}

fn move_type(work: &mut Work<'_>, from: ObjectName, to: ObjectName, definition: crate::catalog::TypeDefinition) {
    let tables: Vec<RelationId> = work.catalog.typed(&from.name).map(|(id, _)| id).collect();
    rename_in_columns(work, &from, &to);
    for table in tables {
        change_defaults(work, table, |_, it| {
            let ExprKind::Cast { to: written, .. } = &mut it.kind else { return false };
            let named = names(&written.name, &from);
            if named {
                written.name.name.text = to.name.clone();
                let span = written.span;
                written.name.schema = Some(Name { text: to.schema.clone(), span });
            }
            named
        });
    }
    work.change(Change::Type { name: from, to: None });
    work.change(Change::Type { name: to, to: Some(Box::new(definition)) });
}

fn rename_schema(work: &mut Work<'_>, it: &Rename) {
    let from = it.object.name.text.clone();
    if work.catalog.schema(&from) == Fact::Known(false) && !work.lenient() {
        work.lacks();
        work.refuse(Refusal::MissingSchema { schema: from }, it.object.span());
        return;
    }
    if let Fact::Known(true) = work.catalog.schema(&it.to.text) {
        work.refuse(Refusal::DuplicateSchema { schema: it.to.text.clone() }, it.to.span);
        return;
    }
    let place = work.catalog.schema_place(&from).unwrap_or(work.place(work.statement.span));
    let inside: Vec<(RelationId, SmolStr)> = work
        .catalog
        .relations()
        .filter(|(_, relation)| relation.name.schema == from)
        .map(|(id, relation)| (id, relation.name.name.clone()))
        .collect();
    for (id, name) in inside {
        give_name(work, id, ObjectName { schema: it.to.text.clone(), name });
    }
    let functions: Vec<_> = work.catalog.functions().filter(|(name, _)| name.schema == from).collect();
    let functions: Vec<_> = functions.into_iter().map(|(name, it)| (name.clone(), it.clone())).collect();
    for (name, function) in functions {
        let to = ObjectName { schema: it.to.text.clone(), name: name.name.clone() };
        work.change(Change::Function { name, to: None });
        work.change(Change::Function { name: to, to: Some(function) });
    }
    let types: Vec<_> = work
        .catalog
        .types()
        .filter(|(name, _)| name.schema == from)
        .map(|(name, it)| (name.clone(), it.clone()))
        .collect();
    for (name, definition) in types {
        let to = ObjectName { schema: it.to.text.clone(), name: name.name.clone() };
        move_type(work, name, to, definition);
    }
    work.change(Change::Schema { name: from, to: Some(crate::catalog::SchemaState::Dropped) });
    work.change(Change::Schema { name: it.to.text.clone(), to: Some(crate::catalog::SchemaState::Created(place)) });
}

pub(super) fn set_schema(work: &mut Work<'_>, it: &SetSchema) {
    if it.kind == ObjectKind::Statistics {
        if let Some((table, from)) = work.statistics(&it.object) {
            check_target_schema(work, it);
            let to = ObjectName { schema: it.to.text.clone(), name: from.name.clone() };
            move_statistics(work, table, &from, to);
        }
        return;
    }
    if function_names::is_followed(it.kind) {
        check_target_schema(work, it);
        let to = |from: &ObjectName| ObjectName { schema: it.to.text.clone(), ..from.clone() };
        return function_names::move_function(work, &it.object, it.arguments.as_deref(), to, it.to.span);
    }
    if matches!(it.kind, ObjectKind::Type | ObjectKind::Domain) {
        check_target_schema(work, it);
        let from = work.new_name(&it.object, lockkeeper_syntax::ast::Persistence::Permanent);
        let Some(definition) = work.catalog.type_definition(&from).cloned() else { return };
        let to = ObjectName { schema: it.to.text.clone(), name: from.name.clone() };
        return move_type(work, from, to, definition);
    }
    if !matches!(
        it.kind,
        ObjectKind::Table
            | ObjectKind::ForeignTable
            | ObjectKind::View
            | ObjectKind::MaterializedView
            | ObjectKind::Sequence
    ) {
        return;
    }
    let Some(id) = work.resolve_or_assume(&it.object, expected(it.kind), it.if_exists) else { return };
    let span = work.statement.span;
    if refuse_protected(work, id, it.object.span()) {
        return;
    }
    work.lock(id, LockMode::AccessExclusive, span);
    check_target_schema(work, it);
    if let RelationKind::Index(_) = work.relation(id).kind {
        let name = work.relation(id).name.name.clone();
        work.refuse(
            Refusal::WrongKind { name, expected: "a table, view, sequence or foreign table" },
            it.object.span(),
        );
        return;
    }
    if work.relation(id).name.schema == it.to.text {
        return;
    }
    let relation = work.relation(id);
    let owned = matches!(&relation.kind, RelationKind::Sequence(it) if it.owner.is_some());
    // `CheckSetNamespace`, `AlterTableNamespace`.
    let message = if relation.persistence == lockkeeper_syntax::ast::Persistence::Temporary
        || it.to.text.starts_with("pg_temp")
    {
        Some("cannot move objects into or out of temporary schemas")
    } else if owned {
        Some("cannot move an owned sequence into another schema")
    } else {
        None
    };
    if let Some(message) = message {
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, it.to.span);
        return;
    }
    let to = |work: &Work<'_>, id: RelationId| ObjectName {
        schema: it.to.text.clone(),
        name: work.relation(id).name.name.clone(),
    };
    let name = to(work, id);
    if !work.check_new_name(&name, it.object.span()) {
        return;
    }
    give_name(work, id, name);
    let indexes: Vec<RelationId> = work.catalog.indexes(id).map(|(id, _, _)| id).collect();
    let sequences: Vec<RelationId> = work.catalog.owned_sequences(id).into_iter().map(|(id, _)| id).collect();
    for sequence in &sequences {
        work.lock(*sequence, LockMode::AccessExclusive, span);
    }
    for part in indexes.into_iter().chain(sequences) {
        let name = to(work, part);
        give_name(work, part, name);
    }
}

fn check_target_schema(work: &mut Work<'_>, it: &SetSchema) {
    if let Fact::Known(false) = work.catalog.schema(&it.to.text)
        && !work.lenient()
    {
        work.lacks();
        work.refuse(Refusal::MissingSchema { schema: it.to.text.clone() }, it.to.span);
    }
}
