//! `drop_constraint(None, …)`, as autogenerate writes it.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{NoteKind, RevisionNote};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if noted.note.kind == NoteKind::Revision(RevisionNote::UnnamedDrop) {
        let finding = found.report("Alembic cannot drop a constraint without a name");
        finding.caption("\"Can't emit DROP CONSTRAINT for constraint; it has no name\"");
        finding.help("give the name that PostgreSQL made: `table_column_key`, `table_column_fkey`, `table_pkey`");
    }
}
