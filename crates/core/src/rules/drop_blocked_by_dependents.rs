//! A `DROP` that other objects stand in the way of.

use crate::About;
use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_model::Refusal;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::DropBlockedByDependents) else { return };
    match &failure.refusal {
        Refusal::DependentObjects { what, dependents } => {
            let count = match dependents.len() {
                1 => "another object depends".to_owned(),
                many => format!("{many} other objects depend"),
            };
            let finding =
                found.report(About::Failure, failure.span, format!("{what} cannot be dropped: {count} on it"));
            finding.caption(step.refuses(failure));
            for dependent in dependents {
                finding.note(dependent.clone());
            }
            finding.help("drop or change these first, each by its name; CASCADE would take all of them along");
        }
        Refusal::RequiredBy { what, by } => {
            let finding =
                found.report(About::Failure, failure.span, format!("{what} cannot be dropped: {by} requires it"));
            finding.caption(step.refuses(failure));
            finding.help(format!("drop {by} instead"));
        }
        _ => {
            found.refusal(failure);
        }
    }
}
