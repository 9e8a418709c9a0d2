//! `ONLY` keeps something from the partitions that they must have as well.

use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;
use crate::{Edit, recipe};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Body, QualifiedName};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::PartitionsLeftOut) else { return };
    let Some((name, only)) = target(step) else {
        found.refusal(failure);
        return;
    };
    let message = format!("`{name}` has partitions, and this cannot leave them out: {}", failure.refusal.message());
    let finding = found.refused(failure, message);
    let Some(only) = only else { return };
    finding.help("leave out ONLY; the partitions follow");
    finding.instead(recipe::edited(step, &[Edit::delete(only)]));
}

/// The table, and the word `ONLY` with the blank behind it.
fn target<'a>(step: &Step<'a>) -> Option<(&'a QualifiedName, Option<Span>)> {
    let (name, only) = match &step.timeline().statement.body {
        Body::AlterTable(it) => (&it.relation.name, it.relation.only),
        Body::Rename(it) => (&it.object, it.only),
        Body::Truncate(it) => it.tables.iter().find(|it| it.only).map(|it| (&it.name, it.only))?,
        _ => return None,
    };
    let before = Span::new(step.statement.span.start, name.span().start);
    let at = step.text(before).to_ascii_uppercase().rfind("ONLY").filter(|_| only);
    Some((name, at.map(|at| Span::new(before.start + at as u32, before.end))))
}
