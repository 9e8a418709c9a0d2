//! A machine of which only one folder can be read and nothing can be written.

use crate::host::{Depth, GitRun, Host, HttpAnswer, HttpRequest, PathKind, WalkError};
use crate::native::Native;
use crate::path;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// The machine as one call of a tool sees it.
#[derive(Debug)]
pub(super) struct Confined {
    native: Native,
    /// With all links resolved.
    root: PathBuf,
    /// What stands for standard input.
    text: String,
    /// What was written to standard output and to standard error.
    said: Mutex<(Vec<u8>, String)>,
}

impl Confined {
    pub(super) fn to(root: &Path, text: String) -> Self {
        Self { native: Native::new(), root: root.to_owned(), text, said: Mutex::default() }
    }

    /// What was written to standard output and to standard error.
    pub(super) fn said(self) -> (String, String) {
        let (out, err) = self.said.into_inner().unwrap_or_else(PoisonError::into_inner);
        (String::from_utf8_lossy(&out).into_owned(), err)
    }

    /// Refuses what lies outside, behind links too.
    fn inside(&self, file: &Path) -> io::Result<PathBuf> {
        let outside = || io::Error::new(io::ErrorKind::PermissionDenied, "lies outside the project's folder");
        let absolute = path::absolute(file, &self.root);
        if !absolute.starts_with(&self.root) {
            return Err(outside());
        }
        let resolved = absolute.canonicalize()?;
        if resolved.starts_with(&self.root) { Ok(absolute) } else { Err(outside()) }
    }
}

impl Host for Confined {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.native.read(&self.inside(path)?)
    }

    fn write(&self, _: &Path, _: &[u8]) -> io::Result<()> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn kind(&self, path: &Path) -> io::Result<PathKind> {
        self.native.kind(&self.inside(path)?)
    }

    fn walk(&self, folder: &Path, depth: Depth) -> Vec<Result<PathBuf, WalkError>> {
        match self.inside(folder) {
            Ok(_) => self.native.walk(folder, depth),
            Err(source) => vec![Err(WalkError { path: folder.to_owned(), source })],
        }
    }

    fn stdin(&self) -> io::Result<Vec<u8>> {
        Ok(self.text.clone().into_bytes())
    }

    fn stdout(&self, bytes: &[u8]) -> io::Result<()> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).0.extend(bytes);
        Ok(())
    }

    fn stderr(&self, text: &str) {
        self.said.lock().unwrap_or_else(PoisonError::into_inner).1.push_str(text);
    }

    fn env(&self, _: &str) -> Option<String> {
        None
    }

    fn is_terminal(&self) -> bool {
        false
    }

    fn git(&self, folder: &Path, args: &[&str]) -> io::Result<GitRun> {
        self.native.git(folder, args)
    }

    fn http(&self, _: &HttpRequest<'_>) -> io::Result<HttpAnswer> {
        Err(io::ErrorKind::PermissionDenied.into())
    }

    fn current_dir(&self) -> io::Result<PathBuf> {
        Ok(self.root.clone())
    }

    fn parallelism(&self) -> usize {
        self.native.parallelism()
    }

    fn elapsed(&self) -> Duration {
        self.native.elapsed()
    }

    fn today(&self) -> Option<i64> {
        self.native.today()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn nothing_outside_is_read_and_nothing_is_written() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("project");
        fs::create_dir(&root).unwrap();
        fs::write(root.join("1.sql"), "SELECT 1").unwrap();
        fs::write(root.join("../secret.sql"), "SELECT 2").unwrap();
        std::os::unix::fs::symlink(root.join("../secret.sql"), root.join("2.sql")).unwrap();
        let host = Confined::to(&root, String::new());
        assert_eq!(host.read(Path::new("1.sql")).unwrap(), b"SELECT 1");
        for outside in ["../secret.sql", "2.sql", "/etc/hosts", "x/../../secret.sql"] {
            assert!(host.read(Path::new(outside)).is_err(), "{outside}");
            assert!(host.kind(Path::new(outside)).is_err(), "{outside}");
        }
        assert!(host.write(Path::new("1.sql"), b"").is_err());
    }
}
