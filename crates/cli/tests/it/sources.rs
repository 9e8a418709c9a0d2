//! Frameworks, directions and templates, from the files to the findings.

use crate::project;

#[test]
fn concurrently_is_judged_by_its_tool() {
    let alone = "CREATE INDEX CONCURRENTLY i ON t (a);\n";
    let base = "CREATE TABLE t (a int);\n";
    let rules = |files: &[(&str, &str)]| {
        let run = project(files).run("check --format json");
        run.places().into_iter().filter_map(|it| it.split(' ').nth(1).map(str::to_owned)).collect::<Vec<_>>()
    };
    let goose = |text: &str| format!("-- +goose Up\n{text}");
    assert_eq!(rules(&[("m/1_a.sql", &goose(base)), ("m/2_b.sql", &goose(alone))]), ["concurrently-in-transaction"]);
    let opted_out = format!("-- +goose NO TRANSACTION\n{}", goose(alone));
    assert!(rules(&[("m/1_a.sql", &goose(base)), ("m/2_b.sql", &opted_out)]).is_empty());
    assert!(rules(&[("m/1_a.up.sql", base), ("m/2_b.up.sql", alone)]).is_empty());
    let two = format!("{alone}SELECT 1;\n");
    assert_eq!(rules(&[("m/1_a.up.sql", base), ("m/2_b.up.sql", &two)]), ["concurrently-beside-other-statements"]);
    assert!(rules(&[("m/V1__a.sql", base), ("m/V2__b.sql", alone)]).is_empty());
    assert!(rules(&[("supabase/migrations/1_a.sql", base), ("supabase/migrations/2_b.sql", &two)]).is_empty());
    assert!(rules(&[("p/1_a/migration.sql", base), ("p/2_b/migration.sql", &two)]).is_empty());
}

#[test]
fn the_way_back_is_judged_for_failures_and_lost_data_only() {
    let up = "CREATE TABLE t (id int);\nALTER TABLE u ADD COLUMN a int;\n";
    let down =
        "CREATE INDEX i ON u (a);\nDROP TABLE other;\nALTER TABLE u DROP COLUMN a;\nDROP TABLE t;\nDROP TABLE t;\n";
    let files = [
        ("m/1_u.up.sql", "CREATE TABLE u ();\nCREATE TABLE other ();\n"),
        ("m/2_t.up.sql", up),
        ("m/2_t.down.sql", down),
    ];
    let run = project(&files).run("check m --format json");
    assert_eq!(run.places(), ["m/2_t.down.sql:2:12 table-dropped", "m/2_t.down.sql:5:12 object-missing"]);
}

#[test]
fn what_a_way_back_leaves_behind_is_reported() {
    let up = "CREATE INDEX kept ON t (a);\nCREATE INDEX IF NOT EXISTS again ON t (a);\nALTER TABLE t ADD COLUMN b int;\n\
              CREATE INDEX gone_too ON t (b);\nALTER TABLE t ADD CONSTRAINT stays CHECK (a > 0), ADD CHECK (a < 9);\n\
              ALTER TABLE t ADD CONSTRAINT goes CHECK (b > 0);\n";
    let run = |down: &str| {
        let base = "CREATE TABLE t (a int);\n";
        let files = [("m/1_t.up.sql", base), ("m/2_u.up.sql", up), ("m/2_u.down.sql", down)];
        let run = project(&files).run("check m --format json --select way-back-incomplete");
        let of = |at: usize| run.json()["findings"][at]["message"].as_str().unwrap_or_default().to_owned();
        (run.places().len(), of(0), of(1))
    };
    let (count, first, second) = run("ALTER TABLE t DROP COLUMN b;\n");
    assert_eq!(count, 2);
    assert!(first.contains("leaves the index `kept` behind"), "{first}");
    assert!(second.contains("leaves the constraint `stays` behind"), "{second}");
    let all = "DROP INDEX kept;\nALTER TABLE t DROP CONSTRAINT stays, DROP COLUMN b;\n";
    assert_eq!(run(all).0, 0);
}

#[test]
fn a_way_back_starts_where_its_migration_ended() {
    // What a later migration renamed and dropped, and the missing way back of it, are nothing to the first one.
    let files = [
        ("m/1_t.up.sql", "CREATE TABLE t (a int);\n"),
        ("m/1_t.down.sql", "ALTER TABLE t DROP COLUMN a;\nDROP TABLE t;\nDROP TABLE u;\n"),
        ("m/2_u.up.sql", "ALTER TABLE t RENAME a TO b;\nCREATE VIEW u AS SELECT b FROM t;\n"),
        ("m/3_v.up.sql", "ALTER TABLE t ADD COLUMN c int;\n"),
        ("m/3_v.down.sql", "ALTER TABLE t DROP COLUMN b;\n"),
    ];
    let run = project(&files).run("check m --format json --select object-missing,drop-blocked-by-dependents");
    assert_eq!(run.places(), ["m/3_v.down.sql:1:15 drop-blocked-by-dependents", "m/1_t.down.sql:3:12 object-missing"]);
}

#[test]
fn templates_are_no_mistakes() {
    let text = "CREATE TABLE ${schema}.t (id int);\nCREATE INDEX i ON ${schema}.t (id);\nSELECT ${a b c};\n${everything};\nDROP TABLE x;\n";
    let run =
        project(&[("m/V1__a.sql", text), ("m/V2__b.sql", "DROP TABLE ${schema}.gone;\n")]).run("check m --format json");
    assert_eq!(
        run.places(),
        ["m/V1__a.sql:5:12 table-dropped", "m/V2__b.sql:1:12 table-dropped", "m/V1__a.sql:4:1 template"]
    );
}

#[test]
fn explain_sources_says_what_was_found_and_why() {
    let files = [
        ("m/1_a.up.sql", "SELECT 1;\n"),
        ("m/1_a.down.sql", "SELECT 1;\n"),
        ("m/sqlite/1_a.up.sql", "SELECT 1;\n"),
        ("app/migrations/0001_x.py", "from django.db import migrations\n"),
    ];
    assert_eq!(
        project(&files).run("check --explain-sources").err,
        "configuration: none
m: golang-migrate (names as `1_a.up.sql`); the schema before it is unknown
  m/1_a.up.sql: linted, as one query
  m/1_a.down.sql: leads back, linted, as one query
not read:
  app/migrations/0001_x.py: a Django migration, which is not read
  m/sqlite/1_a.up.sql: for SQLite
"
    );
}

#[test]
fn a_file_of_a_folder_for_each_migration_has_its_history() {
    let first = ("p/migrations/20240101000000_a/migration.sql", "CREATE TABLE t (id int);\n");
    let second = ("p/migrations/20240102000000_b/migration.sql", "CREATE TABLE t (id int);\n");
    let project = project(&[first, second, ("p/migrations/migration_lock.toml", "provider = \"postgresql\"\n")]);
    let places = ["p/migrations/20240102000000_b/migration.sql:1:14 object-exists-already"];
    assert_eq!(project.run(&format!("check {} --format json", second.0)).places(), places);
    assert_eq!(project.run(&format!("check ./{} --format json", second.0)).places(), places);
    assert_eq!(project.run(&format!("check {}", first.0)).status, 0);
}

#[test]
fn only_other_servers_files_is_nothing_to_read() {
    let run = project(&[("m/sqlite/1.sql", "SELECT 1;\n")]).run("check m");
    assert_eq!(run.status, 2);
    assert!(run.err.contains("no migrations found in `m` (1 passed over: for SQLite)"), "{}", run.err);
}

#[test]
fn what_a_tool_refuses_of_names_and_versions_is_said() {
    let files = [
        ("m/go.mod", "require github.com/golang-migrate/migrate/v4 v4.18.1\n"),
        ("m/1_a.up.sql", "SELECT 1;\n"),
        ("m/1_b.up.sql", "SELECT 1;\n"),
        ("m/3_c_up.sql", "SELECT 1;\n"),
        ("other/1_a.up.sql", "SELECT 1;\n"),
        ("other/1_b.up.sql", "SELECT 1;\n"),
        ("v/0/01_a.up.sql", "SELECT 1;\n"),
        ("v/1/01_a.up.sql", "SELECT 1;\n"),
        ("t/1_a.sql", "SELECT 1;\n---- create above / drop below ----\n"),
        ("t/3_b.sql", "SELECT 1;\n---- create above / drop below ----\n"),
    ];
    let run = project(&files).run("check --format json");
    let json = run.json();
    let said: Vec<&str> =
        json["findings"].as_array().into_iter().flatten().filter_map(|it| it["message"].as_str()).collect();
    assert_eq!(
        said,
        [
            "this file has the version of `1_a.up.sql`, and golang-migrate refuses two of one version",
            "golang-migrate passes over this file: its name is not one of a migration",
            "no file has the version behind that of `1_a.sql`, and tern refuses gaps"
        ]
    );
    assert_eq!(
        run.places(),
        [
            "m/1_b.up.sql:1:1 version-used-twice",
            "m/3_c_up.sql:1:1 file-name-not-recognised",
            "t/3_b.sql:1:1 version-left-out"
        ]
    );
}

#[test]
fn what_yoyo_cannot_put_in_order_is_said() {
    let files = [
        ("m/a.sql", "-- depends: b\nCREATE TABLE a (id int REFERENCES b);\n"),
        ("m/b.sql", "CREATE TABLE b (id int PRIMARY KEY);\n"),
        ("m/c.sql", "-- depends: b  gone\nSELECT 1;\n"),
        ("m/d.sql", "-- depends: code\nSELECT 1;\n"),
        ("m/code.py", "from yoyo import step\n"),
        ("m/e.sql", "-- depends: f\nSELECT 1;\n"),
        ("m/f.sql", "-- depends: e\nSELECT 1;\n"),
    ];
    let run = project(&files).run("check m --format json");
    assert_eq!(run.places(), ["m/c.sql:1:16 chain", "m/e.sql:1:13 chain"]);
    let json = run.json();
    let said: Vec<&str> =
        json["problems"].as_array().into_iter().flatten().filter_map(|it| it["message"].as_str()).collect();
    assert_eq!(
        said,
        [
            "no file is the migration `gone`, so every command of yoyo fails",
            "the migrations `e`, `f` depend on each other, so yoyo runs none"
        ]
    );
}

#[test]
fn a_project_that_cuts_its_files_itself_is_left_alone() {
    let body = "-- +migrate Up\nCREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$\n  SELECT 1;\n$$;\n";
    let files = |count: usize| (0..count).map(|it| (format!("m/{it}_a.sql"), body.replace("f()", &format!("f{it}()"))));
    let findings = |count| {
        let files: Vec<(String, String)> = files(count).collect();
        let files: Vec<(&str, &str)> = files.iter().map(|it| (it.0.as_str(), it.1.as_str())).collect();
        project(&files).run("check --format json").places().len()
    };
    assert_eq!([findings(2), findings(3)], [2, 0]);
}

#[test]
fn without_its_history_a_file_stands_alone() {
    let files = [("m/1.sql", "CREATE TABLE t (id int);\n"), ("m/2.sql", "CREATE TABLE t (id int);\n")];
    let project = project(&files);
    assert_eq!(project.run("check m/2.sql").status, 1);
    let run = project.run("check m/2.sql --no-history --explain-sources");
    assert_eq!(run.status, 0, "{}", run.out);
    assert!(!run.err.contains("1.sql"), "{}", run.err);
}

#[test]
fn what_does_all_at_once_is_no_part_of_the_history() {
    let files = [
        ("m/1_t.sql", "CREATE TABLE t (id int);\n"),
        ("m/2_u.sql", "CREATE TABLE u (id int);\nALTER TABLE t ADD COLUMN a int;\n"),
        ("m/all.sql", "CREATE TABLE t (id int, a int);\nCREATE TABLE u (id int);\n"),
        ("m/views.sql", "CREATE VIEW v AS SELECT b FROM t;\n"),
    ];
    assert_eq!(project(&files).run("check --format json").places(), ["m/views.sql:1:25 object-missing"]);
    let named = "check m/1_t.sql m/2_u.sql m/all.sql --format json";
    assert_eq!(project(&files).run(named).places().len(), 2);
}

#[test]
fn a_file_of_drizzle_is_known_by_its_journal() {
    let journal = r#"{"dialect": "postgresql", "entries": [{"idx": 0, "tag": "0000_a"}]}"#;
    let project = project(&[("d/0000_a.sql", "SELECT 1;\n"), ("d/meta/_journal.json", journal)]);
    for line in ["check d/0000_a.sql", "check d/0000_a.sql --no-history", "check d"] {
        let run = project.run(&format!("{line} --explain-sources"));
        assert!(run.err.contains("Drizzle (meta/_journal.json)"), "{line}: {}", run.err);
    }
}

#[test]
fn the_schemas_of_supabase_are_there() {
    let files = [
        ("supabase/migrations/20240101000000_a.sql", "CREATE TABLE t (id uuid PRIMARY KEY);\n"),
        (
            "supabase/migrations/20240102000000_b.sql",
            "ALTER TABLE t ADD FOREIGN KEY (id) REFERENCES auth.users (id) NOT VALID;\n",
        ),
    ];
    assert_eq!(project(&files).run("check --format json").places(), Vec::<String>::new());
}

#[test]
fn a_way_back_may_need_those_that_run_before_it() {
    let files = [
        ("m/1_t.up.sql", "CREATE TABLE t (a int);\n"),
        ("m/1_t.down.sql", "DROP TABLE t;\n"),
        ("m/2_b.up.sql", "ALTER TABLE t ADD COLUMN b int;\n"),
        ("m/2_b.down.sql", "ALTER TABLE t ADD COLUMN b int;\n"),
        ("m/3_b.up.sql", "ALTER TABLE t ADD COLUMN c int;\n"),
        ("m/3_b.down.sql", "ALTER TABLE t DROP COLUMN c;\nALTER TABLE t DROP COLUMN b;\nDROP INDEX i;\n"),
    ];
    let places = ["m/3_b.down.sql:2:15 column-dropped", "m/3_b.down.sql:3:12 object-missing"];
    assert_eq!(project(&files).run("check --format json").places(), places);
}

#[test]
fn the_folders_above_say_nothing_of_the_server() {
    let project = project(&[("mysql/tests/db/a.sql", "DROP TABLE t;\n"), ("mysql/tests/db/b.sql", "SELECT 1;\n")]);
    assert_eq!(project.run("check mysql/tests/db --format json").places(), ["mysql/tests/db/a.sql:1:12 table-dropped"]);
    assert_eq!(project.run("check").status, 2);
}

#[test]
fn temporary_tables_go_with_their_file() {
    let text = "CREATE TEMPORARY TABLE rows_of (n int);\n";
    assert_eq!(project(&[("1.sql", text), ("2.sql", text)]).run("check").status, 0);
}
