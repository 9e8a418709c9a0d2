//! `-- lockkeeper: ignore …`.

use crate::render::{History, findings};
use insta::assert_snapshot;
use lockkeeper_model::Runner;

const TABLES: &str = "CREATE TABLE a (id int); CREATE TABLE b (id int);";

#[test]
fn the_line_above() {
    assert_snapshot!(findings(TABLES, "-- lockkeeper: ignore table-dropped -- saved\nDROP TABLE a;\nDROP VIEW IF EXISTS v;"), @"");
}

#[test]
fn the_end_of_the_line() {
    assert_snapshot!(findings(TABLES, "DROP TABLE a; -- lockkeeper: ignore table-dropped"), @"");
}

#[test]
fn inside_the_statement() {
    assert_snapshot!(findings(TABLES, "DROP TABLE /* lockkeeper: ignore table-dropped */\n  a;"), @"");
}

#[test]
fn the_whole_file() {
    assert_snapshot!(findings(TABLES, "-- lockkeeper: ignore-file table-dropped\n\nDROP TABLE a;\n\nDROP TABLE b;"), @"");
}

#[test]
fn an_empty_line_ends_its_reach() {
    let rendered = findings(TABLES, "-- lockkeeper: ignore table-dropped\n\nDROP TABLE a;");
    assert!(rendered.contains("[table-dropped]"), "{rendered}");
    assert!(rendered.contains("unused suppression at `table-dropped`"), "{rendered}");
}

#[test]
fn only_its_own_statement() {
    let report = History::default()
        .before(TABLES)
        .script("DROP TABLE a; -- lockkeeper: ignore table-dropped\nDROP TABLE b;", Runner::default())
        .report();
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.unused_suppressions.len(), 0);
}

#[test]
fn what_does_nothing_is_reported() {
    let sql = "-- lockkeeper: ignore table-droped, column-dropped, a-b-c\nDROP VIEW IF EXISTS v;\n-- lockkeeper: ignore\nDROP VIEW IF EXISTS w;";
    assert_snapshot!(findings(TABLES, sql), @r#"
    unused suppression at `table-droped`: there is no rule `table-droped`; is `table-dropped` meant?

    unused suppression at `column-dropped`: `column-dropped` has nothing to ignore here

    unused suppression at `a-b-c`: there is no rule `a-b-c`

    unused suppression at `-- lockkeeper: ignore`: the comment names no rule to ignore
    "#);
}

#[test]
fn a_rule_that_is_off_has_no_unused_suppressions() {
    let mut history =
        History::default().script("-- lockkeeper: ignore table-dropped\nDROP TABLE IF EXISTS a;", Runner::default());
    history.settings.ignore(["table-dropped"]).unwrap();
    assert_eq!(history.report().unused_suppressions.len(), 0);
}
