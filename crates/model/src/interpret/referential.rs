//! The rows on the other side of a foreign key: what the checks and actions that a write sets off lock;
//! `src/backend/utils/adt/ri_triggers.c`. A write is taken to meet rows unless its condition is plainly false. Which
//! partitions of the other side are opened depends on the values, so only the partitioned table itself is named.

use super::work::Work;
use crate::catalog::{ColumnId, Constraint, ConstraintKind, RelationId};
use crate::effects::LockMode;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Constant, Expr, ExprKind, ForeignKeyAction, Write, WriteKind};

impl Work<'_> {
    /// Locks what the foreign keys of a write lead to. Those that are checked at commit are left out.
    pub(super) fn lock_referential(&mut self, table: RelationId, it: &Write, written: &[Option<ColumnId>], span: Span) {
        let off = self.relation(table).triggers_off || *self.session.replica.get();
        if off || it.condition.as_ref().is_some_and(is_false) {
            return;
        }
        match it.kind {
            WriteKind::Insert => {
                for (key, columns, references) in self.immediate_keys(table) {
                    if key.enforced && self.writes_key(table, it, written, &columns) {
                        self.lock(references, LockMode::RowShare, span);
                    }
                }
            }
            WriteKind::Update => {
                let written = self.changed_columns(table, it, written);
                for (key, columns, references) in self.immediate_keys(table) {
                    if key.enforced && columns.iter().any(|it| written.contains(it)) {
                        self.lock(references, LockMode::RowShare, span);
                    }
                }
                self.lock_referencing(table, Some(&written), span, &mut vec![table]);
            }
            WriteKind::Delete => self.lock_referencing(table, None, span, &mut vec![table]),
            WriteKind::Merge => {}
        }
    }

    /// The columns that an `UPDATE` gives another value than their own.
    fn changed_columns(&self, table: RelationId, it: &Write, written: &[Option<ColumnId>]) -> Vec<ColumnId> {
        let values: Vec<Option<&Expr>> = match it.rows().next() {
            Some(row) => row.iter().map(Some).collect(),
            None => vec![None; written.len()],
        };
        let keeps = |at: ColumnId, value: Option<&Expr>| {
            let name = &self.relation(table).columns[at].name;
            value.and_then(Expr::as_column).is_some_and(|it| it.text == *name)
        };
        let pairs = written.iter().zip(values).filter_map(|(at, value)| Some(((*at)?, value)));
        pairs.filter(|(at, value)| !keeps(*at, *value)).map(|(at, _)| at).collect()
    }

    /// The foreign keys of a table that are checked with each statement: the key, its columns and what it references.
    fn immediate_keys(&self, table: RelationId) -> Vec<(Constraint, Vec<ColumnId>, RelationId)> {
        let keys = self.relation(table).live_constraints().filter(|(_, it)| !it.deferrable);
        keys.filter_map(|(_, it)| match &it.kind {
            ConstraintKind::ForeignKey { columns, references, .. } => Some((it.clone(), columns.clone(), *references)),
            _ => None,
        })
        .collect()
    }

    /// Whether an `INSERT` gives a row whose key is not null.
    fn writes_key(&self, table: RelationId, it: &Write, written: &[Option<ColumnId>], key: &[ColumnId]) -> bool {
        let all: Vec<Option<ColumnId>> = match it.columns.is_empty() {
            true => self.relation(table).live_columns().map(|(at, _)| Some(at)).collect(),
            false => written.to_vec(),
        };
        let place = |column: &ColumnId| all.iter().position(|it| *it == Some(*column));
        let Some(places) = key.iter().map(place).collect::<Option<Vec<usize>>>() else { return false };
        let is_value = |value: Option<&Expr>| value.is_some_and(|it| !is_null_or_default(it));
        match it.values {
            Some(_) => it.rows().any(|row| places.iter().all(|at| is_value(row.get(*at)))),
            None => places.iter().all(|at| is_value(it.query.outputs.get(*at).map(|it| &it.expr))),
        }
    }

    /// Locks the tables whose foreign keys point at rows that go or change, and what follows from their actions.
    fn lock_referencing(
        &mut self,
        table: RelationId,
        written: Option<&[ColumnId]>,
        span: Span,
        met: &mut Vec<RelationId>,
    ) {
        for (by, at) in self.referencing_rows(table) {
            let Some(constraint) = self.relation(by).constraints.get(at).cloned().flatten() else { continue };
            // The check asks the partitioned table, which is asked as a whole.
            if constraint.inherited {
                continue;
            }
            let ConstraintKind::ForeignKey { referenced, on_delete, on_update, .. } = &constraint.kind else {
                continue;
            };
            if written.is_some_and(|written| !referenced.iter().any(|it| written.contains(it))) || !constraint.enforced
            {
                continue;
            }
            let action = if written.is_some() { on_update } else { on_delete };
            match action {
                ForeignKeyAction::NoAction if constraint.deferrable => {}
                ForeignKeyAction::NoAction | ForeignKeyAction::Restrict => self.lock(by, LockMode::RowShare, span),
                ForeignKeyAction::Cascade | ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault => {
                    self.lock(by, LockMode::RowExclusive, span);
                    if *action == ForeignKeyAction::Cascade && written.is_none() && !met.contains(&by) {
                        met.push(by);
                        self.lock_referencing(by, None, span, met);
                    }
                }
            }
        }
    }
}

fn is_null_or_default(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Constant(Constant::Null) | ExprKind::Default => true,
        ExprKind::Cast { value, .. } => is_null_or_default(value),
        _ => false,
    }
}

/// Whether no row can satisfy the condition.
pub(super) fn is_false(condition: &Expr) -> bool {
    match &condition.kind {
        ExprKind::Constant(Constant::Boolean(false) | Constant::Null) => true,
        ExprKind::And(parts) => parts.iter().any(is_false),
        _ => false,
    }
}
