//! The walk of the native program, on folders that somebody else lists: hidden files and what ignore files exclude are
//! left out, by the same rules in the same order of weight (`.ignore`, `.gitignore`, `.git/info/exclude`, the user's
//! excludes; nearer ones before farther ones).

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};
use lockkeeper_cli::{Depth, WalkError};
use std::io;
use std::path::{Path, PathBuf};

/// What an entry of a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A folder itself; links to folders are not followed.
    Folder,
    /// A file, or a link to one.
    File,
    /// Anything else.
    Other,
}

/// Folders and files, as far as the walk needs them.
pub trait Listing {
    /// The entries of a folder, in any order.
    ///
    /// # Errors
    ///
    /// If the folder cannot be entered.
    fn list(&self, folder: &Path) -> io::Result<Vec<(Kind, String)>>;
    /// The text of a file, if it can be read.
    fn read(&self, file: &Path) -> Option<String>;
    /// The current folder, from the root of the file system.
    fn current(&self) -> PathBuf;
    /// The file with the excludes of the user.
    fn excludes(&self) -> Option<PathBuf>;
}

/// The ignore files of one folder.
struct Rules {
    ignore: Gitignore,
    gitignore: Gitignore,
    exclude: Gitignore,
}

/// The files below a folder, sorted by path, and what could not be entered.
pub fn walk(folder: &Path, depth: Depth, files: &dyn Listing) -> Vec<Result<PathBuf, WalkError>> {
    let start = clean(&files.current().join(folder));
    // The ancestors' rules count, too.
    let mut rules: Vec<Rules> =
        start.ancestors().skip(1).collect::<Vec<_>>().into_iter().rev().map(|it| Rules::of(it, files)).collect();
    let excludes = files.excludes().map_or_else(Gitignore::empty, |it| read(&it, Path::new(""), files));
    let mut found = Vec::new();
    let walker = Walker { files, excludes, depth };
    walker.enter(folder, &start, &mut rules, &mut found);
    found
}

struct Walker<'a> {
    files: &'a dyn Listing,
    excludes: Gitignore,
    depth: Depth,
}

impl Walker<'_> {
    /// Walks a folder: `shown` is how its files are named, `real` where it is.
    fn enter(&self, shown: &Path, real: &Path, rules: &mut Vec<Rules>, found: &mut Vec<Result<PathBuf, WalkError>>) {
        let mut entries = match self.files.list(real) {
            Ok(entries) => entries,
            Err(source) => {
                found.push(Err(WalkError { path: shown.to_owned(), source }));
                return;
            }
        };
        entries.sort_by(|a, b| a.1.cmp(&b.1));
        rules.push(Rules::of(real, self.files));
        for (kind, name) in entries {
            // Hidden files are left out unless a rule takes them back in.
            if self.is_ignored(&real.join(&name), kind, rules).unwrap_or(name.starts_with('.')) {
                continue;
            }
            match kind {
                Kind::File => found.push(Ok(shown.join(&name))),
                Kind::Folder if self.depth == Depth::All => {
                    self.enter(&shown.join(&name), &real.join(&name), rules, found);
                }
                Kind::Folder | Kind::Other => {}
            }
        }
        rules.pop();
    }

    /// What the weightiest rule says that says anything.
    fn is_ignored(&self, path: &Path, kind: Kind, rules: &[Rules]) -> Option<bool> {
        let is_folder = kind == Kind::Folder;
        let said = |rules: &Gitignore| match rules.matched(path, is_folder) {
            Match::None => None,
            Match::Ignore(_) => Some(true),
            Match::Whitelist(_) => Some(false),
        };
        let near = || rules.iter().rev();
        near()
            .find_map(|it| said(&it.ignore))
            .or_else(|| near().find_map(|it| said(&it.gitignore)))
            .or_else(|| near().find_map(|it| said(&it.exclude)))
            .or_else(|| said(&self.excludes))
    }
}

impl Rules {
    fn of(folder: &Path, files: &dyn Listing) -> Self {
        let own = |name: &str| read(&folder.join(name), folder, files);
        Rules { ignore: own(".ignore"), gitignore: own(".gitignore"), exclude: own(".git/info/exclude") }
    }
}

/// The rules of a file, which stand for a folder.
fn read(source: &Path, folder: &Path, files: &dyn Listing) -> Gitignore {
    let Some(text) = files.read(source) else { return Gitignore::empty() };
    let mut builder = GitignoreBuilder::new(folder);
    for line in text.trim_start_matches('\u{feff}').lines() {
        // As with git, what is no pattern excludes nothing.
        let _ = builder.add_line(None, line);
    }
    builder.build().unwrap_or_else(|_| Gitignore::empty())
}

/// The path without `.` and `..`.
fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::CurDir => {}
            std::path::Component::ParentDir => {
                out.pop();
            }
            _ => out.push(part),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use lockkeeper_cli::{Host, Native};
    use std::collections::BTreeSet;
    use std::fs;

    /// The real file system.
    struct Real;

    impl Listing for Real {
        fn list(&self, folder: &Path) -> io::Result<Vec<(Kind, String)>> {
            let entry = |it: io::Result<fs::DirEntry>| {
                let it = it.ok()?;
                let kind = it.file_type().ok()?;
                let kind = match () {
                    () if kind.is_dir() => Kind::Folder,
                    () if kind.is_file() || it.path().is_file() => Kind::File,
                    () => Kind::Other,
                };
                Some((kind, it.file_name().to_string_lossy().into_owned()))
            };
            Ok(fs::read_dir(folder)?.filter_map(entry).collect())
        }

        fn read(&self, file: &Path) -> Option<String> {
            fs::read_to_string(file).ok()
        }

        fn current(&self) -> PathBuf {
            std::env::current_dir().unwrap_or_default()
        }

        fn excludes(&self) -> Option<PathBuf> {
            None
        }
    }

    #[test]
    fn the_walk_finds_what_the_native_one_finds() {
        let folder = tempfile::tempdir().expect("there is room");
        let files = [
            (".gitignore", "*.log\n/build\n!keep.log\ndeep/**/x.sql\n.hidden-not\n"),
            (".ignore", "secret.sql\n!build\n"),
            (".git/info/exclude", "excluded.sql\n"),
            ("a.sql", ""),
            ("a.log", ""),
            ("keep.log", ""),
            ("build/b.sql", ""),
            (".hidden/c.sql", ""),
            (".shown/c.sql", ""),
            ("secret.sql", ""),
            ("excluded.sql", ""),
            ("deep/er/x.sql", ""),
            ("deep/er/y.sql", ""),
            ("own/.gitignore", "!*.log\n!.shown.sql\nout/\n"),
            ("own/b.log", ""),
            ("own/.shown.sql", ""),
            ("own/out/d.sql", ""),
            ("nested/.git/HEAD", ""),
            ("nested/e.log", ""),
            ("nested/e.sql", ""),
            ("odd/.gitignore", "[\n\\#hash.sql\n# comment\n  \n"),
            ("odd/#hash.sql", ""),
            ("odd/f.sql", ""),
        ];
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a file has a folder")).expect("it can be made");
            fs::write(path, text).expect("it can be written");
        }
        let names = |found: Vec<Result<PathBuf, WalkError>>| -> BTreeSet<PathBuf> {
            found.into_iter().map(|it| it.expect("everything can be entered")).collect()
        };
        for below in ["", "own", "nested", "deep/er"] {
            let start = folder.path().join(below);
            for depth in [Depth::All, Depth::Direct] {
                let found = names(walk(&start, depth, &Real));
                assert_eq!(found, names(Native::new().walk(&start, depth)), "{below} {depth:?}");
                assert!(!found.is_empty());
            }
        }
    }

    #[test]
    fn what_cannot_be_entered_is_an_error_with_its_path() {
        let found = walk(Path::new("no/such/folder"), Depth::All, &Real);
        assert!(matches!(&found[..], [Err(error)] if error.path == Path::new("no/such/folder")));
    }
}
