//! The schema as the history has made it so far.

mod change;
mod counts;
mod index;
mod mentions;
mod part;
mod published;
mod relation;
mod routine;
mod rules;

pub use change::{Catalog, Change, SchemaState};
pub use index::Index;
pub(crate) use mentions::{fixed_sequence, name_in};
pub use part::{Part, PartKind, Sent};
pub use published::{Identity, Published};
pub use relation::*;
pub use routine::{Argument, Function, Needs, Routine};
pub use rules::{Rule, RuleWrite};

use crate::StatementId;
use lockkeeper_syntax::{Span, ast::quoted};
use smol_str::SmolStr;
use std::fmt;

/// A relation of the catalog. Never used again for another relation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RelationId(pub u32);

/// A place in the history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The statement.
    pub statement: StatementId,
    /// The clause, in its script.
    pub span: Span,
}

/// The name of an object with its schema.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectName {
    /// The schema.
    pub schema: SmolStr,
    /// The name in it.
    pub name: SmolStr,
}

impl ObjectName {
    /// `schema.name`.
    pub fn new(schema: impl Into<SmolStr>, name: impl Into<SmolStr>) -> Self {
        Self { schema: schema.into(), name: name.into() }
    }

    /// The name as a user writes it: without the schema if that is `public` or the session's temporary one.
    pub fn short(&self) -> SmolStr {
        match self.schema.as_str() {
            "public" | "pg_temp" | "pg_catalog" => quoted(&self.name),
            _ => SmolStr::from(self.to_string()),
        }
    }
}

/// Always with the schema, quoted where SQL needs it.
impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        [&quoted(&self.schema), ".", &quoted(&self.name)].into_iter().try_for_each(|it| f.write_str(it))
    }
}

/// A type or domain that the history made.
#[derive(Clone, Debug, PartialEq)]
pub struct TypeDefinition {
    /// What it is.
    pub kind: TypeDefinitionKind,
    /// Where it was created.
    pub place: Place,
    /// The transaction that created it; none if the statement committed by itself.
    pub transaction: Option<u32>,
    /// The labels that `ALTER TYPE … ADD VALUE` added to an enum in a transaction, with that transaction.
    pub added: Vec<(String, u32)>,
    /// Whether it exists only as if an earlier failure were mended.
    pub doubtful: Option<StatementId>,
}

/// What a type is.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeDefinitionKind {
    /// `ENUM`, with its labels in order.
    Enum(Vec<String>),
    /// `DOMAIN`.
    Domain(Domain),
    /// A composite type, with its attributes.
    Composite(Vec<(SmolStr, DataType)>),
    /// A range or base type.
    Other,
    /// A shell: a name that a base or range type will fill.
    Shell,
    /// It may exist or not, and nobody knows what it is.
    Unknown,
}

/// A domain.
#[derive(Clone, Debug, PartialEq)]
pub struct Domain {
    /// What it is over.
    pub base: DataType,
    /// Whether it forbids nulls.
    pub not_null: bool,
    /// The name of the constraint that does, if it is not the one that the server makes up (PostgreSQL 17).
    pub not_null_name: Option<SmolStr>,
    /// Whether it has checks.
    pub checks: Vec<SmolStr>,
    /// Its default.
    pub default: Option<lockkeeper_syntax::ast::Expr>,
}

/// A thing that is known, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fact<T> {
    /// Read from the history or from the database.
    Known(T),
    /// The history does not say. Whoever asks decides, and says what it assumed.
    Unknown,
}
