//! Findings, histories and exit statuses.

use crate::project;

const BASE: (&str, &str) = ("db/0001_base.sql", "CREATE TABLE t (id bigint PRIMARY KEY, at date);\n");
const INDEX: (&str, &str) = ("db/0002_index.sql", "CREATE INDEX t_at ON t (at);\n");

#[test]
fn nothing_to_say_is_0_findings_are_1() {
    assert_eq!(project(&[BASE]).run("check db").status, 0);
    assert_eq!(project(&[BASE, INDEX]).run("check db").status, 1);
}

#[test]
fn fail_on_says_what_counts() {
    let project = project(&[BASE, INDEX]);
    let status = |level: &str| project.run(&format!("check db --fail-on {level}")).status;
    assert_eq!([status("info"), status("warning"), status("error"), status("never")], [1, 1, 0, 0]);
}

#[test]
fn a_file_takes_its_earlier_siblings_as_context_and_reports_alone() {
    let later = ("db/0003_key.sql", "ALTER TABLE t ADD COLUMN id int;\n");
    let run = project(&[BASE, INDEX, later]).run("check db/0003_key.sql --format json");
    assert_eq!(run.places(), ["db/0003_key.sql:1:26 object-exists-already"]);
    assert_eq!(run.json()["summary"]["files"], 1);
}

#[test]
fn later_siblings_are_no_context() {
    let early = ("db/0000_early.sql", "CREATE TABLE a (id int);\n");
    let late = ("db/0009_late.sql", "CREATE TABLE a (id int);\n");
    assert_eq!(project(&[early, late]).run("check db/0000_early.sql").status, 0);
    assert_eq!(project(&[early, late]).run("check db/0009_late.sql").status, 1);
}

#[test]
fn several_files_of_a_folder_share_a_history() {
    let run = project(&[BASE, INDEX]).run("check db/0002_index.sql db/0001_base.sql --format json");
    assert_eq!(run.places(), ["db/0002_index.sql:1:1 index-built-under-lock"]);
    assert_eq!(run.json()["summary"]["files"], 2);
}

#[test]
fn folders_are_kept_apart() {
    let project =
        project(&[("a/1.sql", BASE.1), ("a/2.sql", "SELECT 1;"), ("b/1.sql", BASE.1), ("b/2.sql", "SELECT 1;")]);
    assert_eq!(project.run("check").status, 0);
}

#[test]
fn without_history_nothing_is_known() {
    let project = project(&[BASE, ("db/0002_again.sql", BASE.1)]);
    assert_eq!(project.run("check db/0002_again.sql").status, 1);
    assert_eq!(project.run("check db/0002_again.sql --no-history").status, 0);
}

#[test]
fn the_way_back_is_no_part_of_the_history() {
    let down = ("db/0001_base.down.sql", "DROP TABLE t;\n");
    assert_eq!(project(&[BASE, down, ("db/0002.sql", "SELECT 1;\n")]).run("check db").status, 0);
    let mistake = ("db/0001_base.down.sql", "DROPP TABLE t;\n");
    let run = project(&[BASE, mistake]).run("check db --format json");
    assert_eq!(run.places(), ["db/0001_base.down.sql:1:1 syntax"]);
}

#[test]
fn rules_can_be_selected_and_ignored() {
    let project = project(&[BASE, INDEX]);
    assert_eq!(project.run("check db --ignore index-built-under-lock").status, 0);
    assert_eq!(project.run("check db --select table-dropped").status, 0);
    assert_eq!(project.run("check db --select index-built-under-lock").status, 1);
    let run = project.run("check db --ignore index-build-under-lock");
    assert_eq!(run.status, 2);
    assert_eq!(run.err, "error: there is no rule `index-build-under-lock`; is `index-built-under-lock` meant?\n");
}

#[test]
fn the_configuration_is_found_above_the_input() {
    let project =
        project(&[BASE, INDEX, ("lockkeeper.toml", "postgres = 14\n[rules]\nindex-built-under-lock = \"off\"\n")]);
    assert_eq!(project.run("check db").status, 0);
    assert_eq!(project.run("check db/0002_index.sql --format json").json()["postgres"], 14);
    assert_eq!(project.run("check db --format json --pg 18").json()["postgres"], 18);
}

#[test]
fn a_mistake_in_the_configuration_is_pointed_at() {
    let run =
        project(&[BASE, ("lockkeeper.toml", "postgres = 15\n\n[rules]\ntable-droped = \"off\"\n")]).run("check db");
    assert_eq!(run.status, 2);
    assert_eq!(
        run.err,
        "error: lockkeeper.toml:4:1: there is no rule `table-droped`; is `table-dropped` meant?\n  |\n4 | table-droped = \"off\"\n  | ^\n"
    );
}

#[test]
fn joined_paths_make_one_history() {
    let files = [
        ("lockkeeper.toml", "[history]\npaths = [\"base\", \"next\"]\n"),
        ("base/9.sql", BASE.1),
        ("next/1.sql", "CREATE TABLE t (id int);\n"),
    ];
    let project = project(&files);
    assert_eq!(project.run("check --format json").places(), ["next/1.sql:1:14 object-exists-already"]);
    assert_eq!(project.run("check next/1.sql --format json").places(), ["next/1.sql:1:14 object-exists-already"]);
}

#[test]
fn placeholders_are_called_what_the_file_calls_them() {
    let project = project(&[
        ("db/V1__a.sql", "CREATE TABLE ${schema}.t (id int);\n"),
        ("db/V2__b.sql", "DROP TABLE ${schema}.t;\n"),
    ]);
    let run = project.run("check db");
    assert!(run.out.contains("`${schema}.t`") && !run.out.contains("__schema_"), "{}", run.out);
}
