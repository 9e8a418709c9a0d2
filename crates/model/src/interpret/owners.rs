//! `OWNER TO`, `REASSIGN OWNED`, `DROP OWNED`, as far as the history says whose something is.

use super::work::Work;
use crate::catalog::{PartKind, Relation, RelationId, RelationKind};
use crate::effects::{Assumption, LockMode};
use crate::{Change, Refusal};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{DropOwned, DropShared, GrownRole, Name};
use smol_str::SmolStr;

/// Whether it is whoever runs the statement.
pub(super) fn is_own(role: &Name) -> bool {
    matches!(role.text.as_str(), "current_role" | "current_user" | "session_user")
}

/// The role, unless it is whoever connected.
pub(super) fn named(work: &Work<'_>, role: &Name) -> Option<SmolStr> {
    if is_own(role) { work.acting.clone() } else { Some(role.text.clone()) }
}

/// Whether the statement certainly runs as a role that can do nothing with the relation but what it was given.
pub(super) fn is_foreign(work: &Work<'_>, id: RelationId) -> bool {
    // The code of a function may run as its owner.
    let Some(acting) = work.acting.as_ref().filter(|_| work.alone) else { return false };
    let relation = work.relation(id);
    relation.known() && relation.owner.as_ref() != Some(acting) && work.catalog.plain_roles().contains(acting)
}

/// Keeps the roles that can do nothing but what they own or are given.
pub(super) fn grow(work: &mut Work<'_>, roles: &[GrownRole]) {
    if roles.is_empty() {
        return;
    }
    let mut plain = work.catalog.plain_roles().clone();
    for role in roles {
        match role.name.text.as_str() {
            "public" => plain.clear(),
            name if role.plain && work.alone => drop(plain.insert(name.into())),
            _ => drop(named(work, &role.name).map(|it| plain.remove(&it))),
        }
    }
    work.change(Change::PlainRoles(plain));
}

/// `DROP ROLE`: what the role owns keeps it; `checkSharedDependencies` in `src/backend/catalog/pg_shdepend.c`.
pub(super) fn drop_roles(work: &mut Work<'_>, it: &DropShared) {
    for role in &it.names {
        let owner = named(work, role);
        let has = |it: &Relation| it.known() && it.doubtful.is_none() && it.owner.is_some() && it.owner == owner;
        let owns = work.catalog.relations().any(|(_, it)| has(it));
        if owns && work.alone && !work.catalog.partial() {
            let what = format!("role {}", role.text);
            work.refuse(Refusal::DependentObjects { what, dependents: Vec::new() }, role.span);
        }
        if work.catalog.plain_roles().contains(&role.text) {
            let mut left = work.catalog.plain_roles().clone();
            left.remove(&role.text);
            work.change(Change::PlainRoles(left));
        }
    }
}

fn give(work: &mut Work<'_>, id: RelationId, owner: Option<SmolStr>) {
    let to = Relation { owner, ..work.relation(id).clone() };
    work.change(Change::Relation { id, to: Some(Box::new(to)) });
}

/// `ALTER … OWNER TO`: the sequences of a table's columns go with it; `ATExecChangeOwner`.
pub(super) fn change(work: &mut Work<'_>, id: RelationId, to: &Name, mode: LockMode, span: Span) {
    if let Some(index) = work.relation(id).as_index() {
        // The owner is the table's. Of other indexes a warning says so.
        if work.is_partitioned(index.table) {
            let message = "cannot change owner of an index: change that of its table";
            work.refuse(Refusal::Plain { sqlstate: "42809", message }, span);
        }
        return;
    }
    let owner = named(work, to);
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
    let roles: Vec<(Option<SmolStr>, Span)> = roles.iter().map(|it| (named(work, it), it.span)).collect();
    let own = |it: &Relation| !matches!(it.kind, RelationKind::Index(_));
    let whose = |it: &Relation| roles.iter().find(|(role, _)| own(it) && it.owner.is_some() && it.owner == *role);
    work.catalog.relations().filter_map(|(id, it)| Some((id, whose(it)?.1))).collect()
}

/// `REASSIGN OWNED`; `shdepReassignOwned` in `src/backend/catalog/pg_shdepend.c`.
pub(super) fn reassign(work: &mut Work<'_>, roles: &[Name], to: &Name) {
    for (id, span) in owned_by(work, roles) {
        work.lock(id, LockMode::AccessExclusive, span);
        let to = named(work, to);
        give(work, id, to);
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
