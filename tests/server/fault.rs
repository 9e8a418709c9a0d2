//! How wrong a prediction was.

use crate::ground::Ran;
use lockkeeper_verify::{Mismatch, compare};

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
        Mismatch::FailureNotClaimed(seen) if seen.depends_on_rows() => None,
        Mismatch::FailureNotClaimed(_) => Some(Fault::MissedFailure),
        // The rows may be looked at before what is wrong with the statement.
        Mismatch::OtherFailure { seen, .. } if seen.depends_on_rows() => None,
        Mismatch::OtherFailure { .. } => Some(Fault::OtherFailure),
        Mismatch::LockNotClaimed { .. }
        | Mismatch::LockNotTaken { .. }
        | Mismatch::WorkNotClaimed(..)
        | Mismatch::WorkNotDone(..) => Some(Fault::Effect),
    });
    worst.min().map(|it| (it, mismatches))
}
