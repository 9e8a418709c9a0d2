//! What fixes promise: the fixed text runs, and after a safe one the schema is what it would have been.

use crate::account::Account;
use crate::claims::line_of;
use crate::ground::{Ground, Ran};
use crate::history::Offer;
use lockkeeper_core::{Safety, apply};
use lockkeeper_rules::document::{Block, FixSafety};
use lockkeeper_verify::{Error, difference};

/// A fix that a rule offers for a bad block: applied and run from the state that the block has `found`.
///
/// A statement that failed before may fail still, but not the one that is mended.
pub(crate) fn offered(
    path: &str,
    block: &Block<'_>,
    original: &[Ran],
    offer: &Offer,
    found: &Ground,
    after: &Ground,
    account: &mut Account,
) -> Result<(), Error> {
    let text = apply(block.text, &offer.fix);
    let mut fixed = found.copy()?;
    let (ran, _) = fixed.run(&text, block.sending)?;
    account.count(ran.len());
    let line = original.get(offer.statement).map_or(block.line, |it| line_of(block, it));
    for (at, it) in ran.iter().enumerate() {
        let Some(failure) = &it.seen.failure else { continue };
        let failed_before = at != offer.statement && original.get(at).is_some_and(|it| it.seen.failure.is_some());
        if !failed_before {
            account.complain(
                path,
                line,
                format!("after the fix of {} the server refuses `{}`: {failure}", offer.rule, it.sql),
            );
        }
    }
    if offer.fix.safety == Safety::Safe {
        equal_schemas(path, line, &fixed, after, account)?;
    }
    Ok(())
}

/// A `fixed` block of a document, after it ran in place of the bad block above it.
pub(crate) fn shown(
    path: &str,
    block: &Block<'_>,
    safety: FixSafety,
    fixed: &Ground,
    after: &Ground,
    account: &mut Account,
) -> Result<(), Error> {
    match safety {
        FixSafety::Safe => equal_schemas(path, block.line, fixed, after, account),
        FixSafety::Unsafe | FixSafety::None => Ok(()),
    }
}

fn equal_schemas(path: &str, line: usize, fixed: &Ground, after: &Ground, account: &mut Account) -> Result<(), Error> {
    let lines = difference(&after.schema()?, &fixed.schema()?);
    if !lines.is_empty() {
        account.complain(path, line, format!("a safe fix leads to another schema:\n    {}", lines.join("\n    ")));
    }
    Ok(())
}
