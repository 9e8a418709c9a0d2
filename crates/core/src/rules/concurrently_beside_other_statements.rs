//! `CONCURRENTLY` in a query of several statements, which the server runs as one transaction.

use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;
use crate::{About, Where};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::ConcurrentlyBesideOtherStatements) else { return };
    let span = step.concurrently().unwrap_or(failure.span);
    let tag = step.statement.body.tag().unwrap_or_default();
    let finding = found.report(
        About::Failure,
        span,
        format!("{tag} CONCURRENTLY shares a query with other statements, which makes them one transaction"),
    );
    finding.caption(step.refuses(failure));
    finding.assume("the migration tool sends the file as one query");
    finding.instead_in(Where::AloneOutside, format!("{};", step.statement_text()));
}
