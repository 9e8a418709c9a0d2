//! A new rule for rows that running code does not know yet.

use crate::About;
use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use lockkeeper_model::RelationId;
use lockkeeper_syntax::ast::{Action, ActionKind, Body, Constraint, ConstraintKind};
use smol_str::SmolStr;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let body = &step.timeline().statement.body;
    let Some((id, relation)) = clause::target(body).and_then(|it| step.find(it)) else { return };
    if step.is_new(id) || step.effects.skipped || step.effects.failure.is_some() || !matches!(body, Body::AlterTable(_))
    {
        return;
    }
    if replaces(step, id) {
        return;
    }
    for (constraint, column) in clause::constraints(body) {
        let columns = columns(constraint);
        let new = |name: &SmolStr| relation.column(name).is_none_or(|it| step.is_new_place(it.place.statement));
        if column.is_some() || columns.is_empty() || columns.iter().all(new) {
            continue;
        }
        let Some(what) = what(constraint) else { continue };
        let message = format!(
            "writes to `{}` that break the new {what} fail from here on, NOT VALID or not",
            relation.name.short()
        );
        let finding = found.report(About::Meaning(constraint.span), constraint.span, message);
        finding.caption("so do updates of old rows that break it");
        finding.help("release code that keeps it first, and mend the rows that break it");
    }
}

fn what(constraint: &Constraint) -> Option<&'static str> {
    match &constraint.kind {
        ConstraintKind::Check { .. } => Some("check"),
        ConstraintKind::Unique(key) if key.using_index.is_some() => None,
        ConstraintKind::Unique(_) => Some("unique key"),
        ConstraintKind::Exclude(_) => Some("exclusion constraint"),
        ConstraintKind::ForeignKey(_) => Some("foreign key"),
        ConstraintKind::NotNull { .. } => Some("not-null constraint"),
    }
}

fn columns(constraint: &Constraint) -> Vec<SmolStr> {
    match &constraint.kind {
        ConstraintKind::Check { expr } => expr.columns().iter().map(|it| it.text.clone()).collect(),
        ConstraintKind::Unique(key) => key.columns.iter().map(|it| it.text.clone()).collect(),
        ConstraintKind::Exclude(it) => {
            it.elements.iter().filter_map(|(it, _)| it.column()).map(|it| it.text.clone()).collect()
        }
        ConstraintKind::ForeignKey(key) => key.columns.iter().map(|it| it.text.clone()).collect(),
        ConstraintKind::NotNull { column } => vec![column.text.clone()],
    }
}

/// Whether this migration drops a constraint of the table up to here: then the new one stands for it.
fn replaces(step: &Step<'_>, table: RelationId) -> bool {
    let own = std::iter::once(step.timeline().statement);
    own.chain(step.earlier()).any(|it| {
        let drops = |it: &Action| matches!(it.kind, ActionKind::DropConstraint { .. });
        clause::actions(&it.body).iter().any(drops)
            && clause::target(&it.body).and_then(|it| step.find(it)).is_some_and(|(id, _)| id == table)
    })
}
