//! A revision that changes something, and whose `downgrade()` does nothing or is not there.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{NoteKind, RevisionNote};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    let (message, caption) = match &noted.note.kind {
        NoteKind::Revision(RevisionNote::EmptyWayBack) => {
            ("`downgrade()` does nothing, but Alembic then takes the revision for undone", "what is made here stays")
        }
        NoteKind::Revision(RevisionNote::NoWayBack) => {
            ("the revision has no `downgrade()`, so to go back stops here", "cannot be undone")
        }
        _ => return,
    };
    let finding = found.report(message);
    finding.caption(caption);
    finding.help("undo what `upgrade()` does, or raise an error that says why that is not possible");
}
