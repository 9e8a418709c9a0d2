//! A table goes, with its rows.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, Finding, say};
use lockkeeper_model::catalog::{Relation, RelationKind};
use lockkeeper_model::{DropReason, DroppedObject, RelationId};
use lockkeeper_syntax::ast::BoundKind;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for dropped in step.effects.drops.iter().filter(|it| it.how == DropReason::Named) {
        let DroppedObject::Relation(id) = dropped.object else { continue };
        let Some(relation) = step.get(id).filter(|it| it.is_table()) else { continue };
        if step.is_new(id) {
            continue;
        }
        let rows = match relation.kind {
            RelationKind::Foreign => "; its rows stay on the other server".to_owned(),
            RelationKind::Partitioned(_) => with_partitions(step, id),
            _ => " with all its rows".to_owned(),
        };
        let message = format!("{} `{}` is dropped{rows}", say::kind(relation), relation.name.short());
        let finding = found.report(About::Drop(dropped.object.clone()), dropped.span, message);
        finding.caption("running code that uses it fails from here on");
        if let Some((script, span)) = step.created_at(id) {
            finding.label(script, span, "created here");
        }
        finding.help(help(step, relation));
        locked_too(step, finding, id);
    }
}

fn with_partitions(step: &Step<'_>, id: RelationId) -> String {
    match step.timeline().catalog.partitions(id).as_slice() {
        [] => " with all its rows".to_owned(),
        [one] => format!(" with its partition `{}` and all rows", step.name(*one)),
        many => format!(" with its {} partitions and all their rows", many.len()),
    }
}

fn help(step: &Step<'_>, relation: &Relation) -> String {
    let name = relation.name.short();
    match relation.partition_of.as_ref().map(|it| it.parent) {
        Some(parent) if detaches_concurrently(step, parent) => format!(
            "detach it first, with ALTER TABLE {} DETACH PARTITION {name} CONCURRENTLY outside a transaction; \
             then the drop stops nobody",
            step.name(parent)
        ),
        Some(parent) => format!("`{}` and its queries wait as well: drop it under a lock_timeout", step.name(parent)),
        None => format!(
            "release code that does without `{name}`, then rename it for a while, and drop it in a later migration"
        ),
    }
}

/// `DETACH … CONCURRENTLY` came with PostgreSQL 14 and is refused beside a default partition.
fn detaches_concurrently(step: &Step<'_>, parent: RelationId) -> bool {
    let bound = |id: &RelationId| step.get(*id)?.partition_of.as_ref()?.bound.as_ref();
    let partitions = step.timeline().catalog.partitions(parent);
    step.version.since(14) && !partitions.iter().any(|it| matches!(bound(it), Some(BoundKind::Default)))
}

/// Names the other tables that wait for the drop: parents, and what the foreign keys refer to.
fn locked_too(step: &Step<'_>, finding: &mut Finding, dropped: RelationId) {
    let others = step.effects.locks.iter().filter(|it| {
        let stays = !step.effects.drops.iter().any(|drop| drop.object == DroppedObject::Relation(it.relation));
        let table = step.get(it.relation).is_some_and(Relation::is_table);
        it.relation != dropped && stays && table && it.mode.blocks_writes() && !step.is_quiet(it.relation)
    });
    for lock in others {
        finding.note(format!(
            "{} `{}` wait as well: {} on it until commit",
            say::accesses(lock.mode.blocks()),
            step.name(lock.relation),
            lock.mode
        ));
    }
}
