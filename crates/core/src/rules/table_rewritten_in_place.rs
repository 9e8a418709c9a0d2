//! A table is written anew, as it is, while reads and writes wait.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, work};
use lockkeeper_model::RewriteReason;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let reasons = |why: &'_ RewriteReason| Some((reason(why)?, help(why)));
    for (work, (reason, help)) in work::rewrites(step, reasons) {
        let message = format!("{} while every row is written anew {reason}", work.waiting(step));
        let finding = found.report(About::Rewrite(work.table), work.span, message);
        finding.caption(work.caption(step, work::REWRITES));
        finding.help(help);
    }
}

/// To what end; none where another rule speaks of it.
fn reason(why: &RewriteReason) -> Option<&'static str> {
    match why {
        RewriteReason::NewColumn(_)
        | RewriteReason::TypeChange(_)
        | RewriteReason::Truncate
        | RewriteReason::Refresh => None,
        RewriteReason::Expression(_) => Some("for the new expression of a stored column"),
        RewriteReason::Persistence => Some("to change whether it is logged"),
        RewriteReason::AccessMethod => Some("for another access method"),
        RewriteReason::Tablespace => Some("to another tablespace"),
        RewriteReason::Compaction => Some("to compact it"),
    }
}

fn help(why: &RewriteReason) -> &'static str {
    match why {
        RewriteReason::Compaction => {
            "pg_repack and pg_squeeze compact a table while it is used; plain VACUUM lets new rows use the free space"
        }
        RewriteReason::Tablespace => "pg_repack moves a table to another tablespace while it is used",
        RewriteReason::Expression(_) => {
            "add a new column with the new expression's values, filled in batches, and swap the names in a short transaction"
        }
        _ => "fill a new table in batches, keep both equal by a trigger, and swap their names in a short transaction",
    }
}
