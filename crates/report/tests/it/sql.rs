//! What a tool sends, for people and for programs.

use crate::schema;
use lockkeeper_core::{Problem, ProblemKind};
use lockkeeper_model::Version;
use lockkeeper_model::record::record;
use lockkeeper_model::timeline::{Options, Script as Step};
use lockkeeper_report::{Counting, Recorded, RecordedHistory, SQL_SCHEMA, sql_human, sql_json};
use lockkeeper_sources::{Framework, Reading, Source, Text, read};
use lockkeeper_syntax::Span;

const FILE: &str = "-- +goose Up\nCREATE TABLE t (id int);\nSELECT 1;\n-- +goose Down\nDROP TABLE t;\n";

/// Both forms of the report on both ways of a file.
fn reports() -> (String, String) {
    let source = Source { path: "db/1.sql".to_owned(), bytes: FILE.into() };
    let scripts = read(&Text::new(&source), &Reading { framework: Framework::Goose, ..Reading::default() });
    let steps: Vec<Step<'_>> = scripts
        .iter()
        .map(|it| Step { sections: &it.sections, ..Step::new(&it.parsed.statements, it.runner) })
        .collect();
    let record = record(&steps, &Options::default(), &mut |_| {});
    let asked = scripts.iter().map(|it| (it, true)).collect();
    let histories = [RecordedHistory { record: &record, scripts: asked }];
    let recorded = Recorded { histories: &histories, version: Version::default() };
    let (kind, message) = (ProblemKind::Template, "a template".to_owned());
    let problems = [Problem { kind, script: 0, span: Span::new(0, 2), message }];
    (sql_human(recorded), sql_json(recorded, &problems, Counting::default()))
}

#[test]
fn people_read_a_script_with_its_transactions() {
    let up = "-- db/1.sql\nBEGIN;\nCREATE TABLE t (id int);\nSELECT 1;\nCOMMIT;\n";
    let down = "\n-- db/1.sql, the way back\nBEGIN;\nDROP TABLE t;\nCOMMIT;\n";
    assert_eq!(reports().0, format!("{up}{down}"));
}

#[test]
fn programs_read_the_contract() {
    schema::assert_valid(SQL_SCHEMA, &reports().1);
}
