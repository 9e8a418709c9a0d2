//! An index, partition key or generated column computes something that can change without the row.

use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_syntax::ast::Body;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::ExpressionNotImmutable) else { return };
    let expression = step.text(failure.span);
    let what = match &step.statement.body {
        Body::CreateIndex(it) if it.predicate.as_ref().is_some_and(|it| it.span.contains(failure.span)) => {
            "the WHERE of an index"
        }
        Body::CreateIndex(_) => "an index",
        Body::CreateTable(it) if it.partition_by.as_ref().is_some_and(|it| it.span.contains(failure.span)) => {
            "a partition key"
        }
        _ => "a generated column",
    };
    let message = format!("`{expression}` can give another result tomorrow for the same row, so {what} cannot use it");
    let finding = found.refused(failure, message);
    finding.note(failure.refusal.message());
    let mut text = expression.to_ascii_lowercase();
    text.retain(|it| !it.is_whitespace());
    finding.help(if text.contains("::date") || text.contains("date_trunc") || text.contains("::timestamp") {
        "a moment has a date only in a time zone: name it, as in `(moment AT TIME ZONE 'UTC')::date`"
    } else if text.contains("now()") || text.contains("current_") {
        "leave the comparison with the present to the query, and index the column it compares"
    } else if text.contains("concat") || text.contains("to_char") {
        "join texts with `||`, and format when the row is read"
    } else {
        "use functions that depend on their arguments alone; one of your own must be declared IMMUTABLE, and be it"
    });
}
