//! What people read.

use crate::Case;
use insta::assert_snapshot;
use lockkeeper_core::{
    Finding, Instead, Label, ProblemKind, Severity, StatementEffect, StrongestLock, UnusedReason, UnusedSuppression,
    Where,
};
use lockkeeper_model::{LockMode, StatementId};
use lockkeeper_report::{Look, check_human};
use lockkeeper_syntax::Span;

fn nothing(_: &Case, _: &mut Finding) {}

#[test]
fn a_finding_shows_the_clause_its_reason_and_the_way_out() {
    let text = "CREATE TABLE odds (\n  id bigint,\n  at date,\n  price numeric,\n  PRIMARY KEY (id)\n) PARTITION BY RANGE (at);\n";
    let mut case = Case::of(text).find(0, "PRIMARY KEY (id)", "the primary key of `odds` lacks `at`", |case, it| {
        it.severity = Severity::Error;
        it.caption = Some("PostgreSQL 17 refuses this (0A000)".to_owned());
        let span = case.span(0, "(at)");
        it.labels.push(Label { script: 0, span, text: "every unique key must contain this column".to_owned() });
        it.instead = Some(Instead { how: None, sql: "PRIMARY KEY (id, at)".to_owned() });
        it.notes.push("`id` alone is then no longer unique".to_owned());
    });
    case.report.summary.strongest_lock = Some(StrongestLock {
        mode: LockMode::AccessExclusive,
        relation: "odds".to_owned(),
        script: 0,
        statement: StatementId { script: 0, statement: 0 },
        rewrite: false,
        scan: true,
    });
    assert_snapshot!(case.human());
}

#[test]
fn several_statements_to_paste_stand_on_lines_of_their_own() {
    let case = Case::of("CREATE INDEX i ON t (a);").find(0, "CREATE INDEX", "writes to `t` wait", |_, it| {
        it.help = Some("build it without blocking writes".to_owned());
        it.instead = Some(Instead {
            how: Some(Where::Outside),
            sql: "SET lock_timeout = '5s';\nCREATE INDEX CONCURRENTLY i ON t (a);".to_owned(),
        });
        it.assumed.push("`t` is an ordinary table".to_owned());
    });
    assert_snapshot!(case.human());
}

#[test]
fn what_a_statement_does_stands_beneath_its_first_finding() {
    let find = |case: Case, words: &str| case.find(0, words, "`t` goes", |_, it| it.help = Some("wait".to_owned()));
    let mut case = find(find(Case::of("DROP TABLE t, u;\n"), "t,"), "u;");
    let statement = case.report.findings[0].statement;
    let text = "ACCESS EXCLUSIVE on `t`, `u` until commit, reads and writes wait".to_owned();
    case.report.effects.push(StatementEffect { script: 0, statement, text });
    assert_snapshot!(case.human());
}

#[test]
fn a_label_may_stand_in_another_file() {
    let files: [(&str, &[u8]); 2] = [("db/1.sql", b"CREATE TABLE t (id int);\n"), ("db/2.sql", b"\n\nDROP TABLE t;\n")];
    let case = Case::new(&files).find(1, "t;", "`t` goes", |case, it| {
        it.labels.push(Label { script: 0, span: case.span(0, "t ("), text: "created here".to_owned() });
    });
    assert_snapshot!(case.human());
}

#[test]
fn findings_and_problems_come_in_the_order_of_the_file() {
    let case = Case::of("CRATE TABLE a;\nDROP TABLE b;\nDROPP TABLE c;\n")
        .find(0, "DROP TABLE b", "`b` goes", nothing)
        .problem(ProblemKind::Syntax, 0, "DROPP", "syntax error at or near \"DROPP\"")
        .problem(ProblemKind::Syntax, 0, "CRATE", "syntax error at or near \"CRATE\"");
    assert_snapshot!(case.human());
}

#[test]
fn an_unreadable_file_has_nothing_to_show() {
    let case = Case::new(&[("db/1.sql", b"")]).problem(ProblemKind::Read, 0, "", "cannot be read: permission denied");
    assert_snapshot!(case.human());
}

#[test]
fn an_unused_suppression_is_pointed_at() {
    let mut case = Case::of("-- lockkeeper: ignore table-droped\nSELECT 1;\n");
    let span = case.span(0, "table-droped");
    let reason = UnusedReason::UnknownRule(Some("table-dropped"));
    case.report.unused_suppressions.push(UnusedSuppression {
        script: 0,
        span,
        rule: "table-droped".to_owned(),
        reason,
    });
    assert_snapshot!(case.human());
}

#[test]
fn tabs_and_wide_characters_keep_the_underline_in_place() {
    let case = Case::of("\tDROP TABLE \"表🐘\", b; -- 注\n").find(0, "b;", "`b` goes", nothing);
    assert_snapshot!(case.human());
}

#[test]
fn carriage_returns_are_not_shown() {
    let case = Case::of("SELECT 1;\r\nDROP TABLE\r\n  b;\r\n").find(0, "DROP TABLE\r\n  b", "`b` goes", nothing);
    assert_snapshot!(case.human());
}

#[test]
fn the_end_of_a_file_can_be_pointed_at() {
    let mut case = Case::of("DROP TABLE").problem(ProblemKind::Syntax, 0, "", "syntax error at end of input");
    case.report.problems[0].span = Span::new(10, 10);
    assert_snapshot!(case.human());
}

#[test]
fn a_clause_of_many_lines_is_underlined_on_its_first() {
    let text = format!("SELECT 1;\nINSERT INTO t VALUES\n{}  (0);\n", "  (1),\n".repeat(500));
    let case = Case::of(&text).find(0, text.trim_end().trim_start_matches("SELECT 1;\n"), "rows", nothing);
    assert_snapshot!(case.human());
}

#[test]
fn an_endless_line_is_cut() {
    let text = format!("SELECT '{}'; DROP TABLE b; SELECT '{}';", "ø".repeat(30_000), "y".repeat(30_000));
    let case = Case::of(&text).find(0, "DROP TABLE b", "`b` goes", nothing);
    assert_snapshot!(case.human());
}

#[test]
fn text_of_a_migration_cannot_steer_the_terminal() {
    let case = Case::of("DROP TABLE \"\u{1b}[2J\";").find(0, "\"\u{1b}[2J\"", "`\"\u{1b}[2J\"` goes", |_, it| {
        it.caption = Some("\u{1b}[2J".to_owned());
        it.notes.push("\u{7}".to_owned());
    });
    let human = case.human();
    assert!(human.chars().all(|it| it == '\n' || !it.is_control()), "{human:?}");
}

#[test]
fn colour_changes_no_character() {
    let case = Case::of("DROP TABLE b;").find(0, "b", "`b` goes", |_, it| it.help = Some("think twice".to_owned()));
    let coloured = case.checked(|it| check_human(it, Look { color: true }));
    assert!(coloured.contains("\u{1b}["));
    let mut plain = String::new();
    let mut pieces = coloured.split('\u{1b}');
    plain.push_str(pieces.next().unwrap_or_default());
    pieces.for_each(|it| plain.push_str(it.split_once('m').expect("an escape ends in m").1));
    assert_eq!(plain, case.human());
}
