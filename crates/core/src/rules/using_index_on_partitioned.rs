//! `ADD CONSTRAINT … USING INDEX` on a partitioned table.

use crate::About;
use crate::choose::Findings;
use crate::clause;
use crate::refusals::Reporter;
use crate::step::Step;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::UsingIndexOnPartitioned) else { return };
    let Some(table) = clause::target(&step.statement.body) else {
        found.refusal(failure);
        return;
    };
    let finding = found.report(
        About::Failure,
        failure.span,
        format!("`{table}` is partitioned, so no constraint of it can use an index that is already there"),
    );
    finding.caption(step.refuses(failure));
    if let Some((script, span)) = step.find(table).and_then(|(_, it)| Some(step.locate(it.partition_key()?.place))) {
        finding.label(script, span, format!("`{table}` is partitioned here"));
    }
    finding.help(
        "give each partition the constraint, USING INDEX a unique index that was built there concurrently; \
         the constraint of the parent, written with its columns, takes those over and builds nothing",
    );
}
