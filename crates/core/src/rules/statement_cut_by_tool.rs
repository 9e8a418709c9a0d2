//! A tool that cuts a file line by line sends a piece of a statement, or misses the last one.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::NoteKind;

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    let (tool, prefix) = (noted.tool(), noted.framework().marker_prefix());
    match noted.note.kind {
        NoteKind::CutInStatement => {
            let finding =
                found.report(format!("{tool} cuts the statement behind this line and sends the pieces one by one"));
            finding.caption("it takes each line that ends in a semicolon for the end of a statement");
            let (begin, end) = (format!("-- {prefix} StatementBegin"), format!("-- {prefix} StatementEnd"));
            finding.help(format!("write `{begin}` above the statement and `{end}` below it"));
        }
        NoteKind::NoSemicolon => {
            let finding = found.report(format!(
                "{tool} stops at the last statement, which no semicolon ends, and runs nothing of the file"
            ));
            finding.help("end the statement with a semicolon");
        }
        _ => {}
    }
}
