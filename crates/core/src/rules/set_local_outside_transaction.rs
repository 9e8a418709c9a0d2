//! `SET LOCAL` where no transaction is open: it ends with its own statement.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, Edit, Safety, recipe};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Body, SetValue};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::Set(set) = &step.statement.body else { return };
    if !set.local || !step.commits_alone() || set.value == SetValue::Transaction {
        return;
    }
    let message = format!("`{}` is set for this statement alone: no transaction is open", set.name);
    let finding = found.report(About::Nothing, step.statement.span, message);
    finding.caption("has no effect on the statements that follow");
    finding.assume("each statement commits by itself; `transaction` under `[runner]` says otherwise");
    finding.help("leave out LOCAL, or open a transaction before it");
    let head = Span::new(step.statement.span.start, set.value_span.start);
    let Some(at) = step.text(head).to_ascii_uppercase().find("LOCAL ") else { return };
    let start = head.start + at as u32;
    let edits = vec![Edit::delete(Span::new(start, start + "LOCAL ".len() as u32))];
    finding.instead(recipe::edited(step, &edits));
    finding.fix(Safety::Unsafe, "set it for the session", edits);
}
