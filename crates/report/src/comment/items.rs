//! What there is to say, as one list: findings, problems and idle suppressions in the order of their files.

use super::report::{Finding, Point, Report};
use crate::markup::{code, fenced, prose};
use std::fmt::Write;

/// One thing to say.
#[derive(Clone, Copy, Debug)]
pub struct Item<'a> {
    /// The rule's name, or the kind of the problem.
    pub name: &'a str,
    /// `error`, `warning` or `info`.
    pub severity: &'a str,
    /// As the report has it.
    pub path: &'a str,
    /// Where it begins.
    pub start: Point,
    /// Where it ends.
    pub end: Point,
    /// One line.
    pub message: &'a str,
    /// What a rule says beside its message.
    pub finding: Option<&'a Finding>,
}

/// Everything in the report, file by file in the report's order, from top to bottom.
pub fn items(report: &Report) -> Vec<Item<'_>> {
    let findings = report.findings.iter().map(|it| Item {
        name: &it.rule,
        severity: &it.severity,
        path: &it.path,
        start: it.start,
        end: it.end,
        message: &it.message,
        finding: Some(it),
    });
    let problems = report.problems.iter().map(|it| Item {
        name: &it.kind,
        severity: &it.severity,
        path: &it.path,
        start: it.start,
        end: it.end,
        message: &it.message,
        finding: None,
    });
    let unused = report.unused_suppressions.iter().map(|it| Item {
        name: "unused-suppression",
        severity: "info",
        path: &it.path,
        start: it.start,
        end: it.end,
        message: &it.message,
        finding: None,
    });
    let mut items: Vec<Item<'_>> = findings.chain(problems).chain(unused).collect();
    items.sort_by_key(|it| (it.path, it.start.line, it.start.column));
    items
}

impl Item<'_> {
    /// How bad it is, as a sign and a word.
    fn sign(&self) -> &'static str {
        match self.severity {
            "error" => "🛑 **error**",
            "warning" => "⚠️ **warning**",
            _ => "💡 **info**",
        }
    }

    /// The message in one line of Markdown; `place` says where, if the reader does not see it.
    pub fn headline(&self, place: &str) -> String {
        let name = match self.finding.and_then(|it| it.url.as_ref()) {
            Some(page) => format!("[{}]({page})", code(self.name)),
            None => code(self.name),
        };
        format!("{}{place}: {} ({name})", self.sign(), prose(self.message))
    }

    /// All that a rule says beside its message, as Markdown; empty for what is no finding.
    pub fn details(&self) -> String {
        let mut out = String::new();
        let Some(finding) = self.finding else { return out };
        // Writing into a string cannot fail.
        if let Some(caption) = &finding.caption {
            let _ = write!(out, "\n{}\n", prose(caption));
        }
        match (&finding.instead, &finding.help) {
            (Some(instead), help) => {
                // The help of the JSON ends with the SQL; what comes before it is prose.
                let way = match &instead.how {
                    Some(how) => format!("instead, {how}:\n{}", instead.sql),
                    None => format!("instead: {}", instead.sql),
                };
                let words = help.as_deref().unwrap_or_default();
                let words = words.strip_suffix(&way).unwrap_or(words).trim_end();
                if !words.is_empty() {
                    let _ = write!(out, "\n{}\n", prose(words));
                }
                let how = instead.how.as_ref().map(|it| format!(", {}", prose(it))).unwrap_or_default();
                let _ = write!(out, "\nInstead{how}:\n\n{}", fenced("sql", &instead.sql));
            }
            (None, Some(help)) => {
                let _ = write!(out, "\n{}\n", prose(help));
            }
            (None, None) => {}
        }
        let notes = finding.notes.iter().map(|it| ("Note", it));
        for (word, note) in notes.chain(finding.assumed.iter().map(|it| ("Assumed", it))) {
            let _ = write!(out, "\n> {word}: {}\n", prose(note).replace('\n', "\n> "));
        }
        out
    }

    /// The message and all that is said with it, as plain lines.
    pub fn text(&self) -> String {
        let mut lines = vec![self.message.to_owned()];
        if let Some(it) = self.finding {
            lines.extend(it.caption.clone());
            lines.extend(it.help.clone());
            lines.extend(it.notes.iter().map(|it| format!("note: {it}")));
            lines.extend(it.assumed.iter().map(|it| format!("assumed: {it}")));
        }
        lines.join("\n")
    }
}
