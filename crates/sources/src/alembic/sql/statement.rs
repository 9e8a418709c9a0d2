//! SELECT, INSERT, UPDATE and DELETE.

use super::Sql;
use crate::alembic::schema::Table;
use crate::alembic::text::Text;
use std::rc::Rc;

/// A `select()`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Query<'a> {
    pub(crate) columns: Vec<Rc<Sql<'a>>>,
    pub(crate) from: Vec<Rc<Table<'a>>>,
    pub(crate) conditions: Vec<Rc<Sql<'a>>>,
    pub(crate) order: Vec<Rc<Sql<'a>>>,
    pub(crate) group: Vec<Rc<Sql<'a>>>,
    pub(crate) limit: Option<Rc<Sql<'a>>>,
}

/// An `insert()`, `update()` or `delete()`.
#[derive(Clone, Debug)]
pub(crate) struct Write<'a> {
    pub(crate) target: Target,
    pub(crate) table: Rc<Table<'a>>,
    /// Column by column; an INSERT may have several rows.
    pub(crate) rows: Vec<Vec<(Text, Rc<Sql<'a>>)>>,
    pub(crate) conditions: Vec<Rc<Sql<'a>>>,
    /// `INSERT … SELECT`.
    pub(crate) query: Option<(Vec<Text>, Rc<Sql<'a>>)>,
    /// What follows, such as `ON CONFLICT DO NOTHING`.
    pub(crate) end: Option<Text>,
}

/// What a [`Write`] does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Insert,
    Update,
    Delete,
}
