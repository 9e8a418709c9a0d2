//! Arrays as text; `array_in` and `array_out` in `src/backend/utils/adt/arrayfuncs.c`.

use super::canonical;
use crate::analysis::Type;
use std::iter::Peekable;
use std::str::Chars;

/// What stands between the braces of an array.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Item {
    /// An array inside.
    Array(Vec<Item>),
    /// A value; none is NULL.
    Value(Option<String>),
}

/// Why a text is not read as an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unread {
    /// The server refuses it.
    Malformed,
    /// It is of a form that is not followed: with bounds, or with empty arrays inside.
    Untold,
}

/// The items of an array.
pub(crate) fn items(text: &str) -> Result<Vec<Item>, Unread> {
    let text = text.trim_start_matches(is_space);
    if text.starts_with('[') {
        return Err(Unread::Untold);
    }
    let mut reader = Reader { rest: text.chars().peekable(), untold: false };
    let items = reader.array()?;
    if !reader.rest.all(is_space) {
        return Err(Unread::Malformed);
    }
    let mut sizes = Vec::new();
    match even(&items, 0, &mut sizes) {
        _ if reader.untold => Err(Unread::Untold),
        true => Ok(items),
        false => Err(Unread::Malformed),
    }
}

/// The values of an array, however deep.
pub(crate) fn values(items: &[Item]) -> Vec<&str> {
    let mut all = Vec::new();
    for item in items {
        match item {
            Item::Array(items) => all.extend(values(items)),
            Item::Value(value) => all.extend(value.as_deref()),
        }
    }
    all
}

/// The text in the server's form; none where it is of a form that is not followed.
pub(super) fn rewritten(of: &Type, text: &str) -> Option<String> {
    written(of, &items(text).ok()?)
}

fn written(of: &Type, items: &[Item]) -> Option<String> {
    let parts: Option<Vec<String>> = items
        .iter()
        .map(|it| match it {
            Item::Array(items) => written(of, items),
            Item::Value(None) => Some("NULL".to_owned()),
            Item::Value(Some(value)) => Some(in_quotes(&canonical(of, value).ok()?)),
        })
        .collect();
    Some(format!("{{{}}}", parts?.join(",")))
}

/// Whether all arrays of one depth are of one length, and hold either arrays or values.
fn even(items: &[Item], depth: usize, sizes: &mut Vec<(usize, bool)>) -> bool {
    let arrays = matches!(items.first(), Some(Item::Array(_)));
    match sizes.get(depth) {
        Some(size) if *size != (items.len(), arrays) => return false,
        Some(_) => {}
        None => sizes.push((items.len(), arrays)),
    }
    items.iter().all(|it| match it {
        Item::Array(items) => arrays && even(items, depth + 1, sizes),
        Item::Value(_) => !arrays,
    })
}

struct Reader<'t> {
    rest: Peekable<Chars<'t>>,
    untold: bool,
}

impl Reader<'_> {
    fn array(&mut self) -> Result<Vec<Item>, Unread> {
        let mut items = Vec::new();
        self.expect('{')?;
        self.skip_space();
        if self.rest.next_if_eq(&'}').is_some() {
            return Ok(items);
        }
        loop {
            items.push(self.item()?);
            self.skip_space();
            match self.rest.next() {
                Some(',') => self.skip_space(),
                Some('}') => return Ok(items),
                _ => return Err(Unread::Malformed),
            }
        }
    }

    fn item(&mut self) -> Result<Item, Unread> {
        match self.rest.peek() {
            Some('{') => {
                let items = self.array()?;
                self.untold |= items.is_empty();
                Ok(Item::Array(items))
            }
            Some('"') => self.quoted(),
            _ => self.bare(),
        }
    }

    fn quoted(&mut self) -> Result<Item, Unread> {
        self.expect('"')?;
        let mut value = String::new();
        loop {
            match self.rest.next() {
                Some('"') => return Ok(Item::Value(Some(value))),
                Some('\\') => value.push(self.rest.next().ok_or(Unread::Malformed)?),
                Some(it) => value.push(it),
                None => return Err(Unread::Malformed),
            }
        }
    }

    /// A value without quotes: white space around it does not count, unless it is escaped.
    fn bare(&mut self) -> Result<Item, Unread> {
        let mut value = String::new();
        let (mut kept, mut escaped) = (0, false);
        while let Some(it) = self.rest.next_if(|it| !",}".contains(*it)) {
            match it {
                '"' | '{' => return Err(Unread::Malformed),
                '\\' => {
                    value.push(self.rest.next().ok_or(Unread::Malformed)?);
                    (kept, escaped) = (value.len(), true);
                }
                _ => {
                    value.push(it);
                    if !is_space(it) {
                        kept = value.len();
                    }
                }
            }
        }
        value.truncate(kept);
        if value.is_empty() {
            return Err(Unread::Malformed);
        }
        Ok(Item::Value(Some(value).filter(|it| escaped || !it.eq_ignore_ascii_case("null"))))
    }

    fn expect(&mut self, wanted: char) -> Result<(), Unread> {
        self.rest.next_if_eq(&wanted).map(|_| ()).ok_or(Unread::Malformed)
    }

    fn skip_space(&mut self) {
        while self.rest.next_if(|it| is_space(*it)).is_some() {}
    }
}

/// `scanner_isspace`, and what `array_isspace` counts too.
fn is_space(it: char) -> bool {
    it.is_ascii_whitespace() || it == '\x0b'
}

/// An element, in quotes where it could be read as something else.
fn in_quotes(element: &str) -> String {
    let special = |it: char| is_space(it) || "{},\"\\".contains(it);
    if !element.is_empty() && !element.contains(special) && !element.eq_ignore_ascii_case("null") {
        return element.to_owned();
    }
    format!("\"{}\"", element.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_have_quotes_where_they_need_them() {
        let of = |text| rewritten(&Type::builtin("text"), text);
        assert_eq!(of("{a, b}").as_deref(), Some("{a,b}"));
        assert_eq!(of(" { \"a b\" , \"c\", null, \"null\" } ").as_deref(), Some("{\"a b\",c,NULL,\"null\"}"));
        assert_eq!(of(r#"{"a\"b\\", ""}"#).as_deref(), Some(r#"{"a\"b\\",""}"#));
        assert_eq!(of("{ }").as_deref(), Some("{}"));
        assert_eq!(of("{{a, b}, { c ,d}}").as_deref(), Some("{{a,b},{c,d}}"));
        assert_eq!(of(r"{a\b, \null, x\ }").as_deref(), Some(r#"{ab,"null","x "}"#));
        assert_eq!(rewritten(&Type::builtin("int4"), "{01,2}").as_deref(), Some("{1,2}"));
        let not_followed = ["[1:1]={a}", "{{},{}}"];
        assert!(not_followed.iter().all(|it| items(it) == Err(Unread::Untold)));
    }

    #[test]
    fn what_is_no_array_is_refused() {
        let malformed = [
            "",
            "{",
            "{a",
            "{a,}",
            "{,a}",
            "a",
            "{a}b",
            "{a\"b\"}",
            "{\"b\"a}",
            "{a{b}}",
            "{{a},b}",
            "{a,{b}}",
            "{{a},{b,c}}",
            "{a\\",
        ];
        for text in malformed {
            assert_eq!(items(text), Err(Unread::Malformed), "{text}");
        }
    }
}
