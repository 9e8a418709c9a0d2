//! Column types as PostgreSQL's dialect of SQLAlchemy writes them.

use super::Enumeration;
use crate::alembic::render::{name_into, quoted_schema};
use crate::alembic::text::Text;
use lockkeeper_syntax::Span;
use std::cell::RefCell;
use std::rc::Rc;

/// A column type.
#[derive(Clone, Debug)]
pub(crate) struct Type<'a> {
    pub(crate) kind: TypeKind<'a>,
    pub(crate) span: Span,
    /// Appended to the name, for strings.
    pub(crate) collation: Option<Text>,
}

/// Which type.
#[derive(Clone, Debug)]
pub(crate) enum TypeKind<'a> {
    /// One that is written as it is.
    Plain(String, Affinity),
    Enum(Rc<RefCell<Enumeration>>),
    Array(Rc<RefCell<Type<'a>>>, usize),
    /// A type that Alembic cannot send (`NullType`).
    Null,
}

/// Which kinds of number can be counted by the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Affinity {
    SmallInteger,
    Integer,
    BigInteger,
    Numeric,
    Boolean,
    /// PostGIS, whose columns get an index of their own.
    Spatial,
    Other,
}

impl<'a> Type<'a> {
    pub(crate) fn plain(name: impl Into<String>, affinity: Affinity, span: Span) -> Self {
        Type { kind: TypeKind::Plain(name.into(), affinity), span, collation: None }
    }

    pub(crate) fn affinity(&self) -> Affinity {
        match &self.kind {
            TypeKind::Plain(_, affinity) => *affinity,
            TypeKind::Enum(_) | TypeKind::Array(..) | TypeKind::Null => Affinity::Other,
        }
    }

    /// Writes it; `Err` says why it cannot be written.
    pub(crate) fn write(&self, out: &mut Text) -> Result<(), String> {
        match &self.kind {
            TypeKind::Plain(name, _) => out.add(name, self.span),
            TypeKind::Enum(it) => write_enum(&it.borrow(), self.span, out)?,
            TypeKind::Array(item, dimensions) => {
                item.borrow().write(out)?;
                out.add(&"[]".repeat(*dimensions), self.span);
            }
            TypeKind::Null => return Err("the column has no type".to_owned()),
        }
        if let Some(collation) = &self.collation {
            out.add(" COLLATE ", self.span);
            out.add("\"", self.span);
            out.push(collation);
            out.add("\"", self.span);
        }
        Ok(())
    }

    /// The enumerated type that it is or is an array of.
    pub(crate) fn enumeration(&self) -> Option<Rc<RefCell<Enumeration>>> {
        match &self.kind {
            TypeKind::Enum(it) => Some(Rc::clone(it)),
            TypeKind::Array(item, _) => item.borrow().enumeration(),
            TypeKind::Plain(..) | TypeKind::Null => None,
        }
    }
}

fn write_enum(it: &Enumeration, span: Span, out: &mut Text) -> Result<(), String> {
    if !it.native {
        match it.string_length() {
            0 => out.add("VARCHAR", span),
            length => out.add(&format!("VARCHAR({length})"), span),
        }
        return Ok(());
    }
    let Some(name) = &it.name else { return Err("PostgreSQL's ENUM type needs a name".to_owned()) };
    if let Some(schema) = &it.schema {
        quoted_schema(schema, span, out);
        out.add(".", span);
    }
    name_into(name, span, out);
    Ok(())
}
