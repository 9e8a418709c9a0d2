//! Expressions and statements of SQLAlchemy's Core.

mod bind;
mod literal;
mod statement;
mod write;

pub(crate) use bind::{Parameter, parameters};
pub(crate) use literal::{JsonStyle, float, json, literal, quoted};
pub(crate) use statement::{Query, Target, Write};
pub(crate) use write::{Style, write};

use super::schema::{Table, Type};
use super::text::Text;
use super::value::Value;
use lockkeeper_syntax::Span;
use std::cell::RefCell;
use std::rc::Rc;

/// An expression or a statement.
#[derive(Clone, Debug)]
pub(crate) enum Sql<'a> {
    /// `text()`, and the values of its parameters.
    Text(Text, Vec<(String, Value<'a>)>),
    /// `literal_column()`: sent as it is.
    Verbatim(Text),
    Column {
        table: Option<Rc<Table<'a>>>,
        name: Text,
    },
    /// `literal()`, and whatever is compared with an expression.
    Value(Value<'a>, Span),
    Call {
        name: Text,
        arguments: Vec<Rc<Sql<'a>>>,
        /// `CURRENT_TIMESTAMP` and the like take no parentheses.
        bare: bool,
    },
    Binary {
        left: Rc<Sql<'a>>,
        operator: Rc<str>,
        right: Rc<Sql<'a>>,
        strength: u8,
    },
    Unary {
        before: &'static str,
        operand: Rc<Sql<'a>>,
        after: &'static str,
        strength: u8,
    },
    List(Vec<Rc<Sql<'a>>>),
    Cast(Rc<Sql<'a>>, Rc<RefCell<Type<'a>>>),
    Label(Rc<Sql<'a>>, Text),
    /// `case()`.
    Case {
        branches: Vec<(Rc<Sql<'a>>, Rc<Sql<'a>>)>,
        otherwise: Option<Rc<Sql<'a>>>,
    },
    Select(Query<'a>),
    Write(Write<'a>),
    /// `CreateSequence` and the like, `DDL()`: written already.
    Statement(Text),
}

/// How tight operators bind, as `sqlalchemy.sql.operators._PRECEDENCE` says.
pub(crate) mod strength {
    pub(crate) const OR: u8 = 2;
    pub(crate) const AND: u8 = 3;
    pub(crate) const NOT: u8 = 4;
    pub(crate) const COMPARE: u8 = 5;
    pub(crate) const CONCAT: u8 = 6;
    pub(crate) const ADD: u8 = 7;
    pub(crate) const MULTIPLY: u8 = 8;
    pub(crate) const INDEX: u8 = 15;
    pub(crate) const TIGHTEST: u8 = 20;
}

impl<'a> Sql<'a> {
    pub(crate) fn binary(left: Rc<Sql<'a>>, operator: &str, right: Rc<Sql<'a>>, strength: u8) -> Self {
        Sql::Binary { left, operator: operator.into(), right, strength }
    }

    pub(crate) fn strength(&self) -> u8 {
        match self {
            Sql::Binary { strength, .. } | Sql::Unary { strength, .. } => *strength,
            _ => strength::TIGHTEST,
        }
    }
}
