//! The report of `check` for programs; its shape stands in `schemas/check.json`.

use crate::json::{Counts, Place, SHAPE, TOOL, Tool, print_laid_out};
use crate::{Checked, Counting};
use lockkeeper_core::{
    Edit, Finding, Fix, Instead, Label, PieceFile, Problem, Replaced, Safety, UnusedSuppression, Where,
};
use lockkeeper_sources::{NewFile, Parts, Script, down_marker, written};
use serde::Serialize;

/// The address of the rule pages, to which `/<rule>` is added; empty while there is none.
const RULE_PAGES: &str = "";

/// The address of a rule's page.
pub(crate) fn rule_page(rule: &str) -> Option<String> {
    (!RULE_PAGES.is_empty()).then(|| format!("{RULE_PAGES}/{rule}"))
}

#[derive(Serialize)]
struct CheckJson<'a> {
    version: u32,
    tool: Tool,
    postgres: u8,
    summary: Counts,
    findings: Vec<FindingJson<'a>>,
    problems: Vec<ProblemJson<'a>>,
    unused_suppressions: Vec<UnusedJson<'a>>,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    rule: &'static str,
    severity: &'static str,
    #[serde(flatten)]
    place: Place<'a>,
    message: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    caption: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    instead: Option<InsteadJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    notes: &'a [String],
    assumed: &'a [String],
    labels: Vec<LabelJson<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<FixJson<'a>>,
}

#[derive(Serialize)]
struct InsteadJson<'a> {
    how: Option<&'static str>,
    sql: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaces: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    files: Vec<PieceJson>,
}

#[derive(Serialize)]
struct PieceJson {
    place: &'static str,
    transaction: bool,
    sql: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<String>,
}

#[derive(Serialize)]
struct LabelJson<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    text: &'a str,
}

#[derive(Serialize)]
struct FixJson<'a> {
    safety: &'static str,
    title: &'a str,
    edits: Vec<EditJson<'a>>,
}

#[derive(Serialize)]
struct EditJson<'a> {
    start: u32,
    end: u32,
    text: &'a str,
}

#[derive(Serialize)]
struct ProblemJson<'a> {
    kind: &'static str,
    severity: &'static str,
    #[serde(flatten)]
    place: Place<'a>,
    message: &'a str,
}

#[derive(Serialize)]
struct UnusedJson<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    rule: &'a str,
    message: String,
}

/// The report as JSON.
pub fn json(checked: Checked<'_>, counting: Counting) -> String {
    let Checked { report, scripts, version } = checked;
    let check = CheckJson {
        version: SHAPE,
        tool: TOOL,
        postgres: version.major(),
        summary: report.into(),
        findings: report.findings.iter().map(|it| finding(it, scripts, counting)).collect(),
        problems: report.problems.iter().map(|it| problem(it, scripts, counting)).collect(),
        unused_suppressions: report.unused_suppressions.iter().map(|it| unused(it, scripts, counting)).collect(),
    };
    print_laid_out(&check, counting.layout)
}

fn finding<'a>(it: &'a Finding, scripts: &[&'a Script], counting: Counting) -> FindingJson<'a> {
    let script = scripts[it.script];
    FindingJson {
        rule: it.rule.name,
        severity: it.severity.word(),
        place: Place::new(script, it.span, counting),
        message: &it.message,
        caption: it.caption.as_deref(),
        help: help(it),
        instead: it.instead.as_ref().map(|way| instead(way, it, script)),
        url: rule_page(it.rule.name),
        notes: &it.notes,
        assumed: &it.assumed,
        labels: it.labels.iter().map(|it| label(it, scripts, counting)).collect(),
        fix: it.fix.as_ref().map(|it| fix(it, script, counting)),
    }
}

fn instead<'a>(it: &'a Instead, finding: &Finding, script: &Script) -> InsteadJson<'a> {
    let statements = &script.parsed.statements;
    let around = statements.iter().find(|it| it.span.contains(finding.span)).filter(|_| script.is_written());
    let replaced = it.how.map(|_| around.map_or(Replaced::Clause, |statement| it.replaces(statement)));
    let pieces = it.pieces().into_iter().map(|piece| {
        let (place, transaction) = match piece.file {
            PieceFile::Same => ("here", true),
            PieceFile::Before => ("before", false),
            PieceFile::After { transaction } => ("after", transaction),
        };
        let text = (piece.file != PieceFile::Same).then(|| marked(script, &piece.sql, transaction)).flatten();
        PieceJson { place, transaction, sql: piece.sql, text }
    });
    InsteadJson {
        how: it.how.map(Where::words),
        sql: &it.sql,
        replaces: replaced.map(|it| match it {
            Replaced::Statement => "statement",
            Replaced::Clause => "clause",
            Replaced::Nothing => "nothing",
        }),
        files: pieces.collect(),
    }
}

/// The text of a file of its own, where that is more than its SQL: with the marks of the tool that runs the script. None
/// where the tool wants to be told in yet another file.
fn marked(script: &Script, sql: &str, transaction: bool) -> Option<String> {
    let down = down_marker(script.framework).map(|_| "");
    let files = written(script.framework, &script.path, Parts { up: sql, down, transaction })?;
    let [file] = <[NewFile; 1]>::try_from(files).ok()?;
    let text = file.text.trim_end();
    (text != sql.trim_end()).then(|| format!("{text}\n"))
}

/// All that is said about the way out, for a reader that shows one text.
pub(crate) fn help(finding: &Finding) -> Option<String> {
    let instead = finding.instead.as_ref().map(|it| match it.how {
        Some(how) => format!("instead, {how}:\n{}", it.sql),
        None => format!("instead: {}", it.sql),
    });
    match (&finding.help, instead) {
        (Some(help), Some(instead)) => Some(format!("{help}\n{instead}")),
        (Some(help), None) => Some(help.clone()),
        (None, instead) => instead,
    }
}

fn label<'a>(it: &'a Label, scripts: &[&'a Script], counting: Counting) -> LabelJson<'a> {
    LabelJson { place: Place::new(scripts[it.script], it.span, counting), text: &it.text }
}

fn fix<'a>(it: &'a Fix, script: &Script, counting: Counting) -> FixJson<'a> {
    let edit = |Edit { span, text }: &'a Edit| {
        let range = script.range(*span, counting.unit);
        EditJson { start: range.start.offset, end: range.end.offset, text }
    };
    let safety = match it.safety {
        Safety::Safe => "safe",
        Safety::Unsafe => "unsafe",
    };
    FixJson { safety, title: &it.title, edits: it.edits.iter().map(edit).collect() }
}

fn problem<'a>(it: &'a Problem, scripts: &[&'a Script], counting: Counting) -> ProblemJson<'a> {
    ProblemJson {
        kind: it.kind.word(),
        severity: it.kind.severity().word(),
        place: Place::new(scripts[it.script], it.span, counting),
        message: &it.message,
    }
}

fn unused<'a>(it: &'a UnusedSuppression, scripts: &[&'a Script], counting: Counting) -> UnusedJson<'a> {
    UnusedJson { place: Place::new(scripts[it.script], it.span, counting), rule: &it.rule, message: it.message() }
}
