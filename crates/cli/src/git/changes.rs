//! Reading what `git diff --name-status -z` prints.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// What happened to a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// It is new.
    Added,
    /// Its content is another.
    Edited,
    /// It had another path; whether its content is another too.
    Renamed { from: PathBuf, edited: bool },
}

/// The files that changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Changes {
    /// Those that are still there.
    files: BTreeMap<PathBuf, Change>,
    /// Those that are not, in order.
    removed: Vec<PathBuf>,
}

impl Changes {
    /// Whether nothing happened.
    pub(crate) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// What happened to a file; `None` if nothing did.
    pub(crate) fn of(&self, file: &Path) -> Option<&Change> {
        self.files.get(file)
    }

    /// The files that are no longer there, under no other name either.
    pub(crate) fn removed(&self) -> &[PathBuf] {
        &self.removed
    }

    /// The files that changed and are still there.
    pub(crate) fn files(&self) -> impl Iterator<Item = &PathBuf> {
        self.files.keys()
    }

    /// Adds what changed elsewhere.
    pub(crate) fn extend(&mut self, other: Changes) {
        self.files.extend(other.files);
        self.removed.extend(other.removed);
    }

    pub(crate) fn add(&mut self, file: PathBuf, change: Change) {
        self.files.insert(file, change);
    }
}

/// The names in a list that is separated by NUL.
pub(crate) fn names(listed: &[u8]) -> impl Iterator<Item = &str> {
    listed.split(|it| *it == 0).filter_map(|it| std::str::from_utf8(it).ok()).filter(|it| !it.is_empty())
}

/// Reads `status NUL path NUL`, with two paths for renames and copies; see "Raw output format" of git-diff.
pub(crate) fn parse(listed: &[u8], absolute: &dyn Fn(&str) -> PathBuf) -> Changes {
    let mut changes = Changes::default();
    let mut fields = names(listed);
    while let (Some(status), Some(path)) = (fields.next(), fields.next()) {
        match status.as_bytes()[0] {
            b'D' => changes.removed.push(absolute(path)),
            // A copy leaves its original where it was, so it is new.
            b'C' => {
                if let Some(copy) = fields.next() {
                    changes.add(absolute(copy), Change::Added);
                }
            }
            b'R' => {
                if let Some(to) = fields.next() {
                    let (from, edited) = (absolute(path), status != "R100");
                    changes.add(absolute(to), Change::Renamed { from, edited });
                }
            }
            b'A' => changes.add(absolute(path), Change::Added),
            // Changed, of another type, or not merged yet.
            _ => changes.add(absolute(path), Change::Edited),
        }
    }
    changes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_status_is_read() {
        let listed =
            b"A\0a.sql\0M\0b.sql\0D\0c.sql\0R100\0d.sql\0e.sql\0R090\0f.sql\0g.sql\0U\0h.sql\0C100\0a.sql\0i.sql\0";
        let changes = parse(listed, &|it| PathBuf::from(it));
        let of = |name: &str| changes.of(Path::new(name)).cloned();
        let renamed = |from: &str, edited| Some(Change::Renamed { from: PathBuf::from(from), edited });
        assert_eq!(of("a.sql"), Some(Change::Added));
        assert_eq!(of("b.sql"), Some(Change::Edited));
        assert_eq!(of("c.sql"), None);
        assert_eq!(of("e.sql"), renamed("d.sql", false));
        assert_eq!(of("g.sql"), renamed("f.sql", true));
        assert_eq!(of("h.sql"), Some(Change::Edited));
        assert_eq!(of("i.sql"), Some(Change::Added));
    }
}
