//! A revision that looks at what the database holds.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{NoteKind, RevisionNote};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    let NoteKind::Revision(RevisionNote::Inspects) = &noted.note.kind else { return };
    let finding = found
        .report("the revision asks the database what it holds, so what it does differs between databases".to_owned());
    finding.help("say what the revision needs, without asking: the chain knows what is there");
}
