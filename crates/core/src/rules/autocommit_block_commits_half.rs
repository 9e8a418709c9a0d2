//! An `autocommit_block()` behind other statements.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{NoteKind, RevisionNote};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if noted.note.kind == NoteKind::Revision(RevisionNote::CommitsHalf) {
        let finding =
            found.report("this block commits what the revision did before, and the revision is not stamped yet");
        finding.caption("if it fails, the database holds half a revision");
        finding.help("put the block into a revision of its own");
    }
}
