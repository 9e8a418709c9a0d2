//! A file whose name means to be that of a migration, and is not.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::NoteKind;

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if noted.note.kind != NoteKind::NamePassedOver {
        return;
    }
    let finding = found.report(format!("{} passes over this file: its name is not one of a migration", noted.tool()));
    finding.caption("nothing of this file runs");
    finding.help("name it as the others are named");
}
