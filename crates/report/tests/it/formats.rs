//! What other tools read.

use crate::{Case, full, schema};
use insta::assert_snapshot;
use lockkeeper_core::{Finding, ProblemKind};
use lockkeeper_report::{
    Checked, fingerprint, github, gitlab, junit, markdown, rdjson, sarif, sarif_without_documents,
};
use std::collections::BTreeSet;

/// The schema that OASIS publishes, as the package `@microsoft/jest-sarif` holds it.
const SARIF_SCHEMA: &str = include_str!("../schemas/sarif-2.1.0.json");

const FILE: &[u8] = b"-- \xc3\xb8\n/* \xf0\x9f\x90\x98 */ DROP TABLE t;\n";

/// Names and texts with all that the formats have to escape.
fn odd() -> Case {
    Case::new(&[("db/a b,c:\"d\".sql", b"DROP TABLE \"a`<&\", u;\nSELECT 1;\n")])
        .find(0, "\"a`<&\"", "`a<&` goes: 100 % of it", |_, it| {
            it.help = Some("look at *it*\nfirst".to_owned());
            it.notes.push("with \u{1b} and ``ticks``".to_owned());
        })
        .find(0, "DROP TABLE \"a`<&\", u;\nSELECT 1", "two lines", |_, _| {})
}

fn value(json: &str) -> serde_json::Value {
    serde_json::from_str(json).expect("it is JSON")
}

#[test]
fn sarif_is_valid_and_complete() {
    let log = full(FILE).checked(sarif);
    schema::assert_matches(SARIF_SCHEMA, &log);
    // The rule's page is long, and the documents have snapshots of their own.
    let mut log = value(&log);
    let mut pages = log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().into_iter().flatten();
    let rule = pages.find(|it| it["id"] == "table-dropped").expect("the rule is described");
    let page = rule["help"]["markdown"].take();
    assert!(page.as_str().is_some_and(|it| it.starts_with("# table-dropped\n")), "{page}");
    assert_snapshot!(format!("{log:#}"));
}

#[test]
fn sarif_without_documents_lacks_what_they_say_and_nothing_else() {
    let mut log = value(&full(FILE).checked(sarif));
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().expect("rules are described");
    let rule = rules.iter_mut().find(|it| it["id"] == "table-dropped").expect("the rule is described");
    let fields = rule.as_object_mut().expect("it is an object");
    assert!(fields.remove("help").is_some() && fields.remove("shortDescription").is_some());
    assert_eq!(value(&full(FILE).checked(sarif_without_documents)), log);
}

#[test]
fn sarif_of_nothing_and_of_odd_names_is_valid() {
    schema::assert_matches(SARIF_SCHEMA, &Case::new(&[]).checked(sarif));
    schema::assert_matches(SARIF_SCHEMA, &odd().checked(sarif));
}

#[test]
fn what_could_not_be_read_leaves_the_run_unsuccessful() {
    let successful = |kind| {
        let log = Case::of("TABLE").problem(kind, 0, "TABLE", "no").checked(sarif);
        schema::assert_matches(SARIF_SCHEMA, &log);
        value(&log)["runs"][0]["invocations"][0]["executionSuccessful"].as_bool()
    };
    assert_eq!(successful(ProblemKind::Syntax), Some(true));
    assert_eq!(successful(ProblemKind::Decode), Some(false));
}

#[test]
fn github_gets_one_command_a_line() {
    assert_snapshot!(full(FILE).checked(github));
    assert_snapshot!(odd().checked(github));
}

#[test]
fn gitlab_gets_a_list_of_issues() {
    assert_snapshot!(full(FILE).checked(gitlab));
    assert_eq!(Case::new(&[]).checked(gitlab), "[]\n");
}

#[test]
fn junit_gets_a_suite_a_file() {
    assert_snapshot!(full(FILE).checked(junit));
    assert_snapshot!(odd().checked(junit));
    assert_snapshot!(Case::of("SELECT 1;").checked(junit));
}

#[test]
fn reviewdog_counts_columns_in_bytes() {
    let json = full(FILE).checked(rdjson);
    assert_snapshot!(json);
    // `/* 🐘 */ DROP TABLE ` is 19 characters and 22 bytes.
    assert_eq!(value(&json)["diagnostics"][2]["location"]["range"]["start"]["column"], 23);
}

#[test]
fn markdown_is_for_people() {
    assert_snapshot!(full(FILE).checked(markdown));
    assert_snapshot!(odd().checked(markdown));
    assert_snapshot!(Case::new(&[]).checked(markdown));
}

/// The fingerprint of the only finding of a file.
fn print(text: &str) -> u64 {
    let case = Case::of(text).find(0, "emails", "it goes", |_, _| {});
    case.checked(|Checked { report, scripts, .. }| fingerprint::finding(&report.findings[0], scripts))
}

#[test]
fn a_fingerprint_holds_when_lines_and_comments_come() {
    let first = print("DROP TABLE emails;");
    assert_eq!(first, print("SELECT 1;\n\n-- why\nDROP   TABLE\n  /* so */ emails;"));
    assert_ne!(first, print("DROP TABLE IF EXISTS emails;"));
}

#[test]
fn equal_statements_of_a_file_have_keys_of_their_own() {
    let same = |_: &Case, it: &mut Finding| it.span.end = it.span.start + 1;
    let case = Case::of("DROP TABLE t; DROP TABLE t;").find(0, "t;", "it goes", same).find(0, "t;", "it goes", same);
    let issues = value(&case.checked(gitlab));
    let keys: BTreeSet<&str> =
        issues.as_array().into_iter().flatten().filter_map(|it| it["fingerprint"].as_str()).collect();
    assert_eq!(keys.len(), 2, "{issues:#}");
}
