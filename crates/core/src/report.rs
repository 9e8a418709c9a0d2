//! What `lint` hands to `report`.

use crate::{Finding, Severity, StatementEffect};
use lockkeeper_model::{LockMode, StatementId};
use lockkeeper_syntax::Span;

/// Everything that is to be said about the scripts that report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// What the rules say, by script, place and rule.
    pub findings: Vec<Finding>,
    /// What the statements do that the findings speak of, each once.
    pub effects: Vec<StatementEffect>,
    /// What could not be read.
    pub problems: Vec<Problem>,
    /// Suppression comments that do nothing.
    pub unused_suppressions: Vec<UnusedSuppression>,
    /// What was looked at, and how much was found.
    pub summary: Summary,
}

/// Something that hinders reading. Made by whoever reads: `cli`, `sources`, or `lint` for what the parser refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What kind of hindrance.
    pub kind: ProblemKind,
    /// The script's place in the list given to [`lint`](crate::lint()).
    pub script: usize,
    /// The place, as a range of the script's text.
    pub span: Span,
    /// What is wrong, in lower case and without final dot.
    pub message: String,
}

/// Kinds of [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProblemKind {
    /// PostgreSQL's parser refuses it.
    Syntax,
    /// The migrations do not follow each other.
    Chain,
    /// A file cannot be read.
    Read,
    /// Bytes that are no text.
    Decode,
    /// SQL in another language could not be understood.
    Extract,
    /// A template that is filled in only when the migration runs.
    Template,
}

impl ProblemKind {
    /// The word for it in machine-readable output.
    pub const fn word(self) -> &'static str {
        match self {
            ProblemKind::Syntax => "syntax",
            ProblemKind::Chain => "chain",
            ProblemKind::Read => "read",
            ProblemKind::Decode => "decode",
            ProblemKind::Extract => "extract",
            ProblemKind::Template => "template",
        }
    }

    /// How bad it is.
    pub const fn severity(self) -> Severity {
        match self {
            ProblemKind::Syntax | ProblemKind::Chain | ProblemKind::Read | ProblemKind::Decode => Severity::Error,
            ProblemKind::Extract | ProblemKind::Template => Severity::Info,
        }
    }
}

/// A suppression that suppresses nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnusedSuppression {
    /// The script's place in the list given to [`lint`](crate::lint()).
    pub script: usize,
    /// The rule's name in the comment, or the comment's mark where it names none.
    pub span: Span,
    /// The name as written; empty where the comment names none.
    pub rule: String,
    /// Why it does nothing.
    pub reason: UnusedReason,
}

/// Why a suppression does nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnusedReason {
    /// The rule has nothing to say there.
    Silent,
    /// There is no rule of that name; the nearest name, if one is near.
    UnknownRule(Option<&'static str>),
    /// The comment names no rule.
    NoRule,
}

impl UnusedSuppression {
    /// What is wrong, in lower case and without final dot.
    pub fn message(&self) -> String {
        match &self.reason {
            UnusedReason::Silent => format!("`{}` has nothing to ignore here", self.rule),
            UnusedReason::UnknownRule(None) => format!("there is no rule `{}`", self.rule),
            UnusedReason::UnknownRule(Some(near)) => format!("there is no rule `{}`; is `{near}` meant?", self.rule),
            UnusedReason::NoRule => "the comment names no rule to ignore".to_owned(),
        }
    }
}

/// How much was looked at, and how much was found. Only scripts that report count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Scripts.
    pub files: usize,
    /// Statements, those that do not parse too.
    pub statements: usize,
    /// Rules that were on for at least one script.
    pub rules: usize,
    /// Findings of severity error.
    pub errors: usize,
    /// Findings of severity warning.
    pub warnings: usize,
    /// Findings of severity info.
    pub infos: usize,
    /// Problems.
    pub problems: usize,
    /// The strongest lock on a relation that others can meet; the first of equals, one under which rows are read
    /// or written before one without such work.
    pub strongest_lock: Option<StrongestLock>,
}

/// The strongest lock of a report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StrongestLock {
    /// The mode.
    pub mode: LockMode,
    /// The relation, as a user writes it.
    pub relation: String,
    /// The script's place in the list given to [`lint`](crate::lint()).
    pub script: usize,
    /// The statement that takes it.
    pub statement: StatementId,
    /// Whether the relation is written anew under it.
    pub rewrite: bool,
    /// Whether its rows are read under it: verified, or for an index.
    pub scan: bool,
}

impl StrongestLock {
    /// What makes one lock worse than another.
    pub(crate) fn weight(&self) -> (LockMode, bool, bool) {
        (self.mode, self.rewrite, self.scan)
    }
}

impl Report {
    /// Adds a finding and counts it.
    pub(crate) fn add_finding(&mut self, finding: Finding) {
        match finding.severity {
            Severity::Error => self.summary.errors += 1,
            Severity::Warning => self.summary.warnings += 1,
            Severity::Info => self.summary.infos += 1,
        }
        self.findings.push(finding);
    }

    /// Adds a problem and counts it.
    pub fn add_problem(&mut self, problem: Problem) {
        self.summary.problems += 1;
        self.problems.push(problem);
    }

    /// Leaves only what is wanted of findings and problems.
    pub fn keep(&mut self, mut finding: impl FnMut(&Finding) -> bool, mut problem: impl FnMut(&Problem) -> bool) {
        let findings = std::mem::take(&mut self.findings);
        let counts = &mut self.summary;
        (counts.errors, counts.warnings, counts.infos) = (0, 0, 0);
        findings.into_iter().filter(|it| finding(it)).for_each(|it| self.add_finding(it));
        self.problems.retain(|it| problem(it));
        self.summary.problems = self.problems.len();
    }

    /// Takes in the report of another root whose first script is number `offset` of all.
    pub fn absorb(&mut self, other: Report, offset: usize) {
        let Report { findings, effects, problems, unused_suppressions, summary } = other;
        for mut finding in findings {
            finding.script += offset;
            for label in &mut finding.labels {
                label.script += offset;
            }
            self.findings.push(finding);
        }
        self.effects.extend(effects.into_iter().map(|it| StatementEffect { script: it.script + offset, ..it }));
        self.problems.extend(problems.into_iter().map(|it| Problem { script: it.script + offset, ..it }));
        let unused = unused_suppressions.into_iter();
        self.unused_suppressions.extend(unused.map(|it| UnusedSuppression { script: it.script + offset, ..it }));
        self.summary.absorb(summary, offset);
    }

    /// The worst severity of all findings and problems.
    pub fn worst(&self) -> Option<Severity> {
        let findings = self.findings.iter().map(|it| it.severity);
        findings.chain(self.problems.iter().map(|it| it.kind.severity())).max()
    }
}

impl Summary {
    fn absorb(&mut self, other: Summary, offset: usize) {
        let Summary { files, statements, rules, errors, warnings, infos, problems, strongest_lock } = other;
        self.files += files;
        self.statements += statements;
        self.rules = self.rules.max(rules);
        self.errors += errors;
        self.warnings += warnings;
        self.infos += infos;
        self.problems += problems;
        if let Some(lock) = strongest_lock {
            self.meet(StrongestLock { script: lock.script + offset, ..lock });
        }
    }

    /// Keeps the stronger of two locks.
    pub(crate) fn meet(&mut self, lock: StrongestLock) {
        if self.strongest_lock.as_ref().is_none_or(|it| it.weight() < lock.weight()) {
            self.strongest_lock = Some(lock);
        }
    }
}
