//! What the server can conclude from a validated `CHECK`.

use super::work::Work;
use crate::catalog::{ColumnId, ConstraintKind, RelationId};
use lockkeeper_syntax::ast::{Expr, ExprKind};

impl Work<'_> {
    /// Whether a validated `CHECK` says that the column is never null; `NotNullImpliedByRelConstraints` in
    /// `src/backend/commands/tablecmds.c`, from PostgreSQL 12 on.
    pub(super) fn proven_not_null(&self, table: RelationId, column: ColumnId) -> bool {
        let relation = self.relation(table);
        let Some(name) = relation.columns.get(column).map(|it| &it.name) else { return false };
        relation.live_constraints().any(|(_, it)| match &it.kind {
            ConstraintKind::Check { expr, .. } => it.validated && it.enforced && implies_not_null(expr, name),
            _ => false,
        })
    }
}

/// Whether a condition that is not false implies `column IS NOT NULL`. A check passes when it is null, so `column > 0`
/// implies nothing of the kind.
pub(super) fn implies_not_null(expr: &Expr, column: &str) -> bool {
    match &expr.kind {
        ExprKind::IsNull { value, negated: true } => value.as_column().is_some_and(|it| it.text == column),
        ExprKind::Not(inner) => match &inner.kind {
            ExprKind::IsNull { value, negated: false } => value.as_column().is_some_and(|it| it.text == column),
            _ => false,
        },
        ExprKind::And(parts) => parts.iter().any(|it| implies_not_null(it, column)),
        ExprKind::Or(parts) => parts.iter().all(|it| implies_not_null(it, column)),
        _ => false,
    }
}
