//! `DROP SCHEMA`, `DROP TYPE`, `DROP DOMAIN`.

use super::Dependent;
use crate::Refusal;
use crate::catalog::{Change, ColumnId, Fact, ObjectName, RelationId, SchemaState, TypeDefinitionKind};
use crate::effects::{DropReason, DroppedObject, LockMode};
use crate::interpret::work::Work;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Drop, ObjectKind};

pub(super) fn drop_schemas(work: &mut Work<'_>, it: &Drop) {
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
        let types: Vec<ObjectName> =
            work.catalog.types().filter(|(name, _)| name.schema == schema).map(|(name, _)| name.clone()).collect();
        let functions: Vec<ObjectName> =
            work.catalog.functions().filter(|(name, _)| name.schema == schema).map(|(name, _)| name.clone()).collect();
        // What is only taken to exist may not be there.
        let known = inside.iter().any(|(id, _)| work.relation(*id).known());
        if it.cascade.is_none() && (known || !types.is_empty() || !functions.is_empty()) {
            let what = format!("schema {schema}");
            let relations = inside.iter().map(|(id, _)| format!("{} depends on {what}", work.described(*id)));
            let types = types.iter().map(|it| format!("type {} depends on {what}", it.short()));
            let functions = functions.iter().map(|it| format!("function {} depends on {what}", it.short()));
            let dependents = relations.chain(types).chain(functions).collect();
            work.refuse(Refusal::DependentObjects { what, dependents }, object.span);
        }
        work.dropped(DroppedObject::Schema(schema.clone()), DropReason::Named, object.span);
        work.forget_extensions();
        if !inside.is_empty() {
            // What the schema takes along was not named by anybody.
            work.drop_relations(&inside, DropReason::Cascade, true, it.cascade);
        }
        for name in types {
            if work.catalog.type_definition(&name).is_some() {
                drop_type(work, &name, object.span, it.cascade.or(Some(object.span)));
            }
        }
        for name in functions {
            work.drop_callers(&name, it.cascade.or(Some(object.span)), object.span);
            work.change(Change::Function { name, to: None });
        }
        work.change(Change::Schema { name: schema, to: Some(SchemaState::Dropped) });
    }
}

pub(super) fn drop_types(work: &mut Work<'_>, it: &Drop) {
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
            if let Some(table) = work.row_type(&object.name) {
                let name = object.name.name.text.clone();
                let refusal = match it.kind {
                    ObjectKind::Domain => Refusal::WrongKind { name, expected: "a domain" },
                    _ => Refusal::RequiredBy { what: format!("type {name}"), by: work.described(table) },
                };
                work.refuse(refusal, object.span);
                continue;
            }
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
        let definition = work.catalog.type_definition(&name).map(|it| &it.kind);
        if it.kind == ObjectKind::Domain && !matches!(definition, Some(TypeDefinitionKind::Domain(_))) {
            work.refuse(Refusal::WrongKind { name: name.name.clone(), expected: "a domain" }, object.span);
            continue;
        }
        drop_type(work, &name, object.span, it.cascade);
    }
}

fn drop_type(work: &mut Work<'_>, name: &ObjectName, span: Span, cascade: Option<Span>) {
    let what = format!("type {}", name.short());
    let mut users: Vec<(RelationId, ColumnId)> = Vec::new();
    for (table, relation) in work.catalog.typed(&name.name) {
        users.extend(relation.live_columns().filter(|(_, it)| it.data_type.name == *name).map(|(at, _)| (table, at)));
    }
    let typed: Vec<RelationId> =
        work.catalog.typed(&name.name).filter(|(_, it)| it.of_type.as_ref() == Some(name)).map(|(id, _)| id).collect();
    let domains: Vec<ObjectName> =
        work.catalog.domains().filter(|(_, it)| it.base.name == *name).map(|(name, _)| name.clone()).collect();
    let mut others = work.routines_needing(&what, |it| it.types.contains(name));
    for (id, _) in work.catalog.typed(&name.name).filter(|(_, it)| it.needs.types.contains(name)) {
        if !users.iter().any(|(it, _)| *it == id) {
            others.push((Dependent::Relation(id), format!("{} depends on {what}", work.described(id))));
        }
    }
    others.extend(work.casting(name, &what));
    if cascade.is_none() && !(users.is_empty() && domains.is_empty() && typed.is_empty() && others.is_empty()) {
        let columns = users.iter().map(|(table, at)| {
            format!(
                "column {} of {} depends on {what}",
                work.relation(*table).columns[*at].name,
                work.described(*table)
            )
        });
        let types = domains.iter().map(|it| format!("type {} depends on {what}", it.short()));
        let tables = typed.iter().map(|it| format!("{} depends on {what}", work.described(*it)));
        let lines = others.iter().map(|(_, line)| line.clone());
        let dependents = columns.chain(types).chain(tables).chain(lines).collect();
        work.refuse(Refusal::DependentObjects { what, dependents }, span);
    }
    work.dropped(DroppedObject::Type(name.clone()), DropReason::Named, span);
    if let Some(cascade) = cascade {
        let tables: Vec<(RelationId, Span)> = typed.into_iter().map(|it| (it, cascade)).collect();
        if !tables.is_empty() {
            work.drop_relations(&tables, DropReason::Cascade, true, Some(cascade));
        }
        for (table, at) in users {
            if work.catalog.get(table).is_some_and(|it| !it.columns[at].dropped) {
                let relation = work.relation(table);
                if relation.keyed_by(&relation.columns[at].name) {
                    // A partitioned table does not outlive a column of its key; `StorePartitionKey`.
                    work.drop_relations(&[(table, cascade)], DropReason::Cascade, true, Some(cascade));
                    continue;
                }
                work.lock(table, LockMode::AccessExclusive, cascade);
                work.drop_column(table, at, DropReason::Cascade, true, cascade);
            }
        }
        work.drop_expressions(others, cascade);
        for domain in domains {
            drop_type(work, &domain, cascade, Some(cascade));
        }
    }
    work.change(Change::Type { name: name.clone(), to: None });
}
