//! Constraints of tables: `NOT NULL`, `CHECK`, keys. Foreign keys have a file of their own.

use super::columns::object_name;
use super::keys::{NewIndex, btree};
use super::work::Work;
use crate::catalog::{ColumnId, Constraint, ConstraintId, ConstraintKind, Index, NotNull, RelationId};
use crate::effects::ScanReason;
use crate::{Change, Refusal, Version};
use lockkeeper_syntax::ast::{self, Exclude, Name, ObjectKind, UniqueKey};
use lockkeeper_syntax::{Arrange, Span};
use smol_str::{SmolStr, format_smolstr};

/// How a constraint reaches its table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Adding {
    /// The table has no rows yet: it is made by this statement.
    pub(super) creating: bool,
    /// `ALTER TABLE ONLY`.
    pub(super) only: bool,
    /// Rows cannot violate it: it is on a new column that is null everywhere.
    pub(super) trivially_true: bool,
}

/// With `CREATE TABLE`.
pub(super) const CREATING: Adding = Adding { creating: true, only: false, trivially_true: false };

impl Work<'_> {
    /// Adds a constraint to a table, as `CREATE TABLE` or `ALTER TABLE` ask for it.
    pub(super) fn add_constraint(&mut self, table: RelationId, it: &ast::Constraint, adding: Adding) {
        self.examine_constraint(table, it);
        match &it.kind {
            ast::ConstraintKind::NotNull { column } => self.add_not_null(table, it, column, adding),
            ast::ConstraintKind::Check { expr } => {
                self.check_columns(table, expr);
                self.check_check(expr, table);
                self.add_check(table, it, expr, adding);
            }
            ast::ConstraintKind::Unique(key) => self.add_unique(table, it, key, adding),
            ast::ConstraintKind::Exclude(exclude) => self.add_exclusion(table, it, exclude, adding),
            ast::ConstraintKind::ForeignKey(key) => self.add_foreign_key(table, it, key, adding),
        }
    }

    /// What is asked of a constraint before it is made; `transformTableConstraint`, `transformIndexConstraint`.
    pub(super) fn examine_constraint(&mut self, table: RelationId, it: &ast::Constraint) {
        self.check_attributes(it);
        self.check_foreign(table, it);
        let exclusion = matches!(it.kind, ast::ConstraintKind::Exclude(_)) && !self.version.since(17);
        if exclusion && self.is_partitioned(table) {
            self.refuse(Refusal::ExclusionOnPartitioned, it.span);
        }
        if let ast::ConstraintKind::Unique(key) = &it.kind {
            match &key.using_index {
                Some(index) => drop(self.usable_index(table, it, index)),
                None => self.refuse_repeated(&key.columns),
            }
        }
    }

    /// A foreign table has no keys; `transformColumnDefinition`, `transformTableConstraint`.
    fn check_foreign(&mut self, table: RelationId, it: &ast::Constraint) {
        let what = match &it.kind {
            ast::ConstraintKind::Unique(key) if key.primary => "primary key",
            ast::ConstraintKind::Unique(_) => "unique",
            ast::ConstraintKind::Exclude(_) => "exclusion",
            ast::ConstraintKind::ForeignKey(_) => "foreign key",
            ast::ConstraintKind::NotNull { .. } | ast::ConstraintKind::Check { .. } => return,
        };
        if matches!(self.relation(table).kind, crate::catalog::RelationKind::Foreign) && self.relation(table).known() {
            let message = format!("{what} constraints are not supported on foreign tables");
            self.refuse(Refusal::Unsupported { message }, it.span);
        }
    }

    /// What the grammar accepts and `transformConstraintAttrs` or `processCASbits` refuse.
    fn check_attributes(&mut self, it: &ast::Constraint) {
        let what = match &it.kind {
            ast::ConstraintKind::Unique(key) if key.primary => "PRIMARY KEY",
            ast::ConstraintKind::Unique(_) => "UNIQUE",
            ast::ConstraintKind::Exclude(_) => "EXCLUDE",
            ast::ConstraintKind::Check { .. } | ast::ConstraintKind::ForeignKey(_) => {
                if it.not_enforced && !self.version.since(18) {
                    self.refuse(Refusal::NewerSyntax { what: "NOT ENFORCED", since: Version::NEWEST }, it.span);
                }
                return;
            }
            ast::ConstraintKind::NotNull { .. } => return,
        };
        if it.not_valid {
            self.refuse(Refusal::NotValidUnsupported { what }, it.span);
        }
    }

    fn add_not_null(&mut self, table: RelationId, it: &ast::Constraint, column: &Name, adding: Adding) {
        let Some(at) = self.column(table, column) else { return };
        let is_own = |it: &Constraint| matches!(it.kind, ConstraintKind::NotNull(own) if own == at);
        let old = self.relation(table).live_constraints().find(|(_, it)| is_own(it)).map(|(_, it)| it.name.clone());
        if let (Some(name), Some(old)) = (&it.name, old)
            && !adding.creating
            && name.text != old
        {
            let message = "cannot create not-null constraint on a column that has one of another name";
            self.refuse(Refusal::Plain { sqlstate: "55000", message }, name.span);
            return;
        }
        if !adding.creating {
            self.check_not_null(table, it, &column.text);
        }
        let not_valid = it.not_valid && self.relation(table).columns[at].not_null == NotNull::No;
        let mut name = it.name.as_ref().map(|it| it.text.clone());
        for id in self.reached(table, adding.only || it.no_inherit) {
            let Some(at) = self.relation(id).column_id(&column.text) else { continue };
            if not_valid {
                self.mark_not_null(id, at, NotNull::NotValid, name.clone(), it.span);
            } else if adding.creating {
                self.mark_not_null(id, at, NotNull::Yes, name.clone(), it.span);
                self.settle_not_null(id, at, it);
            } else {
                self.set_not_null(id, at, name.clone(), it.span);
            }
            if it.no_inherit {
                self.settle_not_null(id, at, it);
            }
            // The children's have the name of the first.
            name = name.or_else(|| self.not_null_name(id, at));
        }
    }

    /// One that is there already must be as good; `AdjustNotNullInheritance` in `src/backend/catalog/pg_constraint.c`.
    fn check_not_null(&mut self, table: RelationId, it: &ast::Constraint, column: &str) {
        if it.no_inherit && self.relation(table).partition_key().is_some() {
            let message = "not-null constraints on partitioned tables cannot be NO INHERIT";
            self.refuse(Refusal::Plain { sqlstate: "0A000", message }, it.span);
        }
        for id in self.reached(table, it.no_inherit) {
            let own = self.relation(id).column_id(column).and_then(|at| self.not_null_constraint(id, at));
            let Some((_, own)) = own else { continue };
            let message = if own.no_inherit != it.no_inherit {
                "cannot change NO INHERIT status of NOT NULL constraint"
            } else if !it.not_valid && !own.validated {
                "incompatible NOT VALID constraint"
            } else {
                continue;
            };
            self.refuse(Refusal::Plain { sqlstate: "55000", message }, it.span);
        }
    }

    /// The name of the constraint that forbids nulls in a column (PostgreSQL 18).
    pub(super) fn not_null_name(&self, table: RelationId, at: ColumnId) -> Option<SmolStr> {
        self.not_null_constraint(table, at).map(|(_, it)| it.name.clone())
    }

    fn not_null_constraint(&self, table: RelationId, at: ColumnId) -> Option<(ConstraintId, &Constraint)> {
        self.relation(table)
            .live_constraints()
            .find(|(_, it)| matches!(it.kind, ConstraintKind::NotNull(own) if own == at))
    }

    /// Whether a column forbids nulls in the children too, as far as it does.
    pub(super) fn hands_down_not_null(&self, table: RelationId, at: ColumnId) -> bool {
        self.not_null_constraint(table, at).is_none_or(|(_, it)| !it.no_inherit)
    }

    /// The checks of a new table have their names before its not-null constraints are given any; `DefineRelation`.
    fn yield_name(&mut self, table: RelationId, name: &SmolStr) {
        let relation = self.relation(table);
        let Some((slot, old)) = relation.constraint(name).map(|(at, it)| (at, it.clone())) else { return };
        let ConstraintKind::NotNull(at) = old.kind else { return };
        let column = relation.columns[at].name.clone();
        if object_name(&relation.name.name, Some(&column), "not_null") == *name {
            let name = self.free_constraint_name(table, Some(&column), "not_null");
            self.change(Change::Constraint { table, at: slot, to: Some(Constraint { name, ..old }) });
        }
    }

    /// What is written of a not-null constraint of a new column counts, not what comes from a parent.
    pub(super) fn settle_not_null(&mut self, table: RelationId, at: ColumnId, written: &ast::Constraint) {
        let Some((slot, old)) = self.not_null_constraint(table, at) else { return };
        let name = written.name.as_ref().map_or_else(|| old.name.clone(), |it| it.text.clone());
        let to = Constraint { name, no_inherit: written.no_inherit, ..old.clone() };
        self.change(Change::Constraint { table, at: slot, to: Some(to) });
    }

    /// The not-null constraint of a column is not for the children.
    pub(super) fn keep_not_null(&mut self, table: RelationId, at: ColumnId) {
        if let Some((slot, old)) = self.not_null_constraint(table, at) {
            let to = Constraint { no_inherit: true, ..old.clone() };
            self.change(Change::Constraint { table, at: slot, to: Some(to) });
        }
    }

    /// The table and, unless `only`, everything that inherits from it.
    pub(super) fn reached(&self, table: RelationId, only: bool) -> Vec<RelationId> {
        if only { vec![table] } else { self.catalog.tree(table) }
    }

    /// Makes one column of one table not null; reads the table unless that is known already.
    pub(super) fn set_not_null(&mut self, table: RelationId, at: ColumnId, name: Option<SmolStr>, span: Span) {
        let column = &self.relation(table).columns[at];
        if column.not_null == NotNull::Yes {
            return;
        }
        let column = column.name.clone();
        if !self.proven_not_null(table, at) {
            self.scan(table, ScanReason::NotNull(column), span);
        }
        self.mark_not_null(table, at, NotNull::Yes, name, span);
    }

    /// Enters into the catalog that a column is not null; from PostgreSQL 18 on with a constraint.
    pub(super) fn mark_not_null(
        &mut self,
        table: RelationId,
        at: ColumnId,
        to: NotNull,
        name: Option<SmolStr>,
        span: Span,
    ) {
        let mut column = self.relation(table).columns[at].clone();
        let column_name = column.name.clone();
        column.not_null = to;
        self.change(Change::Column { table, at, to: Some(column) });
        if !self.version.since(18) {
            return;
        }
        let relation = self.relation(table);
        let slot = relation.constraints.iter().position(|it| {
            it.as_ref().is_some_and(|it| matches!(it.kind, ConstraintKind::NotNull(column) if column == at))
        });
        let old = slot.and_then(|slot| relation.constraints[slot].clone());
        let constraint = Constraint {
            name: old
                .as_ref()
                .map(|it| it.name.clone())
                .or(name)
                .unwrap_or_else(|| self.free_constraint_name(table, Some(&column_name), "not_null")),
            kind: ConstraintKind::NotNull(at),
            validated: to == NotNull::Yes,
            enforced: true,
            deferrable: false,
            deferred: false,
            no_inherit: false,
            inherited: false,
            place: self.place(span),
        };
        let slot = slot.unwrap_or(self.relation(table).constraints.len());
        self.change(Change::Constraint { table, at: slot, to: Some(constraint) });
    }

    fn add_check(&mut self, table: RelationId, it: &ast::Constraint, expr: &ast::Expr, adding: Adding) {
        let relation = self.relation(table);
        let partitioned = relation.partition_key().is_some();
        let mut columns: Vec<ColumnId> = expr.columns().iter().filter_map(|it| relation.column_id(&it.text)).collect();
        columns.arrange_by(Ord::cmp);
        columns.dedup();
        let name = match &it.name {
            Some(name) => name.text.clone(),
            None => {
                let column = match columns.as_slice() {
                    [only] => Some(relation.columns[*only].name.clone()),
                    _ => None,
                };
                self.free_constraint_name(table, column.as_deref(), "check")
            }
        };
        if it.no_inherit && partitioned {
            let what = "cannot add NO INHERIT constraint to partitioned table";
            self.refuse(Refusal::OnlyOnPartitioned { what }, it.span);
        }
        if adding.only && !it.no_inherit && !self.catalog.children(table).is_empty() {
            let what = "constraint must be added to child tables too";
            self.refuse(Refusal::OnlyOnPartitioned { what }, it.span);
        }
        if self.merges_check(table, &name, expr, adding) {
            return;
        }
        if adding.creating {
            self.yield_name(table, &name);
        }
        if !self.check_constraint_name(table, &name, it) {
            return;
        }
        for id in self.reached(table, adding.only || it.no_inherit) {
            let own = id == table;
            if !own && self.relation(id).constraint(&name).is_some() {
                continue;
            }
            let relation = self.relation(id);
            let columns = expr.columns().iter().filter_map(|it| relation.column_id(&it.text)).collect();
            let constraint = Constraint {
                name: name.clone(),
                kind: ConstraintKind::Check { expr: expr.clone(), columns },
                // There is no row yet that it would not hold for; `transformCheckConstraints`.
                validated: (adding.creating || !it.not_valid) && !it.not_enforced,
                enforced: !it.not_enforced,
                deferrable: false,
                deferred: false,
                no_inherit: it.no_inherit,
                inherited: !own,
                place: self.place(it.span),
            };
            if constraint.validated && !adding.creating {
                self.scan(id, ScanReason::Check(name.clone()), it.span);
            }
            self.append_constraint(id, constraint);
        }
    }

    /// A check that the table has from a parent becomes its own as well; `MergeWithExistingConstraint`.
    fn merges_check(&mut self, table: RelationId, name: &SmolStr, expr: &ast::Expr, adding: Adding) -> bool {
        let relation = self.relation(table);
        let Some((at, existing)) = relation.constraint(name).map(|(at, it)| (at, it.clone())) else { return false };
        let equal = matches!(&existing.kind, ConstraintKind::Check { expr: own, .. } if own == expr);
        let from_parent = existing.inherited && (adding.creating || relation.partition_of.is_none());
        if equal && from_parent {
            let to = Constraint { inherited: false, ..existing };
            self.change(Change::Constraint { table, at, to: Some(to) });
        }
        equal && from_parent
    }

    /// Appends a constraint to a table.
    pub(super) fn append_constraint(&mut self, table: RelationId, constraint: Constraint) {
        let at = self.relation(table).constraints.len();
        self.change(Change::Constraint { table, at, to: Some(constraint) });
    }

    /// Whether no constraint of the table has the name yet; refuses otherwise.
    pub(super) fn check_constraint_name(&mut self, table: RelationId, name: &SmolStr, it: &ast::Constraint) -> bool {
        if self.frees_constraint(table, |it| it.name == *name) {
            return true;
        }
        let relation = self.relation(table);
        let refusal = Refusal::DuplicateObject {
            kind: ObjectKind::Constraint,
            name: name.clone(),
            table: Some(relation.name.name.clone()),
        };
        self.refuse(refusal, it.name.as_ref().map_or(it.span, |it| it.span));
        false
    }

    /// A made-up name for a constraint, which no other in the schema has; `ChooseConstraintName` in
    /// `src/backend/catalog/pg_constraint.c`.
    pub(super) fn free_constraint_name(&self, table: RelationId, column: Option<&str>, label: &str) -> SmolStr {
        let relation = self.relation(table);
        for number in 0.. {
            let label = if number == 0 { SmolStr::new(label) } else { format_smolstr!("{label}{number}") };
            let name = object_name(&relation.name.name, column, &label);
            if !self.catalog.has_constraint(&relation.name.schema, &name) {
                return name;
            }
        }
        unreachable!("the numbers do not end")
    }

    fn add_unique(&mut self, table: RelationId, it: &ast::Constraint, key: &UniqueKey, adding: Adding) {
        if key.nulls_not_distinct && !self.version.since(15) {
            self.refuse(Refusal::NewerSyntax { what: "NULLS NOT DISTINCT", since: fifteen() }, it.span);
        }
        if let Some(index) = &key.using_index {
            return self.use_index(table, it, key, index);
        }
        let mut index = Index {
            unique: true,
            primary: key.primary,
            nulls_not_distinct: key.nulls_not_distinct,
            immediate: !it.deferrable,
            key: self.column_key(table, &key.columns),
            ..btree(table)
        };
        index.include = self.include_columns(table, &key.include);
        if key.without_overlaps {
            self.check_overlaps(table, &key.columns, it.span);
            index.exclusion = true;
            index.method = SmolStr::new_static("gist");
            if let Some(last) = index.key.last_mut() {
                last.operator = Some(SmolStr::new_static("&&"));
            }
        }
        if key.primary {
            if self.refuse_second_primary_key(table, it.span) {
                return;
            }
            let columns: Vec<SmolStr> = key.columns.iter().map(|it| it.text.clone()).collect();
            self.primary_key_columns(table, &columns, it.span, adding);
        }
        let constraint = if key.primary { "PRIMARY KEY" } else { "UNIQUE" };
        let new = NewIndex {
            name: it.name.as_ref().map(|it| it.text.clone()),
            index,
            constraint: Some(constraint),
            span: it.span,
            anew: false,
        };
        self.add_index_constraint(table, it, new, adding);
    }

    /// A key has a column once; `transformIndexConstraint`.
    pub(super) fn refuse_repeated(&mut self, columns: &[Name]) {
        let repeated = |at: usize| columns[..at].iter().any(|it| it.text == columns[at].text);
        if let Some(twice) = (1..columns.len()).find(|at| repeated(*at)) {
            let message = "column appears twice in the key of a constraint";
            self.refuse(Refusal::Plain { sqlstate: "42701", message }, columns[twice].span);
        }
    }

    /// A table has one primary key; `index_check_primary_key`.
    pub(super) fn refuse_second_primary_key(&mut self, table: RelationId, span: Span) -> bool {
        let is_primary = |it: &Constraint| matches!(it.kind, ConstraintKind::Unique { primary: true, .. });
        let second = !self.frees_constraint(table, is_primary);
        if second {
            let table = self.relation(table).name.name.clone();
            self.refuse(Refusal::MultiplePrimaryKeys { table }, span);
        }
        second
    }

    /// What forbids nulls in a primary key holds, for the children too; `verifyNotNullPKCompatible`.
    pub(super) fn refuse_in_primary_key(&mut self, table: RelationId, at: ColumnId, span: Span) {
        if self.relation(table).columns[at].not_null == NotNull::NotValid || !self.hands_down_not_null(table, at) {
            let message = "cannot create primary key on a column with a NOT VALID or NO INHERIT not-null constraint";
            self.refuse(Refusal::Plain { sqlstate: "55000", message }, span);
        }
    }

    /// The columns of a primary key become not null, in the whole tree.
    fn primary_key_columns(&mut self, table: RelationId, columns: &[SmolStr], span: Span, adding: Adding) {
        let mut names: Vec<Option<SmolStr>> = vec![None; columns.len()];
        for id in self.reached(table, adding.only) {
            for (column, name) in columns.iter().zip(&mut names) {
                let Some(at) = self.relation(id).column_id(column) else { continue };
                self.refuse_in_primary_key(id, at, span);
                if adding.creating {
                    if self.relation(id).columns[at].not_null != NotNull::Yes {
                        self.mark_not_null(id, at, NotNull::Yes, name.clone(), span);
                    }
                } else {
                    self.set_not_null(id, at, name.clone(), span);
                }
                *name = name.take().or_else(|| self.not_null_name(id, at));
            }
        }
    }

    /// Makes the index of a key or exclusion constraint, and the constraint, in the whole tree.
    fn add_index_constraint(&mut self, table: RelationId, it: &ast::Constraint, new: NewIndex, adding: Adding) {
        self.check_new_index(table, &new);
        if let Some(name) = &it.name {
            let full = crate::ObjectName { schema: self.relation(table).name.schema.clone(), name: name.text.clone() };
            if !self.check_new_name(&full, name.span) || !self.check_constraint_name(table, &name.text, it) {
                return;
            }
        }
        let index = self.make_checked_index(table, &new, adding.only);
        self.enter_index_constraints(table, index, it, &new, false);
    }

    /// Enters the constraint that an index serves, and those of the partitions' parts of it.
    fn enter_index_constraints(
        &mut self,
        table: RelationId,
        index: RelationId,
        it: &ast::Constraint,
        new: &NewIndex,
        inherited: bool,
    ) {
        let name = self.relation(index).name.name.clone();
        if !self.serves_constraint(table, index) {
            let kind = match new.constraint {
                Some("EXCLUDE") => ConstraintKind::Exclude { index },
                _ => ConstraintKind::Unique { primary: new.index.primary, index },
            };
            let constraint = Constraint {
                name,
                kind,
                validated: true,
                enforced: true,
                deferrable: it.deferrable,
                deferred: it.initially_deferred,
                no_inherit: false,
                inherited,
                place: self.place(it.span),
            };
            self.append_constraint(table, constraint);
        }
        for part in self.catalog.partitions(index) {
            let Some(child) = self.relation(part).as_index().map(|it| it.table) else { continue };
            self.enter_index_constraints(child, part, it, new, true);
        }
    }

    fn add_exclusion(&mut self, table: RelationId, it: &ast::Constraint, exclude: &Exclude, adding: Adding) {
        let elements: Vec<_> = exclude.elements.iter().map(|(element, _)| element.clone()).collect();
        let mut key = self.index_key(table, &elements);
        for (element, (_, operator)) in key.iter_mut().zip(&exclude.elements) {
            element.operator = Some(SmolStr::new(operator));
        }
        let index = Index {
            method: exclude.method.text.clone(),
            key,
            predicate: exclude.predicate.clone(),
            immediate: !it.deferrable,
            exclusion: true,
            ..btree(table)
        };
        let name = it.name.as_ref().map(|it| it.text.clone());
        let new = NewIndex { name, index, constraint: Some("EXCLUDE"), span: it.span, anew: false };
        self.add_index_constraint(table, it, new, adding);
    }
}

fn fifteen() -> Version {
    Version::ALL[2]
}
