//! The metadata of a base class, of which no model is imported.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{EnvironmentNote, NoteKind};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    let NoteKind::Environment(EnvironmentNote::NoModels { base, models }) = &noted.note.kind else { return };
    let finding =
        found.report(format!("`{base}.metadata` is empty: nothing imports the models, such as those of `{models}`"));
    finding.caption("the next `--autogenerate` proposes to drop every table");
    finding.help("import the modules that define the models, here or beside the base class");
}
