//! A revision that joins branches also changes the schema.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{NoteKind, RevisionNote};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if noted.note.kind == NoteKind::Revision(RevisionNote::MergeSends) {
        let finding = found.report("the revision joins branches and changes the schema too");
        finding.caption("joins the revisions that `down_revision` names");
        finding.help("leave the merge empty, and put the change into a revision of its own after it");
    }
}
