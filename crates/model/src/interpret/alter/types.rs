//! `ALTER COLUMN … TYPE` of one table's column: what is checked, computed, rebuilt and made anew.

use super::columns::{refuse_inherited_column, refuse_key_column};
use super::{Target, lock_below};
use crate::Refusal;
use crate::catalog::{
    Change, Column, ColumnId, ConstraintKind, DataType, PartKind, RelationId, RelationKind, Sequence, ViewSource,
};
use crate::effects::{LockMode, RewriteReason, ScanReason};
use crate::interpret::type_change::TypeChange;
use crate::interpret::work::Work;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Constant, Expr, ExprKind, GeneratedKind, Name, QualifiedName, SequenceOptions, TypeName};
use smol_str::SmolStr;

/// `ALTER COLUMN … TYPE` as it is written.
#[derive(Clone, Copy)]
pub(super) struct NewType<'a> {
    pub(super) column: &'a Name,
    pub(super) data_type: &'a TypeName,
    pub(super) collation: Option<&'a QualifiedName>,
    pub(super) using: Option<&'a Expr>,
    pub(super) span: Span,
}

/// `USING` is an expression over one row; `transformAlterTableStmt` in `parse_utilcmd.c`.
pub(super) fn check_using(work: &mut Work<'_>, table: RelationId, using: &Expr) {
    work.check_cast_types(using);
    work.check_columns(table, using);
    if using.has_subquery() {
        let message = "cannot use subquery in transform expression";
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, using.span);
    }
    work.refuse_kinds(using);
    work.check_expression(using, table);
}

/// What is asked before any action of the statement is done; `ATPrepAlterColumnType`.
pub(super) fn prepare(work: &mut Work<'_>, target: Target, it: NewType<'_>) {
    let (table, name) = (target.table, it.column);
    if work.refuse_system_column(name, "cannot alter system column") {
        return;
    }
    let Some(at) = work.column(table, name) else { return };
    // The sequence is altered first; `transformAlterTableStmt`.
    // A partition's column draws from the sequence of the whole; since PostgreSQL 17 it has one.
    let own_identity = work.relation(table).columns[at].identity.is_some() && !super::is_partition(work, table);
    if own_identity && !it.data_type.serial {
        work.check_type(it.data_type);
        if !matches!(work.data_type(it.data_type).name.name.as_str(), "int2" | "int4" | "int8") {
            let message = "identity column type must be smallint, integer, or bigint";
            work.refuse(Refusal::Plain { sqlstate: "22023", message }, it.span);
        }
    }
    if it.using.is_some() && work.relation(table).columns[at].generated.is_some() {
        let message = "cannot specify USING when altering type of generated column";
        work.refuse(Refusal::Plain { sqlstate: "42611", message }, name.span);
        return;
    }
    if refuse_inherited_column(work, table, at, "alter", name)
        || refuse_key_column(work, table, "alter", &name.text, name.span)
    {
        return;
    }
    if it.data_type.serial {
        let message = "type \"serial\" does not exist";
        work.refuse(Refusal::Plain { sqlstate: "42704", message }, it.data_type.span);
        return;
    }
    work.check_type(it.data_type);
    let new = work.data_type(it.data_type);
    work.refuse_own_rows(table, &new, it.data_type.span);
    let reached = work.reached(table, target.only);
    for &id in &reached {
        let Some(at) = work.relation(id).column_id(&name.text) else { continue };
        if id != table {
            let apart = |it: &&RelationId| !reached.contains(it) && work.relation(**it).column(&name.text).is_some();
            if work.relation(id).inherits.iter().any(|it| apart(&it)) {
                work.refuse(Refusal::InheritedColumn { action: "alter", column: name.text.clone() }, name.span);
            }
            refuse_key_column(work, id, "alter", &name.text, name.span);
        }
        prepare_column(work, id, at, &new, it);
    }
    if target.only && !work.catalog.children(table).is_empty() {
        let what = "type of inherited column must be changed in child tables too";
        work.refuse(Refusal::OnlyOnPartitioned { what }, it.span);
    }
}

/// The type of a column changes once in a statement; `ATExecAlterColumnType`.
pub(super) fn refuse_twice(work: &mut Work<'_>, table: RelationId, changes: &[NewType<'_>]) {
    for (number, it) in changes.iter().enumerate() {
        let own = work.relation(table).column(&it.column.text).map(|it| it.data_type.clone());
        let before = changes[..number].iter().filter(|earlier| earlier.column.text == it.column.text);
        let changed = before.map(|it| work.data_type(it.data_type)).any(|it| Some(it) != own);
        if changed && own.is_some() {
            work.refuse(Refusal::TypeChangeTwice { column: it.column.text.clone() }, it.span);
        }
    }
}

/// Casts are looked up before anything is done.
fn prepare_column(work: &mut Work<'_>, table: RelationId, at: ColumnId, new: &DataType, it: NewType<'_>) {
    let column = work.relation(table).columns[at].clone();
    // Its values are somebody else's.
    let foreign = matches!(work.relation(table).kind, RelationKind::Foreign);
    if foreign && let Some(using) = it.using {
        let name = work.relation(table).name.name.clone();
        work.refuse(Refusal::WrongKind { name, expected: "a table" }, using.span);
        return;
    }
    let computed = it.using.and_then(|it| work.type_over(table, it));
    if computed.is_some_and(|of| work.type_change(&column.name, &of, new, None) == TypeChange::NoCast) {
        let message = "result of USING clause cannot be cast automatically to the column's type";
        work.refuse(Refusal::Plain { sqlstate: "42804", message }, it.span);
    }
    // Nor does a virtual column have any.
    let stored = !foreign && column.generated != Some(GeneratedKind::Virtual);
    if stored && work.type_change(&column.name, &column.data_type, new, it.using) == TypeChange::NoCast {
        work.refuse(Refusal::NoCast { column: column.name.clone(), to: new.sql() }, it.span);
    }
}

/// Changes the type of a column in the whole tree.
pub(super) fn set(work: &mut Work<'_>, target: Target, it: NewType<'_>) {
    let (table, name) = (target.table, it.column);
    lock_below(work, target, it.span);
    if work.column(table, name).is_none() {
        if !work.relation(table).complete {
            // What the column was cannot be known; the worst is assumed, as most changes are of that kind.
            work.rewrite(table, RewriteReason::TypeChange(name.text.clone()), it.span);
        }
        return;
    }
    let new = work.data_type(it.data_type);
    work.check_collatable(&new, it.collation);
    let collation = it.collation.map(crate::interpret::columns::collation_name);
    for id in work.reached(table, target.only) {
        if let Some(at) = work.relation(id).column_id(&name.text) {
            change_type(work, id, at, &new, collation.clone(), it);
        }
    }
    let reached = work.reached(table, target.only);
    work.remake_partitioned_indexes(&reached, &name.text, it.span);
}

/// Changes the type of one column; `ATExecAlterColumnType`.
fn change_type(
    work: &mut Work<'_>,
    table: RelationId,
    at: ColumnId,
    new: &DataType,
    collation: Option<crate::ObjectName>,
    NewType { column: name, using, span, .. }: NewType<'_>,
) {
    let column = work.relation(table).columns[at].clone();
    let foreign = matches!(work.relation(table).kind, RelationKind::Foreign);
    let recollated = collation.clone().filter(|it| it.name != "default") != column.collation && collation.is_some();
    let cost = match work.type_change(&column.name, &column.data_type, new, using) {
        _ if foreign => TypeChange::Free { rebuild_indexes: false },
        // No value of a virtual column is stored.
        TypeChange::Rewrite if column.generated == Some(GeneratedKind::Virtual) => {
            TypeChange::Free { rebuild_indexes: false }
        }
        cost => cost,
    };
    let default =
        column.default.clone().filter(|it| column.generated.is_none() && !crate::interpret::columns::is_null(it));
    let default = default.map(|it| with_own_type(it, &column.data_type));
    if using.is_some()
        && let Some(of) = default.as_ref().and_then(|it| work.type_of(it))
        && work.type_change(&column.name, &of, new, None) == TypeChange::NoCast
    {
        work.refuse(Refusal::NoDefaultCast { column: column.name.clone(), to: new.sql() }, span);
    }
    match cost {
        // Refused before.
        TypeChange::NoCast => {}
        TypeChange::Rewrite => work.rewrite(table, RewriteReason::TypeChange(column.name.clone()), span),
        TypeChange::Free { rebuild_indexes } => {
            work.rebuild_indexes_of(table, at, rebuild_indexes || recollated, span);
            let checks: Vec<_> = work
                .relation(table)
                .live_constraints()
                .filter_map(|(_, it)| match &it.kind {
                    ConstraintKind::Check { columns, .. } if columns.contains(&at) && it.validated && it.enforced => {
                        Some(it.name.clone())
                    }
                    _ => None,
                })
                .collect();
            for check in checks {
                work.scan(table, ScanReason::Check(check), span);
            }
        }
    }
    // What reads the column is found before what is built on it is made anew.
    work.refuse_used_column(table, at, name);
    work.lock_foreign_key_peers(table, at, new, cost == TypeChange::Rewrite, span);
    let identity = column.identity.is_some();
    let default =
        if column.data_type.name == new.name { column.default.clone() } else { default.or(column.default.clone()) };
    let to = Column { data_type: new.clone(), collation: collation.or(column.collation.clone()), default, ..column };
    let own = to.name.clone();
    work.change(Change::Column { table, at, to: Some(to) });
    work.check_built_on(table, &own);
    if identity {
        // The sequence of an identity column follows its type; that of a serial column does not.
        for (id, owner) in work.catalog.owned_sequences(table) {
            if let RelationKind::Sequence(sequence) = &work.relation(id).kind
                && owner == at
                && sequence.identity
            {
                let (sequence, to) = (sequence.clone(), new.name.name.clone());
                let plain = SequenceOptions::default();
                let from = &sequence.data_type;
                let bounds = sequence.bounds.and_then(|it| work.changed_bounds(Some(it), from, &to, &plain, span));
                let to = Sequence { data_type: to, bounds, ..sequence };
                // As by ALTER SEQUENCE … AS; `transformAlterTableStmt` in `parse_utilcmd.c`.
                work.lock(id, LockMode::ShareRowExclusive, span);
                work.change(Change::Sequence { id, to });
            }
        }
    }
}

/// A default that is a bare string is a value of its column's type, and stays one when that changes.
fn with_own_type(default: Expr, of: &DataType) -> Expr {
    let bare = matches!(default.kind, ExprKind::Constant(Constant::String(_)));
    if !bare || of.dimensions > 0 || of.name.name == "unknown" {
        return default;
    }
    let span = default.span;
    let name = |text: &SmolStr| Name { text: text.clone(), span };
    let to = TypeName {
        name: QualifiedName { schema: Some(name(&of.name.schema)), name: name(&of.name.name) },
        modifiers: of.modifiers.clone(),
        array_dimensions: 0,
        serial: false,
        set_of: false,
        percent_type: false,
        span,
    };
    Expr { kind: ExprKind::Cast { value: Box::new(default), to: Box::new(to) }, span }
}

impl Work<'_> {
    /// Indexes and checks are made anew with the new type; `ATPostAlterTypeCleanup`.
    fn check_built_on(&mut self, table: RelationId, column: &str) {
        let names = |expr: &&Expr| expr.columns().iter().any(|it| it.text == column);
        let indexes = self.catalog.indexes(table);
        let mut exprs: Vec<(Expr, bool)> = Vec::new();
        for (_, _, index) in indexes {
            let keys = index.key.iter().filter(|it| it.column.is_none()).map(|it| &it.expr).filter(names);
            exprs.extend(keys.map(|it| (it.clone(), false)));
            exprs.extend(index.predicate.iter().filter(names).map(|it| (it.clone(), true)));
        }
        for (_, constraint) in self.relation(table).live_constraints() {
            if let ConstraintKind::Check { expr, .. } = &constraint.kind {
                exprs.extend(Some(expr).into_iter().filter(names).map(|it| (it.clone(), true)));
            }
        }
        for (expr, condition) in exprs {
            match condition {
                true => self.check_condition(&expr, table),
                false => self.check_expression(&expr, table),
            }
        }
    }

    /// Refuses to change the type of a column that something else is built on.
    fn refuse_used_column(&mut self, table: RelationId, at: ColumnId, name: &Name) {
        let by_view = self.catalog.views(table).into_iter().any(|view| self.view_uses(view, table, at));
        let relation = self.relation(table);
        let by = |kind: PartKind| relation.parts.iter().any(|it| it.kind == kind && it.columns.contains(&at));
        let users = self.catalog.part_users(table);
        let elsewhere = |kind: PartKind| {
            let mut parts = users.iter().flat_map(|by| &self.relation(*by).parts);
            parts.any(|it| it.kind == kind && it.uses.iter().any(|it| it.names(table, at)))
        };
        let by_rule = by_view || by(PartKind::Rule) || elsewhere(PartKind::Rule);
        let by_trigger = by(PartKind::Trigger);
        let by_policy = by(PartKind::Policy) || elsewhere(PartKind::Policy);
        let by_publication = by(PartKind::Publication);
        let column = name.text.clone();
        let by_generated = relation.live_columns().any(|(_, it)| {
            it.generated.is_some()
                && it.default.as_ref().is_some_and(|it| it.columns().iter().any(|it| it.text == column))
        });
        let names = |it: &ViewSource| it.names(table, at);
        let by_routine =
            self.catalog.functions().any(|(_, it)| it.routines.iter().any(|it| it.needs.relations.iter().any(names)));
        let what = if by_routine {
            "cannot alter type of a column used by a function or procedure"
        } else if by_rule {
            "cannot alter type of a column used by a view or rule"
        } else if by_policy {
            "cannot alter type of a column used in a policy definition"
        } else if by_trigger {
            "cannot alter type of a column used in a trigger definition"
        } else if by_publication {
            // So it says of a list of columns too; `RememberAllDependentForRebuilding` in `tablecmds.c`.
            "cannot alter type of a column used by a publication WHERE clause"
        } else if by_generated {
            "cannot alter type of a column used by a generated column"
        } else {
            return;
        };
        let older = what.ends_with("generated column") && !self.version.since(15);
        let sqlstate = if older { "42601" } else { "0A000" };
        self.refuse(Refusal::ColumnUsed { what, column, sqlstate }, name.span);
    }

    /// Rebuilds the indexes that compute something from the column, and with `all` those that hold it. The parts of an index
    /// of a partitioned table go with that.
    fn rebuild_indexes_of(&mut self, table: RelationId, at: ColumnId, all: bool, span: Span) {
        let column = self.relation(table).columns[at].name.clone();
        let rebuilt: Vec<_> = self
            .catalog
            .indexes(table)
            .filter(|(_, relation, index)| {
                let holds = all && index.key.iter().any(|it| it.column == Some(at));
                relation.partition_of.is_none() && (holds || index.computes_from(&column))
            })
            .map(|(_, relation, _)| relation.name.clone())
            .collect();
        for index in rebuilt {
            self.build(index, table, false, true, span);
        }
    }

    /// A foreign key on the column is dropped and made anew: its other side is locked, its rows are verified again if
    /// the values are new.
    fn lock_foreign_key_peers(&mut self, table: RelationId, at: ColumnId, new: &DataType, rewritten: bool, span: Span) {
        let own: Vec<_> = self.relation(table).live_constraints().map(|(_, it)| it.clone()).collect();
        for constraint in own {
            if let ConstraintKind::ForeignKey { columns, references, referenced, .. } = &constraint.kind
                && columns.contains(&at)
            {
                self.lock(*references, LockMode::AccessExclusive, span);
                let other = columns.iter().zip(referenced).find(|(own, _)| **own == at).map(|(_, other)| *other);
                let other = other
                    .filter(|_| *references != table)
                    .and_then(|it| self.relation(*references).columns.get(it).map(|it| it.data_type.clone()));
                if other.is_some_and(|other| !self.comparable(new, &other)) {
                    let message = "foreign key constraint cannot be implemented";
                    self.refuse(Refusal::Plain { sqlstate: "42804", message }, span);
                }
                if rewritten && constraint.validated {
                    self.scan(table, ScanReason::ForeignKey(constraint.name.clone()), span);
                }
            }
        }
        for (by, key) in self.catalog.referencing(table) {
            let Some(constraint) = self.relation(by).constraints[key].clone() else { continue };
            if let ConstraintKind::ForeignKey { columns, referenced, .. } = &constraint.kind
                && referenced.contains(&at)
            {
                self.lock(by, LockMode::AccessExclusive, span);
                let other = columns.iter().zip(referenced).find(|(_, own)| **own == at).map(|(other, _)| *other);
                let other = other
                    .filter(|_| by != table)
                    .and_then(|it| self.relation(by).columns.get(it).map(|it| it.data_type.clone()));
                if other.is_some_and(|other| !self.comparable(&other, new)) {
                    let message = "foreign key constraint cannot be implemented";
                    self.refuse(Refusal::Plain { sqlstate: "42804", message }, span);
                }
                if rewritten && constraint.validated {
                    self.scan(by, ScanReason::ForeignKey(constraint.name.clone()), span);
                }
            }
        }
    }
}
