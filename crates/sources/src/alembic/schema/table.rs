//! Tables and indexes.

use super::{Column, Constraint};
use crate::alembic::sql::Sql;
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;
use std::cell::RefCell;
use std::rc::Rc;

/// The name of a constraint or an index.
#[derive(Clone, Debug)]
pub(crate) enum Name {
    None,
    /// A naming convention may change it.
    Plain(Text),
    /// `op.f()`: as it is.
    Final(Text),
}

impl Name {
    pub(crate) fn text(&self) -> Option<&Text> {
        match self {
            Name::None => None,
            Name::Plain(it) | Name::Final(it) => Some(it),
        }
    }
}

/// A `Table`, or the `table()` of an expression.
#[derive(Clone, Debug, Default)]
pub(crate) struct Table<'a> {
    pub(crate) name: Text,
    pub(crate) schema: Option<Text>,
    pub(crate) columns: Vec<Rc<RefCell<Column<'a>>>>,
    pub(crate) constraints: Vec<Rc<Constraint<'a>>>,
    pub(crate) indexes: Vec<Rc<Index<'a>>>,
    pub(crate) comment: Option<Text>,
    pub(crate) prefixes: Vec<Text>,
    /// `postgresql_…` and their values.
    pub(crate) options: Vec<(String, Value<'a>, Span)>,
    /// Whether it is that of a mapped class, of which only the columns are read.
    pub(crate) of_class: bool,
    /// Whether the database says which columns it has.
    pub(crate) reflected: bool,
    pub(crate) span: Span,
}

/// An `Index`.
#[derive(Clone, Debug)]
pub(crate) struct Index<'a> {
    pub(crate) name: Name,
    pub(crate) elements: Vec<Element<'a>>,
    pub(crate) unique: bool,
    pub(crate) options: Vec<(String, Value<'a>, Span)>,
    pub(crate) span: Span,
}

/// What an index holds.
#[derive(Clone, Debug)]
pub(crate) enum Element<'a> {
    Column(Text),
    Expression(Rc<Sql<'a>>, Span),
}
