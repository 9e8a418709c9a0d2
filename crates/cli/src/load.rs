//! Reading and parsing, on as many threads as there are.

use crate::host::Host;
use crate::plan::{Content, History, Plan, PlannedFile};
use lockkeeper_sources::{Direction, Script, Source, read};
use std::io;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// A history whose files are read.
#[derive(Debug)]
pub(crate) struct LoadedHistory {
    pub(crate) name: String,
    pub(crate) scripts: Vec<LoadedScript>,
    pub(crate) partial: bool,
}

/// A script of a file.
#[derive(Debug)]
pub(crate) struct LoadedScript {
    pub(crate) script: Script,
    pub(crate) reports: bool,
    /// Why its file could not be read; the script is then empty.
    pub(crate) unread: Option<String>,
}

/// Fewer files are not worth a thread.
const ALONE: usize = 4;

/// Reads all files of a plan.
pub(crate) fn load(plan: Plan, host: &dyn Host) -> Vec<LoadedHistory> {
    let shapes: Vec<(String, bool, usize)> =
        plan.histories.iter().map(|it| (it.name.clone(), it.partial, it.files.len())).collect();
    let files: Vec<PlannedFile> = plan.histories.into_iter().flat_map(|it: History| it.files).collect();
    let mut loaded = on_threads(files, host).into_iter();
    let histories = shapes.into_iter().map(|(name, partial, files)| {
        let scripts: Vec<LoadedScript> = loaded.by_ref().take(files).flatten().collect();
        // What stands in a file that cannot be read is unknown.
        let partial = partial || scripts.iter().any(|it| it.unread.is_some());
        let (up, down) = scripts.into_iter().partition::<Vec<_>, _>(|it| it.script.direction == Direction::Up);
        LoadedHistory { name, scripts: up.into_iter().chain(down).collect(), partial }
    });
    histories.collect()
}

/// The scripts of each file, in the order of the files.
fn on_threads(files: Vec<PlannedFile>, host: &dyn Host) -> Vec<Vec<LoadedScript>> {
    let threads = host.parallelism().min(files.len() / ALONE).max(1);
    if threads == 1 {
        return files.into_iter().map(|it| load_file(it, host)).collect();
    }
    let next = AtomicUsize::new(0);
    let count = files.len();
    let work: Vec<Mutex<Option<PlannedFile>>> = files.into_iter().map(|it| Mutex::new(Some(it))).collect();
    let take = |at: usize| work[at].lock().ok().and_then(|mut it| it.take());
    let worker = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            if at >= count {
                return done;
            }
            done.extend(take(at).map(|file| (at, load_file(file, host))));
        }
    };
    let mut done: Vec<(usize, Vec<LoadedScript>)> = std::thread::scope(|scope| {
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

fn load_file(file: PlannedFile, host: &dyn Host) -> Vec<LoadedScript> {
    let PlannedFile { path, content, direction, reports } = file;
    let bytes = match content {
        Content::File(at) => host.read(&at),
        Content::Stdin => host.stdin(),
        Content::Unreadable(error) => Err(error),
    };
    let (bytes, unread) = match bytes {
        Ok(bytes) => (bytes, None),
        Err(error) => (Vec::new(), Some(format!("cannot be read: {}", plain(&error)))),
    };
    let scripts = read(&Source { path, bytes }, direction);
    scripts.into_iter().map(|script| LoadedScript { script, reports, unread: unread.clone() }).collect()
}

/// The message of an error without the system's number, which differs between systems.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    letters.next().map(|it| it.to_lowercase().chain(letters).collect()).unwrap_or_default()
}
