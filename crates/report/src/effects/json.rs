//! The report of `effects` for programs; its shape stands in `schemas/effects.json`.

use super::{Recorded, Selection, Shown, assumption};
use crate::Counting;
use crate::json::{Each, Place, Point, SHAPE, TOOL, Tool, print_laid_out, write};
use lockkeeper_model::record::{HeldRecord, TransactionRecord};
use lockkeeper_model::timeline::OpenedBy;
use serde::Serialize;
use std::io;

#[derive(Serialize)]
struct EffectsJson<S, T> {
    version: u32,
    tool: Tool,
    postgres: u8,
    statements: S,
    transactions: T,
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
    mode: &'static str,
    blocks: &'static str,
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
    mode: &'static str,
    from: u32,
    to: u32,
}

/// The report as JSON.
pub fn json(recorded: Recorded<'_>, counting: Counting) -> String {
    print_laid_out(&report(&Selection::new(recorded), recorded, counting), counting.layout)
}

/// Writes the report as JSON statement by statement: of a large schema it is larger than all that it is made of.
///
/// # Errors
///
/// Those of `out`.
pub fn write_json(recorded: Recorded<'_>, counting: Counting, out: &mut impl io::Write) -> io::Result<()> {
    write(&report(&Selection::new(recorded), recorded, counting), counting.layout, out)
}

fn report<'a>(selection: &'a Selection<'a>, recorded: Recorded<'_>, counting: Counting) -> impl Serialize + use<'a> {
    EffectsJson {
        version: SHAPE,
        tool: TOOL,
        postgres: recorded.version.major(),
        statements: Each(&selection.statements, move |it| statement(it, counting)),
        transactions: Each(&selection.transactions, |(id, it): &(u32, &TransactionRecord)| transaction(*id, it)),
    }
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
                mode: it.mode.words(),
                blocks: it.mode.blocks().words(),
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
        mode: it.mode.words(),
        from: it.from,
        to: it.to,
    };
    TransactionJson { id, explicit: it.opened_by != OpenedBy::Statement, held: it.held.iter().map(held).collect() }
}
