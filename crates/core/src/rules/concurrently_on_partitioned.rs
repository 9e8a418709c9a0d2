//! `CONCURRENTLY` on an index of a partitioned table.

use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;
use crate::{About, Finding, Where, recipe};
use lockkeeper_model::{Refusal, RelationId};
use lockkeeper_syntax::ast::{Body, ReindexTarget};
use smol_str::SmolStr;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    skipped_reindex(step, found);
    let Some(failure) = step.refusal(Reporter::ConcurrentlyOnPartitioned) else { return };
    let span = step.concurrently().unwrap_or(failure.span);
    let message = match &failure.refusal {
        Refusal::ConcurrentIndexOnPartitioned { table } => {
            format!("`{table}` is partitioned: its index cannot be built concurrently")
        }
        Refusal::ConcurrentDropOfPartitionedIndex { index } => {
            format!("`{index}` is an index of a partitioned table and cannot be dropped concurrently")
        }
        _ => format!("PostgreSQL {} cannot rebuild the index of a partitioned table", step.version),
    };
    let finding = found.report(About::Failure, span, message);
    finding.caption(step.refuses(failure));
    match &step.statement.body {
        Body::CreateIndex(index) => {
            let Some((table, relation)) = step.find(&index.table.name) else { return };
            if let Some(key) = relation.partition_key() {
                let (script, span) = step.locate(key.place);
                finding.label(script, span, format!("`{}` is partitioned here", relation.name.short()));
            }
            let leaves: Vec<(RelationId, SmolStr)> = leaves(step, table)
                .into_iter()
                .filter_map(|it| Some((it, recipe::renamed(step.get(it)?, &suffix(index.name.as_ref(), relation)))))
                .collect();
            finding.help("create it on the parent alone, which builds nothing, and concurrently on each partition; then attach these");
            finding.instead_in(Where::EachOutside, recipe::index_by_partition(step, index, &leaves));
        }
        Body::Drop(drop) => {
            finding.help("drop it without CONCURRENTLY and give up early rather than wait with everyone else behind");
            let names: Vec<String> = drop.objects.iter().map(|it| it.name.to_string()).collect();
            finding.instead(format!("SET LOCAL lock_timeout = '2s';\nDROP INDEX {};", names.join(", ")));
        }
        _ => by_partition(finding),
    }
}

/// Up to PostgreSQL 13 `REINDEX TABLE CONCURRENTLY` of a partitioned table warns and does nothing; `ReindexMultipleInternal`
/// came with 14.
fn skipped_reindex(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::Reindex(reindex) = &step.statement.body else { return };
    let (Some(span), ReindexTarget::Table(name)) = (reindex.concurrently, &reindex.target) else { return };
    let partitioned = step.find(name).is_some_and(|(id, _)| step.is_partitioned(id));
    if step.version.since(14) || !partitioned || step.effects.failure.is_some() {
        return;
    }
    let message =
        format!("PostgreSQL {} skips the partitioned table `{name}` with a warning and rebuilds nothing", step.version);
    by_partition(found.report(About::Nothing, span, message));
}

fn by_partition(finding: &mut Finding) {
    finding.help("rebuild partition by partition, concurrently; from PostgreSQL 14 on the whole table works too");
}

/// The partitions that hold rows, at any depth.
fn leaves(step: &Step<'_>, table: RelationId) -> Vec<RelationId> {
    let tree = step.timeline().catalog.tree(table);
    tree.into_iter().filter(|it| *it != table && !step.is_partitioned(*it)).collect()
}

/// What the partitions' indexes are called after their partition: what the index is called after its table.
fn suffix(name: Option<&lockkeeper_syntax::ast::Name>, table: &lockkeeper_model::catalog::Relation) -> String {
    let Some(name) = name else { return "idx".to_owned() };
    let prefix = format!("{}_", table.name.name);
    name.text.strip_prefix(prefix.as_str()).unwrap_or(&name.text).to_owned()
}
