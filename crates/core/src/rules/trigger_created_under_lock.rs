//! A trigger is put on a table that is in use.

use crate::About;
use crate::choose::Findings;
use crate::say;
use crate::step::Step;
use lockkeeper_syntax::ast::Body;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::CreateTrigger(trigger) = &step.statement.body else { return };
    let Some((table, _)) = step.find(&trigger.table) else { return };
    let Some(lock) = step.effects.lock_on(table).filter(|it| it.mode.blocks_writes()) else { return };
    if step.is_quiet(table) {
        return;
    }
    let name = step.name(table);
    let message = format!(
        "{} `{name}` wait for the trigger `{}`, and run it from then on",
        say::accesses(lock.mode.blocks()),
        trigger.name
    );
    let finding = found.report(About::Lock(table), trigger.name.span, message);
    finding.caption(format!("{} on `{name}` until commit; waits for every transaction that writes to it", lock.mode));
    finding.help("create it in a short transaction of its own with a lock_timeout, and try again if that runs out");
}
