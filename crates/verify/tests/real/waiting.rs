//! Statements that cannot run in a transaction: read while they wait, each time with the same result.

use lockkeeper_verify::{Envelope, LockMode, SeenLock, observe};

use crate::servers::on_each;

const BASE: &[&str] = &[
    "CREATE TABLE a (id int PRIMARY KEY, n int)",
    "CREATE TABLE b (id int PRIMARY KEY, a_id int REFERENCES a)",
    "CREATE INDEX a_n ON a (n)",
    "CREATE TABLE p (id int, n int) PARTITION BY RANGE (id)",
    "CREATE TABLE p_1 PARTITION OF p FOR VALUES FROM (1) TO (10)",
    "CREATE TABLE p_2 PARTITION OF p FOR VALUES FROM (10) TO (20)",
    "CREATE INDEX p_n ON p (n)",
    "CREATE TABLE \"Odd name\" (\"N\" int)",
    "CREATE MATERIALIZED VIEW m AS SELECT n FROM a",
    "CREATE INDEX m_n ON m (n)",
    "CREATE PROCEDURE in_steps() LANGUAGE plpgsql AS 'BEGIN TRUNCATE b; COMMIT; ALTER TABLE a ADD c int; COMMIT; END'",
];

/// First version, statement, and the locks from SHARE UPDATE EXCLUSIVE up that it asks for in any of its transactions.
const CASES: &[(u32, &str, &str)] = &[
    (13, "CREATE INDEX CONCURRENTLY i ON a (n)", "a SHARE UPDATE EXCLUSIVE"),
    (13, "CREATE INDEX CONCURRENTLY ON \"Odd name\" (\"N\")", "\"Odd name\" SHARE UPDATE EXCLUSIVE"),
    (13, "DROP INDEX CONCURRENTLY a_n", "a SHARE UPDATE EXCLUSIVE"),
    (13, "DROP INDEX CONCURRENTLY IF EXISTS nowhere", ""),
    (13, "REINDEX TABLE CONCURRENTLY a", "a SHARE UPDATE EXCLUSIVE"),
    (13, "REINDEX INDEX CONCURRENTLY m_n", "m SHARE UPDATE EXCLUSIVE"),
    // Every partition is locked before the first index is built (ReindexPartitions); by an index, only the partitions' indexes are.
    (14, "REINDEX TABLE CONCURRENTLY p", "p SHARE UPDATE EXCLUSIVE, p_1 SHARE, p_2 SHARE"),
    (
        14,
        "REINDEX INDEX CONCURRENTLY p_n",
        "p SHARE UPDATE EXCLUSIVE, p_1 SHARE UPDATE EXCLUSIVE, p_2 SHARE UPDATE EXCLUSIVE",
    ),
    (14, "ALTER TABLE p DETACH PARTITION p_1 CONCURRENTLY", "p SHARE UPDATE EXCLUSIVE, p_1 ACCESS EXCLUSIVE"),
    (13, "VACUUM a, b", "a SHARE UPDATE EXCLUSIVE, b SHARE UPDATE EXCLUSIVE"),
    (13, "VACUUM FULL m", "m ACCESS EXCLUSIVE"),
    (13, "REINDEX SCHEMA public", "\"Odd name\" SHARE, a SHARE, b SHARE, m SHARE, p_1 SHARE, p_2 SHARE"),
    (13, "CALL in_steps()", "a ACCESS EXCLUSIVE, b ACCESS EXCLUSIVE"),
    (13, "ALTER SYSTEM RESET work_mem", ""),
];

#[test]
fn every_step_of_a_statement_is_seen_each_time() {
    on_each(|server, scratch| {
        let base = scratch();
        base.prepare(BASE).expect("the base");
        let mut complaints = Vec::new();
        for (_, sql, expected) in CASES.iter().filter(|it| it.0 <= server.major) {
            for _ in 0..3 {
                let scratch = base.copy().expect("a copy");
                let run = observe(&scratch, &[sql], Envelope::EachByItself).expect("a run");
                let seen = &run.statements[0];
                let strong = |it: &&SeenLock| {
                    it.mode >= LockMode::ShareUpdateExclusive
                        && !it.relation.contains("_n")
                        && !it.relation.contains("_pkey")
                };
                let locks: Vec<String> = seen
                    .locks
                    .iter()
                    .filter(strong)
                    .map(|it| format!("{} {}", it.relation.replace("public.", ""), it.mode))
                    .collect();
                if seen.failure.is_some() || locks.join(", ") != *expected {
                    complaints.push(format!("{sql}: {seen:?}"));
                }
            }
        }
        complaints
    });
}

#[test]
fn a_transaction_refuses_them() {
    on_each(|_, scratch| {
        let scratch = scratch();
        scratch.prepare(BASE).expect("the base");
        let script = ["CREATE INDEX CONCURRENTLY i ON a (n)", "SELECT 1"];
        let run = observe(&scratch, &script, Envelope::OneTransaction).expect("a run");
        let states: Vec<_> =
            run.statements.iter().map(|it| it.failure.as_ref().map(|it| it.sqlstate.as_str())).collect();
        if states == [Some("25001"), Some("25P02")] { Vec::new() } else { vec![format!("{states:?}")] }
    });
}

#[test]
fn the_time_of_a_statement_that_was_made_to_wait_is_not_told() {
    on_each(|_, scratch| {
        let scratch = scratch();
        scratch.prepare(BASE).expect("the base");
        let script = ["DROP INDEX CONCURRENTLY a_n", "ALTER TABLE a ADD c int"];
        let run = observe(&scratch, &script, Envelope::EachByItself).expect("a run");
        let told: Vec<bool> = run.statements.iter().map(|it| it.elapsed.is_some()).collect();
        if told == [false, true] { Vec::new() } else { vec![format!("{told:?}")] }
    });
}
