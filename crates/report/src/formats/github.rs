//! Workflow commands of GitHub Actions, which become annotations of the changed files.

use super::item::{Item, items};
use crate::Checked;
use crate::paint::harmless;
use lockkeeper_core::Severity;

/// One command a line (GitHub, "Workflow commands for GitHub Actions", on error, warning and notice messages).
pub fn github(checked: Checked<'_>) -> String {
    items(checked).iter().map(command).collect()
}

fn command(item: &Item<'_>) -> String {
    let name = match item.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "notice",
    };
    let range = item.range();
    // Columns are only allowed within one line.
    let columns = if range.start.line == range.end.line {
        format!(",col={},endColumn={}", range.start.column, range.end.column)
    } else {
        String::new()
    };
    format!(
        "::{name} file={},line={},endLine={}{columns},title={}::{}\n",
        property(&item.script.path),
        range.start.line,
        range.end.line,
        property(item.name),
        data(&item.text())
    )
}

/// Text after the second `::`. A line break would end the command.
fn data(text: &str) -> String {
    harmless(text, true).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Text between commas.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
