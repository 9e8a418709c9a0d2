//! How a history goes on behind a statement that fails.

use lockkeeper_model::record::record;
use lockkeeper_model::timeline::{Failures, Options, Script, replay};
use lockkeeper_model::{Runner, StatementId};
use lockkeeper_syntax::parse;
use std::collections::BTreeSet;

/// The SQLSTATE of each statement of the second script, with whether an earlier failure causes it.
fn failures(sql: &str, failures: Failures) -> Vec<Option<(String, bool)>> {
    let parsed = [parse("CREATE TABLE t (a int)"), parse(sql)];
    let script = |it| Script::new(it, Runner::default());
    let scripts: Vec<Script<'_>> = parsed.iter().map(|it| script(&it.statements)).collect();
    let mut seen = Vec::new();
    replay(&scripts, &Options { failures, ..Options::default() }, &mut |step| {
        let state = step.failure.map(|it| (it.refusal.sqlstate().to_owned(), it.caused_by.is_some()));
        seen.push(state);
    });
    seen.split_off(1)
}

fn code(state: &str, caused: bool) -> Option<(String, bool)> {
    Some((state.to_owned(), caused))
}

#[test]
fn a_refused_statement_changes_nothing_on_the_server() {
    let sql = "CREATE TABLE u (a int, a int); CREATE TABLE u (a int); ALTER TABLE t ADD a int, ADD b int; ALTER TABLE t ADD b int";
    let real = failures(sql, Failures::Real);
    assert_eq!(real, [code("42701", false), None, code("42701", false), None]);
}

#[test]
fn what_a_failure_keeps_from_being_is_missed_because_of_it() {
    let sql = "CREATE TABLE u (a int, a int); CREATE INDEX ON u (a)";
    assert_eq!(failures(sql, Failures::Real), [code("42701", false), code("42P01", true)]);
    assert_eq!(failures(sql, Failures::Mended), [code("42701", false), code("42P01", true)]);
}

#[test]
fn a_failed_transaction_leaves_nothing() {
    let sql = "BEGIN; CREATE TABLE u (a int); SELECT missing FROM t; COMMIT; DROP TABLE u";
    assert_eq!(failures(sql, Failures::Real), [None, None, code("42703", false), None, code("42P01", true)]);
}

#[test]
fn the_verdicts_of_a_server_count() {
    let sql = "ALTER TABLE t ADD CHECK (a > 0); ALTER TABLE t DROP CONSTRAINT t_a_check";
    let refused = BTreeSet::from([StatementId { script: 1, statement: 0 }]);
    assert_eq!(failures(sql, Failures::Seen(refused)), [None, code("42704", false)]);
}

#[test]
fn a_record_is_what_the_server_does() {
    let parsed = parse("CREATE TABLE t (a int, a int); CREATE TABLE t (a int)");
    let script = Script::new(&parsed.statements, Runner::default());
    let record = record(&[script], &Options::default(), &mut |_| {});
    assert!(record.statements[0].failure.is_some() && record.statements[1].failure.is_none());
}

#[test]
fn a_view_that_reads_itself_can_be_written_to() {
    let sql = "CREATE VIEW v AS SELECT a FROM t; CREATE OR REPLACE VIEW v AS SELECT a FROM v; INSERT INTO v VALUES (1)";
    assert_eq!(failures(sql, Failures::Real).len(), 3);
}

#[test]
fn a_concurrent_build_that_the_rows_make_fail_leaves_its_index() {
    let sql =
        "CREATE UNIQUE INDEX CONCURRENTLY u ON t (a); REINDEX INDEX CONCURRENTLY u; DROP INDEX u_ccnew; DROP INDEX u";
    let refused = (0..2).map(|statement| StatementId { script: 1, statement }).collect();
    assert_eq!(failures(sql, Failures::Seen(refused)), [None, None, None, None]);
}
