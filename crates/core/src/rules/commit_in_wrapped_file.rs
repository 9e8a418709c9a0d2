//! `COMMIT` or `ROLLBACK` in a file that its tool wraps into a transaction.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_model::timeline::OpenedBy;
use lockkeeper_syntax::ast::{Body, Transaction};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::Transaction(control) = &step.statement.body else { return };
    let behind = step.later().iter().filter(|it| !matches!(it.body, Body::Transaction(_))).count();
    if step.transaction.opened_by != OpenedBy::Runner || behind == 0 {
        return;
    }
    let span = step.statement.span;
    let rest = if behind == 1 { "the statement behind it commits" } else { "the statements behind it commit" };
    let finding = match control {
        Transaction::Commit { .. } => {
            let message = format!("COMMIT ends the transaction that the migration tool opened: {rest} by itself");
            found.report(About::Meaning(span), span, message)
        }
        Transaction::Rollback { .. } => {
            let message = format!("ROLLBACK undoes what the file did so far, and {rest} by itself");
            found.report(About::Meaning(span), span, message)
        }
        _ => return,
    };
    finding.caption("if something fails behind it, half of the migration stays");
    finding.assume("the migration tool runs the file in a transaction");
    match step.framework().outside_transaction() {
        Some(how) => {
            let name = step.framework().name();
            finding.help(format!("leave it out, or move what needs no transaction to a file of its own: {name} runs it outside one with {how}"));
        }
        None => {
            finding.help("leave it out, or move what needs no transaction to a file of its own that runs outside one");
        }
    }
}
