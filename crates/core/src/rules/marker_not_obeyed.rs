//! A marker comment that the tool refuses, or passes over.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_sources::NoteKind;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let tool = step.framework().name();
    for note in step.notes() {
        let (message, why) = match note.kind {
            NoteKind::MarkerRefused(why) => (format!("{tool} stops at this comment and runs nothing of the file"), why),
            NoteKind::MarkerIgnored(why) => (format!("{tool} passes over this comment without a word"), why),
            _ => continue,
        };
        found.report(About::Meaning(note.span), note.span, message).caption(why);
    }
}
