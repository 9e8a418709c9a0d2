//! Pages, lists, help.

use crate::{Run, project};

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
    let listed = project.run("rules").out;
    for rule in rules {
        let name = rule["name"].as_str().expect("it has a name");
        let own = listed.lines().filter(|it| it.split(' ').next() == Some(name)).count();
        assert_eq!(own, 1, "{name} stands under one heading");
    }
    assert!(listed.starts_with("PostgreSQL or the tool refuses it ("), "{listed}");
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

#[test]
fn a_reader_that_has_gone_is_no_failure() {
    let project = project(&[("db/1.sql", "DROP TABLE t;\n")]);
    let lines = ["check db", "effects db", "schema db", "sql db", "explain table-dropped", "rules", "man", "man check"];
    for line in lines.iter().chain(&["completions bash", "--help", "check --help"]) {
        let (reader, writer) = std::io::pipe().expect("there is a pipe");
        drop(reader);
        let run = Run::of(project.command(line).stdout(writer).output().expect("the program starts"));
        assert_eq!((run.status, run.err.as_str()), (0, ""), "{line}");
    }
}

#[test]
fn manual_pages_are_printed() {
    let project = project(&[]);
    assert!(project.run("man").out.contains("lockkeeper\\-check(1)"), "{}", project.run("man").out);
    assert!(project.run("man check").out.contains("\\-\\-fail\\-on"));
    assert_eq!(project.run("man nonsense").status, 2);
}

#[test]
fn quiet_says_only_what_was_found_and_verbose_all_about_the_run() {
    let project = project(&[("a/1.sql", "DROP TABLE t;\n"), ("b/1.sql", "SELECT 1;\n")]);
    assert!(project.run("check a").out.contains("1 migration, 1 statement"));
    let quiet = project.run("check a --quiet");
    assert!(quiet.out.contains("[table-dropped]") && !quiet.out.contains("1 migration"), "{}", quiet.out);
    assert_eq!(quiet.status, 1);
    let quiet = project.run("check b -q");
    assert_eq!((quiet.status, quiet.out.as_str(), quiet.err.as_str()), (0, "", ""));
    let verbose = project.run("check b -v");
    assert!(verbose.err.contains("b/1.sql: linted") && verbose.err.contains("parsed after"), "{}", verbose.err);
    assert_eq!(project.run("check b -q -v").status, 2);
}

#[test]
fn threads_do_not_change_the_order_of_reports() {
    let files: Vec<(String, String)> =
        (0..60).map(|it| (format!("m{}/{it}.sql", it % 7), format!("DROP TABLE t{it}; SELEC {it};\n"))).collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let project = project(&files);
    for line in ["check", "check --format sarif", "effects --format json", "schema"] {
        let first = project.run(line).out;
        assert!(!first.is_empty() && (0..3).all(|_| project.run(line).out == first), "{line}");
    }
}
