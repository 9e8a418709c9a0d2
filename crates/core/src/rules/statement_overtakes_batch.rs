//! A statement inside of a batch, which runs before the batch.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{NoteKind, RevisionNote};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if noted.note.kind == NoteKind::Revision(RevisionNote::BeforeBatch) {
        let finding =
            found.report("this is sent before the operations above it: a batch sends its own when its block ends");
        finding.caption("runs first");
        finding.help("move it behind the block");
    }
}
