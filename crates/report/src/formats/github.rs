//! Workflow commands of GitHub Actions, which become annotations of the changed files.

use super::item::{Item, items};
use crate::Checked;
use crate::paint::harmless;
use lockkeeper_core::Severity;

/// One command a line (GitHub, "Workflow commands for GitHub Actions", on error, warning and notice messages).
pub fn github(checked: Checked<'_>) -> String {
    items(checked).iter().map(command).collect()
}

/// What an annotation says, and where.
#[derive(Clone, Copy, Debug)]
pub struct Annotation<'a> {
    /// `error`, `warning` or `info`.
    pub severity: &'a str,
    /// The file, as seen from the folder of the checkout.
    pub path: &'a str,
    /// First and last line, from 1.
    pub lines: (u32, u32),
    /// First and last column, from 1.
    pub columns: (u32, u32),
    /// Its title.
    pub title: &'a str,
    /// Its text, of one or more lines.
    pub text: &'a str,
}

fn command(item: &Item<'_>) -> String {
    let range = item.range();
    github_annotation(Annotation {
        severity: item.severity.word(),
        path: &item.script.path,
        lines: (range.start.line, range.end.line),
        columns: (range.start.column, range.end.column),
        title: item.name,
        text: &item.text(),
    })
}

/// The command that makes one annotation, with its line break.
pub fn github_annotation(it: Annotation<'_>) -> String {
    let name = if it.severity == Severity::Info.word() { "notice" } else { it.severity };
    let (first, last) = it.lines;
    // Columns are only allowed within one line.
    let columns =
        if first == last { format!(",col={},endColumn={}", it.columns.0, it.columns.1) } else { String::new() };
    format!(
        "::{name} file={},line={first},endLine={last}{columns},title={}::{}\n",
        property(it.path),
        property(it.title),
        data(it.text)
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
