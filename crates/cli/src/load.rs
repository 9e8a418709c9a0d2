//! Reading and parsing, on as many threads as there are.

use crate::CliError;
use crate::alternatives;
use crate::args::InputArgs;
use crate::config::Config;
use crate::gather::{Content, Found};
use crate::host::Host;
use crate::memory::Memory;
use crate::path;
use crate::plan::{self, PlannedFile};
use crate::progress::Steps;
use crate::since::Reference;
use lockkeeper_core::Input;
use lockkeeper_sources::{Direction, Framework, Reading, Reason, Script, Source, Text, read};
use lockkeeper_syntax::{Span, on_large_stack};
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Everything that is to be looked at.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    pub(crate) histories: Vec<LoadedHistory>,
    /// Files that are no migrations to be read: the path, and what it is.
    pub(crate) aside: Vec<(String, Reason)>,
}

/// A history whose files are read.
#[derive(Debug)]
pub(crate) struct LoadedHistory {
    pub(crate) name: String,
    /// Who runs it, and what tells that.
    pub(crate) framework: Framework,
    pub(crate) why: String,
    /// Those that lead forwards in their order, then those that lead back, the newest first.
    pub(crate) scripts: Vec<LoadedScript>,
    pub(crate) partial: bool,
}

/// A script of a file.
#[derive(Debug)]
pub(crate) struct LoadedScript {
    pub(crate) script: Script,
    pub(crate) reports: bool,
    /// Whether it runs again whenever its text changes.
    pub(crate) repeats: bool,
    /// Whether it is not yet applied anywhere, and runs together with the others that are not.
    pub(crate) pending: bool,
    /// What is wrong with its place among the others: where, and what.
    pub(crate) mistakes: Vec<(Span, String)>,
    /// Why its file could not be read; the script is then empty.
    pub(crate) unread: Option<String>,
}

impl LoadedScript {
    /// What of it the linter is given.
    pub(crate) fn input(&self) -> Input<'_> {
        Input { reports: self.reports, pending: self.pending, ..Input::from(&self.script) }
    }

    /// Adds what is wrong with its place, to its first statement.
    pub(crate) fn say(&mut self, mistake: String) {
        let start = self.script.parsed.statements.first().map_or(Span::default(), |it| it.span);
        self.mistakes.push((start, mistake));
    }
}

/// Fewer files are not worth a thread.
const ALONE: usize = 4;

/// Finds, reads and parses what the arguments and the configuration mean. With a reference, only what is not there
/// reports, and runs together.
pub(crate) fn load(
    input: &InputArgs,
    config: &Config,
    reference: Option<&Reference<'_>>,
    host: &dyn Host,
) -> Result<Loaded, CliError> {
    load_with(input, config, reference, None, host)
}

/// As [`load`], but what the memory holds is not parsed again.
pub(crate) fn load_with(
    input: &InputArgs,
    config: &Config,
    reference: Option<&Reference<'_>>,
    memory: Option<&Memory>,
    host: &dyn Host,
) -> Result<Loaded, CliError> {
    let (mut found, joined) = plan::gather(input, config, host);
    if let Some(reference) = reference {
        reference.narrow(&mut found);
    }
    let mut failures: Vec<Option<String>> = Vec::new();
    let mut texts: Vec<Option<Text>> = Vec::new();
    for text in on_threads(&found, host, |it| text(it, host)) {
        match text {
            Ok(text) => {
                texts.push(Some(text));
                failures.push(None);
            }
            Err(error) => {
                texts.push(None);
                failures.push(Some(format!("cannot be read: {}", plain(&error))));
            }
        }
    }
    let states = reference.map(|it| found.iter().map(|file| it.state(file)).collect::<Vec<_>>());
    let compared = reference.zip(states.as_deref());
    let plan = plan::arrange(&found, &texts, &joined, compared, (input, config), host)?;
    let files: Vec<PlannedFile> = plan.histories.iter().flat_map(|it| it.files.iter().cloned()).collect();
    let empty = Text::new(&Source { path: String::new(), bytes: Vec::new() });
    let steps = Steps::new("parsing", files.len(), input.quiet, host);
    let parsed = on_threads(&files, host, |it| {
        let text = texts[it.entry.file].as_ref().unwrap_or(&empty);
        let scripts = memory.map_or_else(|| it.entry.read(text), |memory| memory.read(&it.entry, text));
        steps.step();
        scripts
    });
    let mut parsed = files.iter().zip(parsed);
    let histories = plan.histories.into_iter().flat_map(|history| {
        let (mut up, mut down) = (Vec::new(), Vec::new());
        for (file, scripts) in parsed.by_ref().take(history.files.len()) {
            for mut script in scripts {
                script.path.clone_from(&found[file.entry.file].shown);
                let mut mistakes: Vec<(Span, String)> = Vec::new();
                if script.direction == Direction::Up {
                    let of_chain = file.entry.mistakes.iter();
                    mistakes.extend(of_chain.map(|(span, message)| (script.made_by(*span), message.clone())));
                }
                if let (Some(reference), Some(states), true) = (reference, &states, file.reports) {
                    mistakes.extend(reference.mistakes(file, &script, &states[file.entry.file]));
                }
                let unread = failures[file.entry.file].clone();
                let pending = reference.is_some() && file.reports;
                let side = if script.direction == Direction::Up { &mut up } else { &mut down };
                if !file.reports {
                    mistakes.clear();
                }
                let repeats = file.entry.repeats;
                side.push(LoadedScript { script, reports: file.reports, repeats, pending, mistakes, unread });
            }
        }
        // The ways back that stand in the files themselves came in the order of the ways forwards.
        if history.files.iter().all(|it| it.entry.reading.direction == Direction::Up) {
            down.reverse();
        }
        let last = down.iter().rposition(|it: &LoadedScript| it.reports).map_or(0, |it| it + 1);
        down.truncate(last);
        up.extend(history.removed.map(|it| removed(it, history.framework, host)));
        // What stands in a file that cannot be read is unknown, and so is what a template is filled in with.
        let unknown = |it: &LoadedScript| it.unread.is_some() || it.script.is_partial();
        let partial = history.partial || up.iter().any(unknown);
        up.extend(down);
        let loaded =
            LoadedHistory { name: history.name, framework: history.framework, why: history.why, scripts: up, partial };
        if history.chosen { vec![loaded] } else { alternatives::apart(loaded) }
    });
    let mut histories: Vec<LoadedHistory> = histories.collect();
    if let Some(dump) = start(input, config, host)? {
        histories.iter_mut().for_each(|it| it.begin_with(dump.clone()));
    }
    Ok(Loaded { histories, aside: plan.aside })
}

/// The dump that histories start from, if the arguments or the configuration name one.
fn start(input: &InputArgs, config: &Config, host: &dyn Host) -> Result<Option<Vec<Script>>, CliError> {
    let configured = || Some(config.folder.as_ref()?.join(config.settings.history.schema.as_ref()?));
    let Some(file) = input.schema.clone().or_else(configured) else { return Ok(None) };
    let current = host.current_dir().unwrap_or_default();
    let shown = path::shown(file.strip_prefix(&current).unwrap_or(&file));
    let bytes = host.read(&file).map_err(|source| CliError::Schema { path: shown.clone(), source })?;
    Ok(Some(read(&Text::new(&Source { path: shown, bytes }), &Reading::default())))
}

/// In place of a file that is gone: nothing but what is wrong with that.
fn removed((path, message): (PathBuf, String), framework: Framework, host: &dyn Host) -> LoadedScript {
    let current = host.current_dir().unwrap_or_default();
    let shown = path::shown(path.strip_prefix(&current).unwrap_or(&path));
    let text = Text::new(&Source { path: shown, bytes: Vec::new() });
    let script = text.beside(framework, Vec::new());
    let mistakes = vec![(Span::default(), message)];
    LoadedScript { script, reports: true, pending: false, repeats: false, mistakes, unread: None }
}

impl LoadedHistory {
    /// Puts a dump of the schema in place of the files that are only context. What it does not hold does not exist.
    fn begin_with(&mut self, dump: Vec<Script>) {
        let unknown = |it: &LoadedScript| it.unread.is_some() || it.script.is_partial();
        self.scripts.retain(|it| it.reports);
        self.partial = dump.iter().any(Script::is_partial) || self.scripts.iter().any(unknown);
        let context = |script| LoadedScript {
            script,
            reports: false,
            repeats: false,
            pending: false,
            mistakes: Vec::new(),
            unread: None,
        };
        self.scripts.splice(0..0, dump.into_iter().map(context));
    }
}

fn text(file: &Found, host: &dyn Host) -> io::Result<Text> {
    let bytes = match &file.content {
        Content::File(at) => host.read(at),
        Content::Bytes(bytes) => Ok(bytes.clone()),
        Content::Stdin => host.stdin(),
        Content::Unreadable(error) => Err(io::Error::new(error.kind(), error.to_string())),
    };
    Ok(Text::new(&Source { path: file.shown.clone(), bytes: bytes? }))
}

/// What `work` makes of each item, in the order of the items.
pub(crate) fn on_threads<T: Sync, R: Send>(items: &[T], host: &dyn Host, work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = host.parallelism().min(items.len() / ALONE).max(1);
    if threads == 1 {
        return on_large_stack(|| items.iter().map(&work).collect());
    }
    let next = AtomicUsize::new(0);
    let next_done = || {
        let at = next.fetch_add(1, Ordering::Relaxed);
        Some((at, work(items.get(at)?)))
    };
    // What a worker parses needs no stack, and so no thread, of its own then.
    let worker = || on_large_stack(|| std::iter::from_fn(next_done).collect::<Vec<_>>());
    let mut done: Vec<(usize, R)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        for other in others {
            match other.join() {
                Ok(more) => done.extend(more),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|it| it.0);
    done.into_iter().map(|it| it.1).collect()
}

/// The message of an error without the system's number, which differs between systems.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map(|it| it.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
