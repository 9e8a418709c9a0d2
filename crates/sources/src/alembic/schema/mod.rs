//! Columns, constraints, indexes and types as SQLAlchemy's constructors make them.

mod column;
mod constraint;
mod enumeration;
mod table;
mod types;

pub(crate) use column::{Auto, Column, Computed, Identity, Options, Sequence, ServerDefault};
pub(crate) use constraint::{Constraint, ConstraintKind, ForeignKey, ForeignKeyRule, target};
pub(crate) use enumeration::Enumeration;
pub(crate) use table::{Element, Index, Name, Table};
pub(crate) use types::{Affinity, Type, TypeKind};
