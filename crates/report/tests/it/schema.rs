//! JSON against a schema.

use boon::{Compiler, Schemas};
use serde_json::Value;

/// Holds `json` to `schema`, and to nothing beyond it: a field that the schema does not name is an error here, though
/// readers have to accept it.
pub(crate) fn assert_valid(schema: &str, json: &str) {
    let mut schema: Value = serde_json::from_str(schema).expect("the schema is JSON");
    close(&mut schema);
    validate(schema, json);
}

/// Holds `json` to `schema` as it stands: one of others, who said themselves what else may be there.
pub(crate) fn assert_matches(schema: &str, json: &str) {
    validate(serde_json::from_str(schema).expect("the schema is JSON"), json);
}

fn validate(schema: Value, json: &str) {
    let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
    compiler.add_resource("schema.json", schema).expect("the schema can be added");
    let index = compiler.compile("schema.json", &mut schemas).expect("the schema is one");
    let json: Value = serde_json::from_str(json).expect("the report is JSON");
    if let Err(error) = schemas.validate(&json, index) {
        panic!("{error:#}\n{json:#}");
    }
}

fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(close);
            if map.get("properties").is_some_and(Value::is_object) && map.contains_key("type") {
                map.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}

#[test]
#[should_panic(expected = "rule")]
fn a_field_that_is_missing_is_noticed() {
    let json = r#"{"version": 1, "tool": {"name": "lockkeeper", "version": "1"}, "rules": [{"rule": "x"}]}"#;
    assert_valid(lockkeeper_report::RULES_SCHEMA, json);
}

#[test]
#[should_panic(expected = "extra")]
fn a_field_that_the_schema_lacks_is_noticed() {
    let json = r#"{"version": 1, "tool": {"name": "lockkeeper", "version": "1"}, "rules": [], "extra": 1}"#;
    assert_valid(lockkeeper_report::RULES_SCHEMA, json);
}
