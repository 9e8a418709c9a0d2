//! What a tool minds about a file, as rules see it: one note, whether statements stand beside it or not.

use crate::{About, Finding, Input, Rule, Severity};
use lockkeeper_model::StatementId;
use lockkeeper_sources::{Framework, Note};
use lockkeeper_syntax::Span;

/// A note of a file.
pub(crate) struct Noted<'a> {
    pub(crate) note: &'a Note,
    script: &'a Input<'a>,
    /// The script's place in the list given to `lint`.
    at: usize,
    /// The same in the order of the replay.
    place: u32,
}

/// Where a rule puts what it has to say about a note.
pub(crate) struct NoteFindings<'a> {
    pub(crate) rule: &'static Rule,
    pub(crate) severity: Severity,
    pub(crate) noted: &'a Noted<'a>,
    pub(crate) list: &'a mut Vec<Finding>,
}

impl<'a> Noted<'a> {
    /// The notes of one script.
    pub(crate) fn all(script: &'a Input<'a>, at: usize, place: usize) -> impl Iterator<Item = Noted<'a>> {
        script.notes.iter().map(move |note| Noted { note, script, at, place: place as u32 })
    }

    /// The tool that runs the file.
    pub(crate) fn framework(&self) -> Framework {
        self.script.framework
    }

    /// Its name.
    pub(crate) fn tool(&self) -> &'static str {
        self.script.framework.name()
    }

    /// Where the note stands; what is said of the whole file stands with its first statement.
    fn span(&self) -> Span {
        let first = || self.script.parsed.statements.first().map(|it| it.span);
        Some(self.note.span).filter(|it| !it.is_empty()).or_else(first).unwrap_or_default()
    }

    /// The statement that the note stands in, or else the next one.
    fn statement(&self) -> StatementId {
        let statements = &self.script.parsed.statements;
        let next = statements.partition_point(|it| it.span.end <= self.note.span.start);
        StatementId { script: self.place, statement: next.min(statements.len().saturating_sub(1)) as u32 }
    }
}

impl NoteFindings<'_> {
    /// Says something about the note; the finding that comes back takes the details.
    pub(crate) fn report(&mut self, message: impl Into<String>) -> &mut Finding {
        let span = self.noted.span();
        let place = (self.noted.at, self.noted.statement());
        self.list.push(Finding::new(
            (self.rule, self.severity),
            place,
            About::Noted(self.rule.name, span),
            span,
            message,
        ));
        let last = self.list.len() - 1;
        &mut self.list[last]
    }
}
