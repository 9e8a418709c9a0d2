//! String literals and f-strings, with the place of every letter.

use super::Interpreter;
use crate::alembic::python::{
    ConversionFlag, ExprFString, ExprStringLiteral, FStringPart, InterpolatedElement, InterpolatedStringElement,
    InterpolatedStringElements, StringLiteral, span,
};
use crate::alembic::text::Text;
use crate::alembic::value::{Scope, Value};
use lockkeeper_syntax::Span;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// A string literal, with implicit concatenation.
    pub(crate) fn literal_text(&self, it: &ExprStringLiteral) -> Text {
        let mut text = Text::default();
        for part in &it.value {
            self.piece(part, &mut text);
        }
        text
    }

    fn piece(&self, part: &StringLiteral, text: &mut Text) {
        let whole = span(part);
        let source = self.written(whole);
        let prefix = source.find(['"', '\'']).unwrap_or_default();
        let raw = source[..prefix].contains(['r', 'R']);
        let quote = if source[prefix..].starts_with("\"\"\"") || source[prefix..].starts_with("'''") { 3 } else { 1 };
        let (start, end) = (prefix + quote, source.len().saturating_sub(quote));
        if start > end {
            return text.add(&part.value, whole);
        }
        let inner = Span::new(whole.start + start as u32, whole.start + end as u32);
        self.letters(inner, &part.value, raw, false, text);
    }

    /// Appends `value`, which the literal at `inner` is worth: byte by byte where it stands in the file as it is.
    fn letters(&self, inner: Span, value: &str, raw: bool, braces: bool, text: &mut Text) {
        let source = self.written(inner);
        if source == value {
            return text.add_verbatim(value, inner.start);
        }
        let (mut at, mut rest) = (0, value);
        while at < source.len() {
            let special = source[at..]
                .find(|it: char| (it == '\\' && !raw) || it == '\r' || (braces && (it == '{' || it == '}')));
            let plain = special.map_or(source.len() - at, |it| it);
            let Some(after) = rest.strip_prefix(&source[at..at + plain]) else { break };
            text.add_verbatim(&source[at..at + plain], inner.start + at as u32);
            (at, rest) = (at + plain, after);
            if at == source.len() {
                break;
            }
            let (written, worth) = escape(&source[at..], rest);
            if !rest.is_char_boundary(worth) || !source.is_char_boundary(at + written) {
                break;
            }
            text.add(&rest[..worth], Span::new(inner.start + at as u32, inner.start + (at + written) as u32));
            (at, rest) = (at + written, &rest[worth..]);
        }
        text.add(rest, inner);
    }

    /// An f-string. What is not known in it becomes a hole.
    pub(super) fn f_string(&mut self, it: &'a ExprFString, scope: &Rc<Scope<'a>>) -> Value<'a> {
        let mut text = Text::default();
        for part in it.value.iter() {
            match part {
                FStringPart::Literal(it) => self.piece(it, &mut text),
                FStringPart::FString(it) => {
                    let source = self.written(span(it));
                    let prefix = source.find(['"', '\'']).unwrap_or_default();
                    let raw = source[..prefix].contains(['r', 'R']);
                    self.elements(&it.elements, raw, scope, &mut text);
                }
            }
        }
        Value::Str(text)
    }

    fn elements(
        &mut self,
        elements: &'a InterpolatedStringElements,
        raw: bool,
        scope: &Rc<Scope<'a>>,
        text: &mut Text,
    ) {
        for element in elements.iter() {
            match element {
                InterpolatedStringElement::Literal(it) => self.letters(span(it), &it.value, raw, true, text),
                InterpolatedStringElement::Interpolation(it) => {
                    let value = self.interpolated(it, scope);
                    text.push(&value);
                }
            }
        }
    }

    fn interpolated(&mut self, it: &'a InterpolatedElement, scope: &Rc<Scope<'a>>) -> Text {
        let at = span(&*it.expression);
        let value = self.eval(&it.expression, scope);
        let spec = it.format_spec.as_ref().map(|it| {
            let mut text = Text::default();
            self.elements(&it.elements, false, scope, &mut text);
            text.as_str().to_owned()
        });
        let mut text = match it.conversion {
            ConversionFlag::Repr | ConversionFlag::Ascii => self.repr(&value).map(|it| Text::made(it, at)),
            ConversionFlag::Str | ConversionFlag::None => match &spec {
                Some(spec) if !spec.is_empty() => self.formatted(&value, spec, at),
                _ => self.str(&value, at),
            },
        };
        if it.debug_text.is_some() {
            text = None;
        }
        text.unwrap_or_else(|| {
            let shown = self.shown(&it.expression);
            self.hole(at, &format!("{shown} in the string"), why(&value))
        })
    }
}

/// Why a value cannot be written into a string.
pub(super) fn why<'v>(value: &'v Value<'_>) -> &'v str {
    match value {
        Value::Unknown(it) => &it.why,
        Value::Method(it) => match &it.0 {
            Value::Unknown(it) => &it.why,
            other => other.kind(),
        },
        other => other.kind(),
    }
}

/// How many bytes an escape is written with, and how many it is worth. `rest` is what the literal is worth from here.
fn escape(source: &str, rest: &str) -> (usize, usize) {
    let first = rest.chars().next().map_or(0, char::len_utf8);
    let mut letters = source.chars();
    match (letters.next(), letters.next()) {
        (Some('{' | '}'), Some('{' | '}')) => (2, 1),
        // Python reads every line break as `\n`.
        (Some('\r'), Some('\n')) => (2, 1),
        (Some('\r'), _) => (1, 1),
        (Some('\\'), Some('\r')) => (if source[2..].starts_with('\n') { 3 } else { 2 }, 0),
        (Some('\\'), Some('\n')) => (2, 0),
        (Some('\\'), Some('x')) => (4, first),
        (Some('\\'), Some('u')) => (6, first),
        (Some('\\'), Some('U')) => (10, first),
        (Some('\\'), Some('N')) => (source.find('}').map_or(2, |it| it + 1), first),
        (Some('\\'), Some('0'..='7')) => {
            let digits = source[1..].bytes().take(3).take_while(|it| (b'0'..=b'7').contains(it)).count();
            (1 + digits, first)
        }
        (Some('\\'), Some('\\' | '\'' | '"' | 'a' | 'b' | 'f' | 'n' | 'r' | 't' | 'v')) => (2, 1),
        // An escape that is none stays as it is.
        (Some('\\'), Some(it)) => (1 + it.len_utf8(), 1 + it.len_utf8()),
        (Some(it), _) => (it.len_utf8(), first),
        (None, _) => (0, 0),
    }
}

/// The value of a template such as those of `.format()`.
pub(super) fn braces(text: &Text) -> Option<Vec<Piece>> {
    let whole = text.as_str();
    let mut pieces = Vec::new();
    let mut at = 0;
    let mut plain = 0;
    let bytes = whole.as_bytes();
    while at < bytes.len() {
        match bytes[at] {
            b'{' | b'}' if bytes.get(at + 1) == Some(&bytes[at]) => {
                pieces.push(Piece::Plain(plain..at + 1));
                at += 2;
                plain = at;
            }
            b'{' => {
                pieces.push(Piece::Plain(plain..at));
                let end = whole[at..].find('}')? + at;
                pieces.push(Piece::Field(at + 1..end));
                at = end + 1;
                plain = at;
            }
            b'}' => return None,
            _ => at += 1,
        }
    }
    pieces.push(Piece::Plain(plain..whole.len()));
    Some(pieces)
}

/// A piece of a template.
pub(super) enum Piece {
    Plain(std::ops::Range<usize>),
    /// What stands between the braces.
    Field(std::ops::Range<usize>),
}
