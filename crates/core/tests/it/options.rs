//! What rules can be told beyond their level.

use crate::render::History;
use insta::assert_snapshot;
use lockkeeper_core::{Settings, Size, TableSizes};
use lockkeeper_model::Runner;

fn settings(toml: &str) -> Settings {
    Settings::parse(toml).unwrap()
}

/// What is said of `sql` after `before`.
fn said(settings: Settings, before: &str, sql: &str) -> String {
    let history = History { settings, ..History::default() }.before(before).script(sql, Runner::default());
    history.report().findings.iter().map(|it| format!("{}: {}\n", it.rule.name, it.message)).collect()
}

const EVENTS: &str = "CREATE TABLE events (id bigint, at date);";
const INDEX: &str = "CREATE INDEX ON events (at);";

#[test]
fn a_rule_decides_itself_what_is_short() {
    let of = |toml: &str| {
        let mut settings = settings(toml);
        let mut sizes = TableSizes::default();
        sizes.add("public", "events", Size { rows: 200_000, bytes: 30 << 20 });
        settings.tables.sizes = sizes;
        said(settings, EVENTS, INDEX)
    };
    assert_snapshot!(of(""), @"index-built-under-lock: writes to `events` wait while an index is built (about 200,000 rows, 30 MB)");
    assert_snapshot!(of("[rules]\nindex-built-under-lock = { max_rows = 500_000 }"), @"");
    assert_snapshot!(of("[rules]\nindex-built-under-lock = { max_rows = 500_000, max_bytes = \"20MB\" }"), @"index-built-under-lock: writes to `events` wait while an index is built (about 200,000 rows, 30 MB)");
    assert_snapshot!(of("[rules]\nreindex-under-lock = { max_rows = 500_000 }"), @"index-built-under-lock: writes to `events` wait while an index is built (about 200,000 rows, 30 MB)");
}

#[test]
fn a_partition_is_allowed_with_its_table() {
    let before = "CREATE TABLE odds (at date) PARTITION BY RANGE (at);
        CREATE TABLE odds_1 PARTITION OF odds FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');";
    let of =
        |toml: &str| said(settings(toml), before, "CREATE INDEX ON odds_1 (at); ALTER TABLE odds DROP COLUMN note;");
    assert_snapshot!(of("[rules]\nindex-built-under-lock = { allow = [\"odds\"] }\nobject-missing = \"off\""), @"");
}

#[test]
fn what_lies_outside_of_the_history_can_be_named() {
    let sql = "ALTER TABLE networks ADD COLUMN a int; ALTER TABLE network ADD COLUMN a int; SET search_path = auth;
        ALTER TABLE auth.users ADD COLUMN a int;";
    let toml = "[rules]\nobject-missing = { allow = [\"networks\", \"auth.*\"] }";
    assert_snapshot!(said(settings(toml), EVENTS, sql), @r#"object-missing: relation "network" does not exist"#);
}

#[test]
fn timeouts_have_their_limits() {
    let of =
        |toml: &str, set: &str| said(settings(toml), EVENTS, &format!("{set} ALTER TABLE events ADD COLUMN a int;"));
    let short = "[rules]\nlock-timeout-missing = { lock_timeout = \"5s\" }";
    assert_snapshot!(of(short, ""), @"lock-timeout-missing: reads of and writes to `events` queue up behind this statement for as long as it waits for its lock");
    assert_snapshot!(of(short, "SET lock_timeout = '5s';"), @"");
    assert_snapshot!(of(short, "SET lock_timeout = '1min';"), @"lock-timeout-missing: reads of and writes to `events` queue up behind this statement for up to 1min, and 5s is the limit");
    let both = "[rules]\nlock-timeout-missing = { statement_timeout = \"1min\" }";
    assert_snapshot!(of(both, "SET lock_timeout = '5s';"), @"lock-timeout-missing: reads of and writes to `events` queue up behind this statement for as long as it runs");
    assert_snapshot!(of(both, "SET lock_timeout = '5s'; SET statement_timeout = '30s';"), @"");
    assert_snapshot!(of(both, "SET lock_timeout = '5s'; SET statement_timeout = '1h';"), @"lock-timeout-missing: reads of and writes to `events` queue up behind this statement for up to 60min while it runs, and 1min is the limit");
}

#[test]
fn so_many_tables_may_be_closed_together() {
    let before = "CREATE TABLE a (i int); CREATE TABLE b (i int); CREATE TABLE c (i int);";
    let sql = "BEGIN; ALTER TABLE a ADD x int; ALTER TABLE b ADD x int; ALTER TABLE c ADD x int; COMMIT;";
    let of = |toml: &str| said(settings(toml), before, sql);
    assert_snapshot!(of("[rules]\nseveral-tables-locked = \"info\""), @r"
    several-tables-locked: the transaction waits for `b` while reads of and writes to `a` wait for it
    several-tables-locked: the transaction waits for `c` while reads of and writes to `a` wait for it
    ");
    assert_snapshot!(of("[rules]\nseveral-tables-locked = { max_tables = 2 }"), @"several-tables-locked: the transaction waits for `c` while reads of and writes to `a` wait for it");
    assert_snapshot!(of("[rules]\nseveral-tables-locked = { max_tables = 3 }"), @"");
}

#[test]
fn a_limit_may_be_long_enough_for_a_build() {
    let sql = "SET statement_timeout = '30min'; CREATE INDEX CONCURRENTLY i ON events (at);";
    let of = |toml: &str| said(settings(toml), EVENTS, sql);
    assert_snapshot!(of(""), @"concurrent-build-under-statement-timeout: a build that lasts longer than 30min is cancelled, and leaves `i` behind, invalid");
    assert_snapshot!(of("[rules]\nconcurrent-build-under-statement-timeout = { long_enough = \"30min\" }"), @"");
}

#[test]
fn partitions_reach_ahead() {
    let sql = "CREATE TABLE odds (at date) PARTITION BY RANGE (at);
        CREATE TABLE odds_1 PARTITION OF odds FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');";
    let on = |today: Option<i64>| {
        let ahead = settings("[rules]\npartition-range-ends = { days_ahead = 30 }");
        said(Settings { today, ..ahead }, "", sql)
    };
    // The day after 2026-12-02, and that day.
    assert_snapshot!(on(Some(20_790)), @"partition-range-ends: rows of `odds` from '2027-01-01' on belong to no partition: to insert one fails");
    assert_snapshot!(on(Some(20_789)), @"");
    assert_snapshot!(on(None), @"partition-range-ends: rows of `odds` from '2027-01-01' on belong to no partition: to insert one fails");
}

#[test]
fn a_path_has_options_of_its_own() {
    let toml = "[[overrides]]\npaths = [\"**/*.sql\"]\nrules = { index-built-under-lock = { allow = [\"events\"] } }";
    let history = History { settings: settings(toml), ..History::default() };
    let history = history.before(EVENTS).script(INDEX, Runner::default());
    assert!(history.report().findings.is_empty(), "{:?}", history.report().findings);
}
