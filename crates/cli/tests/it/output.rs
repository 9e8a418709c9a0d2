//! Where the report goes, and how it looks.

use crate::project;
use std::fs;
use std::io::Read;
use std::process::Stdio;

const DROP: (&str, &str) = ("1.sql", "DROP TABLE t;\n");

#[test]
fn a_report_can_go_to_a_file() {
    let project = project(&[DROP]);
    let run = project.run("check 1.sql --format json --output report.json");
    assert_eq!((run.status, run.out.as_str()), (1, ""));
    let written = fs::read_to_string(project.path().join("report.json")).expect("the report is there");
    assert_eq!(written, project.run("check 1.sql --format json").out);
}

#[test]
fn a_file_that_cannot_be_written_is_2() {
    let run = project(&[DROP]).run("check 1.sql --output no/such/folder");
    assert_eq!(run.status, 2);
    assert!(run.err.starts_with("error: no/such/folder: cannot be written: "), "{}", run.err);
}

#[test]
fn colour_obeys_the_environment_and_the_flag() {
    let project = project(&[DROP]);
    let coloured = |line: &str, env: &[(&str, &str)]| {
        let output = project.command(line).envs(env.iter().copied()).output().expect("the program starts");
        output.stdout.contains(&0x1b)
    };
    assert!(!coloured("check 1.sql", &[]));
    assert!(coloured("check 1.sql", &[("CLICOLOR_FORCE", "1")]));
    assert!(!coloured("check 1.sql", &[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")]));
    assert!(coloured("check 1.sql --color always", &[("NO_COLOR", "1")]));
    assert!(!coloured("check 1.sql --color never", &[("CLICOLOR_FORCE", "1")]));
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let files: Vec<(String, &str)> = (0..400).map(|it| (format!("db/{it}.sql"), DROP.1)).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    let project = project(&files);
    let mut child =
        project.command("check db --no-history").stdout(Stdio::piped()).spawn().expect("the program starts");
    let mut out = child.stdout.take().expect("it has an output");
    out.read_exact(&mut [0; 10]).expect("it writes");
    drop(out);
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn sources_and_figures_go_to_standard_error() {
    let project =
        project(&[("db/1.sql", "SELECT 1;\n"), ("db/2.sql", "-- +goose Up\nSELECT 2;\n"), ("db/1.down.sql", "")]);
    let run = project.run("check db --format json --explain-sources --stats");
    assert_eq!(run.json()["version"], 1);
    let sources = "configuration: none
db: plain SQL; starts from an empty database
  db/1.sql: linted, statement by statement
  db/2.sql: goose, linted, in a transaction of its own
  db/1.down.sql: leads back, linted, statement by statement
";
    assert!(run.err.starts_with(sources), "{}", run.err);
    assert!(run.err.contains("3 scripts in 1 history, 33 bytes, 2 statements"), "{}", run.err);
}

#[test]
fn several_forms_come_of_one_run() {
    let project = project(&[("db/1.sql", "CREATE TABLE t (id int);"), ("db/2.sql", "DROP TABLE t;")]);
    let run = project.run("check db --format github --format sarif=out.sarif --format junit=out.xml");
    assert_eq!(run.status, 1);
    assert!(run.out.starts_with("::warning file=db/2.sql,line=1,"), "{}", run.out);
    let file = |name: &str| std::fs::read_to_string(project.path().join(name)).expect("the report was written");
    assert!(file("out.sarif").contains("\"ruleId\": \"table-dropped\""));
    assert!(file("out.xml").contains("<testsuite name=\"db/2.sql\" tests=\"1\" failures=\"1\">"));
}

#[test]
fn two_reports_need_two_places() {
    let project = project(&[("db/1.sql", "CREATE TABLE t (id int);")]);
    let run = project.run("check db --format github --format json");
    assert_eq!((run.status, run.out.as_str()), (2, ""));
    assert!(run.err.contains("`--format sarif=report.sarif`"), "{}", run.err);
    let run = project.run("check db --format xml");
    assert_eq!(run.status, 2);
    assert!(run.err.contains("no such format: human, json, sarif, github"), "{}", run.err);
}

#[test]
fn the_steps_of_a_recipe_name_their_files() {
    let table = "-- +goose Up\nCREATE TABLE t (id bigint PRIMARY KEY, a int);\n";
    let key = "-- +goose Up\nALTER TABLE t ADD CONSTRAINT t_a UNIQUE (a);\n";
    let goose = project(&[("db/00001_t.sql", table), ("db/00002_key.sql", key)]).run("check db");
    let steps = "\
  = instead, step by step:
      1. in place of the statement, outside a transaction (`-- +goose NO TRANSACTION`):
         CREATE UNIQUE INDEX CONCURRENTLY t_a ON t (a);
      2. db/00003_key_part_2.sql, in a transaction of its own:
         ALTER TABLE t ADD CONSTRAINT t_a UNIQUE USING INDEX t_a;
";
    assert!(goose.out.contains(steps), "{}", goose.out);
    let check = "ALTER TABLE t ADD CONSTRAINT t_a CHECK (a > 0);\nALTER TABLE t ADD b int;\n";
    let flyway = project(&[("db/V1__t.sql", "CREATE TABLE t (id int, a int);"), ("db/V2__check.sql", check)]);
    let steps = "\
  = instead, step by step:
      1. in place of the statement:
         ALTER TABLE t ADD CONSTRAINT t_a CHECK (a > 0) NOT VALID;
      2. db/V3__check_part_2.sql, in a transaction of its own:
         ALTER TABLE t VALIDATE CONSTRAINT t_a;
";
    let out = flyway.run("check db").out;
    assert!(out.contains(steps), "{out}");
}
