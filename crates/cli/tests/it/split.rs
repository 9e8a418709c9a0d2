//! `--fix-split`.

use crate::project;
use std::fs;

const TABLE: &str = "CREATE TABLE events (id bigint PRIMARY KEY, sport_id bigint, name text);\n";

/// The files of a folder with their texts, after a run.
fn files(project: &crate::Project, folder: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders = vec![project.path().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("the folder is there") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(project.path()).expect("below the project").to_string_lossy().into_owned();
            found.push((name, fs::read_to_string(&path).expect("the file is there")));
        }
    }
    found.sort();
    found
}

#[test]
fn an_index_leaves_the_file_of_golang_migrate() {
    let up = "ALTER TABLE events ADD COLUMN a int;\nCREATE INDEX events_sport ON events (sport_id);\nALTER TABLE events ADD COLUMN b int;\n";
    let project = project(&[
        ("m/000001_a.up.sql", TABLE),
        ("m/000001_a.down.sql", "DROP TABLE events;\n"),
        ("m/000002_b.up.sql", up),
        ("m/000002_b.down.sql", "ALTER TABLE events DROP COLUMN a, DROP COLUMN b;\nDROP INDEX events_sport;\n"),
    ]);
    let run = project.run("check m --fix-split --fail-on never");
    assert_eq!(run.err, "split 1 statement: 4 new files\n");
    let files = files(&project, "m");
    let of = |name: &str| files.iter().find(|it| it.0 == name).map(|it| it.1.as_str());
    assert_eq!(of("m/000002_b.up.sql"), Some("ALTER TABLE events ADD COLUMN a int;\n"));
    assert_eq!(of("m/000003_b_part_2.up.sql"), Some("CREATE INDEX CONCURRENTLY events_sport ON events (sport_id);\n"));
    assert_eq!(of("m/000004_b_part_3.up.sql"), Some("ALTER TABLE events ADD COLUMN b int;\n"));
    assert_eq!(of("m/000003_b_part_2.down.sql"), Some("-- undone with the migration that this was part of\n"));
    assert!(!run.out.contains("index-built-under-lock"), "{}", run.out);
    assert_eq!(project.run("check m --fix-split --fail-on never").err, "", "there is nothing more to split");
}

#[test]
fn goose_is_told_in_its_words() {
    let first = format!("-- +goose Up\n{TABLE}\n-- +goose Down\nDROP TABLE events;\n");
    let second = "-- +goose Up\n-- for the list of sports\nCREATE INDEX events_sport ON events (sport_id);\n\n-- +goose Down\nDROP INDEX events_sport;\n";
    let project = project(&[("m/001_a.sql", &first), ("m/002_b.sql", second)]);
    let run = project.run("check m --fix-split --fail-on never");
    assert_eq!(run.err, "split 1 statement: 0 new files\n");
    let after = fs::read_to_string(project.path().join("m/002_b.sql")).expect("the file is there");
    assert_eq!(
        after,
        "-- +goose NO TRANSACTION\n-- +goose Up\n-- for the list of sports\nCREATE INDEX CONCURRENTLY events_sport ON events (sport_id);\n\n-- +goose Down\nDROP INDEX events_sport;\n"
    );
}

#[test]
fn a_key_is_validated_in_the_next_file() {
    let tables = format!("{TABLE}CREATE TABLE sports (id bigint PRIMARY KEY);\n");
    let key = "ALTER TABLE events ADD CONSTRAINT events_sport FOREIGN KEY (sport_id) REFERENCES sports (id);\n";
    let project = project(&[
        ("prisma/migrations/migration_lock.toml", "provider = \"postgresql\"\n"),
        ("prisma/migrations/20240101000000_a/migration.sql", &tables),
        ("prisma/migrations/20240102000000_b/migration.sql", key),
    ]);
    let shown = project.run("check prisma --fix-split --diff").out;
    assert!(
        shown.contains("--- /dev/null\n+++ b/prisma/migrations/20240102000001_b_part_2/migration.sql\n"),
        "{shown}"
    );
    project.run("check prisma --fix-split");
    let files = files(&project, "prisma/migrations");
    let texts: Vec<&str> = files.iter().skip(1).map(|it| it.1.as_str()).collect();
    assert_eq!(
        texts[0],
        "ALTER TABLE events ADD CONSTRAINT events_sport FOREIGN KEY (sport_id) REFERENCES sports (id) NOT VALID;\n"
    );
    assert_eq!(texts[1], "ALTER TABLE events VALIDATE CONSTRAINT events_sport;\n");
    assert_eq!(project.run("check prisma").status, 0);
}

#[test]
fn where_no_number_is_free_nothing_is_written() {
    let index = "ALTER TABLE events ADD COLUMN a int;\nCREATE INDEX events_sport ON events (sport_id);\n";
    let project = project(&[
        ("db/001.sql", TABLE),
        ("db/002.sql", index),
        ("db/003.sql", "ALTER TABLE events ADD COLUMN b int;\n"),
    ]);
    let run = project.run("check db --fix-split --fail-on never");
    assert_eq!(run.err, "not split: db/002.sql: no number is free behind it\n");
    assert_eq!(files(&project, "db").len(), 3);
}

#[test]
fn of_python_and_of_lists_it_is_said_that_nothing_is_written() {
    let revision = "from alembic import op\nrevision = 'b'\ndown_revision = None\n\n\ndef upgrade():\n    op.create_index('i', 'odds', ['line'])\n";
    let project = project(&[("m/versions/1.py", revision)]);
    let run = project.run("check --fix-split --fail-on never");
    assert!(run.err.contains("not split: m/versions/1.py: no files are written for Alembic"), "{}", run.err);
}
