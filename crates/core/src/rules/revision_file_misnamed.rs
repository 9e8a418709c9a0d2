//! A revision whose file is not called as the configuration says, or as the others are.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{NoteKind, RevisionNote};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if let NoteKind::Revision(RevisionNote::FileName(wanted)) = &noted.note.kind {
        let finding = found.report(format!("the name of this file does not follow `{wanted}` as the others do"));
        finding.help("Alembic does not mind, but people look for a revision by the name of its file");
    }
}
