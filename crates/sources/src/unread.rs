//! Stands in for `alembic` where Python is not read: no file is a revision, so nothing here is ever asked.

use crate::script::{Script, Text};
use crate::survey::{File, Root};
use crate::{Hints, Note, path};
use lockkeeper_syntax::Span;

/// What an environment says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings;

impl Surroundings {
    pub(crate) fn on_sqlite(&self) -> Self {
        Surroundings
    }
}

/// Where in a program a byte of SQL comes from. There is none.
#[derive(Clone, Debug)]
pub enum Places {}

impl Places {
    /// The bytes of the file that `span` of the SQL comes from.
    pub fn of(&self, _span: Span) -> Span {
        match *self {}
    }

    /// The bytes of the SQL that come from `source`.
    pub fn made_by(&self, _source: Span) -> Span {
        match *self {}
    }
}

pub(crate) fn is_revision_path(_file: &str) -> bool {
    false
}

pub(crate) fn home(file: &str) -> &str {
    path::split(file).0
}

pub(crate) fn other_engine(_file: &File<'_>) -> Option<&'static str> {
    None
}

pub(crate) fn roots(_files: &[File<'_>]) -> Vec<Root> {
    Vec::new()
}

pub(crate) fn scripts(_: &Text, _: &Hints, _: &Surroundings, _: &[Note]) -> Vec<Script> {
    Vec::new()
}
