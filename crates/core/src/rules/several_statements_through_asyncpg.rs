//! Several statements in one call, through a driver that prepares one.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{NoteKind, RevisionNote};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if noted.note.kind == NoteKind::Revision(RevisionNote::Several) {
        let finding = found.report("asyncpg refuses several statements in one call");
        finding.caption("\"cannot insert multiple commands into a prepared statement\"");
        finding.help("give each statement an `op.execute()` of its own");
    }
}
