//! `ALTER COLUMN … TYPE` of one table's column: what is checked, computed, rebuilt and made anew.

use crate::Refusal;
use crate::catalog::{
    Change, Column, ColumnId, ConstraintKind, DataType, PartKind, RelationId, RelationKind, Sequence, ViewSource,
};
use crate::effects::{LockMode, RewriteReason, ScanReason};
use crate::interpret::type_change::TypeChange;
use crate::interpret::work::Work;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Constant, Expr, ExprKind, Name, QualifiedName, TypeName};
use smol_str::SmolStr;

/// Changes the type of one column; `ATExecAlterColumnType`.
pub(super) fn change_type(
    work: &mut Work<'_>,
    table: RelationId,
    (at, name): (ColumnId, &Name),
    new: &crate::catalog::DataType,
    collation: Option<crate::ObjectName>,
    using: Option<&Expr>,
    (only, span): (bool, Span),
) {
    let column = work.relation(table).columns[at].clone();
    // Its values are somebody else's; `ATPrepAlterColumnType`.
    let foreign = matches!(work.relation(table).kind, RelationKind::Foreign);
    if foreign && let Some(using) = using {
        let name = work.relation(table).name.name.clone();
        work.refuse(Refusal::WrongKind { name, expected: "a table" }, using.span);
        return;
    }
    let recollated = collation.clone().filter(|it| it.name != "default") != column.collation && collation.is_some();
    let cost = match work.type_change(&column.name, &column.data_type, new, using) {
        _ if foreign => TypeChange::Free { rebuild_indexes: false },
        // No value of a virtual column is stored.
        TypeChange::Rewrite if column.generated == Some(lockkeeper_syntax::ast::GeneratedKind::Virtual) => {
            TypeChange::Free { rebuild_indexes: false }
        }
        cost => cost,
    };
    let default = column.default.clone().filter(|_| column.generated.is_none());
    let default = default.map(|it| with_own_type(it, &column.data_type));
    if using.is_some()
        && let Some(of) = default.as_ref().and_then(|it| work.type_of(it))
        && work.type_change(&column.name, &of, new, None) == TypeChange::NoCast
    {
        work.refuse(Refusal::NoDefaultCast { column: column.name.clone(), to: new.sql() }, span);
    }
    let computed = using.and_then(|it| work.type_over(table, it));
    if computed.is_some_and(|of| work.type_change(&column.name, &of, new, None) == TypeChange::NoCast) {
        let message = "result of USING clause cannot be cast automatically to the column's type";
        work.refuse(Refusal::Plain { sqlstate: "42804", message }, span);
    }
    match cost {
        TypeChange::NoCast => {
            let refusal = Refusal::NoCast { column: column.name.clone(), to: new.sql() };
            work.refuse(refusal, span);
        }
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
    if only && !work.catalog.children(table).is_empty() {
        let what = "type of inherited column must be changed in child tables too";
        work.refuse(Refusal::OnlyOnPartitioned { what }, span);
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
    if identity && !matches!(new.name.name.as_str(), "int2" | "int4" | "int8") {
        let message = "identity column type must be smallint, integer, or bigint";
        work.refuse(Refusal::Plain { sqlstate: "22023", message }, span);
    }
    if identity {
        // The sequence of an identity column follows its type; that of a serial column does not.
        for (id, owner) in work.catalog.owned_sequences(table) {
            if let RelationKind::Sequence(sequence) = &work.relation(id).kind
                && owner == at
                && sequence.identity
            {
                let to = Sequence { data_type: new.name.name.clone(), ..sequence.clone() };
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

    /// Rebuilds the indexes that compute something from the column, and with `all` those that hold it.
    fn rebuild_indexes_of(&mut self, table: RelationId, at: ColumnId, all: bool, span: Span) {
        let column = self.relation(table).columns[at].name.clone();
        let names = |expr: &Expr| expr.columns().iter().any(|it| it.text == column);
        let rebuilt: Vec<_> = self
            .catalog
            .indexes(table)
            .filter(|(_, _, index)| {
                index.predicate.as_ref().is_some_and(names)
                    || index.key.iter().any(|it| match it.column {
                        Some(own) => own == at && all,
                        None => names(&it.expr),
                    })
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
