//! What is asked of each action before any is done, in the order of writing; `ATPrepCmd` in
//! `src/backend/commands/tablecmds.c`.

use super::{Target, columns, constraints, is_partitioned, new_type, table, types};
use crate::Refusal;
use crate::catalog::{RelationId, RelationKind};
use crate::interpret::work::Work;
use lockkeeper_syntax::ast::{Action, ActionKind};

/// Refuses what the server refuses before it has done any of the actions; gives whether the table can take them at all.
pub(super) fn prepare(work: &mut Work<'_>, target: Target, actions: &[Action]) -> bool {
    let mut earlier: Vec<&ActionKind> = Vec::new();
    for action in actions {
        let unfit = is_unfit(work, target.table, &action.kind);
        // What values become is understood before anything else is asked; `ATParseTransformCmd`.
        if let (false, ActionKind::SetType { using: Some(using), .. }) = (unfit, &action.kind) {
            types::check_using(work, target.table, using);
        }
        let message = match unfit {
            true => Some("ALTER action cannot be performed on the relation"),
            false => unprepared(work, target.table, &action.kind),
        };
        if let Some(message) = message {
            work.refuse(Refusal::Plain { sqlstate: "42809", message }, action.span);
            return false;
        }
        one(work, target, action, &earlier);
        earlier.push(&action.kind);
    }
    true
}

/// What is asked of one action where its table can take it.
fn one(work: &mut Work<'_>, target: Target, action: &Action, earlier: &[&ActionKind]) {
    let span = action.span;
    let again = match &action.kind {
        ActionKind::SetType { .. } => {
            new_type(action).into_iter().for_each(|it| types::prepare(work, target, it));
            None
        }
        // Whose partitions need not be met is asked here; `ATPrepSetNotNull`, until PostgreSQL 17.
        ActionKind::SetNotNull { column } if !work.version.since(18) => {
            if is_partitioned(work, target.table) && !work.catalog.partitions(target.table).is_empty() {
                work.column(target.table, column);
            }
            None
        }
        ActionKind::DropNotNull { .. } => {
            columns::prepare_drop_not_null(work, target, span);
            None
        }
        ActionKind::DropExpression { column, .. } => {
            columns::prepare_drop_expression(work, target, column, span);
            None
        }
        ActionKind::AddConstraint { constraint } => {
            if work.version.since(18) {
                constraints::prepare_primary_key(work, target, constraint);
            }
            None
        }
        ActionKind::SetLogged | ActionKind::SetUnlogged => {
            let again = earlier.iter().any(|it| changes_persistence(work, target.table, it));
            if !again {
                table::prepare_persistence(work, target.table, &action.kind, span);
            }
            again.then_some(("0A000", "cannot change persistence setting twice"))
        }
        ActionKind::SetAccessMethod { method: Some(method) } => {
            let of_indexes = matches!(&*method.text, "btree" | "hash" | "gist" | "gin" | "spgist" | "brin");
            of_indexes.then_some(("55000", "access method is not of type TABLE"))
        }
        ActionKind::SetTablespace { .. } => {
            let again = earlier.iter().any(|it| matches!(it, ActionKind::SetTablespace { .. }));
            again.then_some(("42601", "cannot have multiple SET TABLESPACE subcommands"))
        }
        _ => None,
    };
    if let Some((sqlstate, message)) = again {
        work.refuse(Refusal::Plain { sqlstate, message }, span);
    }
}

/// Whether the action makes the table another kind of logged.
fn changes_persistence(work: &Work<'_>, table: RelationId, kind: &ActionKind) -> bool {
    let relation = work.relation(table);
    relation.known() && table::new_persistence(relation, kind).is_some()
}

/// Why a table of this kind does not take the action.
fn unprepared(work: &Work<'_>, table: RelationId, kind: &ActionKind) -> Option<&'static str> {
    match kind {
        ActionKind::Inherit { .. } => table::prepare_inherit(work, table),
        ActionKind::SetAccessMethod { .. } if work.version.since(15) && !work.version.since(17) => {
            is_partitioned(work, table).then_some("cannot change access method of a partitioned table")
        }
        _ => frozen_by_type(work, table, kind),
    }
}

/// Whether the action is none for what the relation is; the targets of `ATSimplePermissions` in `ATPrepCmd`.
fn is_unfit(work: &Work<'_>, table: RelationId, kind: &ActionKind) -> bool {
    use ActionKind::*;
    use RelationKind::{Foreign, Index, MaterializedView, Sequence, Table, View};
    let relation = work.relation(table);
    let own = &relation.kind;
    let foreign = matches!(own, Foreign);
    let stored = relation.is_table() && !foreign;
    let view = matches!(own, View(_));
    let materialized = matches!(own, MaterializedView(_));
    let sequence = matches!(own, Sequence(_));
    let index = matches!(own, Index(_));
    let fits = match kind {
        AddColumn { .. }
        | DropColumn { .. }
        | SetType { .. }
        | SetNotNull { .. }
        | DropNotNull { .. }
        | SetExpression { .. }
        | DropExpression { .. }
        | AddConstraint { .. }
        | ValidateConstraint { .. }
        | DropConstraint { .. }
        | WithoutOids
        | Trigger { .. }
        | Inherit { .. }
        | NoInherit { .. } => relation.is_table(),
        SetDefault { .. } | DropDefault { .. } | AddIdentity { .. } | SetIdentity { .. } | DropIdentity { .. } => {
            relation.is_table() || view
        }
        SetStatistics { .. } => relation.is_table() || materialized || index,
        SetColumnOptions { .. } | SetStorage { .. } => relation.is_table() || materialized,
        SetCompression { .. } | ClusterOn { .. } | WithoutCluster | ReplicaIdentity(_) => stored || materialized,
        // Before that it is no word of the grammar.
        SetAccessMethod { .. } => stored || materialized || !work.version.since(15),
        SetTablespace { .. } => stored || materialized || index,
        SetOptions { .. } => {
            stored || materialized || view || relation.as_index().is_some_and(|it| !work.is_partitioned(it.table))
        }
        SetLogged | SetUnlogged => match own {
            Table => true,
            Sequence(_) => work.version.since(15),
            _ => stored && !work.version.since(18),
        },
        AlterConstraint { .. } | Rule { .. } | RowSecurity(_) | OfType { .. } | NotOf | DetachPartition { .. } => {
            stored
        }
        AttachPartition { .. } => stored || index,
        ForeignOptions { .. } => foreign,
        ChangeOwner(_) => relation.is_table() || materialized || view || sequence || index,
        Attribute { .. } => false,
    };
    relation.known() && !fits
}

/// Why a typed table, whose columns are those of its type, refuses an action.
fn frozen_by_type(work: &Work<'_>, table: RelationId, kind: &ActionKind) -> Option<&'static str> {
    work.relation(table).of_type.as_ref()?;
    Some(if matches!(kind, ActionKind::AddColumn { .. }) {
        "cannot add column to typed table"
    } else if matches!(kind, ActionKind::DropColumn { .. }) {
        "cannot drop column from typed table"
    } else if matches!(kind, ActionKind::SetType { .. }) {
        "cannot alter column type of typed table"
    } else {
        return None;
    })
}
