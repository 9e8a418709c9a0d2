//! A marker comment that the tool refuses, or passes over.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::NoteKind;

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    let tool = noted.tool();
    let (message, why) = match noted.note.kind {
        NoteKind::MarkerRefused(why) => (format!("{tool} stops at this comment and runs nothing of the file"), why),
        NoteKind::MarkerIgnored(why) => (format!("{tool} passes over this comment without a word"), why),
        _ => return,
    };
    found.report(message).caption(why);
}
