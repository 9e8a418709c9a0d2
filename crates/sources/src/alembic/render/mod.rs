//! From columns, constraints and tables to the DDL that Alembic sends, letter by letter.

mod column;
mod constraint;
mod index;
mod name;
mod table;

pub(crate) use column::{column_into, default_into};
pub(crate) use constraint::{constraint_into, named_into, sorted};
pub(crate) use index::create_index;
pub use name::Conventions;
pub(crate) use name::{LONGEST, name_into, qualified_into, quoted_schema, table_into, truncated};
pub(crate) use table::{Attached, create_table, create_type};
