//! What runs inside `DO` blocks and called functions: each statement with its place, and what is not known.

use lockkeeper_model::timeline::{Options, Script, replay};
use lockkeeper_model::{Assumption, Runner, Version};
use lockkeeper_syntax::parse;

/// Each statement of the last script and each inside it, as shown: its text, how it runs, what comes of it.
fn shown(history: &[&str]) -> Vec<String> {
    let parsed: Vec<_> = history.iter().map(|it| parse(it)).collect();
    let scripts: Vec<Script<'_>> = parsed.iter().map(|it| Script::new(&it.statements, Runner::default())).collect();
    let mut lines = Vec::new();
    let options = Options { version: Version::default(), partial: false, ..Options::default() };
    replay(&scripts, &options, &mut |step| {
        if step.id.script as usize + 1 != history.len() {
            return;
        }
        let text = step.statement.span.of(history[history.len() - 1]);
        let how = match step.inside {
            Some(it) if it.possible => "perhaps ",
            Some(_) => "inside ",
            None => "",
        };
        let mut line = format!("{how}{}", text.split_whitespace().collect::<Vec<_>>().join(" "));
        if let Some(failure) = step.failure {
            line.push_str(&format!(" – {}", failure.refusal.sqlstate()));
        }
        if step.effects.assumed.contains(&Assumption::OpaqueCode) {
            line.push_str(" – code that is not read");
        }
        lines.push(line);
    });
    lines
}

/// What is shown of the code of a `DO` block in a complete history.
fn inside(before: &str, code: &str) -> Vec<String> {
    let block = format!("DO $do$ {code} $do$");
    shown(&["CREATE SCHEMA begun", before, &block]).split_off(1)
}

#[test]
fn each_statement_has_its_own_place() {
    let code = "BEGIN CREATE TABLE t (id int); PERFORM now(); ALTER TABLE t ADD b text; END";
    assert_eq!(
        inside("", code),
        ["inside CREATE TABLE t (id int)", "inside PERFORM now()", "inside ALTER TABLE t ADD b text"]
    );
}

#[test]
fn made_statements_have_the_place_of_their_text() {
    let code = "DECLARE n text := 'it''s'; BEGIN EXECUTE format('CREATE TABLE %I (a int DEFAULT %L)', n, '1'); \
                EXECUTE 'CREATE TABLE ' || n; FOR i IN 1..2 LOOP EXECUTE 'CREATE TABLE p' || i || ' ()'; END LOOP; END";
    assert_eq!(
        inside("", code),
        [
            "inside format('CREATE TABLE %I (a int DEFAULT %L)', n, '1')",
            "inside 'CREATE TABLE ' || n – 42601",
            "inside 'CREATE TABLE p' || i || ' ()'",
            "inside 'CREATE TABLE p' || i || ' ()'",
        ]
    );
}

#[test]
fn what_may_run_never_fails_and_leaves_the_rest_open() {
    let code = "BEGIN IF random() > 0.5 THEN ALTER TABLE t DROP a; DROP TABLE gone; END IF; \
                ALTER TABLE t ADD a int; ALTER TABLE t DROP b; END";
    let lines = inside("CREATE TABLE t (a int, b int)", code);
    assert_eq!(
        lines,
        [
            "perhaps ALTER TABLE t DROP a",
            "perhaps DROP TABLE gone",
            "inside ALTER TABLE t ADD a int",
            "inside ALTER TABLE t DROP b",
        ]
    );
}

#[test]
fn what_the_catalog_shows_decides_a_condition() {
    let guard = "BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'mood') THEN CREATE TYPE mood AS ENUM ('a'); \
                 END IF; END";
    assert_eq!(inside("", guard), ["inside CREATE TYPE mood AS ENUM ('a')"]);
    assert_eq!(inside("CREATE TYPE mood AS ENUM ('a')", guard), Vec::<String>::new());
}

#[test]
fn a_handler_takes_back_what_failed() {
    let code = "BEGIN CREATE TYPE mood AS ENUM ('b'); EXCEPTION WHEN duplicate_object THEN NULL; END";
    assert_eq!(inside("CREATE TYPE mood AS ENUM ('a')", code), Vec::<String>::new());
    let code = "BEGIN BEGIN CREATE TABLE t (); EXCEPTION WHEN others THEN CREATE TABLE u (); END; DROP TABLE t; END";
    assert_eq!(inside("CREATE TABLE t ()", code), ["inside CREATE TABLE u ()", "inside DROP TABLE t"]);
}

#[test]
fn code_that_is_not_read_is_said_once() {
    let code = "BEGIN EXECUTE (SELECT string_agg(x, '') FROM y); EXECUTE z; DROP TABLE nowhere; END";
    assert_eq!(
        inside("", code),
        [format!("inside DO $do$ {code} $do$ – code that is not read"), "inside DROP TABLE nowhere".to_owned()]
    );
}

#[test]
fn called_functions_are_followed() {
    let functions = "CREATE FUNCTION f(n text) RETURNS void LANGUAGE plpgsql AS 'BEGIN EXECUTE ''DROP TABLE '' || n; END'; \
                     CREATE PROCEDURE p() LANGUAGE sql AS 'CREATE TABLE t (); SELECT f(''t'')'";
    let lines = shown(&["CREATE SCHEMA begun", functions, "CALL p(); SELECT f('nothing')"]);
    assert_eq!(lines.len(), 6, "{lines:?}");
    assert!(lines[5].ends_with("42P01"), "{lines:?}");
}

#[test]
fn a_transaction_cannot_end_inside_another() {
    let lines = shown(&["BEGIN; DO $$ BEGIN COMMIT; END $$"]);
    assert!(lines[2].ends_with("2D000"), "{lines:?}");
}
