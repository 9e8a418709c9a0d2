//! Migration files to scripts: what of a file runs in which direction, in which order files run, how their tool sends
//! them, and where in the user's file a byte of SQL stands.
//!
//! No I/O happens here. [`read`] makes a [`Script`] of a file's bytes, [`roots`] makes histories of paths.

#![forbid(unsafe_code)]

mod order;
mod position;
mod root;
mod script;
mod section;

pub use order::natural;
pub use position::{Position, SpanMap, Unit};
pub use root::{Root, direction_of, roots};
pub use script::{Direction, Script, Source, read};
pub use section::Tool;
