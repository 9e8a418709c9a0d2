//! What publications publish; `src/backend/commands/publicationcmds.c`.

use super::names::Expected;
use super::work::Work;
use crate::Refusal;
use crate::catalog::{Change, Part, PartKind, Published, RelationId, RelationKind, Sent};
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
        updates: creates,
        deletes: creates,
        via_root: false,
        complete: creates,
    });
    if own.all && !(it.tables.is_empty() && it.schemas.is_empty()) {
        return work
            .refuse(Refusal::Plain { sqlstate: "55000", message: "publication is defined as FOR ALL TABLES" }, span);
    }
    if let Some(publish) = &it.publish {
        own.updates = publish.contains("update");
        own.deletes = publish.contains("delete");
        let known = |it: &str| matches!(it.trim(), "" | "insert" | "update" | "delete" | "truncate");
        if !publish.to_ascii_lowercase().split(',').all(known) {
            work.refuse(Refusal::Plain { sqlstate: "42601", message: "unrecognized value of option publish" }, span);
        }
    }
    own.via_root = it.via_root.unwrap_or(own.via_root);
    if it.via_root == Some(false) && members(work, name).into_iter().any(|id| is_partial_whole(work, id, name)) {
        return refuse(
            work,
            "a partitioned table has a list or condition, so its rows are not those of its parts",
            span,
        );
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
    let (complete, via_root, has_schemas) = (own.complete, own.via_root, !own.schemas.is_empty());
    enter(work, name, Some(own));
    let mut listed: Vec<(RelationId, Sent, Span)> = Vec::new();
    for table in &it.tables {
        open(work, it, table, &mut listed);
    }
    if it.change != PublicationChange::Drop {
        check_sent(work, &it.tables, via_root, has_schemas);
    }
    if sets {
        // Those that leave it are locked too; `AlterPublicationTables`.
        for id in members(work, name) {
            work.lock(id, LockMode::ShareUpdateExclusive, span);
        }
        in_tables(work, name, |_, parts| parts.retain(|it| !is(it, name)));
    }
    for (id, sent, span) in listed {
        let mut parts = work.relation(id).parts.clone();
        let has = parts.iter().any(|it| is(it, name));
        let (sqlstate, message) = match it.change {
            PublicationChange::Drop if sent.list.is_some() => ("42601", "a table is dropped without column list"),
            PublicationChange::Add if has => ("42710", "relation is already member of publication"),
            PublicationChange::Drop if !has && complete => ("42704", "relation is not part of the publication"),
            PublicationChange::Drop if sent.filtered => ("42601", "a table is dropped without WHERE"),
            PublicationChange::Drop => {
                parts.retain(|it| !is(it, name));
                work.change(Change::Parts { id, to: parts });
                continue;
            }
            _ => {
                // Who is named twice, by itself and as a child, is there once.
                if !has {
                    let columns = sent.list.iter().flatten().chain(&sent.filter).copied().collect();
                    parts.push(Part { sent, ..Part::new(name.clone(), PartKind::Publication, columns) });
                    work.change(Change::Parts { id, to: parts });
                }
                continue;
            }
        };
        work.refuse(Refusal::Plain { sqlstate, message }, span);
    }
    let listed =
        |id: &RelationId| work.relation(*id).part(PartKind::Publication, name).is_some_and(|it| it.sent.list.is_some());
    let adds = matches!(it.change, PublicationChange::Add | PublicationChange::Set) && !it.schemas.is_empty();
    if adds && members(work, name).iter().any(listed) {
        refuse(work, "cannot add a schema beside a table with a column list", span);
    }
}

/// Opens the tables behind one that is named, as `OpenTableList` does it.
fn open(work: &mut Work<'_>, it: &Publication, named: &PublishedTable, listed: &mut Vec<(RelationId, Sent, Span)>) {
    let name = &named.table;
    let span = name.name.span();
    let Some(table) = work.resolve_or_assume(&name.name, Expected::Relation, false) else { return };
    let partitioned = work.is_partitioned(table);
    let reached = work.reached(table, name.only || partitioned);
    for id in &reached {
        work.lock(*id, LockMode::ShareUpdateExclusive, span);
    }
    let unpublishable = |id: &RelationId| {
        let relation = work.relation(*id);
        let permanent = relation.persistence == Persistence::Permanent;
        relation.known() && !(permanent && matches!(relation.kind, RelationKind::Table | RelationKind::Partitioned(_)))
    };
    if it.change != PublicationChange::Drop && reached.iter().any(unpublishable) {
        return refuse(work, "cannot add relation to publication", span);
    }
    for id in reached {
        let relation = work.relation(id);
        let at = |it: &lockkeeper_syntax::ast::Name| relation.column_id(&it.text);
        let list = (!named.columns.is_empty()).then(|| named.columns.iter().filter_map(at).collect());
        let filter = named.filter.iter().flat_map(|it| it.columns()).filter_map(at).collect();
        let sent = Sent { list, filtered: named.filter.is_some(), filter };
        match listed.iter().find(|it| it.0 == id) {
            None => listed.push((id, sent, span)),
            // Who is named twice, by itself and as a child, is there once.
            Some((_, other, _)) if *other == Sent::default() && sent == Sent::default() => {}
            Some(_) => {
                let message = "conflicting or redundant lists or conditions for a table";
                work.refuse(Refusal::Plain { sqlstate: "42710", message }, span);
            }
        }
    }
}

/// All conditions are looked at, then all lists; `TransformPubWhereClauses`, `CheckPubRelationColumnList`.
fn check_sent(work: &mut Work<'_>, tables: &[PublishedTable], via_root: bool, has_schemas: bool) {
    let found: Vec<_> = tables.iter().filter_map(|it| Some((it, work.find(&it.table.name)?))).collect();
    for (it, table) in &found {
        let Some(filter) = &it.filter else { continue };
        if !via_root && work.is_partitioned(*table) {
            refuse(work, "cannot use WHERE for a partitioned table whose rows are those of its parts", filter.span);
        }
        super::published::check_filter(work, *table, filter);
    }
    let with_list = || found.iter().filter(|(it, _)| !it.columns.is_empty());
    for (it, table) in with_list() {
        if has_schemas || (!via_root && work.is_partitioned(*table)) {
            refuse(
                work,
                "cannot use a column list beside schemas, or where parts send their rows",
                it.table.name.span(),
            );
        }
    }
    for (it, table) in with_list() {
        super::published::check_list(work, *table, &it.columns);
    }
}

/// Whether it is a partitioned table of which not all is sent.
fn is_partial_whole(work: &Work<'_>, table: RelationId, name: &str) -> bool {
    let part = work.relation(table).part(PartKind::Publication, name);
    work.is_partitioned(table) && part.is_some_and(|it| it.sent != Sent::default())
}

fn refuse(work: &mut Work<'_>, message: &'static str, span: Span) {
    work.refuse(Refusal::Plain { sqlstate: "22023", message }, span);
}
