//! A transaction closes one table after the other.

use crate::choose::Findings;
use crate::options::MAX_TABLES;
use crate::step::Step;
use crate::work::root_of;
use crate::{About, say};
use lockkeeper_model::RelationId;
use lockkeeper_model::timeline::HeldLock;
use rustc_hash::FxHashSet;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let closes = step.effects.locks.iter().filter(|it| it.mode.blocks_reads() && !step.is_quiet(it.relation));
    let held: Vec<&HeldLock> =
        step.held.locks.iter().filter(|it| it.mode.blocks_reads() && !step.is_quiet(it.relation)).collect();
    let fresh = |lock: &&lockkeeper_model::Lock| {
        held.iter().all(|it| root_of(step, it.relation) != root_of(step, lock.relation))
    };
    let roots: FxHashSet<RelationId> = held.iter().map(|it| root_of(step, it.relation)).collect();
    if (roots.len() as u64) < step.options.number(MAX_TABLES).unwrap_or(1) {
        return;
    }
    let (Some(first), Some(lock)) = (held.first(), closes.into_iter().find(fresh)) else { return };
    let (table, earlier) = (step.name(lock.relation), step.name(first.relation));
    let message = format!(
        "the transaction waits for `{table}` while {} `{earlier}` wait for it",
        say::accesses(first.mode.blocks())
    );
    let finding = found.report(About::Lock(lock.relation), lock.span, message);
    finding.caption(format!("{} on `{table}` as well", lock.mode));
    let (script, span) = step.head_of(first.since);
    finding.label(script, span, format!("{} on `{earlier}` since here", first.mode));
    finding.help("change one table a transaction; else code that uses both in another order meets a deadlock");
}
