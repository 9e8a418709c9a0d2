//! The markers of a block as claims about its statements, and a block held against a server.

use crate::account::Account;
use crate::ground::{Ground, Ran};
use lockkeeper_rules::document::{self, Block, BlockKind, Language, Sending};
use lockkeeper_verify::{Claim, Error, LockMode};

/// Runs a block as the next migration, compares it statement by statement, and hands the statements on.
pub(crate) fn run(
    path: &str,
    block: &Block<'_>,
    ground: &mut Ground,
    account: &mut Account,
) -> Result<Vec<Ran>, Error> {
    assert!(block.language == Language::Sql, "{path}:{}: only SQL examples can be run", block.line);
    let (ran, commit) = ground.run(block.text, block.sending)?;
    account.count(ran.len());
    let mut ended = false;
    for (at, it) in ran.iter().enumerate() {
        let next = ran.get(at + 1).map_or(block.text.len(), |it| it.span.start as usize);
        let claimed = claimed(block, it.span.end as usize, next, account.major());
        // After a refusal nothing of the transaction remains, and the document says no more about it.
        let claimed = Some(&claimed).filter(|_| !ended && block.kind != BlockKind::Setup);
        account.compare(path, line_of(block, it), claimed, it);
        if let (Some(failure), BlockKind::Setup) = (&it.seen.failure, block.kind) {
            account.complain(path, line_of(block, it), format!("a setup block fails: {failure}"));
        }
        ended |= it.seen.failure.is_some() && block.sending != Sending::OneByOne;
    }
    if let Some(failure) = commit {
        account.complain(path, block.line, format!("the block fails at its commit: {failure}"));
    }
    Ok(ran)
}

/// The line of a statement in the document.
pub(crate) fn line_of(block: &Block<'_>, ran: &Ran) -> usize {
    block.line + 1 + block.text[..ran.span.start as usize].matches('\n').count()
}

/// What the markers between two statements claim of the first. About locks below SHARE UPDATE EXCLUSIVE they are silent.
fn claimed(block: &Block<'_>, end: usize, next: usize, version: u8) -> Claim {
    let mut claim = Claim::nothing_from(LockMode::ShareUpdateExclusive);
    for it in block.claims(end, next, version) {
        match it {
            // Whether the rule fires is for the prediction to say.
            document::Claim::Finding { .. } => {}
            document::Claim::Lock { relation, mode } => {
                let mode = mode.parse().expect("a marker names a mode as the manual does");
                claim.locks.push((relation.to_owned(), mode));
            }
            document::Claim::Scan { relation } => claim.scans.push(relation.to_owned()),
            document::Claim::Rewrite { relation } => claim.rewrites.push(relation.to_owned()),
            document::Claim::Index { relation } => claim.index_builds.push(relation.to_owned()),
            document::Claim::Error { sqlstate } => claim.sqlstate = Some(sqlstate.to_owned()),
        }
    }
    claim
}
