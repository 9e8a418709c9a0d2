//! `lockkeeper sql`.

use crate::project;

const GOOSE: &str =
    "-- +goose Up\nCREATE TABLE t (id int);\nCREATE INDEX i ON t (id);\n-- +goose Down\nDROP TABLE t;\n";
const LATER: &str = "-- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\n-- +goose Down\nSELECT 2;\n";

#[test]
fn statements_stand_in_the_transaction_that_the_tool_opens() {
    let project = project(&[("m/1_a.sql", GOOSE), ("m/2_b.sql", LATER)]);
    assert_eq!(
        project.run("sql m").out,
        "-- m/1_a.sql\nBEGIN;\nCREATE TABLE t (id int);\nCREATE INDEX i ON t (id);\nCOMMIT;\n\n-- m/2_b.sql\nSELECT 1;\n"
    );
    assert_eq!(
        project.run("sql m --down").out,
        "-- m/2_b.sql, the way back\nSELECT 2;\n\n-- m/1_a.sql, the way back\nBEGIN;\nDROP TABLE t;\nCOMMIT;\n"
    );
    assert_eq!(project.run("sql m/2_b.sql").out, "-- m/2_b.sql\nSELECT 1;\n");
}

#[test]
fn json_tells_direction_and_transaction() {
    let json = project(&[("m/1_a.sql", GOOSE)]).run("sql m --format json").json();
    let statements = json["statements"].as_array().expect("there are statements");
    let numbers: Vec<_> = statements.iter().map(|it| it["transaction"].as_u64()).collect();
    assert_eq!(numbers, [Some(1), Some(1)]);
    assert_eq!(
        (&statements[1]["sql"], &statements[1]["direction"]),
        (&"CREATE INDEX i ON t (id)".into(), &"up".into())
    );
    assert_eq!(statements[1]["start"]["line"], 3);
}

#[test]
fn what_cannot_be_read_is_said() {
    let run = project(&[("1.sql", "SELEC 1;\n${x};\nSELECT 2;\n")]).run("sql 1.sql --format json");
    let json = run.json();
    let kinds: Vec<_> = json["problems"].as_array().into_iter().flatten().map(|it| it["kind"].as_str()).collect();
    assert_eq!(kinds, [Some("syntax"), Some("template")]);
    assert_eq!(run.status, 0);
}
