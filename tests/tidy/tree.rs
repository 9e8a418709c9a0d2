//! The files of the repository.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf).unwrap_or_default()
}

/// Every file that git tracks or would track, relative to the root, in order of name.
pub(crate) fn all() -> Vec<String> {
    let listed = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .expect("git lists the files of the checkout");
    let mut names: Vec<String> = String::from_utf8_lossy(&listed.stdout).lines().map(str::to_owned).collect();
    names.retain(|it| root().join(it).is_file());
    names.sort();
    assert!(!names.is_empty(), "the tests run in a checkout");
    names
}

/// The files that end in `.extension`.
pub(crate) fn files(extension: &str) -> Vec<String> {
    let ending = format!(".{extension}");
    all().into_iter().filter(|it| it.ends_with(&ending)).collect()
}

/// The text of a file.
pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|err| panic!("{path}: {err}"))
}
