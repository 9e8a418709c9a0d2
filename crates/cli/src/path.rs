//! Paths as people write them.

use std::path::{Component, Path, PathBuf};

/// The path with `/` between its parts and without `./`, as reports show it.
pub(crate) fn shown(path: &Path) -> String {
    let parts = path.components().filter(|it| *it != Component::CurDir);
    let text = parts.collect::<PathBuf>().to_string_lossy().into_owned();
    if cfg!(windows) { text.replace('\\', "/") } else { text }
}

/// The path from the root of the file system, `..` resolved by its letters.
pub(crate) fn absolute(path: &Path, current: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in current.join(path).components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            _ => out.push(part),
        }
    }
    out
}

/// The folder that holds a file: `.` for a bare name.
pub(crate) fn folder(file: &Path) -> &Path {
    match file.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_as_typed_but_for_the_leading_dot() {
        assert_eq!(shown(Path::new("./db/./1.sql")), "db/1.sql");
        assert_eq!(shown(Path::new("../db/1.sql")), "../db/1.sql");
        assert_eq!(shown(Path::new("/db/1.sql")), "/db/1.sql");
    }

    #[test]
    fn parents_are_resolved() {
        assert_eq!(absolute(Path::new("../b/./c"), Path::new("/a/x")), Path::new("/a/b/c"));
        assert_eq!(absolute(Path::new("/../c"), Path::new("/a")), Path::new("/c"));
    }

    #[test]
    fn a_bare_name_lies_in_the_current_folder() {
        assert_eq!(folder(Path::new("1.sql")), Path::new("."));
        assert_eq!(folder(Path::new("db/1.sql")), Path::new("db"));
    }
}
