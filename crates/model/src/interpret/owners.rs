//! `OWNER TO`, `REASSIGN OWNED`, `DROP OWNED`, as far as the history says whose something is.

use super::work::Work;
use crate::catalog::{PartKind, Relation, RelationId};
use crate::effects::{Assumption, LockMode};
use crate::{Change, Refusal};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{DropOwned, Name};
use smol_str::SmolStr;

/// Whether it is whoever runs the statement.
pub(super) fn is_own(role: &Name) -> bool {
    matches!(role.text.as_str(), "current_role" | "current_user" | "session_user")
}

/// The role, unless it is whoever runs the statement.
fn named(role: &Name) -> Option<SmolStr> {
    (!is_own(role)).then(|| role.text.clone())
}

fn give(work: &mut Work<'_>, id: RelationId, owner: Option<SmolStr>) {
    let to = Relation { owner, ..work.relation(id).clone() };
    work.change(Change::Relation { id, to: Some(Box::new(to)) });
}

/// `ALTER … OWNER TO`: the sequences of a table's columns go with it; `ATExecChangeOwner`.
pub(super) fn change(work: &mut Work<'_>, id: RelationId, to: &Name, mode: LockMode, span: Span) {
    let owner = named(to);
    // Whose it is already, nothing is done for.
    if work.relation(id).known() && work.relation(id).owner == owner {
        return;
    }
    for (sequence, _) in work.catalog.owned_sequences(id) {
        work.lock(sequence, mode, span);
        give(work, sequence, owner.clone());
    }
    give(work, id, owner);
}

fn owned_by(work: &Work<'_>, roles: &[Name]) -> Vec<(RelationId, Span)> {
    let whose = |it: &Relation| roles.iter().find(|role| it.owner.is_some() && it.owner == named(role));
    work.catalog.relations().filter_map(|(id, it)| Some((id, whose(it)?.span))).collect()
}

/// `REASSIGN OWNED`; `shdepReassignOwned` in `src/backend/catalog/pg_shdepend.c`.
pub(super) fn reassign(work: &mut Work<'_>, roles: &[Name], to: &Name) {
    for (id, span) in owned_by(work, roles) {
        work.lock(id, LockMode::AccessExclusive, span);
        give(work, id, named(to));
    }
}

/// `DROP OWNED`; `shdepDropOwned`. The server's own roles are protected.
pub(super) fn drop_owned(work: &mut Work<'_>, it: &DropOwned) {
    if let Some(role) = it.roles.iter().find(|it| it.text.starts_with("pg_")) {
        let what = format!("objects owned by role {}", role.text);
        let dependents = Vec::new();
        work.refuse(Refusal::DependentObjects { what, dependents }, role.span);
    }
    let known = owned_by(work, &it.roles);
    work.drop_owned_relations(&known, it.cascade);
    // A policy goes with the last role that it is for.
    let policies = |it: &Relation| it.parts.iter().any(|it| it.kind == PartKind::Policy);
    let tables: Vec<RelationId> = work.catalog.relations().filter(|(_, it)| policies(it)).map(|(id, _)| id).collect();
    for id in tables {
        let to = Relation { complete: false, ..work.relation(id).clone() };
        work.change(Change::Relation { id, to: Some(Box::new(to)) });
    }
    // What was made by the role itself the history does not tell: whatever was made before may be gone.
    work.effects.assumed.push(Assumption::OpaqueCode);
    for change in work.catalog.unread(work.place(work.statement.span).statement) {
        work.change(change);
    }
}
