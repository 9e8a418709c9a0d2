//! Places and other pieces that the JSON reports share.

use crate::Counting;
use lockkeeper_core::Report;
use lockkeeper_sources::{Position, Script};
use lockkeeper_syntax::Span;
use serde::{Serialize, Serializer};
use std::io;

/// The version of the JSON shapes. It grows when a field is renamed or removed, never when one is added.
pub(crate) const SHAPE: u32 = 1;

/// A position in a file.
#[derive(Serialize)]
pub(crate) struct Point {
    line: u32,
    column: u32,
    offset: u32,
}

impl From<Position> for Point {
    fn from(it: Position) -> Self {
        Point { line: it.line, column: it.column, offset: it.offset }
    }
}

/// A range in a file.
#[derive(Serialize)]
pub(crate) struct Place<'a> {
    path: &'a str,
    start: Point,
    end: Point,
}

impl<'a> Place<'a> {
    pub(crate) fn new(script: &'a Script, span: Span, counting: Counting) -> Self {
        let range = script.range(span, counting.unit);
        Place { path: &script.path, start: range.start.into(), end: range.end.into() }
    }
}

/// The program that writes.
#[derive(Serialize)]
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
}

/// This program.
pub(crate) const TOOL: Tool = Tool { name: "lockkeeper", version: env!("CARGO_PKG_VERSION") };

/// What a report counts.
#[derive(Serialize)]
pub(crate) struct Counts {
    files: usize,
    statements: usize,
    errors: usize,
    warnings: usize,
    infos: usize,
    problems: usize,
}

impl From<&Report> for Counts {
    fn from(report: &Report) -> Self {
        let it = &report.summary;
        Counts {
            files: it.files,
            statements: it.statements,
            errors: it.errors,
            warnings: it.warnings,
            infos: it.infos,
            problems: it.problems,
        }
    }
}

/// The value as indented JSON with a line break at its end.
pub(crate) fn print(value: &impl Serialize) -> String {
    // Serializing plain structures of strings and numbers into memory cannot fail.
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

/// Writes what [`print()`] gives piece by piece, for what is too large to be kept as a whole.
pub(crate) fn write(value: &impl Serialize, out: &mut impl io::Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, value)?;
    out.write_all(b"\n")
}

/// A list of what is made of each item when its turn to be written comes.
pub(crate) struct Each<'a, T, F>(pub(crate) &'a [T], pub(crate) F);

impl<'a, T, R: Serialize, F: Fn(&'a T) -> R> Serialize for Each<'a, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(&self.1))
    }
}
