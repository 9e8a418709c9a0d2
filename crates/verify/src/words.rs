//! The words of a statement: enough to know its kind and the names it mentions. Everything else about SQL is left to the server.

/// A bare word (folded to lower case) or a quoted identifier (as written), in order. Strings, numbers, comments and
/// punctuation are left out.
pub(crate) fn words(sql: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = sql;
    while let Some(first) = rest.chars().next() {
        rest = if rest.starts_with("--") {
            after(rest, "\n")
        } else if rest.starts_with("/*") {
            after_comment(rest)
        } else if first == '\'' {
            after_quoted(rest, '\'').1
        } else if first == '"' {
            let (name, next) = after_quoted(rest, '"');
            words.push(name.replace("\"\"", "\""));
            next
        } else if first == '$'
            && let Some(next) = after_dollar_quoted(rest)
        {
            next
        } else if rest.starts_with("e'") || rest.starts_with("E'") {
            after_escaped(&rest[2..])
        } else {
            take_word(rest, |c| c.is_ascii_digit() || c == '$', &mut words)
        };
    }
    words
}

/// Every word, those in strings and bodies too; only comments are left out.
pub(crate) fn all_words(sql: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut rest = sql;
    while !rest.is_empty() {
        rest = if rest.starts_with("--") {
            after(rest, "\n")
        } else if rest.starts_with("/*") {
            after_comment(rest)
        } else {
            // A `$` ends a word here: the tag of a body stands beside its first one.
            take_word(rest, |c| c.is_ascii_digit(), &mut words)
        };
    }
    words
}

/// Goes past the bare word at the start of the text, or past one character if none starts there.
fn take_word<'a>(text: &'a str, also: impl Fn(char) -> bool, words: &mut Vec<String>) -> &'a str {
    if !text.starts_with(is_word_start) {
        return text.chars().next().map_or("", |it| &text[it.len_utf8()..]);
    }
    let end = text.find(|c| !is_word_start(c) && !also(c)).unwrap_or(text.len());
    words.push(text[..end].to_lowercase());
    &text[end..]
}

fn is_word_start(c: char) -> bool {
    c.is_ascii_alphabetic() || c == '_' || !c.is_ascii()
}

fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.find(end).map_or("", |at| &text[at + end.len()..])
}

/// Block comments nest, unlike those of the SQL standard's older editions.
fn after_comment(text: &str) -> &str {
    let mut depth = 0_u32;
    let mut rest = text;
    loop {
        if let Some(inner) = rest.strip_prefix("/*") {
            (depth, rest) = (depth + 1, inner);
        } else if let Some(outer) = rest.strip_prefix("*/") {
            (depth, rest) = (depth - 1, outer);
            if depth == 0 {
                return rest;
            }
        } else {
            let Some(c) = rest.chars().next() else { return "" };
            rest = &rest[c.len_utf8()..];
        }
    }
}

/// The text between two quotes (a doubled quote stays inside), and what follows.
fn after_quoted(text: &str, quote: char) -> (&str, &str) {
    let body = &text[1..];
    let mut from = 0;
    while let Some(at) = body[from..].find(quote).map(|at| from + at) {
        if body[at + 1..].starts_with(quote) {
            from = at + 2;
        } else {
            return (&body[..at], &body[at + 1..]);
        }
    }
    (body, "")
}

/// What follows an `E'…'` string, where a backslash may hide a quote.
fn after_escaped(body: &str) -> &str {
    let mut escaped = false;
    for (at, c) in body.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' => return &body[at + 1..],
            _ => {}
        }
    }
    ""
}

fn after_dollar_quoted(text: &str) -> Option<&str> {
    let end = text[1..].find('$')? + 2;
    let tag = &text[..end];
    let name = &tag[1..end - 1];
    let is_tag = name.chars().all(|c| is_word_start(c) || c.is_ascii_digit());
    (is_tag && !name.starts_with(|c: char| c.is_ascii_digit())).then(|| after(&text[end..], tag))
}

/// What a statement means for the transaction around it. Read off its first words; the server itself says nothing of the kind
/// before it runs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// `BEGIN`, `START TRANSACTION`.
    Begin,
    /// `COMMIT`, `END`, `ROLLBACK`, `ABORT`, `PREPARE TRANSACTION`: the transaction is over, whatever the answer.
    End,
    /// The same with `AND CHAIN`: over, and the next one is open.
    EndAndChain,
    /// `ROLLBACK TO`: may mend an aborted transaction and gives locks back.
    RollbackTo,
    /// `SET`, `RESET`, `SHOW`: takes no lock, and no query may come between `BEGIN` and `SET TRANSACTION`.
    Setting,
    /// Refused outside a transaction block (25P01), so it must not be wrapped in one: `LOCK`, `SAVEPOINT`, `RELEASE`, `DECLARE`.
    NeedsBlock,
    /// Wants rows from the client.
    CopyFromStdin,
    /// Everything else.
    Ordinary,
}

/// The kind of the statement with these words.
pub(crate) fn kind(words: &[String]) -> Kind {
    let has = |word: &str| words.iter().any(|it| it == word);
    let second = words.get(1).map(String::as_str);
    match words.first().map(String::as_str) {
        Some("begin") => Kind::Begin,
        Some("start") if second == Some("transaction") => Kind::Begin,
        Some("rollback" | "abort") if has("to") => Kind::RollbackTo,
        Some("commit" | "rollback") if second == Some("prepared") => Kind::Ordinary,
        Some("commit" | "end" | "rollback" | "abort") => {
            if has("chain") && !has("no") {
                Kind::EndAndChain
            } else {
                Kind::End
            }
        }
        Some("prepare") if second == Some("transaction") => Kind::End,
        Some("set" | "reset" | "show") => Kind::Setting,
        Some("lock" | "savepoint" | "release") => Kind::NeedsBlock,
        Some("declare") if !words.windows(2).any(|pair| pair == ["with", "hold"]) => Kind::NeedsBlock,
        Some("copy") if words.windows(2).any(|pair| pair == ["from", "stdin"]) => Kind::CopyFromStdin,
        _ => Kind::Ordinary,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_skip_comments_strings_and_bodies() {
        let sql = "-- lock\nALTER /* a /* b */ c */ TABLE \"Odd \"\"name\"\"\" ADD z1 text DEFAULT 'it''s' || $x$ drop $x$ || $1;";
        assert_eq!(words(sql), ["alter", "table", "Odd \"name\"", "add", "z1", "text", "default"]);
    }

    #[test]
    fn unclosed_text_ends_the_words() {
        for sql in ["a 'b c", "a /* b c", "a -- b c", "a $x$ b c", "a $"] {
            assert_eq!(words(sql), ["a"], "{sql}");
        }
        assert_eq!(words("a \"b c"), ["a", "b c"]);
    }

    #[test]
    fn a_backslash_hides_a_quote_in_an_escape_string_only() {
        assert_eq!(words(r"a E'it\'s' b"), ["a", "b"]);
        assert_eq!(words(r"a 'it\' b"), ["a", "b"]);
    }

    #[test]
    fn kinds_are_read_off_the_first_words() {
        let of = |sql: &str| kind(&words(sql));
        assert_eq!(of("start transaction read only"), Kind::Begin);
        assert_eq!(of("/* x */ END"), Kind::End);
        assert_eq!(of("ROLLBACK AND NO CHAIN"), Kind::End);
        assert_eq!(of("COMMIT AND CHAIN"), Kind::EndAndChain);
        assert_eq!(of("ROLLBACK TO SAVEPOINT a"), Kind::RollbackTo);
        assert_eq!(of("COMMIT PREPARED 'x'"), Kind::Ordinary);
        assert_eq!(of("SET LOCAL lock_timeout = '1s'"), Kind::Setting);
        assert_eq!(of("LOCK TABLE t"), Kind::NeedsBlock);
        assert_eq!(of("DECLARE c CURSOR WITH HOLD FOR SELECT 1"), Kind::Ordinary);
        assert_eq!(of("COPY t (a) FROM stdin WITH (FORMAT csv)"), Kind::CopyFromStdin);
        assert_eq!(of("CREATE TABLE t (a int)"), Kind::Ordinary);
        assert_eq!(of(""), Kind::Ordinary);
    }
}
