//! Rows are changed, copied or read in number while an earlier statement of the transaction keeps a table closed.

use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use crate::{About, rows, say};
use lockkeeper_model::RelationId;
use lockkeeper_model::timeline::HeldLock;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::ActionKind;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let work = rows::many(step).map(|it| (it.table, it.span, it.what));
    let Some((table, span, what)) = work.or_else(|| validation(step)) else { return };
    let Some(held) = strongest(step) else { return };
    let closed = step.name(held.relation);
    let message =
        format!("{} `{closed}` wait while rows of `{}` {what}", say::accesses(held.mode.blocks()), step.name(table));
    let finding = found.report(About::Rows(table), span, message);
    finding.caption(format!("the transaction holds {} on `{closed}` until it commits", held.mode));
    let (script, place) = step.head_of(held.since);
    finding.label(script, place, format!("{} on `{closed}` since here", held.mode));
    finding.help("commit before the work begins: put it into a later migration, in batches where rows change");
}

/// The strongest lock that the transaction holds on a table with traffic.
fn strongest(step: &Step<'_>) -> Option<HeldLock> {
    let busy = step.held.locks.iter().filter(|it| it.mode.blocks_writes() && !step.is_quiet(it.relation));
    // Of equal ones the first is named, as it has been held the longest.
    busy.copied().reduce(|a, b| if b.mode > a.mode { b } else { a })
}

/// A constraint of a table that is itself open is validated. Where the table is closed another rule speaks.
fn validation(step: &Step<'_>) -> Option<(RelationId, Span, &'static str)> {
    let scan = step.effects.scans.iter().find(|it| !step.is_quiet(it.relation) && !step.is_small(it.relation))?;
    let action = clause::action_at(&step.statement.body, scan.span)?;
    let validates = matches!(action.kind, ActionKind::ValidateConstraint { .. });
    let open = step.lock_on(scan.relation).is_some_and(|it| !it.blocks_writes());
    (validates && open).then_some((scan.relation, action.span, "are read to validate a constraint"))
}
