//! `CREATE TABLE`; `transformCreateStmt` in `parse_utilcmd.c` and `DefineRelation` in `tablecmds.c`.

use super::columns::of_new_table;
use super::constraints::{Adding, CREATING};
use super::keys::NewIndex;
use super::names::Expected;
use super::work::Work;
use crate::Refusal;
use crate::catalog::{
    Change, Column, ColumnId, Constraint, ConstraintKind, Index, KeyElement, NotNull, Origin, PartitionKey, Relation,
    RelationId, RelationKind,
};
use crate::effects::LockMode;
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::ast::{
    self, ColumnConstraint, ColumnDef, CreateTable, GeneratedKind, Like, PartitionBy, PartitionStrategy, Persistence,
    TableElement,
};
use std::borrow::Cow;

pub(super) fn create(work: &mut Work<'_>, it: &CreateTable) {
    let name = work.new_name(&it.name, it.persistence);
    if work.catalog.relation(&name).is_some_and(|(_, it)| it.known()) && it.if_not_exists {
        work.effects.skipped = true;
        return;
    }
    work.check_schema(&name, it.name.span());
    if it.persistence == Persistence::Temporary && name.schema != "pg_temp" {
        let message = "cannot create temporary relation in non-temporary schema";
        work.refuse(Refusal::Plain { sqlstate: "42P16", message }, it.name.span());
        return;
    }
    super::as_written::check(work, it);
    if !work.check_new_row_type(&name, it.name.span()) {
        return;
    }
    let kind = if it.foreign { RelationKind::Foreign } else { RelationKind::Table };
    let origin = Origin::Created(work.place(it.name.span()));
    let mut relation = Relation::new(name, kind, it.persistence, origin);
    relation.on_commit_drop = it.on_commit_drop;
    let table = work.add(relation);
    let mut parent = it.partition_of.as_ref().and_then(|of| work.partition_parent(table, of));
    if let (Some(by), false) = (&it.partition_by, it.inherits.is_empty()) {
        let message = "cannot create partitioned table as inheritance child";
        work.refuse(Refusal::Plain { sqlstate: "42P17", message }, by.span);
    }
    for name in &it.inherits {
        inherit(work, table, name);
    }
    if let Some(of) = &it.of_type {
        typed_columns(work, table, of);
    }
    let mut likes = Vec::new();
    for element in &it.elements {
        match element {
            TableElement::Column(def) => add_column(work, table, def, it.partition_of.is_some()),
            TableElement::Like(like) => likes.extend(copy_columns(work, table, like).map(|source| (source, like))),
            TableElement::Constraint(_) => {}
        }
    }
    work.merge_defaults(table, it);
    for element in &it.elements {
        if let TableElement::Column(def) = element {
            work.check_filling(table, def);
        }
    }
    // All of these come before the bound and the key, and the bound before the key; `DefineRelation`.
    if let Some(of) = &it.partition_of {
        parent = parent.filter(|it| work.check_new_bound(table, *it, of));
    }
    if let Some(by) = &it.partition_by {
        partition_by(work, table, by);
    }
    if let (Some(parent), Some(of)) = (parent, &it.partition_of) {
        work.enter_partition(table, parent, of);
    }
    let (keys, foreign_keys) = constraints(it);
    for constraint in keys {
        work.add_constraint(table, &constraint, CREATING);
    }
    for (source, like) in likes {
        copy_indexes(work, table, source, like);
    }
    // Last, as they may reference the table's own keys.
    for constraint in foreign_keys {
        work.add_constraint(table, &constraint, CREATING);
    }
}

/// `OF type`: the attributes of a composite type.
fn typed_columns(work: &mut Work<'_>, table: RelationId, of: &ast::QualifiedName) {
    let mut relation = work.relation(table).clone();
    relation.of_type = work.find_type(of);
    work.change(Change::Relation { id: table, to: Some(Box::new(relation)) });
    attributes_as_columns(work, table, of);
}

fn attributes_as_columns(work: &mut Work<'_>, table: RelationId, of: &ast::QualifiedName) {
    let Some(attributes) = work.composite(of) else { return work.open_ended(table) };
    for (name, data_type) in attributes {
        let place = work.place(of.span());
        let at = work.relation(table).columns.len();
        work.change(Change::Column { table, at, to: Some(Column::plain(name, data_type, place)) });
    }
}

fn add_column(work: &mut Work<'_>, table: RelationId, def: &ColumnDef, partition: bool) {
    let existing = work.relation(table).column_id(&def.name.text);
    if existing.is_none() && partition && work.relation(table).complete {
        let refusal = Refusal::MissingColumn { column: def.name.text.clone(), table: None };
        work.refuse(refusal, def.name.span);
        return;
    }
    if let Some(at) = existing {
        let old = work.relation(table).columns[at].clone();
        if old.local && def.data_type.is_some() {
            work.refuse(Refusal::DuplicateColumn { column: def.name.text.clone(), table: None }, def.name.span);
            return;
        }
        // A column of a partition or child table merges with the parent's.
        let (new, _) = work.new_column(def);
        if def.data_type.is_some() && new.data_type != old.data_type {
            let name = &def.name.text;
            let message = format!("column \"{name}\" has a type conflict");
            work.refuse(Refusal::AttachedDiffers { sqlstate: "42804", message, column: Some(name.clone()) }, def.span);
            return;
        }
        let identity = def.constraints.iter().find_map(|it| match it {
            ColumnConstraint::Identity(identity) => Some(identity.span),
            _ => None,
        });
        if let (Some(identity), true) = (identity, partition) {
            let message = "identity columns are not supported on partitions";
            work.refuse(Refusal::Plain { sqlstate: "0A000", message }, identity);
        }
        if new.generated.is_some() && partition && !work.version.since(16) {
            let message = "generated columns are not supported on partitions";
            work.refuse(Refusal::Plain { sqlstate: "0A000", message }, def.span);
        }
        work.merge_generation(&old, &new, def, partition);
        let not_null = if new.not_null == NotNull::Yes { NotNull::Yes } else { old.not_null };
        let default = new.default.or(old.default.clone());
        let generated = old.generated.or(new.generated);
        let to = Column { not_null, default, generated, local: true, place: new.place, ..old };
        work.change(Change::Column { table, at, to: Some(to) });
        if new.not_null == NotNull::Yes && work.version.since(18) {
            work.mark_not_null(table, at, NotNull::Yes, not_null_name(def), def.span);
            own_not_null(def).into_iter().for_each(|it| work.settle_not_null(table, at, it));
        }
        return;
    }
    work.check_column_name(&def.name);
    let (column, _) = work.new_column(def);
    let not_null = column.not_null;
    let at = work.append_column(table, column, Some(def));
    if not_null == NotNull::Yes && work.version.since(18) {
        work.mark_not_null(table, at, NotNull::Yes, not_null_name(def), def.span);
        own_not_null(def).into_iter().for_each(|it| work.settle_not_null(table, at, it));
    }
}

fn not_null_name(def: &ColumnDef) -> Option<smol_str::SmolStr> {
    own_not_null(def).and_then(|it| it.name.as_ref()).map(|it| it.text.clone())
}

/// The `NOT NULL` of a column, where it is written.
pub(super) fn own_not_null(def: &ColumnDef) -> Option<&ast::Constraint> {
    def.constraints.iter().find_map(|it| match it {
        ColumnConstraint::Constraint(it) if matches!(it.kind, ast::ConstraintKind::NotNull { .. }) => Some(it),
        _ => None,
    })
}

/// The constraints in the order in which the server takes them: checks first, then keys; and the foreign keys.
fn constraints(it: &CreateTable) -> (Vec<Cow<'_, ast::Constraint>>, Vec<Cow<'_, ast::Constraint>>) {
    let mut all: Vec<&ast::Constraint> = Vec::new();
    for element in &it.elements {
        match element {
            TableElement::Column(def) => all.extend(def.constraints.iter().filter_map(|it| match it {
                ColumnConstraint::Constraint(it) if !matches!(it.kind, ast::ConstraintKind::NotNull { .. }) => Some(it),
                _ => None,
            })),
            TableElement::Constraint(it) => all.push(it),
            TableElement::Like(_) => {}
        }
    }
    all.arrange_by_key(|it| match &it.kind {
        ast::ConstraintKind::NotNull { .. } => 0,
        ast::ConstraintKind::Check { .. } => 1,
        ast::ConstraintKind::Unique(key) if key.primary => 2,
        ast::ConstraintKind::Unique(_) | ast::ConstraintKind::Exclude(_) => 3,
        ast::ConstraintKind::ForeignKey(_) => 4,
    });
    merge_equal_keys(all).into_iter().partition(|it| !matches!(it.kind, ast::ConstraintKind::ForeignKey(_)))
}

/// Of unique keys that are equal the first stays, under the first name that is given; the end of
/// `transformIndexConstraints` in `parse_utilcmd.c`.
fn merge_equal_keys(all: Vec<&ast::Constraint>) -> Vec<Cow<'_, ast::Constraint>> {
    let mut kept: Vec<Cow<'_, ast::Constraint>> = Vec::new();
    for it in all {
        match kept.iter_mut().find(|earlier| are_equal_keys(earlier, it)) {
            Some(first) if first.name.is_none() && it.name.is_some() => first.to_mut().name.clone_from(&it.name),
            Some(_) => {}
            None => kept.push(Cow::Borrowed(it)),
        }
    }
    kept
}

fn are_equal_keys(one: &ast::Constraint, other: &ast::Constraint) -> bool {
    let (ast::ConstraintKind::Unique(a), ast::ConstraintKind::Unique(b)) = (&one.kind, &other.kind) else {
        return false;
    };
    // Two primary keys are an error.
    !(a.primary && b.primary)
        && same_names(&a.columns, &b.columns)
        && same_names(&a.include, &b.include)
        && a.nulls_not_distinct == b.nulls_not_distinct
        && a.without_overlaps == b.without_overlaps
        && (one.deferrable, one.initially_deferred) == (other.deferrable, other.initially_deferred)
}

fn same_names(one: &[ast::Name], other: &[ast::Name]) -> bool {
    one.iter().map(|it| &it.text).eq(other.iter().map(|it| &it.text))
}

/// `INHERITS (parent)`: the columns and checks of the parent are the child's too.
fn inherit(work: &mut Work<'_>, table: RelationId, name: &ast::QualifiedName) {
    let Some(parent) = work.resolve_or_assume(name, Expected::Table, false) else { return };
    work.lock(parent, LockMode::ShareUpdateExclusive, name.span());
    work.inherit_columns(table, parent);
    let mut inherits = work.relation(table).inherits.clone();
    inherits.push(parent);
    work.change(Change::Inherits { child: table, to: inherits });
}

impl Work<'_> {
    /// The tables that a table is directly below, as partition or child.
    fn parents(&self, table: RelationId) -> Vec<RelationId> {
        let relation = self.relation(table);
        relation.partition_of.iter().map(|it| it.parent).chain(relation.inherits.iter().copied()).collect()
    }

    /// Whether a parent has the column too (`pg_attribute.attinhcount > 0`).
    pub(super) fn inherits_column(&self, table: RelationId, at: ColumnId) -> bool {
        self.inherits_column_beside(table, at, &[])
    }

    /// Whether a parent that is none of these has the column too.
    pub(super) fn inherits_column_beside(&self, table: RelationId, at: ColumnId, these: &[RelationId]) -> bool {
        let name = &self.relation(table).columns[at].name;
        let mut others = self.parents(table).into_iter().filter(|it| !these.contains(it));
        others.any(|it| self.relation(it).column_id(name).is_some())
    }

    /// Whether a parent hands the constraint down (`pg_constraint.coninhcount > 0`).
    pub(super) fn inherits_constraint(&self, table: RelationId, constraint: &Constraint) -> bool {
        match constraint.kind {
            ConstraintKind::Check { .. } => self.parents(table).into_iter().any(|it| {
                let own = self.relation(it).constraint(&constraint.name);
                own.is_some_and(|(_, it)| matches!(it.kind, ConstraintKind::Check { .. }) && !it.no_inherit)
            }),
            ConstraintKind::NotNull(at) => {
                let name = &self.relation(table).columns[at].name;
                self.parents(table).into_iter().any(|it| {
                    let above = self.relation(it);
                    let on = above.column_id(name);
                    above.live_constraints().any(|(_, it)| {
                        matches!(it.kind, ConstraintKind::NotNull(at) if Some(at) == on) && !it.no_inherit
                    })
                })
            }
            ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. } | ConstraintKind::ForeignKey { .. } => {
                constraint.inherited
            }
        }
    }

    /// Whether a check still comes from some parent, once the one at hand has lost it.
    pub(super) fn is_handed_down(&self, table: RelationId, constraint: &Constraint) -> bool {
        matches!(constraint.kind, ConstraintKind::Check { .. } | ConstraintKind::NotNull(_))
            && self.inherits_constraint(table, constraint)
    }

    /// Says of a relation that it may have more columns and constraints than the history shows.
    pub(super) fn open_ended(&mut self, table: RelationId) {
        let mut relation = self.relation(table).clone();
        relation.complete = false;
        self.change(Change::Relation { id: table, to: Some(Box::new(relation)) });
    }

    /// Copies the columns and checks of a parent.
    pub(super) fn inherit_columns(&mut self, table: RelationId, parent: RelationId) {
        let source = self.relation(parent);
        let complete = source.complete;
        let columns: Vec<(ColumnId, Column)> = source.live_columns().map(|(at, it)| (at, it.clone())).collect();
        let partition = source.partition_key().is_some();
        let checks: Vec<Constraint> = source
            .live_constraints()
            .filter(|(_, it)| matches!(it.kind, ConstraintKind::Check { .. }) && !it.no_inherit)
            .map(|(_, it)| it.clone())
            .collect();
        for (above, column) in columns {
            let not_null =
                if self.hands_down_not_null(parent, above) { of_new_table(column.not_null) } else { NotNull::No };
            let name = self.not_null_name(parent, above);
            if let Some(at) = self.relation(table).column_id(&column.name) {
                // Another parent's.
                self.merge_parents(&self.relation(table).columns[at].clone(), &column);
                if not_null == NotNull::Yes && self.relation(table).columns[at].not_null == NotNull::No {
                    self.mark_not_null(table, at, NotNull::Yes, name, self.statement.span);
                }
                continue;
            }
            // Before PostgreSQL 17 a partition has no identity of its own.
            let identity = column.identity.filter(|_| partition && self.version.since(17));
            let at = self.relation(table).columns.len();
            let to = Column { local: false, identity, not_null, ..column };
            self.change(Change::Column { table, at, to: Some(to) });
            if not_null == NotNull::Yes && self.version.since(18) {
                self.mark_not_null(table, at, NotNull::Yes, name, self.statement.span);
            }
        }
        for check in checks {
            if self.relation(table).constraint(&check.name).is_none() {
                let constraint = self.constraint_for(table, check, true);
                self.append_constraint(table, constraint);
            }
        }
        if !complete {
            self.open_ended(table);
        }
    }

    /// A check of `source` with the column positions of `table`.
    fn constraint_for(&self, table: RelationId, check: Constraint, inherited: bool) -> Constraint {
        let relation = self.relation(table);
        let kind = match check.kind {
            ConstraintKind::Check { expr, .. } => {
                let columns = expr.columns().iter().filter_map(|it| relation.column_id(&it.text)).collect();
                ConstraintKind::Check { expr, columns }
            }
            other => other,
        };
        // What a new table takes over holds for its rows: it has none.
        Constraint { kind, validated: true, inherited, ..check }
    }
}

/// `LIKE source`: columns, and what the `INCLUDING` words ask for except indexes, which follow later.
fn copy_columns(work: &mut Work<'_>, table: RelationId, like: &Like) -> Option<RelationId> {
    if work.composite(&like.source).is_some() {
        attributes_as_columns(work, table, &like.source);
        return None;
    }
    let source = work.resolve_or_assume(&like.source, Expected::Relation, false)?;
    let relation = work.relation(source);
    if matches!(relation.kind, RelationKind::Index(_) | RelationKind::Sequence(_)) {
        let message = "relation is invalid in LIKE clause";
        work.refuse(Refusal::Plain { sqlstate: "42809", message }, like.source.span());
        return None;
    }
    let complete = relation.complete;
    let foreign = matches!(work.relation(table).kind, RelationKind::Foreign);
    let columns: Vec<(ColumnId, Column)> = relation.live_columns().map(|(at, it)| (at, it.clone())).collect();
    let checks: Vec<Constraint> = relation
        .live_constraints()
        .filter(|(_, it)| matches!(it.kind, ConstraintKind::Check { .. }))
        .map(|(_, it)| it.clone())
        .collect();
    for (of_source, column) in columns {
        if let Some(at) = work.relation(table).column_id(&column.name) {
            let own = work.relation(table).columns[at].clone();
            if own.local {
                work.refuse(Refusal::DuplicateColumn { column: column.name.clone(), table: None }, like.span);
            } else {
                work.change(Change::Column { table, at, to: Some(Column { local: true, ..own }) });
            }
            continue;
        }
        let generated = column.generated.filter(|_| like.including.generated);
        let copied = match column.generated {
            Some(_) => like.including.generated,
            None => like.including.defaults,
        };
        let default = column.default.filter(|_| copied);
        let identity = column.identity.filter(|_| like.including.identity && !foreign);
        let place = work.place(like.span);
        let not_null = of_new_table(column.not_null);
        let new = Column { generated, default, identity, not_null, local: true, place, ..column };
        let at = work.append_column(table, new, None);
        if not_null == NotNull::Yes && work.version.since(18) {
            let name = work.not_null_name(source, of_source);
            work.mark_not_null(table, at, NotNull::Yes, name, like.span);
        }
    }
    if like.including.constraints {
        for check in checks {
            let place = work.place(like.span);
            let constraint = work.constraint_for(table, Constraint { place, ..check }, false);
            work.append_constraint(table, constraint);
        }
    }
    if !complete {
        work.open_ended(table);
    }
    Some(source)
}

/// `LIKE … INCLUDING INDEXES`: keys become constraints, other indexes indexes, all with made-up names.
fn copy_indexes(work: &mut Work<'_>, table: RelationId, source: RelationId, like: &Like) {
    if !like.including.indexes || matches!(work.relation(table).kind, RelationKind::Foreign) {
        return;
    }
    let indexes: Vec<(RelationId, Index)> =
        work.catalog.indexes(source).map(|(id, _, index)| (id, index.clone())).collect();
    for (id, index) in indexes {
        let owner = work.relation(source).constraint_of_index(id).map(|(_, it)| it.clone());
        let constraint = owner.as_ref().map(Constraint::words);
        let key: Vec<KeyElement> = index.key.iter().map(|it| translate(work, source, table, it)).collect();
        let include = index.include.iter().filter_map(|at| position(work, source, table, *at)).collect();
        let own = Index { table, key, include, valid: true, ..index };
        let new = NewIndex { name: None, index: own, constraint, span: like.span, anew: false };
        let made = work.make_index(table, &new, false);
        if let Some(owner) = owner {
            let kind = match owner.kind {
                ConstraintKind::Exclude { .. } => ConstraintKind::Exclude { index: made },
                _ => ConstraintKind::Unique { primary: new.index.primary, index: made },
            };
            let name = work.relation(made).name.name.clone();
            let place = work.place(like.span);
            work.append_constraint(table, Constraint { name, kind, place, inherited: false, ..owner });
        }
    }
}

fn translate(work: &Work<'_>, from: RelationId, to: RelationId, element: &KeyElement) -> KeyElement {
    KeyElement { column: element.column.and_then(|at| position(work, from, to, at)), ..element.clone() }
}

fn position(work: &Work<'_>, from: RelationId, to: RelationId, at: ColumnId) -> Option<ColumnId> {
    work.relation(to).column_id(&work.relation(from).columns.get(at)?.name)
}

/// `PARTITION BY`: makes the table a partitioned one; `ComputePartitionAttrs`.
fn partition_by(work: &mut Work<'_>, table: RelationId, by: &PartitionBy) {
    if by.strategy == PartitionStrategy::List && by.key.len() > 1 {
        work.refuse(Refusal::PartitionKeyListColumns, by.span);
    }
    let mut elements = Vec::with_capacity(by.key.len());
    for element in &by.key {
        let relation = work.relation(table);
        let mut column = None;
        // `(column COLLATE c)` is a plain column too; see `ComputePartitionAttrs`.
        let (expr, collated) = super::keys::without_collation(&element.expr);
        if let Some(name) = expr.as_column() {
            column = relation.column_id(&name.text);
            if super::names::is_system_column(&name.text) {
                let message = "cannot use system column in partition key";
                work.refuse(Refusal::Plain { sqlstate: "42P17", message }, name.span);
            } else if column.is_none() && relation.complete && name.text != relation.name.name {
                work.refuse(Refusal::PartitionKeyMissingColumn { column: name.text.clone() }, name.span);
            }
        } else {
            check_key_expression(work, table, element);
        }
        if column.is_some_and(|at| work.relation(table).columns[at].generated.is_some()) {
            work.refuse(Refusal::PartitionKeyGenerated, element.span);
        }
        let method = if by.strategy == PartitionStrategy::Hash { "hash" } else { "btree" };
        let data_type = column.map(|at| work.relation(table).columns[at].data_type.clone());
        if let Some(data_type) = &data_type {
            work.check_collatable(data_type, element.collation.as_ref().or(collated));
        }
        if data_type.is_some_and(|it| element.opclass.is_none() && work.lacks_opclass(&it, method)) {
            let message = "data type has no default operator class for the access method";
            work.refuse(Refusal::Plain { sqlstate: "42704", message }, element.span);
        }
        elements.push(KeyElement {
            column,
            expr: if expr.as_column().is_some() { expr.clone() } else { element.expr.clone() },
            name: smol_str::SmolStr::default(),
            collation: element.collation.as_ref().or(collated).map(super::columns::collation_name),
            opclass: element.opclass.as_ref().map(super::columns::collation_name),
            descending: false,
            nulls_first: false,
            operator: None,
        });
    }
    let place = work.place(by.span);
    let mut relation = work.relation(table).clone();
    relation.kind = RelationKind::Partitioned(PartitionKey { strategy: by.strategy, elements, place });
    if relation.persistence == Persistence::Unlogged && work.version.since(18) {
        let refusal = Refusal::Plain { sqlstate: "0A000", message: "partitioned tables cannot be unlogged" };
        work.refuse(refusal, by.span);
    }
    work.change(Change::Relation { id: table, to: Some(Box::new(relation)) });
}

fn check_key_expression(work: &mut Work<'_>, table: RelationId, element: &ast::PartitionKeyElement) {
    if element.expr.has_subquery() {
        let message = "cannot use subquery in partition key expression";
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, element.span);
    }
    work.refuse_kinds(&element.expr);
    for name in element.expr.columns() {
        let Some(at) = work.column(table, name) else { continue };
        if matches!(work.relation(table).columns[at].generated, Some(GeneratedKind::Stored | GeneratedKind::Virtual)) {
            work.refuse(Refusal::PartitionKeyGenerated, element.span);
        }
    }
    if work.is_mutable_over(table, &element.expr) {
        let message = "functions in partition key expression must be marked IMMUTABLE";
        work.refuse(Refusal::NotImmutable { message }, element.span);
    }
    // A bare string has no type yet, which is refused for that.
    if element.expr.columns().is_empty()
        && !matches!(element.expr.kind, ast::ExprKind::Constant(ast::Constant::String(_)))
    {
        let message = "cannot use constant expression as partition key";
        work.refuse(Refusal::Plain { sqlstate: "42P17", message }, element.span);
    }
}

/// What an `ALTER TABLE … ADD` asks for when its table is not new.
pub(super) fn altering(only: bool) -> Adding {
    Adding { creating: false, only, trivially_true: false }
}
