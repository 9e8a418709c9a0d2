//! Files without a version that make what other files of their folder make too: a dump of the end, a script that does
//! all at once, the pieces of another schema. Nothing says that they run behind the others, so each stands alone.

use crate::load::{LoadedHistory, LoadedScript};
use lockkeeper_sources::Framework;
use lockkeeper_syntax::Body;
use lockkeeper_syntax::ast::Persistence;
use std::collections::{BTreeMap, BTreeSet};

/// Takes such files out of a history that no tool runs.
pub(crate) fn apart(mut history: LoadedHistory) -> Vec<LoadedHistory> {
    if history.framework != Framework::Plain || history.scripts.iter().all(|it| !it.script.version.is_empty()) {
        return vec![history];
    }
    let mut makers: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for it in &history.scripts {
        for table in tables(it) {
            makers.entry(table).or_default().insert(&it.script.path);
        }
    }
    let repeats = |it: &LoadedScript| tables(it).iter().any(|table| makers.get(table).is_some_and(|it| it.len() > 1));
    let alone: Vec<bool> = history.scripts.iter().map(|it| it.script.version.is_empty() && repeats(it)).collect();
    let mut alone = alone.into_iter();
    let (out, left): (Vec<_>, Vec<_>) =
        std::mem::take(&mut history.scripts).into_iter().partition(|_| alone.next().unwrap_or_default());
    let mut all: Vec<LoadedHistory> = Vec::new();
    for it in out.into_iter().filter(|it| it.reports) {
        match all.last_mut().filter(|other| other.name == it.script.path) {
            Some(other) => other.scripts.push(it),
            None => all.push(LoadedHistory {
                name: it.script.path.clone(),
                framework: history.framework,
                why: history.why.clone(),
                scripts: vec![it],
                partial: true,
            }),
        }
    }
    history.scripts = left;
    if history.scripts.iter().any(|it| it.reports) {
        all.insert(0, history);
    }
    all
}

/// The tables that a script makes, whether they are there or not.
fn tables(it: &LoadedScript) -> Vec<String> {
    let made = it.script.parsed.statements.iter().filter_map(|it| match &it.body {
        Body::CreateTable(it) if !it.if_not_exists && it.persistence != Persistence::Temporary => {
            Some(it.name.to_string())
        }
        _ => None,
    });
    made.collect()
}
