//! Partitions whose bounds are those of the day on which they are made.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{NoteKind, RevisionNote};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if noted.note.kind == NoteKind::Revision(RevisionNote::Clock) {
        let finding = found.report("which partitions there are depends on the day on which the revision runs");
        finding.caption("reads the clock");
        finding.help("write the bounds down, and leave future partitions to a job or pg_partman");
    }
}
