//! Migration files to scripts: which framework runs a file, after which others, what of it runs in which direction and
//! how its tool sends it, and where in the user's file a byte of SQL stands.
//!
//! No I/O happens here. [`survey()`] makes histories of paths and texts, [`read`] makes scripts of a text.

#![forbid(unsafe_code)]

#[cfg(feature = "python")]
pub mod alembic;
#[cfg(not(feature = "python"))]
#[path = "unread.rs"]
pub mod alembic;
mod aside;
mod calendar;
mod code;
mod engine;
mod follow;
mod framework;
mod frameworks;
mod holes;
mod home;
mod interest;
mod marks;
mod mistake;
mod note;
mod order;
mod path;
mod position;
mod script;
mod survey;

pub use aside::Reason;
pub use calendar::day;
pub use follow::{NewFile, Parts, down_marker, next_path, written};
pub use framework::{Framework, Late};
pub use frameworks::{Hints, leads_forwards};
pub use holes::stand_in;
pub use home::of as home_of;
pub use interest::{Interest, interest, markers};
pub use note::{EnvironmentNote, Note, NoteKind, OnSqlite, RevisionNote};
pub use order::natural;
pub use path::called;
pub use position::{Position, SpanMap, Unit};
pub use script::{Direction, Script, Source, Text, read};
pub use survey::{Aside, Entry, File, Reading, Root, Survey, survey};

/// Whether `.py` files are read.
pub const READS_PYTHON: bool = cfg!(feature = "python");
