//! An index of a kind that cannot be built so.

use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_model::Refusal;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::IndexMethodUnsuitable) else { return };
    match &failure.refusal {
        Refusal::IndexAccessMethod { method, lacks } => {
            let message = format!("an index by the method {method} cannot be built so: it supports no {lacks}");
            found.refused(failure, message).help("use btree, or leave out what the method lacks");
        }
        _ => {
            found.refusal(failure).help("an index holds at most 32 columns, those of INCLUDE counted");
        }
    }
}
