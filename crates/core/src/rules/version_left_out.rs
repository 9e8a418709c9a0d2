//! A version that no migration has, of a tool that counts without gaps.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::NoteKind;

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    let NoteKind::VersionMissing(before) = &noted.note.kind else { return };
    let tool = noted.tool();
    let finding = found.report(format!("no file has the version behind that of `{before}`, and {tool} refuses gaps"));
    finding.caption(format!("the file behind `{before}`"));
    finding.help("number the files without leaving a number out");
}
