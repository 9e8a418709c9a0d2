//! What is dropped had a foreign key, so the table at its other end is closed too.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, say};
use lockkeeper_model::catalog::{Constraint, ConstraintKind};
use lockkeeper_model::{DropReason, Dropped, DroppedObject, RelationId};
use lockkeeper_syntax::ast::quoted;
use smol_str::SmolStr;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    if step.effects.drops.is_empty() {
        return;
    }
    for lock in step.effects.locks.iter().filter(|it| it.mode.blocks_reads()) {
        if step.is_quiet(lock.relation) || dropped(step, lock.relation) || step.goes_later(lock.relation) {
            continue;
        }
        // What CASCADE takes along is another rule's to name.
        let drops = step.effects.drops.iter().filter(|it| it.how != DropReason::Cascade);
        let keys = drops.filter_map(|it| Some((it, key_to(step, it, lock.relation)?)));
        let Some((drop, (table, key))) = keys.into_iter().next() else { continue };
        let (other, from) = (step.name(lock.relation), step.name(table));
        let message = format!(
            "{} `{other}` wait too, because the foreign key `{}` of `{from}` to it goes",
            say::accesses(lock.mode.blocks()),
            quoted(&key)
        );
        let finding = found.report(About::Lock(lock.relation), drop.span, message);
        finding.caption(format!("{} on `{other}` until commit", lock.mode));
        finding.help(format!(
            "drop the foreign key first, in a short transaction of its own with a lock_timeout; \
             what follows then leaves `{other}` alone"
        ));
    }
}

/// Whether the table itself goes.
fn dropped(step: &Step<'_>, table: RelationId) -> bool {
    step.effects.drops.iter().any(|it| it.object == DroppedObject::Relation(table))
}

/// The foreign key to `other` that goes, by itself or with its table.
fn key_to(step: &Step<'_>, dropped: &Dropped, other: RelationId) -> Option<(RelationId, SmolStr)> {
    let refers =
        |it: &&Constraint| matches!(it.kind, ConstraintKind::ForeignKey { references, .. } if references == other);
    let (table, key) = match &dropped.object {
        DroppedObject::Constraint { table, constraint } => (*table, step.get(*table)?.constraint(constraint)?.1),
        DroppedObject::Relation(id) => (*id, step.get(*id)?.live_constraints().map(|(_, it)| it).find(refers)?),
        _ => return None,
    };
    (refers(&key) && table != other).then(|| (table, key.name.clone()))
}
