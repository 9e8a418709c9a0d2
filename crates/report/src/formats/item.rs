//! Findings, problems and idle suppressions as one list, for formats that know only one kind of thing.

use crate::findings::help;
use crate::{Checked, fingerprint};
use lockkeeper_core::{Finding, Problem, Severity, UnusedSuppression};
use lockkeeper_sources::{Position, Script, Unit};
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::Span;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

/// The name under which suppressions that do nothing are listed.
pub(crate) const UNUSED: &str = "unused-suppression";

/// One thing that the report says.
pub(crate) struct Item<'a> {
    /// The rule's name, the kind of the problem, or [`UNUSED`].
    pub(crate) name: &'a str,
    pub(crate) severity: Severity,
    /// The script's place in the list.
    pub(crate) at: usize,
    pub(crate) script: &'a Script,
    pub(crate) span: Span,
    /// One line.
    pub(crate) message: Cow<'a, str>,
    /// What the rule says beside its message.
    pub(crate) finding: Option<&'a Finding>,
    fingerprint: u64,
    /// How many with this fingerprint stand above it in the same file.
    repetition: usize,
}

/// All that the report says, in the order of scripts and places.
pub(crate) fn items<'a>(checked: Checked<'a>) -> Vec<Item<'a>> {
    let Checked { report, scripts, .. } = checked;
    let findings = report.findings.iter().map(|it| of_finding(it, scripts));
    let problems = report.problems.iter().map(|it| of_problem(it, scripts));
    let unused = report.unused_suppressions.iter().map(|it| of_unused(it, scripts));
    let mut items: Vec<Item<'_>> = findings.chain(problems).chain(unused).collect();
    items.arrange_by_key(|it| (it.at, it.span.start));
    let mut met: FxHashMap<(&str, u64), usize> = FxHashMap::default();
    for item in &mut items {
        let before = met.entry((&item.script.path, item.fingerprint)).or_default();
        item.repetition = *before;
        *before += 1;
    }
    items
}

fn of_finding<'a>(it: &'a Finding, scripts: &[&'a Script]) -> Item<'a> {
    Item {
        name: it.rule.name,
        severity: it.severity,
        at: it.script,
        script: scripts[it.script],
        span: it.span,
        message: it.message.as_str().into(),
        finding: Some(it),
        fingerprint: fingerprint::finding(it, scripts),
        repetition: 0,
    }
}

fn of_problem<'a>(it: &'a Problem, scripts: &[&'a Script]) -> Item<'a> {
    Item {
        name: it.kind.word(),
        severity: it.kind.severity(),
        at: it.script,
        script: scripts[it.script],
        span: it.span,
        message: it.message.as_str().into(),
        finding: None,
        fingerprint: fingerprint::problem(it, scripts),
        repetition: 0,
    }
}

fn of_unused<'a>(it: &'a UnusedSuppression, scripts: &[&'a Script]) -> Item<'a> {
    Item {
        name: UNUSED,
        severity: Severity::Info,
        at: it.script,
        script: scripts[it.script],
        span: it.span,
        message: it.message().into(),
        finding: None,
        fingerprint: fingerprint::unused(it, scripts),
        repetition: 0,
    }
}

impl Item<'_> {
    /// Where it stands in its file.
    pub(crate) fn range(&self) -> Range<Position> {
        self.script.range(self.span, Unit::Bytes)
    }

    /// What it is known by from run to run: the same when lines shift, another for each of several equal ones.
    pub(crate) fn key(&self) -> String {
        format!("{:016x}:{}", self.fingerprint, self.repetition + 1)
    }

    /// The message and, in lines of their own, all that is said with it.
    pub(crate) fn text(&self) -> String {
        let mut text = self.message.to_string();
        let Some(finding) = self.finding else { return text };
        // Writing into a string cannot fail.
        let mut line = |name: &str, it: &str| {
            let _ = write!(text, "\n{name}{it}");
        };
        finding.caption.iter().for_each(|it| line("", it));
        help(finding).iter().for_each(|it| line("", it));
        finding.notes.iter().for_each(|it| line("note: ", it));
        finding.assumed.iter().for_each(|it| line("assumed: ", it));
        text
    }
}
