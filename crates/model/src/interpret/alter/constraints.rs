//! Actions on constraints.

use super::{Target, is_partitioned};
use crate::catalog::{Change, ColumnId, Constraint, ConstraintId, ConstraintKind, NotNull, RelationId};
use crate::effects::{DropReason, DroppedObject, LockMode, ScanReason};
use crate::interpret::create_table::altering;
use crate::interpret::work::Work;
use crate::{Refusal, Version};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{self, Name};

pub(super) fn add(work: &mut Work<'_>, target: Target, constraint: &ast::Constraint) {
    let span = constraint.span;
    if work.version.since(18) {
        super::lock_below(work, target, span);
    }
    match &constraint.kind {
        ast::ConstraintKind::NotNull { .. } => {
            if !work.version.since(18) {
                let what = "a NOT NULL table constraint";
                work.refuse(Refusal::NewerSyntax { what, since: Version::NEWEST }, span);
            }
            if target.only && !constraint.no_inherit && !work.catalog.children(target.table).is_empty() {
                let what = "constraint must be added to child tables too";
                work.refuse(Refusal::OnlyOnPartitioned { what }, span);
            }
            super::lock_below(work, target, span);
        }
        ast::ConstraintKind::Check { .. } => {
            if !constraint.no_inherit {
                super::lock_below(work, target, span);
            }
        }
        ast::ConstraintKind::Unique(key) => {
            if refuse_nullable_below(work, target, key) {
                return;
            }
            let nullable =
                |it: &Name| work.relation(target.table).column(&it.text).is_some_and(|it| it.not_null != NotNull::Yes);
            let makes_not_null = key.primary && key.columns.iter().any(nullable);
            if key.primary && !is_partitioned(work, target.table) {
                // Its columns are made not null in the children too, those that are already as well.
                super::lock_below(work, target, span);
            }
            let mode = match constraint.deferrable {
                // Such a key is checked by a trigger, on each partition.
                true => LockMode::ShareRowExclusive,
                false => LockMode::Share,
            };
            lock_for_index(work, target, if makes_not_null { target.mode } else { mode }, span);
        }
        ast::ConstraintKind::Exclude(_) => lock_for_index(work, target, LockMode::Share, span),
        // Each partition is opened in the statement's own mode; `addFkRecurseReferencing`.
        ast::ConstraintKind::ForeignKey(_) if is_partitioned(work, target.table) => {
            super::lock_below(work, target, span);
        }
        ast::ConstraintKind::ForeignKey(_) => {}
    }
    work.add_constraint(target.table, constraint, altering(target.only));
}

/// With `ONLY` the columns of the children must forbid nulls already; `ATPrepAddPrimaryKey`, since PostgreSQL 18.
pub(super) fn prepare_primary_key(work: &mut Work<'_>, target: Target, constraint: &ast::Constraint) {
    let ast::ConstraintKind::Unique(key) = &constraint.kind else { return };
    if !key.primary || !target.only {
        return;
    }
    let not_null = |id: RelationId, name: &Name| work.relation(id).column(&name.text).map(|it| it.not_null);
    let own = |name: &&Name| not_null(target.table, name).is_some_and(|it| it != NotNull::No);
    let children = work.catalog.children(target.table);
    let of_children =
        key.columns.iter().filter(|it| !own(it)).flat_map(|name| children.iter().map(move |child| (name, *child)));
    let refused = of_children.into_iter().find_map(|(name, child)| match not_null(child, name) {
        Some(NotNull::Yes) => None,
        Some(NotNull::NotValid) => {
            let message = "cannot create primary key on a column with a NOT VALID not-null constraint";
            Some(("55000", message, name.span))
        }
        Some(NotNull::No) => Some(("XX000", "column of a child is not marked NOT NULL", name.span)),
        // Nor is a column that the child does not have.
        None if work.relation(child).complete => Some(("XX000", "column of a child is not marked NOT NULL", name.span)),
        None => None,
    });
    if let Some((sqlstate, message, span)) = refused {
        work.refuse(Refusal::Plain { sqlstate, message }, span);
    }
}

/// The same before PostgreSQL 18, when the key is made; `ATPrepSetNotNull`.
fn refuse_nullable_below(work: &mut Work<'_>, target: Target, key: &ast::UniqueKey) -> bool {
    if !key.primary || !target.only || work.version.since(18) {
        return false;
    }
    // Children by inheritance may keep their nulls.
    let children = work.catalog.partitions(target.table);
    let nullable = |child: &RelationId, name: &Name| {
        work.relation(*child).column(&name.text).is_some_and(|it| it.not_null != NotNull::Yes)
    };
    // The last column is the first to be made not null.
    let refused = |name: &&Name| children.iter().any(|it| nullable(it, name));
    let own = work.relation(target.table);
    let missing = |name: &&Name| own.complete && own.column(&name.text).is_none();
    let lacking = key.columns.iter().rfind(|name| missing(name) || refused(name));
    if lacking.is_some_and(|it| missing(&it)) {
        return false;
    }
    if let Some(name) = lacking {
        let message = "constraint must be added to child tables too";
        work.refuse(Refusal::Plain { sqlstate: "42P16", message }, name.span);
    }
    lacking.is_some()
}

/// A key on a partitioned table builds an index on each partition: under SHARE, or under the statement's own lock
/// where not-null constraints go with it and from PostgreSQL 18 on.
fn lock_for_index(work: &mut Work<'_>, target: Target, before_18: LockMode, span: Span) {
    if target.only || !is_partitioned(work, target.table) {
        return;
    }
    let mode = if work.version.since(18) { target.mode } else { before_18 };
    for id in work.catalog.tree(target.table) {
        work.lock(id, mode, span);
    }
}

pub(super) fn alter(
    work: &mut Work<'_>,
    target: Target,
    name: &Name,
    (deferrable, deferred): (Option<bool>, Option<bool>),
    enforced: Option<bool>,
    inherit: Option<bool>,
    span: Span,
) {
    let since = Version::NEWEST;
    if enforced.is_some() && !work.version.since(18) {
        work.refuse(Refusal::NewerSyntax { what: "ALTER CONSTRAINT … ENFORCED", since }, span);
    }
    if inherit == Some(false) && !work.version.since(18) {
        let message = "FOREIGN KEY constraints cannot be marked NO INHERIT".to_owned();
        work.refuse(Refusal::Unsupported { message }, span);
    } else if inherit.is_some() && !work.version.since(18) {
        work.refuse(Refusal::NewerSyntax { what: "ALTER CONSTRAINT … INHERIT", since }, span);
    }
    if work.version.since(18) && target.only && is_partitioned(work, target.table) {
        let what = "constraint must be altered in child tables too";
        work.refuse(Refusal::OnlyOnPartitioned { what }, span);
        return;
    }
    let Some((at, constraint)) = find(work, target.table, name) else { return };
    let ConstraintKind::ForeignKey { references, .. } = constraint.kind else {
        if let (ConstraintKind::NotNull(column), Some(inherit)) = (&constraint.kind, inherit) {
            hand_down_not_null(work, target, (at, *column), inherit, span);
        }
        if deferrable.is_some() || enforced.is_some() {
            let message = "constraint is not a foreign key constraint";
            work.refuse(Refusal::Plain { sqlstate: "42809", message }, name.span);
        }
        return;
    };
    if constraint.inherited {
        // A partition's part of a key follows the whole; `ATExecAlterConstraint`.
        let sqlstate = if work.version.since(18) { "55000" } else { "XX000" };
        let message = "cannot alter constraint of a partition: alter that of the partitioned table";
        work.refuse(Refusal::Plain { sqlstate, message }, name.span);
        return;
    }
    // Children by inheritance have no such key.
    for id in work.reached(target.table, target.only || !is_partitioned(work, target.table)) {
        work.lock(id, target.mode, span);
    }
    match enforced {
        Some(true) if !constraint.enforced => {
            work.lock(references, LockMode::ShareRowExclusive, span);
            work.scan(target.table, ScanReason::ForeignKey(constraint.name.clone()), span);
        }
        Some(false) if constraint.enforced => work.lock(references, LockMode::AccessExclusive, span),
        _ => {}
    }
    let to = Constraint {
        deferrable: deferrable.unwrap_or(constraint.deferrable),
        deferred: deferred.unwrap_or(constraint.deferred && deferrable != Some(false)),
        enforced: enforced.unwrap_or(constraint.enforced),
        validated: enforced.unwrap_or(constraint.validated),
        ..constraint
    };
    work.change(Change::Constraint { table: target.table, at, to: Some(to) });
}

/// `ALTER CONSTRAINT … INHERIT` of a not-null constraint: the children get it too; `ATExecAlterConstrInheritability`.
fn hand_down_not_null(
    work: &mut Work<'_>,
    target: Target,
    (at, column): (ConstraintId, ColumnId),
    inherit: bool,
    span: Span,
) {
    let relation = work.relation(target.table);
    let Some(own) = relation.constraints[at].clone() else { return };
    let (name, column) = (own.name.clone(), relation.columns[column].name.clone());
    work.change(Change::Constraint { table: target.table, at, to: Some(Constraint { no_inherit: !inherit, ..own }) });
    if !inherit {
        return;
    }
    for id in work.reached(target.table, target.only).into_iter().skip(1) {
        work.lock(id, target.mode, span);
        // A constraint that it has, valid or not, becomes the inherited one.
        let at = work.relation(id).column_id(&column).filter(|at| work.not_null_name(id, *at).is_none());
        if let Some(at) = at {
            work.set_not_null(id, at, Some(name.clone()), span);
        }
    }
}

/// The constraint called `name`; refused if the table has none.
fn find(work: &mut Work<'_>, table: RelationId, name: &Name) -> Option<(ConstraintId, Constraint)> {
    let relation = work.relation(table);
    if let Some((at, constraint)) = relation.constraint(&name.text) {
        return Some((at, constraint.clone()));
    }
    if relation.complete {
        let refusal = work.missing_constraint(table, name);
        work.refuse(refusal, name.span);
    }
    None
}

/// `VALIDATE CONSTRAINT`; `ATExecValidateConstraint`.
pub(super) fn validate(work: &mut Work<'_>, target: Target, name: &Name, span: Span) {
    let Some((at, constraint)) = find(work, target.table, name) else { return };
    if !constraint.enforced {
        let message = "cannot validate NOT ENFORCED constraint";
        work.refuse(Refusal::Plain { sqlstate: "55000", message }, name.span);
        return;
    }
    match constraint.kind {
        ConstraintKind::ForeignKey { .. } => {
            for id in work.catalog.tree(target.table) {
                let at = work.relation(id).constraint(&constraint.name).map(|(at, _)| at);
                if let Some(at) = at {
                    // What is valid already is passed over, with what hangs below it.
                    if work.relation(id).constraints[at].as_ref().is_some_and(|it| !it.validated) {
                        work.lock(id, target.mode, span);
                    }
                    work.validate_foreign_key(id, at, span);
                }
            }
        }
        ConstraintKind::Check { .. } | ConstraintKind::NotNull(_) => {
            if constraint.validated {
                return;
            }
            if target.only && !constraint.no_inherit && !work.catalog.children(target.table).is_empty() {
                let what = "constraint must be validated on child tables too";
                work.refuse(Refusal::OnlyOnPartitioned { what }, name.span);
                return;
            }
            let ids = if constraint.no_inherit { vec![target.table] } else { work.reached(target.table, target.only) };
            // A child's not-null constraint is found by its column, whatever its name.
            let column = match constraint.kind {
                ConstraintKind::NotNull(at) => Some(work.relation(target.table).columns[at].name.clone()),
                _ => None,
            };
            for id in ids {
                work.lock(id, target.mode, span);
                validate_rows(work, id, (&constraint.name, column.as_deref()), span);
            }
        }
        ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. } => {
            let _ = at;
            let message = "constraint is not a foreign key or check constraint";
            work.refuse(Refusal::Plain { sqlstate: "42809", message }, name.span);
        }
    }
}

fn validate_rows(work: &mut Work<'_>, table: RelationId, (name, column): (&str, Option<&str>), span: Span) {
    let relation = work.relation(table);
    let own = match column {
        Some(column) => {
            let column = relation.column_id(column);
            relation
                .live_constraints()
                .find(|(_, it)| matches!(it.kind, ConstraintKind::NotNull(at) if Some(at) == column))
        }
        None => relation.constraint(name),
    };
    let Some((at, own)) = own.map(|(at, it)| (at, it.clone())) else { return };
    if own.validated {
        return;
    }
    if let ConstraintKind::NotNull(column) = own.kind {
        let name = relation.columns[column].name.clone();
        let to = crate::catalog::Column { not_null: NotNull::Yes, ..relation.columns[column].clone() };
        work.scan(table, ScanReason::NotNull(name), span);
        work.change(Change::Column { table, at: column, to: Some(to) });
    } else {
        work.scan(table, ScanReason::Check(own.name.clone()), span);
    }
    work.change(Change::Constraint { table, at, to: Some(Constraint { validated: true, ..own }) });
}

/// `DROP CONSTRAINT`; `ATExecDropConstraint`.
pub(super) fn drop_constraint(
    work: &mut Work<'_>,
    target: Target,
    name: &Name,
    if_exists: bool,
    cascade: bool,
    span: Span,
) {
    let table = target.table;
    if is_partitioned(work, table) {
        // All partitions must be at rest, whether or not they have the constraint; `ATCheckPartitionsNotInUse`.
        work.catalog.tree(table).into_iter().for_each(|it| work.lock(it, target.mode, span));
    }
    let Some((at, constraint)) = work.relation(table).constraint(&name.text).map(|(at, it)| (at, it.clone())) else {
        if work.relation(table).complete && !if_exists {
            let refusal = work.missing_constraint(table, name);
            work.refuse(refusal, name.span);
        }
        return;
    };
    if work.inherits_constraint(table, &constraint) {
        let table = work.relation(table).name.name.clone();
        work.refuse(Refusal::InheritedConstraint { constraint: constraint.name, table }, name.span);
        return;
    }
    let handed_down = matches!(constraint.kind, ConstraintKind::Check { .. }) && !constraint.no_inherit;
    let has_children = is_partitioned(work, table) && !work.catalog.children(table).is_empty();
    if target.only && handed_down && has_children && !work.version.since(18) {
        let what = "cannot remove constraint from only the partitioned table when partitions exist";
        work.refuse(Refusal::OnlyOnPartitioned { what }, name.span);
        return;
    }
    work.drop_constraint(table, at, DropReason::Named, cascade, span);
    if target.only {
        if handed_down {
            for id in work.catalog.children(table) {
                work.lock(id, target.mode, span);
                let own = work.relation(id).constraint(&name.text).map(|(at, it)| (at, it.clone()));
                if let Some((at, own)) = own {
                    let to = Some(Constraint { inherited: false, ..own });
                    work.change(Change::Constraint { table: id, at, to });
                }
            }
        }
        return;
    }
    // The children are met level by level; what hangs below one that keeps its check is not.
    let mut left = vec![table];
    while let Some(above) = left.pop() {
        for id in work.catalog.children(above) {
            let below = work.relation(id).constraint(&name.text).map(|(at, it)| (at, it.clone()));
            let below = below.map(|(at, it)| (at, it.inherited && !work.is_handed_down(id, &it)));
            if handed_down {
                work.lock(id, target.mode, span);
            }
            if let Some((at, true)) = below {
                work.lock(id, target.mode, span);
                work.drop_constraint(id, at, DropReason::Automatic, cascade, span);
                left.push(id);
            } else if constraint.index().is_some() && work.relation(id).partition_of.is_some() {
                work.lock(id, target.mode, span);
                left.push(id);
            }
        }
    }
}

impl Work<'_> {
    /// Removes a constraint with its index, after what depends on it.
    pub(in crate::interpret) fn drop_constraint(
        &mut self,
        table: RelationId,
        at: ConstraintId,
        how: DropReason,
        cascade: bool,
        span: Span,
    ) {
        let Some(constraint) = self.relation(table).constraints[at].clone() else { return };
        if let Some(index) = constraint.index() {
            let dependents = self.foreign_keys_on(table, index);
            if !dependents.is_empty() && !cascade {
                let what = format!("constraint {} on {}", constraint.name, self.described(table));
                let list = dependents.iter().map(|(by, at)| {
                    self.depends_line(*by, *at, &format!("index {}", self.relation(index).name.short()))
                });
                let dependents = list.collect();
                self.refuse(Refusal::DependentObjects { what, dependents }, span);
                return;
            }
            for (by, at) in dependents {
                self.lock(by, LockMode::AccessExclusive, span);
                self.drop_constraint(by, at, DropReason::Cascade, true, span);
            }
            self.remove_index_tree(index);
        }
        if let (ConstraintKind::ForeignKey { references, .. }, DropReason::Named) = (&constraint.kind, how) {
            // `ATExecDropConstraint` opens it whether or not it has triggers of the key.
            self.lock(*references, LockMode::AccessExclusive, span);
        }
        self.drop_foreign_key_peer(&constraint, span);
        self.dropped(DroppedObject::Constraint { table, constraint: constraint.name.clone() }, how, span);
        if let ConstraintKind::NotNull(column) = constraint.kind {
            let old = self.relation(table).columns[column].clone();
            let to = crate::catalog::Column { not_null: NotNull::No, ..old };
            self.change(Change::Column { table, at: column, to: Some(to) });
        }
        self.change(Change::Constraint { table, at, to: None });
    }

    /// `constraint c on table t depends on …`, as the server lists dependents.
    pub(in crate::interpret) fn depends_line(&self, by: RelationId, at: ConstraintId, on: &str) -> String {
        let name = self.relation(by).constraints[at].as_ref().map(|it| it.name.clone()).unwrap_or_default();
        format!("constraint {name} on {} depends on {on}", self.described(by))
    }

    /// Removes an index and its parts in the partitions.
    pub(in crate::interpret) fn remove_index_tree(&mut self, index: RelationId) {
        self.remove_index_parts(index);
        self.change(Change::Relation { id: index, to: None });
    }

    /// Removes the parts of an index in the partitions, with the constraints that they serve.
    pub(in crate::interpret) fn remove_index_parts(&mut self, index: RelationId) {
        for part in self.catalog.tree(index).into_iter().skip(1).rev() {
            if let Some(table) = self.relation(part).as_index().map(|it| it.table)
                && let Some(at) = self.relation(table).constraint_of_index(part).map(|(at, _)| at)
            {
                self.change(Change::Constraint { table, at, to: None });
            }
            self.change(Change::Relation { id: part, to: None });
        }
    }
}
