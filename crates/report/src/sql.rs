//! The report of `sql`: the statements as the tool sends them.

use crate::effects::{Recorded, Selection, Shown};
use crate::json::{Place, SHAPE, TOOL, Tool, print};
use crate::{Counting, RecordedHistory};
use lockkeeper_core::Problem;
use lockkeeper_model::record::TransactionRecord;
use lockkeeper_model::timeline::OpenedBy;
use lockkeeper_sources::Direction;
use serde::Serialize;

#[derive(Serialize)]
struct SqlJson<'a> {
    version: u32,
    tool: Tool,
    statements: Vec<StatementJson<'a>>,
    problems: Vec<ProblemJson<'a>>,
}

#[derive(Serialize)]
struct StatementJson<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    sql: &'a str,
    direction: &'static str,
    transaction: u32,
    possible: bool,
}

#[derive(Serialize)]
struct ProblemJson<'a> {
    kind: &'static str,
    severity: &'static str,
    #[serde(flatten)]
    place: Place<'a>,
    message: &'a str,
}

/// The statements as JSON; its shape stands in `schemas/sql.json`. A problem names its script by the place in the list
/// of all scripts of all histories.
pub fn json(recorded: Recorded<'_>, problems: &[Problem], counting: Counting) -> String {
    let selection = Selection::new(recorded);
    let scripts: Vec<_> = recorded.histories.iter().flat_map(|it| it.scripts.iter().map(|it| it.0)).collect();
    print(&SqlJson {
        version: SHAPE,
        tool: TOOL,
        statements: selection.statements.iter().map(|it| statement(it, counting)).collect(),
        problems: problems
            .iter()
            .map(|it| ProblemJson {
                kind: it.kind.word(),
                severity: it.kind.severity().word(),
                place: Place::new(scripts[it.script], it.span, counting),
                message: &it.message,
            })
            .collect(),
    })
}

fn statement<'a>(it: &Shown<'a>, counting: Counting) -> StatementJson<'a> {
    StatementJson {
        place: Place::new(it.script, it.record.span, counting),
        sql: it.record.span.of(&it.script.sql),
        direction: match it.script.direction {
            Direction::Up => "up",
            Direction::Down => "down",
        },
        transaction: it.transaction,
        possible: it.record.possible,
    }
}

/// The statements as a script for psql: a comment for each file, `BEGIN` and `COMMIT` where the tool sends them or the
/// server makes a transaction of one query.
pub fn human(recorded: Recorded<'_>) -> String {
    let mut out = String::new();
    for history in recorded.histories {
        write_history(history, &mut out);
    }
    out
}

fn write_history(history: &RecordedHistory<'_>, out: &mut String) {
    let opened_by = |id: u32| {
        let transaction: Option<&TransactionRecord> = history.record.transactions.iter().find(|it| it.id == id);
        transaction.map_or(OpenedBy::Statement, |it| it.opened_by)
    };
    let mut file = None;
    let mut open: Option<u32> = None;
    for record in &history.record.statements {
        let Some(&(script, true)) = history.scripts.get(record.id.script as usize) else { continue };
        let wrapped = matches!(opened_by(record.transaction), OpenedBy::Runner | OpenedBy::SingleQuery);
        if open.is_some_and(|it| it != record.transaction) {
            out.push_str("COMMIT;\n");
            open = None;
        }
        if file != Some(record.id.script) {
            let separator = if out.is_empty() { "" } else { "\n" };
            let back = if script.direction == Direction::Down { ", the way back" } else { "" };
            out.push_str(&format!("{separator}-- {}{back}\n", script.path.replace(['\n', '\r'], " ")));
            file = Some(record.id.script);
        }
        if wrapped && open.is_none() {
            out.push_str("BEGIN;\n");
            open = Some(record.transaction);
        }
        out.push_str(record.span.of(&script.sql));
        out.push_str(";\n");
    }
    if open.is_some() {
        out.push_str("COMMIT;\n");
    }
}
