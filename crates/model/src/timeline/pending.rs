//! Checks of deferred foreign keys, which wait for the end of the transaction.

use super::Held;
use crate::catalog::{Catalog, ConstraintKind, PartKind, RelationKind};
use crate::effects::{DroppedObject, Effects, Failure, LockMode};
use crate::{Refusal, RelationId};
use lockkeeper_syntax::ast::{ActionKind, Body, Statement, WriteKind};

/// Why the statement cannot change a table whose new rows are still to be checked; `CheckTableNotInUse` in
/// `src/backend/commands/tablecmds.c`.
pub(super) fn in_the_way(statement: &Statement, effects: &Effects, held: &Held) -> Option<Failure> {
    if held.pending.is_empty() || effects.failure.is_some() {
        return None;
    }
    let waits = |id: RelationId| held.pending.contains(&id);
    let goes = || {
        effects.drops.iter().find(|it| match it.object {
            DroppedObject::Relation(id) | DroppedObject::Rows(id) => waits(id),
            _ => false,
        })
    };
    let span = match &statement.body {
        // The table itself is met first.
        Body::AlterTable(_) | Body::CreateIndex(_) | Body::Cluster(_) => {
            effects.locks.first().filter(|it| waits(it.relation))?.span
        }
        Body::Drop(_) | Body::Truncate(_) => goes()?.span,
        _ => return None,
    };
    let message = "cannot change a table that has pending trigger events";
    Some(Failure { refusal: Refusal::Plain { sqlstate: "55006", message }, span, caused_by: None })
}

/// Notes the table whose new rows are checked at the end. Only what is certain counts: rows that are written out.
pub(super) fn note(statement: &Statement, effects: &Effects, catalog: &Catalog, held: &mut Held) {
    match &statement.body {
        Body::Write(it) if it.kind == WriteKind::Insert && it.on_conflict.is_none() && it.rows().next().is_some() => {
            let target = effects.locks.iter().find(|it| it.mode == LockMode::RowExclusive);
            let deferred = target.and_then(|it| Some((it.relation, catalog.get(it.relation)?))).filter(|(_, it)| {
                let checked_last = |kind: &ConstraintKind| matches!(kind, ConstraintKind::ForeignKey { .. });
                matches!(it.kind, RelationKind::Table)
                    && !it.parts.iter().any(|it| it.kind == PartKind::Trigger)
                    && it.live_constraints().any(|(_, it)| it.deferred && it.enforced && checked_last(&it.kind))
            });
            if let Some((id, _)) = deferred.filter(|_| !held.checks_unknown) {
                held.pending.push(id);
            }
        }
        // From here on it is not followed what is checked when, or whether at all.
        Body::Other(it) if it.tag == "SET CONSTRAINTS" => forget(held),
        Body::Set(it) if it.name == "session_replication_role" => forget(held),
        Body::AlterTable(it) if it.actions.iter().any(|it| matches!(it.kind, ActionKind::Trigger { .. })) => {
            forget(held);
        }
        _ => {}
    }
}

fn forget(held: &mut Held) {
    held.pending.clear();
    held.checks_unknown = true;
}
