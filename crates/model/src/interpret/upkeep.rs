//! `VACUUM`, `ANALYZE`, `CLUSTER`, `EXPLAIN`: what looks after tables and changes no schema.

use super::names::Expected;
use super::owners;
use super::system::refuse_protected;
use super::work::Work;
use crate::catalog::{ObjectName, RelationId, RelationKind};
use crate::effects::{LockMode, RewriteReason};
use crate::{Refusal, Version};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Body, Cluster, Explain, Name, ObjectKind, Vacuum};

/// `VACUUM` and `ANALYZE`; `vacuum` in `src/backend/commands/vacuum.c`. A partitioned table leads to its partitions.
pub(super) fn vacuum(work: &mut Work<'_>, it: &Vacuum) {
    if !it.analyze_only {
        work.outside_transaction("VACUUM");
    }
    let mode = if it.full { LockMode::AccessExclusive } else { LockMode::ShareUpdateExclusive };
    if it.statistics_only {
        return;
    }
    let full = it.full && !it.toast_only;
    if it.tables.is_empty() {
        // All that the database has, one after the other; `get_all_vacuum_rels`.
        let all: Vec<RelationId> = work.catalog.relations().map(|(id, _)| id).collect();
        all.into_iter().for_each(|id| vacuum_one(work, id, full, mode, work.statement.span));
    }
    for (name, columns) in &it.tables {
        let span = name.name.span();
        if name.only && !work.version.since(18) {
            work.refuse(Refusal::NewerSyntax { what: "VACUUM or ANALYZE ONLY", since: Version::NEWEST }, span);
        }
        let Some(table) = work.resolve_or_assume(&name.name, Expected::Relation, false) else { continue };
        if !owners::is_foreign(work, table) && work.relation(table).is_table() {
            for column in columns {
                work.column(table, column);
            }
            work.refuse_repeated(columns);
        }
        // Before PostgreSQL 18 inheritance children are passed over.
        let parts = if name.only || work.version.since(18) {
            work.reached(table, name.only)
        } else {
            work.reached_partitions(table)
        };
        for id in parts {
            let foreign = it.analyze_only && matches!(work.relation(id).kind, RelationKind::Foreign);
            if foreign {
                work.lock(id, mode, span);
            }
            // Without the right to it, a warning is all; a partition that is vacuumed is opened first.
            if owners::is_foreign(work, id) && (id == table || it.analyze_only) {
                continue;
            }
            vacuum_one(work, id, full && !owners::is_foreign(work, id), mode, span);
        }
    }
}

/// A partitioned table is opened too, though it has nothing to vacuum; others are passed over with a warning.
fn vacuum_one(work: &mut Work<'_>, id: RelationId, full: bool, mode: LockMode, span: Span) {
    let relation = work.relation(id);
    if relation.has_storage() || relation.partition_key().is_some() {
        work.lock(id, mode, span);
    }
    if full {
        work.rewrite(id, RewriteReason::Compaction, work.statement.span);
    }
}

/// `CLUSTER`; `cluster` in `src/backend/commands/cluster.c`.
pub(super) fn cluster(work: &mut Work<'_>, it: &Cluster) {
    let Some(name) = &it.table else {
        work.outside_transaction("CLUSTER");
        return;
    };
    let Some(table) = work.resolve_or_assume(name, Expected::Indexable, false) else { return };
    let unfit = it.index.as_ref().and_then(|index| unclusterable(work, table, index));
    if work.is_partitioned(table) {
        if !work.version.since(15) {
            let refusal = Refusal::Plain { sqlstate: "0A000", message: "cannot cluster a partitioned table" };
            work.refuse(refusal, name.span());
        }
        // The index is looked up first, and looked at last.
        if it.index.is_none() {
            // None of its indexes can be marked.
            let message = "there is no previously clustered index for the table";
            work.refuse(Refusal::Plain { sqlstate: "42704", message }, work.statement.span);
        }
        if let Some(missing @ Refusal::MissingObject { .. }) = &unfit {
            work.refuse(missing.clone(), name.span());
        }
        work.outside_transaction("CLUSTER");
    }
    if let Some(refusal) = unfit {
        work.refuse(refusal, name.span());
        return;
    }
    if refuse_protected(work, table, name.span()) {
        return;
    }
    for id in work.reached_partitions(table) {
        // Of the partitions only one's own; `cluster_is_permitted_for_relation`.
        if owners::is_foreign(work, id) {
            continue;
        }
        // What is partitioned itself, below the table, is only a way to the leaves.
        if id == table || work.relation(id).has_storage() {
            work.lock(id, LockMode::AccessExclusive, name.span());
        }
        work.rewrite(id, RewriteReason::Compaction, work.statement.span);
    }
}

/// `EXPLAIN` plans the statement, which takes the statement's locks, and with `ANALYZE` runs it.
pub(super) fn explain(work: &mut Work<'_>, it: &Explain) {
    match &it.body {
        Body::Select(_) | Body::Write(_) | Body::Declare(_) => super::run(work, &it.body),
        other if it.analyze => super::run(work, other),
        _ => {}
    }
}

/// Why a table cannot be clustered on an index, if the history shows it; `check_index_is_clusterable`.
pub(super) fn unclusterable(work: &Work<'_>, table: RelationId, index: &Name) -> Option<Refusal> {
    let relation = work.relation(table);
    let own = work.catalog.indexes(table).find(|(_, it, _)| it.name.name == index.text);
    if let Some((_, _, index)) = own {
        let method = matches!(index.method.as_str(), "hash" | "gin" | "brin" | "spgist");
        let message = match &index.predicate {
            _ if method => "cannot cluster on index because its access method does not support clustering",
            Some(_) => "cannot cluster on partial index",
            None if !index.valid => "cannot cluster on invalid index",
            None => return None,
        };
        return Some(Refusal::Plain { sqlstate: "0A000", message });
    }
    if !relation.complete {
        return None;
    }
    let full = ObjectName { schema: relation.name.schema.clone(), name: index.text.clone() };
    Some(match work.catalog.relation(&full) {
        Some(_) => Refusal::WrongKind { name: index.text.clone(), expected: "an index for the table" },
        None => {
            let table = Some(relation.name.name.clone());
            Refusal::MissingObject { kind: ObjectKind::Index, name: index.text.clone(), table }
        }
    })
}
