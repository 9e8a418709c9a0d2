//! A machine whose files are in memory and whose output goes nowhere.

use divan::black_box;
use lockkeeper_cli::{Depth, GitRun, Host, HttpAnswer, HttpRequest, PathKind, WalkError};
use lockkeeper_sources::Source;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The files, all of them in the folder `db`.
pub(crate) struct Memory<'a> {
    sources: &'a [Source],
}

impl<'a> Memory<'a> {
    pub(crate) fn new(sources: &'a [Source]) -> Self {
        Self { sources }
    }
}

impl Host for Memory<'_> {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let found = self.sources.iter().find(|it| Path::new(&it.path) == path);
        found.map(|it| it.bytes.clone()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn write(&self, _path: &Path, _bytes: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::ReadOnlyFilesystem.into())
    }

    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        if path.ends_with("db") { Ok(PathKind::Folder) } else { Err(io::ErrorKind::NotFound.into()) }
    }

    fn walk(&self, _folder: &Path, _depth: Depth) -> Vec<Result<PathBuf, WalkError>> {
        self.sources.iter().map(|it| Ok(PathBuf::from(&it.path))).collect()
    }

    fn stdin(&self) -> io::Result<Vec<u8>> {
        Ok(Vec::new())
    }

    fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
        black_box(bytes);
        Ok(())
    }

    fn stderr(&self, text: &str) {
        black_box(text);
    }

    fn env(&self, _name: &str) -> Option<String> {
        None
    }

    fn is_terminal(&self) -> bool {
        false
    }

    fn git(&self, _: &Path, _: &[&str]) -> io::Result<GitRun> {
        Err(io::Error::from(io::ErrorKind::NotFound))
    }

    fn http(&self, _: &HttpRequest<'_>) -> io::Result<HttpAnswer> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn current_dir(&self) -> io::Result<PathBuf> {
        Ok(PathBuf::from("/"))
    }

    fn parallelism(&self) -> usize {
        1
    }

    fn elapsed(&self) -> Duration {
        Duration::ZERO
    }
}
