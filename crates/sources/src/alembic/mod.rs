//! Revisions of Alembic, read without Python.
//!
//! [`revision()`] reads a file: what it says of itself, and what `upgrade()` and `downgrade()` send, each statement with
//! the Python that caused it. Nothing is passed over silently: what is not understood is a [`Gap`].

mod args;
mod chain;
mod construct;
mod date;
mod environment;
mod eval;
mod file_name;
mod history;
mod imported;
mod items;
mod library;
mod operations;
mod python;
mod remarks;
mod render;
mod revision;
mod schema;
mod sql;
#[cfg(test)]
mod tests;
mod text;
mod value;

pub use chain::{Chain, Mistake, MistakeKind, chain};
pub use eval::{Gap, Given, Surroundings};
pub(crate) use history::{Made, home, is_revision_path, other_engine, roots, scripts};
pub use imported::Imported;
pub use render::Conventions;
pub use revision::{Direct, Facts, Named, Revision, SentStatement, Title, revision};
pub use text::{Part, Places};

/// Stands in statements for what is not known. It is a name that nobody has, in quotes or without.
pub const HOLE: &str = "not_known_to_lockkeeper";
