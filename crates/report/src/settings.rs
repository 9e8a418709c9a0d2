//! The JSON schema of `lockkeeper.toml`, for editors.

use crate::json::print;
use lockkeeper_core::{OptionKind, Rule};
use lockkeeper_rules::document;
use serde_json::{Map, Value, json};

/// The schema: keys as `lockkeeper_core::Settings::parse` reads them, the rules with what each is about.
pub fn settings_schema(rules: &[Rule]) -> String {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Settings of Lockkeeper",
        "type": "object",
        "additionalProperties": false,
        "properties": {
            "postgres": {
                "description": "The server's major version.",
                "type": "integer", "minimum": 13, "maximum": 18, "default": 17,
            },
            "preset": {
                "description": "Which rules are on to begin with: what PostgreSQL refuses, outages and lost data; advice too; every rule.",
                "enum": ["recommended", "strict", "all"], "default": "recommended",
            },
            "rules": { "description": "What single rules are set to.", "$ref": "#/$defs/rules" },
            "overrides": {
                "description": "Other levels for some paths; a later entry over an earlier.",
                "type": "array",
                "items": {
                    "type": "object",
                    "additionalProperties": false,
                    "required": ["paths", "rules"],
                    "properties": {
                        "paths": texts("Patterns of paths, as db/legacy/**."),
                        "rules": { "description": "What single rules are set to there.", "$ref": "#/$defs/rules" },
                    },
                },
            },
            "runner": table("How the migration tool sends files, where the files do not tell.", json!({
                "transaction": {
                    "description": "What the tool wraps into a transaction: nothing, each file, all files that run together.",
                    "enum": ["none", "file", "run"],
                },
                "single_query": {
                    "description": "Whether a file is sent as one query.",
                    "type": "boolean",
                },
                "lock_timeout": time("The lock_timeout of the tool's connection."),
                "statement_timeout": time("The statement_timeout of the tool's connection."),
            })),
            "history": table("Where the migrations are.", json!({
                "paths": texts("Folders and files that make one history, in order; without them histories are looked for."),
                "schema": {
                    "description": "A dump of the schema that the files that report start from.",
                    "type": "string",
                },
                "since": {
                    "description": "Only files that changed since this commit report, as origin/main.",
                    "type": "string",
                },
            })),
            "tables": table("What no migration says of tables. Patterns, as countries or lookup.*.", json!({
                "small": texts("Always small: work on them is short."),
                "no_traffic": texts("Nothing uses them while migrations run."),
            })),
            "dialects": {
                "description": "The databases that the project runs on.",
                "type": "array",
                "items": { "enum": ["postgres", "sqlite", "mysql"] },
            },
        },
        "$defs": {
            "rules": levels(rules),
            "level": {
                "anyOf": [
                    { "$ref": "#/$defs/word" },
                    {
                        "type": "object",
                        "additionalProperties": false,
                        "properties": { "level": { "$ref": "#/$defs/word" } },
                    },
                ],
            },
            "word": { "enum": ["off", "info", "warning", "error"] },
        },
    });
    print(&schema)
}

fn table(description: &str, properties: Value) -> Value {
    json!({ "description": description, "type": "object", "additionalProperties": false, "properties": properties })
}

fn texts(description: &str) -> Value {
    json!({ "description": description, "type": "array", "items": { "type": "string" } })
}

fn time(description: &str) -> Value {
    let description = format!("{description} Milliseconds, or a text with a unit, as \"5s\".");
    json!({ "description": description, "type": ["integer", "string"], "minimum": 0 })
}

fn levels(rules: &[Rule]) -> Value {
    let rule = |it: &Rule| {
        let description = format!("{}. Default: {}.", it.summary(), it.severity.word());
        let options = options(it);
        if options.is_empty() {
            return (it.name.to_owned(), json!({ "description": description, "$ref": "#/$defs/level" }));
        }
        let level = Map::from_iter([("level".to_owned(), json!({ "$ref": "#/$defs/word" }))]);
        let properties: Map<String, Value> = level.into_iter().chain(options).collect();
        let table = json!({ "type": "object", "additionalProperties": false, "properties": properties });
        (it.name.to_owned(), json!({ "description": description, "anyOf": [{ "$ref": "#/$defs/word" }, table] }))
    };
    let properties: Map<String, Value> = rules.iter().map(rule).collect();
    json!({ "type": "object", "additionalProperties": false, "properties": properties })
}

/// The options of a rule, in the words of its document.
fn options(rule: &Rule) -> Vec<(String, Value)> {
    let document = document::parse(rule.name, rule.document()).ok();
    let explained = document.map(|it| it.options()).unwrap_or_default();
    let about = |name: &str| {
        let text = explained.iter().find(|it| it.0 == name).map(|it| it.1.replace('`', "")).unwrap_or_default();
        let mut letters = text.chars();
        letters.next().map(|it| it.to_uppercase().chain(letters).collect::<String>()).unwrap_or_default()
    };
    let value = |kind: OptionKind, about: &str| match kind {
        OptionKind::Objects => texts(about),
        OptionKind::Count => json!({ "description": about, "type": "integer", "minimum": 0 }),
        OptionKind::Bytes => json!({
            "description": format!("{about} Bytes, or a text with a unit, as \"1GB\"."),
            "type": ["integer", "string"], "minimum": 0,
        }),
        OptionKind::Time => time(about),
    };
    rule.options().map(|it| (it.name.to_owned(), value(it.kind, &about(it.name)))).collect()
}
