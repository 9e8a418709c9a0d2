//! From a byte of a script to a place in the user's file.

use lockkeeper_syntax::{Problem, Span};
use std::ops::Range;
use std::sync::Arc;

/// A place in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Position {
    /// The line, from 1. A line ends at `\n`.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
    /// How much of the file stands before it, byte order mark included, in the [`Unit`] asked for.
    pub offset: u32,
}

/// What [`Position::offset`] counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of the file as it is stored.
    #[default]
    Bytes,
    /// UTF-16 units of its text, as editors and JavaScript count.
    Utf16,
}

/// How far apart the places are whose distance from the start is stored, in bytes of the text.
const STRIDE: usize = 1024;

/// The way from a script's bytes to places in its file. Every question costs O(log n).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpanMap {
    text: Arc<str>,
    /// Where each line starts.
    lines: Arc<[u32]>,
    /// What stands before each multiple of [`STRIDE`]; empty for ASCII, where nothing needs counting.
    marks: Arc<[Count]>,
    encoding: Encoding,
    /// Bytes of the file.
    size: u32,
}

/// How a file stores its text.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Encoding {
    Utf8 {
        /// Bytes of the byte order mark: 3 or 0.
        mark: u32,
        /// Where the text holds U+FFFD in place of a single invalid byte.
        replaced: Vec<u32>,
    },
    Utf16,
}

/// The length of a piece of text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Count {
    characters: u32,
    units: u32,
}

impl Count {
    /// Counts characters by their first bytes, and the surrogate pair that four bytes become.
    fn add(mut self, bytes: &[u8]) -> Count {
        for &byte in bytes {
            let first = u32::from(byte & 0xc0 != 0x80);
            self.characters += first;
            self.units += first + u32::from(byte >= 0xf0);
        }
        self
    }
}

impl SpanMap {
    /// The map of `text`, which [`lockkeeper_syntax::decode`] made of `bytes` with these `problems`.
    pub fn new(text: Arc<str>, bytes: &[u8], problems: &[Problem]) -> Self {
        let encoding = match bytes {
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => Encoding::Utf16,
            _ => Encoding::Utf8 {
                mark: if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 },
                replaced: problems
                    .iter()
                    .map(|it| it.span)
                    .filter(|it| it.end - it.start == 3)
                    .map(|it| it.start)
                    .collect(),
            },
        };
        let breaks = text.bytes().enumerate().filter(|&(_, byte)| byte == b'\n').map(|(at, _)| at as u32 + 1);
        let lines = std::iter::once(0).chain(breaks).collect();
        let marks = if text.is_ascii() { Vec::new() } else { marks(text.as_bytes()) }.into();
        Self { text, lines, marks, encoding, size: bytes.len() as u32 }
    }

    /// The text of the file, decoded. Spans of the script are byte ranges of it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How many lines the file has; a line break at the very end starts no line of its own.
    pub fn line_count(&self) -> u32 {
        let last_is_empty = self.lines.last().is_some_and(|&it| it as usize == self.text.len());
        self.lines.len() as u32 - u32::from(last_is_empty)
    }

    /// Where `offset` stands. Past the end it is the end, within a character its start.
    pub fn position(&self, offset: u32, unit: Unit) -> Position {
        let offset = self.floor(offset);
        let line = self.lines.partition_point(|&start| start <= offset);
        let before = self.count(offset);
        Position {
            line: line as u32,
            column: before.characters - self.count(self.lines[line - 1]).characters + 1,
            offset: match unit {
                Unit::Bytes => self.stored(offset, before),
                Unit::Utf16 => before.units + self.mark_units(),
            },
        }
    }

    /// Where `span` starts and ends.
    pub fn range(&self, span: Span, unit: Unit) -> Range<Position> {
        self.position(span.start, unit)..self.position(span.end.max(span.start), unit)
    }

    /// The bytes of the text that the lines `first..=last` hold, with the line break of the last. Lines count from 1;
    /// those that the file lacks are left out.
    pub fn lines(&self, first: u32, last: u32) -> Range<usize> {
        let end = self.text.len() as u32;
        let start = |line: u32| self.lines.get(line.saturating_sub(1) as usize).copied().unwrap_or(end);
        start(first) as usize..start(last.saturating_add(1)) as usize
    }

    /// The nearest start of a character at or before `offset`, at most the end of the text.
    pub fn floor(&self, offset: u32) -> u32 {
        let offset = (offset as usize).min(self.text.len());
        // A character has four bytes at most.
        let boundary = (offset.saturating_sub(3)..=offset).rev().find(|&it| self.text.is_char_boundary(it));
        boundary.unwrap_or_default() as u32
    }

    fn count(&self, offset: u32) -> Count {
        let Some(mark) = self.marks.get(offset as usize / STRIDE) else {
            return Count { characters: offset, units: offset };
        };
        mark.add(&self.text.as_bytes()[offset as usize / STRIDE * STRIDE..offset as usize])
    }

    fn mark_units(&self) -> u32 {
        match self.encoding {
            Encoding::Utf8 { mark: 0, .. } => 0,
            Encoding::Utf8 { .. } | Encoding::Utf16 => 1,
        }
    }

    /// Bytes of the file before `offset` of the text.
    fn stored(&self, offset: u32, before: Count) -> u32 {
        let at = match &self.encoding {
            Encoding::Utf8 { mark, replaced } => {
                let shorter = replaced.partition_point(|&it| it < offset) as u32;
                mark + offset - 2 * shorter
            }
            Encoding::Utf16 => 2 + 2 * before.units,
        };
        at.min(self.size)
    }
}

fn marks(text: &[u8]) -> Vec<Count> {
    let mut marks = vec![Count::default()];
    for piece in text.chunks(STRIDE) {
        marks.push(marks[marks.len() - 1].add(piece));
    }
    marks
}

#[cfg(test)]
mod tests {
    use super::*;
    use lockkeeper_syntax::decode;
    use proptest::prelude::*;

    fn map(bytes: &[u8]) -> SpanMap {
        let (text, problems) = decode(bytes);
        SpanMap::new(text.into(), bytes, &problems)
    }

    /// `line:column@offset` of the first `needle`.
    fn at(bytes: &[u8], needle: &str) -> String {
        let map = map(bytes);
        let offset = map.text().find(needle).expect("the needle is in the text");
        let place = map.position(offset as u32, Unit::Bytes);
        format!("{}:{}@{}", place.line, place.column, place.offset)
    }

    fn utf16(text: &str, unit: fn(u16) -> [u8; 2]) -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(unit).collect()
    }

    #[test]
    fn lines_and_columns_count_from_one() {
        assert_eq!(at(b"a\nbc\n", "a"), "1:1@0");
        assert_eq!(at(b"a\nbc\n", "c"), "2:2@3");
    }

    #[test]
    fn a_carriage_return_belongs_to_the_line_it_ends() {
        assert_eq!(at(b"a\r\nbc\r\nd", "d"), "3:1@7");
    }

    #[test]
    fn columns_are_characters_and_offsets_are_bytes() {
        assert_eq!(at("/* ÆØ🐘 */ x".as_bytes(), "x"), "1:11@15");
    }

    #[test]
    fn a_byte_order_mark_counts_as_bytes_only() {
        assert_eq!(at(b"\xef\xbb\xbfa\nb", "a"), "1:1@3");
        assert_eq!(at(b"\xef\xbb\xbfa\nb", "b"), "2:1@5");
    }

    #[test]
    fn an_invalid_byte_is_one_byte_and_one_column() {
        assert_eq!(at(b"-- \xff\xfe\nx", "x"), "2:1@6");
        assert_eq!(at(b"-- \xff\xfe x", "x"), "1:7@6");
    }

    #[test]
    fn utf_16_offsets_are_those_of_the_file() {
        assert_eq!(at(&utf16("/* 🐘 */\r\nx", u16::to_le_bytes), "x"), "2:1@22");
        assert_eq!(at(&utf16("/* 🐘 */\r\nx", u16::to_be_bytes), "x"), "2:1@22");
    }

    #[test]
    fn half_a_unit_at_the_end_does_not_lead_past_the_file() {
        let mut bytes = utf16("a", u16::to_le_bytes);
        bytes.push(b'x');
        let map = map(&bytes);
        let end = map.position(u32::MAX, Unit::Bytes);
        assert_eq!((end.column, end.offset), (3, bytes.len() as u32));
    }

    #[test]
    fn editors_count_utf_16_units() {
        let map = map("🐘 x".as_bytes());
        assert_eq!(map.position(5, Unit::Utf16), Position { line: 1, column: 3, offset: 3 });
    }

    #[test]
    fn the_end_of_a_file_is_a_place() {
        assert_eq!(map(b"").position(0, Unit::Bytes), Position { line: 1, column: 1, offset: 0 });
        assert_eq!(map(b"a\n").position(9, Unit::Bytes), Position { line: 2, column: 1, offset: 2 });
        assert_eq!(map(b"a\n").line_count(), 1);
        assert_eq!(map(b"a\nb").line_count(), 2);
    }

    #[test]
    fn lines_come_whole() {
        let map = map(b"a\r\nb\nc");
        assert_eq!(&map.text()[map.lines(1, 2)], "a\r\nb\n");
        assert_eq!(&map.text()[map.lines(3, 9)], "c");
        assert_eq!(&map.text()[map.lines(7, 9)], "");
    }

    proptest! {
        #[test]
        fn every_place_is_what_counting_from_the_start_gives(
            text in "([ -~ßÆ\u{20ac}🐘\n]|\r\n){0,40}".prop_map(|it| it.repeat(60)), share in 0.0..1.0f64,
        ) {
            let offset = map(text.as_bytes()).floor((text.len() as f64 * share) as u32) as usize;
            let before = &text[..offset];
            let line = before.rsplit('\n').next().unwrap_or_default();
            prop_assert_eq!(map(text.as_bytes()).position(offset as u32, Unit::Bytes), Position {
                line: before.matches('\n').count() as u32 + 1,
                column: line.chars().count() as u32 + 1,
                offset: offset as u32,
            });
        }
    }
}
