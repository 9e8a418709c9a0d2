//! A language server over the Language Server Protocol 3.17: what editors show while a migration is written.
//!
//! [`serve`] speaks the protocol over any pair of streams. Which files there are, how they are read and which
//! configuration holds is the business of a [`Project`], which the command line provides, so that editor and command
//! line agree. Nothing else is read or written here.

#![forbid(unsafe_code)]

mod actions;
mod agreement;
mod diagnostics;
mod documents;
mod edits;
mod hover;
mod lines;
mod project;
mod server;
mod symbols;
mod transport;
mod uri;

pub use project::{Answer, Asked, Effects, Project, Seen, Trouble, View};
pub use server::{Ended, serve};
