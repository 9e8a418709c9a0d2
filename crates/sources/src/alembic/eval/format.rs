//! How values are written into strings: `str`, `repr`, format specifications, `%` and `.format()`.

use super::string::{Piece, braces, why};
use super::{Interpreter, unknown_part};
use crate::alembic::HOLE;
use crate::alembic::args::{Arg, Args};
use crate::alembic::sql::float;
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;

/// Whether an attribute is the `url` of an engine.
pub(super) fn is_address(attribute: &(Value<'_>, String)) -> bool {
    matches!(attribute.0, Value::Connection) && attribute.1 == "url"
}

impl<'a> Interpreter<'a> {
    /// `str(value)`; `None` if it is not known.
    pub(crate) fn str(&mut self, value: &Value<'a>, at: Span) -> Option<Text> {
        match value {
            Value::Str(it) | Value::Final(it) => Some(it.clone()),
            Value::Moment(it) => Some(Text::made(it.iso(' '), at)),
            Value::Object(it) => match it.member {
                // A member of a `str` enum is its value in an f-string; `str()` of a plain one is `Class.MEMBER`.
                Some(_) => it.value.text(),
                None => None,
            },
            Value::Sql(sql) => match &**sql {
                crate::alembic::sql::Sql::Text(text, _) => Some(text.clone()),
                _ => None,
            },
            // An address begins with its dialect; the rest is known where the revision runs.
            Value::Method(it) if is_address(it) => {
                let driver = if self.dialect == "postgresql" { self.surroundings.driver.as_str() } else { "" };
                let plus = if driver.is_empty() { "" } else { "+" };
                Some(Text::made(format!("{}{plus}{driver}://{HOLE}", self.dialect), at))
            }
            other => self.repr(other).map(|it| Text::made(it, at)),
        }
    }

    /// `repr(value)`; `None` if it is not known.
    pub(crate) fn repr(&mut self, value: &Value<'a>) -> Option<String> {
        Some(match value {
            Value::None => "None".to_owned(),
            Value::Bool(it) => if *it { "True" } else { "False" }.to_owned(),
            Value::Int(it) => it.to_string(),
            Value::Float(it) => float(*it),
            Value::Str(it) | Value::Final(it) => quoted(it.as_str()),
            Value::List(_) => format!("[{}]", self.reprs(value)?.join(", ")),
            Value::Tuple(_) => {
                let items = self.reprs(value)?;
                let comma = if items.len() == 1 { "," } else { "" };
                format!("({}{comma})", items.join(", "))
            }
            Value::Dict(entries) => {
                let entries = entries.borrow().clone();
                let mut out = Vec::new();
                for (key, value) in &entries {
                    out.push(format!("{}: {}", self.repr(key)?, self.repr(value)?));
                }
                format!("{{{}}}", out.join(", "))
            }
            _ => return None,
        })
    }

    fn reprs(&mut self, value: &Value<'a>) -> Option<Vec<String>> {
        value.items()?.iter().map(|it| self.repr(it)).collect()
    }

    /// `format(value, spec)`; `None` if it is not known.
    pub(super) fn formatted(&mut self, value: &Value<'a>, spec: &str, at: Span) -> Option<Text> {
        match value {
            Value::Moment(it) => it.format(spec).map(|it| Text::made(it, at)),
            Value::Str(it) | Value::Final(it) => {
                let padded = pad(it.as_str(), spec, '<')?;
                Some(if padded == it.as_str() { it.clone() } else { Text::made(padded, at) })
            }
            Value::Int(it) => number(*it, spec).map(|it| Text::made(it, at)),
            Value::Bool(it) => number(i64::from(*it), spec).map(|it| Text::made(it, at)),
            Value::Float(it) => real(*it, spec).map(|it| Text::made(it, at)),
            Value::Object(it) if it.member.is_some() => {
                let value = it.value.clone();
                self.formatted(&value, spec, at)
            }
            _ => None,
        }
    }

    /// `template.format(…)`.
    pub(super) fn template(&mut self, template: &Text, args: &Args<'a>) -> Value<'a> {
        let Some(pieces) = braces(template) else { return Value::unknown("a template that is not understood") };
        let mut out = Text::default();
        let mut next = 0;
        for piece in pieces {
            let field = match piece {
                Piece::Plain(range) => {
                    out.push(&template.slice(range));
                    continue;
                }
                Piece::Field(range) => range,
            };
            let whole = &template.as_str()[field.clone()];
            let (path, spec) = whole.split_once(':').unwrap_or((whole, ""));
            let (path, conversion) = path.split_once('!').unwrap_or((path, ""));
            let head = path.split(['.', '[']).next().unwrap_or_default();
            let arg: Option<Arg<'a>> = if head.is_empty() {
                next += 1;
                args.positional.get(next - 1).cloned()
            } else if let Ok(at) = head.parse::<usize>() {
                args.positional.get(at).cloned()
            } else {
                args.named.iter().find(|it| it.0 == head).map(|it| it.1.clone())
            };
            let place = arg.as_ref().map_or(args.span, |it| it.span);
            let mut value = match (&arg, &args.open) {
                (Some(arg), _) => arg.value.clone(),
                (None, Some((why, _))) => Value::Unknown(why.clone()),
                (None, None) => Value::unknown("an argument that is missing"),
            };
            for step in path[head.len()..].split(['.', '[']).filter(|it| !it.is_empty()) {
                let name = step.trim_end_matches(']');
                value = if step.ends_with(']') {
                    let key = name.parse().map_or_else(|_| Value::Str(Text::made(name, place)), Value::Int);
                    self.item(&value, &key, place)
                } else {
                    self.attribute(&value, name, place)
                };
            }
            let text = match (conversion, spec) {
                ("r", _) => self.repr(&value).map(|it| Text::made(it, place)),
                (_, "") => self.str(&value, place),
                (_, spec) => self.formatted(&value, spec, place),
            };
            match text {
                Some(text) => out.push(&text),
                None => {
                    let hole = self.hole(place, "a part of the string", why(&value));
                    out.push(&hole);
                }
            }
        }
        Value::Str(out)
    }

    /// `template % values`.
    pub(super) fn percent(&mut self, template: &Value<'a>, values: Value<'a>, at: Span) -> Value<'a> {
        let Value::Str(template) = template else { return unknown_part(template, "%") };
        let mut given = match &values {
            Value::Tuple(items) => items.to_vec(),
            other => vec![other.clone()],
        }
        .into_iter();
        let whole = template.as_str();
        let mut out = Text::default();
        let mut from = 0;
        while let Some(found) = whole[from..].find('%').map(|it| it + from) {
            out.push(&template.slice(from..found));
            let rest = &whole[found + 1..];
            let (name, after) = match rest.strip_prefix('(').and_then(|it| it.split_once(')')) {
                Some((name, after)) => (Some(name), after),
                None => (None, rest),
            };
            let spec: usize = after.bytes().take_while(|it| b"0123456789.-+ #".contains(it)).count();
            let Some(kind) = after[spec..].chars().next() else { break };
            from = whole.len() - after.len() + spec + kind.len_utf8();
            if kind == '%' {
                out.add("%", at);
                continue;
            }
            let value = match name {
                Some(name) => self.item(&values, &Value::Str(Text::made(name, at)), at),
                None => given.next().unwrap_or_else(|| Value::unknown("an argument that is missing")),
            };
            let text = match kind {
                's' => self.str(&value, at),
                'r' => self.repr(&value).map(|it| Text::made(it, at)),
                'd' | 'i' => value.int().and_then(|it| number(it, &after[..spec])).map(|it| Text::made(it, at)),
                'f' => {
                    value.number().and_then(|it| real(it, &format!("{}f", &after[..spec]))).map(|it| Text::made(it, at))
                }
                _ => None,
            };
            match text {
                Some(text) => out.push(&text),
                None => {
                    let hole = self.hole(at, "a part of the string", why(&value));
                    out.push(&hole);
                }
            }
        }
        out.push(&template.slice(from.min(whole.len())..whole.len()));
        Value::Str(out)
    }
}

/// A string as Python's `repr` writes it.
fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') { '"' } else { '\'' };
    let mut out = String::from(quote);
    for letter in text.chars() {
        match letter {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            it if it == quote => out.extend(['\\', it]),
            it => out.push(it),
        }
    }
    out.push(quote);
    out
}

/// Fills `text` up as `[[fill]align][width]` says.
fn pad(text: &str, spec: &str, usual: char) -> Option<String> {
    let mut letters = spec.chars();
    let (first, second) = (letters.next(), letters.next());
    let is_align = |it: Option<char>| it.filter(|it| matches!(it, '<' | '>' | '^'));
    let (fill, align, rest) = match (first, is_align(second), is_align(first)) {
        (Some(fill), Some(align), _) => (fill, align, &spec[fill.len_utf8() + 1..]),
        (_, None, Some(align)) => (' ', align, &spec[1..]),
        _ => (' ', usual, spec),
    };
    let (fill, rest) = match rest.strip_prefix('0') {
        Some(rest) if !rest.is_empty() => ('0', rest),
        _ => (fill, rest),
    };
    let rest = rest.trim_end_matches('s');
    let width = if rest.is_empty() { 0 } else { rest.parse::<usize>().ok().filter(|&it| it <= 10_000)? };
    let missing = width.saturating_sub(text.chars().count());
    let fills = |count: usize| fill.to_string().repeat(count);
    Some(match align {
        '<' => format!("{text}{}", fills(missing)),
        '>' => format!("{}{text}", fills(missing)),
        _ => format!("{}{text}{}", fills(missing / 2), fills(missing - missing / 2)),
    })
}

fn number(it: i64, spec: &str) -> Option<String> {
    let (spec, text) = match spec.char_indices().next_back() {
        Some((at, 'd')) => (&spec[..at], it.to_string()),
        Some((at, 'x')) => (&spec[..at], format!("{it:x}")),
        Some((at, 'X')) => (&spec[..at], format!("{it:X}")),
        Some((at, 'b')) => (&spec[..at], format!("{it:b}")),
        Some((at, 'f')) => return real(it as f64, &format!("{}f", &spec[..at])),
        Some((at, ',')) => {
            let digits = it.unsigned_abs().to_string();
            let mut grouped = String::new();
            for (place, digit) in digits.chars().enumerate() {
                if place > 0 && (digits.len() - place).is_multiple_of(3) {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            (&spec[..at], if it < 0 { format!("-{grouped}") } else { grouped })
        }
        _ => (spec, it.to_string()),
    };
    pad(&text, spec, '>')
}

fn real(it: f64, spec: &str) -> Option<String> {
    if spec.is_empty() {
        return Some(float(it));
    }
    let spec = spec.strip_suffix('f')?;
    let (width, places) = spec.split_once('.').unwrap_or((spec, "6"));
    let places = places.parse::<usize>().ok().filter(|&it| it <= 100)?;
    pad(&format!("{it:.places$}"), width, '>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_filled_up() {
        assert_eq!(number(7, "02d").as_deref(), Some("07"));
        assert_eq!(number(2025, "04d").as_deref(), Some("2025"));
        assert_eq!(number(7, "03").as_deref(), Some("007"));
        assert_eq!(number(1234567, ",").as_deref(), Some("1,234,567"));
        assert_eq!(real(1.5, ".2f").as_deref(), Some("1.50"));
    }

    #[test]
    fn strings_are_quoted_as_python_does() {
        assert_eq!(quoted("it's"), "\"it's\"");
        assert_eq!(quoted("a\"'"), "'a\"\\''");
    }
}
