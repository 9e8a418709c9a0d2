//! An index is rebuilt while writes wait, and every query that plans with it.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, Finding, Where, say};
use lockkeeper_model::{IndexBuild, RelationId};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Body, Reindex, ReindexTarget};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::Reindex(reindex) = &step.statement.body else { return };
    let mut seen: Vec<RelationId> = Vec::new();
    let slow = |it: &&IndexBuild| it.rebuild && !step.is_quiet(it.table) && !step.is_small(it.table);
    for build in step.effects.index_builds.iter().filter(slow) {
        let Some(mode) = step.lock_on(build.table).filter(|it| it.blocks_writes()) else { continue };
        if seen.contains(&build.table) {
            continue;
        }
        seen.push(build.table);
        let table = step.name(build.table);
        let indexes = step.effects.index_builds.iter().filter(|it| it.table == build.table);
        let names = say::names(indexes.map(|it| it.index.short()));
        let message =
            format!("{} `{table}` wait while {names} {} rebuilt", say::accesses(mode.blocks()), be(step, build));
        let finding = found.report(About::IndexBuild(build.table), place(reindex, build.span), message);
        finding.caption(format!("{mode} on `{table}`; queries that could use the index wait too"));
        advise(step, finding, reindex, build.table);
    }
}

fn be(step: &Step<'_>, build: &IndexBuild) -> &'static str {
    let many = step.effects.index_builds.iter().filter(|it| it.table == build.table).count() > 1;
    if many { "are" } else { "is" }
}

fn place(reindex: &Reindex, build: Span) -> Span {
    match &reindex.target {
        ReindexTarget::Index(name) | ReindexTarget::Table(name) => name.span(),
        ReindexTarget::Schema(name) => name.span,
        ReindexTarget::Database | ReindexTarget::System => build,
    }
}

fn advise(step: &Step<'_>, finding: &mut Finding, reindex: &Reindex, table: RelationId) {
    let partition = match &reindex.target {
        ReindexTarget::Index(name) | ReindexTarget::Table(name) => step.find(name).is_some_and(|(id, _)| {
            id != table
                && step.get(id).is_some_and(|it| {
                    it.partition_key().is_some() || it.as_index().is_some_and(|it| step.is_partitioned(it.table))
                })
        }),
        _ => true,
    };
    let sql = match &reindex.target {
        ReindexTarget::Index(name) if !partition => format!("REINDEX INDEX CONCURRENTLY {name};"),
        _ => format!("REINDEX TABLE CONCURRENTLY {};", step.name(table)),
    };
    finding.instead_in(Where::Outside, sql);
}
