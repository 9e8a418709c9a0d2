//! A statement makes something whose name is taken.

use crate::choose::Findings;
use crate::clause;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_model::{Origin, Place, Refusal};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{ColumnDef, ObjectKind};
use smol_str::SmolStr;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::ObjectExistsAlready) else { return };
    let finding = found.refusal(failure);
    match first(step, &failure.refusal, failure.span) {
        Some((script, span)) => {
            finding.label(script, span, "the first one");
            let same_file = script == step.script();
            finding.help(if same_file {
                "give one of them another name, or leave one out"
            } else {
                "give it another name, or change what is there instead of making it again"
            });
        }
        None => {
            finding.help("give it another name, or leave it out");
        }
    }
}

/// Where what has the name was made.
fn first(step: &Step<'_>, refusal: &Refusal, at: Span) -> Option<(usize, Span)> {
    let body = &step.timeline().statement.body;
    let catalog = step.timeline().catalog;
    let target = || Some(step.find(clause::target(body)?)?.1);
    let place: Place = match refusal {
        Refusal::DuplicateRelation { name } => {
            // In several schemas: the last one, which is the likeliest to be meant.
            match catalog.relations().filter(|(_, it)| it.name.name == *name).last()?.1.origin {
                Origin::Created(place) => place,
                Origin::Assumed(_) => return None,
            }
        }
        Refusal::DuplicateColumn { column, table: Some(_) } => target()?.column(column)?.place,
        Refusal::DuplicateColumn { column, table: None } => {
            return Some((step.script(), written_before(body, column, at)?));
        }
        Refusal::DuplicateObject { kind: ObjectKind::Constraint, name, .. } => target()?.constraint(name)?.1.place,
        Refusal::DuplicateSchema { schema } => catalog.schema_place(schema)?,
        _ => return None,
    };
    Some(step.locate(place))
}

/// An earlier column of the same list.
fn written_before(body: &lockkeeper_syntax::ast::Body, column: &SmolStr, at: Span) -> Option<Span> {
    let earlier = |it: &&ColumnDef| it.name.text == *column && it.span.start < at.start;
    clause::columns(body).find(earlier).map(|it| it.name.span)
}
