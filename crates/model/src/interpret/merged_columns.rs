//! Columns of a new table that a parent has too; `MergeAttributes` in `src/backend/commands/tablecmds.c`.

use super::columns::is_null;
use super::work::Work;
use crate::Refusal;
use crate::catalog::{Column, RelationId};
use lockkeeper_syntax::ast::{ColumnConstraint, ColumnDef, CreateTable, Expr, ExprKind, TableElement};

impl Work<'_> {
    /// Whether a column that two parents have is the same in both; refuses otherwise (`MergeInheritedAttribute`).
    pub(super) fn merge_parents(&mut self, one: &Column, other: &Column) {
        let conflict = if one.data_type != other.data_type {
            ("42804", "type")
        } else if one.collation != other.collation {
            ("42P21", "collation")
        } else if one.generated != other.generated {
            ("42804", "generation")
        } else {
            return;
        };
        let message = format!("inherited column \"{}\" has a {} conflict", one.name, conflict.1);
        self.differs(conflict.0, message, one, self.statement.span);
    }

    /// Whether what a column is declared as goes with what its parent says of generation (`MergeChildAttribute`).
    /// Before PostgreSQL 16 a partition was not asked, and a child could compute what its parent stores.
    pub(super) fn merge_generation(&mut self, parent: &Column, new: &Column, def: &ColumnDef, partition: bool) {
        let newer = self.version.since(16);
        if partition && !newer {
            return;
        }
        let name = &parent.name;
        let message = match (parent.generated, new.generated) {
            (Some(_), Some(_)) if !newer => format!("child column \"{name}\" specifies generation expression"),
            (None, Some(_)) if newer => format!("child column \"{name}\" specifies generation expression"),
            (Some(_), None) if new.identity.is_some() => {
                format!("column \"{name}\" inherits from generated column but specifies identity")
            }
            (Some(_), None) if new.default.is_some() => {
                format!("column \"{name}\" inherits from generated column but specifies default")
            }
            (Some(one), Some(other)) if one != other => {
                format!("column \"{name}\" inherits from generated column of different kind")
            }
            _ => return,
        };
        self.differs("42611", message, parent, def.span);
    }

    /// Parents with different defaults for a column leave the choice to the child.
    pub(super) fn merge_defaults(&mut self, table: RelationId, it: &CreateTable) {
        if it.inherits.len() < 2 {
            return;
        }
        let chosen = |column: &Column| {
            it.elements.iter().any(|it| match it {
                TableElement::Column(def) if def.name.text == column.name => def
                    .constraints
                    .iter()
                    .any(|it| matches!(it, ColumnConstraint::Default(..) | ColumnConstraint::Generated(_))),
                _ => false,
            })
        };
        let parents = &self.relation(table).inherits;
        let conflicting = |column: &&Column| {
            let above = parents.iter().filter_map(|id| self.relation(*id).column(&column.name)?.default.as_ref());
            let mut above = above.filter(|it| !is_null(it)).map(uncast);
            above.next().is_some_and(|first| above.any(|it| it != first)) && !chosen(column)
        };
        let found = self.relation(table).live_columns().map(|(_, it)| it).find(conflicting).cloned();
        let Some(column) = found else { return };
        let what = if column.generated.is_some() { "generation expressions" } else { "default values" };
        let message = format!("column \"{}\" inherits conflicting {what}", column.name);
        self.differs("42611", message, &column, it.name.span());
    }

    fn differs(&mut self, sqlstate: &'static str, message: String, column: &Column, span: lockkeeper_syntax::Span) {
        self.refuse(Refusal::AttachedDiffers { sqlstate, message, column: Some(column.name.clone()) }, span);
    }
}

/// A default without its casts, which the server may add or leave out.
fn uncast(expr: &Expr) -> Expr {
    let mut expr = expr.clone();
    expr.walk_mut(&mut |it| {
        while let ExprKind::Cast { value, .. } = &it.kind {
            *it = (**value).clone();
        }
    });
    expr
}
