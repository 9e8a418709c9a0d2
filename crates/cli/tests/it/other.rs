//! Pages, lists, help.

use crate::project;

#[test]
fn a_rule_is_explained_as_a_page() {
    let run = project(&[]).run("explain table-dropped");
    assert_eq!(run.status, 0);
    assert!(run.out.starts_with("table-dropped\n\n"), "{}", run.out);
    assert!(!run.out.contains("```"), "{}", run.out);
}

#[test]
fn a_misspelt_rule_is_wrong_usage() {
    let run = project(&[]).run("explain table-droped");
    assert_eq!(
        (run.status, run.err.as_str()),
        (2, "error: there is no rule `table-droped`; is `table-dropped` meant?\n")
    );
}

#[test]
fn rules_are_listed() {
    let project = project(&[]);
    let json = project.run("rules --format json").json();
    let rules = json["rules"].as_array().expect("there is a list");
    assert_eq!(rules.len(), project.run("rules").out.lines().count());
    assert_eq!(project.run("explain").out, project.run("rules").out);
}

#[test]
fn help_and_version_are_answers_and_nonsense_is_not() {
    let project = project(&[]);
    assert_eq!(project.run("--help").status, 0);
    assert_eq!(project.run("check --help").status, 0);
    assert!(project.run("--version").out.starts_with("lockkeeper "));
    assert_eq!(project.run("check --nonsense").status, 2);
    assert_eq!(project.run("check 1.sql --pg 12").status, 2);
    assert_eq!(project.run("").status, 2);
}

#[test]
fn completions_are_printed() {
    assert!(project(&[]).run("completions bash").out.contains("lockkeeper"));
}
