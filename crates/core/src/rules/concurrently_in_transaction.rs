//! `CONCURRENTLY` in a transaction that the file or its tool opened.

use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;
use crate::{About, Where, recipe};
use lockkeeper_model::timeline::OpenedBy;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::Body;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::ConcurrentlyInTransaction) else { return };
    let span = step.concurrently().unwrap_or(failure.span);
    let tag = step.statement.body.tag().unwrap_or_default();
    let finding = found.report(About::Failure, span, format!("{tag} CONCURRENTLY cannot run inside a transaction"));
    finding.caption(step.refuses(failure));
    if let Some(begin) = step.opened_at() {
        finding.label(step.script(), begin, "the transaction begins here");
    }
    if step.transaction.opened_by == OpenedBy::Runner {
        finding.assume("the migration tool runs each file in a transaction");
        if let Some(how) = step.framework().outside_transaction() {
            finding.note(format!("{} runs a file outside of a transaction with {how}", step.framework().name()));
        }
    }
    if let Body::CreateIndex(index) = &step.statement.body
        && let Some((table, _)) = step.find(&index.table.name)
        && step.is_new(table)
    {
        finding.help(format!("leave out CONCURRENTLY: nobody else can see `{}` yet", index.table.name));
        let blank = Span::new(span.start, span.end + blank_after(step, span));
        finding.instead(recipe::rewrite(step, &[(blank, "")]));
        return;
    }
    finding.instead_in(Where::Outside, format!("{};", step.statement_text()));
}

/// So many bytes of white space follow the clause.
fn blank_after(step: &Step<'_>, span: Span) -> u32 {
    let rest = step.text(Span::new(span.end, step.statement.span.end));
    (rest.len() - rest.trim_start().len()) as u32
}
