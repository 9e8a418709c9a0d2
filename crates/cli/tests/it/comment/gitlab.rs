//! The same on GitLab.

use super::stub::Forge;
use super::{BASE, HEAD, INDEX, OLD, TOKEN};
use crate::{Project, Run, project};
use serde_json::{Value, json};

fn merge_request(method: &str, path: &str, notes: &Value) -> (u16, Value) {
    let path = path.split('?').next().unwrap_or_default();
    match (method, path.strip_prefix("/api/v4/projects/42/merge_requests/3").unwrap_or(path)) {
        ("GET", "") => (200, json!({"diff_refs": {"base_sha": OLD, "start_sha": OLD, "head_sha": HEAD}})),
        ("GET", "/diffs") => {
            let diff = "@@ -1 +1,2 @@\n SELECT 1;\n+CREATE INDEX t_at ON t (at);\n";
            (200, json!([{"old_path": INDEX.0, "new_path": INDEX.0, "diff": diff}]))
        }
        ("GET", "/notes") => (200, notes.clone()),
        ("POST", "/notes" | "/discussions") => (201, json!({"id": 1})),
        ("PUT", "/notes/5") => (200, json!({"id": 5})),
        _ => (404, json!({"message": "404 Not found"})),
    }
}

fn on_gitlab(project: &Project, forge: &Forge) -> Run {
    let mut command = project.command("comment db/0002_index.sql");
    command.env("GITLAB_CI", "true").env("CI_PROJECT_ID", "42").env("CI_MERGE_REQUEST_IID", "3");
    command.env("CI_API_V4_URL", format!("{}/api/v4", forge.address)).env("GITLAB_TOKEN", TOKEN);
    command.env_remove("GITHUB_ACTIONS").env_remove("CI_MERGE_REQUEST_PROJECT_ID");
    Run::of(command.output().expect("the program starts"))
}

#[test]
fn a_merge_request_gets_a_note_and_a_thread() {
    let project = project(&[BASE, INDEX]);
    let forge = Forge::new(|method, path| merge_request(method, path, &json!([])));
    let run = on_gitlab(&project, &forge);
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    let note = forge.told("POST", "/notes")["body"].clone();
    assert!(note.as_str().is_some_and(|it| it.starts_with("<!-- lockkeeper:summary:check -->\n")), "{note}");
    let thread = forge.told("POST", "/discussions");
    assert_eq!(thread["position"]["new_line"], 2);
    assert_eq!((&thread["position"]["old_line"], &thread["position"]["head_sha"]), (&Value::Null, &json!(HEAD)));
    assert_eq!(forge.seen()[0].headers["private-token"], TOKEN);
    // Notes on lines come in the same list as the others.
    let there = json!([{"id": 6, "body": thread["body"]}, {"id": 5, "body": "<!-- lockkeeper:summary:check -->\nold"}]);
    let again = Forge::new(move |method, path| merge_request(method, path, &there));
    on_gitlab(&project, &again);
    assert!(
        again.lines().contains(&"PUT /api/v4/projects/42/merge_requests/3/notes/5".to_owned()),
        "{:?}",
        again.lines()
    );
    assert!(!again.lines().iter().any(|it| it.starts_with("POST")), "{:?}", again.lines());
}

#[test]
fn a_token_that_may_not_write_is_no_failure() {
    let project = project(&[BASE, INDEX]);
    let forge = Forge::new(|_, _| (401, json!({"message": "401 Unauthorized"})));
    let run = on_gitlab(&project, &forge);
    assert_eq!(run.status, 0);
    assert!(run.err.contains("GITLAB_TOKEN needs the scope `api`"), "{}", run.err);
}
