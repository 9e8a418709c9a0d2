//! The machine that the command line runs on, as far as it is needed.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Files, streams and environment. The program itself touches nothing else, so that it runs wherever these exist.
pub trait Host: Sync {
    /// The content of a file.
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Writes a file, in place of one that is there.
    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()>;

    /// Makes a folder, and those around it that are not there. A host without folders has nothing to do.
    fn make_folder(&self, _path: &Path) -> io::Result<()> {
        Ok(())
    }

    /// What stands at a path; links are followed.
    fn kind(&self, path: &Path) -> io::Result<PathKind>;

    /// The files below a folder, in any order, without those that ignore files exclude: all of them, or only those
    /// directly in it. What cannot be entered comes as an error with its path.
    fn walk(&self, folder: &Path, depth: Depth) -> Vec<Result<PathBuf, WalkError>>;

    /// All of standard input.
    fn stdin(&self) -> io::Result<Vec<u8>>;

    /// Writes to standard output.
    fn stdout(&self, bytes: &[u8]) -> io::Result<()>;

    /// Writes to standard error. There is nobody to tell if that fails.
    fn stderr(&self, text: &str);

    /// Tells how far long work has come, to whoever may see it.
    fn progress(&self, _what: &str, _done: usize, _of: usize) {}

    /// A variable of the environment.
    fn env(&self, name: &str) -> Option<String>;

    /// Whether standard output is a terminal.
    fn is_terminal(&self) -> bool;

    /// Runs the program `git` in a folder.
    fn git(&self, folder: &Path, args: &[&str]) -> io::Result<GitRun>;

    /// Sends a request and waits for its answer, whatever its status; nothing is followed.
    fn http(&self, request: &HttpRequest<'_>) -> io::Result<HttpAnswer>;

    /// The current folder.
    fn current_dir(&self) -> io::Result<PathBuf>;

    /// How many threads can work at once; 1 where there are none.
    fn parallelism(&self) -> usize;

    /// The time since the program started.
    fn elapsed(&self) -> Duration;

    /// The day that the clock shows, counted from 1970-01-01; none where there is no clock.
    fn today(&self) -> Option<i64> {
        None
    }
}

/// A request over HTTP. Its headers may hold a token, so it has no `Debug`.
pub struct HttpRequest<'a> {
    /// `GET`, `POST`, …
    pub method: &'a str,
    /// The address.
    pub url: &'a str,
    /// Names and values.
    pub headers: &'a [(&'a str, String)],
    /// The text to send, if any.
    pub body: Option<&'a str>,
}

/// An answer over HTTP.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The status, as 200.
    pub status: u16,
    /// What was sent back.
    pub body: Vec<u8>,
}

/// What a run of git left behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GitRun {
    /// Whether its exit status was 0.
    pub success: bool,
    /// What it wrote to standard output.
    pub stdout: Vec<u8>,
    /// What it wrote to standard error.
    pub stderr: Vec<u8>,
}

impl GitRun {
    /// What git says is wrong, in one line.
    pub(crate) fn message(&self) -> String {
        let text = String::from_utf8_lossy(&self.stderr);
        let line = text.lines().next().unwrap_or_default();
        line.strip_prefix("fatal: ").unwrap_or(line).to_owned()
    }
}

/// What stands at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathKind {
    /// Something to read: a file, a pipe.
    File,
    /// A folder.
    Folder,
}

/// How deep to walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The folder's own files.
    Direct,
    /// Those of all folders below it too.
    All,
}

/// A place below a folder that could not be walked.
#[derive(Debug, thiserror::Error)]
#[error("{}: {source}", path.display())]
pub struct WalkError {
    /// Where.
    pub path: PathBuf,
    /// Why.
    pub source: io::Error,
}
