//! A database that `create_all()` made, stamped with a revision that others follow.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{EnvironmentNote, NoteKind};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    let NoteKind::Environment(EnvironmentNote::Stamped { revision, follower }) = &noted.note.kind else { return };
    let finding = found.report(format!(
        "a database with all tables is stamped `{revision}`, and the next upgrade runs `{follower}` on it once more"
    ));
    finding.caption("`create_all()` made what the later revisions make");
    finding.help("stamp it with the last revision, `head`");
}
