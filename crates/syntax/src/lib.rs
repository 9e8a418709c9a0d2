//! Migration text to statements, on PostgreSQL's own parser.
//!
//! [`decode()`] makes text of bytes, [`parse()`] makes statements of text. Neither ever fails: what cannot be read
//! becomes a [`Problem`] or a [`Body::Unreadable`] statement, and the rest is read all the same.

mod arrange;
pub mod ast;
mod body;
mod cut;
mod decode;
pub mod dialect;
mod ffi;
mod keywords;
mod lower;
mod mask;
pub mod outline;
mod parse;
mod span;
pub mod sqlite;
mod stack;
mod token;
mod tree;

pub use arrange::Arrange;
pub use ast::{Body, Statement};
pub use body::parse_pinned;
pub use decode::decode;
pub use ffi::times_parsed;
pub use parse::{Comment, CommentKind, Parsed, Problem, ProblemKind, parse};
pub use span::Span;
pub use stack::on_large_stack;
