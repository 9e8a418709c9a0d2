//! From arguments to histories: which files report, which are their context, in which order they run.

use crate::CliError;
use crate::args::InputArgs;
use crate::config::Config;
use crate::host::{Depth, Host, PathKind};
use crate::path;
use lockkeeper_sources::{Direction, Root, direction_of, roots};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// What there is to look at.
#[derive(Debug, Default)]
pub(crate) struct Plan {
    /// In order of their folders.
    pub(crate) histories: Vec<History>,
}

/// Files that share a catalog.
#[derive(Debug, Default)]
pub(crate) struct History {
    /// What it is called: its folder, or its only file.
    pub(crate) name: String,
    /// The files that lead forwards, in the order in which they run, then those that lead back.
    pub(crate) files: Vec<PlannedFile>,
    /// Whether the database may hold more than the files show.
    pub(crate) partial: bool,
}

/// One file of a history.
#[derive(Debug)]
pub(crate) struct PlannedFile {
    /// As it is shown.
    pub(crate) path: String,
    pub(crate) content: Content,
    pub(crate) direction: Direction,
    /// Whether findings in it are wanted; if not, it is only context.
    pub(crate) reports: bool,
}

/// Where the bytes of a file come from.
#[derive(Debug)]
pub(crate) enum Content {
    /// The file system.
    File(PathBuf),
    /// Standard input.
    Stdin,
    /// Nowhere.
    Unreadable(io::Error),
}

/// Files by the path that they are shown with; whether each reports.
type Files = BTreeMap<String, (PathBuf, bool)>;

/// Finds the files that the arguments and the configuration mean.
pub(crate) fn plan(input: &InputArgs, config: &Config, host: &dyn Host) -> Result<Plan, CliError> {
    let joined = joined(config, host);
    let mut found = Found::default();
    let configured = input.paths.is_empty() && !joined.is_empty();
    if configured {
        joined.iter().for_each(|it| found.file(it, true));
    } else if input.paths.is_empty() {
        found.folder(Path::new("."), host);
    }
    for target in &input.paths {
        found.target(target, input, host);
    }
    if !input.no_history && !configured {
        found.context(host);
    }
    let plan = found.into_plan(input, &joined);
    if plan.histories.iter().all(|it| it.files.iter().all(|it| !it.reports)) {
        let places: Vec<String> = input.paths.iter().map(|it| format!("`{}`", path::shown(it))).collect();
        let below = if places.is_empty() { "the current folder".to_owned() } else { places.join(", ") };
        return Err(CliError::NothingToRead(format!(" in {below}")));
    }
    Ok(plan)
}

/// The files of the `[history] paths`, in order, which make one history.
fn joined(config: &Config, host: &dyn Host) -> Vec<PathBuf> {
    let Some(folder) = &config.folder else { return Vec::new() };
    let current = host.current_dir().unwrap_or_default();
    let mut files = Vec::new();
    for named in &config.settings.history.paths {
        let absolute = path::absolute(Path::new(named), folder);
        let near = absolute.strip_prefix(&current).map(Path::to_owned).unwrap_or(absolute);
        match host.kind(&near) {
            Ok(PathKind::Folder) => {
                let mut found = Found::default();
                found.folder(&near, host);
                files.extend(found.ordered());
            }
            _ => files.push(near),
        }
    }
    files
}

/// What was found so far.
#[derive(Default)]
struct Found {
    files: Files,
    /// The files that are named one by one.
    named: Vec<PathBuf>,
    /// What stands by itself: standard input, and what cannot be read.
    apart: Vec<PlannedFile>,
    stdin: Option<String>,
}

impl Found {
    fn target(&mut self, target: &Path, input: &InputArgs, host: &dyn Host) {
        if target.as_os_str() == "-" {
            let name = input.stdin_filename.as_ref();
            let shown = name.map_or_else(|| "<stdin>".to_owned(), |it| path::shown(it));
            match name {
                Some(name) => {
                    self.file(name, true);
                    self.named.push(name.clone());
                }
                None => self.apart.push(apart(&shown, Content::Stdin)),
            }
            self.stdin = Some(shown);
            return;
        }
        match host.kind(target) {
            Ok(PathKind::Folder) => self.folder(target, host),
            Ok(PathKind::File) => {
                self.file(target, true);
                self.named.push(target.to_owned());
            }
            Err(error) => self.apart.push(apart(&path::shown(target), Content::Unreadable(error))),
        }
    }

    fn file(&mut self, file: &Path, reports: bool) {
        let entry = self.files.entry(path::shown(file)).or_insert_with(|| (file.to_owned(), false));
        entry.1 |= reports;
    }

    fn folder(&mut self, folder: &Path, host: &dyn Host) {
        for entry in host.walk(folder, Depth::All) {
            match entry {
                Ok(file) if path::is_sql(&file) => self.file(&file, true),
                Ok(_) => {}
                Err(error) => self.apart.push(apart(&path::shown(&error.path), Content::Unreadable(error.source))),
            }
        }
    }

    /// Adds the files beside those that are named one by one.
    fn context(&mut self, host: &dyn Host) {
        let named = std::mem::take(&mut self.named);
        let folders: BTreeSet<&Path> = named.iter().filter(|it| path::is_sql(it)).map(|it| path::folder(it)).collect();
        for folder in folders {
            // A sibling that cannot be entered is no concern of the file that is asked about.
            for file in host.walk(folder, Depth::Direct).into_iter().flatten().filter(|it| path::is_sql(it)) {
                self.file(&file, false);
            }
        }
    }

    /// The files that lead forwards, root by root.
    fn ordered(self) -> Vec<PathBuf> {
        let (paths, files): (Vec<String>, Vec<PathBuf>) = self.files.into_iter().map(|(path, it)| (path, it.0)).unzip();
        let roots = roots(&paths.iter().map(String::as_str).collect::<Vec<_>>());
        roots.iter().flat_map(|it| &it.up).map(|&it| files[it].clone()).collect()
    }

    fn into_plan(mut self, input: &InputArgs, joined: &[PathBuf]) -> Plan {
        let mut histories = Vec::new();
        for file in std::mem::take(&mut self.apart) {
            histories.push(History { name: file.path.clone(), files: vec![file], partial: true });
        }
        let stdin = self.stdin.take();
        let planned = |path: String, file: PathBuf, direction, reports| {
            let content = if stdin.as_ref() == Some(&path) { Content::Stdin } else { Content::File(file) };
            PlannedFile { path, content, direction, reports }
        };
        if input.no_history {
            for (path, (file, _)) in self.files {
                let direction = direction_of(&path);
                histories.push(History {
                    name: path.clone(),
                    files: vec![planned(path, file, direction, true)],
                    partial: true,
                });
            }
            return Plan { histories };
        }
        let joined: Vec<String> = joined.iter().map(|it| path::shown(it)).collect();
        if joined.iter().any(|it| self.files.get(it).is_some_and(|it| it.1)) {
            let files = joined.iter().map(|path| {
                let (file, reports) = self.files.remove(path).unwrap_or_else(|| (PathBuf::from(path), false));
                planned(path.clone(), file, Direction::Up, reports)
            });
            let files = up_to_last_report(files.collect());
            histories.push(History { name: "[history] paths".to_owned(), files, partial: false });
        }
        histories.extend(by_root(self.files, planned));
        Plan { histories }
    }
}

fn apart(shown: &str, content: Content) -> PlannedFile {
    PlannedFile { path: shown.to_owned(), content, direction: Direction::Up, reports: true }
}

/// A history for each folder.
fn by_root(files: Files, planned: impl Fn(String, PathBuf, Direction, bool) -> PlannedFile) -> Vec<History> {
    let mut files: Vec<Option<(String, PathBuf, bool)>> =
        files.into_iter().map(|(path, (file, reports))| Some((path, file, reports))).collect();
    let found = {
        let paths: Vec<&str> = files.iter().flatten().map(|it| it.0.as_str()).collect();
        roots(&paths)
    };
    let mut history = |root: Root| {
        let partial = root.up.len() < 2;
        let mut take = |places: Vec<usize>, direction| -> Vec<PlannedFile> {
            let taken = places.into_iter().filter_map(|at| files[at].take());
            taken.map(|(path, file, reports)| planned(path, file, direction, reports)).collect()
        };
        let mut all = up_to_last_report(take(root.up, Direction::Up));
        all.extend(take(root.down, Direction::Down).into_iter().filter(|it| it.reports));
        History { name: if root.folder.is_empty() { ".".to_owned() } else { root.folder }, files: all, partial }
    };
    found.into_iter().map(&mut history).filter(|it| !it.files.is_empty()).collect()
}

/// What runs after the last file that reports is no concern of it.
fn up_to_last_report(mut files: Vec<PlannedFile>) -> Vec<PlannedFile> {
    let end = files.iter().rposition(|it| it.reports).map_or(0, |it| it + 1);
    files.truncate(end);
    files
}
