//! The machine itself.

mod progress;

use crate::host::{Depth, GitRun, Host, HttpAnswer, HttpRequest, PathKind, WalkError};
use ignore::WalkBuilder;
use progress::Progress;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant, SystemTime};
use std::{env, fs, thread};

/// The file system, streams and environment of this process.
#[derive(Debug)]
pub struct Native {
    started: Instant,
    progress: Progress,
}

impl Native {
    /// The machine; time counts from now on.
    pub fn new() -> Self {
        Self { started: Instant::now(), progress: Progress::new() }
    }
}

impl Default for Native {
    fn default() -> Self {
        Self::new()
    }
}

impl Host for Native {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        fs::write(path, bytes)
    }

    fn make_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        let folder = fs::metadata(path)?.is_dir();
        Ok(if folder { PathKind::Folder } else { PathKind::File })
    }

    fn walk(&self, folder: &Path, depth: Depth) -> Vec<Result<PathBuf, WalkError>> {
        let depth = match depth {
            Depth::Direct => Some(1),
            Depth::All => None,
        };
        let entries = WalkBuilder::new(folder).max_depth(depth).require_git(false).build();
        entries
            .filter_map(|entry| match entry {
                // A link to a file is one; `ignore` does not follow links to folders.
                Ok(it)
                    if it.file_type().is_some_and(|it| it.is_file()) || it.path_is_symlink() && it.path().is_file() =>
                {
                    Some(Ok(it.into_path()))
                }
                Ok(_) => None,
                Err(error) => Some(Err(walk_error(folder, error))),
            })
            .collect()
    }

    fn stdin(&self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        io::stdin().lock().read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
        self.progress.clear();
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush()
    }

    fn stderr(&self, text: &str) {
        self.progress.clear();
        // Without standard error there is nowhere to say so.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    fn progress(&self, what: &str, done: usize, of: usize) {
        self.progress.tell(what, done, of, self.elapsed());
    }

    fn env(&self, name: &str) -> Option<String> {
        env::var(name).ok()
    }

    fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    fn git(&self, folder: &Path, args: &[&str]) -> io::Result<GitRun> {
        // Whatever the user's settings are, the output is the same: no optional locks, no colours, no pager.
        let mut command = Command::new("git");
        command.arg("-C").arg(folder).args(["-c", "core.quotePath=false", "--no-optional-locks"]).args(args);
        let output = command.env("LC_ALL", "C").stdin(Stdio::null()).output()?;
        Ok(GitRun { success: output.status.success(), stdout: output.stdout, stderr: output.stderr })
    }

    fn http(&self, request: &HttpRequest<'_>) -> io::Result<HttpAnswer> {
        crate::http::send(request)
    }

    fn current_dir(&self) -> io::Result<PathBuf> {
        env::current_dir()
    }

    fn parallelism(&self) -> usize {
        thread::available_parallelism().map_or(1, |it| it.get())
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn today(&self) -> Option<i64> {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).ok()?;
        Some((since.as_secs() / 86_400) as i64)
    }
}

/// What tells that a file is another than before: when it was written last, and its length.
pub(crate) type Stamp = (Option<SystemTime>, u64);

/// The stamp of a file that is there.
pub(crate) fn stamp(file: &Path) -> Option<Stamp> {
    let metadata = fs::metadata(file).ok()?;
    Some((metadata.modified().ok(), metadata.len()))
}

/// The place and the cause of an error of the walk.
fn walk_error(folder: &Path, error: ignore::Error) -> WalkError {
    let mut path = folder.to_owned();
    let mut inner = &error;
    loop {
        match inner {
            ignore::Error::WithPath { path: at, err } => {
                path.clone_from(at);
                inner = err;
            }
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => inner = err,
            _ => break,
        }
    }
    let message = inner.to_string();
    let source = error.into_io_error().unwrap_or_else(|| io::Error::other(message));
    WalkError { path, source }
}
