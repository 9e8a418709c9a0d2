//! `:name` in raw SQL, which SQLAlchemy takes for a parameter.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{NoteKind, RevisionNote};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    let NoteKind::Revision(RevisionNote::Unbound(name)) = &noted.note.kind else { return };
    let finding = found.report(format!("SQLAlchemy takes `:{name}` for a parameter, and no value is given for it"));
    finding.caption("\"A value is required for bind parameter\", or NULL in its place");
    finding.help(format!("write `\\:{name}` where a colon is meant, or give the value with `.bindparams()`"));
}
