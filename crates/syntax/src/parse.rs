//! The way from text to statements: mask, scan once, cut, parse each piece once, lower.

use crate::ast::{Body, Statement, Unreadable};
use crate::cut::{Piece, cut};
use crate::ffi::{self, RawToken, Refusal};
use crate::mask::{after_statement, mask};
use crate::token::{Kind, Token};
use crate::{Span, body, lower, stack};
use std::ffi::CStr;

/// What a text says.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Parsed {
    /// Its statements in order; none overlaps another.
    pub statements: Vec<Statement>,
    /// Its comments in order, those inside statements too.
    pub comments: Vec<Comment>,
    /// Where psql variables stand. Their places hold made-up names or constants in the statements.
    pub holes: Vec<Span>,
    /// What is wrong with the text itself. A statement that cannot be read is not here but in `statements`.
    pub problems: Vec<Problem>,
}

/// A comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Comment {
    /// Which form it has.
    pub kind: CommentKind,
    /// From its first mark to its last byte, without the line break.
    pub span: Span,
}

/// The two forms of comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CommentKind {
    /// `-- …`.
    Line,
    /// `/* … */`.
    Block,
}

/// Something wrong with a text as such.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Which kind.
    pub kind: ProblemKind,
    /// What is wrong, in lower case and without final dot.
    pub message: String,
    /// Where.
    pub span: Span,
}

/// Kinds of [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    /// Bytes that are no text.
    Decode,
    /// The text is longer than spans can tell (4 GiB).
    TooLong,
}

/// Reads `text` as PostgreSQL would, statement by statement. Never fails, and parses nothing twice.
///
/// Text the parser refuses becomes a [`Body::Unreadable`] statement with PostgreSQL's message; it hides nothing but
/// itself. Commands and variables of psql and the rows of `COPY … FROM stdin` are passed over.
pub fn parse(text: &str) -> Parsed {
    if i32::try_from(text.len()).is_err() {
        let message = "the text is longer than 2 GiB".to_owned();
        return Parsed {
            problems: vec![Problem { kind: ProblemKind::TooLong, message, span: Span::default() }],
            ..Parsed::default()
        };
    }
    stack::on_large_stack(|| Reader::new(text).read(STRETCH))
}

/// Bytes that are scanned at a time, so that the tokens of a large text need not all be kept.
const STRETCH: usize = 1 << 18;

struct Reader {
    text: String,
    parsed: Parsed,
    /// One piece at a time, with a NUL at its end.
    buffer: Vec<u8>,
    /// How many more bytes may be scanned twice to find where a scanner's error ends.
    patience: usize,
}

impl Reader {
    fn new(text: &str) -> Self {
        let masked = mask(text);
        let problems = masked.nuls.iter().map(|&at| Problem {
            kind: ProblemKind::Decode,
            message: "NUL byte".to_owned(),
            span: Span::new(at, at + 1),
        });
        let parsed = Parsed { problems: problems.collect(), holes: masked.holes, ..Parsed::default() };
        Reader { patience: (8 * text.len()).max(1 << 20), text: masked.text, parsed, buffer: Vec::new() }
    }

    fn read(mut self, stretch: usize) -> Parsed {
        let (mut from, mut reach) = (0, stretch);
        while from < self.text.len() {
            let to = boundary(&self.text, self.text.len().min(from + reach));
            let last = to == self.text.len();
            match self.scan(from, to) {
                Ok(tokens) if last => {
                    self.statements(tokens, from as u32, 0);
                    break;
                }
                // Of the last statement the end is not known, and the one before it may be less than a whole one.
                Ok(tokens) => match self.statements(tokens, from as u32, 2) {
                    Some(next) => (from, reach) = (next, stretch),
                    None => reach *= 2,
                },
                // The end of the stretch may be what the scanner refuses.
                Err(_) if !last => reach *= 2,
                Err(refusal) => (from, reach) = (self.skip_unscannable(from, &refusal), stretch),
            }
        }
        self.parsed.statements.shrink_to_fit();
        self.parsed
    }

    fn scan(&mut self, from: usize, to: usize) -> Result<Vec<RawToken>, Refusal> {
        ffi::scan(terminated(&mut self.buffer, &self.text[from..to]))
    }

    /// Splits the scanner's tokens into comments and statements, and reads these but the last `unread`; gives the place
    /// where the first of those begins, unless no others were read.
    fn statements(&mut self, raw: Vec<RawToken>, base: u32, unread: usize) -> Option<usize> {
        let comments = self.parsed.comments.len();
        let tokens = self.take_comments(raw, base);
        let pieces = cut(&tokens);
        let (read, left) = pieces.split_at(pieces.len().saturating_sub(unread));
        self.parsed.statements.reserve(read.len());
        for piece in read {
            self.statement(&tokens, piece);
        }
        let next = left.first().filter(|_| !read.is_empty()).map(|it| tokens[it.tokens.start].start);
        if unread > 0 {
            // What follows is scanned again.
            let end = next.unwrap_or(base);
            let before = self.parsed.comments[comments..].iter().take_while(|it| it.span.start < end).count();
            self.parsed.comments.truncate(comments + before);
        }
        next.map(|it| it as usize)
    }

    fn take_comments(&mut self, raw: Vec<RawToken>, base: u32) -> Vec<Token> {
        let mut tokens = Vec::with_capacity(raw.len());
        for raw in raw {
            let token = Token::new(raw, base);
            if !token.is_comment() {
                tokens.push(token);
                continue;
            }
            let kind = if token.kind == Kind::CComment { CommentKind::Block } else { CommentKind::Line };
            let trailing =
                token.span().of(&self.text).bytes().rev().take_while(|it| matches!(it, b'\n' | b'\r')).count();
            let span = Span::new(token.start, token.end - trailing as u32);
            self.parsed.comments.push(Comment { kind, span });
        }
        tokens
    }

    fn statement(&mut self, all: &[Token], piece: &Piece) {
        let tokens = &all[piece.tokens.clone()];
        let span = tokens[0].span().to(tokens[tokens.len() - 1].span());
        // The semicolon goes along: PostgreSQL's messages name it.
        let end = if piece.ended { all[piece.tokens.end].end } else { span.end };
        let text = Span::new(span.start, end).of(&self.text);
        let lowered =
            ffi::with_tree(terminated(&mut self.buffer, text), |tree| lower::statement(&self.text, tokens, tree, None));
        let mut body = match lowered {
            Ok(body) => body,
            Err(refusal) => Body::Unreadable(unreadable(text, span.start, &all[piece.tokens.start..], end, &refusal)),
        };
        body::attach(&mut self.text, &mut body);
        self.parsed.statements.push(Statement { span, body, possible: false });
    }

    /// Where the scanner meets what it refuses without saying where: a byte sequence that is not UTF-8, made by escapes.
    /// A text that ends before it is refused for another reason or not at all. Looks near the start first.
    fn find_unplaced(&mut self, from: usize) -> usize {
        let Self { text, buffer, .. } = self;
        let mut unplaced =
            |to: usize| matches!(ffi::scan(terminated(buffer, &text[from..to])), Err(refusal) if refusal.position == 0);
        let mut reach = 1 << 12;
        let length = text.len() - from;
        while reach < length && !unplaced(boundary(text, from + reach)) {
            reach *= 2;
        }
        let (mut good, mut bad) = (from, boundary(text, from + reach.min(length)));
        while good < bad {
            let middle = boundary(text, good + (bad - good) / 2);
            if middle <= good {
                break;
            }
            if unplaced(middle) { bad = middle } else { good = middle }
        }
        good
    }

    /// The scanner refuses something behind `from`: reads what stands before the statement concerned, records that
    /// statement, and says where to go on.
    fn skip_unscannable(&mut self, from: usize, refusal: &Refusal) -> usize {
        let mut bad = match refusal.position {
            0 => self.find_unplaced(from),
            position => from + byte_of(&self.text[from..], position),
        };
        let mut at = bad;
        // The error may lie inside a string, whose start is then the error of the text before it.
        let tokens = loop {
            match self.scan(from, bad) {
                Ok(tokens) => break tokens,
                Err(earlier) => {
                    let place = from + byte_of(&self.text[from..bad], earlier.position);
                    if place >= bad {
                        break Vec::new();
                    }
                    bad = place;
                }
            }
        };
        at = at.max(bad);
        let tokens = self.take_comments(tokens, from as u32);
        let mut pieces = cut(&tokens);
        let open = pieces.pop_if(|it| !it.ended);
        for piece in &pieces {
            self.statement(&tokens, piece);
        }
        let start = open.map_or(bad as u32, |it| tokens[it.tokens.start].start);
        self.patience = self.patience.saturating_sub(self.text.len() - from);
        let next = if self.patience == 0 { self.text.len() } else { after_statement(self.text.as_bytes(), at) };
        let whole = self.text[start as usize..next].trim_end();
        let whole = whole.strip_suffix(';').unwrap_or(whole).trim_end();
        let span = Span::new(start, start + whole.len() as u32);
        let line = self.text[at..].find(['\n', '\r']).map_or(self.text.len(), |it| at + it);
        let at = Span::new(at as u32, line.min(span.end as usize).max(at) as u32);
        let unreadable = Unreadable::new(first_line(&refusal.message), at);
        self.parsed.statements.push(Statement {
            span: span.to(at),
            body: Body::Unreadable(unreadable),
            possible: false,
        });
        next.max(at.end as usize)
    }
}

/// The statements of a stretch of `text`. With `pin`, everything in them has that place.
pub(crate) fn parse_at(text: &str, inner: Span, pin: Option<Span>) -> Vec<Statement> {
    let mut buffer = Vec::new();
    let all = match ffi::scan(terminated(&mut buffer, inner.of(text))) {
        Ok(raw) => raw.into_iter().map(|it| Token::new(it, inner.start)),
        Err(refusal) => {
            let at = pin.unwrap_or(inner);
            let body = Body::Unreadable(Unreadable::new(first_line(&refusal.message), at));
            return vec![Statement { span: at, body, possible: false }];
        }
    };
    let all: Vec<Token> = all.filter(|it| !it.is_comment()).collect();
    let mut statements = Vec::new();
    for piece in cut(&all) {
        let tokens = &all[piece.tokens.clone()];
        let span = tokens[0].span().to(tokens[tokens.len() - 1].span());
        let end = if piece.ended { all[piece.tokens.end].end } else { span.end };
        let written = Span::new(span.start, end).of(text);
        let lower = |tree: Option<&_>| lower::statement(text, tokens, tree, pin);
        let body = match ffi::with_tree(terminated(&mut buffer, written), lower) {
            Ok(body) => body,
            Err(refusal) => {
                let refused = unreadable(written, span.start, &all[piece.tokens.start..], end, &refusal);
                Body::Unreadable(Unreadable { at: pin.unwrap_or(refused.at), ..refused })
            }
        };
        statements.push(Statement { span: pin.unwrap_or(span), body, possible: false });
    }
    statements
}

/// The refusal of the text at `base`, whose `tokens` go on behind its end.
fn unreadable(text: &str, base: u32, tokens: &[Token], end: u32, refusal: &Refusal) -> Unreadable {
    let last = tokens.iter().take_while(|it| it.end <= end).last().map_or(base, |it| it.end);
    let at = match refusal.position {
        // About the statement as a whole: that it nests too deeply.
        0 => tokens.first().map_or(Span::new(base, last), |it| it.span()),
        position => {
            let place = base + byte_of(text, position) as u32;
            let token = tokens.iter().find(|it| place < it.end && it.end <= end);
            token.map_or(Span::new(last, last), |it| Span::new(place.max(it.start), it.end))
        }
    };
    let before = tokens.iter().take_while(|it| it.end <= at.start).last().map_or("", |it| within(text, base, it));
    let here = tokens.iter().find(|it| it.start == at.start).map_or("", |it| within(text, base, it));
    let is_of = before.eq_ignore_ascii_case("is") && here.eq_ignore_ascii_case("of");
    let older = is_of || ends_expressions(before);
    Unreadable { older, ..Unreadable::new(first_line(&refusal.message), at) }
}

/// The text of a token of the statement at `base`; nothing if it stands elsewhere.
fn within<'t>(text: &'t str, base: u32, token: &Token) -> &'t str {
    let start = token.start.checked_sub(base).map(|it| it as usize);
    let end = token.end.checked_sub(base).map(|it| it as usize);
    start.zip(end).and_then(|(start, end)| text.get(start..end)).unwrap_or_default()
}

/// Whether it is an operator that PostgreSQL 13 allows behind what it is about; `qual_Op` in its grammar.
fn ends_expressions(token: &str) -> bool {
    let grammar = ["+", "-", "*", "/", "%", "^", "<", ">", "=", "<=", ">=", "<>", "!=", "=>", ":="];
    let operator = !token.is_empty() && token.bytes().all(|it| b"+-*/<>=~!@#%^&|`?".contains(&it));
    operator && !grammar.contains(&token)
}

/// The start of the character that `at` lies in.
fn boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The byte where the character of this number stands, counted from 1.
fn byte_of(text: &str, position: u32) -> usize {
    let before = (position as usize).saturating_sub(1);
    text.char_indices().nth(before).map_or(text.len(), |(at, _)| at)
}

/// The scanner quotes the rest of the text in its messages; the line will do.
fn first_line(message: &str) -> String {
    match message.split_once(['\n', '\r']) {
        None => message.to_owned(),
        Some((line, _)) if line.contains(" at or near \"") => format!("{}\"", line.trim_end()),
        Some((line, _)) => line.to_owned(),
    }
}

/// `text` as C wants it. A NUL inside was masked before; if one were left the text would end there.
fn terminated<'a>(buffer: &'a mut Vec<u8>, text: &str) -> &'a CStr {
    buffer.clear();
    buffer.extend_from_slice(text.as_bytes());
    buffer.push(0);
    CStr::from_bytes_until_nul(buffer).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_does_not_depend_on_where_a_stretch_ends() {
        let sql = "-- one\nCREATE TABLE t (id int, -- two\n name text DEFAULT 'a;''b'); /* three; */\n\
            CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 2 END; END; -- four\n\
            DO $x$ BEGIN PERFORM 1; END $x$;;; SELECT E'\\'' || U&'d\\0061t'; CREATE RULE r AS ON INSERT TO t DO (SELECT 1; SELECT 2);\n\
            ALTER TABLE tabel ADD COLUMN; SELECT 'ä' AS \"ü;\"; SELECT 1a; -- five\nDROP TABLE t\n-- six\n";
        for sql in [sql.to_owned(), format!("{sql}; SELECT '"), format!("{sql}; SELECT E'\\xff'; {sql}")] {
            let whole = Reader::new(&sql).read(1 << 20);
            assert!(whole.statements.len() > 8 && whole.comments.len() > 5);
            for stretch in 1..sql.len() {
                assert_eq!(Reader::new(&sql).read(stretch), whole, "{stretch}");
            }
        }
    }
}
