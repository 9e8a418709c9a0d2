//! An index is built concurrently while a statement_timeout can end it half done.

use crate::choose::Findings;
use crate::options::LONG_ENOUGH;
use crate::setting;
use crate::step::Step;
use crate::{About, say};

/// From here on a limit is taken to be meant for long work, unless the settings say otherwise.
const LONG: u64 = 60 * 60 * 1000;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let long = step.options.number(LONG_ENOUGH).unwrap_or(LONG);
    let Some(limit) = step.session.statement_timeout.get().filter(|it| (1..long).contains(it)) else { return };
    let builds: Vec<_> = step.effects.index_builds.iter().filter(|it| it.concurrently).collect();
    let Some(first) = builds.first().filter(|it| !step.is_quiet(it.table) && !step.is_small(it.table)) else { return };
    let set = setting::last_set(step, "statement_timeout");
    let name = first.index.short();
    let message = format!(
        "a build that lasts longer than {} is cancelled, and leaves `{name}` behind, invalid",
        say::duration(limit)
    );
    let finding = found.report(About::Setting(set), step.head(), message);
    finding.caption("takes its time on purpose, so that nobody waits");
    if let Some(span) = set {
        finding.label(step.script(), span, "the limit");
    }
    finding.note("an invalid index is not used, but each write maintains it; drop it before the next try");
    finding.help("take the limit away for this statement");
    finding.instead(format!("SET statement_timeout = 0;\n{};", step.statement_text()));
}
