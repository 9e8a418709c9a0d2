//! What reports: `--since`, `--staged`, baselines, in scratch repositories.

use crate::{Project, Run, project};
use std::process::{Command, Output};

const BASE: (&str, &str) = ("db/0001_base.sql", "CREATE TABLE t (id bigint PRIMARY KEY, at date);\n");
const INDEX: &str = "CREATE INDEX t_at ON t (at);\n";

/// A repository whose branch `main` holds these files; a branch `work` is checked out.
fn repository(files: &[(&str, &str)]) -> Project {
    let project = project(files);
    git(&project, "init --quiet --initial-branch=main");
    commit(&project, "base");
    git(&project, "checkout --quiet -b work");
    project
}

fn git(project: &Project, line: &str) -> Output {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]);
    let output = command.args(line.split(' ')).current_dir(project.path()).output().expect("git is there");
    assert!(output.status.success(), "git {line}: {}", String::from_utf8_lossy(&output.stderr));
    output
}

fn commit(project: &Project, message: &str) {
    git(project, "add --all");
    git(project, &format!("commit --quiet -m {}", message.replace(' ', "-")));
}

#[test]
fn only_what_changed_since_the_branch_left_reports() {
    let project = repository(&[BASE, ("db/0002_index.sql", INDEX)]);
    assert_eq!(project.run("check --since main").status, 0);
    project.write("db/0003_new.sql", b"DROP TABLE t;\n");
    assert_eq!(project.run("check --since main --format json").places(), ["db/0003_new.sql:1:12 table-dropped"]);
    commit(&project, "new");
    assert_eq!(project.run("check --since main --format json").places(), ["db/0003_new.sql:1:12 table-dropped"]);
    // What main does meanwhile is not ours.
    git(&project, "checkout --quiet main");
    project.write("db/0004_other.sql", b"DROP TABLE u;\n");
    commit(&project, "other");
    git(&project, "checkout --quiet work");
    assert_eq!(project.run("check --since main --format json").places(), ["db/0003_new.sql:1:12 table-dropped"]);
    git(&project, "rebase --quiet main");
    let places = ["db/0003_new.sql:1:12 table-dropped", "db/0003_new.sql:1:1 chain"];
    assert_eq!(project.run("check --since main --format json").places(), places);
}

#[test]
fn a_table_of_a_new_file_is_new_to_the_other_new_files() {
    let project = repository(&[BASE]);
    project.write("db/0002_u.sql", b"CREATE TABLE u (id int);\n");
    project.write("db/0003_index.sql", b"CREATE INDEX u_id ON u (id);\n");
    assert_eq!(project.run("check --since main").status, 0);
    assert_eq!(project.run("check db/0003_index.sql").status, 1);
}

#[test]
fn a_rename_is_followed() {
    let project = repository(&[BASE, ("db/0002_index.sql", INDEX)]);
    git(&project, "mv db/0002_index.sql db/0002_better_name.sql");
    assert_eq!(project.run("check --since main").status, 0);
}

#[test]
fn an_edit_after_the_merge_is_noticed_but_not_a_comment() {
    let project = repository(&[BASE, ("db/0002_index.sql", INDEX)]);
    project.write("db/0001_base.sql", format!("-- a note\n{}", BASE.1).as_bytes());
    assert_eq!(project.run("check --since main").status, 0);
    project.write("db/0001_base.sql", b"CREATE TABLE t (id bigint PRIMARY KEY, at date, n int);\n");
    let run = project.run("check --since main --format json");
    assert_eq!(run.places(), ["db/0001_base.sql:1:1 chain"]);
    assert_eq!(
        run.json()["problems"][0]["message"],
        "`0001_base.sql` was edited after it was merged into `main`: databases that have run it keep what it did then"
    );
}

#[test]
fn a_file_before_a_merged_one_is_noticed() {
    let project = repository(&[("db/000001_a.up.sql", BASE.1), ("db/000003_c.up.sql", "SELECT 1;\n")]);
    project.write("db/000002_b.up.sql", b"SELECT 2;\n");
    let run = project.run("check --since main --format json");
    assert_eq!(
        run.json()["problems"][0]["message"],
        "`000002_b.up.sql` comes before `000003_c.up.sql`, which is already on `main`: golang-migrate never runs it where that one has run"
    );
    assert_eq!(run.status, 1);
}

#[test]
fn a_merged_file_that_is_gone_is_noticed() {
    let project =
        repository(&[("db/V1__a.sql", BASE.1), ("db/V2__b.sql", "SELECT 1;\n"), ("db/V3__c.sql", "SELECT 2;\n")]);
    git(&project, "rm --quiet db/V2__b.sql");
    let run = project.run("check --since main --format json");
    assert_eq!(run.places(), ["db/V2__b.sql:1:1 chain"]);
    assert_eq!(
        run.json()["problems"][0]["message"],
        "`V2__b.sql` was removed after it was merged into `main`: Flyway refuses to go on where it has run"
    );
    assert_eq!(project.run("check --since main db/V1__a.sql").status, 0);
    git(&project, "rm --quiet db/V3__c.sql");
    let run = project.run("check --since main");
    let line = "`V2__b.sql` and another file were removed after they were merged into `main`";
    assert!(run.out.contains(line), "{}", run.out);
}

#[test]
fn of_two_files_of_one_version_the_new_one_is_named() {
    let project = repository(&[("db/V1__a.sql", BASE.1), ("db/V2__c.sql", "SELECT 1;\n")]);
    project.write("db/V2__b.sql", b"SELECT 2;\n");
    let run = project.run("check --since main --format json");
    assert_eq!(run.places(), ["db/V2__b.sql:1:1 version-used-twice", "db/V2__b.sql:1:1 chain"]);
}

#[test]
fn submodules_are_looked_into() {
    let module = repository(&[BASE]);
    let project = repository(&[("README", "")]);
    git(&project, &format!("-c protocol.file.allow=always submodule --quiet add {} sub", module.path().display()));
    commit(&project, "submodule");
    let places = |reference: &str| project.run(&format!("check --since {reference} --format json")).places();
    let index = "sub/db/0002_index.sql:1:1 index-built-under-lock";
    project.write("sub/db/0002_index.sql", INDEX.as_bytes());
    // To `main` all of the submodule is new, the table too.
    assert_eq!([places("HEAD"), places("main")], [vec![index], Vec::new()]);
    project.write("sub/db/0001_base.sql", format!("{}{INDEX}", BASE.1).as_bytes());
    assert_eq!(places("main"), ["sub/db/0002_index.sql:1:14 object-exists-already"]);
    // To the commit that has the submodule the file was merged, and is edited.
    let run = project.run("check --since HEAD --format json");
    let message = run.json()["problems"][0]["message"].as_str().unwrap_or_default().to_owned();
    assert!(message.starts_with("`0001_base.sql` was edited after it was merged into `HEAD`"), "{message}");
    assert!(run.places().contains(&"sub/db/0001_base.sql:2:1 chain".to_owned()), "{:?}", run.places());
}

#[test]
fn each_tool_has_its_way_with_what_comes_late() {
    let said = |files: &[(&str, &str)], new: &str| {
        let project = repository(files);
        project.write(new, b"-- +goose Up\nSELECT 2;\n");
        let run = project.run("check --since main --format json");
        let message = run.json()["problems"][0]["message"].as_str().unwrap_or_default().to_owned();
        message.split(": ").nth(1).unwrap_or_default().to_owned()
    };
    let goose = "-- +goose Up\nSELECT 1;\n";
    assert_eq!(
        [
            said(&[("db/V1__a.sql", BASE.1), ("db/V3__c.sql", "SELECT 1;\n")], "db/V2__b.sql"),
            said(&[("db/1_a.sql", goose), ("db/3_c.sql", goose)], "db/2_b.sql"),
            said(&[("db/Cargo.toml", "sqlx"), ("db/1_a.sql", BASE.1), ("db/3_c.sql", "SELECT 1;\n")], "db/2_b.sql"),
        ],
        [
            "Flyway refuses it where that one has run unless `outOfOrder` is set",
            "goose refuses it where that one has run unless `-allow-missing` is given",
            "where that one has run it comes after it, in a new database before it",
        ]
    );
}

#[test]
fn what_is_staged_is_read_as_it_is_staged() {
    let project = repository(&[BASE]);
    project.write("db/0002_a.sql", b"DROP TABLE t;\n");
    assert_eq!(project.run("check --staged").status, 0);
    git(&project, "add --all");
    project.write("db/0002_a.sql", b"SELECT 1;\n");
    project.write("db/0003_b.sql", b"DROP TABLE u;\n");
    assert_eq!(project.run("check --staged --format json").places(), ["db/0002_a.sql:1:12 table-dropped"]);
}

#[test]
fn where_pre_commit_runs_on_all_files_all_report() {
    let project = repository(&[BASE]);
    project.write("db/0002_a.sql", b"DROP TABLE t;\n");
    commit(&project, "second");
    let run = |pre_commit: bool| {
        let mut command = project.command("check --staged --format json");
        if pre_commit {
            command.env("PRE_COMMIT", "1");
        }
        Run::of(command.output().expect("the program starts"))
    };
    assert_eq!(run(false).places(), [""; 0]);
    assert_eq!(run(true).places(), ["db/0002_a.sql:1:12 table-dropped"]);
}

#[test]
fn a_wrong_reference_and_no_repository_are_2() {
    let run = repository(&[BASE]).run("check --since nowhere");
    assert_eq!((run.status, run.err.as_str()), (2, "error: `nowhere` is not a commit of this repository\n"));
    let run = project(&[BASE]).run("check --since main");
    assert_eq!(run.status, 2);
    assert!(run.err.starts_with("error: `--since` needs a git repository: "), "{}", run.err);
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let origin = repository(&[BASE]);
    git(&origin, "checkout --quiet main");
    origin.write("db/0002_b.sql", b"SELECT 1;\n");
    commit(&origin, "second");
    let clone = project(&[]);
    git(&clone, &format!("clone --quiet --depth 1 --branch work file://{} c", origin.path().display()));
    let run = clone.run("check c/db --since main");
    assert_eq!(run.status, 2);
    assert!(run.err.contains("the clone is shallow; fetch its history with `git fetch --unshallow`"), "{}", run.err);
}

#[test]
fn a_baseline_holds_through_shifts_and_renames() {
    let project = repository(&[BASE, ("db/0002_index.sql", INDEX)]);
    assert_eq!(project.run("check").status, 1);
    assert_eq!(project.run("check --write-baseline lockkeeper-baseline.txt").status, 0);
    let accepted = |project: &Project| project.run("check --baseline lockkeeper-baseline.txt --format json").places();
    assert!(accepted(&project).is_empty());
    project.write("db/0002_index.sql", b"-- a note\n\nSELECT 1;\nCREATE   INDEX t_at\n  ON t (at); -- slow\n");
    assert!(accepted(&project).is_empty());
    git(&project, "mv db/0002_index.sql db/0002_better_name.sql");
    assert!(accepted(&project).is_empty());
    project.write("db/0003_more.sql", b"DROP INDEX t_at;\nCREATE INDEX t_at ON t (at);\n");
    assert_eq!(
        accepted(&project),
        ["db/0003_more.sql:1:12 index-dropped-under-lock", "db/0003_more.sql:2:1 index-built-under-lock"]
    );
}

#[test]
fn a_baseline_holds_through_a_rebase() {
    let project = repository(&[BASE, ("db/0002_index.sql", INDEX), ("db/0003_drop.sql", "DROP TABLE t;\n")]);
    assert_eq!(project.run("check --write-baseline lockkeeper-baseline.txt").status, 0);
    project.write("db/0005_own.sql", b"CREATE TABLE own (id int);\n");
    commit(&project, "own");
    git(&project, "checkout --quiet main");
    // Meanwhile lines shift, a file is moved and another comes in between, with the same mistake.
    project.write("db/0002_index.sql", format!("-- a licence\n\n{INDEX}").as_bytes());
    git(&project, "mv db/0003_drop.sql db/0004_drop.sql");
    project.write("db/0003_other.sql", b"CREATE TABLE u (at date);\n");
    commit(&project, "meanwhile");
    git(&project, "checkout --quiet work");
    git(&project, "rebase --quiet main");
    let left = |project: &Project| project.run("check --baseline lockkeeper-baseline.txt --format json").places();
    assert!(left(&project).is_empty());
    // The whole folder moves, and line ends change.
    git(&project, "mv db migrations");
    project.write("migrations/0004_drop.sql", b"DROP TABLE t;\r\n");
    assert!(left(&project).is_empty());
    project.write("migrations/0006_new.sql", b"CREATE INDEX u_at ON u (at);\n");
    assert_eq!(left(&project), ["migrations/0006_new.sql:1:1 index-built-under-lock"]);
}

#[test]
fn what_is_no_baseline_is_2() {
    let run = project(&[BASE, ("b.txt", "# x\nhello\n")]).run("check db --baseline b.txt");
    assert_eq!(
        (run.status, run.err.as_str()),
        (2, "error: b.txt:2: is not a line of a baseline; write it with --write-baseline\n")
    );
}

#[test]
fn the_first_run_says_what_is_old() {
    let project = repository(&[BASE, ("db/0002_index.sql", INDEX)]);
    project.write("db/0003_new.sql", b"DROP TABLE t;\n");
    let run = project.run("check");
    let line = "1 of 2 lie in files already on `main`: `--since main` leaves them out, `--write-baseline FILE` accepts them.\n";
    assert!(run.out.ends_with(line), "{}", run.out);
    assert!(!project.run("check --since main").out.contains("already on"));
}
