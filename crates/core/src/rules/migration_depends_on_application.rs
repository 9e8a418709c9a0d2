//! A revision that imports modules of the application.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{NoteKind, RevisionNote};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    let NoteKind::Revision(RevisionNote::Imports(module)) = &noted.note.kind else { return };
    let finding = found.report(format!("the revision imports `{module}`, and breaks when that moves or changes"));
    finding.help("define in the revision what it needs of the tables: `sa.table()`, `sa.column()`");
}
