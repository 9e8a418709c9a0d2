//! Markdown into which no name of a migration can put markup of its own.

use crate::paint::harmless;

/// Text in a fence that is longer than any run of backticks in it; `info` says what it is.
pub fn fenced(info: &str, text: &str) -> String {
    let fence = "`".repeat(longest_run(text).max(2) + 1);
    format!("{fence}{info}\n{}\n{fence}\n", harmless(text.trim_end(), true))
}

/// Text as it is, in a code span (CommonMark, "Code spans").
pub fn code(text: &str) -> String {
    let ticks = "`".repeat(longest_run(text) + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{blank}{}{blank}{ticks}", harmless(text, false))
}

/// The same inside an HTML element, where code spans are not known.
pub fn html_code(text: &str) -> String {
    let text = harmless(text, false).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<code>{text}</code>")
}

fn longest_run(text: &str) -> usize {
    text.split(|it| it != '`').map(str::len).max().unwrap_or_default()
}

/// A sentence of ours: names stand in it between backticks, and nothing else may be taken for markup.
pub fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (at, piece) in harmless(text, true).split('`').enumerate() {
        if at > 0 {
            out.push('`');
        }
        if at % 2 == 1 {
            out.push_str(piece);
            continue;
        }
        for character in piece.chars() {
            if matches!(character, '*' | '_' | '<' | '>' | '[' | ']' | '\\' | '|' | '#' | '@') {
                out.push('\\');
            }
            out.push(character);
        }
    }
    out
}
