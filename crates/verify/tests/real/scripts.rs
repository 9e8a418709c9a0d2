//! What a whole script does: transactions, what they hold, and how one statement's failure reaches the next.

use lockkeeper_verify::{Envelope, LockMode, Observation, Run, Scratch, difference, observe, schema};

use crate::servers::on_each;

const BASE: &[&str] = &[
    "CREATE TABLE a (id int PRIMARY KEY, n int)",
    "CREATE TABLE b (id int PRIMARY KEY, a_id int)",
    "INSERT INTO a SELECT g, g FROM generate_series(1, 9) g",
    "INSERT INTO b SELECT g, g FROM generate_series(1, 9) g",
];

/// Runs a script on the base and gives it as one line a statement.
fn lines(scratch: &Scratch, script: &[&str], envelope: Envelope) -> Vec<String> {
    scratch.prepare(BASE).expect("the base");
    let Run { statements, commit } = observe(scratch, script, envelope).expect("a run");
    let mut lines: Vec<String> = statements.iter().map(line).collect();
    lines.extend(commit.map(|it| format!("commit: {}", it.sqlstate)));
    lines
}

fn line(seen: &Observation) -> String {
    if let Some(failure) = &seen.failure {
        return failure.sqlstate.clone();
    }
    let locks = |of: &[lockkeeper_verify::SeenLock]| {
        let strong = of.iter().filter(|it| it.mode >= LockMode::RowExclusive && !it.relation.contains("_pkey"));
        strong.map(|it| format!("{} {}", it.relation.replace("public.", ""), it.mode)).collect::<Vec<_>>().join(", ")
    };
    let mut line = locks(&seen.locks);
    if !seen.held.is_empty() {
        line = format!("{line} (held: {})", locks(&seen.held));
    }
    for (what, names) in
        [("rewrite", &seen.rewrites), ("scan", &seen.scans), ("index", &seen.index_builds), ("new", &seen.new)]
    {
        if !names.is_empty() {
            line += &format!("; {what} {}", names.join(", ").replace("public.", ""));
        }
    }
    line
}

/// Fails unless every server gives these lines.
#[track_caller]
fn expect(script: &[&str], envelope: Envelope, expected: &[&str]) {
    on_each(|_, scratch| {
        let seen = lines(&scratch(), script, envelope);
        if seen == expected { Vec::new() } else { vec![format!("{script:?}\n  {seen:#?}")] }
    });
}

#[test]
fn one_transaction_holds_its_locks_to_the_end() {
    expect(
        &["ALTER TABLE a ADD c int", "CREATE INDEX i ON b (a_id)", "ALTER TABLE a ALTER n SET NOT NULL"],
        Envelope::OneTransaction,
        &[
            "a ACCESS EXCLUSIVE",
            "a ACCESS EXCLUSIVE, b SHARE (held: a ACCESS EXCLUSIVE); index i",
            "a ACCESS EXCLUSIVE, b SHARE, i ACCESS EXCLUSIVE (held: a ACCESS EXCLUSIVE, b SHARE, i ACCESS EXCLUSIVE); scan a",
        ],
    );
}

#[test]
fn statements_by_themselves_hold_nothing() {
    expect(
        &["ALTER TABLE a ADD c int", "DROP TABLE b", "ALTER TABLE a RENAME TO z", "TRUNCATE z"],
        Envelope::EachByItself,
        &["a ACCESS EXCLUSIVE", "b ACCESS EXCLUSIVE", "a ACCESS EXCLUSIVE", "z ACCESS EXCLUSIVE; rewrite z"],
    );
}

#[test]
fn a_failure_aborts_the_transaction_and_only_that() {
    let script = ["ALTER TABLE a ADD c int", "SELEC 1", "ALTER TABLE b ADD c int"];
    expect(&script, Envelope::OneTransaction, &["a ACCESS EXCLUSIVE", "42601", "25P02"]);
    expect(&script, Envelope::EachByItself, &["a ACCESS EXCLUSIVE", "42601", "b ACCESS EXCLUSIVE"]);
}

#[test]
fn a_script_may_open_transactions_of_its_own() {
    expect(
        &[
            "BEGIN",
            "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
            "SAVEPOINT s",
            "LOCK TABLE a IN SHARE MODE",
            "SELECT 1/0",
            "SELECT 1",
            "ROLLBACK TO s",
            "LOCK TABLE b",
            "COMMIT AND CHAIN",
            "LOCK TABLE a",
            "END",
            "LOCK TABLE a",
            "TRUNCATE a",
        ],
        Envelope::EachByItself,
        &[
            "",
            "",
            "",
            "a SHARE",
            "22012",
            "25P02",
            " (held: a SHARE)",
            "b ACCESS EXCLUSIVE",
            "",
            "a ACCESS EXCLUSIVE",
            "",
            "25P01",
            "a ACCESS EXCLUSIVE; rewrite a",
        ],
    );
}

#[test]
fn settings_pass_on_what_is_held() {
    expect(
        &["LOCK TABLE a", "SET lock_timeout = '1s'", "SELECT 1"],
        Envelope::OneTransaction,
        &[
            "a ACCESS EXCLUSIVE",
            "a ACCESS EXCLUSIVE (held: a ACCESS EXCLUSIVE)",
            "a ACCESS EXCLUSIVE (held: a ACCESS EXCLUSIVE)",
        ],
    );
}

#[test]
fn a_deferred_constraint_fails_at_the_commit() {
    let script = [
        "ALTER TABLE b ADD FOREIGN KEY (a_id) REFERENCES a DEFERRABLE INITIALLY DEFERRED",
        "INSERT INTO b VALUES (99, 99)",
    ];
    expect(&script, Envelope::EachByItself, &["a SHARE ROW EXCLUSIVE, b SHARE ROW EXCLUSIVE; scan b", "23503"]);
    expect(&script[..1], Envelope::OneTransaction, &["a SHARE ROW EXCLUSIVE, b SHARE ROW EXCLUSIVE; scan b"]);
    on_each(|_, scratch| {
        let scratch = scratch();
        scratch.prepare(BASE).expect("the base");
        scratch.prepare(&script[..1]).expect("the key");
        let run = observe(&scratch, &script[1..], Envelope::OneTransaction).expect("a run");
        let sqlstate = run.commit.map(|it| it.sqlstate);
        if sqlstate.as_deref() == Some("23503") { Vec::new() } else { vec![format!("commit: {sqlstate:?}")] }
    });
}

#[test]
fn what_the_script_created_is_new() {
    expect(
        &["CREATE TABLE c (id int)", "CREATE INDEX i ON c (id)", "TRUNCATE c, a"],
        Envelope::EachByItself,
        &[
            "",
            "c SHARE; index i; new c, i",
            "a ACCESS EXCLUSIVE, c ACCESS EXCLUSIVE, i ACCESS EXCLUSIVE; rewrite a, c; new c, i",
        ],
    );
}

#[test]
fn temporary_tables_are_new() {
    expect(
        &["CREATE TEMP TABLE t (id int)", "ALTER TABLE t ADD CHECK (id > 0)"],
        Envelope::EachByItself,
        &["", "pg_temp.t ACCESS EXCLUSIVE; scan pg_temp.t; new pg_temp.t"],
    );
}

#[test]
fn messages_are_read_whatever_the_script_sets() {
    expect(
        &[
            "SET client_min_messages = error",
            "ALTER TABLE a ALTER n SET NOT NULL",
            "DISCARD ALL",
            "ALTER TABLE a ADD CHECK (n > 0)",
        ],
        Envelope::EachByItself,
        &["", "a ACCESS EXCLUSIVE; scan a", "", "a ACCESS EXCLUSIVE; scan a"],
    );
}

#[test]
fn statements_inside_a_block_count_as_its_own() {
    expect(
        &["DO 'BEGIN ALTER TABLE a ALTER n SET NOT NULL; ALTER TABLE b ADD c float DEFAULT random(); END'"],
        Envelope::EachByItself,
        &["a ACCESS EXCLUSIVE, b ACCESS EXCLUSIVE; rewrite b; scan a"],
    );
}

#[test]
fn tables_of_one_name_are_told_apart() {
    expect(
        &[
            "CREATE SCHEMA s",
            "CREATE TABLE s.a (n int)",
            "ALTER TABLE s.a ADD CHECK (n > 0)",
            "ALTER TABLE a ADD CHECK (n > 0)",
        ],
        Envelope::EachByItself,
        &["", "", "s.a ACCESS EXCLUSIVE; scan s.a; new s.a", "a ACCESS EXCLUSIVE; scan a"],
    );
}

#[test]
fn a_failure_says_where() {
    on_each(|_, scratch| {
        let scratch = scratch();
        let script = ["SELECT 'ä', nowhere", "CREATE TABLE p (id int PRIMARY KEY, d int) PARTITION BY RANGE (d)"];
        let run = observe(&scratch, &script, Envelope::EachByItself).expect("a run");
        let said: Vec<_> = run
            .statements
            .iter()
            .filter_map(|it| it.failure.as_ref())
            .map(|it| (it.sqlstate.as_str(), it.position, it.detail.is_some(), it.depends_on_rows()))
            .collect();
        let expected = [("42703", Some(13), false, false), ("0A000", None, true, false)];
        if said == expected { Vec::new() } else { vec![format!("{said:?}")] }
    });
}

#[test]
fn rows_from_standard_input_are_refused_before_anything_runs() {
    on_each(|_, scratch| {
        let scratch = scratch();
        let refused = observe(&scratch, &["CREATE TABLE c (n int)", "COPY c FROM stdin"], Envelope::EachByItself);
        let lines = schema(&mut scratch.connect().expect("a session")).expect("a schema");
        let created = lines.iter().any(|it| it.contains("public.c"));
        if refused.is_err() && !created { Vec::new() } else { vec![format!("{refused:?}")] }
    });
}

/// Each of these changes must show, and its way back must leave no trace.
const CHANGES: &[(&str, &str)] = &[
    ("ALTER TABLE a ADD c int", "ALTER TABLE a DROP c"),
    ("ALTER TABLE a ALTER n SET NOT NULL", "ALTER TABLE a ALTER n DROP NOT NULL"),
    ("ALTER TABLE a ALTER n SET DEFAULT 1", "ALTER TABLE a ALTER n DROP DEFAULT"),
    ("ALTER TABLE a ALTER n TYPE bigint", "ALTER TABLE a ALTER n TYPE int"),
    ("ALTER TABLE a ALTER n SET STATISTICS 9", "ALTER TABLE a ALTER n SET STATISTICS -1"),
    ("ALTER TABLE a ADD CONSTRAINT c CHECK (n > 0) NOT VALID", "ALTER TABLE a DROP CONSTRAINT c"),
    ("ALTER TABLE b ADD CONSTRAINT c FOREIGN KEY (a_id) REFERENCES a", "ALTER TABLE b DROP CONSTRAINT c"),
    ("CREATE INDEX i ON a (n) WHERE n > 1", "DROP INDEX i"),
    ("CREATE VIEW v AS SELECT n FROM a", "DROP VIEW v"),
    ("CREATE MATERIALIZED VIEW m AS SELECT n FROM a", "DROP MATERIALIZED VIEW m"),
    ("CREATE SEQUENCE s", "DROP SEQUENCE s"),
    ("CREATE TYPE e AS ENUM ('x')", "DROP TYPE e"),
    ("CREATE TYPE e AS (x int)", "DROP TYPE e"),
    ("CREATE DOMAIN d AS int CHECK (value > 0)", "DROP DOMAIN d"),
    ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION f"),
    ("CREATE AGGREGATE g (int) (sfunc = int4pl, stype = int)", "DROP AGGREGATE g (int)"),
    ("CREATE SCHEMA s", "DROP SCHEMA s"),
    ("CREATE STATISTICS s ON id, n FROM a", "DROP STATISTICS s"),
    ("CREATE RULE r AS ON DELETE TO a DO INSTEAD NOTHING", "DROP RULE r ON a"),
    ("CREATE POLICY p ON a USING (n > 0)", "DROP POLICY p ON a"),
    ("ALTER TABLE a ENABLE ROW LEVEL SECURITY", "ALTER TABLE a DISABLE ROW LEVEL SECURITY"),
    ("ALTER TABLE a SET UNLOGGED", "ALTER TABLE a SET LOGGED"),
    ("ALTER TABLE a SET (fillfactor = 70)", "ALTER TABLE a RESET (fillfactor)"),
    ("ALTER TABLE a REPLICA IDENTITY FULL", "ALTER TABLE a REPLICA IDENTITY DEFAULT"),
    ("ALTER TABLE a CLUSTER ON a_pkey", "ALTER TABLE a SET WITHOUT CLUSTER"),
    ("COMMENT ON COLUMN a.n IS 'x'", "COMMENT ON COLUMN a.n IS NULL"),
    ("ALTER TABLE a RENAME n TO m", "ALTER TABLE a RENAME m TO n"),
    ("CREATE PUBLICATION p FOR TABLE a", "DROP PUBLICATION p"),
    ("CREATE OPERATOR @#@ (procedure = int4pl, leftarg = int, rightarg = int)", "DROP OPERATOR @#@ (int, int)"),
    ("CREATE TABLE p (d int) PARTITION BY RANGE (d)", "DROP TABLE p"),
];

#[test]
fn every_change_of_the_schema_shows_and_its_way_back_leaves_none() {
    on_each(|_, scratch| {
        let scratch = scratch();
        scratch.prepare(BASE).expect("the base");
        let mut client = scratch.connect().expect("a session");
        let before = schema(&mut client).expect("a schema");
        let mut complaints = Vec::new();
        for (change, back) in CHANGES {
            scratch.prepare(&[change]).expect("the change");
            if schema(&mut client).expect("a schema") == before {
                complaints.push(format!("{change} does not show"));
            }
            scratch.prepare(&[back]).expect("the way back");
            let traces = difference(&before, &schema(&mut client).expect("a schema"));
            complaints.extend(traces.iter().map(|it| format!("{back} leaves {it}")));
        }
        complaints
    });
}

#[test]
fn two_ways_to_one_schema_are_equal() {
    on_each(|_, scratch| {
        let of = |way: &[&str]| {
            let scratch = scratch();
            scratch.prepare(BASE).expect("the base");
            scratch.prepare(way).expect("the way");
            schema(&mut scratch.connect().expect("a session")).expect("a schema")
        };
        let at_once =
            of(&["ALTER TABLE b ADD CONSTRAINT k FOREIGN KEY (a_id) REFERENCES a", "CREATE INDEX i ON b (a_id)"]);
        let in_steps = of(&[
            "CREATE INDEX CONCURRENTLY i ON b (a_id)",
            "ALTER TABLE b ADD CONSTRAINT k FOREIGN KEY (a_id) REFERENCES a NOT VALID",
            "ALTER TABLE b VALIDATE CONSTRAINT k",
        ]);
        difference(&at_once, &in_steps)
    });
}
