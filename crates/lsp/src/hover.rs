//! What the editor shows about a place: locks and who waits, or the page of a rule that is named there.

use crate::diagnostics::of_view;
use crate::lines::Lines;
use crate::project::{Answer, Effects};
use lockkeeper_core::rule;
use lockkeeper_report::{RecordedHistory, effects_hover};
use lockkeeper_syntax::Span;
use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};
use std::path::Path;

/// What there is to say about a place of a document.
pub(crate) fn at(
    path: &Path,
    lines: &Lines,
    position: Position,
    answer: &Answer,
    effects: Option<&Effects>,
) -> Option<Hover> {
    let at = lines.offset(position);
    let (span, page) = named_rule(lines.unmarked(), at)
        .or_else(|| effects.and_then(|it| statement(path, at, it)))
        .map(|(span, page)| (span, page + &rules_at(path, at, answer)))?;
    let contents = HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value: page });
    Some(Hover { contents, range: Some(lines.range(span)) })
}

/// The page of the rule that a comment of ours names at this place.
fn named_rule(text: &str, at: u32) -> Option<(Span, String)> {
    let at = at as usize;
    let line = text[..at].rfind('\n').map_or(0, |it| it + 1);
    if !text[line..].lines().next().unwrap_or_default().contains("lockkeeper:") {
        return None;
    }
    let part_of_name = |it: char| it.is_ascii_lowercase() || it == '-';
    let start = text[..at].trim_end_matches(part_of_name).len();
    let end = text.len() - text[at..].trim_start_matches(part_of_name).len();
    let rule = rule(&text[start..end])?;
    Some((Span::new(start as u32, end as u32), page(rule.document())))
}

/// A rule's document without what only programs read, and without its references.
fn page(document: &str) -> String {
    let body = document.splitn(3, "---\n").nth(2).unwrap_or(document);
    let body = body.split("\n## References").next().unwrap_or(body);
    let lines = body.lines().filter(|it| !it.starts_with("--^"));
    // The words behind the language tell our tests what a block is for.
    let lines = lines.map(|it| if it.starts_with("```sql") { "```sql" } else { it });
    lines.flat_map(|it| [it, "\n"]).collect()
}

/// What the statement around a place does.
fn statement(path: &Path, at: u32, effects: &Effects) -> Option<(Span, String)> {
    let scripts = effects.scripts.iter().map(|it| (&it.script, true)).collect();
    let history = RecordedHistory { record: &effects.record, scripts };
    let own = effects.scripts.iter().enumerate().filter(|it| it.1.path == path);
    own.filter_map(|(script, _)| effects_hover(&history, script, at, effects.version)).next()
}

/// The rules that speak of a place.
fn rules_at(path: &Path, at: u32, answer: &Answer) -> String {
    let mut lines = String::new();
    for view in &answer.views {
        for notice in of_view(view) {
            let seen = &view.scripts[notice.script];
            let place = seen.script.place(notice.span);
            if let Some(finding) = notice.finding.filter(|_| seen.path == path && place.start <= at && at <= place.end)
            {
                lines.push_str(&format!("\n`{}`: {}\n", finding.rule.name, finding.rule.summary()));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_named_in_a_comment_shows_its_page() {
        let text = "-- lockkeeper: ignore table-dropped\nDROP TABLE t;";
        let (span, page) = named_rule(text, 25).unwrap();
        assert_eq!(span.of(text), "table-dropped");
        assert!(page.starts_with("# table-dropped\n"), "{page}");
        assert!(!page.contains("--^") && page.contains("```sql\nDROP TABLE sessions;"), "{page}");
        assert!(named_rule(text, 40).is_none());
        assert!(named_rule("-- table-dropped", 6).is_none());
    }
}
