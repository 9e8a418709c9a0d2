//! Syntax or a feature that the server's version does not have yet.

use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_model::Refusal;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::NewerThanServer) else { return };
    let Refusal::NewerSyntax { what, since } = &failure.refusal else { return };
    let finding = found.refused(failure, format!("{what} is new in PostgreSQL {since}"));
    finding.note(format!(
        "the server is taken to be PostgreSQL {}; `postgres` in lockkeeper.toml or `--pg` says another",
        step.version
    ));
}
