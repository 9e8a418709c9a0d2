//! A statement that others wait for runs without a lock_timeout.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, say};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    if step.session.lock_timeout.get().is_some() {
        return;
    }
    let locks = step.effects.locks.iter();
    let Some(lock) = locks.filter(|it| it.mode.blocks_writes() && !step.is_quiet(it.relation)).max_by_key(|it| it.mode)
    else {
        return;
    };
    let table = step.name(lock.relation);
    let message = format!(
        "{} `{table}` queue up behind this statement for as long as it waits for its lock",
        say::accesses(lock.mode.blocks())
    );
    let finding = found.report(About::Setting(None), step.head(), message);
    finding.caption(format!("{} on `{table}`", lock.mode));
    finding.assume("the tool sets no lock_timeout; `lock_timeout` under `[runner]` says otherwise");
    finding.help("set a limit that the application can bear, and try again if it strikes");
    let local = if step.commits_alone() { "" } else { "LOCAL " };
    finding.instead(format!("SET {local}lock_timeout = '2s';"));
}
