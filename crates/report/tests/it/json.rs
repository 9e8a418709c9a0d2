//! What programs read.

use crate::{Case, full, schema};
use insta::assert_snapshot;
use lockkeeper_core::RULES;
use lockkeeper_report::{CHECK_SCHEMA, Counting, RULES_SCHEMA, rules_json};
use lockkeeper_sources::Unit;

#[test]
fn the_shape_is_the_contract() {
    let json = full(b"-- \xc3\xb8\nDROP TABLE t;\n").json(Counting::default());
    schema::assert_valid(CHECK_SCHEMA, &json);
    assert_snapshot!(json);
}

#[test]
fn an_empty_report_has_the_same_shape() {
    let json = Case::new(&[]).json(Counting::default());
    schema::assert_valid(CHECK_SCHEMA, &json);
    assert_snapshot!(json);
}

#[test]
fn offsets_are_those_of_the_stored_file_or_of_its_text() {
    let utf16: Vec<u8> = "\u{feff}/* 🐘 */ DROP TABLE t;".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let offsets = |file: &[u8], unit| {
        let json: serde_json::Value =
            serde_json::from_str(&full(file).json(Counting { unit, ..Counting::default() })).expect("it is JSON");
        json["findings"][0]["start"]["offset"].as_u64()
    };
    let marked = "\u{feff}/* 🐘 */ DROP TABLE t;".as_bytes();
    assert_eq!(offsets(marked, Unit::Bytes), Some(3 + 10 + 1 + 11));
    assert_eq!(offsets(marked, Unit::Utf16), Some(1 + 8 + 1 + 11));
    assert_eq!(offsets(&utf16, Unit::Bytes), Some(2 * (1 + 8 + 1 + 11)));
}

#[test]
fn the_list_of_rules_has_its_shape() {
    schema::assert_valid(RULES_SCHEMA, &rules_json(RULES));
}
