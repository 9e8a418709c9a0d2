//! `ALTER TABLE`: the lock that its actions need together, then each action in the server's pass order.

mod columns;
mod constraints;
mod prepare;
mod table;
mod types;

use super::names::Expected;
use super::work::Work;
use crate::catalog::{Change, ConstraintKind as ConstraintKindOf, Part, PartKind, Relation, RelationId, RelationKind};
use crate::effects::LockMode;
use crate::{Refusal, Version};
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::ast::{
    Action, ActionKind, AlterTable, ColumnConstraint, ColumnDef, Constraint, ConstraintKind, FiringState,
    GeneratedKind, Name, ObjectKind, TypeName, WhichTriggers,
};

/// The table that an action works on.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    /// The table.
    pub(super) table: RelationId,
    /// `ONLY`.
    pub(super) only: bool,
    /// The lock that the statement takes on everything it recurses to.
    pub(super) mode: LockMode,
}

pub(super) fn alter(work: &mut Work<'_>, it: &AlterTable) {
    let expected = match it.kind {
        ObjectKind::Index => Expected::Index,
        ObjectKind::View => Expected::View,
        ObjectKind::MaterializedView => Expected::MaterializedView,
        ObjectKind::Sequence => Expected::Sequence,
        ObjectKind::ForeignTable => Expected::Foreign,
        ObjectKind::Type => return super::composites::alter(work, it),
        _ => Expected::Relation,
    };
    // Before any name is looked up; `ProcessUtilitySlow`.
    let detaches = |it: &Action| matches!(it.kind, ActionKind::DetachPartition { concurrently: Some(_), .. });
    if it.actions.iter().any(detaches) && work.version.since(14) {
        work.outside_transaction("ALTER TABLE ... DETACH CONCURRENTLY");
    }
    let found = work.resolve(&it.relation.name, expected, it.if_exists);
    let table = match (found, it.kind) {
        (super::names::Found::Missing, _) => {
            work.effects.skipped = work.effects.failure.is_none();
            return;
        }
        (super::names::Found::Known(id), _) => id,
        (super::names::Found::Unknown, ObjectKind::Index) => return,
        (super::names::Found::Unknown, _) => match work.resolve_or_assume(&it.relation.name, expected, it.if_exists) {
            Some(id) => id,
            None => return,
        },
    };
    if crate::interpret::system::refuse_protected(work, table, it.relation.name.span()) {
        return;
    }
    let mode = it.actions.iter().map(|it| lock_mode(&it.kind, work.version)).max();
    let Some(mode) = mode else { return };
    let deciding = it.actions.iter().find(|it| lock_mode(&it.kind, work.version) == mode);
    let span = deciding.map_or(work.statement.span, |it| it.span);
    let target = Target { table, only: it.relation.only, mode };
    if !prepare::prepare(work, target, &it.actions) {
        return;
    }
    work.lock(table, mode, span);
    let changes: Vec<_> = it.actions.iter().filter_map(new_type).collect();
    types::refuse_twice(work, table, &changes);
    let ordered = in_pass_order(&it.actions);
    let (first, last) = ordered.split_at(ordered.partition_point(|it| pass(&it.kind) < PASS_OF_CONSTRAINTS));
    first.iter().for_each(|it| act(work, target, it));
    examine_constraints(work, table, &it.actions);
    let (keys, last) = last.split_at(last.partition_point(|it| pass(&it.kind) < PASS_OF_REFERENCES));
    keys.iter().for_each(|it| act(work, target, it));
    for action in &it.actions {
        if let ActionKind::AddColumn { column, .. } = &action.kind {
            columns::add_references(work, target, column);
        }
    }
    last.iter().for_each(|it| act(work, target, it));
    refuse_used_rows(work, target, it);
}

/// Whether a new column has a stored value in rows that are there already.
fn has_value(it: &ColumnDef) -> bool {
    it.data_type.as_ref().is_some_and(|it| it.serial)
        || it.constraints.iter().any(|it| match it {
            ColumnConstraint::Default(expr, _) => !super::columns::is_null(expr),
            ColumnConstraint::Identity(_) => true,
            ColumnConstraint::Generated(it) => it.kind == Some(GeneratedKind::Stored),
            ColumnConstraint::Null(_) | ColumnConstraint::Constraint(_) => false,
        })
}

/// What writes rows anew is refused where another table stores such rows, once all else is done; `ATRewriteTables`.
fn refuse_used_rows(work: &mut Work<'_>, target: Target, it: &AlterTable) {
    let computes = it.actions.iter().find(|it| match &it.kind {
        ActionKind::SetType { .. } => true,
        ActionKind::AddColumn { column, .. } => has_value(column),
        _ => false,
    });
    let rewritten: Vec<RelationId> = work.effects.rewrites.iter().map(|it| it.relation).collect();
    for id in work.reached(target.table, target.only) {
        if computes.is_none() && !rewritten.contains(&id) {
            continue;
        }
        let name = work.relation(id).name.clone();
        if !work.columns_of_type(&name).is_empty() {
            let message = format!("cannot alter table \"{}\" because a column uses its row type", name.name);
            work.refuse(Refusal::Unsupported { message }, computes.map_or(work.statement.span, |it| it.span));
        }
    }
}

/// The order of the server's passes: what drops comes first, then types, then what adds; `AlterTablePass` in
/// `src/backend/commands/tablecmds.c`. Within a pass the order is that of writing.
fn in_pass_order(actions: &[Action]) -> Vec<&Action> {
    let mut ordered: Vec<&Action> = actions.iter().collect();
    ordered.arrange_by_key(|it| pass(&it.kind));
    ordered
}

/// The pass in which constraints are examined; those that come later are done when all have been.
const PASS_OF_CONSTRAINTS: u8 = 4;

/// The pass of foreign keys, those of new columns first: what they reference is there.
const PASS_OF_REFERENCES: u8 = 9;

fn pass(kind: &ActionKind) -> u8 {
    match kind {
        ActionKind::DropColumn { .. }
        | ActionKind::DropConstraint { .. }
        | ActionKind::DropNotNull { .. }
        | ActionKind::DropDefault { .. }
        | ActionKind::DropIdentity { .. }
        | ActionKind::DropExpression { .. }
        | ActionKind::WithoutOids => 0,
        ActionKind::SetType { .. } => 1,
        ActionKind::AddColumn { .. } => 2,
        ActionKind::SetExpression { .. } => 3,
        ActionKind::SetNotNull { .. } => 5,
        ActionKind::AddConstraint { constraint } => match &constraint.kind {
            ConstraintKind::NotNull { .. } => 5,
            ConstraintKind::Unique(key) if key.using_index.is_some() => 6,
            ConstraintKind::Unique(_) | ConstraintKind::Exclude(_) => 7,
            ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => PASS_OF_REFERENCES,
        },
        // These are put behind what the first examination of constraints finds.
        ActionKind::SetDefault { .. } | ActionKind::AddIdentity { .. } => 8,
        _ => 10,
    }
}

/// Constraints are read all before one of them is made; `transformAlterTableStmt` in `parse_utilcmd.c`.
fn examine_constraints(work: &mut Work<'_>, table: RelationId, actions: &[Action]) {
    for action in actions {
        if let ActionKind::AddConstraint { constraint } = &action.kind {
            work.examine_constraint(table, constraint);
        }
    }
}

/// The lock that an action needs on its table; `AlterTableGetLockLevel` in `src/backend/commands/tablecmds.c`.
fn lock_mode(kind: &ActionKind, _version: Version) -> LockMode {
    use ActionKind::*;
    match kind {
        SetStatistics { .. }
        | SetColumnOptions { .. }
        | ClusterOn { .. }
        | WithoutCluster
        | ValidateConstraint { .. }
        | AttachPartition { .. } => LockMode::ShareUpdateExclusive,
        DetachPartition { concurrently: Some(_), .. } | DetachPartition { finalize: true, .. } => {
            LockMode::ShareUpdateExclusive
        }
        SetOptions { options, .. } => {
            // Each storage parameter names its own lock; in `reloptions.c` all but this one are weak.
            if options.iter().any(|it| it.name == "user_catalog_table") {
                LockMode::AccessExclusive
            } else {
                LockMode::ShareUpdateExclusive
            }
        }
        Trigger { .. } => LockMode::ShareRowExclusive,
        AddConstraint { constraint } => constraint_lock(constraint),
        AddColumn { .. }
        | DropColumn { .. }
        | SetType { .. }
        | SetDefault { .. }
        | DropDefault { .. }
        | SetNotNull { .. }
        | DropNotNull { .. }
        | SetExpression { .. }
        | DropExpression { .. }
        | AddIdentity { .. }
        | SetIdentity { .. }
        | DropIdentity { .. }
        | SetStorage { .. }
        | SetCompression { .. }
        | AlterConstraint { .. }
        | DropConstraint { .. }
        | ChangeOwner(_)
        | SetLogged
        | SetUnlogged
        | WithoutOids
        | SetAccessMethod { .. }
        | SetTablespace { .. }
        | Rule { .. }
        | Inherit { .. }
        | NoInherit { .. }
        | OfType { .. }
        | NotOf
        | ReplicaIdentity(_)
        | RowSecurity(_)
        | ForeignOptions { .. }
        | DetachPartition { .. }
        | Attribute { .. } => LockMode::AccessExclusive,
    }
}

fn constraint_lock(constraint: &Constraint) -> LockMode {
    match constraint.kind {
        ConstraintKind::ForeignKey(_) => LockMode::ShareRowExclusive,
        ConstraintKind::NotNull { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Unique(_)
        | ConstraintKind::Exclude(_) => LockMode::AccessExclusive,
    }
}

/// Of an index only the expressions have statistics; `ATExecSetStatistics`. False for what is no such element.
fn refuse_plain_element(work: &mut Work<'_>, index: RelationId, name: &Name) -> bool {
    let relation = work.relation(index);
    let Some(own) = relation.as_index() else { return false };
    let of_table = &work.relation(own.table).columns;
    let beside = own.include.iter().any(|at| of_table.get(*at).is_some_and(|it| it.name == name.text));
    let element = own.key.iter().find(|it| it.name == name.text);
    if element.is_none() && !beside {
        return false;
    }
    if beside || element.is_some_and(|it| it.column.is_some()) {
        let message = "cannot alter statistics on non-expression column of an index";
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, name.span);
    }
    true
}

fn act(work: &mut Work<'_>, target: Target, action: &Action) {
    use ActionKind::*;
    let span = action.span;
    match &action.kind {
        AddColumn { column, if_not_exists } => columns::add(work, target, column, *if_not_exists, span),
        DropColumn { column, if_exists, cascade } => {
            columns::drop_column(work, target, column, *if_exists, *cascade, span);
        }
        SetType { .. } => new_type(action).into_iter().for_each(|it| types::set(work, target, it)),
        SetDefault { column, expr } => columns::set_default(work, target, column, Some(expr), span),
        DropDefault { column } => columns::set_default(work, target, column, None, span),
        SetNotNull { column } => columns::set_not_null(work, target, column, span),
        DropNotNull { column } => columns::drop_not_null(work, target, column, span),
        SetExpression { column, expr } => columns::set_expression(work, target, column, expr, span),
        DropExpression { column, if_exists } => columns::drop_expression(work, target, column, *if_exists, span),
        AddIdentity { column, identity } => columns::add_identity(work, target, column, identity, span),
        SetIdentity { column, always } => columns::set_identity(work, target, column, *always, span),
        DropIdentity { column, if_exists } => columns::drop_identity(work, target, column, *if_exists, span),
        SetStatistics { column } => {
            if let Some(column) = column
                && !refuse_plain_element(work, target.table, column)
            {
                work.column(target.table, column);
            }
            lock_below(work, target, span);
        }
        SetColumnOptions { column, .. } => {
            work.column(target.table, column);
        }
        SetCompression { column, default } => {
            columns::refuse_plain(work, target, column, *default, "column data type does not support compression");
        }
        SetStorage { column, plain } => {
            columns::refuse_plain(work, target, column, *plain, "column data type can only have storage PLAIN");
            lock_below(work, target, span);
        }
        AddConstraint { constraint } => constraints::add(work, target, constraint),
        AlterConstraint { name, deferrable, initially_deferred, enforced, inherit } => {
            constraints::alter(work, target, name, (*deferrable, *initially_deferred), *enforced, *inherit, span);
        }
        ValidateConstraint { name } => constraints::validate(work, target, name, span),
        DropConstraint { name, if_exists, cascade } => {
            constraints::drop_constraint(work, target, name, *if_exists, *cascade, span);
        }
        SetOptions { options, reset } => table::set_options(work, target, options, *reset, span),
        SetLogged | SetUnlogged => table::set_persistence(work, target.table, &action.kind, span),
        SetAccessMethod { method } => table::set_access_method(work, target, method.as_ref(), span),
        SetTablespace { tablespace } => table::set_tablespace(work, target, tablespace, span),
        Trigger { which, state } => {
            if let WhichTriggers::Named(name) = which {
                require_part(work, target.table, PartKind::Trigger, ObjectKind::Trigger, name);
            }
            // It goes on to the partitions with the row triggers that it finds, foreign keys' own among them.
            let relation = work.relation(target.table);
            let named = |it: &Part| match which {
                WhichTriggers::Named(name) => it.name == name.text,
                WhichTriggers::All | WhichTriggers::User => true,
            };
            let row = |it: &Part| it.kind == PartKind::Trigger && named(it) && it.row;
            let fires = relation.parts.iter().any(row) || !relation.complete;
            let keys =
                relation.live_constraints().any(|(_, it)| matches!(it.kind, ConstraintKindOf::ForeignKey { .. }));
            if work.is_partitioned(target.table) && (fires || (*which == WhichTriggers::All && keys)) {
                lock_below(work, target, span);
            }
            if *which == WhichTriggers::All {
                let off = *state == FiringState::Disable;
                let to = Relation { triggers_off: off, ..work.relation(target.table).clone() };
                work.change(Change::Relation { id: target.table, to: Some(Box::new(to)) });
            }
        }
        Inherit { parent } => table::inherit(work, target, parent, span),
        NoInherit { parent } => table::no_inherit(work, target, parent, span),
        AttachPartition { child, bound: Some(bound) } => work.attach_partition(target.table, child, bound, span),
        AttachPartition { bound: None, .. }
            if work.relation(target.table).as_index().is_some_and(|it| !work.is_partitioned(it.table)) =>
        {
            let message = "ALTER action ATTACH PARTITION cannot be performed on the relation";
            work.refuse(Refusal::Plain { sqlstate: "42809", message }, span);
        }
        AttachPartition { child, bound: None } => work.attach_index(target.table, child, span),
        DetachPartition { child, concurrently, finalize } => {
            work.detach_partition(target.table, child, concurrently.is_some(), *finalize, span);
        }
        ReplicaIdentity(identity) => table::replica_identity(work, target, identity),
        ClusterOn { index } => {
            table::own_index(work, target, index, true);
            table::refuse_clustering(work, target, span);
        }
        Rule { name, state } => {
            require_part(work, target.table, PartKind::Rule, ObjectKind::Rule, name);
            crate::interpret::rules::set_state(work, target.table, &name.text, *state);
        }
        RowSecurity(it) => table::row_security(work, target.table, *it),
        WithoutCluster => table::refuse_clustering(work, target, span),
        ChangeOwner(owner) => crate::interpret::owners::change(work, target.table, owner, target.mode, span),
        ForeignOptions { column: Some(column) } => {
            work.column(target.table, column);
        }
        WithoutOids | ForeignOptions { column: None } | Attribute { .. } => {}
        OfType { of_type } => {
            table::of_type(work, target, of_type, span);
        }
        NotOf if work.relation(target.table).of_type.is_none() && work.relation(target.table).complete => {
            let message = "relation is not a typed table";
            work.refuse(Refusal::Plain { sqlstate: "42809", message }, span);
        }
        NotOf => table::set_of_type(work, target.table, None),
    }
}

/// The trigger or rule must be there.
fn require_part(work: &mut Work<'_>, table: RelationId, part: PartKind, kind: ObjectKind, name: &Name) {
    let relation = work.relation(table);
    if relation.complete && !relation.parts.iter().any(|it| it.kind == part && it.name == name.text) {
        let table = Some(relation.name.name.clone());
        work.refuse(Refusal::MissingObject { kind, name: name.text.clone(), table }, name.span);
    }
}

/// Changes the type of a column of a typed table as its type changes.
pub(super) fn change_attribute_type(
    work: &mut Work<'_>,
    target: Target,
    name: &Name,
    data_type: &TypeName,
    span: lockkeeper_syntax::Span,
) {
    let change = types::NewType { column: name, data_type, collation: None, using: None, span };
    types::prepare(work, target, change);
    types::set(work, target, change);
}

/// The action as a change of type, if it is one.
fn new_type(action: &Action) -> Option<types::NewType<'_>> {
    let ActionKind::SetType { column, data_type, collation, using } = &action.kind else { return None };
    let (collation, using) = (collation.as_ref(), using.as_ref());
    Some(types::NewType { column, data_type, collation, using, span: action.span })
}

/// Drops a column of a typed table as its type loses it.
pub(super) fn drop_attribute(work: &mut Work<'_>, target: Target, name: &Name, span: lockkeeper_syntax::Span) {
    columns::drop_column(work, target, name, true, true, span);
}

/// Locks what the action recurses to in the statement's own mode.
fn lock_below(work: &mut Work<'_>, target: Target, span: lockkeeper_syntax::Span) {
    if target.only {
        return;
    }
    for id in work.catalog.tree(target.table) {
        work.lock(id, target.mode, span);
    }
}

/// Whether the relation is a partition of another.
fn is_partition(work: &Work<'_>, table: RelationId) -> bool {
    work.relation(table).partition_of.is_some()
}

/// Whether the relation is a partitioned table.
fn is_partitioned(work: &Work<'_>, table: RelationId) -> bool {
    matches!(work.relation(table).kind, RelationKind::Partitioned(_))
}
