//! Constraints.

use super::Name;
use crate::alembic::sql::Sql;
use crate::alembic::text::Text;
use lockkeeper_syntax::Span;
use std::rc::Rc;

/// A constraint of a table or a column.
#[derive(Clone, Debug)]
pub(crate) struct Constraint<'a> {
    pub(crate) name: Name,
    pub(crate) kind: ConstraintKind<'a>,
    pub(crate) deferrable: Option<bool>,
    pub(crate) initially: Option<Text>,
    pub(crate) not_valid: bool,
    /// When it was made; `CREATE TABLE` lists constraints in this order.
    pub(crate) order: u32,
    pub(crate) span: Span,
}

/// What a constraint demands.
#[derive(Clone, Debug)]
pub(crate) enum ConstraintKind<'a> {
    PrimaryKey { columns: Vec<Text>, include: Vec<Text> },
    Unique { columns: Vec<Text>, include: Vec<Text>, nulls_not_distinct: Option<bool> },
    Check { condition: Rc<Sql<'a>> },
    ForeignKey { columns: Vec<Text>, table: Text, schema: Option<Text>, referred: Vec<Text>, rule: Box<ForeignKeyRule> },
    Exclude { elements: Vec<(Rc<Sql<'a>>, Text)>, method: Text, condition: Option<Rc<Sql<'a>>> },
}

/// What a foreign key says besides its columns.
#[derive(Clone, Debug, Default)]
pub(crate) struct ForeignKeyRule {
    pub(crate) on_delete: Option<Text>,
    pub(crate) on_update: Option<Text>,
    pub(crate) matches: Option<Text>,
    /// `use_alter=True`: left out of `CREATE TABLE`, and then sent by nobody.
    pub(crate) use_alter: bool,
}

/// A `ForeignKey` of a column.
#[derive(Clone, Debug)]
pub(crate) struct ForeignKey {
    pub(crate) name: Name,
    pub(crate) table: Text,
    pub(crate) schema: Option<Text>,
    pub(crate) column: Text,
    pub(crate) rule: ForeignKeyRule,
    pub(crate) deferrable: Option<bool>,
    pub(crate) initially: Option<Text>,
    pub(crate) not_valid: bool,
    pub(crate) span: Span,
}

/// Cuts `schema.table.column`.
pub(crate) fn target(text: &Text) -> Option<(Option<Text>, Text, Text)> {
    let whole = text.as_str();
    let (rest, column) = whole.rsplit_once('.')?;
    let column = text.piece(column);
    Some(match rest.rsplit_once('.') {
        Some((schema, table)) => (Some(text.piece(schema)), text.piece(table), column),
        None => (None, text.piece(rest), column),
    })
}
