//! `check --facts`: what a live database says of the migrations. What has not run there reports, what has run is context; what has
//! run there and is here no more, or is another text, breaks the chain.

mod checksum;

use crate::CliError;
use crate::host::Host;
use crate::load::{LoadedHistory, LoadedScript};
use crate::path;
use checksum::Read;
use lockkeeper_core::{Size, TableSizes};
use lockkeeper_model::ledgers::{self, Checksum, Reading};
use lockkeeper_report::{Facts, FactsVersions};
use lockkeeper_sources::{Direction, called, natural};
use std::path::Path;

/// Reads a file of facts.
pub(crate) fn read(file: &Path, host: &dyn Host) -> Result<Facts, CliError> {
    let shown = || path::shown(file);
    let bytes = host.read(file).map_err(|source| CliError::Facts { path: shown(), message: source.to_string() })?;
    Facts::read(&String::from_utf8_lossy(&bytes)).map_err(|message| CliError::Facts { path: shown(), message })
}

/// How large the tables are. A partitioned table is as large as what lies below it.
pub(crate) fn sizes(facts: &Facts) -> TableSizes {
    let mut sizes = TableSizes::default();
    for it in &facts.tables {
        if let Some(rows) = it.rows {
            sizes.add(&it.schema, &it.name, Size { rows, bytes: it.bytes });
        }
        if let (Some(parent), Some(rows)) = (&it.partition_of, it.rows) {
            let (schema, name) = parent.split_once('.').unwrap_or(("public", parent));
            sizes.add(schema.trim_matches('"'), name.trim_matches('"'), Size { rows, bytes: it.bytes });
        }
    }
    sizes
}

/// Leaves only what has not run to report.
pub(crate) fn narrow(histories: &mut [LoadedHistory], facts: &Facts, host: &dyn Host) {
    for history in histories {
        let tool = history.framework.name();
        let reading = |noted: &FactsVersions| {
            let table = name_of_table(&noted.table);
            ledgers::of_tool(tool).find(|it| it.table == table)?.reading
        };
        let noted = facts.version_tables.iter().find_map(|it| Some((it, reading(it)?)));
        if let Some((noted, reading)) = noted {
            Notes { noted, reading }.mark(history, host);
        }
    }
}

/// The name of a table that stands with its schema.
fn name_of_table(table: &str) -> &str {
    table.rsplit('.').next().unwrap_or(table).trim_matches('"')
}

/// What a tool has noted of the migrations of a history.
struct Notes<'a> {
    noted: &'a FactsVersions,
    reading: Reading,
}

impl Notes<'_> {
    fn mark(&self, history: &mut LoadedHistory, host: &dyn Host) {
        let is_whole = history.scripts.iter().all(|it| it.reports);
        let paths = paths(history);
        let versions: Vec<Option<&str>> = history.scripts.iter().map(|it| self.version_of(it, &paths)).collect();
        let missing: Vec<&String> =
            self.noted.versions.iter().filter(|it| !versions.contains(&Some(it.as_str()))).collect();
        let mut applied: Vec<(String, String)> = Vec::new();
        // Where only the place is noted, all before it has run.
        let place = history.scripts.iter().zip(&versions).rposition(|it| is_up(it.0) && it.1.is_some());
        let mut sums = Sums { checksum: self.reading.checksum, files: &paths, host };
        for (at, it) in history.scripts.iter_mut().enumerate().filter(|it| is_up(it.1)) {
            let has_run = match self.noted.only_current {
                true => place.is_some_and(|place| at <= place),
                false => versions[at].is_some() || self.is_below_baseline(it),
            };
            let noted = versions[at].and_then(|it| self.noted.checksums.get(it)).filter(|_| has_run);
            let changed = noted.is_some_and(|noted| sums.differ(noted, &it.script.path));
            if !has_run || changed && it.repeats {
                it.pending = it.reports;
                continue;
            }
            it.reports = false;
            it.mistakes.clear();
            applied.push((it.script.path.clone(), it.script.version.clone()));
            if changed {
                let table = &self.noted.table;
                it.say(format!(
                    "this is not the text that has run, by its check sum in `{table}`; change it by a new migration"
                ));
            }
        }
        for it in history.scripts.iter_mut().filter(|it| !is_up(it)) {
            let has_run = |(path, version): &(String, String)| {
                *path == it.script.path || (!version.is_empty() && *version == it.script.version)
            };
            it.reports &= !applied.iter().any(has_run);
        }
        self.say_failed(history, &paths);
        if is_whole {
            let missing: Vec<String> = missing.into_iter().cloned().collect();
            self.say_missing(history, &missing);
        }
    }

    /// Puts what failed midway to its migration, or else to the first that has not run.
    fn say_failed(&self, history: &mut LoadedHistory, paths: &[String]) {
        let (Some(failed), tool) = (self.reading.failed, history.framework.name()) else { return };
        for version in &self.noted.failed {
            let own = FactsVersions { versions: vec![version.clone()], ..self.noted.clone() };
            let of_it = |it: &LoadedScript| {
                is_up(it) && Notes { noted: &own, reading: self.reading }.version_of(it, paths).is_some()
            };
            let place = history.scripts.iter().position(of_it);
            let place = place.or_else(|| history.scripts.iter().position(|it| it.reports && is_up(it)));
            let Some(script) = place.and_then(|at| history.scripts.get_mut(at)) else { continue };
            let (table, remedy) = (&self.noted.table, failed.remedy);
            script
                .say(format!("`{table}` says that `{version}` failed midway, and {tool} runs nothing until {remedy}"));
        }
    }

    /// The version of a script in the words of the tool, if that has noted it.
    fn version_of(&self, it: &LoadedScript, paths: &[String]) -> Option<&str> {
        let own = self.reading.counts.then(|| paths.iter().position(|path| *path == it.script.path)).flatten();
        let own = own.map(|place| (place + 1).to_string());
        let is_it = |version: &&String| match &own {
            Some(own) => *version == own,
            None => !self.reading.counts && is_named(it, version),
        };
        self.noted.versions.iter().find(is_it).map(String::as_str)
    }

    /// Whether the tool began with a database that counts as having run the script.
    fn is_below_baseline(&self, it: &LoadedScript) -> bool {
        let plain = |version: &str| version.replace('_', ".");
        let own = &it.script.version;
        let baseline = self.noted.baseline.as_ref().filter(|_| !own.is_empty());
        baseline.is_some_and(|baseline| natural(&plain(own), &plain(baseline)).is_le())
    }

    /// Puts what is missing to the first migration that has not run, or else to the last.
    fn say_missing(&self, history: &mut LoadedHistory, missing: &[String]) {
        let place = history.scripts.iter().position(|it| it.reports && is_up(it));
        let place = place.or_else(|| history.scripts.iter().rposition(is_up));
        let Some(script) = place.and_then(|at| history.scripts.get_mut(at)) else { return };
        // What a baseline stands for need not be here.
        for version in missing.iter().filter(|it| self.noted.baseline.as_ref() != Some(*it)) {
            let table = &self.noted.table;
            script.say(format!("`{table}` says that `{version}` has run, but no file here is that migration"));
        }
    }
}

/// The files as they are now, beside the check sums that a tool keeps of them.
struct Sums<'a> {
    checksum: Option<Checksum>,
    files: &'a [String],
    host: &'a dyn Host,
}

impl Sums<'_> {
    /// Whether a file is no more what was noted of it. What cannot be read is said elsewhere.
    fn differ(&mut self, noted: &str, path: &str) -> bool {
        let Some(checksum) = self.checksum else { return false };
        let Some(at) = self.files.iter().position(|it| it == path) else { return false };
        let first = if checksum == Checksum::FolderSha256 { 0 } else { at };
        let Some(files) = self.files[first..=at].iter().map(|it| bytes_of(it, self.host)).collect::<Option<Vec<_>>>()
        else {
            return false;
        };
        let files: Vec<Read<'_>> = files.iter().map(|(name, bytes)| Read { name, bytes }).collect();
        let differ = !checksum::agrees(checksum, noted, &files);
        if differ && checksum == Checksum::FolderSha256 {
            // The sums of all files behind it differ for this reason alone.
            self.checksum = None;
        }
        differ
    }
}

/// The name of a file and what stands in it.
fn bytes_of<'f>(file: &'f str, host: &dyn Host) -> Option<(&'f str, Vec<u8>)> {
    Some((called(file), host.read(Path::new(file)).ok()?))
}

fn is_up(it: &LoadedScript) -> bool {
    it.script.direction == Direction::Up
}

/// The files that lead forwards, in their order.
fn paths(history: &LoadedHistory) -> Vec<String> {
    let mut paths: Vec<String> =
        history.scripts.iter().filter(|it| is_up(it)).map(|it| it.script.path.clone()).collect();
    paths.dedup();
    paths
}

/// Whether a version as the tool notes it is that of the script: its number, its name, or the number in its name.
fn is_named(it: &LoadedScript, version: &str) -> bool {
    let plain = |text: &str| -> String {
        let text: String = text.chars().filter(|it| !matches!(it, '-' | '_' | '.')).collect();
        text.trim_start_matches('0').to_ascii_lowercase()
    };
    let own = &it.script.version;
    if !own.is_empty() && (own == version || plain(own) == plain(version)) {
        return true;
    }
    let name = called(&it.script.path);
    let stem = name.split('.').next().unwrap_or(name);
    // Flyway notes a script with its folder below the location.
    name == called(version) || stem == version || (own.is_empty() && plain(stem) == plain(version))
}
