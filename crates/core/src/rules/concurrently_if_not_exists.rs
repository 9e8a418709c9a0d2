//! `CREATE INDEX CONCURRENTLY IF NOT EXISTS` takes an index that is not valid for done.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, Where, recipe};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::Body;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::CreateIndex(index) = &step.statement.body else { return };
    let (Some(name), Some(word), true) = (&index.name, index.concurrently, index.if_not_exists) else { return };
    if step.effects.failure.is_some() || step.find(&index.table.name).is_some_and(|(id, _)| step.is_quiet(id)) {
        return;
    }
    let between = Span::new(word.end, name.span.start);
    let message = format!("if a first try is cancelled, the second one finds `{name}`, invalid, and calls it done");
    let text = step.text(between);
    let start = between.start + (text.len() - text.trim_start().len()) as u32;
    let words = Span::new(start, start + text.trim().len() as u32);
    let finding = found.report(About::Meaning(words), words, message);
    finding.caption("skips an index that is there but not valid");
    finding.help("drop what a failed try left behind, then build without IF NOT EXISTS");
    let schema = index.table.name.schema.as_ref().map(|it| format!("{it}.")).unwrap_or_default();
    let create = recipe::rewrite(step, &[(between, " ")]);
    finding.instead_in(Where::EachOutside, format!("DROP INDEX CONCURRENTLY IF EXISTS {schema}{name};\n{create}"));
}
