//! `TRUNCATE` of a table that a foreign key refers to.

use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;
use crate::{Edit, recipe};
use lockkeeper_model::Refusal;
use lockkeeper_model::catalog::ConstraintKind;
use lockkeeper_syntax::ast::{Body, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::TruncateBlockedByForeignKey) else { return };
    let Refusal::TruncateReferenced { table, by } = &failure.refusal else { return };
    let Body::Truncate(truncate) = &step.statement.body else { return };
    let message = format!("`{}` cannot be emptied by itself: `{}` refers to it", quoted(table), quoted(by));
    let finding = found.refused(failure, message);
    let all = || step.timeline().catalog.relations();
    let target = all().find(|(_, it)| it.name.name == *table && it.is_table()).map(|(id, _)| id);
    let key = all().filter(|(_, it)| it.name.name == *by).flat_map(|(_, it)| it.live_constraints()).find(
        |(_, it)| matches!(&it.kind, ConstraintKind::ForeignKey { references, .. } if Some(*references) == target),
    );
    if let Some((_, key)) = key {
        let (script, span) = step.locate(key.place);
        finding.label(script, span, "the foreign key");
    }
    finding.help(format!("name `{}` as well, if its rows are to go too; else delete the rows in batches", quoted(by)));
    if let Some(last) = truncate.tables.last() {
        let edit = Edit::insert(last.name.span().end, format!(", {}", quoted(by)));
        finding.instead(recipe::edited(step, &[edit]));
    }
}
