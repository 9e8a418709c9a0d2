//! A column or constraint of a partition is changed by itself, although it belongs to the whole table.

use crate::choose::Findings;
use crate::clause;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_model::Refusal;
use lockkeeper_model::catalog::Relation;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Body, QualifiedName, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::PartitionColumnChangedAlone) else { return };
    let Some((name, table)) = target(&step.statement.body).and_then(|it| Some((it, step.find(it)?.1))) else {
        found.refusal(failure);
        return;
    };
    let Some(parent) = parent_of(step, table) else {
        found.refusal(failure);
        return;
    };
    let (child, above) = (table.name.short(), parent.name.short());
    let message = match &failure.refusal {
        Refusal::ChildColumn => format!("`{child}` is a partition of `{above}`: it cannot have a column of its own"),
        Refusal::InheritedColumn { column, .. } => {
            format!(
                "`{}` of `{child}` comes from `{above}` and cannot be changed for this partition alone",
                quoted(column)
            )
        }
        Refusal::InheritedConstraint { constraint, .. } => {
            format!(
                "`{}` of `{child}` comes from `{above}` and cannot be dropped for this partition alone",
                quoted(constraint)
            )
        }
        _ => failure.refusal.message(),
    };
    let finding = found.refused(failure, message);
    if let Some((script, span)) = partition_clause(step, table) {
        finding.label(script, span, format!("`{child}` is created here"));
    }
    let edits = crate::recipe::rewrite(step, &[(name.span(), &above)]);
    finding.help(format!("change `{above}`; all its partitions follow")).instead(edits);
}

/// The table whose column or constraint the statement changes.
fn target(body: &Body) -> Option<&QualifiedName> {
    match body {
        Body::Rename(it) => Some(&it.object),
        _ => clause::target(body),
    }
}

/// The table that the columns come from.
fn parent_of<'a>(step: &Step<'a>, table: &Relation) -> Option<&'a Relation> {
    let parent = match &table.partition_of {
        Some(of) => of.parent,
        None => *table.inherits.first()?,
    };
    step.get(parent)
}

fn partition_clause(step: &Step<'_>, table: &Relation) -> Option<(usize, Span)> {
    table.known().then(|| step.locate(table.place()))
}
