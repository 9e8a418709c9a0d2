//! GitLab's REST API: merge requests, notes and discussions.

use super::diff::{ChangedFile, hunks};
use super::forge::{Commits, List, Request, escaped};
use super::notes::Note;
use super::place::Place;
use serde_json::{Value, json};

/// "Get single MR".
pub(crate) fn merge_request(place: &Place) -> String {
    format!("{}/projects/{}/merge_requests/{}", place.api, escaped(&place.project, false), place.number)
}

pub(crate) fn commits(merge_request: &Value) -> Option<Commits> {
    let sha = |name: &str| merge_request["diff_refs"][name].as_str().map(str::to_owned);
    Some(Commits { base: sha("base_sha")?, start: sha("start_sha")?, head: sha("head_sha")? })
}

/// "List merge request diffs", "List all merge request notes". The notes hold those on lines too.
pub(crate) fn list(place: &Place, list: List) -> String {
    match list {
        List::Files => format!("{}/diffs", merge_request(place)),
        List::Comments | List::Notes => format!("{}/notes", merge_request(place)),
    }
}

pub(crate) fn file(item: &Value) -> Option<ChangedFile> {
    let path = item["new_path"].as_str()?.to_owned();
    let old_path = item["old_path"].as_str().unwrap_or(&path).to_owned();
    Some(ChangedFile { path, old_path, hunks: hunks(item["diff"].as_str().unwrap_or_default()) })
}

/// "Create a new thread in the merge request diff". It stands at the last line; one that was there before is named by
/// its old number too.
pub(crate) fn discussion(place: &Place, commits: &Commits, note: &Note) -> Request {
    let mut position = json!({
        "position_type": "text",
        "base_sha": commits.base,
        "start_sha": commits.start,
        "head_sha": commits.head,
        "old_path": note.old_path,
        "new_path": note.path,
        "new_line": note.lines.1,
    });
    if let Some(before) = note.before {
        position["old_line"] = json!(before);
    }
    let body = json!({"body": note.body, "position": position});
    Request::send("POST", format!("{}/discussions", merge_request(place)), body)
}
