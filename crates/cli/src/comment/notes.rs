//! Comments on changed lines, with the fix as a suggestion that a click applies.

use super::diff::ChangedFile;
use super::forge::Comment;
use super::suggestion::{Suggestion, suggestion};
use crate::args::ForgeName;
use lockkeeper_report::comment::{Fix, Item};
use lockkeeper_report::fingerprint;
use lockkeeper_report::markup::{fenced, prose};
use std::collections::HashMap;

/// A comment on lines of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    /// The file in the repository, after and before the change.
    pub(crate) path: String,
    pub(crate) old_path: String,
    /// The first and the last line, after the change.
    pub(crate) lines: (u32, u32),
    /// The number of the last line before the change, if it was there.
    pub(crate) before: Option<u32>,
    pub(crate) body: String,
}

/// The most comments on lines of one run: more are noise, and forges slow down those who write many.
pub(crate) const MOST: usize = 30;

/// GitLab takes no suggestion of more lines than this.
const GITLAB_LINES: u32 = 100;

/// Finds the places of what can be said at changed lines.
pub(crate) struct Notes<'a> {
    /// The name of the run, as several may comment on one change.
    pub(crate) run: &'a str,
    pub(crate) forge: ForgeName,
    /// The changed file that a path of the report means.
    pub(crate) changed: &'a dyn Fn(&str) -> Option<&'a ChangedFile>,
    /// The text of a file, by its path in the report.
    pub(crate) text: &'a dyn Fn(&str) -> Option<String>,
    /// The comments that are there.
    pub(crate) there: &'a [Comment],
}

impl Notes<'_> {
    /// The comments to write, and for each item whether one says it, now or before. The worst come first.
    pub(crate) fn new_ones(&self, items: &[Item<'_>]) -> (Vec<Note>, Vec<bool>) {
        let mut said = vec![false; items.len()];
        let mut met: HashMap<u64, u32> = HashMap::new();
        let marks: Vec<String> = items.iter().map(|it| self.mark(it, &mut met)).collect();
        let mut order: Vec<usize> = (0..items.len()).collect();
        order.sort_by_key(|at| match items[*at].severity {
            "error" => 0,
            "warning" => 1,
            _ => 2,
        });
        let mut notes = Vec::new();
        for at in order {
            said[at] = self.there.iter().any(|it| it.body.starts_with(&marks[at]));
            if said[at] || notes.len() == MOST {
                continue;
            }
            if let Some(note) = self.note(&items[at], &marks[at]) {
                notes.push(note);
                said[at] = true;
            }
        }
        (notes, said)
    }

    /// What a comment is known by when the same is found again, even if it has moved.
    fn mark(&self, item: &Item<'_>, met: &mut HashMap<u64, u32>) -> String {
        let print = fingerprint::words(&[item.name, item.path, item.message]);
        let count = met.entry(print).or_default();
        *count += 1;
        format!("<!-- lockkeeper:note:{}:{print:016x}:{count} -->\n", self.run)
    }

    fn note(&self, item: &Item<'_>, mark: &str) -> Option<Note> {
        let file = (self.changed)(item.path)?;
        let changed = (item.start.line..=item.end.line).find(|it| file.is_new(*it))?;
        let fix = item.finding.and_then(|it| it.fix.as_ref());
        let suggestion = fix.and_then(|it| Some((it, self.suggestion(it, item, file)?)));
        let lines = suggestion.as_ref().map_or((changed, changed), |it| it.1.lines);
        let mut body = format!("{mark}{}\n{}", item.headline(""), item.details());
        if let Some((fix, it)) = suggestion {
            body.push_str(&self.proposal(fix, &it));
        }
        let before = file.before(lines.1);
        Some(Note { path: file.path.clone(), old_path: file.old_path.clone(), lines, before, body })
    }

    /// The fix, if all its lines are in sight.
    fn suggestion(&self, fix: &Fix, item: &Item<'_>, file: &ChangedFile) -> Option<Suggestion> {
        let it = suggestion(fix, &(self.text)(item.path)?)?;
        let (first, last) = it.lines;
        let fits = self.forge == ForgeName::Github || last - first < GITLAB_LINES;
        (fits && file.shows(first, last)).then_some(it)
    }

    fn proposal(&self, fix: &Fix, it: &Suggestion) -> String {
        let info = match self.forge {
            ForgeName::Github => "suggestion".to_owned(),
            ForgeName::Gitlab => format!("suggestion:-{}+0", it.lines.1 - it.lines.0),
        };
        let promise = match fix.safety.as_str() {
            "safe" => "the schema ends the same",
            _ => "read it before you take it: the result is not the same",
        };
        format!("\n{} – {promise}.\n\n{}", prose(&fix.title), fenced(&info, &it.text))
    }
}
