//! The report of `verify` for programs; its shape stands in `schemas/verify.json`.

use super::{Done, Growth, RoutedRow, Verified};
use crate::Counting;
use crate::json::{Place, SHAPE, TOOL, Tool, print};
use serde::Serialize;

#[derive(Serialize)]
struct VerifyJson<'a> {
    version: u32,
    tool: Tool,
    postgres: u8,
    server: &'a str,
    place: &'a str,
    notes: &'a [String],
    stopped: Option<&'a str>,
    summary: SummaryJson,
    statements: Vec<StatementJson<'a>>,
    left_out: Vec<LeftOutJson<'a>>,
    routing: Vec<RoutedJson<'a>>,
    upserts: Vec<UpsertJson<'a>>,
    round_trips: Vec<RoundTripJson<'a>>,
}

#[derive(Serialize)]
struct SummaryJson {
    ground: usize,
    statements: usize,
    mismatches: usize,
    refused: usize,
    left_out: usize,
    ground_left_out: usize,
    round_trips: usize,
    unequal_round_trips: usize,
    rows_astray: usize,
    conflicts_refused: usize,
}

#[derive(Serialize)]
struct RoutedJson<'a> {
    table: &'a str,
    values: &'a str,
    expected: Option<&'a str>,
    excluded: Option<&'a str>,
    seen: Option<&'a str>,
    refused: Option<&'a str>,
    right: bool,
}

#[derive(Serialize)]
struct UpsertJson<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    table: &'a str,
    target: &'a str,
    refused: Option<&'a str>,
}

#[derive(Serialize)]
struct StatementJson<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    kind: Option<&'static str>,
    milliseconds: Option<f64>,
    rows: Option<u64>,
    growth: Option<&'static str>,
    seen: DoneJson<'a>,
    predicted: DoneJson<'a>,
    mismatches: Vec<MismatchJson<'a>>,
}

#[derive(Serialize)]
struct DoneJson<'a> {
    locks: Vec<LockJson<'a>>,
    rewrites: &'a [String],
    scans: &'a [String],
    index_builds: &'a [String],
    failure: Option<FailureJson<'a>>,
}

#[derive(Serialize)]
struct LockJson<'a> {
    relation: &'a str,
    mode: &'a str,
}

#[derive(Serialize)]
struct FailureJson<'a> {
    sqlstate: &'a str,
    message: &'a str,
}

#[derive(Serialize)]
struct MismatchJson<'a> {
    kind: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
struct LeftOutJson<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    ground: bool,
    kind: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
struct RoundTripJson<'a> {
    path: &'a str,
    equal: bool,
    refused: Option<&'a str>,
    after_down: &'a [String],
    after_up: &'a [String],
}

/// The report as JSON.
pub fn json(verified: &Verified<'_>, counting: Counting) -> String {
    let counts = verified.counts();
    print(&VerifyJson {
        version: SHAPE,
        tool: TOOL,
        postgres: verified.version.major(),
        server: &verified.server,
        place: &verified.place,
        notes: &verified.notes,
        stopped: verified.stopped.as_deref(),
        summary: SummaryJson {
            ground: verified.ground,
            statements: counts.statements,
            mismatches: counts.mismatches,
            refused: counts.refused,
            left_out: counts.left_out,
            ground_left_out: counts.ground_left_out,
            round_trips: counts.round_trips,
            unequal_round_trips: counts.unequal,
            rows_astray: counts.astray,
            conflicts_refused: counts.conflicts,
        },
        statements: verified
            .statements
            .iter()
            .map(|it| StatementJson {
                place: Place::new(it.script, it.span, counting),
                kind: it.kind,
                milliseconds: it.elapsed.map(|it| it.as_secs_f64() * 1_000.0),
                rows: it.rows,
                growth: it.growth.map(Growth::word),
                seen: done(&it.seen),
                predicted: done(&it.predicted),
                mismatches: it
                    .mismatches
                    .iter()
                    .map(|it| MismatchJson { kind: it.kind, message: &it.message })
                    .collect(),
            })
            .collect(),
        left_out: verified
            .left_out
            .iter()
            .map(|it| LeftOutJson {
                place: Place::new(it.script, it.span, counting),
                ground: it.ground,
                kind: it.kind,
                message: &it.message,
            })
            .collect(),
        routing: verified.routing.iter().map(routed).collect(),
        upserts: verified
            .upserts
            .iter()
            .map(|it| UpsertJson {
                place: Place::new(it.script, it.span, counting),
                table: &it.table,
                target: &it.target,
                refused: it.refused.as_deref(),
            })
            .collect(),
        round_trips: verified
            .round_trips
            .iter()
            .map(|it| RoundTripJson {
                path: &it.script.path,
                equal: it.is_equal(),
                refused: it.refused.as_deref(),
                after_down: &it.after_down,
                after_up: &it.after_up,
            })
            .collect(),
    })
}

fn routed(it: &RoutedRow) -> RoutedJson<'_> {
    RoutedJson {
        table: &it.table,
        values: &it.values,
        expected: it.expected.as_deref(),
        excluded: it.excluded.as_deref(),
        seen: it.seen.as_deref(),
        refused: it.refused.as_deref(),
        right: it.right,
    }
}

fn done(it: &Done) -> DoneJson<'_> {
    DoneJson {
        locks: it.locks.iter().map(|(relation, mode)| LockJson { relation, mode }).collect(),
        rewrites: &it.rewrites,
        scans: &it.scans,
        index_builds: &it.index_builds,
        failure: it.failure.as_ref().map(|it| FailureJson { sqlstate: &it.sqlstate, message: &it.message }),
    }
}
