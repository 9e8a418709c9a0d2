//! Partitions that only SQL knows, compared with metadata that do not.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{EnvironmentNote, NoteKind};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if noted.note.kind == NoteKind::Environment(EnvironmentNote::PartitionsCompared) {
        let finding =
            found.report("revisions make partitions in SQL: the next `--autogenerate` proposes to drop every one");
        finding.caption("compares all tables of the database");
        finding.help("pass `include_object=` with a function that leaves the partitions out");
    }
}
