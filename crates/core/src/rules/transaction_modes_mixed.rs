//! A statement that needs no transaction in a file with others, where the tool refuses the mixture.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, Where};
use lockkeeper_sources::NoteKind;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let tool = step.framework().name();
    for note in step.notes().filter(|it| it.kind == NoteKind::Mixed) {
        let tag = step.statement.body.tag().unwrap_or("the statement");
        let message =
            format!("{tool} refuses the file: {tag} runs outside of a transaction, the other statements inside of one");
        let finding = found.report(About::Meaning(note.span), step.head(), message);
        finding.assume("the setting `mixed` is off, as it is by default");
        finding.instead_in(Where::Outside, format!("{};", step.statement_text()));
    }
}
