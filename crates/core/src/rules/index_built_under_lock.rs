//! An index is built while writes, or reads too, wait.

use crate::choose::Findings;
use crate::clause::{self, Clause};
use crate::step::Step;
use crate::{About, Edit, Finding, Safety, Where, recipe, say, work};
use lockkeeper_model::{IndexBuild, LockMode, RelationId};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Body, Constraint, ConstraintKind, CreateIndex};
use smol_str::SmolStr;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for build in groups(step) {
        let Some(mode) = step.lock_on(build.table).filter(|it| it.blocks_writes()) else { continue };
        if step.is_quiet(build.table) || build.leaves.iter().all(|(it, _)| step.is_small(*it)) {
            continue;
        }
        let clause = clause::at(&step.statement.body, build.span);
        let message =
            format!("{} `{}` wait while {}", say::accesses(mode.blocks()), step.name(build.table), built(&build));
        let finding = found.report(About::IndexBuild(build.table), place(clause, build.span), message);
        finding.caption(caption(step, &build, mode));
        advise(step, finding, clause, &build);
    }
}

/// The indexes of one table that a statement builds, or those of the partitions of one partitioned table.
struct Group {
    /// The table that the statement names.
    table: RelationId,
    /// The tables that are read, with the names of their new indexes.
    leaves: Vec<(RelationId, SmolStr)>,
    span: Span,
}

fn groups(step: &Step<'_>) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    let fresh = |it: &&IndexBuild| !it.concurrently && !it.rebuild && !step.is_new(it.table);
    for build in step.effects.index_builds.iter().filter(fresh) {
        let table = work::topmost(step, build.table);
        let leaf = (build.table, build.index.name.clone());
        match groups.iter_mut().find(|it| it.table == table && it.span == build.span) {
            Some(group) => group.leaves.push(leaf),
            None => groups.push(Group { table, leaves: vec![leaf], span: build.span }),
        }
    }
    groups
}

fn built(group: &Group) -> &'static str {
    if group.leaves.len() == 1 { "an index is built" } else { "indexes are built" }
}

fn place(clause: Clause<'_>, refused: Span) -> Span {
    match clause {
        Clause::Index(index) => index.head_span,
        _ => refused,
    }
}

/// "SHARE on `events` until commit; reads every row".
fn caption(step: &Step<'_>, group: &Group, mode: LockMode) -> String {
    let reads = match group.leaves.len() {
        1 => "reads every row".to_owned(),
        many => format!("reads every row of {many} tables"),
    };
    let table = step.name(group.table);
    let own = step.effects.lock_on(group.table).map(|it| it.mode);
    match own == Some(mode) {
        true => format!("{mode} on `{table}` until commit; {reads}"),
        false => format!("{mode} on `{table}` is held by the transaction; {reads}"),
    }
}

fn advise(step: &Step<'_>, finding: &mut Finding, clause: Clause<'_>, group: &Group) {
    let held = step.held.on(group.table).filter(|it| it.mode.blocks_writes());
    if held.is_some() && matches!(clause, Clause::Index(_)) {
        finding.note("an earlier statement of the transaction already locks the table");
    }
    match clause {
        Clause::Index(index) if step.is_partitioned(group.table) => {
            finding.help(
                "CONCURRENTLY does not work on a partitioned table: build the index on each partition, then attach it",
            );
            finding.instead_in(Where::EachOutside, recipe::index_by_partition(step, index, &group.leaves));
        }
        Clause::Index(index) => on_table(step, finding, index),
        Clause::Constraint { constraint, column } => match (&constraint.kind, column) {
            (ConstraintKind::Unique(key), None) if step.is_partitioned(group.table) => {
                finding.help("give each partition the constraint on an index built concurrently; that of the parent takes those over");
                let sql = recipe::constraint_by_partition(step, constraint, key, &group.leaves);
                finding.instead_in(Where::EachOutside, sql);
            }
            (ConstraintKind::Unique(key), column) if !key.without_overlaps && !step.is_partitioned(group.table) => {
                let Some((_, index)) = group.leaves.first() else { return };
                let table = step.name(group.table);
                let sql = match column {
                    Some(column) => {
                        let text = recipe::column_without(step, column, constraint);
                        recipe::column_using_index(&table, &text, constraint, key, index)
                    }
                    None => recipe::constraint_using_index(&table, constraint, key, index),
                };
                finding.help("build the unique index concurrently, then let the constraint use it");
                finding.instead_in(Where::EachOutside, sql);
            }
            _ => no_other_way(finding, constraint),
        },
        Clause::Like(_) | Clause::Other => {
            finding.help(format!(
                "build an equal index on `{}` concurrently first; it is then taken over",
                step.name(group.table)
            ));
        }
    }
}

fn on_table(step: &Step<'_>, finding: &mut Finding, index: &CreateIndex) {
    let at = index.head_span.end;
    finding.instead_in(Where::Outside, recipe::concurrently(step, at));
    if step.commits_alone() && matches!(step.statement.body, Body::CreateIndex(_)) {
        finding.fix(Safety::Unsafe, "build it concurrently", vec![Edit::insert(at, " CONCURRENTLY")]);
    }
}

fn no_other_way(finding: &mut Finding, constraint: &Constraint) {
    let what = match constraint.kind {
        ConstraintKind::Exclude(_) => "an exclusion constraint",
        _ => "this constraint",
    };
    finding.help(format!(
        "{what} cannot use an index that was built before; run it with a lock_timeout while little is written"
    ));
}
