//! One finding per effect, and what settings and runners change.

use crate::render::{History, findings};
use insta::assert_snapshot;
use lockkeeper_core::{Settings, Severity};
use lockkeeper_model::{Envelope, LockMode, Runner};

const EVENTS: &str = "CREATE TABLE events (id bigint, starts_at timestamptz);";

fn with_settings(toml: &str, before: &str, sql: &str) -> History {
    let settings = Settings::parse(toml).unwrap();
    History { settings, ..History::default() }.before(before).script(sql, Runner::default())
}

#[test]
fn a_new_table_has_no_traffic() {
    assert_snapshot!(findings("", "CREATE TABLE t (a int); CREATE INDEX ON t (a); DROP TABLE t;"), @"");
}

#[test]
fn what_is_dropped_to_be_made_is_nobodys_loss() {
    let sql = "DROP TABLE IF EXISTS ids; CREATE TABLE ids AS SELECT 1 AS id;";
    assert_snapshot!(findings("DROP TABLE unknown;", sql), @"");
}

#[test]
fn a_name_without_schema_is_that_of_the_only_relation_that_has_it() {
    let before = "DROP TABLE unknown; CREATE SCHEMA data; CREATE TABLE data.commits (id int, author int);";
    let sql = "ALTER TABLE commits DROP COLUMN author; ALTER TABLE data.commits ADD COLUMN author text;";
    let rendered = findings(before, sql);
    assert!(!rendered.contains("already exists"), "{rendered}");
}

#[test]
fn a_caused_failure_is_not_reported() {
    let sql = "CREATE TABLE t (a int PRIMARY KEY, b int) PARTITION BY LIST (b);\nCREATE TABLE t1 PARTITION OF t FOR VALUES IN (1);\nCREATE INDEX ON t (b);";
    let report = History::default().script(sql, Runner::default()).report();
    assert_eq!(report.summary.errors, 1, "{:?}", report.findings);
}

#[test]
fn a_syntax_error_is_a_problem() {
    assert_snapshot!(findings("", "CREATE TABEL t (a int);\nCREATE TABLE u (a int);"), @r#"problem [syntax] at `TABEL`: syntax error at or near "TABEL""#);
}

#[test]
fn a_partial_history_assumes_what_it_lacks() {
    let history = History { partial: true, ..History::default() }
        .script("CREATE INDEX e ON events (starts_at);", Runner::default());
    assert_snapshot!(history.rendered(), @r#"
    warning: writes to `events` wait while an index is built [index-built-under-lock]
      at `CREATE INDEX`: SHARE on `events` until commit; reads every row
      instead, in a file of its own that runs outside a transaction: CREATE INDEX CONCURRENTLY e ON events (starts_at);
      assumed: `events` is an ordinary table with rows and traffic; no migration here creates it
      unsafe fix, build it concurrently: CREATE INDEX CONCURRENTLY e ON events (starts_at)
    "#);
}

#[test]
fn small_tables_are_indexed_in_no_time() {
    assert_eq!(
        with_settings("[tables]\nsmall = [\"events\"]", EVENTS, "CREATE INDEX e ON events (id);").rendered(),
        ""
    );
}

#[test]
fn nobody_waits_for_a_table_without_traffic() {
    assert_eq!(
        with_settings("[tables]\nno_traffic = [\"ev*\"]", EVENTS, "CREATE INDEX e ON events (id);").rendered(),
        ""
    );
}

#[test]
fn a_level_of_the_settings_is_the_severity() {
    let report = with_settings("[rules]\ntable-dropped = \"error\"", EVENTS, "DROP TABLE events;").report();
    assert_eq!(report.worst(), Some(Severity::Error));
    assert_eq!(report.summary.errors, 1);
}

#[test]
fn an_override_holds_for_its_paths() {
    let toml = "[[overrides]]\npaths = [\"db/**\"]\nrules = { table-dropped = \"off\" }";
    assert_eq!(with_settings(toml, EVENTS, "DROP TABLE events;").rendered(), "");
}

#[test]
fn the_runner_of_the_settings_opens_the_transaction() {
    let history =
        with_settings("[runner]\ntransaction = \"file\"", EVENTS, "CREATE INDEX CONCURRENTLY e ON events (id);");
    assert_snapshot!(history.rendered(), @r#"
    error: CREATE INDEX CONCURRENTLY cannot run inside a transaction [concurrently-in-transaction]
      at `CONCURRENTLY`: PostgreSQL 17 refuses this (25001)
      instead, in a file of its own that runs outside a transaction: CREATE INDEX CONCURRENTLY e ON events (id);
      assumed: the migration tool runs each file in a transaction
    "#);
}

#[test]
fn a_lock_that_is_held_already_counts() {
    let runner = Runner { transaction: Envelope::File, ..Runner::default() };
    let history = History::default()
        .before(EVENTS)
        .script("ALTER TABLE events ADD COLUMN a int;\nCREATE INDEX e ON events (a);", runner);
    assert_snapshot!(history.rendered(), @r#"
    warning: reads of and writes to `events` wait while an index is built [index-built-under-lock]
      at `CREATE INDEX`: ACCESS EXCLUSIVE on `events` is held by the transaction; reads every row
      instead, in a file of its own that runs outside a transaction: CREATE INDEX CONCURRENTLY e ON events (a);
      note: an earlier statement of the transaction already locks the table
    "#);
}

#[test]
fn the_summary_counts_what_reports() {
    let report = History::default()
        .before(EVENTS)
        .script("CREATE INDEX e ON events (id);\nDROP TABLE events;", Runner::default())
        .report();
    let summary = report.summary;
    assert_eq!((summary.files, summary.statements, summary.errors, summary.warnings), (1, 2, 0, 2));
    let lock = summary.strongest_lock.unwrap();
    assert_eq!((lock.mode, lock.relation.as_str(), lock.statement.statement), (LockMode::AccessExclusive, "events", 1));
    assert!(!lock.rewrite && !lock.scan);
}
