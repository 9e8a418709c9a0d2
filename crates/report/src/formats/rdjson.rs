//! The diagnostic format of reviewdog.

use super::item::{Item, items};
use crate::Checked;
use crate::findings::rule_page;
use crate::json::print;
use lockkeeper_core::Severity;
use lockkeeper_sources::{Position, Script, Unit};
use lockkeeper_syntax::Span;
use serde::Serialize;

/// `DiagnosticResult` of reviewdog's protocol (`proto/rdf/reviewdog.proto`).
#[derive(Serialize)]
struct Result<'a> {
    source: Source,
    diagnostics: Vec<Diagnostic<'a>>,
}

#[derive(Serialize)]
struct Source {
    name: &'static str,
}

#[derive(Serialize)]
struct Diagnostic<'a> {
    message: String,
    location: Location<'a>,
    severity: &'static str,
    code: Code<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suggestions: Vec<Suggestion<'a>>,
}

#[derive(Serialize)]
struct Location<'a> {
    path: &'a str,
    range: Range,
}

#[derive(Serialize)]
struct Range {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct Point {
    line: u32,
    /// In bytes of UTF-8, from 1.
    column: usize,
}

#[derive(Serialize)]
struct Code<'a> {
    value: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Suggestion<'a> {
    range: Range,
    text: &'a str,
}

/// The report as one JSON value.
pub fn rdjson(checked: Checked<'_>) -> String {
    let items = items(checked);
    print(&Result { source: Source { name: "lockkeeper" }, diagnostics: items.iter().map(diagnostic).collect() })
}

fn diagnostic<'a>(item: &'a Item<'_>) -> Diagnostic<'a> {
    let severity = match item.severity {
        Severity::Error => "ERROR",
        Severity::Warning => "WARNING",
        Severity::Info => "INFO",
    };
    let edits = item.finding.and_then(|it| it.fix.as_ref()).map(|it| it.edits.as_slice()).unwrap_or_default();
    // A suggestion stands by itself, so a fix in several places cannot be one.
    let edits = if edits.len() == 1 { edits } else { &[] };
    Diagnostic {
        message: item.text(),
        location: Location { path: &item.script.path, range: range(item.script, item.span) },
        severity,
        code: Code { value: item.name, url: item.finding.and_then(|it| rule_page(it.rule.name)) },
        suggestions: edits.iter().map(|it| Suggestion { range: range(item.script, it.span), text: &it.text }).collect(),
    }
}

fn range(script: &Script, span: Span) -> Range {
    let range = script.range(span, Unit::Bytes);
    Range { start: point(script, range.start), end: point(script, range.end) }
}

fn point(script: &Script, at: Position) -> Point {
    let line = &script.map.text()[script.map.lines(at.line, at.line)];
    let before = line.chars().take(at.column.saturating_sub(1) as usize);
    Point { line: at.line, column: before.map(char::len_utf8).sum::<usize>() + 1 }
}
