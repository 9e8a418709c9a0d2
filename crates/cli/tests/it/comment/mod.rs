//! `lockkeeper comment` against a forge on this machine.

#[cfg(unix)]
mod action;
mod gitlab;
mod stub;

use crate::{Project, Run, project};
use serde_json::{Value, json};
use stub::Forge;

const BASE: (&str, &str) = ("db/0001_base.sql", "CREATE TABLE t (id bigint PRIMARY KEY, at date);\n");
const INDEX: (&str, &str) = ("db/0002_index.sql", "SELECT 1;\nCREATE INDEX t_at ON t (at);\n");
const TOKEN: &str = "s3cret-token";
const HEAD: &str = "1111111111111111111111111111111111111111";
const OLD: &str = "0000000000000000000000000000000000000000";

/// The answers of a pull request that adds the second file, with these comments.
fn pull_request(method: &str, path: &str, comments: &Value, notes: &Value) -> (u16, Value) {
    let path = path.split('?').next().unwrap_or_default();
    match (method, path.strip_prefix("/api/repos/acme/shop").unwrap_or(path)) {
        ("GET", "/pulls/7") => (200, json!({"number": 7, "head": {"sha": HEAD}, "base": {"sha": OLD}})),
        ("GET", "/pulls/7/files") => {
            let patch = "@@ -0,0 +1,2 @@\n+SELECT 1;\n+CREATE INDEX t_at ON t (at);";
            (200, json!([{"filename": INDEX.0, "status": "added", "patch": patch}]))
        }
        ("GET", "/issues/7/comments") => (200, comments.clone()),
        ("GET", "/pulls/7/comments") => (200, notes.clone()),
        ("POST", "/issues/7/comments" | "/pulls/7/reviews") => (201, json!({"id": 1})),
        ("PATCH", "/issues/comments/5") => (200, json!({"id": 5})),
        _ => (404, json!({"message": "Not Found"})),
    }
}

fn forge(comments: Value, notes: Value) -> Forge {
    Forge::new(move |method, path| pull_request(method, path, &comments, &notes))
}

/// Runs the program as a job of GitHub Actions on pull request 7.
fn on_github(project: &Project, forge: &Forge, line: &str) -> Run {
    project.write("event.json", br#"{"pull_request": {"number": 7}}"#);
    let mut command = project.command(line);
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_REPOSITORY", "acme/shop");
    command.env("GITHUB_API_URL", format!("{}/api", forge.address)).env("GITHUB_SERVER_URL", "https://git.acme.test");
    command.env("GITHUB_EVENT_PATH", "event.json").env("GITHUB_TOKEN", TOKEN).env_remove("GITLAB_CI");
    let run = Run::of(command.output().expect("the program starts"));
    assert!(!run.out.contains(TOKEN) && !run.err.contains(TOKEN), "the token is shown: {}{}", run.out, run.err);
    run
}

#[test]
fn a_pull_request_gets_a_summary_and_a_review() {
    let project = project(&[BASE, INDEX]);
    let forge = forge(json!([]), json!([]));
    let run = on_github(&project, &forge, "comment db/0002_index.sql");
    assert_eq!((run.status, run.out.as_str(), run.err.as_str()), (0, "", ""));
    let summary = forge.told("POST", "/issues/7/comments")["body"].as_str().unwrap_or_default().to_owned();
    assert!(summary.starts_with("<!-- lockkeeper:summary:check -->\n### Lockkeeper: 1 warning\n"), "{summary}");
    let page = format!("https://git.acme.test/acme/shop/blob/{HEAD}/db/0002_index.sql#L2");
    assert!(summary.contains(&format!("- ⚠️ **warning** in [line 2]({page}): ")), "{summary}");
    assert!(
        summary.contains(&format!("| [2]({page}) | CREATE INDEX | SHARE `public.t` | writes | builds ")),
        "{summary}"
    );
    assert!(!summary.contains("playground"), "the page has no address yet: {summary}");
    let review = forge.told("POST", "/pulls/7/reviews");
    assert_eq!((&review["commit_id"], &review["event"]), (&json!(HEAD), &json!("COMMENT")));
    let note = &review["comments"][0];
    assert_eq!((&note["path"], &note["line"], &note["side"]), (&json!(INDEX.0), &json!(2), &json!("RIGHT")));
    let body = note["body"].as_str().unwrap_or_default();
    assert!(body.contains("CREATE INDEX CONCURRENTLY t_at ON t (at);"), "{body}");
    assert_eq!(forge.seen()[0].headers["authorization"], format!("Bearer {TOKEN}"));
}

#[test]
fn the_next_run_writes_the_summary_over_and_repeats_no_note() {
    let project = project(&[BASE, INDEX]);
    let first = forge(json!([]), json!([]));
    on_github(&project, &first, "comment db/0002_index.sql");
    let summary = first.told("POST", "/issues/7/comments")["body"].clone();
    let note = first.told("POST", "/pulls/7/reviews")["comments"][0]["body"].clone();
    let notes = json!([{"id": 9, "body": note}]);
    // The same again is not even sent.
    let same = forge(json!([{"id": 4, "body": "nice"}, {"id": 5, "body": summary}]), notes.clone());
    on_github(&project, &same, "comment db/0002_index.sql");
    assert!(same.lines().iter().all(|it| it.starts_with("GET ")), "{:?}", same.lines());
    // Lines have shifted, so the links have.
    project.write(INDEX.0, b"SELECT 1;\n\nCREATE INDEX t_at ON t (at);\n");
    let shifted = forge(json!([{"id": 5, "body": summary}]), notes);
    on_github(&project, &shifted, "comment db/0002_index.sql");
    assert!(shifted.told("PATCH", "/issues/comments/5")["body"].as_str().is_some_and(|it| it.contains("line 3")));
    assert!(!shifted.lines().iter().any(|it| it.starts_with("POST")), "{:?}", shifted.lines());
}

#[test]
fn a_fix_is_a_suggestion_for_the_lines_it_changes() {
    let fix = r#"{"safety": "unsafe", "title": "build it concurrently", "edits": [{"start": 22, "end": 22, "text": " CONCURRENTLY"}]}"#;
    let place = r#""start": {"line": 2, "column": 1, "offset": 10}, "end": {"line": 2, "column": 13, "offset": 22}"#;
    let finding = format!(
        r#"{{"rule": "index-built-under-lock", "severity": "warning", "path": "db/0002_index.sql", {place}, "message": "m", "fix": {fix}}}"#
    );
    let counts = r#"{"files": 1, "statements": 2, "errors": 0, "warnings": 1, "infos": 0, "problems": 0}"#;
    let report = format!(
        r#"{{"version": 1, "tool": {{"name": "lockkeeper", "version": "0.1.0"}}, "postgres": 17, "summary": {counts}, "findings": [{finding}], "problems": []}}"#
    );
    let project = project(&[INDEX, ("report.json", &report)]);
    let forge = forge(json!([]), json!([]));
    let run = on_github(&project, &forge, "comment --report report.json --playground https://play.acme.test/");
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let body = forge.told("POST", "/pulls/7/reviews")["comments"][0]["body"].as_str().unwrap_or_default().to_owned();
    assert!(body.ends_with("\n```suggestion\nCREATE INDEX CONCURRENTLY t_at ON t (at);\n```\n"), "{body}");
    assert!(body.contains("build it concurrently – read it before you take it"), "{body}");
}

#[test]
fn a_saved_report_says_the_same_as_a_run() {
    let project = project(&[BASE, INDEX]);
    project.run("check db/0002_index.sql --format json --output report.json");
    project.run("effects db/0002_index.sql --format json --output effects.json");
    let line = "--dry-run --playground https://play.acme.test/";
    let saved = project.run(&format!("comment --report report.json --effects effects.json {line}"));
    let own = project.run(&format!("comment db/0002_index.sql {line}"));
    assert_eq!((saved.status, &saved.out), (0, &own.out));
    assert!(own.out.contains("[Open in the playground](https://play.acme.test/#1"), "{}", own.out);
}

#[test]
fn without_permission_there_are_annotations_and_no_failure() {
    let project = project(&[BASE, INDEX]);
    let forge = Forge::new(|method, path| match method {
        "GET" => pull_request(method, path, &json!([]), &json!([])),
        _ => (403, json!({"message": format!("Resource not accessible by integration {TOKEN}")})),
    });
    let run = on_github(&project, &forge, "comment db/0002_index.sql");
    assert_eq!(run.status, 0);
    assert!(run.err.contains("answered 403 (Resource not accessible by integration ***)"), "{}", run.err);
    assert!(run.err.contains("the job needs `permissions: pull-requests: write`"), "{}", run.err);
    assert!(run.out.starts_with("::warning file=db/0002_index.sql,line=2,endLine=2,"), "{}", run.out);
}

#[test]
fn what_stands_at_no_line_stands_in_the_summary() {
    let project = project(&[BASE, INDEX]);
    let forge = Forge::new(|method, path| match path.ends_with("/reviews") {
        true => (422, json!({"message": "Unprocessable Entity"})),
        false => pull_request(method, path, &json!([]), &json!([])),
    });
    let run = on_github(&project, &forge, "comment db/0002_index.sql");
    assert_eq!(run.status, 0);
    assert!(run.err.contains("/pulls/7/reviews answered 422 (Unprocessable Entity)"), "{}", run.err);
    let body = forge.told("POST", "/issues/7/comments")["body"].as_str().unwrap_or_default().to_owned();
    assert!(body.contains("CREATE INDEX CONCURRENTLY t_at ON t (at);"), "{body}");
}

#[test]
fn what_is_missing_is_said_and_is_no_failure() {
    let project = project(&[BASE, INDEX]);
    let mut command = project.command("comment db --forge github");
    command.env_remove("GITHUB_EVENT_PATH").env_remove("GITHUB_REF").env("GITHUB_REPOSITORY", "acme/shop");
    let run = Run::of(command.output().expect("the program starts"));
    assert_eq!(run.status, 0);
    assert!(run.err.starts_with("nothing is commented: this run belongs to no pull request"), "{}", run.err);
    let mut command = project.command("comment db --forge github --change 7");
    command.env_remove("GITHUB_TOKEN").env_remove("GH_TOKEN").env("GITHUB_REPOSITORY", "acme/shop");
    let run = Run::of(command.output().expect("the program starts"));
    assert_eq!(run.status, 0);
    assert!(run.err.contains("there is no token in GITHUB_TOKEN or GH_TOKEN"), "{}", run.err);
    let mut closed = forge(json!([]), json!([]));
    closed.address = "http://127.0.0.1:9".to_owned();
    let run = on_github(&project, &closed, "comment db");
    assert!(run.status == 0 && run.err.contains("cannot be reached"), "{}", run.err);
}

#[test]
fn what_is_no_report_is_2() {
    let project = project(&[("a.json", "{}"), ("b.json", r#"{"version": 2}"#)]);
    for file in ["a.json", "b.json", "none.json"] {
        let run = project.run(&format!("comment --dry-run --report {file}"));
        assert_eq!(run.status, 2, "{}", run.err);
        assert!(run.err.starts_with(&format!("error: {file}: ")), "{}", run.err);
    }
}

#[test]
fn a_change_without_migrations_gets_no_comment_but_an_old_one_is_mended() {
    let project = project(&[BASE]);
    let silent = forge(json!([]), json!([]));
    assert_eq!(on_github(&project, &silent, "comment db").status, 0);
    assert!(silent.lines().iter().all(|it| it.starts_with("GET ")), "{:?}", silent.lines());
    let old = forge(json!([{"id": 5, "body": "<!-- lockkeeper:summary:check -->\nold"}]), json!([]));
    on_github(&project, &old, "comment db");
    let body = old.told("PATCH", "/issues/comments/5")["body"].as_str().unwrap_or_default().to_owned();
    assert!(body.contains("nothing to report ✅"), "{body}");
}

#[test]
fn a_thousand_findings_fit_into_one_comment() {
    let drops: String = (0..1000).map(|it| format!("DROP TABLE a_table_with_a_long_name_number_{it};\n")).collect();
    let project = project(&[("db/0001_drops.sql", &drops)]);
    let forge = Forge::new(|method, path| {
        let full = Value::Array((0..100).map(|it| json!({"id": 100 + it, "body": "x", "filename": "x"})).collect());
        // Two pages of comments by others.
        let two_pages = path.contains("/issues/7/comments?") && (path.ends_with("page=1") || path.ends_with("page=2"));
        if two_pages { (200, full) } else { pull_request(method, path, &json!([]), &json!([])) }
    });
    let run = on_github(&project, &forge, "comment db");
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let body = forge.told("POST", "/issues/7/comments")["body"].as_str().unwrap_or_default().to_owned();
    let length = body.chars().count();
    assert!((50_000..=65_536).contains(&length), "{length}");
    assert!(body.contains(" more: the report of the job has them all."));
    assert!(
        forge.lines().iter().any(|it| it.ends_with("/issues/7/comments?per_page=100&page=3")),
        "{:?}",
        forge.lines()
    );
}
