//! Templates in SQL: what a tool fills in before it sends the text.
//!
//! A placeholder becomes an identifier of the same length, so that the statement around it can be read: `${x}`
//! (Flyway, Liquibase, goose), `{{ .x }}` (tern, pop), `@extschema@` (extensions), `%(x)s` (Python), `:SCHEMA` (Graphile
//! Migrate, and psql, which leaves bodies alone). What only
//! controls the template (`{{ if … }}`, `{% … %}`) becomes blanks; of two branches the one for PostgreSQL stays, or else
//! the first. In strings and quoted names a placeholder hinders nothing, unless it holds quotes itself.

use lockkeeper_syntax::Span;
use std::ops::Range;

/// A text whose templates are filled in.
pub(crate) struct Filled {
    /// As long as the original; lines stay lines.
    pub(crate) text: String,
    /// Where something was filled in.
    pub(crate) holes: Vec<Span>,
}

/// Fills in the templates of a text; `None` if it has none.
pub(crate) fn fill(text: &str) -> Option<Filled> {
    let is_plain = !["${", "{{", "{%", "%("].iter().any(|it| text.contains(it));
    if is_plain && text.matches('@').nth(1).is_none() && !has_capitals(text.as_bytes()) {
        return None;
    }
    let mut filler =
        Filler { source: text.as_bytes(), out: text.as_bytes().to_vec(), holes: Vec::new(), open: Vec::new() };
    filler.run(0..text.len());
    let Filler { out, holes, .. } = filler;
    if holes.is_empty() {
        return None;
    }
    // Bytes beyond ASCII were replaced one by one within a hole, and whole holes only.
    let text = String::from_utf8(out).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Some(Filled { text, holes })
}

/// The identifier that stands for a placeholder where the statement around it is read.
pub fn stand_in(placeholder: &str) -> String {
    placeholder.bytes().map(|it| char::from(stand_in_byte(it))).collect()
}

fn stand_in_byte(byte: u8) -> u8 {
    if byte.is_ascii_alphanumeric() { byte.to_ascii_lowercase() } else { b'_' }
}

struct Filler<'a> {
    source: &'a [u8],
    out: Vec<u8>,
    holes: Vec<Span>,
    /// The conditions and loops that are open.
    open: Vec<Block>,
}

struct Block {
    /// Where its first branch begins, and its second, if there is one.
    first: usize,
    second: Option<usize>,
    /// Whether the condition asks for another database server.
    foreign: bool,
}

/// Something in a template.
struct Found<'a> {
    length: usize,
    control: Option<&'a str>,
}

impl Filler<'_> {
    fn run(&mut self, range: Range<usize>) {
        let source = self.source;
        let mut at = range.start;
        while at < range.end {
            let rest = &source[at..range.end];
            let capitals = capitals(source, at).map(|length| Found { length, control: None });
            if let Some(found) = capitals.or_else(|| found(rest)) {
                self.take(at, &found);
                at += found.length;
                continue;
            }
            at += match rest[0] {
                b'-' if rest.starts_with(b"--") => rest.iter().position(|it| *it == b'\n').unwrap_or(rest.len()),
                b'/' if rest.starts_with(b"/*") => find(rest, 2, b"*/").map_or(rest.len(), |it| it + 2),
                quote @ (b'\'' | b'"') => {
                    let escapes = quote == b'\'' && at > range.start && source[at - 1].eq_ignore_ascii_case(&b'E');
                    self.quoted(at, rest, quote, escapes)
                }
                b'$' => {
                    let (tag, length) = dollar(rest);
                    if length > tag {
                        self.run(at + tag..at + length - tag);
                    }
                    length
                }
                _ => 1,
            };
        }
    }

    /// Goes past a quoted text. What stands in braces there may hold quotes of its own, so it is filled in too.
    fn quoted(&mut self, start: usize, text: &[u8], quote: u8, escapes: bool) -> usize {
        let mut at = 1;
        while let Some(&byte) = text.get(at) {
            match byte {
                b'\\' if escapes => at += 2,
                b'{' if text[at..].starts_with(b"{{") => match found(&text[at..]) {
                    Some(found) => {
                        self.take(start + at, &found);
                        at += found.length;
                    }
                    None => at += 1,
                },
                _ if byte == quote => return at + 1,
                _ => at += 1,
            }
        }
        text.len()
    }

    fn take(&mut self, at: usize, found: &Found<'_>) {
        let end = at + found.length;
        self.holes.push(Span::new(at as u32, end as u32));
        let Some(words) = found.control else {
            self.out[at..end].iter_mut().for_each(|it| *it = stand_in_byte(*it));
            return;
        };
        self.blank(at..end);
        let mut words = words.split_ascii_whitespace();
        match words.next().unwrap_or_default() {
            "if" | "range" | "with" | "for" | "unless" => {
                let foreign = is_foreign(words);
                self.open.push(Block { first: end, second: None, foreign });
            }
            "else" | "elif" | "elsif" => {
                if let Some(block) = self.open.last_mut() {
                    block.second.get_or_insert(at);
                }
            }
            "end" | "endif" | "endfor" => {
                let Some(block) = self.open.pop() else { return };
                let second = block.second.unwrap_or(at);
                self.blank(if block.foreign { block.first..second } else { second..at });
            }
            _ => {}
        }
    }

    fn blank(&mut self, range: Range<usize>) {
        for byte in &mut self.out[range] {
            if !matches!(byte, b'\n' | b'\r') {
                *byte = b' ';
            }
        }
    }
}

/// Whether a condition asks for a server that is not PostgreSQL.
fn is_foreign<'w>(words: impl Iterator<Item = &'w str>) -> bool {
    let words: Vec<&str> = words.map(|it| it.trim_matches(|it: char| !it.is_ascii_alphanumeric())).collect();
    let named = words.iter().find_map(|it| crate::engine::of_word(it));
    let negated = words.iter().any(|it| matches!(*it, "ne" | "not"));
    named.is_some_and(|it| (it == crate::engine::Engine::Postgres) == negated)
}

fn find(text: &[u8], from: usize, needle: &[u8]) -> Option<usize> {
    text.get(from..)?.windows(needle.len()).position(|it| it == needle).map(|it| from + it)
}

/// What of a template stands at the start of `text`.
fn found(text: &[u8]) -> Option<Found<'_>> {
    let line = || &text[..text.iter().position(|it| *it == b'\n').unwrap_or(text.len())];
    let name = |it: &[u8]| !it.is_empty() && it.iter().all(|it| it.is_ascii_alphanumeric() || b"_.:- ".contains(it));
    let placeholder = |length: usize| Found { length, control: None };
    match text {
        [b'$', b'{', ..] => {
            let end = find(line(), 2, b"}")?;
            name(&text[2..end]).then(|| placeholder(end + 1))
        }
        [b'{', b'{', ..] => {
            let end = find(text, 2, b"}}")?;
            let words =
                std::str::from_utf8(&text[2..end]).ok()?.trim_matches(|it: char| it == '-' || it.is_whitespace());
            Some(Found { length: end + 2, control: controls(words).then_some(words) })
        }
        [b'{', b'%', ..] => {
            let end = find(text, 2, b"%}")?;
            let words =
                std::str::from_utf8(&text[2..end]).ok()?.trim_matches(|it: char| it == '-' || it.is_whitespace());
            Some(Found { length: end + 2, control: Some(words) })
        }
        [b'%', b'(', ..] => {
            let end = find(line(), 2, b")")?;
            let kind = text.get(end + 1).is_some_and(|it| matches!(it, b's' | b'd' | b'i'));
            let ends = text.get(end + 2).is_none_or(|it| !it.is_ascii_alphanumeric());
            (name(&text[2..end]) && !text[2..end].contains(&b' ') && kind && ends).then(|| placeholder(end + 2))
        }
        [b'@', first, ..] if first.is_ascii_alphabetic() => {
            let end = find(line(), 1, b"@")?;
            (name(&text[1..end]) && !text[1..end].contains(&b' ')).then(|| placeholder(end + 1))
        }
        _ => None,
    }
}

/// The length of `:NAME` at a place, in capitals. `a::TEXT` is a cast to something else, `a[1:N]` a slice.
fn capitals(text: &[u8], at: usize) -> Option<usize> {
    let rest = text[at..].strip_prefix(b":")?;
    let before = at.checked_sub(1).map_or(b' ', |it| text[it]);
    let part = |it: &&u8| it.is_ascii_uppercase() || it.is_ascii_digit() || **it == b'_';
    let length = rest.iter().take_while(part).count();
    let next = rest.get(length).copied().unwrap_or_default();
    let is_name = length > 1 && rest[0].is_ascii_uppercase() && !next.is_ascii_lowercase() && next != b':';
    let is_part = before.is_ascii_alphanumeric() || b":_)]\"".contains(&before);
    // `::` before it casts to it.
    (is_name && (!is_part || text[..at].ends_with(b"::"))).then_some(length + 1)
}

fn has_capitals(text: &[u8]) -> bool {
    text.iter().enumerate().any(|(at, it)| *it == b':' && capitals(text, at).is_some())
}

/// Whether the words in `{{ … }}` put nothing into the text themselves.
fn controls(words: &str) -> bool {
    let first = words.split_ascii_whitespace().next().unwrap_or_default();
    let known = ["if", "else", "end", "range", "with", "define", "block", "template", "include", "break", "continue"];
    known.contains(&first) || words.starts_with("/*") || words.split_ascii_whitespace().nth(1) == Some(":=")
}

/// How many bytes the string, quoted name, body, comment or other character at the start of `text` takes.
pub(crate) fn lexeme(text: &[u8]) -> usize {
    match text {
        [b'-', b'-', ..] => text.iter().position(|it| *it == b'\n').unwrap_or(text.len()),
        [b'/', b'*', ..] => find(text, 2, b"*/").map_or(text.len(), |it| it + 2),
        [quote @ (b'\'' | b'"'), ..] => find(text, 1, &[*quote]).map_or(text.len(), |it| it + 1),
        [b'$', ..] => dollar(text).1,
        _ => 1,
    }
}

/// Of `$tag$ … $tag$` the length of the tag and of the whole; of a lone dollar sign (1, 1).
fn dollar(text: &[u8]) -> (usize, usize) {
    let word = text[1..].iter().take_while(|it| it.is_ascii_alphanumeric() || **it == b'_').count();
    let tag = word + 2;
    if text.get(word + 1) != Some(&b'$') {
        return (1, 1);
    }
    match find(text, tag, &text[..tag]) {
        Some(end) => (tag, end + tag),
        None => (tag, tag),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn filled(text: &str) -> String {
        fill(text).map_or_else(|| text.to_owned(), |it| it.text)
    }

    #[test]
    fn placeholders_become_names() {
        assert_eq!(filled("DROP TABLE ${Schema}.t;"), "DROP TABLE __schema_.t;");
        assert_eq!(filled("ALTER TABLE {{ .S }}.t"), "ALTER TABLE ____s___.t");
        assert_eq!(filled("SELECT @extschema@.f(%(id)s)"), "SELECT _extschema_.f(__id_s)");
    }

    #[test]
    fn strings_comments_and_operators_are_left_alone() {
        let texts = ["SELECT '${x}', \"${y}\" -- ${z}\n", "a @> b AND c <@ d", "SELECT 10 %(a) + b", "/* @x@ */", "{}"];
        let casts = ["a::TEXT", "a[1:N]", "a[I :N]", "x := Y", "':SCHEMA'", "f(a =>:B)"];
        for text in texts.iter().chain(&casts) {
            assert_eq!(filled(text), *text);
        }
    }

    #[test]
    fn braces_in_quotes_hold_quotes_of_their_own() {
        assert_eq!(filled("SELECT \"{{ index \"a\" }}\".t;"), "SELECT \"___index__a____\".t;");
    }

    #[test]
    fn bodies_are_looked_into() {
        assert_eq!(filled("DO $$ it's ${x} $$; SELECT ${y};"), "DO $$ it's ${x} $$; SELECT __y_;");
        assert_eq!(filled("DO $a$ f(${x}) $a$"), "DO $a$ f(__x_) $a$");
        assert_eq!(filled("DO $a$ DROP TABLE :SCHEMA.t $a$"), "DO $a$ DROP TABLE _schema.t $a$");
        assert_eq!(filled("SELECT f():::SCHEMA.t"), "SELECT f()::_schema.t");
    }

    #[test]
    fn of_two_branches_the_one_for_postgresql_stays() {
        assert_eq!(filled("{{ if .a }}x{{ else }}y{{ end }}z").trim_start(), "x                    z");
        assert_eq!(filled("{{ if eq .Dialect \"mysql\" }}x{{else}}y{{end}}").trim(), "y");
        assert_eq!(filled("{{- if eq .Dialect.Name \"postgres\" -}}x{{end}}").trim(), "x");
        assert_eq!(filled("{{ template \"a.sql\" . }}").trim(), "");
    }

    proptest! {
        #[test]
        fn lengths_and_lines_stay(text in "([$@%{}()'a-z\" \n-]|\\$\\{x\\}|\\{\\{|\\}\\}|if |end|ø){0,60}") {
            if let Some(filled) = fill(&text) {
                prop_assert_eq!(filled.text.len(), text.len());
                prop_assert_eq!(filled.text.matches('\n').count() <= text.matches('\n').count(), true);
            }
        }
    }
}
