//! What statements do.

use crate::project;

#[test]
fn effects_show_what_is_held_until_commit() {
    let base = ("db/1.sql", "CREATE TABLE t (id bigint PRIMARY KEY, at date);\n");
    let asked = ("db/2.sql", "BEGIN;\nCREATE INDEX i ON t (at);\nCOMMIT;\n");
    let run = project(&[base, asked]).run("effects db/2.sql --format json");
    assert_eq!(run.status, 0);
    let json = run.json();
    let kinds: Vec<&str> =
        json["statements"].as_array().into_iter().flatten().filter_map(|it| it["kind"].as_str()).collect();
    assert_eq!(kinds, ["BEGIN", "CREATE INDEX", "COMMIT"]);
    assert_eq!(json["statements"][1]["locks"][0]["mode"], "SHARE");
    assert_eq!(json["transactions"][0]["held"][0]["from"], 2);
    assert_eq!(json["transactions"][0]["held"][0]["to"], 3);
}

#[test]
fn a_refusal_is_an_answer_and_an_unreadable_file_is_not() {
    let project = project(&[("1.sql", "SELECT FROM WHERE;\n")]);
    assert_eq!(project.run("effects 1.sql").status, 0);
    let run = project.run("effects 1.sql nowhere.sql");
    assert_eq!((run.status, run.err.as_str()), (2, "error: nowhere.sql: cannot be read: no such file or directory\n"));
}
