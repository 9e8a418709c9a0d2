//! The metadata of a base class, of which no model is imported.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{EnvironmentNote, NoteKind};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    let NoteKind::Environment(EnvironmentNote::NoModels { base, models, others }) = &noted.note.kind else {
        return;
    };
    let (message, caption, help) = if *others {
        (
            format!("`{base}.metadata` lacks the models of `{models}`, which nothing imports"),
            "the next `--autogenerate` proposes to drop their tables",
            "import that module too, here or beside the base class",
        )
    } else {
        (
            format!("`{base}.metadata` is empty: nothing imports the models, such as those of `{models}`"),
            "the next `--autogenerate` proposes to drop every table",
            "import the modules that define the models, here or beside the base class",
        )
    };
    let finding = found.report(message);
    finding.caption(caption);
    finding.help(help);
}
