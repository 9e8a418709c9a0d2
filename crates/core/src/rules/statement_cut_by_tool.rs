//! A tool that cuts a file line by line sends a piece of a statement, or misses the last one.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_sources::NoteKind;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let framework = step.framework();
    let (tool, prefix) = (framework.name(), framework.marker_prefix());
    for note in step.notes() {
        match note.kind {
            NoteKind::CutInStatement => {
                let message = format!("{tool} cuts the statement behind this line and sends the pieces one by one");
                let finding = found.report(About::Meaning(note.span), note.span, message);
                finding.caption("it takes each line that ends in a semicolon for the end of a statement");
                let (begin, end) = (format!("-- {prefix} StatementBegin"), format!("-- {prefix} StatementEnd"));
                finding.help(format!("write `{begin}` above the statement and `{end}` below it"));
            }
            NoteKind::NoSemicolon => {
                let message = format!(
                    "{tool} stops at the last statement, which no semicolon ends, and runs nothing of the file"
                );
                let finding = found.report(About::Meaning(note.span), note.span, message);
                finding.help("end the statement with a semicolon");
            }
            _ => {}
        }
    }
}
