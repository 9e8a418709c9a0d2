//! `DROP INDEX`.

use super::drop_other;
use crate::Refusal;
use crate::catalog::RelationId;
use crate::effects::{DropReason, DroppedObject, LockMode};
use crate::interpret::names::{Expected, Found};
use crate::interpret::work::Work;
use lockkeeper_syntax::ast::{Drop, DropTarget, ObjectKind, Persistence};

pub(super) fn drop_indexes(work: &mut Work<'_>, it: &Drop) {
    let concurrently = it.concurrently.is_some();
    if concurrently {
        work.outside_transaction("DROP INDEX CONCURRENTLY");
        if it.objects.len() > 1 {
            work.refuse(Refusal::ConcurrentDropOfSeveral, it.concurrently.unwrap_or(work.statement.span));
        }
        if let Some(span) = it.cascade {
            work.refuse(Refusal::ConcurrentDropCascade, span);
        }
    }
    let mode = if concurrently { LockMode::ShareUpdateExclusive } else { LockMode::AccessExclusive };
    let mut met = false;
    for object in &it.objects {
        match work.resolve(&object.name, Expected::Index, it.if_exists) {
            Found::Known(index) => {
                met = true;
                drop_index(work, index, object, concurrently, mode, it.cascade.is_some());
            }
            Found::Unknown => {
                met = true;
                let name = work.new_name(&object.name, lockkeeper_syntax::ast::Persistence::Permanent);
                drop_other(work, ObjectKind::Index, object, name.short());
            }
            Found::Missing => {}
        }
    }
    if !met {
        work.effects.skipped = work.effects.failure.is_none();
    }
}

fn drop_index(
    work: &mut Work<'_>,
    index: RelationId,
    object: &DropTarget,
    concurrently: bool,
    mode: LockMode,
    cascade: bool,
) {
    let relation = work.relation(index);
    let Some(own) = relation.as_index().cloned() else { return };
    let name = relation.name.name.clone();
    let short = relation.name.short();
    let table = own.table;
    if let Some(parent) = relation.partition_of.as_ref().map(|it| it.parent) {
        let refusal = Refusal::RequiredBy { what: format!("index {short}"), by: work.described(parent) };
        work.refuse(refusal, object.span);
        return;
    }
    if let Some(constraint) = work.relation(table).constraint_of_index(index).map(|(_, it)| it.name.clone()) {
        let by = format!("constraint {constraint} on {}", work.described(table));
        work.refuse(Refusal::RequiredBy { what: format!("index {short}"), by }, object.span);
        return;
    }
    // A temporary table has no other sessions to spare, so the server drops at once.
    let temporary = work.relation(table).persistence == Persistence::Temporary;
    let (concurrently, mode) = if temporary { (false, LockMode::AccessExclusive) } else { (concurrently, mode) };
    if concurrently && work.is_partitioned(table) {
        work.refuse(Refusal::ConcurrentDropOfPartitionedIndex { index: name }, object.span);
    }
    let users = work.foreign_keys_on(table, index);
    if !users.is_empty() && !cascade {
        let on = format!("index {short}");
        let dependents = users.iter().map(|(by, at)| work.depends_line(*by, *at, &on)).collect();
        work.refuse(Refusal::DependentObjects { what: on, dependents }, object.span);
    } else {
        for (by, at) in users {
            work.lock(by, LockMode::AccessExclusive, object.span);
            work.drop_constraint(by, at, DropReason::Cascade, true, object.span);
        }
    }
    // All partitions, whether or not they have a part of it; `RangeVarCallbackForDropRelation`.
    for on in work.catalog.tree(table).into_iter().filter(|_| work.is_partitioned(table)).collect::<Vec<_>>() {
        work.lock(on, mode, object.span);
    }
    for part in work.catalog.tree(index) {
        let on = work.relation(part).as_index().map(|it| it.table);
        if let Some(on) = on {
            work.lock(on, mode, object.span);
        }
        let how = if part == index { DropReason::Named } else { DropReason::Automatic };
        work.dropped(DroppedObject::Relation(part), how, object.span);
    }
    work.remove_index_tree(index);
}
