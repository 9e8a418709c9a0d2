//! `jsonb` as the server writes it: keys by length, then by bytes, the last of equal ones; `jsonb_out`.

use lockkeeper_syntax::Arrange;
use std::fmt::Write;

/// How deep values are followed.
const DEEPEST: usize = 64;

/// The text in the server's form; none where it is not JSON, or of a form that is not followed: escapes in keys and beyond
/// the plain ones in strings, numbers with exponents.
pub(super) fn canonical(text: &str) -> Option<String> {
    let mut reader = Reader { rest: text };
    let mut out = String::new();
    reader.value(&mut out, 0)?;
    reader.blank();
    reader.rest.is_empty().then_some(out)
}

/// Whether the text begins as a value does.
pub(super) fn may_be_json(text: &str) -> bool {
    text.starts_with(|it: char| it.is_ascii_digit() || "{[\"-tfn".contains(it))
}

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn blank(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// Whether the next sign is this one, which is then passed.
    fn passes(&mut self, sign: &str) -> bool {
        self.blank();
        let rest = self.rest.strip_prefix(sign);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    fn value(&mut self, out: &mut String, depth: usize) -> Option<()> {
        if depth > DEEPEST {
            return None;
        }
        if self.passes("{") {
            let mut members: Vec<(&str, String)> = Vec::new();
            while !self.passes("}") {
                (members.is_empty() || self.passes(",")).then_some(())?;
                let key = self.string().filter(|it| !it.contains('\\'))?;
                self.passes(":").then_some(())?;
                let mut value = String::new();
                self.value(&mut value, depth + 1)?;
                match members.iter_mut().find(|it| it.0 == key) {
                    Some(member) => member.1 = value,
                    None => members.push((key, value)),
                }
            }
            members.arrange_by_key(|it| (it.0.len(), it.0));
            let members: Vec<String> = members.iter().map(|(key, value)| format!("\"{key}\": {value}")).collect();
            let _ = write!(out, "{{{}}}", members.join(", "));
        } else if self.passes("[") {
            out.push('[');
            while !self.passes("]") {
                if !out.ends_with('[') {
                    self.passes(",").then_some(())?;
                    out.push_str(", ");
                }
                let mut value = String::new();
                self.value(&mut value, depth + 1)?;
                out.push_str(&value);
            }
            out.push(']');
        } else if self.rest.starts_with('"') {
            let _ = write!(out, "\"{}\"", self.string()?);
        } else {
            let end = self.rest.find(|it: char| !it.is_ascii_alphanumeric() && !"+-.".contains(it));
            let (word, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
            let is_number = |it: &str| {
                let size = it.strip_prefix('-').unwrap_or(it);
                let (whole, fraction) = size.split_once('.').unwrap_or((size, "0"));
                let digits = |it: &str| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit());
                digits(whole) && digits(fraction) && (whole == "0" || !whole.starts_with('0')) && it != "-0"
            };
            (matches!(word, "true" | "false" | "null") || is_number(word)).then_some(())?;
            out.push_str(word);
            self.rest = rest;
        }
        Some(())
    }

    /// What stands between quotes, if the server writes it as it is.
    fn string(&mut self) -> Option<&'t str> {
        self.passes("\"").then_some(())?;
        let mut escaped = false;
        let end = self.rest.bytes().position(|it| {
            let ends = it == b'"' && !escaped;
            escaped = it == b'\\' && !escaped;
            ends
        })?;
        let (text, rest) = self.rest.split_at(end);
        self.rest = &rest[1..];
        let mut bytes = text.bytes();
        while let Some(byte) = bytes.next() {
            let kept = match byte {
                b'\\' => bytes.next().is_some_and(|it| b"\"\\bfnrt".contains(&it)),
                _ => byte >= b' ',
            };
            kept.then_some(())?;
        }
        Some(text)
    }
}

#[cfg(test)]
mod tests {
    use super::canonical;

    #[test]
    fn keys_have_the_order_of_the_server() {
        let of = |text| canonical(text);
        assert_eq!(
            of(r#"{"w":4,"aa":[],"b" : {"x":null}}"#).as_deref(),
            Some(r#"{"b": {"x": null}, "w": 4, "aa": []}"#)
        );
        assert_eq!(of("[1,[[]],\n\"a\\n\"]").as_deref(), Some(r#"[1, [[]], "a\n"]"#));
        assert_eq!(of(r#"{"a":1,"a":-0.50}"#).as_deref(), Some(r#"{"a": -0.50}"#));
        assert_eq!(of(" {} ").as_deref(), Some("{}"));
        let not_followed = ["", "{", "[1,]", "[,1]", "{\"a\"}", "1e3", "01", "a", "1 2", r#"["\u0041"]"#, "-0"];
        assert!(not_followed.iter().all(|it| of(it).is_none()));
    }
}
