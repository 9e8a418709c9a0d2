//! Actions on the table as a whole.

use super::{Target, is_partitioned};
use crate::Refusal;
use crate::catalog::{self, Change, ConstraintKind, PartKind, Relation, RelationId, RelationKind, TypeDefinitionKind};
use crate::effects::{LockMode, RewriteReason};
use crate::interpret::keys::with_options;
use crate::interpret::names::Expected;
use crate::interpret::storage_options::Storage;
use crate::interpret::work::Work;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{
    ActionKind, Name, Persistence, QualifiedName, ReplicaIdentity, RowSecurity, StorageOption,
};

pub(super) fn set_options(work: &mut Work<'_>, target: Target, options: &[StorageOption], reset: bool, span: Span) {
    let relation = work.relation(target.table);
    let method = relation.as_index().map(|it| it.method.clone());
    let storage = match relation.kind {
        RelationKind::View(_) => Some(Storage::View),
        RelationKind::Table | RelationKind::MaterializedView(_) => Some(Storage::Table),
        RelationKind::Index(_) => method.as_deref().map(Storage::Index),
        _ => None,
    };
    if let Some(storage) = storage.filter(|_| !reset && relation.known())
        && work.refuse_options(storage, options)
    {
        return;
    }
    if !reset {
        let rows = work.relation(target.table).view_rows.clone();
        crate::interpret::view_rows::refuse_unchecked(work, rows.as_deref(), options);
    }
    if let Some(index) = work.relation(target.table).as_index().cloned() {
        let options = with_options(index.options.clone(), options, reset);
        work.change(Change::Index { id: target.table, to: Box::new(catalog::Index { options, ..index }) });
        return;
    }
    if reset || !is_partitioned(work, target.table) || options.is_empty() {
        return;
    }
    work.refuse_partitioned_options(span);
}

/// What `SET LOGGED` or `SET UNLOGGED` makes of a table, unless it is that already.
pub(super) fn new_persistence(relation: &Relation, kind: &ActionKind) -> Option<Persistence> {
    let to = match kind {
        ActionKind::SetLogged => Persistence::Permanent,
        ActionKind::SetUnlogged => Persistence::Unlogged,
        _ => return None,
    };
    (!relation.known() || relation.persistence != to).then_some(to)
}

/// What is published or held to another table by a foreign key stays as logged as it is; `ATPrepChangePersistence`.
pub(super) fn prepare_persistence(work: &mut Work<'_>, table: RelationId, kind: &ActionKind, span: Span) {
    let relation = work.relation(table);
    let Some(to) = new_persistence(relation, kind) else { return };
    if relation.persistence == Persistence::Temporary {
        let message = "cannot change logged status of table because it is temporary";
        work.refuse(Refusal::Plain { sqlstate: "42P16", message }, span);
        return;
    }
    // Those count that name the table, not those of all tables or of its schema.
    if to == Persistence::Unlogged && relation.parts.iter().any(|it| it.kind == PartKind::Publication) {
        let message = "cannot change table to unlogged because it is part of a publication";
        work.refuse(Refusal::Plain { sqlstate: "55000", message }, span);
        return;
    }
    let linked = match to {
        Persistence::Unlogged => work
            .catalog
            .referencing(table)
            .iter()
            .any(|(by, _)| *by != table && work.relation(*by).persistence == Persistence::Permanent),
        _ => work.relation(table).live_constraints().any(|(_, it)| match it.kind {
            ConstraintKind::ForeignKey { references, .. } => {
                references != table && work.relation(references).persistence == Persistence::Unlogged
            }
            _ => false,
        }),
    };
    if linked {
        let message = "could not change table to unlogged because it references logged table";
        work.refuse(Refusal::ForeignKeyPersistence { message }, span);
    }
}

/// `SET LOGGED`, `SET UNLOGGED`.
pub(super) fn set_persistence(work: &mut Work<'_>, table: RelationId, kind: &ActionKind, span: Span) {
    let Some(to) = new_persistence(work.relation(table), kind) else { return };
    // What has no rows of its own stays what it is; `ATRewriteTables`.
    if is_partitioned(work, table) {
        return;
    }
    work.rewrite(table, RewriteReason::Persistence, span);
    work.change(Change::Persistence { id: table, to });
    // Its sequences follow it from PostgreSQL 15 on; `SequenceChangePersistence`.
    if work.version.since(15) {
        for (sequence, _) in work.catalog.owned_sequences(table) {
            work.lock(sequence, LockMode::AccessExclusive, span);
            work.change(Change::Persistence { id: sequence, to });
        }
    }
}

pub(super) fn set_access_method(work: &mut Work<'_>, target: Target, method: Option<&Name>, span: Span) {
    if is_partitioned(work, target.table) {
        return;
    }
    // Without an extension there is one method for tables, so naming it changes nothing.
    if method.is_some_and(|it| it.text != "heap") {
        work.rewrite(target.table, RewriteReason::AccessMethod, span);
    }
}

pub(super) fn set_tablespace(work: &mut Work<'_>, target: Target, tablespace: &Name, span: Span) {
    // Tables live in the default tablespace unless the history says otherwise, which it rarely does.
    if tablespace.text != "pg_default" {
        work.rewrite(target.table, RewriteReason::Tablespace, span);
    }
}

/// `OF`: the columns must be those of the type, in its order; `ATExecAddOf`.
pub(super) fn of_type(work: &mut Work<'_>, target: Target, name: &QualifiedName, span: Span) {
    let Some(found) = work.find_type(name) else {
        match work.row_type(name) {
            Some(_) => refuse_of_type(work, "42809", "type is the row type of another table", name.span()),
            None => work.refuse_missing_type(name),
        }
        return;
    };
    let kind = work.catalog.type_definition(&found).map(|it| it.kind.clone());
    if matches!(kind, Some(TypeDefinitionKind::Enum(_) | TypeDefinitionKind::Domain(_))) {
        refuse_of_type(work, "42809", "type is not a composite type", name.span());
        return;
    }
    let relation = work.relation(target.table);
    if relation.partition_of.is_some() || !relation.inherits.is_empty() {
        refuse_of_type(work, "42809", "typed tables cannot inherit", span);
        return;
    }
    if let Some(TypeDefinitionKind::Composite(attributes)) = kind
        && relation.complete
    {
        let own = relation.live_columns().map(|(_, it)| (&it.name, &it.data_type));
        if !own.eq(attributes.iter().map(|(name, data_type)| (name, data_type))) {
            refuse_of_type(work, "42804", "the columns of the table are not those of the type", span);
        }
    }
    set_of_type(work, target.table, Some(found));
}

fn refuse_of_type(work: &mut Work<'_>, sqlstate: &'static str, message: &'static str, span: Span) {
    work.refuse(Refusal::Plain { sqlstate, message }, span);
}

pub(super) fn set_of_type(work: &mut Work<'_>, table: RelationId, of_type: Option<crate::ObjectName>) {
    let to = Relation { of_type, ..work.relation(table).clone() };
    work.change(Change::Relation { id: table, to: Some(Box::new(to)) });
}

/// What the table is comes before what its new parent is; `ATPrepAddInherit`.
pub(super) fn prepare_inherit(work: &Work<'_>, table: RelationId) -> Option<&'static str> {
    if work.relation(table).of_type.is_some() {
        Some("cannot change inheritance of typed table")
    } else if super::is_partition(work, table) {
        Some("cannot change inheritance of a partition")
    } else if is_partitioned(work, table) {
        Some("cannot change inheritance of partitioned table")
    } else {
        None
    }
}

pub(super) fn inherit(work: &mut Work<'_>, target: Target, parent: &QualifiedName, span: Span) {
    let Some(above) = work.resolve_or_assume(parent, Expected::Table, false) else { return };
    work.lock(above, LockMode::ShareUpdateExclusive, span);
    let temporary = |id: RelationId| work.relation(id).persistence == Persistence::Temporary;
    let known = work.relation(target.table).known();
    let message = if temporary(above) && known && !temporary(target.table) {
        Some("cannot inherit from temporary relation")
    } else if is_partitioned(work, above) {
        Some("cannot inherit from partitioned table")
    } else if super::is_partition(work, above) {
        Some("cannot inherit from a partition")
    } else {
        None
    };
    if let Some(message) = message {
        work.refuse(Refusal::Plain { sqlstate: "42809", message }, span);
        return;
    }
    if work.refuse_circle(above, target.table, span) {
        return;
    }
    if work.relation(target.table).parts.iter().any(|it| it.transitions) {
        let message = "a trigger with transition tables prevents the table from becoming an inheritance child";
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, span);
    }
    let mut inherits = work.relation(target.table).inherits.clone();
    if inherits.contains(&above) {
        let message = "relation would be inherited from more than once";
        work.refuse(Refusal::Plain { sqlstate: "42P07", message }, span);
        return;
    }
    work.check_child(above, target.table, span);
    inherits.push(above);
    work.change(Change::Inherits { child: target.table, to: inherits });
}

pub(super) fn no_inherit(work: &mut Work<'_>, target: Target, parent: &QualifiedName, span: Span) {
    if super::is_partition(work, target.table) {
        let message = "cannot change inheritance of a partition";
        work.refuse(Refusal::Plain { sqlstate: "42809", message }, span);
        return;
    }
    let Some(above) = work.resolve_or_assume(parent, Expected::Relation, false) else { return };
    let mut inherits = work.relation(target.table).inherits.clone();
    if work.relation(above).as_index().is_some() {
        let name = work.relation(above).name.name.clone();
        work.refuse(Refusal::WrongKind { name, expected: "a table" }, parent.span());
    }
    if !inherits.contains(&above) && work.relation(target.table).complete && work.relation(above).known() {
        let message = "relation is not a parent of the relation";
        work.refuse(Refusal::Plain { sqlstate: "42P01", message }, span);
        return;
    }
    inherits.retain(|it| *it != above);
    work.change(Change::Inherits { child: target.table, to: inherits });
    work.own_what_no_parent_has(target.table);
}

/// `FORCE` only says whether the owner is exempt.
pub(super) fn row_security(work: &mut Work<'_>, table: RelationId, it: RowSecurity) {
    match it {
        RowSecurity::Enable => work.change(Change::RowSecurity { id: table, to: true }),
        RowSecurity::Disable => work.change(Change::RowSecurity { id: table, to: false }),
        RowSecurity::Force | RowSecurity::NoForce => {}
    }
}

pub(super) fn replica_identity(work: &mut Work<'_>, target: Target, identity: &ReplicaIdentity) {
    let replica_identity = match identity {
        ReplicaIdentity::Default => catalog::ReplicaIdentity::Default,
        ReplicaIdentity::Full => catalog::ReplicaIdentity::Full,
        ReplicaIdentity::Nothing => catalog::ReplicaIdentity::Nothing,
        ReplicaIdentity::Index(index) => {
            own_index(work, target, index, false);
            check_identity(work, target.table, index);
            let own = work.catalog.indexes(target.table).find(|(_, it, _)| it.name.name == index.text);
            catalog::ReplicaIdentity::Index(own.map(|(id, ..)| id))
        }
    };
    let to = Relation { replica_identity, ..work.relation(target.table).clone() };
    work.change(Change::Relation { id: target.table, to: Some(Box::new(to)) });
}

/// What index can tell rows apart for others; `ATExecReplicaIdentity`.
fn check_identity(work: &mut Work<'_>, table: RelationId, name: &Name) {
    let columns = &work.relation(table).columns;
    let Some((_, _, index)) = work.catalog.indexes(table).find(|(_, it, _)| it.name.name == name.text) else { return };
    let nullable = |it: &catalog::KeyElement| {
        it.column.and_then(|at| columns.get(at)).is_some_and(|it| it.not_null != catalog::NotNull::Yes)
    };
    let (sqlstate, message) = if !index.unique {
        ("42809", "cannot use non-unique index as replica identity")
    } else if !index.immediate {
        ("0A000", "cannot use non-immediate index as replica identity")
    } else if index.key.iter().any(|it| it.column.is_none()) {
        ("0A000", "cannot use expression index as replica identity")
    } else if index.predicate.is_some() {
        ("0A000", "cannot use partial index as replica identity")
    } else if index.key.iter().any(nullable) && work.relation(table).complete {
        ("42809", "index cannot be used as replica identity because a column is nullable")
    } else {
        return;
    };
    work.refuse(Refusal::Plain { sqlstate, message }, name.span);
}

/// A partitioned table has no order of its own; `mark_index_clustered` in `src/backend/commands/cluster.c`.
pub(super) fn refuse_clustering(work: &mut Work<'_>, target: Target, span: lockkeeper_syntax::Span) {
    if work.is_partitioned(target.table) {
        let message = "cannot mark index clustered in partitioned table";
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, span);
    }
}

/// The index must be one of the table's, for `CLUSTER ON` of a kind that has an order.
pub(super) fn own_index(work: &mut Work<'_>, target: Target, index: &Name, clusters: bool) {
    let exists = work.catalog.indexes(target.table).any(|(_, it, _)| it.name.name == index.text);
    if exists && !clusters {
        return;
    }
    if let Some(refusal) = crate::interpret::upkeep::unclusterable(work, target.table, index) {
        work.refuse(refusal, index.span);
    }
}
