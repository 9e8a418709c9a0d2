//! Any refusal that no other rule claims.

use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::RefusedByPostgres) else { return };
    let finding = found.refusal(failure);
    if let Some(detail) = failure.refusal.detail() {
        finding.note(detail);
    }
}
