//! Tables: columns, constraints, partitioning.

use super::{Expr, Name, QualifiedName, Query, RelationName, SequenceOptions, TypeName};
use crate::Span;

/// How long a relation lives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Persistence {
    /// Logged, survives a crash.
    #[default]
    Permanent,
    /// `UNLOGGED`.
    Unlogged,
    /// `TEMPORARY`.
    Temporary,
}

/// `CREATE TABLE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTable {
    /// The new table.
    pub name: QualifiedName,
    /// `TEMPORARY`, `UNLOGGED`, or neither.
    pub persistence: Persistence,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `CREATE FOREIGN TABLE`.
    pub foreign: bool,
    /// The parenthesised list, in order of writing.
    pub elements: Vec<TableElement>,
    /// `INHERITS (…)`.
    pub inherits: Vec<QualifiedName>,
    /// `OF type`.
    pub of_type: Option<QualifiedName>,
    /// `PARTITION OF parent` with its bound.
    pub partition_of: Option<PartitionOf>,
    /// `PARTITION BY …`.
    pub partition_by: Option<PartitionBy>,
    /// `WITH (…)`: the storage parameters, as `autovacuum_enabled`.
    pub options: Vec<StorageOption>,
    /// `TABLESPACE`.
    pub tablespace: Option<Name>,
    /// `USING` access method.
    pub access_method: Option<Name>,
    /// `ON COMMIT DROP`.
    pub on_commit_drop: bool,
}

/// One element of a table's parenthesised list.
#[derive(Clone, Debug, PartialEq)]
pub enum TableElement {
    /// A column.
    Column(ColumnDef),
    /// A table constraint.
    Constraint(Constraint),
    /// `LIKE source …`.
    Like(Like),
}

/// `name = value` of a `WITH (…)` list.
#[derive(Clone, Debug, PartialEq)]
pub struct StorageOption {
    /// The name, with its namespace, as `toast.autovacuum_enabled`.
    pub name: String,
    /// The value as written, without quotes; none when left out.
    pub value: Option<String>,
    /// The whole option.
    pub span: Span,
}

/// `LIKE source INCLUDING …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Like {
    /// The relation whose columns are copied.
    pub source: QualifiedName,
    /// What else is copied, after all `INCLUDING` and `EXCLUDING` words took effect.
    pub including: LikeParts,
    /// The words `INCLUDING INDEXES`, where they alone make indexes copied.
    pub including_indexes: Option<Span>,
    /// The whole clause.
    pub span: Span,
}

/// What a `LIKE` clause copies besides names, types and `NOT NULL`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the grammar's own")]
pub struct LikeParts {
    pub comments: bool,
    pub compression: bool,
    pub constraints: bool,
    pub defaults: bool,
    pub generated: bool,
    pub identity: bool,
    pub indexes: bool,
    pub statistics: bool,
    pub storage: bool,
}

/// A column of `CREATE TABLE` or `ADD COLUMN`.
#[derive(Clone, Debug, PartialEq)]
pub struct ColumnDef {
    /// Its name.
    pub name: Name,
    /// Its type; none in the column list of `PARTITION OF` and `OF type`.
    pub data_type: Option<TypeName>,
    /// `COLLATE`.
    pub collation: Option<QualifiedName>,
    /// Its constraints in order of writing; `NOT NULL` and `DEFAULT` are among them.
    pub constraints: Vec<ColumnConstraint>,
    /// The whole definition.
    pub span: Span,
}

/// A constraint written at a column.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnConstraint {
    /// `NULL`.
    Null(Span),
    /// `DEFAULT expr`.
    Default(Expr, Span),
    /// `GENERATED … AS IDENTITY`.
    Identity(Identity),
    /// `GENERATED ALWAYS AS (expr)`.
    Generated(Generated),
    /// `NOT NULL`, `CHECK`, `UNIQUE`, `PRIMARY KEY`, `REFERENCES`: as a table constraint over this column.
    Constraint(Constraint),
}

/// `GENERATED ALWAYS | BY DEFAULT AS IDENTITY`.
#[derive(Clone, Debug, PartialEq)]
pub struct Identity {
    /// `ALWAYS` rather than `BY DEFAULT`.
    pub always: bool,
    /// The options of its sequence.
    pub options: SequenceOptions,
    /// The whole clause.
    pub span: Span,
}

/// `GENERATED ALWAYS AS (expr) [STORED | VIRTUAL]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Generated {
    /// The expression.
    pub expr: Expr,
    /// Which keyword is written, if any. Without one it is virtual from PostgreSQL 18 on and a syntax error before.
    pub kind: Option<GeneratedKind>,
    /// The whole clause.
    pub span: Span,
}

/// Where a generated column's value lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeneratedKind {
    /// `STORED`.
    Stored,
    /// `VIRTUAL`.
    Virtual,
}

/// A constraint of a table or column.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// `CONSTRAINT name`, if written.
    pub name: Option<Name>,
    /// What it demands.
    pub kind: ConstraintKind,
    /// `NOT VALID`.
    pub not_valid: bool,
    /// `NOT ENFORCED`.
    pub not_enforced: bool,
    /// `DEFERRABLE` (also implied by `INITIALLY DEFERRED`).
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub initially_deferred: bool,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// The whole constraint, from `CONSTRAINT` or its first keyword to its last attribute.
    pub span: Span,
}

/// What a constraint demands. A column constraint names its own column.
#[derive(Clone, Debug, PartialEq)]
pub enum ConstraintKind {
    /// `NOT NULL`; as a table constraint from PostgreSQL 18 on.
    NotNull {
        /// The column.
        column: Name,
    },
    /// `CHECK (expr)`.
    Check {
        /// The condition.
        expr: Expr,
    },
    /// `UNIQUE`, `PRIMARY KEY`.
    Unique(UniqueKey),
    /// `EXCLUDE`.
    Exclude(Exclude),
    /// `FOREIGN KEY`, `REFERENCES`.
    ForeignKey(ForeignKey),
}

/// `UNIQUE (…)` or `PRIMARY KEY (…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct UniqueKey {
    /// `PRIMARY KEY`.
    pub primary: bool,
    /// The key columns; empty with `USING INDEX`.
    pub columns: Vec<Name>,
    /// `INCLUDE (…)`.
    pub include: Vec<Name>,
    /// `NULLS NOT DISTINCT`.
    pub nulls_not_distinct: bool,
    /// `WITHOUT OVERLAPS` on the last column.
    pub without_overlaps: bool,
    /// `USING INDEX name`.
    pub using_index: Option<Name>,
    /// The parenthesised key columns with their parentheses; empty for a column constraint.
    pub columns_span: Span,
}

/// `EXCLUDE USING method (element WITH operator, …) WHERE (…)`.
#[derive(Clone, Debug, PartialEq)]
pub struct Exclude {
    /// The access method; `gist` when left out in the grammar is `btree`'s sibling, so it stays as parsed.
    pub method: Name,
    /// The elements with their operators.
    pub elements: Vec<(super::IndexElement, String)>,
    /// `WHERE`.
    pub predicate: Option<Expr>,
}

/// `FOREIGN KEY (…) REFERENCES …`.
#[derive(Clone, Debug, PartialEq)]
pub struct ForeignKey {
    /// The referencing columns.
    pub columns: Vec<Name>,
    /// The referenced table.
    pub references: QualifiedName,
    /// The referenced columns; empty means the primary key.
    pub referenced_columns: Vec<Name>,
    /// `ON DELETE`.
    pub on_delete: ForeignKeyAction,
    /// `ON UPDATE`.
    pub on_update: ForeignKeyAction,
    /// The columns that `ON DELETE SET NULL (…)` or `SET DEFAULT (…)` names; empty for all.
    pub set_columns: Vec<Name>,
    /// `MATCH FULL`.
    pub match_full: bool,
    /// `PERIOD` on the last column.
    pub period: bool,
    /// `PERIOD` on the last referenced column.
    pub referenced_period: bool,
    /// From `REFERENCES` to the last referenced column or the table's name.
    pub references_span: Span,
}

/// What happens to referencing rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are SQL's own")]
pub enum ForeignKeyAction {
    #[default]
    NoAction,
    Restrict,
    Cascade,
    SetNull,
    SetDefault,
}

/// `PARTITION BY strategy (key, …)`.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionBy {
    /// How rows are spread.
    pub strategy: PartitionStrategy,
    /// The partition key.
    pub key: Vec<PartitionKeyElement>,
    /// The whole clause.
    pub span: Span,
}

/// How rows are spread over partitions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are SQL's own")]
pub enum PartitionStrategy {
    List,
    Range,
    Hash,
}

/// One element of a partition key.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionKeyElement {
    /// A column or an expression.
    pub expr: Expr,
    /// `COLLATE`.
    pub collation: Option<QualifiedName>,
    /// Operator class.
    pub opclass: Option<QualifiedName>,
    /// The element as written.
    pub span: Span,
}

impl PartitionKeyElement {
    /// The column, if the element is one.
    pub fn column(&self) -> Option<&Name> {
        self.expr.as_column()
    }
}

/// `PARTITION OF parent bound`.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionOf {
    /// The partitioned table.
    pub parent: QualifiedName,
    /// Which rows the partition takes.
    pub bound: PartitionBound,
    /// The whole clause.
    pub span: Span,
}

/// `FOR VALUES …` or `DEFAULT`.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionBound {
    /// What it says.
    pub kind: BoundKind,
    /// From `FOR` (or `DEFAULT`) to the last token.
    pub span: Span,
}

/// Which rows a partition takes.
#[derive(Clone, Debug, PartialEq)]
pub enum BoundKind {
    /// `DEFAULT`.
    Default,
    /// `IN (…)`.
    List(Vec<Expr>),
    /// `FROM (…) TO (…)`.
    Range {
        /// Inclusive lower bound.
        from: Vec<BoundValue>,
        /// Exclusive upper bound.
        to: Vec<BoundValue>,
    },
    /// `WITH (MODULUS m, REMAINDER r)`.
    Hash {
        /// The modulus.
        modulus: i32,
        /// The remainder.
        remainder: i32,
    },
}

/// One value of a range bound.
#[derive(Clone, Debug, PartialEq)]
pub enum BoundValue {
    /// `MINVALUE`.
    Min,
    /// `MAXVALUE`.
    Max,
    /// An expression that the server evaluates once.
    Value(Expr),
}

/// `CREATE TABLE … AS`, `SELECT INTO`, `CREATE MATERIALIZED VIEW`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTableAs {
    /// Which of the three.
    pub target: CtasTarget,
    /// The new relation.
    pub name: QualifiedName,
    /// The written column names.
    pub columns: Vec<Name>,
    /// `TEMPORARY`, `UNLOGGED`, or neither.
    pub persistence: Persistence,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `WITH NO DATA`.
    pub no_data: bool,
    /// The query; empty for `EXECUTE`.
    pub query: Query,
    /// `ON COMMIT DROP`.
    pub on_commit_drop: bool,
}

/// What `CREATE TABLE AS` and its kin make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CtasTarget {
    /// `CREATE TABLE … AS`.
    Table,
    /// `SELECT … INTO`.
    SelectInto,
    /// `CREATE MATERIALIZED VIEW`.
    MaterializedView,
}

/// `TRUNCATE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Truncate {
    /// The tables.
    pub tables: Vec<RelationName>,
    /// `CASCADE`, with the word's place.
    pub cascade: Option<Span>,
    /// `RESTART IDENTITY`.
    pub restart_identity: bool,
}
