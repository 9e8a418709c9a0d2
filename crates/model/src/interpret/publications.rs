//! What publications publish; `src/backend/commands/publicationcmds.c`.

use super::names::Expected;
use super::work::Work;
use crate::Refusal;
use crate::catalog::{Change, ColumnId, Part, PartKind, Published, Relation, RelationId, RelationKind};
use crate::effects::LockMode;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{
    Drop, DropTarget, ObjectKind, Persistence, Publication, PublicationChange, PublishedTable, Rename,
};
use smol_str::SmolStr;

fn missing(work: &mut Work<'_>, name: &SmolStr, span: Span) {
    work.lacks();
    if !work.lenient() {
        let refusal = Refusal::MissingObject { kind: ObjectKind::Publication, name: name.clone(), table: None };
        work.refuse(refusal, span);
    }
}

fn enter(work: &mut Work<'_>, name: &SmolStr, to: Option<Published>) {
    work.change(Change::Publication { name: name.clone(), to: to.map(Box::new) });
}

/// The tables that the publication names.
fn members(work: &Work<'_>, name: &str) -> Vec<RelationId> {
    work.catalog.relations().filter(|(_, it)| it.is_in_publication(name)).map(|(id, _)| id).collect()
}

/// Changes the publication in the parts of each table that it names.
fn in_tables(work: &mut Work<'_>, name: &str, change: impl Fn(RelationId, &mut Vec<Part>)) {
    for id in members(work, name) {
        let mut parts = work.relation(id).parts.clone();
        change(id, &mut parts);
        work.change(Change::Parts { id, to: parts });
    }
}

fn is(part: &Part, name: &str) -> bool {
    part.kind == PartKind::Publication && part.name == name
}

/// `DROP PUBLICATION`.
pub(super) fn drop(work: &mut Work<'_>, it: &Drop, object: &DropTarget) {
    let name = &object.name.name.text;
    if work.catalog.publication(name).is_some() {
        in_tables(work, name, |_, parts| parts.retain(|it| !is(it, name)));
        enter(work, name, None);
    } else if !it.if_exists {
        missing(work, name, object.span);
    }
}

/// `ALTER PUBLICATION … RENAME TO`.
pub(super) fn rename(work: &mut Work<'_>, it: &Rename) {
    let name = &it.object.name.text;
    let Some(published) = work.catalog.publication(name).cloned() else {
        return missing(work, name, it.object.span());
    };
    let to = &it.to.text;
    in_tables(work, name, |_, parts| {
        parts.iter_mut().filter(|it| is(it, name)).for_each(|it| it.name = to.clone());
    });
    enter(work, name, None);
    enter(work, to, Some(published));
}

/// `CREATE PUBLICATION`, `ALTER PUBLICATION`.
pub(super) fn change(work: &mut Work<'_>, it: &Publication) {
    let (name, span) = (&it.name.text, it.name.span);
    let before = work.catalog.publication(name).cloned();
    let creates = it.change == PublicationChange::Create;
    if creates && before.is_some() {
        let refusal = Refusal::DuplicateObject { kind: ObjectKind::Publication, name: name.clone(), table: None };
        return work.refuse(refusal, span);
    }
    if !creates && before.is_none() {
        missing(work, name, span);
    }
    let mut own = before.unwrap_or(Published {
        all: it.all_tables,
        schemas: Default::default(),
        changes: true,
        all_changes: creates,
        complete: creates,
    });
    if own.all && !(it.tables.is_empty() && it.schemas.is_empty()) {
        return work
            .refuse(Refusal::Plain { sqlstate: "55000", message: "publication is defined as FOR ALL TABLES" }, span);
    }
    if let Some(publish) = &it.publish {
        own.all_changes = publish.contains("update") && publish.contains("delete");
    }
    own.changes = it.sends_changes().unwrap_or(own.changes);
    let current = work.search_path().next().cloned();
    let schemas = it.schemas.iter().filter_map(|it| it.clone().or_else(|| current.clone()));
    let sets = it.change == PublicationChange::Set && !(it.tables.is_empty() && it.schemas.is_empty());
    if sets {
        own.schemas.clear();
    }
    match it.change {
        PublicationChange::Drop => {
            for schema in schemas {
                own.schemas.remove(&schema);
            }
        }
        PublicationChange::Create | PublicationChange::Add | PublicationChange::Set => own.schemas.extend(schemas),
    }
    let complete = own.complete;
    enter(work, name, Some(own));
    let mut listed = Vec::new();
    for table in &it.tables {
        listed.extend(tables(work, it, table));
    }
    if sets {
        // Those that leave it are locked too; `AlterPublicationTables`.
        for id in members(work, name) {
            work.lock(id, LockMode::ShareUpdateExclusive, span);
        }
        in_tables(work, name, |_, parts| parts.retain(|it| !is(it, name)));
    }
    for (id, columns, span) in listed {
        let mut parts = work.relation(id).parts.clone();
        let has = parts.iter().any(|it| is(it, name));
        let (sqlstate, message) = match it.change {
            PublicationChange::Add if has => ("42710", "relation is already member of publication"),
            PublicationChange::Drop if !has && complete => ("42704", "relation is not part of the publication"),
            PublicationChange::Drop => {
                parts.retain(|it| !is(it, name));
                work.change(Change::Parts { id, to: parts });
                continue;
            }
            _ => {
                // Who is named twice, by itself and as a child, is there once.
                if !has {
                    parts.push(Part::new(name.clone(), PartKind::Publication, columns));
                    work.change(Change::Parts { id, to: parts });
                }
                continue;
            }
        };
        work.refuse(Refusal::Plain { sqlstate, message }, span);
    }
}

/// The tables behind one that is named, locked as `OpenTableList` does it, with the columns that they are named with.
fn tables(work: &mut Work<'_>, it: &Publication, named: &PublishedTable) -> Vec<(RelationId, Vec<ColumnId>, Span)> {
    let name = &named.table;
    let span = name.name.span();
    let Some(table) = work.resolve_or_assume(&name.name, Expected::Relation, false) else { return Vec::new() };
    let partitioned = work.is_partitioned(table);
    let reached = work.reached(table, name.only || partitioned);
    for id in &reached {
        work.lock(*id, LockMode::ShareUpdateExclusive, span);
    }
    let filtered = named.filter.iter().flat_map(|it| it.columns());
    let names: Vec<_> = named.columns.iter().chain(filtered).collect();
    for column in &names {
        work.column(table, column);
    }
    let unpublishable = |id: &RelationId| {
        let relation = work.relation(*id);
        let permanent = relation.persistence == Persistence::Permanent;
        relation.known() && !(permanent && matches!(relation.kind, RelationKind::Table | RelationKind::Partitioned(_)))
    };
    if it.change != PublicationChange::Drop && reached.iter().any(unpublishable) {
        let message = "cannot add relation to publication";
        work.refuse(Refusal::Plain { sqlstate: "22023", message }, span);
        return Vec::new();
    }
    let columns = |relation: &Relation| names.iter().filter_map(|it| relation.column_id(&it.text)).collect();
    reached.into_iter().map(|id| (id, columns(work.relation(id)), span)).collect()
}
