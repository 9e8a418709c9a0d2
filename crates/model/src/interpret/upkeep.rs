//! `VACUUM`, `ANALYZE`, `CLUSTER`, `EXPLAIN`: what looks after tables and changes no schema.

use super::names::Expected;
use super::work::Work;
use crate::catalog::RelationId;
use crate::effects::{LockMode, RewriteReason};
use crate::{Refusal, Version};
use lockkeeper_syntax::ast::{Body, Cluster, Explain, Vacuum};

/// `VACUUM` and `ANALYZE`; `vacuum` in `src/backend/commands/vacuum.c`. A partitioned table leads to its partitions.
pub(super) fn vacuum(work: &mut Work<'_>, it: &Vacuum) {
    if !it.analyze_only {
        work.outside_transaction("VACUUM");
    }
    let mode = if it.full { LockMode::AccessExclusive } else { LockMode::ShareUpdateExclusive };
    for name in &it.tables {
        let span = name.name.span();
        if name.only && !work.version.since(18) {
            work.refuse(Refusal::NewerSyntax { what: "VACUUM or ANALYZE ONLY", since: Version::NEWEST }, span);
        }
        let Some(table) = work.resolve_or_assume(&name.name, Expected::Relation, false) else { continue };
        let parts = if name.only { vec![table] } else { work.reached_partitions(table) };
        for id in parts {
            let relation = work.relation(id);
            let (stored, partitioned) = (relation.has_storage(), relation.partition_key().is_some());
            // A partitioned table has rows to sample and none to vacuum; others are passed over with a warning.
            if stored || (partitioned && it.analyze_only) {
                work.lock(id, mode, span);
            }
            if it.full {
                work.rewrite(id, RewriteReason::Compaction, work.statement.span);
            }
        }
    }
}

/// `CLUSTER`; `cluster` in `src/backend/commands/cluster.c`.
pub(super) fn cluster(work: &mut Work<'_>, it: &Cluster) {
    let Some(name) = &it.table else {
        work.outside_transaction("CLUSTER");
        return;
    };
    let Some(table) = work.resolve_or_assume(name, Expected::Indexable, false) else { return };
    if work.is_partitioned(table) {
        if work.version.since(15) {
            work.outside_transaction("CLUSTER");
        } else {
            let refusal = Refusal::Plain { sqlstate: "0A000", message: "cannot cluster a partitioned table" };
            work.refuse(refusal, name.span());
        }
    }
    let relation = work.relation(table);
    let has = |id: RelationId| {
        work.catalog.get(id).is_some_and(|own| it.index.as_ref().is_none_or(|index| own.name.name == index.text))
    };
    if it.index.is_some() && relation.complete && !work.catalog.indexes(table).any(|(id, _, _)| has(id)) {
        let index = it.index.as_ref().map(|it| it.text.clone()).unwrap_or_default();
        let table = Some(relation.name.name.clone());
        let kind = lockkeeper_syntax::ast::ObjectKind::Index;
        work.refuse(Refusal::MissingObject { kind, name: index, table }, name.span());
        return;
    }
    for id in work.reached_partitions(table) {
        work.lock(id, LockMode::AccessExclusive, name.span());
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
