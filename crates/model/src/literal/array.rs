//! Arrays as the server writes them; `array_out`.

use super::canonical;
use crate::analysis::Type;

/// The text in the server's form; none where it is of a form that is not followed.
pub(super) fn rewritten(of: &Type, text: &str) -> Option<String> {
    let mut reader = text.trim_start().chars().peekable();
    let mut out = String::new();
    (reader.next() == Some('{')).then_some(())?;
    let mut elements = 0;
    out.push('{');
    loop {
        while reader.next_if(|it| it.is_ascii_whitespace()).is_some() {}
        match reader.peek()? {
            '}' if elements == 0 => break,
            // Arrays in arrays, and what escapes outside of quotes mean.
            '{' | ',' | '\\' | '}' => return None,
            _ => {}
        }
        let quoted = reader.next_if_eq(&'"').is_some();
        let mut element = String::new();
        while let Some(it) = reader.next_if(|it| if quoted { *it != '"' } else { !",}".contains(*it) }) {
            match it {
                '\\' if quoted => element.push(reader.next()?),
                '\\' | '"' | '{' => return None,
                _ => element.push(it),
            }
        }
        if quoted {
            reader.next()?;
            while reader.next_if(|it| it.is_ascii_whitespace()).is_some() {}
        } else {
            element.truncate(element.trim_end().len());
        }
        if elements > 0 {
            out.push(',');
        }
        elements += 1;
        match !quoted && element.eq_ignore_ascii_case("null") {
            true => out.push_str("NULL"),
            false => out.push_str(&in_quotes(&canonical(of, &element).ok()?)),
        }
        match reader.next()? {
            ',' if reader.peek().is_some_and(|it| *it != '}') => {}
            '}' => return ends(reader).then(|| out + "}"),
            _ => return None,
        }
    }
    reader.next();
    ends(reader).then(|| out + "}")
}

fn ends(mut rest: impl Iterator<Item = char>) -> bool {
    rest.all(|it| it.is_ascii_whitespace())
}

/// An element, in quotes where it could be read as something else.
fn in_quotes(element: &str) -> String {
    let special = |it: char| it.is_ascii_whitespace() || "{},\"\\".contains(it);
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
        assert_eq!(rewritten(&Type::builtin("int4"), "{01,2}").as_deref(), Some("{1,2}"));
        let not_followed = ["", "{", "{a", "{a,}", "{{a}}", "{a\\b}", "a", "{a}b", "{a\"b\"}", "[1:1]={a}"];
        assert!(not_followed.iter().all(|it| of(it).is_none()));
    }
}
