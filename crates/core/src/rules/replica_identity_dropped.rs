//! A published table loses what tells its rows apart for subscribers.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, clause, published};
use lockkeeper_model::catalog::{Constraint, Fact, Identity, Index, NotNull, Relation};
use lockkeeper_model::{DroppedObject, RelationId};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{ActionKind, ReplicaIdentity};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for (table, about, span) in losses(step) {
        let Some(publication) = step.timeline().catalog.published_by(table) else { continue };
        let Some(relation) = step.get(table) else { continue };
        // Of a partitioned table one partition speaks for all.
        if found.already(span) || goes(step, table) || published::regains(step, table) {
            continue;
        }
        let name = relation.name.short();
        let message = format!(
            "`{name}` is published by `{publication}`, and nothing tells its rows apart any more: each UPDATE and DELETE is refused"
        );
        let other = other_index(step, table);
        let finding = found.report(about, span, message);
        finding.caption("accepted now, and with it goes the replica identity");
        match other {
            Some(index) => {
                finding.help("first take the other unique index for it");
                finding.instead(format!("ALTER TABLE {name} REPLICA IDENTITY USING INDEX {index};"));
            }
            None => {
                finding.help("first build another unique index over required columns and name it with REPLICA IDENTITY USING INDEX, or take the table out of the publication");
            }
        }
    }
}

/// The tables and partitions that lose their replica identity, with the effect and the clause.
fn losses(step: &Step<'_>) -> Vec<(RelationId, About, Span)> {
    let catalog = step.timeline().catalog;
    let mut found = Vec::new();
    for dropped in &step.effects.drops {
        let index = match &dropped.object {
            DroppedObject::Relation(id) => Some(*id),
            DroppedObject::Constraint { table, constraint } => {
                let constraint = step.get(*table).and_then(|it| it.constraint(constraint));
                constraint.and_then(|(_, it)| Constraint::index(it))
            }
            _ => None,
        };
        // What hangs below an index goes with it.
        for part in index.into_iter().flat_map(|it| catalog.tree(it)) {
            let Some(index) = step.get(part).and_then(Relation::as_index) else { continue };
            if catalog.identity(index.table) == Fact::Known(Identity::Index(part)) {
                found.push((index.table, About::Drop(dropped.object.clone()), dropped.span));
            }
        }
    }
    let body = &step.statement.body;
    for action in clause::actions(body) {
        let ActionKind::ReplicaIdentity(identity) = &action.kind else { continue };
        let Some((table, relation)) = clause::target(body).and_then(|it| step.find(it)) else { continue };
        let nothing = match identity {
            ReplicaIdentity::Nothing => true,
            ReplicaIdentity::Default => relation.complete && relation.primary_key().is_none(),
            ReplicaIdentity::Full | ReplicaIdentity::Index(_) => false,
        };
        if nothing && catalog.identity(table) != Fact::Known(Identity::Nothing) {
            found.push((table, About::Meaning(action.span), action.span));
        }
    }
    found
}

/// Whether the table itself goes, now or later in the script.
fn goes(step: &Step<'_>, table: RelationId) -> bool {
    let it_goes = |it: &DroppedObject| matches!(it, DroppedObject::Relation(id) if *id == table);
    step.effects.drops.iter().any(|it| it_goes(&it.object)) || step.goes_later(table)
}

/// Another index that can be the replica identity; `ATExecReplicaIdentity` in `src/backend/commands/tablecmds.c`.
fn other_index(step: &Step<'_>, table: RelationId) -> Option<String> {
    let catalog = step.timeline().catalog;
    let relation = step.get(table)?;
    let required = |it: Option<usize>| it.is_some_and(|it| relation.columns[it].not_null == NotNull::Yes);
    let fits = |it: &Index| {
        let plain = it.unique && it.immediate && it.valid && it.predicate.is_none();
        plain && it.key.iter().all(|it| required(it.column))
    };
    let goes = |id: RelationId| step.effects.drops.iter().any(|it| it.object == DroppedObject::Relation(id));
    let own = match catalog.identity(table) {
        Fact::Known(Identity::Index(own)) => Some(own),
        _ => None,
    };
    let mut indexes = catalog.indexes(table);
    let other = indexes.find(|(id, _, it)| Some(*id) != own && !goes(*id) && fits(it))?;
    Some(lockkeeper_syntax::ast::quoted(&other.1.name.name).to_string())
}
