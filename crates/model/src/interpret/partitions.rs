//! Partitions: made, attached, detached.

use super::keys::NewIndex;
use super::names::Expected;
use super::proofs::implies_not_null;
use super::work::Work;
use crate::catalog::{
    Change, ColumnId, Constraint, ConstraintKind, NotNull, PartitionOf, Relation, RelationId, RelationKind,
};
use crate::effects::{LockMode, ScanReason};
use crate::{Refusal, Version};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{self, BoundKind, PartitionBound, Persistence, QualifiedName};
use smol_str::SmolStr;

impl Work<'_> {
    /// The parent of a new partition, locked; the partition gets its columns and checks.
    pub(super) fn partition_parent(&mut self, table: RelationId, of: &ast::PartitionOf) -> Option<RelationId> {
        let parent = self.resolve_or_assume(&of.parent, Expected::Table, false)?;
        // Queues behind every reader of the parent; see "CREATE TABLE" in the manual.
        self.lock(parent, LockMode::AccessExclusive, of.span);
        self.inherit_columns(table, parent);
        self.lock_whole_referencing(parent, of.span);
        Some(parent)
    }

    /// The bound of a new partition is looked at when its columns and their defaults are there; gives whether there is
    /// something to be a part of.
    pub(super) fn check_new_bound(&mut self, table: RelationId, parent: RelationId, of: &ast::PartitionOf) -> bool {
        if self.relation(parent).known() && self.relation(parent).partition_key().is_none() {
            let message = "relation is not partitioned";
            self.refuse(Refusal::Plain { sqlstate: "42P17", message }, of.parent.span());
            return false;
        }
        let name = self.relation(table).name.name.clone();
        self.check_bound(parent, &name, &of.bound);
        if let Some(default) = self.default_partition(parent) {
            self.lock(default, LockMode::AccessExclusive, of.span);
            self.scan_default(parent, default, &of.bound, of.span);
        }
        true
    }

    /// Hangs a new table below its parent, with the parent's indexes and foreign keys.
    pub(super) fn enter_partition(&mut self, table: RelationId, parent: RelationId, of: &ast::PartitionOf) {
        let to = Some(PartitionOf { parent, bound: Some(of.bound.kind.clone()), detaching: false });
        self.change(Change::Partition { child: table, to });
        self.take_over_indexes(table, parent, of.span);
        self.take_over_foreign_keys(table, parent, of.span, true);
        self.take_over_triggers(table, parent, of.span);
    }

    /// Gives a partition its part of each index of the parent; `AttachPartitionEnsureIndexes`.
    fn take_over_indexes(&mut self, table: RelationId, parent: RelationId, span: Span) {
        let indexes: Vec<_> = self.catalog.indexes(parent).map(|(id, _, index)| (id, index.clone())).collect();
        if matches!(self.relation(table).kind, RelationKind::Foreign) {
            // A foreign table has no indexes, so it cannot have part in a unique one.
            if indexes.iter().any(|(_, it)| it.unique) {
                let message = "the partitioned table has unique indexes, which a foreign partition cannot have";
                self.refuse(Refusal::Plain { sqlstate: "42809", message }, span);
            }
            return;
        }
        for (id, index) in indexes {
            let owner = self.relation(parent).constraint_of_index(id).map(|(_, it)| it.clone());
            let constraint = owner.as_ref().map(Constraint::words);
            let new = NewIndex { name: None, index, constraint, span, anew: false };
            self.index_partition(id, table, &new, true);
            if let Some(owner) = owner {
                self.name_parts(id, table, &owner);
            }
        }
    }

    /// Enters the constraints that the parts of a parent's key serve, for a partition and its own partitions.
    pub(super) fn name_parts(&mut self, parent_index: RelationId, table: RelationId, owner: &Constraint) {
        for part in self.catalog.partitions(parent_index) {
            let Some(own) = self.relation(part).as_index().cloned() else { continue };
            if own.table == table && !self.serves_constraint(table, part) {
                let kind = match owner.kind {
                    ConstraintKind::Exclude { .. } => ConstraintKind::Exclude { index: part },
                    _ => ConstraintKind::Unique { primary: own.primary, index: part },
                };
                let name = self.relation(part).name.name.clone();
                self.append_constraint(table, Constraint { name, kind, inherited: true, ..owner.clone() });
            }
            for below in self.catalog.partitions(table) {
                self.name_parts(part, below, owner);
            }
        }
    }

    /// Gives a partition the foreign keys of its parent; `CloneForeignKeyConstraints`.
    fn take_over_foreign_keys(&mut self, table: RelationId, parent: RelationId, span: Span, creating: bool) {
        let keys: Vec<Constraint> = self
            .relation(parent)
            .live_constraints()
            .filter(|(_, it)| matches!(it.kind, ConstraintKind::ForeignKey { .. }))
            .map(|(_, it)| it.clone())
            .collect();
        for key in keys {
            let ConstraintKind::ForeignKey { columns, references, referenced, index, match_full, on_delete, on_update } =
                key.kind.clone()
            else {
                continue;
            };
            let names: Vec<_> =
                columns.iter().filter_map(|at| Some(self.relation(parent).columns.get(*at)?.name.clone())).collect();
            // What hangs below a table whose own key is adopted has a part of that key already.
            let mut left = vec![table];
            while let Some(id) = left.pop() {
                let relation = self.relation(id);
                let own: Vec<_> = names.iter().filter_map(|it| relation.column_id(it)).collect();
                // Before PostgreSQL 18 one that is not valid is passed over.
                let equal = relation.live_constraints().find(|(_, it)| {
                    (it.validated || self.version.since(18))
                        && !it.inherited
                        && it.deferrable == key.deferrable
                        && matches!(&it.kind, ConstraintKind::ForeignKey {
                            columns, references: target, match_full: full, on_delete: delete, on_update: update, ..
                        } if *columns == own && *target == references && *full == match_full && *delete == on_delete && *update == on_update)
                });
                if let Some((at, own)) = equal {
                    let validates = key.validated && !own.validated;
                    let adopted =
                        Constraint { inherited: true, validated: key.validated || own.validated, ..own.clone() };
                    self.change(Change::Constraint { table: id, at, to: Some(adopted.clone()) });
                    if validates {
                        self.validate_adopted(id, &adopted, span);
                    }
                    self.lock_adopted(references, &adopted, &key, span);
                    continue;
                }
                self.lock_all(references, LockMode::ShareRowExclusive, span);
                if !creating {
                    self.scan(id, ScanReason::ForeignKey(key.name.clone()), span);
                }
                let kind = ConstraintKind::ForeignKey {
                    columns: own,
                    references,
                    referenced: referenced.clone(),
                    index,
                    match_full,
                    on_delete,
                    on_update,
                };
                self.append_constraint(id, Constraint { kind, inherited: true, ..key.clone() });
                left.extend(self.catalog.partitions(id));
            }
        }
    }

    /// A key that becomes part of that of the parent loses its triggers on the other side, if it has any; `AttachPartitionForeignKey`.
    fn lock_adopted(&mut self, references: RelationId, own: &Constraint, parent: &Constraint, span: Span) {
        if own.enforced != parent.enforced {
            let message = "the enforceability of a constraint conflicts with that of the parent";
            self.refuse(Refusal::Plain { sqlstate: "42P17", message }, span);
        }
        let mode = if own.enforced { LockMode::AccessExclusive } else { LockMode::ShareRowExclusive };
        self.lock_all(references, mode, span);
    }

    /// Rows of a new partition may be what foreign keys to the parent point at; 12–14 took no such lock.
    fn lock_whole_referencing(&mut self, parent: RelationId, span: Span) {
        if self.version.since(15) {
            for (by, _) in self.referencing_as_a_whole(parent) {
                self.lock(by, LockMode::ShareRowExclusive, span);
            }
        }
    }

    /// Locks the other side of a foreign key, which is all partitions of it.
    fn lock_all(&mut self, table: RelationId, mode: LockMode, span: Span) {
        self.reached_partitions(table).into_iter().for_each(|it| self.lock(it, mode, span));
    }

    /// The default partition must hold no row that belongs to the new bound.
    fn scan_default(&mut self, parent: RelationId, default: RelationId, bound: &PartitionBound, span: Span) {
        if bound.kind == BoundKind::Default {
            return;
        }
        for part in self.catalog.tree(default) {
            if part != default {
                self.lock(part, LockMode::AccessExclusive, span);
            }
            if !self.excludes(part, parent, &bound.kind) {
                self.scan(part, ScanReason::DefaultPartition, span);
            }
        }
    }

    /// `ATTACH PARTITION`; `ATExecAttachPartition`.
    pub(super) fn attach_partition(
        &mut self,
        parent: RelationId,
        child: &QualifiedName,
        bound: &PartitionBound,
        span: Span,
    ) {
        if self.relation(parent).known() && self.relation(parent).partition_key().is_none() {
            let table = self.relation(parent).name.name.clone();
            let refusal = match self.version.since(18) {
                true => Refusal::WrongKind { name: table, expected: "a partitioned table" },
                false => Refusal::NotPartitioned { table },
            };
            self.refuse(refusal, span);
            return;
        }
        self.check_bound_form(parent, &bound.kind, bound.span);
        let Some(table) = self.resolve_or_assume(child, Expected::Table, false) else { return };
        self.lock(table, LockMode::AccessExclusive, span);
        if self.relation(table).partition_of.is_some() {
            let child_name = self.relation(table).name.name.clone();
            self.refuse(Refusal::AlreadyPartition { child: child_name }, child.span());
            return;
        }
        if self.refuse_circle(parent, table, child.span()) {
            return;
        }
        self.check_attached_kind(parent, table, child.span());
        self.check_extra_columns(parent, table, child.span());
        let name = self.relation(table).name.name.clone();
        self.check_bound(parent, &name, bound);
        self.check_child(parent, table, child.span());
        self.lock_whole_referencing(parent, span);
        let default = self.default_partition(parent);
        if let Some(default) = default {
            self.lock(default, LockMode::AccessExclusive, span);
            self.scan_default(parent, default, bound, span);
        }
        for part in self.catalog.tree(table) {
            self.lock(part, LockMode::AccessExclusive, span);
            if !self.fits(part, parent, &bound.kind, table) {
                self.scan(part, ScanReason::PartitionBound, span);
            }
        }
        let to = Some(PartitionOf { parent, bound: Some(bound.kind.clone()), detaching: false });
        self.change(Change::Partition { child: table, to });
        self.take_over_indexes(table, parent, span);
        self.take_over_foreign_keys(table, parent, span, false);
        self.take_over_triggers(table, parent, span);
    }

    /// Refuses to hang `above` below itself.
    pub(super) fn refuse_circle(&mut self, above: RelationId, below: RelationId, span: Span) -> bool {
        let circular = self.catalog.tree(below).contains(&above);
        if circular {
            self.refuse(Refusal::Plain { sqlstate: "42P07", message: "circular inheritance not allowed" }, span);
        }
        circular
    }

    /// What kind of table can be attached at all.
    fn check_attached_kind(&mut self, parent: RelationId, table: RelationId, span: Span) {
        let (above, below) = (self.relation(parent), self.relation(table));
        let temporary = |it: &Relation| it.persistence == Persistence::Temporary;
        let (parent_temporary, child_temporary) = (temporary(above), temporary(below));
        let message = if below.of_type.is_some() {
            "cannot attach a typed table as partition"
        } else if !below.inherits.is_empty() {
            "cannot attach inheritance child as partition"
        } else if !self.catalog.inheritors(table).is_empty() {
            "cannot attach inheritance parent as partition"
        } else if parent_temporary != child_temporary && above.known() && below.known() {
            let parent = &above.name.name;
            let message = match child_temporary {
                true => format!("cannot attach a temporary relation as partition of permanent relation \"{parent}\""),
                false => format!("cannot attach a permanent relation as partition of temporary relation \"{parent}\""),
            };
            self.refuse(Refusal::AttachedDiffers { sqlstate: "42809", message, column: None }, span);
            return;
        } else {
            return;
        };
        self.refuse(Refusal::AttachedDiffers { sqlstate: "42809", message: message.to_owned(), column: None }, span);
    }

    /// A partition has no columns but those of its parent, and no identity of its own; `ATExecAttachPartition`.
    fn check_extra_columns(&mut self, parent: RelationId, table: RelationId, span: Span) {
        let (above, below) = (self.relation(parent), self.relation(table));
        let whole = above.complete && below.complete;
        let refusal = below.live_columns().find_map(|(_, it)| {
            if it.identity.is_some() && self.version.since(17) {
                let message = "table being attached contains an identity column";
                return Some(Refusal::Plain { sqlstate: "55000", message });
            }
            if !whole || above.column_id(&it.name).is_some() {
                return None;
            }
            let (parent, child, name) = (&above.name.name, &below.name.name, &it.name);
            let message = format!("table \"{child}\" contains column \"{name}\" not found in parent \"{parent}\"");
            Some(Refusal::AttachedDiffers { sqlstate: "42804", message, column: Some(name.clone()) })
        });
        let transitions = below.parts.iter().any(|it| it.transitions);
        if let Some(refusal) = refusal {
            self.refuse(refusal, span);
        }
        if transitions {
            let message = "a trigger with transition tables prevents the table from becoming a partition";
            self.refuse(Refusal::Plain { sqlstate: "0A000", message }, span);
        }
    }

    /// A child has all columns and checks of its parent; `MergeAttributesIntoExisting`, `MergeConstraintsIntoExisting`.
    pub(super) fn check_child(&mut self, parent: RelationId, table: RelationId, span: Span) {
        let (above, below) = (self.relation(parent), self.relation(table));
        if !above.complete || !below.complete {
            return;
        }
        let refusal = difference(above, below, self.version, |at| self.hands_down_not_null(parent, at));
        if let Some(refusal) = refusal {
            self.refuse(refusal, span);
        }
    }

    /// `DETACH PARTITION`; `ATExecDetachPartition`.
    pub(super) fn detach_partition(
        &mut self,
        parent: RelationId,
        child: &QualifiedName,
        concurrently: bool,
        finalize: bool,
        span: Span,
    ) {
        if self.relation(parent).known() && self.relation(parent).partition_key().is_none() {
            let table = self.relation(parent).name.name.clone();
            let refusal = match self.version.since(18) || self.relation(parent).as_index().is_some() {
                true => Refusal::WrongKind { name: table, expected: "a partitioned table" },
                false => Refusal::NotPartitioned { table },
            };
            self.refuse(refusal, span);
            return;
        }
        let default = self.default_partition(parent);
        if concurrently && default.is_some() {
            self.refuse(Refusal::DetachConcurrentlyWithDefault, span);
        }
        // `table_openrv` opens views and sequences too, which are partitions of nothing.
        let rows = |it: &RelationKind| {
            matches!(it, RelationKind::View(_) | RelationKind::MaterializedView(_) | RelationKind::Sequence(_))
        };
        let opened = self.find(child).is_some_and(|it| rows(&self.relation(it).kind));
        let expected = if opened { Expected::Relation } else { Expected::Table };
        let Some(table) = self.resolve_or_assume(child, expected, false) else { return };
        let below = self.relation(table).partition_of.as_ref().map(|it| it.parent);
        if self.relation(table).known() && self.relation(parent).known() && below != Some(parent) {
            let refusal = Refusal::NotPartitionOf {
                child: self.relation(table).name.name.clone(),
                parent: self.relation(parent).name.name.clone(),
            };
            self.refuse(refusal, child.span());
            return;
        }
        let referenced = !self.catalog.referencing(parent).is_empty();
        let own = if concurrently || finalize || referenced || self.version.since(14) {
            LockMode::AccessExclusive
        } else {
            LockMode::ShareUpdateExclusive
        };
        self.lock(table, own, span);
        if let Some(default) = default {
            self.lock(default, LockMode::AccessExclusive, span);
        }
        for part in self.catalog.tree(table) {
            if part != table {
                // What they must hold is computed anew.
                self.lock(part, LockMode::AccessExclusive, span);
            }
            self.release_part(part, table, parent, span);
        }
        self.drop_cloned_triggers(table, parent, span);
        if concurrently {
            self.keep_bound(parent, table, span);
        }
        self.change(Change::Partition { child: table, to: None });
        self.own_what_no_parent_has(table);
        if self.version.since(17) {
            for part in self.catalog.tree(table) {
                self.drop_identities(part);
            }
        }
    }

    /// A check says what the bound said, unless others do already; `DetachAddConstraintIfNeeded`. Of a key of several columns, and
    /// of a partition below a partition, it is not followed.
    fn keep_bound(&mut self, parent: RelationId, table: RelationId, span: Span) {
        let Some(bound) = self.relation(table).partition_of.as_ref().and_then(|it| it.bound.clone()) else { return };
        let above = self.relation(parent);
        let Some([element]) = above.partition_key().map(|it| it.elements.as_slice()) else { return };
        let Some(column) = element.expr.as_column().cloned() else { return };
        if above.partition_of.is_some() || self.fits(table, parent, &bound, table) {
            return;
        }
        let Some(expr) = super::bound_proofs::as_condition(&column, &bound) else { return };
        let check = ast::Constraint {
            name: None,
            kind: ast::ConstraintKind::Check { expr },
            deferrable: false,
            initially_deferred: false,
            not_valid: false,
            not_enforced: false,
            no_inherit: false,
            span,
        };
        // The rows are known to be within it.
        self.add_constraint(table, &check, super::constraints::CREATING);
    }

    /// The identity of a partition is its parent's, and stays there.
    fn drop_identities(&mut self, table: RelationId) {
        let columns: Vec<_> = self.relation(table).live_columns().map(|(at, it)| (at, it.clone())).collect();
        for (at, column) in columns.into_iter().filter(|(_, it)| it.identity.is_some()) {
            self.change(Change::Column { table, at, to: Some(crate::catalog::Column { identity: None, ..column }) });
        }
    }

    /// What goes with detaching: index parts stand alone again, foreign keys become the table's own.
    fn release_part(&mut self, part: RelationId, table: RelationId, parent: RelationId, span: Span) {
        let whole = self.catalog.tree(parent);
        for (at, constraint) in
            self.relation(part).live_constraints().map(|(at, it)| (at, it.clone())).collect::<Vec<_>>()
        {
            if let ConstraintKind::ForeignKey { references, .. } = constraint.kind
                && constraint.inherited
            {
                let own = whole.contains(&references);
                if own && !self.version.since(15) {
                    // A key of the table to itself does not stay with what it loses.
                    self.change(Change::Constraint { table: part, at, to: None });
                    continue;
                }
                if own {
                    self.lock_all(references, LockMode::ShareRowExclusive, span);
                }
                self.lock(references, LockMode::ShareRowExclusive, span);
            }
        }
        for (by, at) in self.catalog.referencing(parent) {
            if whole.contains(&by) {
                continue;
            }
            let name = self.relation(by).constraints[at].as_ref().map(|it| it.name.clone()).unwrap_or_default();
            self.lock(by, LockMode::AccessExclusive, span);
            self.scan(by, ScanReason::ForeignKey(name), span);
        }
        if part != table {
            return;
        }
        let indexes: Vec<RelationId> = self.catalog.indexes(part).map(|(id, _, _)| id).collect();
        for index in indexes {
            if self.relation(index).partition_of.is_some() {
                self.change(Change::Partition { child: index, to: None });
            }
        }
    }

    /// Columns and constraints that no parent has are a table's own, once it no longer hangs below one.
    pub(super) fn own_what_no_parent_has(&mut self, table: RelationId) {
        let mut relation = self.relation(table).clone();
        for (at, column) in relation.columns.iter_mut().enumerate() {
            column.local |= !self.inherits_column(table, at);
        }
        for constraint in relation.constraints.iter_mut().flatten() {
            constraint.inherited &= self.is_handed_down(table, constraint);
        }
        self.change(Change::Relation { id: table, to: Some(Box::new(relation)) });
    }

    /// Whether the table's constraints already say that each row fits the bound, so that nothing is read;
    /// `ConstraintImpliedByRelConstraint` for the partition constraint.
    fn fits(&self, table: RelationId, parent: RelationId, bound: &BoundKind, own: RelationId) -> bool {
        let relation = self.relation(table);
        let Some(key) = self.relation(parent).partition_key() else { return false };
        let names: Option<Vec<&SmolStr>> = key.elements.iter().map(|it| Some(&it.expr.as_column()?.text)).collect();
        let Some(names) = names else { return false };
        let fits = if bound == &BoundKind::Default {
            // It takes what no other partition does.
            let others = self.catalog.partitions(parent).into_iter().filter(|it| *it != own);
            others.map(|it| self.relation(it).partition_of.as_ref().and_then(|it| it.bound.as_ref())).all(|it| {
                let ([name], Some(bound)) = (names.as_slice(), it) else { return false };
                super::bound_proofs::checks_exclude(checks(relation), name, bound)
            })
        } else {
            let Some(parts) = super::bound_proofs::by_column(bound) else { return false };
            parts.len() == names.len()
                && names.iter().zip(&parts).all(|(name, bound)| {
                    let not_null = relation.column(name).is_some_and(|it| it.not_null == NotNull::Yes)
                        || checks(relation).any(|it| implies_not_null(it, name));
                    (not_null || super::bound_proofs::holds_null(bound))
                        && super::bound_proofs::checks_imply(checks(relation), name, bound)
                })
        };
        // What hangs below a partition must be within its bound too.
        let above = self.relation(parent).partition_of.as_ref();
        fits && above.is_none_or(|it| it.bound.as_ref().is_some_and(|bound| self.fits(table, it.parent, bound, parent)))
    }

    /// Whether the default partition's constraints exclude the bound.
    fn excludes(&self, default: RelationId, parent: RelationId, bound: &BoundKind) -> bool {
        let Some(key) = self.relation(parent).partition_key() else { return false };
        let [element] = key.elements.as_slice() else { return false };
        let Some(name) = element.expr.as_column() else { return false };
        let not_null = self.relation(default).column(&name.text).is_some_and(|it| it.not_null == NotNull::Yes);
        not_null && super::bound_proofs::only_null(bound)
            || super::bound_proofs::checks_exclude(checks(self.relation(default)), &name.text, bound)
    }

    /// Whether the table is partitioned, as far as the history shows.
    pub(super) fn is_partitioned(&self, table: RelationId) -> bool {
        matches!(self.relation(table).kind, RelationKind::Partitioned(_))
    }
}

/// The validated checks of a table.
fn checks(relation: &Relation) -> impl Iterator<Item = &ast::Expr> {
    relation.live_constraints().filter_map(|(_, it)| match &it.kind {
        ConstraintKind::Check { expr, .. } if it.validated && it.enforced => Some(expr),
        _ => None,
    })
}

/// The first thing that a table lacks to hang below another, in the order of the server's checks.
fn difference(
    above: &Relation,
    below: &Relation,
    version: Version,
    hands_down_not_null: impl Fn(ColumnId) -> bool,
) -> Option<Refusal> {
    let differs = |sqlstate, message, column: Option<&SmolStr>| {
        Some(Refusal::AttachedDiffers { sqlstate, message, column: column.cloned() })
    };
    let child = &below.name.name;
    for (at, column) in above.live_columns() {
        let name = &column.name;
        let Some(own) = below.column(name) else {
            return differs("42804", format!("child table is missing column \"{name}\""), Some(name));
        };
        if own.data_type != column.data_type {
            let message = format!("child table \"{child}\" has different type for column \"{name}\"");
            return differs("42804", message, Some(name));
        }
        if own.collation != column.collation {
            let message = format!("child table \"{child}\" has different collation for column \"{name}\"");
            return differs("42P21", message, Some(name));
        }
        // A child that computes what its parent stores was allowed before PostgreSQL 16; `MergeAttributesIntoExisting`.
        if own.generated != column.generated && (column.generated.is_some() || version.since(16)) {
            let not = if column.generated.is_some() { "" } else { "not " };
            let message = format!("column \"{name}\" in child table must {not}be a generated column");
            return differs("42804", message, Some(name));
        }
        if !version.since(16) && column.generated.is_some() && own.default != column.default {
            let message = format!("column \"{name}\" in child table has a conflicting generation expression");
            return differs("42804", message, Some(name));
        }
        if column.not_null != NotNull::No && own.not_null == NotNull::No && hands_down_not_null(at) {
            let of = if version.since(18) { format!(" \"{child}\"") } else { String::new() };
            let message = format!("column \"{name}\" in child table{of} must be marked NOT NULL");
            return differs("42804", message, Some(name));
        }
    }
    for (_, check) in above.live_constraints().filter(|(_, it)| !it.no_inherit) {
        let own = match &check.kind {
            ConstraintKind::Check { .. } => below.constraint(&check.name),
            ConstraintKind::NotNull(at) => {
                let on = below.column_id(&above.columns[*at].name);
                below
                    .live_constraints()
                    .find(|(_, it)| matches!(it.kind, ConstraintKind::NotNull(at) if Some(at) == on))
            }
            _ => continue,
        };
        let Some((_, own)) = own else {
            return differs("42804", format!("child table is missing constraint \"{}\"", check.name), None);
        };
        let name = &own.name;
        let conflict = if own.no_inherit {
            "non-inherited"
        } else if check.validated && own.enforced && !own.validated {
            "NOT VALID"
        } else {
            continue;
        };
        let message = format!("constraint \"{name}\" conflicts with {conflict} constraint on child table \"{child}\"");
        return differs("42P17", message, None);
    }
    None
}
