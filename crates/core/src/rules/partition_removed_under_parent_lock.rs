//! A partition is detached or dropped while queries of its parent wait.

use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use crate::{About, Edit, Finding, Safety, Where, recipe, say};
use lockkeeper_model::{DropReason, DroppedObject, RelationId};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::ActionKind;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for action in clause::actions(&step.statement.body) {
        let ActionKind::DetachPartition { child, concurrently: None, finalize: false } = &action.kind else { continue };
        let Some((parent, _)) = clause::target(&step.statement.body).and_then(|it| step.find(it)) else { continue };
        let what = format!("its partition `{child}` is detached");
        let Some(finding) = report(step, found, parent, action.span, &what) else { continue };
        detach(step, finding, parent, action.span);
    }
    for dropped in step.effects.drops.iter().filter(|it| it.how == DropReason::Named) {
        let DroppedObject::Relation(partition) = dropped.object else { continue };
        let Some(parent) = step.get(partition).and_then(|it| it.partition_of.as_ref()).map(|it| it.parent) else {
            continue;
        };
        let goes = step.effects.drops.iter().any(|it| it.object == DroppedObject::Relation(parent));
        let what = format!("its partition `{}` is dropped", step.name(partition));
        let Some(finding) = (!goes).then(|| report(step, found, parent, dropped.span, &what)).flatten() else {
            continue;
        };
        if step.detaches_concurrently(parent) {
            finding.help("detach it concurrently first; then the drop stops nobody");
            let (parent, partition) = (step.name(parent), step.name(partition));
            let detach = format!("ALTER TABLE {parent} DETACH PARTITION {partition} CONCURRENTLY;");
            finding.instead_in(Where::EachOutside, format!("{detach}\nDROP TABLE {partition};"));
        } else {
            try_again(step, finding, parent);
        }
    }
}

fn report<'a>(
    step: &Step<'_>,
    found: &'a mut Findings<'_>,
    parent: RelationId,
    span: Span,
    what: &str,
) -> Option<&'a mut Finding> {
    let lock = step.effects.lock_on(parent).filter(|it| it.mode.blocks_reads() && !step.is_quiet(parent))?;
    let name = step.name(parent);
    let message = format!("{} `{name}` wait while {what}", say::accesses(lock.mode.blocks()));
    let finding = found.report(About::Lock(parent), span, message);
    finding.caption(format!("{} on `{name}` until commit; waits for every query that reads it", lock.mode));
    Some(finding)
}

fn detach(step: &Step<'_>, finding: &mut Finding, parent: RelationId, action: Span) {
    if !step.detaches_concurrently(parent) {
        try_again(step, finding, parent);
        return;
    }
    finding.help("detach it concurrently: queries of the parent go on");
    let edits = vec![Edit::insert(action.end, " CONCURRENTLY")];
    finding.instead_in(Where::Outside, recipe::edited(step, &edits));
    if step.commits_alone() {
        finding.fix(Safety::Unsafe, "detach it concurrently", edits);
    }
}

fn try_again(step: &Step<'_>, finding: &mut Finding, parent: RelationId) {
    finding.help(match step.version.since(14) {
        true => format!(
            "set a lock_timeout and try again until it gets the lock: CONCURRENTLY is refused beside a default partition \
             such as `{}` has",
            step.name(parent)
        ),
        false => "set a lock_timeout and try again until it gets the lock; PostgreSQL 14 has CONCURRENTLY".to_owned(),
    });
}
