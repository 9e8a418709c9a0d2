//! What PostgreSQL does, without opinion: the schema that a history of statements makes, and for each statement
//! what it locks, rewrites, scans, builds, removes, or why the server refuses it – per major version.

mod analysis;
pub mod builtins;
pub mod catalog;
mod decimal;
mod effects;
mod interpret;
pub mod ledgers;
mod literal;
pub mod record;
mod refusal;
mod runner;
pub mod schema;
mod session;
pub mod timeline;
mod version;

pub use analysis::Misfit;
pub use catalog::{Catalog, Change, Fact, ObjectName, Origin, Place, RelationId};
pub use effects::*;
pub use interpret::{Context, Interpretation, compare_range_ends, interpret, object_name};
pub use refusal::Refusal;
pub use runner::{Alone, Envelope, Runner};
pub use session::{Session, Setting};
pub use version::{UnknownVersion, Version};
