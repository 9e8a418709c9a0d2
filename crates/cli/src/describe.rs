//! What was found and read, for people who wonder.

use crate::config::Config;
use crate::load::{Loaded, LoadedHistory, LoadedScript};
use lockkeeper_core::Report;
use lockkeeper_model::{Alone, Envelope, Runner};
use lockkeeper_sources::Direction;
use std::collections::BTreeMap;
use std::time::Duration;

/// The histories with their files in order, how each is sent, and what was passed over.
pub(crate) fn sources(loaded: &Loaded, config: &Config) -> String {
    let mut out = match &config.file {
        Some(file) => format!("configuration: {file}\n"),
        None => "configuration: none\n".to_owned(),
    };
    for history in &loaded.histories {
        let known = if history.partial { "the schema before it is unknown" } else { "starts from an empty database" };
        let why = if history.why.is_empty() { String::new() } else { format!(" ({})", history.why) };
        out.push_str(&format!("{}: {}{why}; {known}\n", history.name, history.framework.name()));
        for it in &history.scripts {
            out.push_str(&format!("  {}: {}\n", it.script.path, script(it, history, config)));
        }
    }
    if !loaded.aside.is_empty() {
        out.push_str("not read:\n");
    }
    for (path, reason) in &loaded.aside {
        out.push_str(&format!("  {path}: {}\n", reason.words()));
    }
    out
}

fn script(it: &LoadedScript, history: &LoadedHistory, config: &Config) -> String {
    if let Some(unread) = &it.unread {
        return unread.clone();
    }
    if it.script.beside {
        return format!("beside the migrations, {}", if it.reports { "linted" } else { "context" });
    }
    let mut words = Vec::new();
    if it.script.framework != history.framework {
        words.push(it.script.framework.name().to_owned());
    }
    if it.script.direction == Direction::Down {
        words.push("leads back".to_owned());
    }
    words.push(if it.reports { "linted" } else { "context" }.to_owned());
    words.push(sent(config.settings.runner.over(it.script.runner)));
    let parts = it.script.sections.len();
    if parts > 0 && config.settings.runner.transaction.is_none() {
        words.push(format!("in {} parts", parts + 1));
    }
    words.join(", ")
}

fn sent(runner: Runner) -> String {
    let whole = match (runner.transaction, runner.single_query) {
        (Envelope::Run, _) => "in one transaction with the files that run together",
        (Envelope::File, _) => "in a transaction of its own",
        (Envelope::None, true) => "as one query",
        (Envelope::None, false) => "statement by statement",
    };
    let alone = match runner.alone {
        Alone::Nothing => "",
        Alone::IndexBuilds => " but for CREATE INDEX CONCURRENTLY",
        Alone::Refusing => " but for what refuses a transaction",
    };
    format!("{whole}{alone}")
}

/// How much was read, and the time since the start at which that and everything was done.
pub(crate) fn stats(histories: &[LoadedHistory], loaded: Duration, done: Duration) -> String {
    let scripts = || histories.iter().flat_map(|it| &it.scripts);
    let bytes: usize = scripts().map(|it| it.script.sql.len()).sum();
    let statements: usize = scripts().map(|it| it.script.parsed.statements.len()).sum();
    let milliseconds = |it: Duration| it.as_secs_f64() * 1_000.0;
    format!(
        "{} scripts in {} {}, {bytes} bytes, {statements} statements; read and parsed after {:.1} ms, replayed after {:.1} ms\n",
        scripts().count(),
        histories.len(),
        if histories.len() == 1 { "history" } else { "histories" },
        milliseconds(loaded),
        milliseconds(done),
    )
}

/// How often each rule has something to say, most often first.
pub(crate) fn rule_counts(report: &Report) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &report.findings {
        *counts.entry(finding.rule.name).or_default() += 1;
    }
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|&(name, count)| (std::cmp::Reverse(count), name));
    counts.iter().map(|(name, count)| format!("{count:>6}  {name}\n")).collect()
}
