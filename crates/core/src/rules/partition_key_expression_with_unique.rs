//! A unique key on a table that is partitioned by an expression.

use crate::choose::Findings;
use crate::clause::{self, Clause};
use crate::partition_key::PartitionKey;
use crate::refusals::Reporter;
use crate::step::Step;
use crate::{About, say};
use lockkeeper_syntax::ast::{Constraint, ConstraintKind, UniqueKey};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::PartitionKeyExpressionWithUnique) else { return };
    let clause = clause::at(&step.statement.body, failure.span);
    let key = PartitionKey::of(step, None);
    let table = key.as_ref().map(|it| it.table.clone()).unwrap_or_default();
    let what = match clause {
        Clause::Constraint { constraint, .. } => thing(constraint),
        Clause::Index(_) => "unique index",
        Clause::Like(_) | Clause::Other => "unique key",
    };
    let message = format!("`{table}` is partitioned by an expression, so it cannot have {} {what}", say::article(what));
    let span = match clause {
        Clause::Index(index) => index.head_span,
        _ => failure.span,
    };
    let finding = found.report(About::Failure, span, message);
    finding.caption(step.refuses(failure));
    for element in key.iter().flat_map(|it| &it.elements).filter(|it| it.column.is_none()) {
        finding.label(element.script, element.span, "an expression, not a column");
    }
    finding.help(
        "partition by the column itself, with bounds that say what the expression says; \
         or put a unique index on each partition, which then holds within that partition only",
    );
}

fn thing(constraint: &Constraint) -> &'static str {
    match constraint.kind {
        ConstraintKind::Unique(UniqueKey { primary: true, .. }) => "primary key",
        ConstraintKind::Exclude(_) => "exclusion constraint",
        _ => "unique constraint",
    }
}
