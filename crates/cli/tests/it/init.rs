//! `lockkeeper init`.

use crate::project;
use std::fs;

#[test]
fn a_configuration_that_fits_is_written_once() {
    let project = project(&[
        ("db/migrations/V1__a.sql", "CREATE TABLE t (id int);\n"),
        ("db/migrations/V2__b.sql", "DROP TABLE t;\n"),
        ("compose.yaml", "services:\n  db:\n    image: postgres:15\n"),
    ]);
    let run = project.run("init");
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let written = fs::read_to_string(project.path().join("lockkeeper.toml")).expect("it was written");
    assert!(written.contains("postgres = 15\n"), "{written}");
    assert!(written.contains("# Found: Flyway in db/migrations, 2 files.\n"), "{written}");
    assert!(!written.contains("[runner]"), "the tool is known: {written}");
    assert_eq!(project.run("check --format json").json()["postgres"], 15);
    let again = project.run("init");
    assert_eq!(again.status, 2);
    assert!(again.err.starts_with("error: lockkeeper.toml is there already"), "{}", again.err);
}

#[test]
fn a_project_can_begin_with_its_configuration() {
    let project = project(&[]);
    assert_eq!(project.run("init").status, 0);
    let run = project.run_with_stdin("check -", b"SELECT 1;\n");
    assert_eq!((run.status, run.err.as_str()), (0, ""));
}
