//! The SQL between the words of PL/pgSQL.

use crate::ast::{Body, Expr, ExprKind, Name, Statement, Unreadable};
use crate::token::{Kind, Token, mark};
use crate::{Span, ffi, lower};
use smol_str::SmolStr;
use std::ffi::CStr;
use std::ops::Range;

/// The tokens of a body, read from front to back.
pub(super) struct Pieces<'a> {
    text: &'a str,
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
    inner: Span,
    /// The place of everything, where the text does not stand in the script.
    pin: Option<Span>,
    problem: Option<Unreadable>,
    pub(super) depth: u32,
}

/// What stands before an expression when the server parses it (`check_sql_expr`).
const PREFIX: &str = "SELECT ";

impl<'a> Pieces<'a> {
    pub(super) fn new(text: &'a str, tokens: &'a [Token], inner: Span, pin: Option<Span>) -> Self {
        Pieces { text, tokens, at: 0, inner, pin, problem: None, depth: 0 }
    }

    pub(super) fn problem(self) -> Option<Unreadable> {
        self.problem
    }

    /// Whether nothing more is read: the server stops at the first error too.
    pub(super) fn is_broken(&self) -> bool {
        self.problem.is_some()
    }

    /// The text refuses to be read at the next token.
    pub(super) fn break_here(&mut self) {
        let at = self.tokens.get(self.at).map(|it| it.span());
        let message = match at {
            Some(at) => format!("syntax error at or near \"{}\"", at.of(self.text)),
            None => "syntax error at end of input".to_owned(),
        };
        self.fail(message, at.unwrap_or_else(|| Span::new(self.inner.end, self.inner.end)));
    }

    fn fail(&mut self, message: String, at: Span) {
        let at = self.pin.unwrap_or(at);
        self.problem.get_or_insert(Unreadable::new(message, at));
    }

    pub(super) fn kind(&self, at: usize) -> Kind {
        self.tokens.get(at).map_or(Kind::Nul, |it| it.kind)
    }

    /// The word at a place, lower case; empty for what is no bare word.
    pub(super) fn word(&self, at: usize) -> String {
        match self.tokens.get(at) {
            Some(token) => {
                let text = token.span().of(self.text);
                let bare = text.starts_with(|it: char| it.is_ascii_alphabetic() || !it.is_ascii() || it == '_');
                if bare && token.kind != Kind::Sconst { text.to_ascii_lowercase() } else { String::new() }
            }
            None => String::new(),
        }
    }

    pub(super) fn is_word(&self, at: usize, word: &str) -> bool {
        self.word(at) == word
    }

    /// Takes the word, if it is the next.
    pub(super) fn take(&mut self, word: &str) -> bool {
        let found = self.is_word(self.at, word);
        self.at += usize::from(found);
        found
    }

    /// Takes the word, which must be the next.
    pub(super) fn expect(&mut self, word: &str) {
        if !self.take(word) {
            self.break_here();
        }
    }

    /// The text of a token as written.
    pub(super) fn written(&self, at: usize) -> &'a str {
        self.tokens.get(at).map_or("", |it| it.span().of(self.text))
    }

    /// Takes the semicolon that ends a statement.
    pub(super) fn end_statement(&mut self) {
        if self.kind(self.at) == mark::SEMICOLON { self.at += 1 } else { self.break_here() }
    }

    /// Passes over everything up to the semicolon, and over that.
    pub(super) fn skip_statement(&mut self) -> Range<usize> {
        let piece = self.until(&[]);
        self.end_statement();
        piece
    }

    /// Takes everything before a semicolon or one of these words, outside brackets and `CASE … END`.
    pub(super) fn until(&mut self, words: &[&str]) -> Range<usize> {
        let start = self.at;
        let (mut brackets, mut cases) = (0_i32, 0_i32);
        while let Some(token) = self.tokens.get(self.at) {
            match token.kind {
                mark::OPEN | mark::OPEN_BRACKET => brackets += 1,
                mark::CLOSE | mark::CLOSE_BRACKET => brackets -= 1,
                mark::SEMICOLON => break,
                Kind::Case if brackets == 0 && !words.contains(&"case") => cases += 1,
                Kind::EndP if brackets == 0 && cases > 0 => cases -= 1,
                _ if brackets == 0 && cases == 0 && words.contains(&self.word(self.at).as_str()) => break,
                _ => {}
            }
            self.at += 1;
        }
        start..self.at
    }

    /// The name at a place.
    pub(super) fn name(&self, at: usize) -> Name {
        let written = self.written(at);
        let text = match written.strip_prefix('"').and_then(|it| it.strip_suffix('"')) {
            Some(inner) => inner.replace("\"\"", "\""),
            None => written.to_ascii_lowercase(),
        };
        let span = self.tokens.get(at).map_or(self.inner, |it| it.span());
        Name { text: SmolStr::new(text), span: self.pin.unwrap_or(span) }
    }

    /// From the first token to the last.
    pub(super) fn span(&self, piece: &Range<usize>) -> Span {
        let span = match self.tokens.get(piece.clone()) {
            Some([first, .., last]) => first.span().to(last.span()),
            Some([one]) => one.span(),
            _ => Span::new(self.inner.end, self.inner.end),
        };
        self.pin.unwrap_or(span)
    }

    /// An SQL statement; `blank` is a stretch that the server takes out before it parses, as `INTO x`.
    pub(super) fn statement(&mut self, piece: Range<usize>, blank: Option<Range<usize>>) -> Option<Statement> {
        let mut tokens = self.tokens.get(piece.clone())?.to_vec();
        let (start, end) = (tokens.first()?.start, tokens.last()?.end);
        let mut buffer = Span::new(start, end).of(self.text).as_bytes().to_vec();
        // `PERFORM` is a `SELECT` of the same length.
        if self.is_word(piece.start, "perform") {
            buffer[..PREFIX.len()].copy_from_slice(PREFIX.as_bytes());
            tokens[0].kind = Kind::Select;
        }
        if let Some(blank) = blank {
            let covered = self.tokens.get(blank.clone())?;
            let (from, to) = (covered.first()?.start - start, covered.last()?.end - start);
            buffer[from as usize..to as usize].fill(b' ');
            tokens.drain(blank.start - piece.start..blank.end - piece.start);
        }
        let body = self.parsed(buffer, &tokens, start)?;
        Some(Statement { span: self.span(&piece), body, possible: false })
    }

    /// An expression.
    pub(super) fn expression(&mut self, piece: Range<usize>) -> Option<Expr> {
        let own = self.tokens.get(piece.clone())?;
        let Some((first, last)) = own.first().zip(own.last()) else {
            self.break_here();
            return None;
        };
        // The word before it has no place of its own.
        let start = first.start.checked_sub(PREFIX.len() as u32)?;
        let mut buffer = PREFIX.as_bytes().to_vec();
        buffer.extend_from_slice(Span::new(first.start, last.end).of(self.text).as_bytes());
        let mut tokens = vec![Token { start, end: start + 1, kind: Kind::Select }];
        tokens.extend(own);
        match self.parsed(buffer, &tokens, start)? {
            Body::Select(mut query) if query.outputs.len() == 1 && query.expressions.len() == 1 => {
                let expr = query.outputs.pop()?.expr;
                let mut inner = false;
                expr.walk(&mut |it| inner |= matches!(it.kind, ExprKind::Subquery(_)));
                // `count(*) FROM t` is legal here, but no expression.
                (inner || query.relations.is_empty()).then_some(expr)
            }
            _ => None,
        }
    }

    fn parsed(&mut self, mut buffer: Vec<u8>, tokens: &[Token], start: u32) -> Option<Body> {
        if self.is_broken() {
            return None;
        }
        buffer.push(0);
        let lower = |tree: Option<&_>| lower::statement(self.text, tokens, tree, self.pin);
        match ffi::with_tree(CStr::from_bytes_until_nul(&buffer).unwrap_or_default(), lower) {
            Ok(body) => Some(body),
            Err(refusal) => {
                let text = String::from_utf8_lossy(&buffer);
                let before = (refusal.position as usize).saturating_sub(1);
                let place = text.char_indices().nth(before).map_or(text.len(), |(at, _)| at) as u32 + start;
                let token = tokens.iter().find(|it| place < it.end);
                let at = token.or(tokens.last()).map_or(self.inner, |it| it.span());
                let message = refusal.message.lines().next().unwrap_or_default().to_owned();
                self.fail(message, at);
                None
            }
        }
    }
}
