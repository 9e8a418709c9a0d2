//! Locks in an order that running code takes the other way round.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, say};
use lockkeeper_model::Lock;
use lockkeeper_model::catalog::{ConstraintKind, RelationId};
use lockkeeper_model::timeline::HeldLock;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for lock in step.effects.locks.iter().filter(|it| !step.is_quiet(it.relation)) {
        if let Some(held) = step.held.on(lock.relation).filter(|it| is_raised(it, lock)) {
            raised(step, found, lock, &held);
            return;
        }
        if let Some(child) = closed_child(step, lock) {
            child_first(step, found, lock, &child);
            return;
        }
    }
}

/// A lock that lets readers in becomes one that does not. Whoever reads and then wants to write waits for the first,
/// and the second waits for whoever reads.
fn is_raised(held: &HeldLock, lock: &Lock) -> bool {
    held.mode.blocks_writes() && !held.mode.blocks_reads() && lock.mode.blocks_reads()
}

fn raised(step: &Step<'_>, found: &mut Findings<'_>, lock: &Lock, held: &HeldLock) {
    let table = step.name(lock.relation);
    let message = format!(
        "a transaction that reads `{table}` and then writes to it meets a deadlock: its lock is raised from {} to {}",
        held.mode, lock.mode
    );
    let finding = found.report(About::Lock(lock.relation), lock.span, message);
    finding.caption(format!("{} on `{table}`, waits for its readers", lock.mode));
    let (script, span) = step.head_of(held.since);
    finding.label(script, span, format!("{} on `{table}` since here, stops its writers", held.mode));
    finding.help("run the statements in transactions of their own, or the one with the strongest lock first");
}

/// A referencing table that the transaction has closed to reads before the referenced one. Code that adds a row to
/// both goes the other way: the referenced table first.
fn closed_child(step: &Step<'_>, lock: &Lock) -> Option<HeldLock> {
    if !lock.mode.blocks_reads() || step.held.on(lock.relation).is_some_and(|it| it.mode.blocks_writes()) {
        return None;
    }
    let closed = step.held.locks.iter().filter(|it| it.mode.blocks_reads() && !step.is_quiet(it.relation));
    closed.copied().find(|it| refers(step, it.relation, lock.relation))
}

fn refers(step: &Step<'_>, table: RelationId, to: RelationId) -> bool {
    let mut keys = step.get(table).into_iter().flat_map(|it| it.live_constraints());
    table != to
        && keys.any(|(_, it)| matches!(it.kind, ConstraintKind::ForeignKey { references, .. } if references == to))
}

fn child_first(step: &Step<'_>, found: &mut Findings<'_>, lock: &Lock, held: &HeldLock) {
    let (table, child) = (step.name(lock.relation), step.name(held.relation));
    let message = format!(
        "code that writes to `{table}` and then to `{child}` meets a deadlock: the transaction locks them in the other order"
    );
    let finding = found.report(About::Lock(lock.relation), lock.span, message);
    finding.caption(format!("{} on `{table}`; {} it wait", lock.mode, say::accesses(lock.mode.blocks())));
    let (script, span) = step.head_of(held.since);
    finding.label(script, span, format!("{} on `{child}`, which refers to `{table}`, since here", held.mode));
    finding.help("change one table a transaction, or the referenced table first");
}
