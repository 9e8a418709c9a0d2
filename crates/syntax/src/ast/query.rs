//! Queries and writes, as far as DDL depends on them: which relations, columns and functions they name.

use super::{Expr, Name, QualifiedName, RelationName};
use crate::Span;
use smol_str::SmolStr;
use std::ops::Range;

/// What a `SELECT` names. Common table expressions are not relations and do not appear.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Query {
    /// Every relation it reads, subqueries and common table expressions included.
    pub relations: Vec<FromItem>,
    /// Every expression it holds, in order of writing: target list, conditions, join clauses, subqueries.
    pub expressions: Vec<Expr>,
    /// The output columns of the outermost `SELECT`; empty for a query inside an expression.
    pub outputs: Vec<Output>,
    /// Whether it is one `SELECT` from tables by name alone, so that every column in it is one of theirs: no common table
    /// expression, no subquery or function in `FROM`, no set operation. Expressions may still hold subqueries.
    pub plain: bool,
    /// Whether the first `SELECT` has `DISTINCT`, `GROUP BY`, `HAVING`, `LIMIT` or `OFFSET`, so that its rows are not those
    /// that it reads.
    pub reshaped: bool,
    /// Writes inside `WITH`.
    pub writes: Vec<Write>,
    /// Every `SELECT` and `VALUES` in it that is not inside an expression, as scopes of names.
    pub selects: Vec<Select>,
    /// The number of the first `SELECT` behind `WITH`, which names the outputs.
    pub first: u32,
    /// For each of `expressions`, where its names are looked up; of an `UPDATE`, `DELETE` or `MERGE` nothing is said.
    pub homes: Vec<Home>,
    /// Its common table expressions, in order of writing.
    pub common: Vec<CommonTable>,
    /// The clause that the fewest servers read, the first of them, if not all do.
    pub newer: Option<Newer>,
    /// `FOR UPDATE` and its like, in order of writing.
    pub row_locks: Vec<RowLock>,
}

/// A clause that locks rows.
#[derive(Clone, Debug, PartialEq)]
pub struct RowLock {
    /// `FOR UPDATE` or another.
    pub clause: &'static str,
    /// The number of the `SELECT` that it stands behind.
    pub select: u32,
    /// The names behind `OF`; without it all is meant.
    pub of: Vec<SmolStr>,
    /// Whether one of these has a schema.
    pub qualified: bool,
    /// Whether it stands in or behind a set operation.
    pub united: bool,
    /// Where it begins.
    pub span: Span,
}

/// Where the names of an expression are looked up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    /// In the `SELECT` of this number, then around it.
    Select(u32),
    /// In a part of the `FROM` of this `SELECT`, then around it: what a join joins, or what stands before a function.
    Sources {
        /// The number of the `SELECT`.
        select: u32,
        /// The first source that is seen.
        start: u32,
        /// The first behind it that is not.
        end: u32,
    },
    /// Around the query: the left side of `IN (SELECT …)`.
    Outside,
    /// Elsewhere: among the outputs of a set operation, or in the row of an `INSERT`.
    Untold,
}

/// A clause that older servers do not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newer {
    /// What it is.
    pub what: &'static str,
    /// The major version that was the first to read it.
    pub since: u8,
    /// Where it begins.
    pub span: Span,
}

/// Where a subquery of a `FROM` stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    /// The number of the `SELECT` whose `FROM` it is.
    pub select: u32,
    /// How many sources stand before it.
    pub before: u32,
    /// Whether it sees those: `LATERAL`.
    pub lateral: bool,
}

/// The name of the columns that a `USING` makes one of each.
#[derive(Clone, Debug, PartialEq)]
pub struct UsingAlias {
    /// The name.
    pub alias: SmolStr,
    /// The columns.
    pub columns: Vec<SmolStr>,
}

/// A `SELECT` without set operation, as a scope of names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Select {
    /// Where it stands, if in the `FROM` of another one. What that one sees from outside, this one sees too.
    pub within: Option<Within>,
    /// What it reads from.
    pub sources: Vec<Source>,
    /// The columns that `USING` makes one of; all of both sides' for `NATURAL`.
    pub merged: Vec<SmolStr>,
    /// The names behind `USING (…) AS`.
    pub using_aliases: Vec<UsingAlias>,
    /// Whether it has a `NATURAL JOIN`.
    pub natural: bool,
    /// Its output columns.
    pub outputs: Vec<SelectOutput>,
    /// Which of the query's expressions are its `DISTINCT ON`, which name its outputs first.
    pub distinct: Range<u32>,
    /// Which of the query's expressions are its `GROUP BY`, which may name its outputs.
    pub grouped: Range<u32>,
    /// Which are its `ORDER BY`, which name its outputs first.
    pub sort_keys: Range<u32>,
    /// The first clause by which its rows are not those that it reads, in the server's words.
    pub shape: Option<&'static str>,
}

/// One output of a [`Select`].
#[derive(Clone, Debug, PartialEq)]
pub enum SelectOutput {
    /// A column of this name.
    Named(SmolStr),
    /// `*`, or `table.*`.
    Star(Option<SmolStr>),
}

/// Something in the `FROM` of a [`Select`].
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// What it is.
    pub kind: SourceKind,
    /// The name behind it.
    pub alias: Option<SmolStr>,
    /// The names that it gives to its first columns.
    pub columns: Vec<SmolStr>,
}

/// The kinds of [`Source`].
#[derive(Clone, Debug, PartialEq)]
pub enum SourceKind {
    /// A relation, by its place in the query's `relations`.
    Relation(u32),
    /// A subquery, whose first `SELECT` this is.
    Select(u32),
    /// A common table expression, of this query or one around it.
    Common(SmolStr),
    /// Rows whose columns the tree does not show: a function's, for one.
    Rows,
}

/// A common table expression.
#[derive(Clone, Debug, PartialEq)]
pub struct CommonTable {
    /// Its name.
    pub name: SmolStr,
    /// The names that it gives to its first columns.
    pub columns: Vec<SmolStr>,
    /// Its first `SELECT`; none of a write.
    pub select: Option<u32>,
}

/// One relation of a `FROM` list.
#[derive(Clone, Debug, PartialEq)]
pub struct FromItem {
    /// The relation.
    pub relation: RelationName,
    /// Its alias.
    pub alias: Option<Name>,
    /// Whether it stands in a `WITH` or inside an expression: not in the `FROM` of the query, nor of a subquery there.
    pub apart: bool,
    /// Whether `FOR UPDATE`, `FOR SHARE`, … means it.
    pub locked: bool,
}

/// One output column of a query.
#[derive(Clone, Debug, PartialEq)]
pub struct Output {
    /// The name after `AS`, or the one the server makes up.
    pub name: Option<Name>,
    /// The value.
    pub expr: Expr,
}

/// `INSERT`, `UPDATE`, `DELETE`, `MERGE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Write {
    /// Which.
    pub kind: WriteKind,
    /// The table.
    pub table: RelationName,
    /// Its alias.
    pub alias: Option<Name>,
    /// Whether an `UPDATE` or `DELETE` has neither `WITH` nor `FROM` nor `USING`, so that every column in it is one of the
    /// table's. Expressions may still hold subqueries.
    pub plain: bool,
    /// The columns that are written, where they are named.
    pub columns: Vec<Name>,
    /// The `WHERE` of an `UPDATE` or `DELETE`; it stands in the query's expressions too.
    pub condition: Option<Expr>,
    /// Whether an `UPDATE` or `DELETE` has no `WHERE`, or one that is always true.
    pub every_row: bool,
    /// How many expressions of the query make a row of the `VALUES` of an `INSERT`, and where they stand in it; of an
    /// `UPDATE` the one row of its new values.
    pub values: Option<(usize, Range<usize>)>,
    /// `OVERRIDING … VALUE`.
    pub overriding: bool,
    /// `ON CONFLICT`.
    pub on_conflict: Option<OnConflict>,
    /// What it reads: the source of an `INSERT`, `FROM`, `USING`, conditions.
    pub query: Query,
}

impl Write {
    /// The rows of `VALUES`.
    pub fn rows(&self) -> impl Iterator<Item = &[Expr]> {
        let (width, place) = self.values.clone().unwrap_or((1, 0..0));
        self.query.expressions.get(place).unwrap_or_default().chunks(width.max(1))
    }
}

/// The kinds of write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are SQL's own")]
pub enum WriteKind {
    Insert,
    Update,
    Delete,
    Merge,
}

impl WriteKind {
    /// The command tag.
    pub fn tag(self) -> &'static str {
        match self {
            WriteKind::Insert => "INSERT",
            WriteKind::Update => "UPDATE",
            WriteKind::Delete => "DELETE",
            WriteKind::Merge => "MERGE",
        }
    }
}

/// `ON CONFLICT …`.
#[derive(Clone, Debug, PartialEq)]
pub struct OnConflict {
    /// The target's elements; empty when none is written.
    pub target: Vec<super::IndexElement>,
    /// `WHERE` of the target.
    pub predicate: Option<Expr>,
    /// `ON CONSTRAINT name`.
    pub constraint: Option<Name>,
    /// `DO UPDATE`, with the columns it sets.
    pub update: Option<Vec<Name>>,
    /// The whole clause.
    pub span: Span,
}

/// `COPY`.
#[derive(Clone, Debug, PartialEq)]
pub struct Copy {
    /// The table; none for `COPY (query)`.
    pub table: Option<QualifiedName>,
    /// `FROM` rather than `TO`.
    pub from: bool,
    /// The query of `COPY (query) TO`.
    pub query: Option<Query>,
    /// `STDIN` or `STDOUT`: the rows go through the connection.
    pub with_client: bool,
}
