//! Strings that remember the Python they come from.

use lockkeeper_syntax::Span;
use std::ops::Range;

/// A string, and for each part of it the piece of the file that it comes from. Made by literals, carried through every
/// operation on strings, read where a statement is sent: so a finding in SQL can point into Python.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    string: String,
    /// In the order of `string`, without gaps. Each reaches to the start of the next.
    parts: Vec<Part>,
}

/// A part of a `Text`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its first byte in the string.
    pub start: u32,
    /// The bytes of the file that it comes from.
    pub source: Span,
    /// Whether it stands in the file as it is, byte by byte.
    pub verbatim: bool,
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        self.string == other.string
    }
}

impl Text {
    /// `string`, made by the Python at `source`.
    pub(crate) fn made(string: impl Into<String>, source: Span) -> Self {
        let mut text = Text::default();
        text.add(&string.into(), source);
        text
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.string
    }

    pub(crate) fn len(&self) -> usize {
        self.string.len()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.string.is_empty()
    }

    pub(crate) fn into_parts(self) -> (String, Vec<Part>) {
        (self.string, self.parts)
    }

    /// Where the first byte comes from.
    pub(crate) fn source(&self) -> Option<Span> {
        self.parts.first().map(|it| it.source)
    }

    /// Appends `string`, made by the Python at `source`.
    pub(crate) fn add(&mut self, string: &str, source: Span) {
        self.part(source, false, string.len());
        self.string.push_str(string);
    }

    /// Appends bytes that stand at `start` in the file.
    pub(crate) fn add_verbatim(&mut self, string: &str, start: u32) {
        self.part(Span::new(start, start + string.len() as u32), true, string.len());
        self.string.push_str(string);
    }

    fn part(&mut self, source: Span, verbatim: bool, length: usize) {
        if length == 0 {
            return;
        }
        if let Some(last) = self.parts.last_mut() {
            let same = !verbatim && !last.verbatim && last.source == source;
            if same {
                return;
            }
            if verbatim && last.verbatim && last.source.end == source.start {
                last.source.end = source.end;
                return;
            }
        }
        self.parts.push(Part { start: self.string.len() as u32, source, verbatim });
    }

    pub(crate) fn push(&mut self, other: &Text) {
        for (range, part) in other.ranges() {
            let piece = &other.string[range];
            match part.verbatim {
                true => self.add_verbatim(piece, part.source.start),
                false => self.add(piece, part.source),
            }
        }
    }

    fn ranges(&self) -> impl Iterator<Item = (Range<usize>, Part)> + '_ {
        self.parts.iter().enumerate().map(|(at, part)| {
            let end = self.parts.get(at + 1).map_or(self.string.len(), |it| it.start as usize);
            (part.start as usize..end, *part)
        })
    }

    /// The bytes of `range`, which must lie between characters.
    pub(crate) fn slice(&self, range: Range<usize>) -> Text {
        let mut out = Text::default();
        for (at, part) in self.ranges() {
            let (start, end) = (at.start.max(range.start), at.end.min(range.end));
            if start >= end {
                continue;
            }
            let piece = &self.string[start..end];
            match part.verbatim {
                true => out.add_verbatim(piece, part.source.start + (start - at.start) as u32),
                false => out.add(piece, part.source),
            }
        }
        out
    }

    /// The same as a piece of itself, such as `trim` gives.
    pub(crate) fn piece(&self, piece: &str) -> Text {
        let start = piece.as_ptr() as usize - self.string.as_ptr() as usize;
        self.slice(start..start + piece.len())
    }

    pub(crate) fn trim(&self) -> Text {
        self.piece(self.string.trim())
    }

    /// Each `from` replaced by `to`.
    pub(crate) fn replace(&self, from: &str, to: &Text) -> Text {
        let mut out = Text::default();
        let mut rest = 0;
        for (at, found) in self.string.match_indices(from) {
            out.push(&self.slice(rest..at));
            out.push(to);
            rest = at + found.len();
        }
        out.push(&self.slice(rest..self.string.len()));
        out
    }

    /// The string after `change`, part by part where that gives the same, else as one piece.
    pub(crate) fn map(&self, change: impl Fn(&str) -> String) -> Text {
        let mut out = Text::default();
        for (range, part) in self.ranges() {
            let old = &self.string[range];
            let new = change(old);
            if part.verbatim && new == old {
                out.add_verbatim(old, part.source.start);
            } else {
                out.add(&new, part.source);
            }
        }
        let whole = change(&self.string);
        if out.string == whole { out } else { Text::made(whole, self.extent()) }
    }

    /// The same string, with other places.
    pub(crate) fn placed(&self, place: impl Fn(Span) -> Span) -> Text {
        let mut out = Text::default();
        for (range, part) in self.ranges() {
            let piece = &self.string[range];
            let source = place(part.source);
            match part.verbatim && source == part.source {
                true => out.add_verbatim(piece, source.start),
                false => out.add(piece, source),
            }
        }
        out
    }

    /// From the first byte of the file that it comes from to the last; parts that stand before the first are left out.
    pub(crate) fn extent(&self) -> Span {
        let Some(first) = self.source() else { return Span::default() };
        let end = self.parts.iter().map(|it| it.source.end).max().unwrap_or(first.end);
        Span::new(first.start, end.max(first.end))
    }
}

/// The way from bytes of a script that was made by Python to bytes of its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    parts: Vec<Part>,
    end: u32,
}

impl Places {
    pub(crate) fn new(parts: Vec<Part>, end: usize) -> Self {
        Places { parts, end: end as u32 }
    }

    /// The bytes of the file that made the bytes `span` of the script.
    pub fn of(&self, span: Span) -> Span {
        let Some(first) = self.part(span.start) else { return Span::default() };
        let start = within(first, span.start).unwrap_or(first.source.start);
        if span.end <= span.start {
            let end = if first.verbatim { start } else { first.source.end };
            return Span::new(start, end);
        }
        let Some(last) = self.part(span.end - 1) else { return first.source };
        let end = within(last, span.end).unwrap_or(last.source.end);
        // Pieces may come from places that stand in another order in the file.
        if end > start { Span::new(start, end) } else { first.source }
    }

    /// The first bytes of the script that come from exactly these of the file; the start of the script if none do.
    pub fn made_by(&self, source: Span) -> Span {
        let at = self.parts.iter().position(|it| it.source == source).unwrap_or_default();
        let bound = |at: usize| self.parts.get(at).map_or(self.end, |it| it.start);
        Span::new(bound(at), bound(at + 1))
    }

    fn part(&self, offset: u32) -> Option<&Part> {
        let at = self.parts.partition_point(|it| it.start <= offset.min(self.end));
        self.parts.get(at.saturating_sub(1))
    }
}

fn within(part: &Part, offset: u32) -> Option<u32> {
    part.verbatim.then(|| (part.source.start + (offset - part.start.min(offset))).min(part.source.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file() -> Text {
        let mut text = Text::default();
        text.add_verbatim("DROP TABLE ", 100);
        text.add("users", Span::new(50, 60));
        text.add_verbatim(" CASCADE", 120);
        text
    }

    #[test]
    fn a_piece_keeps_its_places() {
        let text = file();
        let (string, parts) = text.clone().into_parts();
        let places = Places::new(parts, string.len());
        assert_eq!(places.of(Span::new(5, 10)), Span::new(105, 110));
        assert_eq!(places.of(Span::new(11, 16)), Span::new(50, 60));
        assert_eq!(places.of(Span::new(0, string.len() as u32)), Span::new(100, 128));
        assert_eq!(text.slice(5..13).as_str(), "TABLE us");
        assert_eq!(text.slice(5..13).source(), Some(Span::new(105, 111)));
    }

    #[test]
    fn what_is_replaced_leaves_the_rest_in_place() {
        let new = file().replace("TABLE", &Text::made("VIEW", Span::new(1, 2)));
        assert_eq!(new.as_str(), "DROP VIEW users CASCADE");
        assert_eq!(new.slice(18..23).source(), Some(Span::new(123, 128)));
    }

    #[test]
    fn neighbours_in_the_file_are_one_part() {
        let mut text = Text::default();
        text.add_verbatim("ab", 3);
        text.add_verbatim("cd", 5);
        assert_eq!(text.parts.len(), 1);
    }
}
