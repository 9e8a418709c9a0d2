//! Parse analysis of expressions: which functions, operators and casts the server takes for what is written, and of
//! which type the result is. Follows `src/backend/parser` (`parse_expr.c`, `parse_func.c`, `parse_oper.c`,
//! `parse_coerce.c`). What depends on something that the history does not show is [`Trouble::Unknown`].

mod classes;
mod coerce;
mod deparse;
mod expr;
mod misfit;
mod resolve;
mod types;

pub(crate) use coerce::{Pathway, pathway};
pub(crate) use deparse::{bound_constant, deparse, string_constant, type_sql};
pub use misfit::Misfit;
pub(crate) use types::Type;

use crate::builtins::CastContext;
use crate::catalog::{Catalog, DataType, Relation};
use crate::{Refusal, Version};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Expr, Volatility};
use smol_str::SmolStr;

/// What an expression can name.
#[derive(Clone)]
pub(crate) struct Scope<'a> {
    pub(crate) catalog: &'a Catalog,
    /// The schemas in which unqualified names are looked up.
    pub(crate) path: Vec<SmolStr>,
    pub(crate) version: Version,
    /// The relation whose columns it can name.
    pub(crate) row: Option<&'a Relation>,
    /// What `VALUE` is in a domain's check.
    pub(crate) value: Option<&'a DataType>,
}

/// Why an expression has no type.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Trouble {
    /// It names something that the history does not show, or is of a form that is not followed.
    Unknown,
    /// The server refuses it.
    Refused(Box<Refusal>, Span),
}

impl Trouble {
    fn refused(refusal: impl Into<Refusal>, span: Span) -> Self {
        Trouble::Refused(Box::new(refusal.into()), span)
    }
}

/// An expression as the server understands it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Typed {
    pub(crate) node: Node,
    pub(crate) of: Type,
    /// The type's modifiers, as `10, 2`; none where the server does not know them either.
    pub(crate) modifiers: Vec<i32>,
}

/// How a cast or call came to be written; `CoercionForm` in `src/include/nodes/primnodes.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Written.
    Explicit,
    /// Added by the server.
    Implicit,
    /// A call in SQL's own words, as `AT TIME ZONE`.
    Syntax,
}

/// What an understood expression is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Node {
    Column(SmolStr),
    /// `VALUE` of a domain's check.
    Value,
    /// A constant in its type's text form; none is NULL.
    Constant(Option<SmolStr>),
    Call {
        /// With its schema where that is not `pg_catalog`.
        schema: SmolStr,
        name: SmolStr,
        arguments: Vec<Typed>,
        form: Form,
        volatility: Volatility,
    },
    Operator {
        symbol: SmolStr,
        left: Option<Box<Typed>>,
        right: Box<Typed>,
        volatility: Volatility,
    },
    /// `IS DISTINCT FROM`.
    Distinct {
        left: Box<Typed>,
        right: Box<Typed>,
        volatility: Volatility,
    },
    AnyAll {
        symbol: SmolStr,
        all: bool,
        left: Box<Typed>,
        array: Box<Typed>,
        volatility: Volatility,
    },
    Cast {
        value: Box<Typed>,
        form: Form,
        volatility: Volatility,
    },
    Collate(Box<Typed>, SmolStr),
    And(Vec<Typed>),
    Or(Vec<Typed>),
    Not(Box<Typed>),
    IsNull(Box<Typed>, bool),
    IsBoolean(Box<Typed>, &'static str),
    Coalesce(Vec<Typed>),
    /// `GREATEST`, `LEAST`.
    MinMax(&'static str, Vec<Typed>),
    NullIf(Box<Typed>, Box<Typed>, Volatility),
    Case {
        operand: Option<Box<Typed>>,
        whens: Vec<(Typed, Typed)>,
        otherwise: Option<Box<Typed>>,
    },
    Array(Vec<Typed>),
    SqlValue(&'static str),
}

/// The expression as the server understands it.
pub(crate) fn analyse(expr: &Expr, scope: &Scope<'_>) -> Result<Typed, Trouble> {
    let typed = scope.transform(expr)?;
    // A constant whose type nothing decides is text (`resolveTargetListUnknowns`).
    if typed.of.is_unknown() { scope.coerce(typed, &Type::builtin("text"), CastContext::Implicit) } else { Ok(typed) }
}

/// The expression as a value for `target`: a column's default or generated value.
pub(crate) fn analyse_as(expr: &Expr, target: &DataType, scope: &Scope<'_>) -> Result<Typed, Trouble> {
    let typed = scope.transform(expr)?;
    scope.assign(typed, target, expr.span)
}

/// The expression as a condition.
pub(crate) fn analyse_condition(expr: &Expr, scope: &Scope<'_>) -> Result<Typed, Trouble> {
    let typed = scope.transform(expr)?;
    let boolean = Type::builtin("bool");
    if typed.of.is_unknown() || typed.of == boolean {
        return scope.coerce(typed, &boolean, CastContext::Assignment);
    }
    let name = typed.of.sql();
    scope.coerce(typed, &boolean, CastContext::Assignment).map_err(|it| match it {
        Trouble::Refused(..) => Trouble::refused(Misfit::NotBoolean { found: name }, expr.span),
        Trouble::Unknown => Trouble::Unknown,
    })
}

impl Typed {
    /// How its value depends on the database: as its most volatile part.
    pub(crate) fn volatility(&self) -> Volatility {
        let own = match &self.node {
            Node::Call { volatility, .. }
            | Node::Operator { volatility, .. }
            | Node::Distinct { volatility, .. }
            | Node::AnyAll { volatility, .. }
            | Node::Cast { volatility, .. }
            | Node::NullIf(_, _, volatility) => *volatility,
            Node::SqlValue(_) => Volatility::Stable,
            Node::Column(_)
            | Node::Value
            | Node::Constant(_)
            | Node::Collate(..)
            | Node::And(_)
            | Node::Or(_)
            | Node::Not(_)
            | Node::IsNull(..)
            | Node::IsBoolean(..)
            | Node::Coalesce(_)
            | Node::MinMax(..)
            | Node::Case { .. }
            | Node::Array(_) => Volatility::Immutable,
        };
        self.children().into_iter().map(Typed::volatility).fold(own, Volatility::max)
    }

    fn children(&self) -> Vec<&Typed> {
        match &self.node {
            Node::Column(_) | Node::Value | Node::Constant(_) | Node::SqlValue(_) => Vec::new(),
            Node::Call { arguments: all, .. }
            | Node::And(all)
            | Node::Or(all)
            | Node::Coalesce(all)
            | Node::MinMax(_, all)
            | Node::Array(all) => all.iter().collect(),
            Node::Operator { left, right, .. } => left.iter().map(|it| &**it).chain([&**right]).collect(),
            Node::Distinct { left, right, .. } | Node::NullIf(left, right, _) => vec![left, right],
            Node::AnyAll { left, array, .. } => vec![left, array],
            Node::Cast { value, .. }
            | Node::Collate(value, _)
            | Node::Not(value)
            | Node::IsNull(value, _)
            | Node::IsBoolean(value, _) => vec![value],
            Node::Case { operand, whens, otherwise } => operand
                .iter()
                .map(|it| &**it)
                .chain(whens.iter().flat_map(|(when, then)| [when, then]))
                .chain(otherwise.iter().map(|it| &**it))
                .collect(),
        }
    }
}
