//! What hangs on a table without being part of it (rules, policies, statistics, publications), domains as they change,
//! and the statements that look after tables.

use super::{Body, Constraint, Expr, Name, ObjectKind, QualifiedName, Query, RelationName, WriteKind};
use smol_str::SmolStr;

/// `ALTER DOMAIN`, other than renaming it.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterDomain {
    /// The domain.
    pub name: QualifiedName,
    /// What changes.
    pub change: DomainChange,
}

/// A change to a domain.
#[derive(Clone, Debug, PartialEq)]
pub enum DomainChange {
    /// `SET DEFAULT`, or `DROP DEFAULT`.
    Default(Option<Expr>),
    /// `SET NOT NULL`.
    SetNotNull,
    /// `DROP NOT NULL`.
    DropNotNull,
    /// `ADD`.
    AddConstraint(Box<Constraint>),
    /// `DROP CONSTRAINT`.
    DropConstraint {
        /// Its name.
        name: Name,
        /// `IF EXISTS`.
        if_exists: bool,
    },
    /// `VALIDATE CONSTRAINT`.
    ValidateConstraint(Name),
}

/// `CREATE RULE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateRule {
    /// Its name.
    pub name: Name,
    /// The table or view.
    pub table: QualifiedName,
    /// `OR REPLACE`.
    pub replace: bool,
    /// The write that it waits for; none `ON SELECT`.
    pub event: Option<WriteKind>,
    /// `INSTEAD`.
    pub instead: bool,
    /// `NOTHING`.
    pub nothing: bool,
    /// `WHERE`.
    pub condition: Option<Expr>,
    /// What its commands name; writes are in [`Query::writes`].
    pub actions: Query,
}

/// `CREATE POLICY`, `ALTER POLICY`.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    /// `ALTER`.
    pub alter: bool,
    /// Its name.
    pub name: Name,
    /// The table.
    pub table: QualifiedName,
    /// `USING` and `WITH CHECK`.
    pub conditions: Vec<Expr>,
    /// What the subqueries of its conditions read.
    pub reads: Query,
}

/// `CREATE STATISTICS`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateStatistics {
    /// Its name, if written.
    pub name: Option<QualifiedName>,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// The columns and expressions.
    pub elements: Vec<Expr>,
    /// The table; the grammar takes several.
    pub tables: Vec<RelationName>,
}

/// `CREATE PUBLICATION`, `ALTER PUBLICATION`.
#[derive(Clone, Debug, PartialEq)]
pub struct Publication {
    /// Its name.
    pub name: Name,
    /// What happens to it.
    pub change: PublicationChange,
    /// `FOR ALL TABLES`.
    pub all_tables: bool,
    /// The tables named.
    pub tables: Vec<PublishedTable>,
    /// The schemas of which all tables are meant, as their names; none is the current one.
    pub schemas: Vec<Option<SmolStr>>,
    /// The option `publish`: which changes, as written.
    pub publish: Option<String>,
    /// The option `publish_via_partition_root`.
    pub via_root: Option<bool>,
}

impl Publication {
    /// Whether it says that changed or deleted rows are sent, and not only new ones.
    pub fn sends_changes(&self) -> Option<bool> {
        self.publish.as_ref().map(|it| it.contains("update") || it.contains("delete"))
    }
}

/// A table in a publication.
#[derive(Clone, Debug, PartialEq)]
pub struct PublishedTable {
    /// The table.
    pub table: RelationName,
    /// The columns of it that are sent; all if empty.
    pub columns: Vec<Name>,
    /// `WHERE`: which rows are sent.
    pub filter: Option<Expr>,
}

/// What happens to a publication.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PublicationChange {
    /// `CREATE`.
    Create,
    /// `ADD`.
    Add,
    /// `SET` of tables, or of options where no table is named.
    Set,
    /// `DROP`.
    Drop,
}

/// `COMMENT ON`.
#[derive(Clone, Debug, PartialEq)]
pub struct Comment {
    /// What it is on.
    pub kind: ObjectKind,
    /// The relation that it is on, or whose column or other part it is on; of other objects none.
    pub relation: Option<QualifiedName>,
    /// The column, constraint, trigger, rule or policy.
    pub column: Option<Name>,
}

/// `CLUSTER`.
#[derive(Clone, Debug, PartialEq)]
pub struct Cluster {
    /// The table; none for all that were clustered before.
    pub table: Option<QualifiedName>,
    /// `USING`.
    pub index: Option<Name>,
}

/// `VACUUM`, `ANALYZE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Vacuum {
    /// `ANALYZE` alone.
    pub analyze_only: bool,
    /// `FULL`.
    pub full: bool,
    /// Only the statistics of the database are brought up to date (`ONLY_DATABASE_STATS`).
    pub statistics_only: bool,
    /// Whether the tables themselves are passed over (`PROCESS_MAIN FALSE`).
    pub toast_only: bool,
    /// The tables, each with the columns to analyze; none for all.
    pub tables: Vec<(RelationName, Vec<Name>)>,
}

/// `EXPLAIN`.
#[derive(Clone, Debug, PartialEq)]
pub struct Explain {
    /// `ANALYZE`: the statement is run.
    pub analyze: bool,
    /// The statement.
    pub body: Body,
}
