//! What rules lock when a write sets them off: pages of locks speak of stronger modes only.

use lockkeeper_model::record::record;
use lockkeeper_model::timeline::{Options, Script};
use lockkeeper_model::{LockMode, Runner};
use lockkeeper_syntax::parse;

/// The relations on which the last statement takes ROW EXCLUSIVE.
fn written(sql: &str) -> Vec<String> {
    let before = "CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE a1 () INHERITS (a); CREATE TABLE b (id int);
        CREATE TABLE b1 () INHERITS (b); CREATE TABLE c (id int)";
    let parsed = [parse(before), parse(sql)];
    let scripts: Vec<Script<'_>> = parsed.iter().map(|it| Script::new(&it.statements, Runner::default())).collect();
    let record = record(&scripts, &Options::default(), &mut |_| {});
    let last = record.statements.last().expect("there is a statement");
    let locks = last.locks.iter().filter(|it| it.mode == LockMode::RowExclusive);
    let mut names: Vec<String> = locks.map(|it| it.relation.name.to_string()).collect();
    names.sort();
    names
}

#[test]
fn commands_write_beside_the_write_that_sets_them_off() {
    let rules = "CREATE RULE r AS ON INSERT TO a DO ALSO DELETE FROM b;
        CREATE RULE r AS ON DELETE TO b DO ALSO UPDATE c SET id = 0;";
    assert_eq!(written(&format!("{rules} INSERT INTO a VALUES (1)")), ["a", "b", "b1", "c"]);
    assert_eq!(written(&format!("{rules} ALTER TABLE a DISABLE RULE r; INSERT INTO a VALUES (1)")), ["a"]);
}

#[test]
fn nothing_is_left_of_a_write_that_is_replaced() {
    assert_eq!(written("CREATE RULE r AS ON DELETE TO a DO INSTEAD NOTHING; DELETE FROM a"), ["a"]);
    assert_eq!(
        written("CREATE RULE r AS ON DELETE TO a WHERE old.id > 1 DO INSTEAD NOTHING; DELETE FROM a"),
        ["a", "a1"]
    );
}
