//! A rule's page, readable in a terminal.

use crate::Look;
use crate::paint::Ink;
use unicode_width::UnicodeWidthStr;

/// Columns that running text fills.
const WIDTH: usize = 88;

/// The document without its front matter: headings stand out, text is filled, examples are indented and say what they
/// are, links show their address.
pub fn page(document: &str, look: Look) -> String {
    let mut out = String::new();
    let mut lines = body(document).lines().peekable();
    while let Some(line) = lines.next() {
        if let Some(fence) = line.strip_prefix("```") {
            if let Some(kind) = block_kind(fence) {
                out.extend(["  ", &look.paint(Ink::Frame, &kind), "\n"]);
            }
            for code in lines.by_ref().take_while(|it| !it.starts_with("```")) {
                out.push_str(&indented(code));
            }
        } else if line.starts_with('#') {
            out.extend([&look.paint(Ink::Strong, line.trim_start_matches('#').trim()), "\n"]);
        } else if line.trim().is_empty() {
            out.push('\n');
        } else {
            let mut text = line.to_owned();
            while let Some(next) = lines.next_if(|it| continues(it)) {
                text.extend([" ", next.trim()]);
            }
            fill(&mut out, &links(&text));
        }
    }
    out
}

/// What follows the front matter.
fn body(document: &str) -> &str {
    let rest = document.strip_prefix("---\n").and_then(|it| it.split_once("\n---\n"));
    rest.map_or(document, |(_, body)| body).trim_start()
}

/// What the block is for: "bad", "good", "setup", with its conditions.
fn block_kind(fence: &str) -> Option<String> {
    let words: Vec<&str> = fence.split_ascii_whitespace().skip(1).collect();
    (!words.is_empty()).then(|| format!("{}:", words.join(" ")))
}

fn indented(code: &str) -> String {
    if code.is_empty() { "\n".to_owned() } else { format!("    {code}\n") }
}

/// Whether a line goes on with the paragraph or list item above it.
fn continues(line: &str) -> bool {
    let text = line.trim_start();
    !text.is_empty() && !text.starts_with(['#', '|']) && !text.starts_with("```") && !text.starts_with("- ")
}

/// Fills a paragraph; the further lines of a list item stand below its text.
fn fill(out: &mut String, text: &str) {
    let indent = if text.starts_with("- ") { "  " } else { "" };
    let mut column = 0;
    for word in text.split_ascii_whitespace() {
        if column > 0 && column + 1 + word.width() > WIDTH {
            out.extend(["\n", indent]);
            column = indent.len();
        } else if column > 0 {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += word.width();
    }
    out.push('\n');
}

/// `[text](address)` becomes `text <address>`.
fn links(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, words, address, after)) = next_link(rest) {
        out.extend([before, words, " <", address, ">"]);
        rest = after;
    }
    out + rest
}

fn next_link(text: &str) -> Option<(&str, &str, &str, &str)> {
    let middle = text.find("](")?;
    let open = text[..middle].rfind('[')?;
    let close = middle + text[middle..].find(')')?;
    Some((&text[..open], &text[open + 1..middle], &text[middle + 2..close], &text[close + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use insta::assert_snapshot;

    #[test]
    fn a_page_reads_like_a_manual() {
        let document = "---\nsummary: s\n---\n# a-rule\n\nText with `code`, broken\nhere. See [the manual](https://example.org/x).\n\n\
            ## Example\n\n```sql bad pg=15+\nDROP TABLE a;\n\n--^ finding: a-rule\n```\n\n- one\n  more\n- two\n";
        assert_snapshot!(page(document, Look::default()), @r"
        a-rule

        Text with `code`, broken here. See the manual <https://example.org/x>.

        Example

          bad pg=15+:
            DROP TABLE a;

            --^ finding: a-rule

        - one more
        - two
        ");
    }

    #[test]
    fn long_text_is_filled() {
        let text = "word ".repeat(40);
        assert!(page(&text, Look::default()).lines().all(|it| it.len() <= WIDTH));
    }
}
