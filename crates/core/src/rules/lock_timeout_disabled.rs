//! A statement that others wait for runs with its lock_timeout turned off.

use crate::choose::Findings;
use crate::setting;
use crate::step::Step;
use crate::{About, say};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    if *step.session.lock_timeout.get() != Some(0) {
        return;
    }
    let locks = step.effects.locks.iter();
    let Some(lock) = locks.filter(|it| it.mode.blocks_writes() && !step.is_quiet(it.relation)).max_by_key(|it| it.mode)
    else {
        return;
    };
    let set = setting::last_set(step, "lock_timeout");
    let table = step.name(lock.relation);
    let message = format!(
        "without a lock_timeout {} `{table}` queue up behind this statement for as long as it waits for its lock",
        say::accesses(lock.mode.blocks())
    );
    let finding = found.report(About::Setting(set), step.head(), message);
    finding.caption(format!("{} on `{table}`", lock.mode));
    if let Some(span) = set {
        finding.label(step.script(), span, "0 means no limit");
    }
    finding.help("set a limit that the application can bear, and try again if it strikes");
    let local = if step.commits_alone() { "" } else { "LOCAL " };
    finding.instead(format!("SET {local}lock_timeout = '2s';"));
}
