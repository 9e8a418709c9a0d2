//! A statement that others wait for runs without a lock_timeout, or with one that is longer than the settings want.

use crate::choose::Findings;
use crate::options::{LOCK_TIMEOUT, STATEMENT_TIMEOUT};
use crate::step::Step;
use crate::{About, say, setting};
use lockkeeper_model::Lock;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let locks = step.effects.locks.iter();
    let Some(lock) = locks.filter(|it| it.mode.blocks_writes() && !step.is_quiet(it.relation)).max_by_key(|it| it.mode)
    else {
        return;
    };
    let longest = step.options.number(LOCK_TIMEOUT);
    match *step.session.lock_timeout.get() {
        None => {
            let wait = "for as long as it waits for its lock".to_owned();
            limit(step, found, lock, "lock_timeout", longest.unwrap_or(2_000), &wait);
        }
        // That it is turned off another rule says.
        Some(set) if longest.is_some_and(|it| set > it) => {
            let longest = longest.unwrap_or_default();
            let wait = format!("for up to {}, and {} is the limit", say::duration(set), say::duration(longest));
            limit(step, found, lock, "lock_timeout", longest, &wait);
        }
        Some(_) => {}
    }
    let Some(longest) = step.options.number(STATEMENT_TIMEOUT) else { return };
    match *step.session.statement_timeout.get() {
        None | Some(0) => limit(step, found, lock, "statement_timeout", longest, "for as long as it runs"),
        Some(set) if set > longest => {
            let wait =
                format!("for up to {} while it runs, and {} is the limit", say::duration(set), say::duration(longest));
            limit(step, found, lock, "statement_timeout", longest, &wait);
        }
        Some(_) => {}
    }
}

fn limit(step: &Step<'_>, found: &mut Findings<'_>, lock: &Lock, name: &str, longest: u64, wait: &str) {
    let set = setting::last_set(step, name);
    let table = step.name(lock.relation);
    let message = format!("{} `{table}` queue up behind this statement {wait}", say::accesses(lock.mode.blocks()));
    let finding = found.report(About::Setting(set), step.head(), message);
    finding.caption(format!("{} on `{table}`", lock.mode));
    match set {
        Some(span) => {
            finding.label(step.script(), span, "the limit");
        }
        None => {
            finding.assume(format!("the tool sets no {name}; `{name}` under `[runner]` says otherwise"));
        }
    }
    finding.help("set a limit that the application can bear, and try again if it strikes");
    let local = if step.commits_alone() { "" } else { "LOCAL " };
    finding.instead(format!("SET {local}{name} = '{}';", say::duration(longest)));
}
