//! The report of `effects` for programs; its shape stands in `schemas/effects.json`.

use super::{Recorded, Selection, Shown, assumption};
use crate::Counting;
use crate::json::{Place, Point, SHAPE, TOOL, Tool, print};
use lockkeeper_model::record::{HeldRecord, TransactionRecord};
use lockkeeper_model::timeline::OpenedBy;
use serde::Serialize;

#[derive(Serialize)]
struct EffectsJson<'a> {
    version: u32,
    tool: Tool,
    postgres: u8,
    statements: Vec<StatementJson<'a>>,
    transactions: Vec<TransactionJson>,
}

#[derive(Serialize)]
struct StatementJson<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    kind: Option<&'static str>,
    transaction: u32,
    possible: bool,
    locks: Vec<LockJson>,
    rewrites: Vec<String>,
    scans: Vec<String>,
    index_builds: Vec<String>,
    inside: Vec<InsideJson>,
    failure: Option<FailureJson>,
    assumed: Vec<String>,
}

#[derive(Serialize)]
struct LockJson {
    relation: String,
    mode: String,
    blocks: String,
    new: bool,
}

#[derive(Serialize)]
struct InsideJson {
    start: Point,
    end: Point,
}

#[derive(Serialize)]
struct FailureJson {
    sqlstate: &'static str,
    message: String,
    caused_by: Option<usize>,
}

#[derive(Serialize)]
struct TransactionJson {
    id: u32,
    explicit: bool,
    held: Vec<HeldJson>,
}

#[derive(Serialize)]
struct HeldJson {
    relation: String,
    mode: String,
    from: u32,
    to: u32,
}

/// The report as JSON.
pub fn json(recorded: Recorded<'_>, counting: Counting) -> String {
    let selection = Selection::new(recorded);
    print(&EffectsJson {
        version: SHAPE,
        tool: TOOL,
        postgres: recorded.version.major(),
        statements: selection.statements.iter().map(|it| statement(it, counting)).collect(),
        transactions: selection.transactions.iter().map(|(id, it)| transaction(*id, it)).collect(),
    })
}

fn statement<'a>(it: &Shown<'a>, counting: Counting) -> StatementJson<'a> {
    let record = it.record;
    let names = |list: &[lockkeeper_model::ObjectName]| list.iter().map(ToString::to_string).collect();
    StatementJson {
        place: Place::new(it.script, record.span, counting),
        kind: record.kind,
        transaction: it.transaction,
        possible: record.possible,
        locks: record
            .locks
            .iter()
            .map(|it| LockJson {
                relation: it.relation.to_string(),
                mode: it.mode.to_string(),
                blocks: it.mode.blocks().to_string(),
                new: it.new,
            })
            .collect(),
        rewrites: names(&record.rewrites),
        scans: names(&record.scans),
        index_builds: names(&record.index_builds),
        inside: record
            .inside
            .iter()
            .map(|span| it.script.range(*span, counting.unit))
            .map(|range| InsideJson { start: range.start.into(), end: range.end.into() })
            .collect(),
        failure: record.failure.as_ref().map(|failure| FailureJson {
            sqlstate: failure.refusal.sqlstate(),
            message: failure.refusal.message(),
            caused_by: it.caused_by,
        }),
        assumed: record.assumed.iter().map(assumption).collect(),
    }
}

fn transaction(id: u32, it: &TransactionRecord) -> TransactionJson {
    let held = |it: &HeldRecord| HeldJson {
        relation: it.relation.to_string(),
        mode: it.mode.to_string(),
        from: it.from,
        to: it.to,
    };
    TransactionJson { id, explicit: it.opened_by != OpenedBy::Statement, held: it.held.iter().map(held).collect() }
}
