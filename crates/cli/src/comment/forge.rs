//! What is asked of a forge, whichever it is, and what it answers: plain data. `github` and `gitlab` make the requests
//! and read the answers; `talk` sends them.

use super::diff::ChangedFile;
use super::notes::Note;
use super::place::Place;
use super::{github, gitlab};
use crate::args::ForgeName;
use serde_json::Value;

/// A request to a forge's API.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) url: String,
    pub(crate) body: Option<Value>,
}

impl Request {
    pub(crate) fn get(url: String) -> Self {
        Request { method: "GET", url, body: None }
    }

    pub(crate) fn send(method: &'static str, url: String, body: Value) -> Self {
        Request { method, url, body: Some(body) }
    }
}

/// The commits of a change, as comments on lines need them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Commits {
    pub(crate) base: String,
    pub(crate) start: String,
    pub(crate) head: String,
}

/// A comment that is there already.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Comment {
    pub(crate) id: u64,
    pub(crate) body: String,
}

/// How many things a page of a list holds; what both forges allow at most.
pub(crate) const PAGE: usize = 100;

/// The parts of the conversation that come as lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum List {
    /// The files of the change.
    Files,
    /// The comments on the whole change.
    Comments,
    /// The comments on lines.
    Notes,
}

impl Place {
    /// Asks for the change itself.
    pub(crate) fn change(&self) -> Request {
        match self.forge {
            ForgeName::Github => Request::get(github::pull(self)),
            ForgeName::Gitlab => Request::get(gitlab::merge_request(self)),
        }
    }

    /// Reads the answer to [`Place::change`].
    pub(crate) fn commits(&self, answer: &Value) -> Option<Commits> {
        match self.forge {
            ForgeName::Github => github::commits(answer),
            ForgeName::Gitlab => gitlab::commits(answer),
        }
    }

    /// Asks for a page of a list, counted from 1.
    pub(crate) fn list(&self, list: List, page: usize) -> Request {
        let url = match self.forge {
            ForgeName::Github => github::list(self, list),
            ForgeName::Gitlab => gitlab::list(self, list),
        };
        Request::get(format!("{url}?per_page={PAGE}&page={page}"))
    }

    /// Reads one thing of [`List::Files`].
    pub(crate) fn file(&self, item: &Value) -> Option<ChangedFile> {
        match self.forge {
            ForgeName::Github => github::file(item),
            ForgeName::Gitlab => gitlab::file(item),
        }
    }

    /// Writes a new comment on the whole change.
    pub(crate) fn create(&self, body: &str) -> Request {
        let url = match self.forge {
            ForgeName::Github => github::list(self, List::Comments),
            ForgeName::Gitlab => gitlab::list(self, List::Comments),
        };
        Request::send("POST", url, serde_json::json!({ "body": body }))
    }

    /// Writes a comment on the whole change anew.
    pub(crate) fn update(&self, id: u64, body: &str) -> Request {
        let (method, url) = match self.forge {
            ForgeName::Github => ("PATCH", github::comment(self, id)),
            ForgeName::Gitlab => ("PUT", format!("{}/{id}", gitlab::list(self, List::Comments))),
        };
        Request::send(method, url, serde_json::json!({ "body": body }))
    }

    /// Writes comments on lines: one review, or one discussion each.
    pub(crate) fn comment_lines(&self, commits: &Commits, notes: &[Note]) -> Vec<Request> {
        match (self.forge, notes) {
            (_, []) => Vec::new(),
            (ForgeName::Github, _) => vec![github::review(self, commits, notes)],
            (ForgeName::Gitlab, _) => notes.iter().map(|it| gitlab::discussion(self, commits, it)).collect(),
        }
    }

    /// The header that carries the token, and its value.
    pub(crate) fn credential(&self, token: &str) -> (&'static str, String) {
        match self.forge {
            ForgeName::Github => ("Authorization", format!("Bearer {token}")),
            ForgeName::Gitlab => ("PRIVATE-TOKEN", token.to_owned()),
        }
    }

    /// What is accepted as an answer, as the forge's documentation asks for it.
    pub(crate) fn accepted(&self) -> Vec<(&'static str, String)> {
        match self.forge {
            ForgeName::Github => vec![
                ("Accept", "application/vnd.github+json".to_owned()),
                ("X-GitHub-Api-Version", "2022-11-28".to_owned()),
            ],
            ForgeName::Gitlab => vec![("Accept", "application/json".to_owned())],
        }
    }

    /// What an answer of this status says about the token, in words that help; nothing if it is not about the token.
    pub(crate) fn refusal(&self, status: u16, message: &str) -> Option<&'static str> {
        let refused = matches!(status, 401 | 403 | 404) && !message.contains("rate limit");
        refused.then_some(match self.forge {
            ForgeName::Github => {
                "the token may not write here: the job needs `permissions: pull-requests: write`; \
                 pull requests from forks get a token that only reads"
            }
            ForgeName::Gitlab => {
                "the token may not write here: GITLAB_TOKEN needs the scope `api` and the role Reporter or above"
            }
        })
    }

    /// The page of a line of a file.
    pub(crate) fn line_page(&self, commits: &Commits, path: &str, line: u32) -> Option<String> {
        let Place { web, project, .. } = self;
        let (path, head) = (escaped(path, true), &commits.head);
        match self.forge {
            _ if web.is_empty() || head.is_empty() => None,
            ForgeName::Github => Some(format!("{web}/{project}/blob/{head}/{path}#L{line}")),
            ForgeName::Gitlab => Some(format!("{web}/-/blob/{head}/{path}#L{line}")),
        }
    }
}

/// Text as a part of an address (RFC 3986, 2.3); `slashes` stay where they separate parts.
pub(crate) fn escaped(text: &str, slashes: bool) -> String {
    let plain = |it: u8| it.is_ascii_alphanumeric() || b"-._~".contains(&it) || slashes && it == b'/';
    text.bytes().map(|it| if plain(it) { char::from(it).to_string() } else { format!("%{it:02X}") }).collect()
}
