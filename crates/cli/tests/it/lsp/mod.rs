//! Sessions of an editor with the real binary.

mod client;

use crate::{Project, project};
use client::Editor;
use serde_json::{Value, json};

/// A history of two files; the second is the one that is written.
fn history() -> Project {
    project(&[
        ("db/1_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY) PARTITION BY RANGE (id);\n"),
        ("db/2_index.sql", "SELECT 1;\n"),
    ])
}

/// `line:column-line:column code`, from 0 as the protocol counts.
fn places(diagnostics: &[Value]) -> Vec<String> {
    let position = |it: &Value| format!("{}:{}", it["line"], it["character"]);
    let line = |it: &Value| {
        let (start, end) = (position(&it["range"]["start"]), position(&it["range"]["end"]));
        format!("{start}-{end} {}", it["code"].as_str().unwrap_or_default())
    };
    diagnostics.iter().map(line).collect()
}

/// The text after the edits of the action of this title.
fn after(actions: &Value, title: &str, text: &str) -> String {
    let mut actions = actions.as_array().expect("actions are a list").iter();
    let action = actions.find(|it| it["title"].as_str().unwrap_or_default().contains(title));
    let changes = &action.unwrap_or_else(|| panic!("there is an action `{title}`"))["edit"]["changes"];
    let edits = changes.as_object().and_then(|it| it.values().next()).and_then(Value::as_array).expect("it edits");
    let offset = |it: &Value| {
        let line = it["line"].as_u64().expect("a line is a number") as usize;
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        start + it["character"].as_u64().expect("a column is a number") as usize
    };
    let replaced = |it: &Value| (offset(&it["range"]["start"])..offset(&it["range"]["end"]), it["newText"].clone());
    let mut edits: Vec<_> = edits.iter().map(replaced).collect();
    // From the end, so that earlier places stay.
    edits.sort_by_key(|it| std::cmp::Reverse(it.0.start));
    let mut text = text.to_owned();
    for (range, new) in edits {
        text.replace_range(range, new.as_str().expect("the new text is a text"));
    }
    text
}

#[test]
fn a_session_shows_what_the_history_makes_of_each_edit() {
    let project = history();
    let mut editor =
        Editor::with(&project, json!({"textDocument": {"publishDiagnostics": {"relatedInformation": true}}}));
    assert!(editor.open("db/2_index.sql", "SELECT 1;\n").is_empty());

    editor.edit("db/2_index.sql", 2, (0, 0), (0, 9), "/* 🚂 */ CREATE INDEX CONCURRENTLY i ON users (id);");
    let found = editor.diagnostics("db/2_index.sql");
    // The engine behind the wheel counts as two.
    assert_eq!(places(&found), ["0:22-0:34 concurrently-on-partitioned"]);
    assert!(found[0]["message"].as_str().unwrap().contains("users"), "{found:?}");
    let related = &found[0]["relatedInformation"][0]["location"];
    assert_eq!(
        (&related["uri"], &related["range"]["start"]["line"]),
        (&json!(editor.uri("db/1_users.sql")), &json!(0))
    );

    // The other file is edited too, but not saved: its text in the editor counts.
    editor.open("db/1_users.sql", "CREATE TABLE users (id bigint PRIMARY KEY);\n");
    editor.edit("db/2_index.sql", 3, (0, 0), (0, 0), "\n");
    assert!(editor.diagnostics("db/2_index.sql").is_empty());
    editor.say("textDocument/didClose", json!({"textDocument": editor.document("db/1_users.sql")}));
    assert_eq!(places(&editor.diagnostics("db/2_index.sql")), ["1:22-1:34 concurrently-on-partitioned"]);
    editor.say("textDocument/didClose", json!({"textDocument": editor.document("db/2_index.sql")}));
    assert!(editor.diagnostics("db/2_index.sql").is_empty());
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn findings_can_be_mended_and_ignored() {
    let project = history();
    let text = "CREATE TABLE odds (\n  id bigint PRIMARY KEY,\n  at date NOT NULL\n) PARTITION BY RANGE (at);\n";
    let mut editor = Editor::with(&project, json!({"general": {"positionEncodings": ["utf-16", "utf-8"]}}));
    let found = editor.open("db/3_odds.sql", text);
    assert_eq!(places(&found).len(), 1, "{found:?}");
    let rule = "partition-key-missing-in-unique";
    assert_eq!(found[0]["code"], rule);
    let params = json!({
        "textDocument": editor.document("db/3_odds.sql"),
        "range": {"start": found[0]["range"]["start"], "end": found[0]["range"]["start"]},
        "context": {"diagnostics": []},
    });
    let actions = editor.ask("textDocument/codeAction", params);
    let titles: Vec<&str> = actions.as_array().unwrap().iter().filter_map(|it| it["title"].as_str()).collect();
    assert_eq!(titles.len(), 3, "{titles:?}");
    for title in [titles[0], "Ignore partition-key-missing-in-unique here", "in this file"] {
        let mended = after(&actions, title, text);
        editor.say(
            "textDocument/didChange",
            json!({"textDocument": {"uri": editor.uri("db/3_odds.sql"), "version": 2}, "contentChanges": [{"text": mended}]}),
        );
        assert!(editor.diagnostics("db/3_odds.sql").is_empty(), "{title}: {mended}");
        editor.edit("db/3_odds.sql", 3, (0, 0), (99, 0), text);
        assert_eq!(editor.diagnostics("db/3_odds.sql").len(), 1);
    }
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn a_statement_tells_its_locks_and_stands_in_the_outline() {
    let project = history();
    let mut editor = Editor::with(&project, json!({}));
    editor.open("db/2_index.sql", "-- a comment\nALTER TABLE users ADD COLUMN name text;\nSELECT 1;\n");
    let at = |line: u32| json!({"textDocument": editor.document("db/2_index.sql"), "position": {"line": line, "character": 9}});
    let (nothing, statement) = (at(0), at(1));
    assert_eq!(editor.ask("textDocument/hover", nothing), Value::Null);
    let hover = editor.ask("textDocument/hover", statement)["contents"]["value"].as_str().unwrap().to_owned();
    assert!(hover.contains("| ACCESS EXCLUSIVE | `public.users` | reads and writes |"), "{hover}");
    let params = json!({"textDocument": editor.document("db/2_index.sql")});
    let symbols = editor.ask("textDocument/documentSymbol", params);
    assert_eq!(symbols[0]["name"], "ALTER TABLE users ADD COLUMN name text");
    assert_eq!(symbols[0]["detail"], "ACCESS EXCLUSIVE on public.users");
    assert_eq!(symbols[1]["name"], "SELECT 1");
    let both =
        "-- migrate:up\nALTER TABLE users ADD COLUMN a text;\n-- migrate:down\nALTER TABLE users DROP COLUMN a;\n";
    editor.open("db/3_both.sql", both);
    let document = editor.document("db/3_both.sql");
    let back = json!({"textDocument": document, "position": {"line": 3, "character": 9}});
    let hover = editor.ask("textDocument/hover", back)["contents"]["value"].as_str().unwrap().to_owned();
    assert!(hover.contains("| ACCESS EXCLUSIVE | `public.users` |"), "{hover}");
    let symbols = editor.ask("textDocument/documentSymbol", json!({"textDocument": document}));
    assert_eq!(symbols[1]["children"][0]["detail"], "ACCESS EXCLUSIVE on public.users");
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn the_configuration_is_followed_and_its_mistakes_are_shown_in_it() {
    let project = history();
    let mut editor = Editor::with(&project, json!({}));
    assert_eq!(places(&editor.open("db/2_index.sql", "DROP TABLE users;\n")), ["0:11-0:16 table-dropped"]);
    let mut configure = |text: &str, shown_in: &str| {
        project.write("lockkeeper.toml", text.as_bytes());
        let changes = json!({"changes": [{"uri": editor.uri("lockkeeper.toml"), "type": 2}]});
        editor.say("workspace/didChangeWatchedFiles", changes);
        places(&editor.diagnostics(shown_in))
    };
    assert!(configure("[rules]\ntable-dropped = \"off\"\n", "db/2_index.sql").is_empty());
    assert_eq!(configure("[rules]\ntable-droped = \"off\"\n", "lockkeeper.toml"), ["1:0-2:0 "]);
    assert!(configure("[rules]\ntable-dropped = \"off\"\n\n", "lockkeeper.toml").is_empty());
    assert_eq!(configure("", "db/2_index.sql").len(), 1);
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn revisions_of_alembic_are_read_and_seeds_and_notes_are_not() {
    let project = history();
    let mut editor = Editor::with(&project, json!({}));
    let revision =
        "from alembic import op\nrevision = 'a'\ndown_revision = None\n\ndef upgrade():\n    op.drop_table('ünits')\n";
    let found = editor.open("alembic/versions/a_first.py", revision);
    assert_eq!(places(&found), ["5:19-5:24 table-dropped"]);
    let params = json!({
        "textDocument": editor.document("alembic/versions/a_first.py"),
        "range": found[0]["range"],
        "context": {"diagnostics": [], "only": ["quickfix"]},
    });
    let actions = editor.ask("textDocument/codeAction", params);
    let ignored = after(&actions, "here", revision);
    assert!(ignored.contains("\n    # lockkeeper: ignore table-dropped\n    op.drop_table("), "{ignored}");
    assert!(editor.open("db/seeds/rows.sql", "DROP TABLE users;\n").is_empty());
    assert!(editor.open("alembic/env.py", "import x\n").is_empty());
    assert!(editor.open("notes.txt", "DROP TABLE users;\n").is_empty());
    assert_eq!(editor.end(), Some(0));
}

#[test]
fn what_is_no_request_is_refused_and_the_session_goes_on() {
    let project = history();
    let mut editor = Editor::start(&project);
    let code = |it: Value| it["error"]["code"].clone();
    assert_eq!(code(editor.response("textDocument/hover", json!({}))), -32002);
    editor.send("{\"jsonrpc\": ");
    assert_eq!(code(editor.next(|it| it["id"].is_null())), -32700);
    editor.send("[1]");
    assert_eq!(code(editor.next(|it| it["id"].is_null())), -32600);
    assert_eq!(code(editor.response("initialize", json!(7))), -32602);
    editor.ask("initialize", json!({"capabilities": {}}));
    assert_eq!(code(editor.response("textDocument/nonsense", json!({}))), -32601);
    assert_eq!(code(editor.response("textDocument/hover", json!({"position": "here"}))), -32602);
    // Notifications that mean nothing are passed over: of a document that is not open, without sense, to nobody.
    editor.edit("db/9.sql", 2, (9, 9), (0, 0), "x");
    editor.say("textDocument/didOpen", json!([1, 2]));
    editor.say("$/nonsense", json!({}));
    editor.say(
        "textDocument/didOpen",
        json!({"textDocument": {"uri": "untitled:1", "languageId": "sql", "version": 1, "text": "DROP"}}),
    );
    assert_eq!(places(&editor.open("db/2_index.sql", "CREATE TABEL t ();\n")), ["0:7-0:12 syntax"]);
    assert_eq!(editor.hang_up(), Some(1));
}
