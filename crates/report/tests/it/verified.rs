//! What a server did, for people and for programs.

use crate::schema;
use insta::assert_snapshot;
use lockkeeper_model::Version;
use lockkeeper_report::{
    Counting, Difference, Done, Growth, LeftOut, Look, Refused, RoundTrip, RoutedRow, Upsert, VERIFY_SCHEMA, Verified,
    VerifiedStatement, verify_human, verify_json, verify_markdown,
};
use lockkeeper_sources::{Reading, Script, Source, Text, read};
use std::time::Duration;

const SQL: &str = "CREATE EXTENSION postgis;\nALTER TABLE users ALTER id TYPE bigint;\nDROP TABLE nowhere;\n";

/// What the report is about.
fn script() -> Script {
    let source = Source { path: "db/2.sql".to_owned(), bytes: SQL.into() };
    read(&Text::new(&source), &Reading::default()).remove(0)
}

fn verified(script: &Script) -> Verified<'_> {
    let span = |at: usize| script.parsed.statements[at].span;
    let lock = ("public.users".to_owned(), "ACCESS EXCLUSIVE".to_owned());
    let rewritten = Done { locks: vec![lock], rewrites: vec!["public.users".to_owned()], ..Done::default() };
    let message = "table \"nowhere\" does not exist".to_owned();
    let refused =
        Done { failure: Some(Refused { sqlstate: "42P01".to_owned(), message, aborted: false }), ..Done::default() };
    Verified {
        version: Version::default(),
        server: "PostgreSQL 17.2".to_owned(),
        place: "a throwaway cluster".to_owned(),
        notes: vec!["roles that were missing were made for the run: `app`".to_owned()],
        stopped: None,
        ground: 3,
        statements: vec![
            VerifiedStatement {
                script,
                span: span(1),
                kind: Some("ALTER TABLE"),
                seen: rewritten,
                predicted: Done::default(),
                mismatches: vec![Difference {
                    kind: "rewrite-not-predicted",
                    message: "public.users: a rewrite that was not expected".to_owned(),
                }],
                elapsed: Some(Duration::from_micros(1_500)),
                rows: Some(1_000),
                growth: Some(Growth::Rows),
            },
            VerifiedStatement {
                script,
                span: span(2),
                kind: Some("DROP TABLE"),
                seen: refused.clone(),
                predicted: refused,
                mismatches: Vec::new(),
                elapsed: None,
                rows: None,
                growth: None,
            },
        ],
        left_out: vec![LeftOut {
            script,
            span: span(0),
            ground: false,
            kind: "lacking-on-the-server",
            message: "the server lacks the extension `postgis`".to_owned(),
        }],
        routing: vec![RoutedRow {
            table: "public.events".to_owned(),
            values: "'2026-01-01'".to_owned(),
            expected: Some("public.events_2026".to_owned()),
            excluded: None,
            seen: None,
            refused: Some("no partition of relation \"events\" found for row".to_owned()),
            right: false,
        }],
        upserts: vec![Upsert {
            script,
            span: span(2),
            table: "users".to_owned(),
            target: "ON CONFLICT (name)".to_owned(),
            refused: Some("there is no unique index".to_owned()),
        }],
        round_trips: vec![RoundTrip {
            script,
            after_down: vec!["DROP TYPE public.mood;".to_owned()],
            after_up: Vec::new(),
            refused: None,
        }],
    }
}

#[test]
fn people_read_what_was_done_and_what_differs() {
    assert_snapshot!(verify_human(&verified(&script()), Look::default()));
}

#[test]
fn programs_read_the_contract() {
    let json = verify_json(&verified(&script()), Counting::default());
    schema::assert_valid(VERIFY_SCHEMA, &json);
    assert_snapshot!(json);
}

#[test]
fn a_comment_has_a_table() {
    assert_snapshot!(verify_markdown(&verified(&script())));
}
