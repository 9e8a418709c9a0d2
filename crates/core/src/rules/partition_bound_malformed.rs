//! A partition bound that no partition of the table can have.

use crate::bounds;
use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_model::Refusal;
use lockkeeper_syntax::ast::{BoundKind, PartitionStrategy};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::PartitionBoundMalformed) else { return };
    let Some(new) = bounds::new_partition(&step.timeline().statement.body) else {
        found.refusal(failure);
        return;
    };
    let parent = new.parent;
    let key = step.find(parent).and_then(|(_, it)| it.partition_key());
    let message = match &failure.refusal {
        Refusal::DefaultOfHash => format!("`{parent}` is partitioned by hash and can have no default partition"),
        Refusal::BoundStrategy { expected } => {
            format!("`{parent}` is partitioned by {expected}, and the bound is none of that kind")
        }
        Refusal::BoundsReversed { .. } => {
            format!("the range of `{}` is empty: it ends where it begins, or before", new.child)
        }
        Refusal::HashRemainder => "the remainder must be less than the modulus; they count from 0".to_owned(),
        Refusal::HashModulus { modulus, existing } => {
            format!("modulus {modulus} does not fit `{existing}`: of any two, one must be a multiple of the other")
        }
        other => other.message(),
    };
    let finding = found.refused(failure, message);
    if let Some(key) = key {
        let (script, span) = step.locate(key.place);
        finding.label(script, span, format!("`{parent}` is partitioned here"));
    }
    match (&failure.refusal, &new.bound.kind) {
        (Refusal::BoundsReversed { .. }, BoundKind::Range { from, to }) if from != to => {
            if let Some(turned) = bounds::range(to, from) {
                finding.help("put the lower end first; the upper one does not belong to the range");
                finding.instead(bounds::instead(step, new.bound.span, &turned));
            }
        }
        (Refusal::BoundsReversed { .. }, _) => {
            finding.help("the upper end does not belong to the range: for one day, end at the next");
        }
        (Refusal::DefaultOfHash, _) => {
            finding.help("create a partition for each remainder of the modulus: then every row has one");
        }
        (Refusal::BoundStrategy { .. }, _) => {
            let form = match key.map(|it| it.strategy) {
                Some(PartitionStrategy::List) => "FOR VALUES IN (…)",
                Some(PartitionStrategy::Range) => "FOR VALUES FROM (…) TO (…)",
                Some(PartitionStrategy::Hash) => "FOR VALUES WITH (MODULUS …, REMAINDER …)",
                None => return,
            };
            finding.help(format!("its partitions are declared {form}"));
        }
        _ => {}
    }
}
