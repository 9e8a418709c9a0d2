//! From arguments to files: those that report, those that are their context, and what lies around them.

use crate::args::InputArgs;
use crate::host::{Depth, Host, PathKind};
use crate::path;
use lockkeeper_sources::{Interest, home_of, interest, markers};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::{Path, PathBuf};

/// How many folders above the input are searched for files that name a framework.
const ABOVE: usize = 8;

/// A file that was found.
#[derive(Debug)]
pub(crate) struct Found {
    /// Its path as it is shown.
    pub(crate) shown: String,
    /// Its path from the root of the file system, as the survey sees it.
    pub(crate) absolute: String,
    /// What of it lies below the folder that was asked about.
    pub(crate) within: String,
    pub(crate) content: Content,
    /// Whether findings in it are wanted; if not, it is only context.
    pub(crate) reports: bool,
    /// Whether it was named one by one.
    pub(crate) named: bool,
}

/// Where the bytes of a file come from.
#[derive(Debug)]
pub(crate) enum Content {
    /// The file system.
    File(PathBuf),
    /// Read already.
    Bytes(Vec<u8>),
    /// Standard input.
    Stdin,
    /// Nowhere.
    Unreadable(io::Error),
}

/// All files, by their absolute paths.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub(crate) files: BTreeMap<String, Found>,
    /// Modules in Python, which matter only beside revisions of Alembic and SQL files: the file, the folder that was asked about, and
    /// whether it reports.
    modules: Vec<(PathBuf, PathBuf, bool)>,
    /// The folders that were walked through to the bottom.
    walked: Vec<PathBuf>,
}

impl Gathered {
    /// Adds what an argument names.
    pub(crate) fn target(&mut self, target: &Path, input: &InputArgs, host: &dyn Host) {
        if target.as_os_str() == "-" {
            let name = input.stdin_filename.clone().unwrap_or_else(|| PathBuf::from("<stdin>"));
            self.put(&name, &name, Content::Stdin, true, host);
            return;
        }
        if let Some(workspace) = &input.workspace {
            self.put(target, workspace, Content::File(target.to_owned()), true, host);
            return;
        }
        match host.kind(target) {
            Ok(PathKind::Folder) => self.folder(target, true, Depth::All, host),
            Ok(PathKind::File) => self.put(target, target, Content::File(target.to_owned()), true, host),
            Err(error) => self.put(target, target, Content::Unreadable(error), true, host),
        }
    }

    /// Adds a part of the history that the configuration joins.
    pub(crate) fn part(&mut self, part: &Path, reports: bool, host: &dyn Host) {
        match host.kind(part) {
            Ok(PathKind::Folder) => self.folder(part, reports, Depth::All, host),
            Ok(PathKind::File) => self.put(part, part, Content::File(part.to_owned()), reports, host),
            Err(error) => self.put(part, part, Content::Unreadable(error), reports, host),
        }
    }

    /// Adds the files of a folder that may be of interest.
    pub(crate) fn folder(&mut self, folder: &Path, reports: bool, depth: Depth, host: &dyn Host) {
        if depth == Depth::All {
            self.walked.push(path::absolute(folder, &host.current_dir().unwrap_or_default()));
        }
        for entry in host.walk(folder, depth) {
            match entry {
                Ok(file) => match interest(&path::shown(&file)) {
                    Some(Interest::Sql | Interest::Revision) => {
                        self.put(&file, folder, Content::File(file.clone()), reports, host);
                    }
                    Some(Interest::Code) => self.put(&file, folder, Content::File(file.clone()), false, host),
                    Some(Interest::Marker) => {
                        // What is wrong with the settings is said where they stand.
                        let reports = reports && is_settings(&file);
                        self.put(&file, folder, Content::File(file.clone()), reports, host);
                    }
                    Some(Interest::Module) => self.modules.push((file, folder.to_owned(), reports)),
                    None => {}
                },
                // What cannot be entered is no concern of a file that is asked about.
                Err(_) if !reports => {}
                Err(error) => self.put(&error.path, &error.path, Content::Unreadable(error.source), true, host),
            }
        }
    }

    /// Adds a file that was found in `asked`, or is what was asked about itself.
    fn put(&mut self, file: &Path, asked: &Path, content: Content, reports: bool, host: &dyn Host) {
        let named = file == asked;
        let within = if named { file.file_name().map(Path::new) } else { file.strip_prefix(asked).ok() };
        let within = path::shown(within.unwrap_or(file));
        let current = host.current_dir().unwrap_or_default();
        let absolute = path::shown(&path::absolute(file, &current));
        let shown = path::shown(file);
        match self.files.get_mut(&absolute) {
            Some(there) => {
                there.reports |= reports;
                there.named |= named;
                if matches!(content, Content::Stdin) {
                    there.content = content;
                }
            }
            None => {
                self.files.insert(absolute.clone(), Found { shown, absolute, within, content, reports, named });
            }
        }
    }

    /// Adds the other files of the histories that the named files belong to, or the documents of an editor.
    pub(crate) fn context(&mut self, input: &InputArgs, host: &dyn Host) {
        let asked = |it: &&Found| it.named || input.workspace.is_some() && it.reports;
        let named = self.files.values().filter(asked).filter(|it| it.shown != "<stdin>");
        let folders: BTreeSet<(PathBuf, bool)> = named.filter_map(|it| history_of(it, host)).collect();
        for (folder, deep) in folders {
            self.folder(&folder, false, if deep { Depth::All } else { Depth::Direct }, host);
        }
    }

    /// Adds the modules in Python around revisions of Alembic.
    pub(crate) fn modules(&mut self, host: &dyn Host) {
        let is_marker = |it: &&String| matches!(name_of(it), "alembic.ini" | "env.py");
        let revision = |it: &&String| interest(it) == Some(Interest::Revision);
        if !self.files.keys().any(|it| is_marker(&it) || revision(&it)) {
            self.keep_few(&host.current_dir().unwrap_or_default());
        }
        let (whole, current) = (self.asks_for_whole_histories(), host.current_dir().unwrap_or_default());
        let tops: BTreeSet<String> = self.files.keys().filter_map(|it| self.top_of(it)).collect();
        for top in tops.iter().filter(|top| !self.walked.iter().any(|it| Path::new(top).starts_with(it))) {
            let found = host.walk(Path::new(top), Depth::All).into_iter().flatten();
            let modules = found.filter(|it| interest(&path::shown(it)) == Some(Interest::Module));
            let near = |it: PathBuf| it.strip_prefix(&current).map(Path::to_owned).unwrap_or(it);
            self.modules.extend(modules.map(|it| (near(it), near(PathBuf::from(top)), whole)));
        }
        for (file, folder, reports) in std::mem::take(&mut self.modules) {
            self.put(&file, &folder, Content::File(file.clone()), reports, host);
        }
    }

    /// Without revisions only what stands in the folder of migrations is of interest, which may follow it, and what is
    /// called like a revision, in a folder of any name.
    fn keep_few(&mut self, current: &Path) {
        let sql = self.files.keys().filter(|it| interest(it) == Some(Interest::Sql));
        let folders: BTreeSet<&Path> = sql.map(|it| path::folder(Path::new(it))).collect();
        // A revision is mostly called after its id, a number or a date.
        let numbered = |it: &Path| {
            let name = it.file_name().map(|it| it.to_string_lossy().into_owned()).unwrap_or_default();
            let first = name.split(['_', '-', '.']).next().unwrap_or_default();
            first.len() > 2 && first.bytes().all(|it| it.is_ascii_hexdigit()) && first.len() + 3 < name.len()
        };
        let beside = |it: &Path| folders.contains(path::folder(&path::absolute(it, current)));
        self.modules.retain(|it| numbered(&it.0) || beside(&it.0));
    }

    /// Whether folders with revisions were asked about, and not files one by one: then what stands around them reports.
    fn asks_for_whole_histories(&self) -> bool {
        let revision = |it: &Found| interest(&it.absolute) == Some(Interest::Revision);
        self.files.values().any(|it| it.reports && !it.named && revision(it))
    }

    /// The folder of the project that a revision belongs to: that of its `alembic.ini`, or the one around `env.py`.
    fn top_of(&self, revision: &str) -> Option<String> {
        if interest(revision) != Some(Interest::Revision) {
            return None;
        }
        let script = Path::new(home_of(revision)).parent()?;
        let holds = |folder: &&Path, name: &str| self.files.contains_key(&path::shown(&folder.join(name)));
        let top = script.ancestors().find(|it| holds(it, "alembic.ini"));
        top.or_else(|| Some(script).filter(|it| holds(it, "env.py")).and_then(Path::parent)).map(path::shown)
    }

    /// Adds the files above the gathered ones that name a framework.
    pub(crate) fn surroundings(&mut self, host: &dyn Host) {
        let mut folders: BTreeSet<PathBuf> = BTreeSet::new();
        let mut starts: Vec<PathBuf> = Vec::new();
        for file in self
            .files
            .values()
            .filter(|it| it.named || matches!(interest(&it.absolute), Some(Interest::Sql | Interest::Revision)))
        {
            let Some(folder) = Path::new(&file.absolute).parent() else { continue };
            if file.named {
                // Drizzle keeps its journal below the migrations.
                folders.insert(folder.join("meta"));
            }
            starts.push(folder.to_owned());
        }
        // Revisions may lie in a folder of any name: what is around the folders that were asked about tells.
        if starts.is_empty() {
            starts.clone_from(&self.walked);
        }
        for folder in starts {
            for above in folder.ancestors().take(ABOVE) {
                if !folders.insert(above.to_owned()) || host.kind(&above.join(".git")).is_ok() {
                    break;
                }
            }
        }
        let whole = self.asks_for_whole_histories();
        let current = host.current_dir().unwrap_or_default();
        for marker in folders.iter().flat_map(|folder| markers().map(move |it| folder.join(it))) {
            let absolute = path::shown(&marker);
            if !self.files.contains_key(&absolute) && matches!(host.kind(&marker), Ok(PathKind::File)) {
                let content = Content::File(marker.clone());
                self.files.insert(
                    absolute.clone(),
                    Found {
                        shown: path::shown(marker.strip_prefix(&current).unwrap_or(&marker)),
                        within: String::new(),
                        absolute,
                        content,
                        reports: whole && is_settings(&marker),
                        named: false,
                    },
                );
            }
        }
    }
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// Whether a marker holds settings that are judged themselves.
fn is_settings(file: &Path) -> bool {
    matches!(name_of(&path::shown(file)), "alembic.ini" | "pyproject.toml" | "env.py")
}

/// The folder of the history of a named file, as it is to be shown, and whether the history lies in folders below it.
fn history_of(file: &Found, host: &dyn Host) -> Option<(PathBuf, bool)> {
    let own = Path::new(&file.absolute).parent()?;
    let planned = own.ancestors().take(ABOVE).find(|it| {
        let way = it.file_name().is_some_and(|it| it == "deploy" || it == "revert" || it == "verify");
        way && it.parent().is_some_and(|it| host.kind(&it.join("sqitch.plan")).is_ok())
    });
    let home = planned.and_then(Path::parent).unwrap_or_else(|| Path::new(home_of(&file.absolute)));
    let levels = own.strip_prefix(home).ok()?.components().count();
    // Shown as the file is: as many levels above what the user typed.
    let mut shown = path::folder(Path::new(&file.shown)).to_owned();
    for _ in 0..levels {
        shown = match shown.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ if shown == Path::new(".") || shown.ends_with("..") => shown.join(".."),
            _ => PathBuf::from("."),
        };
    }
    Some((shown, levels > 0))
}
