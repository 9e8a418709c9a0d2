//! The report of `check` for people.

use super::effects::Effects;
use super::recipe::steps;
use crate::paint::{Ink, harmless};
use crate::snippet::{Mark, draw, gutter};
use crate::summary::summary;
use crate::{Checked, Look};
use lockkeeper_core::{Finding, Instead, Problem, ProblemKind, UnusedSuppression};
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::Span;
use std::borrow::Cow;
use unicode_width::UnicodeWidthStr;

/// The column in which the name of the rule stands, where the message leaves room.
const TAG_COLUMN: usize = 96;

/// The report: one block for each finding and problem, in the order of files and lines, then a summary.
pub fn human(checked: Checked<'_>, look: Look) -> String {
    blocks(checked, look) + &summary(checked, look)
}

/// The report without its summary: nothing if nothing was found.
pub fn blocks(checked: Checked<'_>, look: Look) -> String {
    let report = checked.report;
    let mut blocks: Vec<Block<'_>> = Vec::new();
    let mut effects = Effects::of(report);
    blocks.extend(report.findings.iter().map(|it| of_finding(it, effects.beneath(it), checked)));
    blocks.extend(report.problems.iter().map(of_problem));
    blocks.extend(report.unused_suppressions.iter().map(of_unused));
    blocks.arrange_by_key(|it| (it.mark.script, it.mark.span.start));
    let mut out = String::new();
    for block in &blocks {
        block.print(&mut out, checked, look);
        out.push('\n');
    }
    out
}

/// One thing to say, with its place.
struct Block<'a> {
    ink: Ink,
    word: &'static str,
    title: Cow<'a, str>,
    tag: &'a str,
    mark: Mark<'a>,
    labels: Vec<Mark<'a>>,
    opening: Option<u32>,
    lines: Vec<Line<'a>>,
    /// Whether there is anything of the file to show.
    shown: bool,
}

/// A line below the snippet: `= name: text`.
struct Line<'a> {
    ink: Ink,
    name: String,
    text: Cow<'a, str>,
    /// Whether the text stands on lines of its own.
    below: bool,
}

fn of_finding<'a>(it: &'a Finding, effect: Option<&'a str>, checked: Checked<'a>) -> Block<'a> {
    let statements = &checked.scripts[it.script].parsed.statements;
    let statement = statements.get(it.statement.statement as usize).map(|it| it.span);
    let marks = it.labels.iter().map(|it| Mark { script: it.script, span: it.span, text: Some(&it.text) });
    let line = |ink, name: &str, text: &'a str| Line { ink, name: name.to_owned(), text: text.into(), below: false };
    let mut lines = Vec::new();
    lines.extend(effect.map(|text| line(Ink::Note, "effect", text)));
    lines.extend(it.help.iter().map(|text| line(Ink::Help, "help", text)));
    lines.extend(it.instead.as_ref().map(|instead| way_out(it, instead, checked)));
    lines.extend(it.notes.iter().map(|text| line(Ink::Note, "note", text)));
    lines.extend(it.assumed.iter().map(|text| line(Ink::Note, "assumed", text)));
    Block {
        ink: Ink::Severity(it.severity),
        word: it.severity.word(),
        title: it.message.as_str().into(),
        tag: it.rule.name,
        mark: Mark { script: it.script, span: it.span, text: it.caption.as_deref() },
        labels: marks.collect(),
        opening: statement.filter(|statement| statement.contains(it.span)).map(|it| it.start),
        lines,
        shown: true,
    }
}

/// What to write instead; what goes into several files with the number and the place of each.
fn way_out<'a>(finding: &Finding, instead: &'a Instead, checked: Checked<'a>) -> Line<'a> {
    let steps = steps(finding, checked.scripts);
    if steps.is_empty() {
        let name = instead.how.map_or_else(|| "instead".to_owned(), |how| format!("instead, {how}"));
        let below = instead.how.is_some() || instead.sql.contains('\n');
        return Line { ink: Ink::Help, name, text: instead.sql.as_str().into(), below };
    }
    let mut text = String::new();
    for (at, step) in steps.iter().enumerate() {
        text.push_str(&format!("{}. {}:\n", at + 1, step.place));
        step.sql.lines().for_each(|line| text.push_str(&format!("   {line}\n")));
    }
    Line { ink: Ink::Help, name: "instead, step by step".to_owned(), text: text.into(), below: true }
}

fn of_problem(it: &Problem) -> Block<'_> {
    let severity = it.kind.severity();
    Block {
        // What cannot be read has no text to show.
        shown: it.kind != ProblemKind::Read,
        ..Block::bare(Ink::Severity(severity), severity.word(), &it.message, it.kind.word(), it.script, it.span)
    }
}

fn of_unused(it: &UnusedSuppression) -> Block<'_> {
    Block::bare(Ink::Note, "note", it.message(), "unused-suppression", it.script, it.span)
}

impl<'a> Block<'a> {
    fn bare(
        ink: Ink,
        word: &'static str,
        title: impl Into<Cow<'a, str>>,
        tag: &'a str,
        script: usize,
        span: Span,
    ) -> Self {
        let mark = Mark { script, span, text: None };
        Block { ink, word, title: title.into(), tag, mark, labels: vec![], opening: None, lines: vec![], shown: true }
    }

    fn print(&self, out: &mut String, checked: Checked<'_>, look: Look) {
        let title = harmless(&self.title, false);
        let used = self.word.width() + 2 + title.width();
        let gap = TAG_COLUMN.saturating_sub(used + 1).max(2);
        let word = look.paint(self.ink, self.word);
        let title = look.paint(Ink::Strong, &format!(": {title}"));
        let tag = look.paint(Ink::Frame, &format!("[{}]", self.tag));
        out.extend([word.as_str(), &title, &" ".repeat(gap), &tag, "\n"]);
        if !self.shown {
            let path = harmless(&checked.scripts[self.mark.script].path, false);
            out.extend([" ", &look.paint(Ink::Frame, "-->"), " ", &path, "\n"]);
            return;
        }
        let drawn = draw(checked.scripts, self.mark, &self.labels, self.opening, self.ink, look);
        out.extend([drawn.as_str(), "\n"]);
        let margin = " ".repeat(gutter(&drawn) + 1);
        for line in &self.lines {
            line.print(out, &margin, look);
        }
    }
}

impl Line<'_> {
    fn print(&self, out: &mut String, margin: &str, look: Look) {
        let text = harmless(&self.text, true);
        out.extend([margin, &look.paint(Ink::Frame, "="), " ", &look.paint(self.ink, &self.name), ":"]);
        if self.below {
            out.push('\n');
            for line in text.lines() {
                out.extend([margin, "    ", line, "\n"]);
            }
        } else {
            // A text of several lines goes on below its first word.
            let indent = format!("\n{margin}{}", " ".repeat(self.name.width() + 4));
            out.extend([" ", &text.trim_end().replace('\n', &indent), "\n"]);
        }
    }
}
