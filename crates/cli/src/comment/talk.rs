//! The conversation with a forge: one request after the other, until all is said or the forge refuses.

use super::diff::ChangedFile;
use super::forge::{Comment, Commits, List, PAGE, Request};
use super::place::Place;
use crate::host::{Host, HttpRequest};
use serde_json::Value;

/// Why the conversation ended early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TalkError {
    /// The token is not enough.
    #[error("{url} answered {status}{}: {advice}", said(.message))]
    Refused { url: String, status: u16, message: String, advice: &'static str },
    /// The forge did not do what was asked.
    #[error("{method} {url} answered {status}{}", said(.message))]
    Failed { method: &'static str, url: String, status: u16, message: String },
    /// There was no answer.
    #[error("{url} cannot be reached: {message}")]
    Unreachable { url: String, message: String },
    /// There was an answer of another shape.
    #[error("{url} did not answer as this forge's API does")]
    Misunderstood { url: String },
}

fn said(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(" ({message})") }
}

/// Pages of a list that are read at most: a change of 3,000 files is as far as GitHub shows one.
const PAGES: usize = 30;

/// A line to a forge. The token goes into a header and nowhere else.
pub(crate) struct Talk<'a> {
    pub(crate) place: &'a Place,
    pub(crate) token: &'a str,
    pub(crate) host: &'a dyn Host,
}

impl Talk<'_> {
    /// The commits of the change.
    pub(crate) fn commits(&self) -> Result<Commits, TalkError> {
        let request = self.place.change();
        let answer = self.ask(&request)?;
        self.place.commits(&answer).ok_or(TalkError::Misunderstood { url: request.url })
    }

    /// The files of the change.
    pub(crate) fn files(&self) -> Result<Vec<ChangedFile>, TalkError> {
        let items = self.list(List::Files)?;
        Ok(items.iter().filter_map(|it| self.place.file(it)).collect())
    }

    /// Comments that are there already.
    pub(crate) fn comments(&self, list: List) -> Result<Vec<Comment>, TalkError> {
        let comment = |it: &Value| Some(Comment { id: it["id"].as_u64()?, body: it["body"].as_str()?.to_owned() });
        Ok(self.list(list)?.iter().filter_map(comment).collect())
    }

    fn list(&self, list: List) -> Result<Vec<Value>, TalkError> {
        let mut all = Vec::new();
        for page in 1..=PAGES {
            let request = self.place.list(list, page);
            let Value::Array(items) = self.ask(&request)? else {
                return Err(TalkError::Misunderstood { url: request.url });
            };
            let last = items.len() < PAGE;
            all.extend(items);
            if last {
                break;
            }
        }
        Ok(all)
    }

    /// Writes the one comment on the whole change: over its last state, or as a new one. A comment that only looks like
    /// ours cannot be written over; then a new one is made.
    pub(crate) fn say(&self, body: &str, mark: &str, there: &[Comment]) -> Result<(), TalkError> {
        let last = there.iter().find(|it| it.body.replace("\r\n", "\n").starts_with(mark));
        match last {
            Some(it) if it.body.trim_end() == body.trim_end() => Ok(()),
            Some(it) => match self.ask(&self.place.update(it.id, body)) {
                Err(TalkError::Refused { .. }) => self.ask(&self.place.create(body)).map(drop),
                done => done.map(drop),
            },
            None => self.ask(&self.place.create(body)).map(drop),
        }
    }

    /// Sends a request and reads its answer.
    pub(crate) fn ask(&self, request: &Request) -> Result<Value, TalkError> {
        let url = || request.url.clone();
        let mut headers = vec![
            self.place.credential(self.token),
            ("User-Agent", concat!("lockkeeper/", env!("CARGO_PKG_VERSION")).to_owned()),
        ];
        headers.extend(self.place.accepted());
        if request.body.is_some() {
            headers.push(("Content-Type", "application/json".to_owned()));
        }
        let body = request.body.as_ref().map(Value::to_string);
        let sent = HttpRequest { method: request.method, url: &request.url, headers: &headers, body: body.as_deref() };
        // Whatever comes back, the token is not shown.
        let hidden = |text: &str| text.replace(self.token, "***");
        let unreachable = |message: String| TalkError::Unreachable { url: url(), message: hidden(&message) };
        let answer = self.host.http(&sent).map_err(|error| unreachable(error.to_string()))?;
        let value: Option<Value> = serde_json::from_slice(&answer.body).ok();
        if (200..300).contains(&answer.status) {
            return value.ok_or_else(|| TalkError::Misunderstood { url: url() });
        }
        let message = value.as_ref().and_then(|it| it["message"].as_str().or(it["error"].as_str())).unwrap_or_default();
        let message = hidden(message.lines().next().unwrap_or_default());
        let status = answer.status;
        Err(match self.place.refusal(status, &message) {
            Some(advice) => TalkError::Refused { url: url(), status, message, advice },
            None => TalkError::Failed { method: request.method, url: url(), status, message },
        })
    }
}
