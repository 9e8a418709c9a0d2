//! `target_metadata = None`.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{EnvironmentNote, NoteKind};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if noted.note.kind == NoteKind::Environment(EnvironmentNote::NoMetadata) {
        let finding = found.report("without metadata `revision --autogenerate` and `check` refuse to work");
        finding.help("give it the metadata of the models, or leave it so where all revisions are written by hand");
    }
}
