//! A file opens a transaction and ends without committing it.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_model::Envelope;
use lockkeeper_syntax::ast::{Body, Statement, Transaction};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let begins = matches!(step.statement.body, Body::Transaction(Transaction::Begin | Transaction::Start));
    let own = step.runner.transaction == Envelope::None && !step.runner.single_query;
    if !begins || !own || step.later().is_empty() || ends(step.later()) {
        return;
    }
    let finding = found.report(
        About::Meaning(step.statement.span),
        step.statement.span,
        "nothing that follows is kept: the file ends and this transaction is still open",
    );
    finding.caption("is rolled back when the session ends");
    finding.assume("the tool opens no transaction and commits none; `transaction` under `[runner]` says otherwise");
    finding.help("end the file with COMMIT");
    finding.instead("COMMIT;");
}

/// Whether the transaction that is open ends, so or so.
fn ends(later: &[Statement]) -> bool {
    later.iter().any(|it| {
        matches!(
            it.body,
            Body::Transaction(Transaction::Commit { .. } | Transaction::Rollback { .. } | Transaction::Prepare)
        )
    })
}
