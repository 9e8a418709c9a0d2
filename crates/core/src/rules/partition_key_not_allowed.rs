//! A partition key that no table can have.

use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_model::Refusal;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::PartitionKeyNotAllowed) else { return };
    let finding = found.refusal(failure);
    match &failure.refusal {
        Refusal::PartitionKeyListColumns => {
            finding.help("list one column; partition its partitions again by the other, or use RANGE");
        }
        Refusal::PartitionKeyGenerated => {
            finding.help(
                "make it a plain column that the application or a trigger fills, or partition by its expression; \
                 a table partitioned by an expression can have no unique key",
            );
        }
        _ => {}
    }
}
