//! The reports that the comment is made of, from what they would say as JSON: for a page that comments on nothing and
//! shows what a job would.

use super::report::{
    Counts, Effects, Failure, Finding, Instead, Label, Lock, Point, Problem, Report, Statement, Tool, Unused,
};
use crate::effects::{Selection, Shown};
use crate::findings::{help, rule_page};
use crate::json::{SHAPE, TOOL};
use crate::{Checked, Recorded};
use lockkeeper_core::Where;
use lockkeeper_sources::{Position, Script, Unit};
use lockkeeper_syntax::Span;

impl Report {
    /// What was found, but for the fixes: those are for comments on lines.
    pub fn of(checked: Checked<'_>) -> Report {
        let Checked { report, scripts, version } = checked;
        Report {
            version: SHAPE,
            tool: Tool { version: TOOL.version.to_owned() },
            postgres: version.major(),
            summary: Counts::from(report),
            findings: report.findings.iter().map(|it| finding(it, scripts)).collect(),
            problems: report.problems.iter().map(|it| problem(it, scripts)).collect(),
            unused_suppressions: report.unused_suppressions.iter().map(|it| unused(it, scripts)).collect(),
        }
    }
}

fn finding(it: &lockkeeper_core::Finding, scripts: &[&Script]) -> Finding {
    let (path, start, end) = place(scripts[it.script], it.span);
    let instead =
        it.instead.as_ref().map(|it| Instead { how: it.how.map(Where::words).map(str::to_owned), sql: it.sql.clone() });
    Finding {
        rule: it.rule.name.to_owned(),
        severity: it.severity.word().to_owned(),
        path,
        start,
        end,
        message: it.message.clone(),
        caption: it.caption.clone(),
        help: help(it),
        instead,
        url: rule_page(it.rule.name),
        notes: it.notes.clone(),
        assumed: it.assumed.clone(),
        labels: it.labels.iter().map(|it| Label { path: scripts[it.script].path.clone() }).collect(),
        fix: None,
    }
}

fn problem(it: &lockkeeper_core::Problem, scripts: &[&Script]) -> Problem {
    let (path, start, end) = place(scripts[it.script], it.span);
    let (kind, severity) = (it.kind.word().to_owned(), it.kind.severity().word().to_owned());
    Problem { kind, severity, path, start, end, message: it.message.clone() }
}

fn unused(it: &lockkeeper_core::UnusedSuppression, scripts: &[&Script]) -> Unused {
    let (path, start, end) = place(scripts[it.script], it.span);
    Unused { path, start, end, message: it.message() }
}

impl Effects {
    /// What the migrations do, statement by statement.
    pub fn of(recorded: Recorded<'_>) -> Effects {
        Effects { version: SHAPE, statements: Selection::new(recorded).statements.iter().map(statement).collect() }
    }
}

fn statement(it: &Shown<'_>) -> Statement {
    let record = it.record;
    let names = |list: &[lockkeeper_model::ObjectName]| list.iter().map(ToString::to_string).collect();
    let (path, start, _) = place(it.script, record.span);
    let lock = |it: &lockkeeper_model::record::LockRecord| Lock {
        relation: it.relation.to_string(),
        mode: it.mode.to_string(),
        blocks: it.mode.blocks().to_string(),
        new: it.new,
    };
    Statement {
        path,
        start,
        kind: record.kind.map(str::to_owned),
        locks: record.locks.iter().map(lock).collect(),
        rewrites: names(&record.rewrites),
        scans: names(&record.scans),
        index_builds: names(&record.index_builds),
        failure: record.failure.as_ref().map(|failure| Failure {
            sqlstate: failure.refusal.sqlstate().to_owned(),
            message: failure.refusal.message(),
            caused_by: it.caused_by,
        }),
    }
}

fn place(script: &Script, span: Span) -> (String, Point, Point) {
    let range = script.range(span, Unit::Bytes);
    let point = |it: Position| Point { line: it.line, column: it.column };
    (script.path.clone(), point(range.start), point(range.end))
}
