//! Indexes.

use super::{ColumnId, KeyElement, RelationId};
use lockkeeper_syntax::ast::Expr;
use smol_str::SmolStr;

/// An index.
#[derive(Clone, Debug, PartialEq)]
pub struct Index {
    /// Its table or materialized view.
    pub table: RelationId,
    /// Its access method.
    pub method: SmolStr,
    /// Its key.
    pub key: Vec<KeyElement>,
    /// `INCLUDE` columns.
    pub include: Vec<ColumnId>,
    /// `WHERE`.
    pub predicate: Option<Expr>,
    /// Whether it is unique.
    pub unique: bool,
    /// Whether it belongs to a primary key.
    pub primary: bool,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// Whether it is checked at once; false for a deferrable constraint.
    pub immediate: bool,
    /// Whether it is complete: false for an `ON ONLY` index before all partitions are attached.
    pub valid: bool,
    /// Whether it belongs to an exclusion constraint.
    pub exclusion: bool,
    /// Its storage parameters in order, with their values as text.
    pub options: Vec<(SmolStr, SmolStr)>,
}

impl Index {
    /// Whether it stands or falls with a column: as key, as `INCLUDE`, in an expression or its predicate.
    pub fn names(&self, at: ColumnId, name: &str) -> bool {
        self.include.contains(&at) || self.key.iter().any(|it| it.column == Some(at)) || self.computes_from(name)
    }

    /// Whether an expression of its key or its predicate names the column.
    pub fn computes_from(&self, name: &str) -> bool {
        let named = |it: &Expr| it.columns().iter().any(|it| it.text == name);
        self.predicate.as_ref().is_some_and(named) || self.key.iter().any(|it| it.column.is_none() && named(&it.expr))
    }
}
