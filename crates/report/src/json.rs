//! Places and other pieces that the JSON reports share.

use crate::{Counting, Layout};
use lockkeeper_core::Report;
use lockkeeper_sources::{Position, Script};
use lockkeeper_syntax::Span;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::ser::Formatter;
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
    pub(crate) version: &'static str,
}

/// This program.
pub(crate) const TOOL: Tool = Tool { name: "lockkeeper", version: env!("CARGO_PKG_VERSION") };

/// What a report counts.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the JSON contract")]
pub struct Counts {
    pub files: usize,
    pub statements: usize,
    pub errors: usize,
    pub warnings: usize,
    pub infos: usize,
    pub problems: usize,
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
    print_laid_out(value, Layout::Indented)
}

/// The value as JSON, with a line break at its end.
pub(crate) fn print_laid_out(value: &impl Serialize, layout: Layout) -> String {
    let mut text = Pieces(Vec::new());
    // Serializing plain structures of strings and numbers into memory cannot fail, and gives text.
    let _ = write(value, layout, &mut text);
    String::from_utf8(text.0).unwrap_or_default()
}

/// Memory that is written to in small pieces. Most are one byte, for which nothing is called that copies.
struct Pieces(Vec<u8>);

impl io::Write for Pieces {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.write_all(piece)?;
        Ok(piece.len())
    }

    fn write_all(&mut self, piece: &[u8]) -> io::Result<()> {
        match piece {
            [byte] => self.0.push(*byte),
            _ => self.0.extend_from_slice(piece),
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes what [`print_laid_out()`] gives piece by piece, for what is too large to be kept as a whole.
pub(crate) fn write(value: &impl Serialize, layout: Layout, out: &mut impl io::Write) -> io::Result<()> {
    value
        .serialize(&mut serde_json::Serializer::with_formatter(&mut *out, Lines { layout, depth: 0, filled: false }))?;
    out.write_all(b"\n")
}

/// Both layouts as one type, so that what writes a report is compiled once. Where lines break, it prints what
/// `serde_json` calls pretty.
struct Lines {
    layout: Layout,
    depth: usize,
    /// Whether the innermost list or object has something in it.
    filled: bool,
}

impl Lines {
    fn break_line<W: ?Sized + io::Write>(&self, out: &mut W) -> io::Result<()> {
        if self.layout == Layout::Compact {
            return Ok(());
        }
        out.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| out.write_all(b"  "))
    }

    fn open<W: ?Sized + io::Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        out.write_all(bracket)
    }

    fn close<W: ?Sized + io::Write>(&mut self, out: &mut W, bracket: &[u8]) -> io::Result<()> {
        self.depth -= 1;
        if self.filled {
            self.break_line(out)?;
        }
        out.write_all(bracket)
    }

    fn item<W: ?Sized + io::Write>(&self, out: &mut W, first: bool) -> io::Result<()> {
        if !first {
            out.write_all(b",")?;
        }
        self.break_line(out)
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"[")
    }

    fn end_array<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"]")
    }

    fn begin_array_value<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn end_array_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.open(out, b"{")
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.close(out, b"}")
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.item(out, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, out: &mut W) -> io::Result<()> {
        out.write_all(if self.layout == Layout::Compact { b":" } else { b": " })
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, _: &mut W) -> io::Result<()> {
        self.filled = true;
        Ok(())
    }
}

/// A list of what is made of each item when its turn to be written comes.
pub(crate) struct Each<'a, T, F>(pub(crate) &'a [T], pub(crate) F);

impl<'a, T, R: Serialize, F: Fn(&'a T) -> R> Serialize for Each<'a, T, F> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(&self.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn layouts_are_those_of_serde_json() {
        let value = json!({"a": [], "b": {}, "c": [1, [2, {}], {"d": "\n", "e": null}], "f": {"g": [[]]}});
        assert_eq!(print_laid_out(&value, Layout::Compact), format!("{value}\n"));
        assert_eq!(print(&value), format!("{value:#}\n"));
    }
}
