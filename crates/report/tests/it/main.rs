//! Reports, byte for byte, and the JSON against its schemas.

mod comment;
mod effects;
mod formats;
mod human;
mod json;
mod schema;
mod settings;
mod sql;
mod verified;

use lockkeeper_core::{
    About, Edit, Finding, Fix, Instead, Label, Problem, ProblemKind, Report, Safety, UnusedReason, UnusedSuppression,
    Where, rule,
};
use lockkeeper_model::{StatementId, Version};
use lockkeeper_report::{Checked, Counting, Look, check_human, check_json};
use lockkeeper_sources::{Reading, Script, Source, Text, read};
use lockkeeper_syntax::Span;

/// Files, and what is said about them.
struct Case {
    scripts: Vec<Script>,
    report: Report,
}

impl Case {
    /// Files by path and content.
    fn new(files: &[(&str, &[u8])]) -> Self {
        let source = |path: &str, bytes: &[u8]| Source { path: path.to_owned(), bytes: bytes.to_vec() };
        let scripts: Vec<Script> = files
            .iter()
            .flat_map(|(path, bytes)| read(&Text::new(&source(path, bytes)), &Reading::default()))
            .collect();
        let mut report = Report::default();
        report.summary.files = scripts.len();
        report.summary.statements = scripts.iter().map(|it| it.parsed.statements.len()).sum();
        Case { scripts, report }
    }

    /// One file.
    fn of(text: &str) -> Self {
        Case::new(&[("db/0001_a.sql", text.as_bytes())])
    }

    /// Where `words` first stand in a file.
    fn span(&self, script: usize, words: &str) -> Span {
        let start = self.scripts[script].sql.find(words).expect("the words are in the file") as u32;
        Span::new(start, start + words.len() as u32)
    }

    /// Adds a finding of the rule `table-dropped` at `words`; `more` fills in the rest.
    fn find(mut self, script: usize, words: &str, message: &str, more: impl FnOnce(&Case, &mut Finding)) -> Self {
        let rule = rule("table-dropped").expect("the rule exists");
        let span = self.span(script, words);
        let statements = &self.scripts[script].parsed.statements;
        let statement = statements.iter().position(|it| it.span.contains(span)).unwrap_or_default() as u32;
        let statement = StatementId { script: script as u32, statement };
        let mut finding = Finding::new((rule, rule.severity), (script, statement), About::Nothing, span, message);
        more(&self, &mut finding);
        self.report.summary.warnings += 1;
        self.report.findings.push(finding);
        self
    }

    /// Adds a problem at `words`.
    fn problem(mut self, kind: ProblemKind, script: usize, words: &str, message: &str) -> Self {
        let span = self.span(script, words);
        self.report.add_problem(Problem { kind, script, span, message: message.to_owned() });
        self
    }

    fn checked<T>(&self, show: impl FnOnce(Checked<'_>) -> T) -> T {
        let scripts: Vec<&Script> = self.scripts.iter().collect();
        show(Checked { report: &self.report, scripts: &scripts, version: Version::default() })
    }

    fn human(&self) -> String {
        self.checked(|it| check_human(it, Look::default()))
    }

    fn json(&self, counting: Counting) -> String {
        self.checked(|it| check_json(it, counting))
    }
}

/// A report that has everything.
fn full(file: &[u8]) -> Case {
    let mut case = Case::new(&[("db/1.sql", file)])
        .find(0, "t;", "`t` goes", |case, it| {
            it.caption = Some("with its rows".to_owned());
            it.help = Some("rename it first".to_owned());
            it.instead = Some(Instead { how: Some(Where::OwnMigration), sql: "DROP TABLE t;".to_owned() });
            it.notes.push("a note".to_owned());
            it.assumed.push("an assumption".to_owned());
            it.labels.push(Label { script: 0, span: case.span(0, "DROP"), text: "here".to_owned() });
            let edits = vec![Edit { span: case.span(0, "DROP"), text: "-- DROP".to_owned() }];
            it.fix = Some(Fix { safety: Safety::Unsafe, title: "leave it out".to_owned(), edits });
        })
        .problem(ProblemKind::Syntax, 0, "TABLE", "syntax error at or near \"TABLE\"");
    let span = Span::new(0, 2);
    case.report.unused_suppressions.push(UnusedSuppression {
        script: 0,
        span,
        rule: "table-dropped".to_owned(),
        reason: UnusedReason::Silent,
    });
    case
}
