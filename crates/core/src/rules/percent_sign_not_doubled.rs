//! A URL is put into the configuration as it is, percent signs included.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{EnvironmentNote, NoteKind};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if noted.note.kind == NoteKind::Environment(EnvironmentNote::Percent) {
        let finding =
            found.report("a `%` in the URL stops Alembic: the configuration takes it for the start of a reference");
        finding.caption("a password with special letters brings one");
        finding.help("double it: `.replace(\"%\", \"%%\")`");
    }
}
