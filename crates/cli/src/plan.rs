//! From files to histories: which share a catalog, in which order they run, which are no migrations.

use crate::CliError;
use crate::args::InputArgs;
use crate::config::Config;
use crate::gather::{Found, Gathered};
use crate::host::{Depth, Host};
use crate::path;
use crate::since::{Reference, State};
use lockkeeper_core::Dialect;
use lockkeeper_sources::{Direction, Entry, File, Framework, Note, NoteKind, Reason, Root, Text, called, survey};
use std::path::{Path, PathBuf};

/// What there is to look at.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// In order of their folders.
    pub(crate) histories: Vec<History>,
    /// Files that are no migrations to be read: the path, and what it is.
    pub(crate) aside: Vec<(String, Reason)>,
}

/// Files that share a catalog.
#[derive(Debug)]
pub(crate) struct History {
    /// What it is called: its folder, or its only file.
    pub(crate) name: String,
    /// Who runs it, and what tells that.
    pub(crate) framework: Framework,
    pub(crate) why: String,
    /// The files that lead forwards, in the order in which they run, then those that lead back, the newest first.
    pub(crate) files: Vec<PlannedFile>,
    /// Whether the database may hold more than the files show.
    pub(crate) partial: bool,
    /// A file that the reference has and that is not there any more, and what is wrong with that.
    pub(crate) removed: Option<(PathBuf, String)>,
    /// Whether the user named its files, or joined them in the configuration.
    pub(crate) chosen: bool,
    /// From the root of the file system; empty where several were joined.
    folder: String,
}

/// One file of a history.
#[derive(Clone, Debug)]
pub(crate) struct PlannedFile {
    /// Its place in the list of files, and how it is read.
    pub(crate) entry: Entry,
    /// Whether findings in it are wanted; if not, it is only context.
    pub(crate) reports: bool,
    /// A later file that the reference has, if this one is not there.
    pub(crate) overtaken_by: Option<String>,
}

/// Finds the files that the arguments and the configuration mean.
pub(crate) fn gather(input: &InputArgs, config: &Config, host: &dyn Host) -> (Vec<Found>, Vec<PathBuf>) {
    let joined = joined(config, host);
    let mut gathered = Gathered::default();
    if input.paths.is_empty() && joined.is_empty() {
        gathered.folder(Path::new("."), true, Depth::All, host);
    }
    for part in &joined {
        // What is joined is context of what is named.
        gathered.part(part, input.paths.is_empty(), host);
    }
    for target in &input.paths {
        gathered.target(target, input, host);
    }
    if !input.no_history {
        gathered.context(input, host);
    }
    gathered.surroundings(host);
    gathered.modules(host);
    (gathered.files.into_values().collect(), joined)
}

/// The `[history] paths`, in order, which make one history.
fn joined(config: &Config, host: &dyn Host) -> Vec<PathBuf> {
    let Some(folder) = &config.folder else { return Vec::new() };
    let current = host.current_dir().unwrap_or_default();
    let near = |named: &String| {
        let absolute = path::absolute(Path::new(named), folder);
        absolute.strip_prefix(&current).map(Path::to_owned).unwrap_or(absolute)
    };
    config.settings.history.paths.iter().map(near).collect()
}

/// Makes histories of the files; `texts` holds what could be read of each.
pub(crate) fn arrange(
    found: &[Found],
    texts: &[Option<Text>],
    joined: &[PathBuf],
    compared: Option<(&Reference<'_>, &[State])>,
    (input, config): (&InputArgs, &Config),
    host: &dyn Host,
) -> Result<Plan, CliError> {
    let text = |at: usize| texts[at].as_ref().map_or("", |it| it.text());
    let files: Vec<File<'_>> = found
        .iter()
        .enumerate()
        .map(|(at, it)| File { path: &it.absolute, within: &it.within, text: text(at), named: it.named })
        .collect();
    let mut survey = survey(&files);
    if config.settings.dialects.contains(&Dialect::Sqlite) {
        survey.runs_on_sqlite();
    }
    let mut histories: Vec<History> = survey.roots.into_iter().map(|it| history(it, found)).collect();
    join(&mut histories, joined, found, host);
    if input.no_history {
        histories = histories.into_iter().flat_map(|it| apart(it, found)).collect();
    }
    for history in &mut histories {
        if let Some((reference, states)) = compared {
            overtake(history, states, found);
            // Who names files one by one does not ask about others.
            if !history.chosen {
                history.removed = reference.removed(&history.folder, history.framework);
            }
        }
        say_of_new(history, found);
        trim(history);
    }
    histories.retain(|it| it.removed.is_some() || it.files.iter().any(|it| it.reports));
    let shown = survey.aside.into_iter().map(|it| (found[it.file].shown.clone(), it.reason));
    let plan = Plan { histories, aside: shown.collect() };
    // That nothing changed is no mistake.
    if plan.histories.is_empty() && compared.is_none() {
        return Err(CliError::NothingToRead(nothing(&plan.aside, input)));
    }
    Ok(plan)
}

fn history(root: Root, found: &[Found]) -> History {
    // Files that neither a tool nor a version puts in order need not be the whole of a schema.
    let loose = root.framework == Framework::Plain && root.up.iter().all(|it| it.version.is_empty());
    // A project of Supabase begins with the schemas of the platform: `auth`, `storage` and others.
    let provided = root.framework == Framework::Supabase;
    let partial = root.up.iter().filter(|it| !it.beside).count() < 2 || loose || provided;
    let name = shown_folder(&root, found);
    let planned = |entry: Entry| PlannedFile { reports: found[entry.file].reports, entry, overtaken_by: None };
    let files: Vec<PlannedFile> = root.up.into_iter().chain(root.down).map(planned).collect();
    let chosen = files.iter().any(|it| found[it.entry.file].named);
    let (framework, why, folder) = (root.framework, root.why, root.folder);
    History { name, framework, why, files, partial, removed: None, chosen, folder }
}

/// The folder of a root as its files are shown.
fn shown_folder(root: &Root, found: &[Found]) -> String {
    let Some(entry) = root.up.iter().chain(&root.down).find(|it| !it.beside) else { return root.folder.clone() };
    let file = &found[entry.file];
    let below = file.absolute.strip_prefix(&root.folder).unwrap_or_default().trim_start_matches('/');
    let folder = match file.shown.strip_suffix(below) {
        Some(folder) => folder.trim_end_matches('/').to_owned(),
        None => path::shown(path::folder(Path::new(&file.shown))),
    };
    if folder.is_empty() || folder == file.shown { ".".to_owned() } else { folder }
}

/// Makes one history of those that lie below the joined paths, in the order of these.
fn join(histories: &mut Vec<History>, joined: &[PathBuf], found: &[Found], host: &dyn Host) {
    let current = host.current_dir().unwrap_or_default();
    let mut files = Vec::new();
    for wanted in joined {
        let wanted = path::shown(&path::absolute(wanted, &current));
        let inside = |it: &PlannedFile| {
            let rest = found[it.entry.file].absolute.strip_prefix(&wanted);
            rest.is_some_and(|it| it.is_empty() || it.starts_with('/'))
        };
        for history in histories.iter_mut() {
            let (mut taken, left) = std::mem::take(&mut history.files).into_iter().partition::<Vec<_>, _>(inside);
            files.append(&mut taken);
            history.files = left;
        }
    }
    histories.retain(|it| !it.files.is_empty());
    if !files.is_empty() {
        let (mut up, down): (Vec<_>, Vec<_>) =
            files.into_iter().partition(|it| it.entry.reading.direction == Direction::Up);
        let framework = up.first().map_or(Framework::Plain, |it| it.entry.reading.framework);
        up.extend(down);
        let (name, why) = ("[history] paths".to_owned(), "joined by the configuration".to_owned());
        let (removed, folder) = (None, String::new());
        let (partial, chosen) = (false, true);
        histories.insert(0, History { name, framework, why, files: up, partial, removed, chosen, folder });
    }
}

/// Each file that reports by itself.
fn apart(history: History, found: &[Found]) -> Vec<History> {
    let History { framework, why, files, folder, .. } = history;
    let one = |it: PlannedFile| History {
        name: found[it.entry.file].shown.clone(),
        framework,
        why: why.clone(),
        files: vec![it],
        partial: true,
        removed: None,
        chosen: true,
        folder: folder.clone(),
    };
    files.into_iter().filter(|it| it.reports).map(one).collect()
}

/// Notes for each new file the first one after it that is no longer new.
fn overtake(history: &mut History, states: &[State], found: &[Found]) {
    let mut later = None;
    for file in history.files.iter_mut().rev().filter(|it| it.entry.reading.direction == Direction::Up) {
        if file.entry.version.is_empty() || file.entry.repeats {
            continue;
        }
        match states[file.entry.file] {
            State::New => file.overtaken_by.clone_from(&later),
            State::Merged | State::Edited(_) => later = Some(found[file.entry.file].shown.clone()),
        }
    }
}

/// That two files have one version is noted with the later one. It is said with the earlier, if only that reports.
fn say_of_new(history: &mut History, found: &[Found]) {
    for at in 1..history.files.len() {
        let (before, after) = history.files.split_at_mut(at);
        let (Some(before), Some(it)) = (before.last_mut(), after.first_mut()) else { continue };
        if it.reports || !before.reports {
            continue;
        }
        let other = called(&found[it.entry.file].absolute).to_owned();
        let same = it.entry.notes.iter().filter(|it| matches!(it.kind, NoteKind::SameVersion(_)));
        let noted = same.map(|it| Note { kind: NoteKind::SameVersion(other.clone()), span: it.span });
        before.entry.notes.extend(noted);
    }
}

/// What runs after the last file that reports is no concern of it. To go back by one file, those after it go first.
fn trim(history: &mut History) {
    let (mut up, mut down): (Vec<_>, Vec<_>) = std::mem::take(&mut history.files)
        .into_iter()
        .partition(|it: &PlannedFile| it.entry.reading.direction == Direction::Up);
    let end = |files: &[PlannedFile]| files.iter().rposition(|it| it.reports).map_or(0, |it| it + 1);
    down.truncate(end(&down));
    if down.is_empty() {
        up.truncate(end(&up));
    }
    up.append(&mut down);
    history.files = up;
}

/// Why there is nothing to read.
fn nothing(aside: &[(String, Reason)], input: &InputArgs) -> String {
    let shown = |it: &PathBuf| Some(path::shown(it)).filter(|it| !it.is_empty()).unwrap_or_else(|| ".".to_owned());
    let places: Vec<String> = input.paths.iter().map(|it| format!("`{}`", shown(it))).collect();
    let below = if places.is_empty() { "the current folder".to_owned() } else { places.join(", ") };
    let reason = aside.first().map(|it| it.1);
    let count = aside.iter().filter(|it| Some(it.1) == reason).count();
    let skipped = reason.map_or_else(String::new, |it| format!(" ({count} passed over: {})", it.words()));
    format!(" in {below}{skipped}")
}
