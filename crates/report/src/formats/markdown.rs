//! Markdown, for the comment on a change or the summary of a job.

use super::item::{Item, items};
use crate::findings::{Effects, rule_page};
use crate::markup::{code, fenced, prose};
use crate::summary::summary;
use crate::{Checked, Look};
use lockkeeper_core::Severity;
use std::fmt::Write;

/// The summary, then each file with what is to be said of it.
pub fn markdown(checked: Checked<'_>) -> String {
    let mut page = format!("## Lockkeeper\n\n{}", summary(checked, Look::default()));
    let mut path = "";
    let mut effects = Effects::of(checked.report);
    for item in &items(checked) {
        if item.script.path != path {
            path = &item.script.path;
            // Writing into a string cannot fail.
            let _ = write!(page, "\n### {}\n", code(path));
        }
        let effect = item.finding.and_then(|it| effects.beneath(it));
        entry(&mut page, item, effect);
    }
    page
}

fn entry(page: &mut String, item: &Item<'_>, effect: Option<&str>) {
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
        let _ = write!(page, "\n{}", fenced("sql", first_lines(shown)));
    }
    let Some(finding) = item.finding else { return };
    if let Some(caption) = &finding.caption {
        let _ = write!(page, "\n{}\n", prose(caption));
    }
    if let Some(effect) = effect {
        let _ = write!(page, "\nEffect: {}\n", prose(effect));
    }
    if let Some(help) = &finding.help {
        let _ = write!(page, "\n{}\n", prose(help));
    }
    if let Some(instead) = &finding.instead {
        let how = instead.how.map(|it| format!(", {it}")).unwrap_or_default();
        let _ = write!(page, "\nInstead{how}:\n\n{}", fenced("sql", &instead.sql));
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
