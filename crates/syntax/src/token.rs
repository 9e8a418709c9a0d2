//! Tokens as PostgreSQL's scanner sees them.

use crate::Span;
use crate::ffi::RawToken;
pub(crate) use pg_query::protobuf::Token as Kind;

/// One token of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    /// Offset of its first byte.
    pub(crate) start: u32,
    /// Offset of the byte after it.
    pub(crate) end: u32,
    /// What it is; every key word is a kind of its own.
    pub(crate) kind: Kind,
}

impl Token {
    /// The token `raw` of a text that starts at `base`.
    pub(crate) fn new(raw: RawToken, base: u32) -> Self {
        let place = |at: i32| base + u32::try_from(at).unwrap_or(0);
        let kind = Kind::try_from(raw.kind).unwrap_or(Kind::Nul);
        Token { start: place(raw.start), end: place(raw.end), kind }
    }

    /// Where it stands.
    pub(crate) fn span(self) -> Span {
        Span::new(self.start, self.end)
    }

    /// Whether it is a comment, of either form.
    pub(crate) fn is_comment(self) -> bool {
        matches!(self.kind, Kind::SqlComment | Kind::CComment)
    }
}

/// The punctuation that structures a statement, under readable names.
pub(crate) mod mark {
    use super::Kind;

    pub(crate) const OPEN: Kind = Kind::Ascii40;
    pub(crate) const CLOSE: Kind = Kind::Ascii41;
    pub(crate) const STAR: Kind = Kind::Ascii42;
    pub(crate) const COMMA: Kind = Kind::Ascii44;
    pub(crate) const MINUS: Kind = Kind::Ascii45;
    pub(crate) const DOT: Kind = Kind::Ascii46;
    pub(crate) const SEMICOLON: Kind = Kind::Ascii59;
    pub(crate) const EQUALS: Kind = Kind::Ascii61;
    pub(crate) const PERCENT: Kind = Kind::Ascii37;
    pub(crate) const OPEN_BRACKET: Kind = Kind::Ascii91;
    pub(crate) const CLOSE_BRACKET: Kind = Kind::Ascii93;
}
