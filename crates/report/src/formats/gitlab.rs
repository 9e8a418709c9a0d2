//! The code quality report of GitLab, which marks the changed lines of a merge request.

use super::item::{Item, items};
use crate::Checked;
use crate::json::print;
use lockkeeper_core::Severity;
use serde::Serialize;

/// What GitLab reads of an issue (GitLab, "Code Quality", on the report format).
#[derive(Serialize)]
struct Issue<'a> {
    description: String,
    check_name: &'a str,
    /// What GitLab compares between branches, so it has to differ within a report.
    fingerprint: String,
    severity: &'static str,
    location: Location<'a>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    positions: Positions,
}

#[derive(Serialize)]
struct Positions {
    begin: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    column: u32,
}

/// The report as a list of issues.
pub fn gitlab(checked: Checked<'_>) -> String {
    let items = items(checked);
    print(&items.iter().map(issue).collect::<Vec<_>>())
}

fn issue<'a>(item: &'a Item<'_>) -> Issue<'a> {
    let severity = match item.severity {
        Severity::Error => "critical",
        Severity::Warning => "major",
        Severity::Info => "info",
    };
    let range = item.range();
    let point = |line, column| Point { line, column };
    let positions =
        Positions { begin: point(range.start.line, range.start.column), end: point(range.end.line, range.end.column) };
    Issue {
        description: item.text(),
        check_name: item.name,
        fingerprint: format!("{}:{}", item.script.path, item.key()),
        severity,
        location: Location { path: &item.script.path, positions },
    }
}
