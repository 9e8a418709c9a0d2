//! Two migrations of one version.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::NoteKind;

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    let NoteKind::SameVersion(other) = &noted.note.kind else { return };
    let tool = noted.tool();
    let finding =
        found.report(format!("this file has the version of `{other}`, and {tool} refuses two of one version"));
    finding.caption(format!("`{other}` has this version too"));
    finding.help("give the newer one a version of its own, behind all others");
}
