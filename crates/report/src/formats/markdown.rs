//! Markdown, for the comment on a change or the summary of a job.

use super::item::{Item, items};
use crate::findings::rule_page;
use crate::paint::harmless;
use crate::summary::summary;
use crate::{Checked, Look};
use lockkeeper_core::Severity;
use std::fmt::Write;

/// The summary, then each file with what is to be said of it.
pub fn markdown(checked: Checked<'_>) -> String {
    let mut page = format!("## Lockkeeper\n\n{}", summary(checked, Look::default()));
    let mut path = "";
    for item in &items(checked) {
        if item.script.path != path {
            path = &item.script.path;
            // Writing into a string cannot fail.
            let _ = write!(page, "\n### {}\n", code(path));
        }
        entry(&mut page, item);
    }
    page
}

fn entry(page: &mut String, item: &Item<'_>) {
    let sign = match item.severity {
        Severity::Error => "🛑 error",
        Severity::Warning => "⚠️ warning",
        Severity::Info => "💡 info",
    };
    let name = match item.finding.and_then(|it| rule_page(it.rule.name)) {
        Some(address) => format!("[{}]({address})", code(item.name)),
        None => code(item.name),
    };
    let line = item.range().start.line;
    let _ = write!(page, "\n**{sign}** in line {line}: {} ({name})\n", prose(&item.message));
    let shown = item.span.of(&item.script.sql);
    if !shown.trim().is_empty() {
        let _ = write!(page, "\n{}", fenced(first_lines(shown)));
    }
    let Some(finding) = item.finding else { return };
    if let Some(caption) = &finding.caption {
        let _ = write!(page, "\n{}\n", prose(caption));
    }
    if let Some(help) = &finding.help {
        let _ = write!(page, "\n{}\n", prose(help));
    }
    if let Some(instead) = &finding.instead {
        let how = instead.how.map(|it| format!(", {it}")).unwrap_or_default();
        let _ = write!(page, "\nInstead{how}:\n\n{}", fenced(&instead.sql));
    }
    for (word, note) in
        finding.notes.iter().map(|it| ("Note", it)).chain(finding.assumed.iter().map(|it| ("Assumed", it)))
    {
        let _ = write!(page, "\n> {word}: {}\n", prose(note).replace('\n', "\n> "));
    }
}

/// Enough of the clause to know it again.
fn first_lines(text: &str) -> &str {
    const LINES: usize = 6;
    text.match_indices('\n').nth(LINES - 1).map_or(text, |(at, _)| &text[..at])
}

/// SQL in a fence that is longer than any run of backticks in it.
fn fenced(sql: &str) -> String {
    let fence = "`".repeat(longest_run(sql).max(2) + 1);
    format!("{fence}sql\n{}\n{fence}\n", harmless(sql.trim_end(), true))
}

/// Text as it is, in a code span (CommonMark, "Code spans").
pub(crate) fn code(text: &str) -> String {
    let ticks = "`".repeat(longest_run(text) + 1);
    let blank = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{ticks}{blank}{}{blank}{ticks}", harmless(text, false))
}

fn longest_run(text: &str) -> usize {
    text.split(|it| it != '`').map(str::len).max().unwrap_or_default()
}

/// A sentence of ours: names stand in it between backticks, and nothing else may be taken for markup.
pub(crate) fn prose(text: &str) -> String {
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
