//! Expressions, as far as the server's decisions about DDL depend on them.

use super::{Name, QualifiedName, Query, TypeName};
use crate::Span;
use smol_str::SmolStr;

/// An expression with its place. Two expressions are equal when they say the same, wherever they stand.
#[derive(Clone, Debug)]
pub struct Expr {
    /// What it says.
    pub kind: ExprKind,
    /// From the first token to the last; enclosing parentheses are not part of it.
    pub span: Span,
}

impl PartialEq for Expr {
    fn eq(&self, other: &Self) -> bool {
        self.kind == other.kind
    }
}

/// What an expression says.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// `a`, `t.a`, `s.t.a`; the last part is the column.
    Column(Vec<Name>),
    /// `*` or `t.*`.
    Star(Vec<Name>),
    /// A literal.
    Constant(Constant),
    /// `f(a, b)`; also what the grammar writes as calls: `EXTRACT`, `SUBSTRING`, `TRIM`, `AT TIME ZONE`, ….
    Call(Box<Call>),
    /// `a + b`, `- a`, `a LIKE b` (`~~`), `a ILIKE b` (`~~*`), `a IS DISTINCT FROM b` and other operators.
    Operator {
        /// The operator's symbol, as `=`, `||`, `~~`, `IS DISTINCT FROM`.
        symbol: SmolStr,
        /// Left side; none for a prefix operator.
        left: Option<Box<Expr>>,
        /// Right side.
        right: Box<Expr>,
    },
    /// `a = ANY (b)`, `a IN (1, 2)` (`=`, any), `a NOT IN (…)` (`<>`, all).
    AnyAll {
        /// The operator's symbol.
        symbol: SmolStr,
        /// `ALL` rather than `ANY`.
        all: bool,
        /// Left side.
        left: Box<Expr>,
        /// The members of a list, or one array.
        right: Vec<Expr>,
        /// Whether `right` is a written list (`IN`) rather than one array.
        list: bool,
    },
    /// `a BETWEEN b AND c`.
    Between {
        /// `NOT BETWEEN`.
        negated: bool,
        /// `SYMMETRIC`.
        symmetric: bool,
        /// The value.
        value: Box<Expr>,
        /// Lower bound.
        low: Box<Expr>,
        /// Upper bound.
        high: Box<Expr>,
    },
    /// `a AND b AND …`.
    And(Vec<Expr>),
    /// `a OR b OR …`.
    Or(Vec<Expr>),
    /// `NOT a`.
    Not(Box<Expr>),
    /// `a IS NULL`, `a IS NOT NULL`.
    IsNull {
        /// The value.
        value: Box<Expr>,
        /// `IS NOT NULL`.
        negated: bool,
    },
    /// `a IS TRUE` and the other Boolean tests; the word is the test.
    IsBoolean {
        /// The value.
        value: Box<Expr>,
        /// As `IS NOT TRUE`.
        test: &'static str,
    },
    /// `a::t`, `CAST (a AS t)`, `t 'literal'`.
    Cast {
        /// The value.
        value: Box<Expr>,
        /// The target.
        to: Box<TypeName>,
    },
    /// `a COLLATE c`.
    Collate {
        /// The value.
        value: Box<Expr>,
        /// The collation.
        collation: QualifiedName,
    },
    /// `COALESCE (…)`.
    Coalesce(Vec<Expr>),
    /// `GREATEST (…)`, `LEAST (…)`, `NULLIF (a, b)`.
    Builtin(&'static str, Vec<Expr>),
    /// `CASE …`.
    Case(Box<Case>),
    /// `ARRAY[…]`.
    Array(Vec<Expr>),
    /// `ROW (…)`, `(a, b)`.
    Row(Vec<Expr>),
    /// `a[1]`, `a.f`.
    Indirection(Box<Expr>),
    /// `CURRENT_DATE`, `CURRENT_USER` and the other words that are values, upper case.
    SqlValue(&'static str),
    /// `$1`.
    Parameter,
    /// `DEFAULT` in place of a value.
    Default,
    /// `(SELECT …)`, `EXISTS (SELECT …)`, `ARRAY (SELECT …)`, `a IN (SELECT …)` (the left side stands in the query's `expressions`).
    Subquery(Box<Query>),
    /// Anything else (XML, JSON constructors, GROUPING, …): the expressions it holds.
    Other(Vec<Expr>),
}

/// A call of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The function.
    pub name: QualifiedName,
    /// Its arguments; named arguments lose their names.
    pub arguments: Vec<Expr>,
    /// Whether `VARIADIC`, `DISTINCT`, `ORDER BY`, `FILTER`, `WITHIN GROUP`, `OVER` or an argument's name is written.
    pub decorated: bool,
    /// Whether it is written in SQL's own words, as `EXTRACT` or `AT TIME ZONE`.
    pub sql_syntax: bool,
}

/// `CASE [operand] WHEN … THEN … ELSE … END`.
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// What each `WHEN` is compared with; none where each is a condition.
    pub operand: Option<Expr>,
    /// `WHEN … THEN …`.
    pub whens: Vec<(Expr, Expr)>,
    /// `ELSE`.
    pub otherwise: Option<Expr>,
}

impl Case {
    /// Its parts in order of writing.
    fn parts(&self) -> impl Iterator<Item = &Expr> {
        let whens = self.whens.iter().flat_map(|(when, then)| [when, then]);
        self.operand.iter().chain(whens).chain(&self.otherwise)
    }

    fn parts_mut(&mut self) -> impl Iterator<Item = &mut Expr> {
        let whens = self.whens.iter_mut().flat_map(|(when, then)| [when, then]);
        self.operand.iter_mut().chain(whens).chain(&mut self.otherwise)
    }
}

/// A literal.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// `NULL`.
    Null,
    /// `TRUE`, `FALSE`.
    Boolean(bool),
    /// An integer that fits `int4`.
    Integer(i32),
    /// Another number, as written.
    Number(SmolStr),
    /// A string constant, without quotes and escapes.
    String(SmolStr),
    /// `B'101'`, `X'1F'`.
    Bits(SmolStr),
}

impl Expr {
    /// Calls `visit` on this expression and, depth first, on all below it; subqueries' expressions too.
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&'a Expr)) {
        visit(self);
        for child in self.children() {
            child.walk(visit);
        }
    }

    /// Whether a query stands in it.
    pub fn has_subquery(&self) -> bool {
        let mut found = false;
        self.walk(&mut |it| found |= matches!(it.kind, ExprKind::Subquery(_)));
        found
    }

    /// Calls `change` on this expression and, depth first, on all below it outside of subqueries.
    pub fn walk_mut(&mut self, change: &mut dyn FnMut(&mut Expr)) {
        change(self);
        match &mut self.kind {
            ExprKind::Column(_)
            | ExprKind::Star(_)
            | ExprKind::Constant(_)
            | ExprKind::SqlValue(_)
            | ExprKind::Parameter
            | ExprKind::Default
            | ExprKind::Subquery(_) => {}
            ExprKind::Call(call) => call.arguments.iter_mut().for_each(|it| it.walk_mut(change)),
            ExprKind::Case(case) => case.parts_mut().for_each(|it| it.walk_mut(change)),
            ExprKind::Operator { left, right, .. } => {
                left.iter_mut().for_each(|it| it.walk_mut(change));
                right.walk_mut(change);
            }
            ExprKind::AnyAll { left, right, .. } => {
                left.walk_mut(change);
                right.iter_mut().for_each(|it| it.walk_mut(change));
            }
            ExprKind::Between { value, low, high, .. } => {
                [value, low, high].into_iter().for_each(|it| it.walk_mut(change));
            }
            ExprKind::And(parts)
            | ExprKind::Or(parts)
            | ExprKind::Coalesce(parts)
            | ExprKind::Builtin(_, parts)
            | ExprKind::Array(parts)
            | ExprKind::Row(parts)
            | ExprKind::Other(parts) => parts.iter_mut().for_each(|it| it.walk_mut(change)),
            ExprKind::Not(value)
            | ExprKind::IsNull { value, .. }
            | ExprKind::IsBoolean { value, .. }
            | ExprKind::Cast { value, .. }
            | ExprKind::Collate { value, .. }
            | ExprKind::Indirection(value) => value.walk_mut(change),
        }
    }

    /// The expressions directly below this one, in order of writing.
    pub fn children(&self) -> Vec<&Expr> {
        match &self.kind {
            ExprKind::Column(_)
            | ExprKind::Star(_)
            | ExprKind::Constant(_)
            | ExprKind::SqlValue(_)
            | ExprKind::Parameter
            | ExprKind::Default => Vec::new(),
            ExprKind::Call(call) => call.arguments.iter().collect(),
            ExprKind::Case(case) => case.parts().collect(),
            ExprKind::Operator { left, right, .. } => left.iter().map(|it| &**it).chain([&**right]).collect(),
            ExprKind::AnyAll { left, right, .. } => std::iter::once(&**left).chain(right).collect(),
            ExprKind::Between { value, low, high, .. } => vec![value, low, high],
            ExprKind::And(parts)
            | ExprKind::Or(parts)
            | ExprKind::Coalesce(parts)
            | ExprKind::Builtin(_, parts)
            | ExprKind::Array(parts)
            | ExprKind::Row(parts)
            | ExprKind::Other(parts) => parts.iter().collect(),
            ExprKind::Not(value)
            | ExprKind::IsNull { value, .. }
            | ExprKind::IsBoolean { value, .. }
            | ExprKind::Cast { value, .. }
            | ExprKind::Collate { value, .. }
            | ExprKind::Indirection(value) => vec![value],
            ExprKind::Subquery(query) => query.expressions.iter().collect(),
        }
    }

    /// Whether it is the constant `TRUE`.
    pub fn is_true(&self) -> bool {
        matches!(self.kind, ExprKind::Constant(Constant::Boolean(true)))
    }

    /// The column, if the expression is nothing but a column's name.
    pub fn as_column(&self) -> Option<&Name> {
        match &self.kind {
            ExprKind::Column(parts) => parts.last(),
            _ => None,
        }
    }

    /// The names of all columns in it, in order of writing, with repeats.
    pub fn columns(&self) -> Vec<&Name> {
        let mut found = Vec::new();
        self.walk(&mut |it| found.extend(it.as_column()));
        found
    }
}
