//! Parameters in the text of a statement: `:name`.

use std::ops::Range;

/// A parameter in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Parameter {
    /// `:name`, where `name` is this range.
    Named(Range<usize>),
    /// The backslash of `\:`, which is dropped.
    Escape(usize),
}

/// Finds what `sqlalchemy.text()` takes for a parameter: `(?<![:\w\\]):([\w\$]+)(?![:\w\$])`, and `\:`.
pub(crate) fn parameters(text: &str) -> Vec<Parameter> {
    let word = |it: char| it.is_alphanumeric() || it == '_';
    let mut found = Vec::new();
    let mut last: Option<char> = None;
    let mut from = 0;
    while let Some(at) = text[from..].find(':').map(|it| it + from) {
        let before = text[..at].chars().next_back().filter(|_| at > 0);
        last = before.or(last);
        let rest = &text[at + 1..];
        let length: usize = rest.chars().take_while(|&it| word(it) || it == '$').map(char::len_utf8).sum();
        let after = rest[length..].chars().next();
        match before {
            Some('\\') if after != Some(':') => found.push(Parameter::Escape(at - 1)),
            Some(it) if it == ':' || it == '\\' || word(it) => {}
            _ if length > 0 && after != Some(':') => found.push(Parameter::Named(at + 1..at + 1 + length)),
            _ => {}
        }
        from = at + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> Vec<&str> {
        let all = parameters(text).into_iter();
        all.filter_map(|it| if let Parameter::Named(range) = it { Some(&text[range]) } else { None }).collect()
    }

    #[test]
    fn a_colon_before_a_word_is_a_parameter() {
        assert_eq!(named("UPDATE t SET a = :a WHERE b=:b_1"), ["a", "b_1"]);
        assert_eq!(named(r#"SELECT '{"a":1}'"#), ["1"]);
        assert_eq!(named("SELECT 'x'::text, a[1:2], '12:30', :: a, x:y:"), [""; 0] as [&str; 0]);
    }

    #[test]
    fn a_backslash_keeps_the_colon() {
        assert_eq!(parameters(r"SELECT '\:a'"), [Parameter::Escape(8)]);
    }
}
