//! What a statement with findings does as a whole, in one line beneath them.

use crate::placeholders::Placeholders;
use crate::step::Step;
use crate::{About, Finding};
use lockkeeper_model::record::{StatementRecord, Statements};
use lockkeeper_model::{LockMode, ObjectName, StatementId};
use lockkeeper_syntax::Arrange;
use rustc_hash::FxHashSet;

/// What one statement does to relations that others can meet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatementEffect {
    /// The script's place in the list given to [`lint`](crate::lint()).
    pub script: usize,
    /// The statement.
    pub statement: StatementId,
    /// "SHARE on `events` until commit, writes wait; builds `events_at`".
    pub text: String,
}

/// The names that a line has room for; the others are counted.
const NAMES: usize = 3;

/// What those statements of the scripts that report do of which findings speak, told while they are replayed.
#[derive(Default)]
pub(crate) struct Deeds {
    /// The statement that the replay is at, with what happens inside it.
    current: Statements,
    /// Whether it commits by itself.
    alone: bool,
    /// Whether a finding speaks of it.
    spoken_of: bool,
    told: Vec<(StatementId, String)>,
}

impl Deeds {
    /// Takes in the next step.
    pub(crate) fn see(&mut self, step: &Step<'_>) {
        if step.inside.is_none() {
            self.tell();
        }
        self.current.see(step.timeline());
        self.alone |= step.commits_alone();
    }

    /// Something was found in the statement that the replay is at.
    pub(crate) fn spoken_of(&mut self) {
        self.spoken_of = true;
    }

    fn tell(&mut self) {
        let alone = std::mem::take(&mut self.alone);
        let spoken_of = std::mem::take(&mut self.spoken_of);
        for record in self.current.0.drain(..).filter(|_| spoken_of) {
            self.told.extend(describe(&record, alone).map(|text| (record.id, text)));
        }
    }

    /// Those of the statements that findings speak of, but for findings that are not about what a statement does.
    pub(crate) fn of(mut self, findings: &[Finding], placeholders: &Placeholders) -> Vec<StatementEffect> {
        self.tell();
        let mut met = FxHashSet::default();
        let spoken_of = findings.iter().filter(|it| is_of_statement(&it.about) && met.insert(it.statement));
        let effect = |it: &Finding| {
            let at = self.told.binary_search_by_key(&it.statement, |(id, _)| *id).ok()?;
            let mut text = self.told[at].1.clone();
            placeholders.put_back(&mut text);
            Some(StatementEffect { script: it.script, statement: it.statement, text })
        };
        spoken_of.filter_map(effect).collect()
    }
}

/// Whether the effect is one of the statement when it runs.
fn is_of_statement(about: &About) -> bool {
    match about {
        About::Noted(..) | About::AtEnd(..) | About::LeftBehind(_) | About::Failure | About::Nothing => false,
        About::IndexBuild(_)
        | About::Scan(_)
        | About::Rewrite(_)
        | About::Lock(_)
        | About::Rows(_)
        | About::Name
        | About::Setting(_)
        | About::Meaning(_)
        | About::Drop(_)
        | About::Cascade => true,
    }
}

/// The line; none if nobody can meet what the statement does.
fn describe(record: &StatementRecord, alone: bool) -> Option<String> {
    let strong = |it: LockMode| it >= LockMode::ShareUpdateExclusive;
    let mut modes: Vec<LockMode> =
        record.locks.iter().filter(|it| !it.new && strong(it.mode)).map(|it| it.mode).collect();
    modes.arrange_by(Ord::cmp);
    modes.dedup();
    let until = if alone { "" } else { " until commit" };
    let mut parts: Vec<String> = Vec::new();
    for mode in modes.into_iter().rev() {
        let on = record.locks.iter().filter(|it| it.mode == mode && !it.new).map(|it| &it.relation);
        parts.push(format!("{mode} on {}{until}, {} wait", some(on), mode.blocks()));
    }
    let is_new = |name: &ObjectName| record.locks.iter().any(|it| it.new && it.relation == *name);
    for (verb, names) in [("rewrites", &record.rewrites), ("reads every row of", &record.scans)] {
        let old: Vec<&ObjectName> = names.iter().filter(|it| !is_new(it)).collect();
        if !old.is_empty() {
            parts.push(format!("{verb} {}", some(old)));
        }
    }
    // An index says nothing of its table: where all locks are on new ones, so is what is built.
    if !parts.is_empty() && !record.index_builds.is_empty() {
        parts.push(format!("builds {}", some(&record.index_builds)));
    }
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// The first of the names, and how many more there are.
fn some<'a>(names: impl IntoIterator<Item = &'a ObjectName>) -> String {
    let names: Vec<String> = names.into_iter().map(|it| format!("`{}`", it.short())).collect();
    let shown = if names.len() > NAMES + 1 { &names[..NAMES] } else { &names };
    let more = names.len() - shown.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}
