//! A foreign key that `create_table` leaves out.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{NoteKind, RevisionNote};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if noted.note.kind == NoteKind::Revision(RevisionNote::ForeignKeyLost) {
        let finding =
            found.report("this foreign key is never created: with `use_alter=True` `create_table` leaves it out");
        finding.caption("is not sent");
        finding.help("add it with `op.create_foreign_key()` after both tables are there");
    }
}
