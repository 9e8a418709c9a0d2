//! `NOT VALID` on a constraint that an index enforces.

use crate::choose::Findings;
use crate::clause::{self, Clause};
use crate::refusals::Reporter;
use crate::step::Step;
use crate::{Where, recipe};
use lockkeeper_model::Refusal;
use lockkeeper_syntax::ast::ConstraintKind;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::KeyDeclaredNotValid) else { return };
    let what = match &failure.refusal {
        Refusal::NotValidUnsupported { what } => (*what).to_owned(),
        other => other.message().split(' ').next().unwrap_or_default().to_owned(),
    };
    let message = format!("{what} cannot be NOT VALID: its index holds all rows or none");
    let finding = found.refused(failure, message);
    finding.help("build the unique index first, concurrently; the constraint then takes it over at once");
    let Clause::Constraint { constraint, column: None } = clause::at(&step.statement.body, failure.span) else {
        return;
    };
    let ConstraintKind::Unique(key) = &constraint.kind else { return };
    let Some((table, (_, relation))) = clause::target(&step.statement.body).and_then(|it| Some((it, step.find(it)?)))
    else {
        return;
    };
    let index = match &constraint.name {
        Some(name) => name.text.clone(),
        None => format!("{}_{}_key", relation.name.name, key.columns.first().map_or("", |it| it.text.as_str())).into(),
    };
    let sql = recipe::constraint_using_index(&table.to_string(), constraint, key, &index);
    finding.instead_in(Where::EachOutside, sql);
}
