//! Places as the protocol counts them.

use lockkeeper_syntax::Span;
use lsp_types::{Position, Range};
use std::sync::Arc;

/// What columns count; agreed upon when the session begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 units, which every client knows.
    #[default]
    Utf16,
}

/// A byte order mark that stands in the text, as few clients send it. Spans do not count it.
const MARK: &str = "\u{feff}";

/// A text cut into lines as the protocol does it: at `\n`, `\r\n` and a lone `\r`. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Lines {
    text: Arc<str>,
    starts: Arc<[usize]>,
    encoding: Encoding,
}

impl Lines {
    pub(crate) fn new(text: Arc<str>, encoding: Encoding) -> Self {
        let bytes = text.as_bytes();
        let ends_line = |at: usize| bytes[at] == b'\n' || bytes[at] == b'\r' && bytes.get(at + 1) != Some(&b'\n');
        let starts = std::iter::once(0).chain((0..bytes.len()).filter(|it| ends_line(*it)).map(|it| it + 1)).collect();
        Self { text, starts, encoding }
    }

    pub(crate) fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// The text as spans count it.
    pub(crate) fn unmarked(&self) -> &str {
        self.text.strip_prefix(MARK).unwrap_or(&self.text)
    }

    /// Where a byte of a span stands. Past the end it is the end, within a character its start.
    pub(crate) fn position(&self, offset: u32) -> Position {
        let mut offset = (offset as usize + self.mark()).min(self.text.len());
        while !self.text.is_char_boundary(offset) {
            offset -= 1;
        }
        let line = self.starts.partition_point(|it| *it <= offset) - 1;
        let before = &self.text[self.starts[line]..offset];
        let column = match self.encoding {
            Encoding::Utf8 => before.len(),
            Encoding::Utf16 => before.encode_utf16().count(),
        };
        Position::new(line as u32, column as u32)
    }

    pub(crate) fn range(&self, span: Span) -> Range {
        Range::new(self.position(span.start), self.position(span.end.max(span.start)))
    }

    /// The byte of a span that stands at a position.
    pub(crate) fn offset(&self, position: Position) -> u32 {
        self.byte(position).saturating_sub(self.mark()) as u32
    }

    /// The byte of the text at a position. Past the end of a line it is that end, past the last line the end of the
    /// text, within a character its start.
    pub(crate) fn byte(&self, position: Position) -> usize {
        let Some(&start) = self.starts.get(position.line as usize) else { return self.text.len() };
        let end = self.starts.get(position.line as usize + 1).copied().unwrap_or(self.text.len());
        let line = self.text[start..end].trim_end_matches(['\r', '\n']);
        let mut left = position.character as usize;
        for (at, character) in line.char_indices() {
            let width = match self.encoding {
                Encoding::Utf8 => character.len_utf8(),
                Encoding::Utf16 => character.len_utf16(),
            };
            if left < width {
                return start + at;
            }
            left -= width;
        }
        start + line.len()
    }

    fn mark(&self) -> usize {
        self.text.len() - self.unmarked().len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place of the first `needle`, there and back.
    fn place(text: &str, needle: &str, encoding: Encoding) -> (u32, u32) {
        let lines = Lines::new(text.into(), encoding);
        let offset = lines.unmarked().find(needle).unwrap() as u32;
        let position = lines.position(offset);
        assert_eq!(lines.offset(position), offset);
        (position.line, position.character)
    }

    #[test]
    fn columns_count_what_was_agreed_upon() {
        assert_eq!(place("/* Æ🚂 */ x", "x", Encoding::Utf16), (0, 10));
        assert_eq!(place("/* Æ🚂 */ x", "x", Encoding::Utf8), (0, 13));
    }

    #[test]
    fn every_kind_of_line_break_ends_a_line() {
        assert_eq!(place("a\r\nb\rc\nd", "d", Encoding::Utf16), (3, 0));
    }

    #[test]
    fn a_byte_order_mark_counts_as_a_character_of_the_first_line_only() {
        assert_eq!(place("\u{feff}a\nb", "a", Encoding::Utf16), (0, 1));
        assert_eq!(place("\u{feff}a\nb", "b", Encoding::Utf16), (1, 0));
    }

    #[test]
    fn places_that_do_not_exist_are_the_nearest_that_do() {
        let lines = Lines::new("🚂a\r\nb".into(), Encoding::Utf16);
        assert_eq!(lines.byte(Position::new(0, 99)), 5);
        assert_eq!(lines.byte(Position::new(9, 9)), 8);
        assert_eq!(lines.byte(Position::new(0, 1)), 0);
        assert_eq!(lines.position(99), Position::new(1, 1));
    }
}
