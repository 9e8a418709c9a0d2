//! A password in `alembic.ini`.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{EnvironmentNote, NoteKind};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if noted.note.kind == NoteKind::Environment(EnvironmentNote::Password) {
        let finding =
            found.report("a password is written into the configuration, and goes wherever the repository goes");
        finding.help("leave the placeholder here, and let `env.py` take the URL from the environment");
    }
}
