//! `create_all()` in an application whose schema migrations make.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{EnvironmentNote, NoteKind};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if noted.note.kind == NoteKind::Environment(EnvironmentNote::CreatesTables) {
        let finding = found.report("the application creates its tables by itself, beside the migrations");
        finding.caption("creates what is missing, and never changes what is there");
        finding.help("run `alembic upgrade head` instead: a table that is there already makes its revision fail");
    }
}
