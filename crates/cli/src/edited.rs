//! A machine on which some files have another content than on the one below it.

use crate::host::{Depth, GitRun, Host, HttpAnswer, HttpRequest, PathKind, WalkError};
use crate::path;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A host whose files can be edited without being written.
pub(crate) struct Edited<'h> {
    below: &'h dyn Host,
    current: PathBuf,
    /// By their paths from the root of the file system: the path as it was given, and the content.
    files: BTreeMap<PathBuf, (PathBuf, Vec<u8>)>,
}

impl<'h> Edited<'h> {
    /// The host as it is.
    pub(crate) fn new(below: &'h dyn Host) -> Self {
        Edited { below, current: below.current_dir().unwrap_or_default(), files: BTreeMap::new() }
    }

    /// Gives a file another content.
    pub(crate) fn put(&mut self, file: &Path, bytes: Vec<u8>) {
        self.files.insert(path::absolute(file, &self.current), (file.to_owned(), bytes));
    }

    /// Gives a file back the content that it has below.
    #[cfg(not(target_family = "wasm"))]
    pub(crate) fn take_back(&mut self, file: &Path) {
        self.files.remove(&path::absolute(file, &self.current));
    }

    /// The edited files below a folder that are not there below, as the walk names them.
    fn new_in(&self, folder: &Path, depth: Depth) -> Vec<PathBuf> {
        let top = path::absolute(folder, &self.current);
        let missing = self.files.keys().filter(|it| self.below.kind(it).is_err());
        let inside = missing.filter_map(|it| it.strip_prefix(&top).ok());
        let near = inside.filter(|it| depth == Depth::All || it.components().count() == 1);
        near.map(|it| folder.join(it)).collect()
    }

    /// The files that were given another content.
    pub(crate) fn files(&self) -> impl ExactSizeIterator<Item = (&Path, &[u8])> {
        self.files.values().map(|(file, bytes)| (file.as_path(), bytes.as_slice()))
    }
}

impl Host for Edited<'_> {
    fn read(&self, file: &Path) -> io::Result<Vec<u8>> {
        match self.files.get(&path::absolute(file, &self.current)) {
            Some((_, bytes)) => Ok(bytes.clone()),
            None => self.below.read(file),
        }
    }

    fn write(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        self.below.write(path, bytes)
    }

    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        let edited = self.files.contains_key(&path::absolute(path, &self.current));
        if edited { Ok(PathKind::File) } else { self.below.kind(path) }
    }

    fn walk(&self, folder: &Path, depth: Depth) -> Vec<Result<PathBuf, WalkError>> {
        let mut found = self.below.walk(folder, depth);
        found.extend(self.new_in(folder, depth).into_iter().map(Ok));
        found
    }

    fn stdin(&self) -> io::Result<Vec<u8>> {
        self.below.stdin()
    }

    fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
        self.below.stdout(bytes)
    }

    fn stderr(&self, text: &str) {
        self.below.stderr(text);
    }

    fn env(&self, name: &str) -> Option<String> {
        self.below.env(name)
    }

    fn is_terminal(&self) -> bool {
        self.below.is_terminal()
    }

    fn git(&self, folder: &Path, args: &[&str]) -> io::Result<GitRun> {
        self.below.git(folder, args)
    }

    fn http(&self, request: &HttpRequest<'_>) -> io::Result<HttpAnswer> {
        self.below.http(request)
    }

    fn current_dir(&self) -> io::Result<PathBuf> {
        Ok(self.current.clone())
    }

    fn parallelism(&self) -> usize {
        self.below.parallelism()
    }

    fn elapsed(&self) -> Duration {
        self.below.elapsed()
    }

    fn today(&self) -> Option<i64> {
        self.below.today()
    }
}
