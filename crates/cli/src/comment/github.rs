//! GitHub's REST API: pull requests, issue comments and reviews.

use super::diff::{ChangedFile, hunks};
use super::forge::{Commits, List, Request, escaped};
use super::notes::Note;
use super::place::Place;
use serde_json::{Value, json};

fn repository(place: &Place) -> String {
    format!("{}/repos/{}", place.api, escaped(&place.project, true))
}

/// "Get a pull request".
pub(crate) fn pull(place: &Place) -> String {
    format!("{}/pulls/{}", repository(place), place.number)
}

pub(crate) fn commits(pull: &Value) -> Option<Commits> {
    let sha = |side: &str| pull[side]["sha"].as_str().map(str::to_owned);
    let base = sha("base")?;
    Some(Commits { start: base.clone(), base, head: sha("head")? })
}

/// "List pull requests files", "List issue comments", "List review comments on a pull request".
pub(crate) fn list(place: &Place, list: List) -> String {
    match list {
        List::Files => format!("{}/files", pull(place)),
        List::Comments => format!("{}/issues/{}/comments", repository(place), place.number),
        List::Notes => format!("{}/comments", pull(place)),
    }
}

/// "Update an issue comment".
pub(crate) fn comment(place: &Place, id: u64) -> String {
    format!("{}/issues/comments/{id}", repository(place))
}

/// A file of the change. One with a diff that is too large comes without it, and so without lines.
pub(crate) fn file(item: &Value) -> Option<ChangedFile> {
    let path = item["filename"].as_str()?.to_owned();
    let old_path = item["previous_filename"].as_str().unwrap_or(&path).to_owned();
    Some(ChangedFile { path, old_path, hunks: hunks(item["patch"].as_str().unwrap_or_default()) })
}

/// "Create a review for a pull request": all comments on lines at once, so that one mail is sent.
pub(crate) fn review(place: &Place, commits: &Commits, notes: &[Note]) -> Request {
    let comments: Vec<Value> = notes
        .iter()
        .map(|it| {
            let (first, last) = it.lines;
            let mut comment = json!({"path": it.path, "body": it.body, "line": last, "side": "RIGHT"});
            if first < last {
                comment["start_line"] = json!(first);
                comment["start_side"] = json!("RIGHT");
            }
            comment
        })
        .collect();
    // The API wants a text for the whole, too.
    let body = json!({
        "commit_id": commits.head,
        "event": "COMMENT",
        "body": "Lockkeeper on the lines that this pull request changes:",
        "comments": comments,
    });
    Request::send("POST", format!("{}/reviews", pull(place)), body)
}
