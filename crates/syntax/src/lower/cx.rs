//! One statement's tokens beside its syntax tree: the tree says what, the tokens say where.

use crate::ast::{Expr, ExprKind, FromItem, Name, Newer, QualifiedName};
use crate::token::{Kind, Token, mark};
use crate::{Span, ast};
use smol_str::SmolStr;
use std::cell::{Cell, RefCell};
use std::ops::Range;

/// A range of the statement's tokens, by index.
pub(crate) type Stretch = Range<usize>;

/// How deep the tree of an expression or query may be. A thousand terms are valid SQL; whoever walks the tree later does
/// so on a usual stack, which in a JavaScript engine is 1 MB.
const DEEPEST: usize = if cfg!(target_arch = "wasm32") { 1_100 } else { 2_000 };

/// How deep calls and parentheses may nest, which take the most of the stack here.
const DEEPEST_NESTED: usize = if cfg!(target_arch = "wasm32") { 400 } else { 2_000 };

/// What lowering knows of the statement at hand.
pub(crate) struct Cx<'a> {
    /// The whole text, as the parser saw it.
    pub(crate) text: &'a str,
    /// The statement's tokens, without comments and semicolon. Never empty.
    pub(crate) tokens: &'a [Token],
    /// The place of everything, where the text stands in no script.
    pin: Option<Span>,
    /// For each bracket the index of its partner; for every other token its own.
    partners: Vec<u32>,
    depth: Cell<usize>,
    nested: Cell<usize>,
    too_deep: Cell<bool>,
    /// Common table expressions in scope.
    pub(crate) ctes: RefCell<Vec<SmolStr>>,
    /// Relations of subqueries inside expressions, for the query around them.
    pub(crate) inner_relations: RefCell<Vec<FromItem>>,
    /// The clause of a query that the fewest servers read, the first of them.
    pub(crate) newer: Cell<Option<Newer>>,
}

impl<'a> Cx<'a> {
    pub(crate) fn new(text: &'a str, tokens: &'a [Token], pin: Option<Span>) -> Self {
        Cx {
            text,
            tokens,
            pin,
            partners: partners(tokens),
            depth: Cell::new(0),
            nested: Cell::new(0),
            too_deep: Cell::new(false),
            ctes: RefCell::default(),
            inner_relations: RefCell::default(),
            newer: Cell::default(),
        }
    }

    /// All tokens.
    pub(crate) fn all(&self) -> Stretch {
        0..self.tokens.len()
    }

    /// Everything from `start` on.
    pub(crate) fn from(&self, start: usize) -> Stretch {
        start.min(self.tokens.len())..self.tokens.len()
    }

    /// The token at a place that the tree names (an offset from the statement's start), if it names one.
    pub(crate) fn place(&self, location: i32) -> Option<usize> {
        let at = u32::try_from(location).ok()? + self.tokens[0].start;
        let index = self.tokens.partition_point(|it| it.end <= at);
        (index < self.tokens.len()).then_some(index)
    }

    /// As [`Self::place`], for nodes that always have one.
    pub(crate) fn place_or_start(&self, location: i32) -> usize {
        self.place(location).unwrap_or(0)
    }

    pub(crate) fn kind(&self, at: usize) -> Kind {
        self.tokens.get(at).map_or(Kind::Nul, |it| it.kind)
    }

    pub(crate) fn is(&self, at: usize, kind: Kind) -> bool {
        self.kind(at) == kind
    }

    /// Whether the tokens from `at` on are of these kinds.
    pub(crate) fn are(&self, at: usize, kinds: &[Kind]) -> bool {
        kinds.iter().enumerate().all(|(index, kind)| self.is(at + index, *kind))
    }

    /// The bracket that belongs to the one at `at`.
    pub(crate) fn partner(&self, at: usize) -> usize {
        self.partners.get(at).map_or(at, |&it| it as usize)
    }

    /// What stands between the bracket at `open` and its partner.
    pub(crate) fn inside(&self, open: usize) -> Stretch {
        let close = self.partner(open);
        open + 1..close.max(open + 1).min(self.tokens.len())
    }

    /// The place of a stretch; an empty stretch is an empty span.
    pub(crate) fn span(&self, stretch: &Stretch) -> Span {
        self.pin.unwrap_or_else(|| self.bytes(stretch))
    }

    /// What is written in a stretch.
    pub(crate) fn written(&self, stretch: &Stretch) -> &'a str {
        self.bytes(stretch).of(self.text)
    }

    fn bytes(&self, stretch: &Stretch) -> Span {
        let end = stretch.end.min(self.tokens.len());
        if stretch.start < end {
            return Span::new(self.tokens[stretch.start].start, self.tokens[end - 1].end);
        }
        let at = self.tokens.get(stretch.start).map_or_else(|| self.tokens[self.tokens.len() - 1].end, |it| it.start);
        Span::new(at, at)
    }

    /// The span of one token.
    pub(crate) fn token_span(&self, at: usize) -> Span {
        self.span(&(at..at + 1))
    }

    /// The text of one token.
    pub(crate) fn token_text(&self, at: usize) -> &'a str {
        self.written(&(at..at + 1))
    }

    /// Notes a clause that older servers do not read.
    pub(crate) fn note_newer(&self, what: &'static str, since: u8, span: Span) {
        if self.newer.get().is_none_or(|it| it.since < since) {
            self.newer.set(Some(Newer { what, since, span }));
        }
    }

    /// The place of the first token with this text.
    pub(crate) fn word_span(&self, word: &str) -> Span {
        let at = self.all().find(|&it| self.token_text(it).eq_ignore_ascii_case(word));
        self.token_span(at.unwrap_or(0))
    }

    /// The places of `stretch` outside all brackets within it; an opening bracket is one, what it holds is not.
    pub(crate) fn top(&self, stretch: Stretch) -> impl Iterator<Item = usize> {
        let mut at = stretch.start;
        let end = stretch.end.min(self.tokens.len());
        std::iter::from_fn(move || {
            let here = (at < end).then_some(at)?;
            at = self.partner(here).max(here);
            if at == here {
                at += 1;
            }
            Some(here)
        })
    }

    /// The first token of this kind outside brackets.
    pub(crate) fn find(&self, stretch: Stretch, kind: Kind) -> Option<usize> {
        self.top(stretch).find(|&it| self.is(it, kind))
    }

    /// The first run of these kinds outside brackets.
    pub(crate) fn find_run(&self, stretch: Stretch, kinds: &[Kind]) -> Option<usize> {
        self.top(stretch).find(|&it| self.are(it, kinds))
    }

    /// Where a run of these kinds outside brackets stands, if there is just one.
    pub(crate) fn only_run(&self, stretch: Stretch, kinds: &[Kind]) -> Option<Span> {
        let mut runs = self.top(stretch).filter(|&it| self.are(it, kinds));
        let first = runs.next().filter(|_| runs.next().is_none())?;
        Some(self.span(&(first..first + kinds.len())))
    }

    /// The parts of a stretch between its commas outside brackets.
    pub(crate) fn split(&self, stretch: Stretch) -> Vec<Stretch> {
        let mut parts = Vec::new();
        let mut start = stretch.start;
        for at in self.top(stretch.clone()) {
            if self.is(at, mark::COMMA) {
                parts.push(start..at);
                start = at + 1;
            }
        }
        if start < stretch.end || !parts.is_empty() {
            parts.push(start..stretch.end);
        }
        parts
    }

    /// The end of the dotted name that starts at `at`.
    pub(crate) fn dotted_end(&self, at: usize) -> usize {
        let mut end = at + 1;
        while self.is(end, mark::DOT) {
            end += 2;
        }
        end.min(self.tokens.len())
    }

    /// The identifier `text`, written at `at`.
    pub(crate) fn name(&self, text: &str, at: usize) -> Name {
        Name { text: SmolStr::new(text), span: self.token_span(at) }
    }

    /// The identifier `text`, written at the first place of the stretch that says it.
    pub(crate) fn name_in(&self, text: &str, stretch: Stretch) -> Name {
        let found = stretch.clone().find(|&it| self.says(it, text));
        match found {
            Some(at) => self.name(text, at),
            None => Name { text: SmolStr::new(text), span: self.span(&(stretch.start..stretch.start)) },
        }
    }

    /// Whether the token at `at` is the identifier or constant `text`.
    fn says(&self, at: usize, text: &str) -> bool {
        let written = self.token_text(at);
        match written.as_bytes() {
            [b'"', inner @ .., b'"'] => unquote(inner, b'"', text),
            [b'\'', inner @ .., b'\''] => unquote(inner, b'\'', text),
            [b'u' | b'U', b'&', ..] => true,
            _ => cut_off(written).eq_ignore_ascii_case(text) && !text.bytes().any(|it| it.is_ascii_uppercase()),
        }
    }

    /// The name whose parts are `parts`, written from `at` on; more than two parts keep the last two.
    pub(crate) fn qualified(&self, parts: &[&str], at: usize) -> QualifiedName {
        let name = |index: usize| self.name(parts[index], at + 2 * index);
        match parts.len() {
            0 => QualifiedName { schema: None, name: self.name("", at) },
            1 => QualifiedName { schema: None, name: name(0) },
            count => QualifiedName { schema: Some(name(count - 2)), name: name(count - 1) },
        }
    }

    /// Runs `work` one level deeper; gives `None` where the statement nests too deeply.
    pub(crate) fn deeper<T>(&self, work: impl FnOnce() -> T) -> Option<T> {
        if self.nested.get() >= DEEPEST_NESTED {
            self.too_deep.set(true);
            return None;
        }
        self.nested.set(self.nested.get() + 1);
        let done = self.deeper_by(1, work);
        self.nested.set(self.nested.get() - 1);
        done
    }

    /// As [`Self::deeper`], where `work` puts so many levels around what it reads without a call for each.
    pub(crate) fn deeper_by<T>(&self, levels: usize, work: impl FnOnce() -> T) -> Option<T> {
        let before = self.depth.get();
        if before + levels > DEEPEST {
            self.too_deep.set(true);
            return None;
        }
        self.depth.set(before + levels);
        let done = work();
        self.depth.set(before);
        Some(done)
    }

    /// Whether the statement nests deeper than the tree may.
    pub(crate) fn too_deep(&self) -> bool {
        self.too_deep.get()
    }

    /// An expression that says nothing, over a stretch.
    pub(crate) fn empty_expr(&self, stretch: &Stretch) -> Expr {
        ast::Expr { kind: ExprKind::Other(Vec::new()), span: self.span(stretch) }
    }
}

/// Whether `inner`, with doubled quotes made single, is `text` as far as the server keeps a name.
fn unquote(inner: &[u8], quote: u8, text: &str) -> bool {
    let mut wanted = text.bytes();
    let mut written = inner.iter();
    while let Some(&byte) = written.next() {
        if byte == quote {
            written.next();
        }
        match wanted.next() {
            Some(it) if it == byte => {}
            Some(_) => return false,
            None => return text.len() > 60,
        }
    }
    wanted.next().is_none()
}

/// The first 63 bytes of an identifier, which is all that the server keeps (`NAMEDATALEN`).
fn cut_off(identifier: &str) -> &str {
    let mut end = identifier.len().min(63);
    while !identifier.is_char_boundary(end) {
        end -= 1;
    }
    &identifier[..end]
}

/// For each bracket the place of its partner, for any other token its own.
fn partners(tokens: &[Token]) -> Vec<u32> {
    let mut partners: Vec<u32> = (0..tokens.len() as u32).collect();
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            mark::OPEN | mark::OPEN_BRACKET => open.push(at),
            mark::CLOSE | mark::CLOSE_BRACKET => {
                if let Some(start) = open.pop() {
                    partners[start] = at as u32;
                    partners[at] = start as u32;
                }
            }
            _ => {}
        }
    }
    partners
}
