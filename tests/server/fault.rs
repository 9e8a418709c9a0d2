//! How wrong a prediction was.

use crate::ground::Ran;
use lockkeeper_syntax::ast::ActionKind;
use lockkeeper_syntax::{Body, parse};
use lockkeeper_verify::{Mismatch, SeenFailure, compare};

/// How a prediction was wrong, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// The server accepts what was predicted to fail.
    FalseFailure,
    /// A lock or work that the server does not do, or the other way round.
    Effect,
    /// The server refuses it for another reason.
    OtherFailure,
    /// The server refuses what was predicted to work.
    MissedFailure,
}

/// The worst fault of a statement. What depends on the rows need not be predicted.
pub(crate) fn fault(ran: &Ran) -> Option<(Fault, Vec<Mismatch>)> {
    let mismatches = compare(&ran.predicted, &ran.seen);
    let worst = mismatches.iter().filter_map(|it| match it {
        Mismatch::DidNotFail { .. } => Some(Fault::FalseFailure),
        Mismatch::FailureNotClaimed(seen) if depends_on_rows(&ran.sql, seen) => None,
        Mismatch::FailureNotClaimed(_) => Some(Fault::MissedFailure),
        // The rows may be looked at before what is wrong with the statement.
        Mismatch::OtherFailure { seen, .. } if depends_on_rows(&ran.sql, seen) => None,
        Mismatch::OtherFailure { .. } => Some(Fault::OtherFailure),
        Mismatch::LockNotClaimed { .. }
        | Mismatch::LockNotTaken { .. }
        | Mismatch::WorkNotClaimed(..)
        | Mismatch::WorkNotDone(..) => Some(Fault::Effect),
    });
    worst.min().map(|it| (it, mismatches))
}

/// Whether the rows decide it: also those that hold a value too long for the new type of its column, as what `now()` left
/// is for `varchar(20)`. Elsewhere a constant may be what is too long, and that can be foreseen.
fn depends_on_rows(sql: &str, seen: &SeenFailure) -> bool {
    let changes_type = || {
        let parsed = parse(sql);
        let Some(Body::AlterTable(it)) = parsed.statements.first().map(|it| &it.body) else { return false };
        it.actions.iter().any(|it| matches!(it.kind, ActionKind::SetType { .. }))
    };
    seen.depends_on_rows() || seen.sqlstate == "22001" && changes_type()
}
