//! The schema of the settings against what is read of them.

use crate::schema::assert_matches;
use lockkeeper_core::{RULES, Settings};
use lockkeeper_report::{SETTINGS_SCHEMA, rules_index, settings_schema};
use serde_json::{Value, json};

/// The checked-in schema is the one that is generated; `LOCKKEEPER_WRITE_SCHEMA=1` writes it.
#[test]
fn the_schema_is_up_to_date() {
    let schema = settings_schema(RULES);
    if std::env::var_os("LOCKKEEPER_WRITE_SCHEMA").is_some() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/settings.json");
        std::fs::write(file, &schema).expect("the schema can be written");
        return;
    }
    assert!(schema == SETTINGS_SCHEMA, "`cargo xtask generate settings` writes schemas/settings.json anew");
}

/// As the schema: `docs/rules.md` is the generated one.
#[test]
fn the_index_of_rules_is_up_to_date() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/rules.md");
    let index = rules_index(RULES);
    if std::env::var_os("LOCKKEEPER_WRITE_SCHEMA").is_some() {
        std::fs::write(file, &index).expect("the index can be written");
        return;
    }
    let written = std::fs::read_to_string(file).expect("the index is there");
    assert!(index == written, "`cargo xtask generate settings` writes docs/rules.md anew");
}

/// The keys that a table of the file may hold, in the words of the error about one that it may not.
fn keys(table: &str) -> Vec<String> {
    let error = Settings::parse(&format!("{table}\nno_such_key = 1\n")).expect_err("there is no such key");
    let mut quoted = error.message.split('`').skip(1).step_by(2).map(str::to_owned);
    assert_eq!(quoted.next().as_deref(), Some("no_such_key"), "{}", error.message);
    let mut keys: Vec<String> = quoted.collect();
    keys.sort();
    keys
}

#[test]
fn the_schema_has_the_keys_that_are_read() {
    let schema: Value = serde_json::from_str(SETTINGS_SCHEMA).expect("it is JSON");
    for table in ["", "runner", "history", "tables"] {
        let place = if table.is_empty() { &schema } else { &schema["properties"][table] };
        let mut known: Vec<String> = place["properties"].as_object().expect("it is a table").keys().cloned().collect();
        known.sort();
        assert_eq!(known, keys(&if table.is_empty() { String::new() } else { format!("[{table}]") }), "{table}");
    }
}

#[test]
fn settings_hold_to_the_schema() {
    let settings = json!({
        "postgres": 15, "preset": "strict", "dialects": ["postgres", "sqlite"],
        "rules": { "table-dropped": "off", "rows-truncated": { "level": "info" },
            "index-built-under-lock": { "allow": ["a.*"], "max_rows": 5, "max_bytes": "1GB" } },
        "overrides": [{ "paths": ["db/**"], "rules": { "table-dropped": "error" } }],
        "runner": { "transaction": "file", "single_query": false, "lock_timeout": "2s", "statement_timeout": 60000 },
        "history": { "paths": ["db"], "schema": "s.sql", "since": "main" },
        "tables": { "small": ["a"], "no_traffic": ["b.*"] },
    });
    assert_matches(SETTINGS_SCHEMA, &settings.to_string());
}

/// The options of a rule are those that are read, each with its words from the document.
#[test]
fn the_schema_has_the_options_of_each_rule() {
    let schema: Value = serde_json::from_str(SETTINGS_SCHEMA).expect("it is JSON");
    for rule in RULES {
        let known = &schema["$defs"]["rules"]["properties"][rule.name]["anyOf"][1]["properties"];
        for option in rule.options() {
            let about = known[option.name]["description"].as_str().unwrap_or_default();
            assert!(about.len() > 20, "{}: `{}` is not explained: {about:?}", rule.name, option.name);
        }
    }
}

#[test]
#[should_panic(expected = "table-droped")]
fn a_rule_that_is_not_known_does_not() {
    assert_matches(SETTINGS_SCHEMA, r#"{"rules": {"table-droped": "off"}}"#);
}
