//! What a statement with findings does, in one line.

use crate::render::History;
use lockkeeper_model::Runner;
use lockkeeper_sources::Framework;

const BASE: &str =
    "CREATE TABLE t (id bigint PRIMARY KEY, a int, b text); CREATE TABLE u (id bigint PRIMARY KEY, t_id bigint);
                    CREATE TABLE big (id int, b int) PARTITION BY RANGE (id);
                    CREATE TABLE big_1 PARTITION OF big FOR VALUES FROM (1) TO (2);
                    CREATE TABLE big_2 PARTITION OF big FOR VALUES FROM (2) TO (3);
                    CREATE TABLE big_3 PARTITION OF big FOR VALUES FROM (3) TO (4);
                    CREATE TABLE big_4 PARTITION OF big FOR VALUES FROM (4) TO (5)";

fn effects(sql: &str, runner: Runner) -> Vec<String> {
    let report = History::default().before(BASE).script(sql, runner).report();
    report.effects.into_iter().map(|it| it.text).collect()
}

#[test]
fn each_statement_with_findings_has_one() {
    let sql =
        "CREATE INDEX i ON t (a); SELECT 1; ALTER TABLE u ADD CONSTRAINT f FOREIGN KEY (t_id) REFERENCES t, DROP id;
               ALTER TABLE t ALTER a TYPE bigint";
    assert_eq!(
        effects(sql, Runner::default()),
        [
            "SHARE on `t`, writes wait; builds `i`",
            "ACCESS EXCLUSIVE on `u`, reads and writes wait; SHARE ROW EXCLUSIVE on `t`, writes wait; reads every row of `u`",
            "ACCESS EXCLUSIVE on `t`, reads and writes wait; rewrites `t`",
        ]
    );
}

#[test]
fn in_a_transaction_it_lasts_until_commit() {
    assert_eq!(
        effects("BEGIN; DROP TABLE u; COMMIT", Runner::default()),
        ["ACCESS EXCLUSIVE on `u` until commit, reads and writes wait"]
    );
}

#[test]
fn of_many_tables_the_first_are_named() {
    assert_eq!(
        effects("ALTER TABLE big ALTER b TYPE bigint", Runner::default()),
        [
            "ACCESS EXCLUSIVE on `big`, `big_1`, `big_2` and 2 more, reads and writes wait; rewrites `big_1`, `big_2`, `big_3`, `big_4`"
        ]
    );
}

#[test]
fn what_is_refused_or_only_noted_has_none() {
    assert_eq!(effects("ALTER TABLE t ADD COLUMN a int", Runner::default()), [""; 0]);
    let report =
        History::default().before(BASE).file("-- +goose Up\nCREATE TABLE v (id int)", Framework::Goose).report();
    assert_eq!(report.effects, []);
}
