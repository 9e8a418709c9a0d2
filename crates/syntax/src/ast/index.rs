//! Indexes.

use super::{Expr, Name, QualifiedName, RelationName, StorageOption};
use crate::Span;
use smol_str::SmolStr;

/// `CREATE INDEX`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateIndex {
    /// Its name; the server makes one up when none is written.
    pub name: Option<Name>,
    /// The table or materialized view.
    pub table: RelationName,
    /// `UNIQUE`.
    pub unique: bool,
    /// `CONCURRENTLY`, with the word's place.
    pub concurrently: Option<Span>,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `USING method`; `btree` when left out.
    pub method: Name,
    /// The key.
    pub elements: Vec<IndexElement>,
    /// `INCLUDE (…)`.
    pub include: Vec<Name>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// `WITH (…)`.
    pub options: Vec<StorageOption>,
    /// `TABLESPACE`.
    pub tablespace: Option<Name>,
    /// `WHERE`.
    pub predicate: Option<Expr>,
    /// The parenthesised key with its parentheses.
    pub elements_span: Span,
    /// `CREATE [UNIQUE] INDEX [CONCURRENTLY]`: the words that decide what it does.
    pub head_span: Span,
}

/// One element of an index key.
#[derive(Clone, Debug)]
pub struct IndexElement {
    /// A column or an expression.
    pub expr: Expr,
    /// What the server calls it in the index (`FigureIndexColname` in `parse_target.c`).
    pub name: SmolStr,
    /// `COLLATE`.
    pub collation: Option<QualifiedName>,
    /// Operator class.
    pub opclass: Option<QualifiedName>,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST` (true) or `NULLS LAST`, if written.
    pub nulls_first: Option<bool>,
    /// The element as written.
    pub span: Span,
}

/// Elements are equal when they say the same, wherever they stand.
impl PartialEq for IndexElement {
    fn eq(&self, other: &Self) -> bool {
        let Self { expr, name: _, collation, opclass, descending, nulls_first, span: _ } = self;
        *expr == other.expr
            && *collation == other.collation
            && *opclass == other.opclass
            && *descending == other.descending
            && *nulls_first == other.nulls_first
    }
}

impl IndexElement {
    /// The column, if the element is one.
    pub fn column(&self) -> Option<&Name> {
        self.expr.as_column()
    }
}

/// `REINDEX`.
#[derive(Clone, Debug, PartialEq)]
pub struct Reindex {
    /// What is rebuilt.
    pub target: ReindexTarget,
    /// `CONCURRENTLY`, with the word's place.
    pub concurrently: Option<Span>,
    /// Whether `CONCURRENTLY` stands in the parenthesised options, which PostgreSQL 13 refuses.
    pub concurrently_in_options: bool,
    /// `(TABLESPACE …)`.
    pub tablespace: Option<Name>,
}

/// What `REINDEX` rebuilds.
#[derive(Clone, Debug, PartialEq)]
pub enum ReindexTarget {
    /// One index.
    Index(QualifiedName),
    /// All indexes of a table.
    Table(QualifiedName),
    /// All indexes of a schema.
    Schema(Name),
    /// All indexes of the database.
    Database,
    /// The system catalogs' indexes.
    System,
}
