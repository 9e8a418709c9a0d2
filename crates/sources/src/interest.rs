//! Which files may tell something about migrations, by their paths alone.

use crate::code::language_of;
use crate::frameworks::CHANGELOGS;
use crate::{alembic, path};

/// Why a file may be of interest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Interest {
    /// It is SQL.
    Sql,
    /// It may be a revision of Alembic.
    Revision,
    /// It may be a migration in a programming language.
    Code,
    /// It says something about the migrations around it.
    Marker,
    /// It may be a module that the environment of revisions leads to, or a revision in a folder of any name.
    Module,
}

/// The names of files that say something about the migrations beside or below them.
pub fn markers() -> impl Iterator<Item = &'static str> {
    MARKERS.lines().chain(CHANGELOGS.lines())
}

/// In a file of its own, which the page reads too: there it is known by name which files of a folder are opened.
const MARKERS: &str = include_str!("markers.txt");

/// Why the file of this path may be of interest, if it may.
pub fn interest(path: &str) -> Option<Interest> {
    let (_, name) = path::split(path);
    if path::is_sql(name) {
        return Some(Interest::Sql);
    }
    if markers().any(|it| it == name) || name.ends_with(".sql.conf") {
        return Some(Interest::Marker);
    }
    if alembic::is_revision_path(path) {
        return Some(Interest::Revision);
    }
    let module = || name.ends_with(".py").then_some(Interest::Module);
    language_of(path).map(|_| Interest::Code).or_else(module)
}
