//! Actions on columns.

use super::{Target, is_partition, is_partitioned, lock_below};
use crate::Refusal;
use crate::catalog::{Change, Column, ColumnId, ConstraintKind, NotNull, Relation, RelationId, ReplicaIdentity};
use crate::effects::{DropReason, LockMode, RewriteReason, ScanReason};
use crate::interpret::constraints::Adding;
use crate::interpret::work::Work;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{self, ColumnConstraint, ColumnDef, Expr, GeneratedKind, Identity, Name};

/// `ADD COLUMN`; `ATExecAddColumn`.
pub(super) fn add(work: &mut Work<'_>, target: Target, def: &ColumnDef, if_not_exists: bool, span: Span) {
    let table = target.table;
    if is_partition(work, table) {
        work.refuse(Refusal::ChildColumn, span);
        return;
    }
    let relation = work.relation(table);
    if let Some(at) = relation.column_id(&def.name.text)
        && (if_not_exists || !work.frees_column(table, at))
    {
        if if_not_exists {
            work.effects.skipped = true;
        } else {
            let table = work.relation(table).name.name.clone();
            work.refuse(Refusal::DuplicateColumn { column: def.name.text.clone(), table: Some(table) }, def.name.span);
        }
        return;
    }
    // What is written is understood before it is asked who is to have it.
    work.check_column_name(&def.name);
    let (column, needs) = work.new_column(def);
    let tree = if target.only { vec![table] } else { without_column(work, table, &def.name.text) };
    if target.only && !work.catalog.children(table).is_empty() {
        work.refuse(Refusal::OnlyOnPartitioned { what: "column must be added to child tables too" }, span);
    }
    let identity = def.constraints.iter().any(|it| matches!(it, ColumnConstraint::Identity(_)));
    if identity && tree.len() > 1 && !(work.version.since(17) && is_partitioned(work, table)) {
        let what = "cannot recursively add identity column to table that has child tables";
        work.refuse(Refusal::OnlyOnPartitioned { what }, span);
    }
    tree.iter().for_each(|it| work.lock(*it, target.mode, span));
    let own_not_null = crate::interpret::create_table::own_not_null(def);
    if let Some((it, name)) = own_not_null.and_then(|it| Some((it, it.name.as_ref()?))) {
        work.check_constraint_name(table, &name.text, it);
    }
    let mut not_null_name = None;
    for id in &tree {
        let own = *id == table;
        let existing = work.relation(*id).column(&def.name.text).filter(|_| !own);
        if let Some(existing) = existing {
            if existing.data_type != column.data_type {
                let message = "child table has different type for column";
                work.refuse(Refusal::Plain { sqlstate: "42804", message }, def.span);
            }
            continue;
        }
        let not_null = column.not_null;
        let new = Column { local: own, ..column.clone() };
        let at = work.append_column(*id, new, Some(def).filter(|_| own));
        if own {
            work.check_filling(table, def);
        }
        if needs.own_value {
            work.rewrite(*id, RewriteReason::NewColumn(def.name.text.clone()), span);
        } else if not_null == NotNull::Yes && !needs.has_value {
            work.scan(*id, ScanReason::NotNull(def.name.text.clone()), span);
        }
        // A child gets no constraint that is not for children, and is closed to nulls all the same.
        let handed_down = own || !own_not_null.is_some_and(|it| it.no_inherit);
        if not_null == NotNull::Yes && handed_down && work.version.since(18) {
            work.mark_not_null(*id, at, NotNull::Yes, not_null_name.clone(), span);
            own_not_null.filter(|_| own).into_iter().for_each(|it| work.settle_not_null(*id, at, it));
            not_null_name = not_null_name.or_else(|| work.not_null_name(*id, at));
        }
    }
    for constraint in &def.constraints {
        let ColumnConstraint::Constraint(constraint) = constraint else { continue };
        if matches!(constraint.kind, ast::ConstraintKind::NotNull { .. } | ast::ConstraintKind::ForeignKey(_)) {
            continue;
        }
        // Before PostgreSQL 18 a child that has such a column already may keep its nulls: `transformIndexConstraint` closes
        // the new column to them, and no other.
        let spares = matches!(&constraint.kind, ast::ConstraintKind::Unique(it) if it.primary)
            && !work.version.since(18)
            && !is_partitioned(work, table);
        let adding = Adding { creating: false, only: target.only || spares, trivially_true: false };
        if matches!(constraint.kind, ast::ConstraintKind::Unique(_)) {
            lock_below(work, target, span);
        }
        work.add_constraint(table, constraint, adding);
    }
}

/// What a new column references, after all keys of the statement are there.
pub(super) fn add_references(work: &mut Work<'_>, target: Target, def: &ColumnDef) {
    let added = work.relation(target.table).column(&def.name.text).is_some_and(|it| it.place.span == def.span);
    for constraint in def.constraints.iter().filter(|_| added) {
        let ColumnConstraint::Constraint(constraint) = constraint else { continue };
        if matches!(constraint.kind, ast::ConstraintKind::ForeignKey(_)) {
            // A foreign key on a column of nulls holds; the server knows that and reads nothing.
            let trivially_true = !super::has_value(def);
            work.add_constraint(
                target.table,
                constraint,
                Adding { creating: false, only: target.only, trivially_true },
            );
        }
    }
}

/// The table and what hangs below it, down to those that have such a column already: theirs merges with the new one, and
/// what hangs below them is not met.
fn without_column(work: &Work<'_>, table: RelationId, name: &str) -> Vec<RelationId> {
    let mut met = vec![table];
    let mut at = 0;
    while at < met.len() {
        if work.relation(met[at]).column_id(name).is_none() {
            for child in work.catalog.children(met[at]) {
                if !met.contains(&child) {
                    met.push(child);
                }
            }
        }
        at += 1;
    }
    met
}

/// `DROP COLUMN`; `ATExecDropColumn`.
pub(super) fn drop_column(
    work: &mut Work<'_>,
    target: Target,
    name: &Name,
    if_exists: bool,
    cascade: bool,
    span: Span,
) {
    let table = target.table;
    if work.refuse_system_column(name, "cannot drop system column") {
        return;
    }
    if if_exists && work.relation(table).column_id(&name.text).is_none() {
        return;
    }
    let Some(at) = work.column(table, name) else {
        if !work.relation(table).complete {
            work.drop_unknown_column(table, &name.text, span);
        }
        return;
    };
    if refuse_fixed_column(work, table, at, "drop", name) {
        return;
    }
    if target.only && is_partitioned(work, table) && !work.catalog.children(table).is_empty() {
        let what = "cannot drop column from only the partitioned table when partitions exist";
        work.refuse(Refusal::OnlyOnPartitioned { what }, span);
        return;
    }
    work.drop_column(table, at, DropReason::Named, cascade, span);
    drop_below(work, target, table, &name.text, cascade, span);
}

/// The children of a table lose the column too, unless it is their own or another parent's; `ONLY` makes it their own.
fn drop_below(work: &mut Work<'_>, target: Target, table: RelationId, name: &str, cascade: bool, span: Span) {
    for child in work.catalog.children(table) {
        let Some(at) = work.relation(child).column_id(name) else { continue };
        work.lock(child, target.mode, span);
        if target.only {
            let own = Column { local: true, ..work.relation(child).columns[at].clone() };
            work.change(Change::Column { table: child, at, to: Some(own) });
        } else if !work.relation(child).columns[at].local && !work.inherits_column(child, at) {
            work.drop_column(child, at, DropReason::Automatic, cascade, span);
            drop_below(work, target, child, name, cascade, span);
        }
    }
}

/// Refuses to touch a column that is a parent's, or one of the partition key, the table's own or one that hangs below it.
fn refuse_fixed_column(
    work: &mut Work<'_>,
    table: RelationId,
    at: ColumnId,
    action: &'static str,
    name: &Name,
) -> bool {
    if refuse_inherited_column(work, table, at, action, name) {
        return true;
    }
    let column = work.relation(table).columns[at].name.clone();
    work.catalog.tree(table).into_iter().any(|id| refuse_key_column(work, id, action, &column, name.span))
}

/// Refuses to touch a column that is a parent's.
pub(super) fn refuse_inherited_column(
    work: &mut Work<'_>,
    table: RelationId,
    at: ColumnId,
    action: &'static str,
    name: &Name,
) -> bool {
    let inherited = work.inherits_column(table, at);
    if inherited {
        work.refuse(Refusal::InheritedColumn { action, column: name.text.clone() }, name.span);
    }
    inherited
}

/// Refuses to touch a column of the table's own partition key.
pub(super) fn refuse_key_column(
    work: &mut Work<'_>,
    table: RelationId,
    action: &'static str,
    column: &str,
    span: Span,
) -> bool {
    let relation = work.relation(table);
    let refused = relation.keyed_by(column);
    if refused {
        let table = relation.name.name.clone();
        work.refuse(Refusal::PartitionKeyColumnChange { action, column: column.into(), table }, span);
    }
    refused
}

pub(super) fn set_default(work: &mut Work<'_>, target: Target, name: &Name, expr: Option<&Expr>, span: Span) {
    lock_below(work, target, span);
    let Some(at) = work.column(target.table, name) else { return };
    let relation = work.relation(target.table);
    let (column, table) = (name.text.clone(), relation.name.name.clone());
    let own = &relation.columns[at];
    if own.identity.is_some() {
        work.refuse(Refusal::DefaultOnIdentity { column, table }, span);
        return;
    }
    if own.generated.is_some() {
        work.refuse(Refusal::DefaultOnGenerated { column, table }, span);
        return;
    }
    if let Some(expr) = expr {
        let data_type = own.data_type.clone();
        work.check_default(expr);
        work.check_label(expr, &data_type);
        work.check_value(expr, &data_type);
    }
    for id in work.reached(target.table, target.only) {
        change_column(work, id, &name.text, |it| it.default = expr.cloned());
    }
}

/// Changes the column `name` of a table, if it has one.
fn change_column(work: &mut Work<'_>, table: RelationId, name: &str, change: impl FnOnce(&mut Column)) {
    let Some(at) = work.relation(table).column_id(name) else { return };
    let mut column = work.relation(table).columns[at].clone();
    change(&mut column);
    work.change(Change::Column { table, at, to: Some(column) });
}

pub(super) fn set_not_null(work: &mut Work<'_>, target: Target, name: &Name, span: Span) {
    // Nothing is done below a column of a partitioned table that forbids nulls; from PostgreSQL 18 on, of any table.
    let done = work.relation(target.table).column(&name.text).is_some_and(|it| it.not_null == NotNull::Yes);
    if work.version.since(18) && !done && !target.only {
        lock_nullable(work, target, &name.text, span);
    } else if !(done && (work.version.since(18) || is_partitioned(work, target.table))) {
        lock_below(work, target, span);
    }
    if work.column(target.table, name).is_none() {
        if !work.relation(target.table).complete {
            work.scan(target.table, ScanReason::NotNull(name.text.clone()), span);
        }
        return;
    }
    let children = work.catalog.partitions(target.table);
    let nullable_below =
        children.iter().any(|id| work.relation(*id).column(&name.text).is_some_and(|it| it.not_null == NotNull::No));
    if target.only && !done && !children.is_empty() && (nullable_below || work.version.since(18)) {
        work.refuse(Refusal::OnlyOnPartitioned { what: "constraint must be added to child tables too" }, span);
    }
    // With `ONLY` it is the table's own, where there are children (`ATExecSetNotNull`, PostgreSQL 18).
    let own = target.only && !work.catalog.children(target.table).is_empty();
    let mut constraint = None;
    for id in work.reached(target.table, target.only) {
        let at = work.relation(id).column_id(&name.text);
        if let Some(at) = at {
            if !target.only && !work.hands_down_not_null(id, at) {
                let message = "cannot change NO INHERIT status of NOT NULL constraint";
                work.refuse(Refusal::Plain { sqlstate: "0A000", message }, span);
            }
            let had = work.not_null_name(id, at).is_some();
            work.set_not_null(id, at, constraint.clone(), span);
            if own && !had {
                work.keep_not_null(id, at);
            }
            constraint = constraint.or_else(|| work.not_null_name(id, at));
        }
    }
}

/// Locks what hangs below, but not below a column that forbids nulls already; `ATExecSetNotNull` (PostgreSQL 18).
fn lock_nullable(work: &mut Work<'_>, target: Target, column: &str, span: Span) {
    let mut left = work.catalog.children(target.table);
    while let Some(id) = left.pop() {
        work.lock(id, target.mode, span);
        if work.relation(id).column(column).is_none_or(|it| it.not_null != NotNull::Yes) {
            left.extend(work.catalog.children(id));
        }
    }
}

/// `ATPrepDropNotNull`, which PostgreSQL 18 does without.
pub(super) fn prepare_drop_not_null(work: &mut Work<'_>, target: Target, span: Span) {
    if target.only && !work.version.since(18) && !work.catalog.partitions(target.table).is_empty() {
        let what = "cannot remove constraint from only the partitioned table when partitions exist";
        work.refuse(Refusal::OnlyOnPartitioned { what }, span);
    }
}

/// What else than a constraint keeps nulls out of a column; `ATExecDropNotNull`, which goes down to the children.
fn closed_to_nulls(work: &Work<'_>, table: RelationId, at: ColumnId) -> Option<Refusal> {
    let relation = work.relation(table);
    let column = relation.columns[at].name.clone();
    let holds = |it: &crate::catalog::Index| it.key.iter().any(|it| it.column == Some(at));
    let index = |it: RelationId| work.catalog.get(it).and_then(Relation::as_index);
    if relation.columns[at].identity.is_some() {
        return Some(Refusal::NotNullOfIdentity { column, table: relation.name.name.clone() });
    }
    let primary = relation.primary_key().and_then(crate::catalog::Constraint::index);
    if primary.and_then(index).is_some_and(holds) {
        return Some(Refusal::NotNullOfPrimaryKey { column });
    }
    let identity = match relation.replica_identity {
        ReplicaIdentity::Index(Some(it)) => index(it),
        _ => None,
    };
    let message = "column is in index used as replica identity";
    identity.is_some_and(holds).then_some(Refusal::Plain { sqlstate: "42P16", message })
}

pub(super) fn drop_not_null(work: &mut Work<'_>, target: Target, name: &Name, span: Span) {
    let eighteen = work.version.since(18);
    let below = eighteen && is_partitioned(work, target.table);
    // From PostgreSQL 18 on the children are reached through the constraint, if there is one.
    let nullable = work.relation(target.table).column(&name.text).is_some_and(|it| it.not_null == NotNull::No);
    let at = work.relation(target.table).column_id(&name.text);
    let own = at.is_some_and(|at| !work.hands_down_not_null(target.table, at));
    let target = Target { only: target.only || own, ..target };
    if !(eighteen && (nullable || own)) {
        if below && target.only {
            work.catalog.children(target.table).into_iter().for_each(|it| work.lock(it, target.mode, span));
        }
        lock_below(work, target, span);
    }
    let Some(at) = work.column(target.table, name) else { return };
    if let Some(refusal) = closed_to_nulls(work, target.table, at) {
        work.refuse(refusal, name.span);
        return;
    }
    let relation = work.relation(target.table);
    let above = relation.partition_of.as_ref().map(|it| it.parent);
    if let Some(parent) = above
        && work.relation(parent).column(&name.text).is_some_and(|it| it.not_null == NotNull::Yes)
    {
        let message = "column is marked NOT NULL in parent table";
        work.refuse(Refusal::Plain { sqlstate: "42P16", message }, name.span);
        return;
    }
    let own = relation.live_constraints().find(|(_, it)| matches!(it.kind, ConstraintKind::NotNull(on) if on == at));
    if let Some(own) = own.map(|(_, it)| it.clone())
        && work.inherits_constraint(target.table, &own)
    {
        let table = work.relation(target.table).name.name.clone();
        work.refuse(Refusal::InheritedConstraint { constraint: own.name, table }, name.span);
        return;
    }
    for id in work.reached(target.table, target.only) {
        // From PostgreSQL 18 on the constraint of a child may be its own, too, and then stays.
        let at = work.relation(id).column_id(&name.text).filter(|_| !eighteen);
        if let Some(refusal) = at.and_then(|at| closed_to_nulls(work, id, at)) {
            work.refuse(refusal, name.span);
            return;
        }
        change_column(work, id, &name.text, |it| it.not_null = NotNull::No);
        let relation = work.relation(id);
        let own = relation.column_id(&name.text);
        let slot = relation
            .live_constraints()
            .find(|(_, it)| matches!(it.kind, ConstraintKind::NotNull(at) if Some(at) == own));
        if let Some(at) = slot.map(|(at, _)| at) {
            work.change(Change::Constraint { table: id, at, to: None });
        }
    }
}

pub(super) fn set_expression(work: &mut Work<'_>, target: Target, name: &Name, expr: &Expr, span: Span) {
    lock_below(work, target, span);
    let Some(at) = work.column(target.table, name) else { return };
    let relation = work.relation(target.table);
    let Some(kind) = relation.columns[at].generated else {
        let refusal = Refusal::NotGenerated { column: name.text.clone(), table: relation.name.name.clone() };
        work.refuse(refusal, name.span);
        return;
    };
    work.check_generation(target.table, name, expr);
    for id in work.reached(target.table, target.only) {
        if kind == GeneratedKind::Stored {
            work.rewrite(id, RewriteReason::Expression(name.text.clone()), span);
        }
        change_column(work, id, &name.text, |it| it.default = Some(expr.clone()));
    }
}

/// `ATPrepDropExpression`.
pub(super) fn prepare_drop_expression(work: &mut Work<'_>, target: Target, name: &Name, span: Span) {
    if target.only && !work.catalog.children(target.table).is_empty() {
        let message = "ALTER TABLE / DROP EXPRESSION must be applied to child tables too";
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, span);
        return;
    }
    let Some(at) = work.column(target.table, name) else { return };
    if work.inherits_column(target.table, at) {
        let message = "cannot drop generation expression from inherited column";
        work.refuse(Refusal::Plain { sqlstate: "42P16", message }, name.span);
    }
}

pub(super) fn drop_expression(work: &mut Work<'_>, target: Target, name: &Name, if_exists: bool, span: Span) {
    lock_below(work, target, span);
    let Some(at) = work.column(target.table, name) else { return };
    let relation = work.relation(target.table);
    match relation.columns[at].generated {
        Some(GeneratedKind::Stored) => {}
        Some(GeneratedKind::Virtual) => {
            let message = "ALTER TABLE / DROP EXPRESSION is not supported for virtual generated columns";
            work.refuse(Refusal::Plain { sqlstate: "0A000", message }, name.span);
            return;
        }
        None if if_exists => return,
        None => {
            let refusal = Refusal::NotGenerated { column: name.text.clone(), table: relation.name.name.clone() };
            work.refuse(refusal, name.span);
            return;
        }
    }
    for id in work.reached(target.table, target.only) {
        change_column(work, id, &name.text, |it| (it.generated, it.default) = (None, None));
    }
}

/// Values of fixed length are stored as they are; `GetAttributeStorage` and `GetAttributeCompression`.
pub(super) fn refuse_plain(work: &mut Work<'_>, target: Target, name: &Name, fits: bool, message: &'static str) {
    let Some(at) = work.column(target.table, name) else { return };
    let data_type = work.relation(target.table).columns[at].data_type.clone();
    if !fits && work.has_fixed_length(&data_type) {
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, name.span);
    }
}

/// From PostgreSQL 17 on a partition has the identities of its table and none of its own.
fn refuse_on_partition(work: &mut Work<'_>, target: Target, message: &'static str, name: &Name) -> bool {
    let refused = work.version.since(17) && is_partition(work, target.table);
    if refused {
        work.refuse(Refusal::Plain { sqlstate: "42P16", message }, name.span);
    }
    refused
}

/// From PostgreSQL 17 on the identity is that of all partitions.
fn refuse_only(work: &mut Work<'_>, target: Target, message: &'static str, name: &Name) {
    if work.version.since(17) && target.only && is_partitioned(work, target.table) {
        work.refuse(Refusal::Plain { sqlstate: "42P16", message }, name.span);
    }
}

/// Identities reach partitions from PostgreSQL 17 on.
fn lock_identity(work: &mut Work<'_>, target: Target, span: Span) {
    if work.version.since(17) && is_partitioned(work, target.table) {
        lock_below(work, target, span);
    }
}

pub(super) fn add_identity(work: &mut Work<'_>, target: Target, name: &Name, identity: &Identity, span: Span) {
    lock_identity(work, target, span);
    let table = target.table;
    let Some(at) = work.column(table, name) else { return };
    let relation = work.relation(table);
    let own = relation.columns[at].clone();
    let table_name = relation.name.name.clone();
    let name_of_type = own.data_type.name.name.as_str();
    let system = own.data_type.name.schema == "pg_catalog";
    let integer = system && own.data_type.dimensions == 0 && matches!(name_of_type, "int2" | "int4" | "int8");
    let known = if system { name_of_type != "unknown" } else { work.knows_type(&own.data_type) };
    if known && !integer {
        let message = "identity column type must be smallint, integer, or bigint";
        work.refuse(Refusal::Plain { sqlstate: "22023", message }, name.span);
    }
    // The sequence is made before the column is looked at.
    if refuse_on_partition(work, target, "cannot add identity to a column of a partition", name) {
        return;
    }
    refuse_only(work, target, "cannot add identity to a column of only the partitioned table", name);
    if own.not_null == NotNull::NotValid {
        let message = "incompatible NOT VALID constraint";
        work.refuse(Refusal::Plain { sqlstate: "55000", message }, name.span);
    }
    if own.not_null == NotNull::No {
        work.refuse(Refusal::IdentityOnNullable { column: own.name.clone() }, name.span);
    }
    if own.identity.is_some() {
        work.refuse(Refusal::IdentityExists { column: own.name.clone(), table: table_name }, name.span);
        return;
    }
    // That of a generated column is one too (`pg_attribute.atthasdef`).
    if own.default.is_some() {
        let message = "column already has a default value";
        work.refuse(Refusal::Plain { sqlstate: "55000", message }, name.span);
        return;
    }
    change_identity(work, table, &name.text, Some(identity.always));
    let place = work.place(span);
    work.own_sequence(table, at, &own.name, own.data_type.name.name.clone(), Some(&identity.options), place);
}

pub(super) fn set_identity(work: &mut Work<'_>, target: Target, name: &Name, always: Option<bool>, span: Span) {
    let found = work.column(target.table, name);
    if refuse_on_partition(work, target, "cannot change identity column of a partition", name) {
        return;
    }
    refuse_only(work, target, "cannot change identity column of only the partitioned table", name);
    lock_identity(work, target, span);
    let Some(at) = found else { return };
    if !require_identity(work, target.table, at, name) {
        return;
    }
    for (id, owner) in work.catalog.owned_sequences(target.table) {
        if owner == at {
            work.lock(id, LockMode::ShareRowExclusive, span);
        }
    }
    if let Some(always) = always {
        change_identity(work, target.table, &name.text, Some(always));
    }
}

/// The identity of a column; from PostgreSQL 17 on the partitions share it.
fn change_identity(work: &mut Work<'_>, table: RelationId, name: &str, to: Option<bool>) {
    let shared = work.version.since(17) && work.is_partitioned(table);
    for id in if shared { work.catalog.tree(table) } else { vec![table] } {
        change_column(work, id, name, |it| it.identity = to);
    }
}

fn require_identity(work: &mut Work<'_>, table: RelationId, at: ColumnId, name: &Name) -> bool {
    let relation = work.relation(table);
    if relation.columns[at].identity.is_some() {
        return true;
    }
    let refusal = Refusal::NoIdentity { column: name.text.clone(), table: relation.name.name.clone() };
    work.refuse(refusal, name.span);
    false
}

pub(super) fn drop_identity(work: &mut Work<'_>, target: Target, name: &Name, if_exists: bool, span: Span) {
    if refuse_on_partition(work, target, "cannot drop identity from a column of a partition", name) {
        return;
    }
    refuse_only(work, target, "cannot drop identity from a column of only the partitioned table", name);
    let Some(at) = work.column(target.table, name) else { return };
    if if_exists && work.relation(target.table).columns[at].identity.is_none() {
        return;
    }
    if !require_identity(work, target.table, at, name) {
        return;
    }
    lock_identity(work, target, span);
    for (id, owner) in work.catalog.owned_sequences(target.table) {
        if owner == at {
            work.lock(id, LockMode::AccessExclusive, span);
            work.change(Change::Relation { id, to: None });
        }
    }
    change_identity(work, target.table, &name.text, None);
}
