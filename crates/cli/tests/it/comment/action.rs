//! The script of the GitHub Action.

use super::{BASE, HEAD, INDEX, TOKEN, forge};
use crate::{Project, Run, project};
use serde_json::json;
use std::path::Path;
use std::process::Command;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../integrations/action.sh");

fn act(project: &Project, api: &str, fail_on: &str, base: &str) -> Run {
    project.write("event.json", br#"{"pull_request": {"number": 7}}"#);
    let mut command = Command::new("bash");
    command.arg(Path::new(SCRIPT)).current_dir(project.path()).env("INPUT_COMMAND", env!("CARGO_BIN_EXE_lockkeeper"));
    command.env("INPUT_PATHS", "db").env("INPUT_FAIL_ON", fail_on).env("INPUT_ID", "db").env("INPUT_SINCE", "main");
    command.env("GITHUB_ACTIONS", "true").env("GITHUB_REPOSITORY", "acme/shop").env("GITHUB_TOKEN", TOKEN);
    command.env("GITHUB_API_URL", api).env("GITHUB_EVENT_PATH", "event.json").env("GITHUB_BASE_REF", base);
    command.env("GITHUB_STEP_SUMMARY", project.path().join("summary.md"));
    Run::of(command.output().expect("bash starts"))
}

/// A repository whose branch adds the second file.
fn branch() -> Project {
    let project = project(&[BASE]);
    let git = |line: &str| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]);
        let output = command.args(line.split(' ')).current_dir(project.path()).output().expect("git is there");
        assert!(output.status.success(), "git {line}: {}", String::from_utf8_lossy(&output.stderr));
    };
    git("init --quiet --initial-branch=main");
    git("add --all");
    git("commit --quiet -m base");
    git("checkout --quiet -b work");
    project.write(INDEX.0, INDEX.1.as_bytes());
    project
}

#[test]
fn the_check_decides_and_the_comment_is_written_all_the_same() {
    let project = branch();
    let forge = forge(json!([]), json!([]));
    let run = act(&project, &format!("{}/api", forge.address), "warning", "main");
    assert_eq!((run.status, run.err.as_str()), (1, ""));
    assert!(run.out.contains("[index-built-under-lock]"), "{}", run.out);
    assert_eq!(forge.told("POST", "/pulls/7/reviews")["commit_id"], HEAD);
    let body = forge.told("POST", "/issues/7/comments")["body"].as_str().unwrap_or_default().to_owned();
    assert!(body.starts_with("<!-- lockkeeper:summary:db -->"), "{body}");
    let summary = std::fs::read_to_string(project.path().join("summary.md")).expect("the job has a summary");
    assert!(summary.starts_with("## Lockkeeper"), "{summary}");
}

#[test]
fn without_a_pull_request_there_are_annotations() {
    let run = act(&branch(), "http://127.0.0.1:9", "error", "");
    assert_eq!((run.status, run.err.as_str()), (0, ""));
    assert!(run.out.starts_with("::warning file=db/0002_index.sql,line=2"), "{}", run.out);
}
