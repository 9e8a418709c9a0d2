//! A constraint is validated while an earlier statement of the transaction keeps the table closed.

use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use crate::{About, Where, recipe, say};
use lockkeeper_model::{LockMode, RelationId, Scan};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::ActionKind;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let mut reported: Vec<RelationId> = Vec::new();
    for scan in &step.effects.scans {
        let Some(action) = clause::action_at(&step.statement.body, scan.span) else { continue };
        let ActionKind::ValidateConstraint { name } = &action.kind else { continue };
        if step.is_quiet(scan.relation) || step.is_small(scan.relation) {
            continue;
        }
        let Some(closed) = closed(step, scan) else { continue };
        if reported.contains(&closed.table) {
            continue;
        }
        reported.push(closed.table);
        let table = step.name(closed.table);
        let message = format!(
            "{} `{table}` wait while `{name}` is validated, which reads every row",
            say::accesses(closed.mode.blocks())
        );
        let finding = found.report(About::Scan(closed.table), action.span, message);
        match closed.since {
            Some((script, span)) => {
                finding.caption(format!("the transaction holds {} on `{table}` until it commits", closed.mode));
                finding.label(script, span, format!("{} on `{table}` since here", closed.mode));
                finding.help("validate it in a later transaction: then reads and writes go on");
            }
            None => {
                finding
                    .caption(format!("{} on `{table}` until commit, for another action of the statement", closed.mode));
                finding.help("validate it in a statement and transaction of its own: then reads and writes go on");
            }
        }
        finding.instead_in(
            Where::OwnMigration,
            recipe::validate(
                &clause::target(&step.statement.body).map(recipe::written).unwrap_or_default(),
                &name.text,
            ),
        );
    }
}

/// What keeps others waiting during the scan.
struct Closed {
    table: RelationId,
    mode: LockMode,
    /// The earlier statement that took the lock; none if it is the statement itself.
    since: Option<(usize, Span)>,
}

fn closed(step: &Step<'_>, scan: &Scan) -> Option<Closed> {
    let own = step.effects.lock_on(scan.relation)?;
    let held = step.held.on(scan.relation).filter(|it| it.mode.blocks_writes() && it.mode >= own.mode);
    if let Some(held) = held {
        let since = step.head_of(held.since);
        return Some(Closed { table: scan.relation, mode: held.mode, since: Some(since) });
    }
    own.mode.blocks_writes().then_some(Closed { table: scan.relation, mode: own.mode, since: None })
}
