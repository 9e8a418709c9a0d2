//! `--schema` and `[history] schema`.

use crate::project;

const DUMP: &str = "--\n-- PostgreSQL database dump\n--\n\
    CREATE TABLE public.events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);\n";

#[test]
fn a_dump_is_where_files_start_from() {
    let project =
        project(&[("schema.sql", DUMP), ("1.sql", "ALTER TABLE events ADD PRIMARY KEY (id);\nSELECT * FROM gone;\n")]);
    let alone = project.run("check 1.sql --no-history --format json");
    assert!(!alone.places().contains(&"1.sql:2:15 object-missing".to_owned()), "{:?}", alone.places());
    let run = project.run("check 1.sql --schema schema.sql --format json");
    assert_eq!(run.places(), ["1.sql:1:24 partition-key-missing-in-unique", "1.sql:2:15 object-missing"]);
}

#[test]
fn a_dump_stands_in_place_of_what_does_not_report() {
    let project = project(&[
        ("lockkeeper.toml", "[history]\nschema = \"dump/all.sql\"\n"),
        ("dump/all.sql", DUMP),
        ("db/1.sql", "CREATE TABLE events (id bigint);\n"),
        ("db/2.sql", "ALTER TABLE events ADD PRIMARY KEY (id);\n"),
    ]);
    assert_eq!(project.run("check db/2.sql --format json").places(), ["db/2.sql:1:24 partition-key-missing-in-unique"]);
    assert_eq!(project.run("check db --format json").places()[0], "db/1.sql:1:14 object-exists-already");
}

#[test]
fn a_dump_that_is_not_there_is_wrong_usage() {
    let run = project(&[("1.sql", "")]).run("check 1.sql --schema gone.sql");
    assert_eq!(run.status, 2);
    assert!(run.err.starts_with("error: gone.sql: the schema cannot be read: "), "{}", run.err);
}
