//! A column of the partition key is dropped or gets another type.

use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_model::Refusal;
use lockkeeper_syntax::ast::quoted;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::PartitionKeyColumnChanged) else { return };
    let Refusal::PartitionKeyColumnChange { action, column, table } = &failure.refusal else { return };
    let what = match *action {
        "drop" => "cannot be dropped",
        _ => "cannot change its type",
    };
    let message = format!("`{}` is in the partition key of `{}` and {what}", quoted(column), quoted(table));
    let finding = found.refused(failure, message);
    let all = step.timeline().catalog.relations();
    if let Some(key) = all.filter(|(_, it)| it.name.name == *table).find_map(|(_, it)| it.partition_key()) {
        let (script, span) = step.locate(key.place);
        finding.label(script, span, "partitioned by it here");
    }
    finding.help(
        "create a new partitioned table of the shape you want, copy the rows partition by partition, \
         then swap the names in one short transaction",
    );
}
