//! `--fix`, `--unsafe-fixes`, `--diff`.

use crate::project;
use std::fs;

const TABLE: &str = "CREATE TABLE events (id bigint PRIMARY KEY, starts_at timestamptz, sport_id bigint);\n";
const CHECK: &str = "ALTER TABLE events ADD CONSTRAINT positive CHECK (id > 0);\r\nSELECT 1;\r\n";

#[test]
fn a_safe_fix_is_made_and_the_rest_reported() {
    let index = "CREATE INDEX events_sport ON events (sport_id);\n";
    let project = project(&[("db/001.sql", TABLE), ("db/002.sql", CHECK), ("db/003.sql", index)]);
    let before = project.run("check db");
    assert!(
        before.out.ends_with("1 can be mended by --fix, 1 more by --unsafe-fixes; --diff shows how.\n"),
        "{}",
        before.out
    );
    let run = project.run("check db --fix");
    assert_eq!(run.err, "mended 1 finding in 1 file\n");
    assert_eq!(run.status, 1, "the index is still built under a lock: {}", run.out);
    assert_eq!(run.out.matches("warning").count(), before.out.matches("warning").count() - 1, "{}", run.out);
    let after = fs::read_to_string(project.path().join("db/002.sql")).expect("the file is there");
    let added = "ALTER TABLE events ADD CONSTRAINT positive CHECK (id > 0) NOT VALID;\r\n";
    assert_eq!(after, format!("{added}ALTER TABLE events VALIDATE CONSTRAINT positive;\r\nSELECT 1;\r\n"));
    assert_eq!(project.run("check db --fix").err, "", "there is nothing more to mend");
    assert_eq!(project.run("check db --unsafe-fixes").status, 0);
    let index = fs::read_to_string(project.path().join("db/003.sql")).expect("the file is there");
    assert_eq!(index, "CREATE INDEX CONCURRENTLY events_sport ON events (sport_id);\n");
}

#[test]
fn a_difference_is_shown_and_nothing_changed() {
    let project = project(&[("db/001.sql", TABLE), ("db/002.sql", "\u{feff}ALTER TABLE events ADD CHECK (id > 0);\n")]);
    let run = project.run("check db --diff");
    assert_eq!(run.status, 1);
    let expected = "--- a/db/002.sql\n+++ b/db/002.sql\n@@ -1 +1,2 @@\n\
        -\u{feff}ALTER TABLE events ADD CHECK (id > 0);\n\
        +\u{feff}ALTER TABLE events ADD CHECK (id > 0) NOT VALID;\n\
        +ALTER TABLE events VALIDATE CONSTRAINT events_id_check;\n";
    assert_eq!(run.out, expected);
    assert_eq!(project.run("check db --diff").out, expected);
}

#[test]
fn what_a_baseline_accepts_is_left_alone() {
    let project = project(&[("db/001.sql", TABLE), ("db/002.sql", CHECK)]);
    project.run("check db --write-baseline accepted");
    assert_eq!(project.run("check db --baseline accepted --diff").out, "");
}

#[test]
fn standard_input_and_what_is_staged_cannot_be_changed() {
    let project = project(&[]);
    let run = project.run_with_stdin("check - --fix", b"");
    assert_eq!(
        (run.status, run.err.as_str()),
        (2, "error: standard input is no file that could be changed; name a file\n")
    );
    assert_eq!(project.run("check . --fix --staged").status, 2);
}
