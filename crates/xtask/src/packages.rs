//! `cargo xtask test packages`: what a release holds, installed and used as its users do.

use crate::{npm, tools};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::PathBuf;

/// Makes the packages and tries them: for crates.io, in Node, by pre-commit, in Python.
pub(crate) fn test() -> Result<()> {
    crates()?;
    npm::build(true)?;
    let package = npm::pack()?;
    tools::run(&mut tools::cargo(&["build", "--quiet", "--package", "lockkeeper-cli"]))?;
    let wheel = wheel()?;
    let mut test = tools::command("node", &["--test", "tests/packages"]);
    test.env("LOCKKEEPER", tools::debug_binary()).env("PACKAGE", package).env("WHEEL", wheel);
    test.env("PRE_COMMIT", python_tool("pre-commit")?).env("PYTHON", python_tool("python")?);
    tools::run(&mut test)
}

/// Every crate that may be published, as its archive; they are compiled elsewhere.
fn crates() -> Result<()> {
    let mut package = tools::cargo(&["package", "--quiet", "--workspace", "--no-verify", "--allow-dirty"]);
    for name in private_packages()? {
        package.args(["--exclude", &name]);
    }
    tools::run(&mut package)
}

/// The names of the packages that say `publish = false`.
fn private_packages() -> Result<Vec<String>> {
    let folders = fs::read_dir(tools::root().join("crates"))?.flatten().map(|it| it.path());
    let mut names = Vec::new();
    for folder in folders.chain([tools::root().join("tests"), tools::root().join("rules")]) {
        let Ok(manifest) = fs::read_to_string(folder.join("Cargo.toml")) else { continue };
        let name = manifest.lines().find_map(|it| it.strip_prefix("name = \"")?.strip_suffix('"'));
        if manifest.lines().any(|it| it == "publish = false") {
            names.extend(name.map(str::to_owned));
        }
    }
    names.sort();
    Ok(names)
}

/// The wheel of the program as `cargo build` has just left it: what is tried is the packing, not the optimiser.
fn wheel() -> Result<PathBuf> {
    let folder = tools::target_dir().join("wheels");
    // Wheels of other versions are not to be tried.
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let to = folder.to_string_lossy().into_owned();
    let build = ["build", "--quiet", "--profile", "dev", "--strip", "false", "--compatibility", "linux", "--out", &to];
    tools::run(&mut tools::command(python_tool("maturin")?, &build))?;
    let mut wheels = fs::read_dir(&folder)?.flatten().map(|it| it.path());
    let wheel = wheels.next().context("maturin made no wheel")?;
    ensure!(wheels.next().is_none(), "maturin made more than one wheel");
    Ok(wheel)
}

/// A program of the workspace's own Python.
fn python_tool(name: &str) -> Result<PathBuf> {
    tools::find(name).with_context(|| format!("{name} is missing: run `cargo xtask setup --only packages`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_this_workspace_uses_is_not_published() {
        let names = private_packages().unwrap();
        assert!(names.contains(&"lockkeeper-xtask".to_owned()) && names.contains(&"lockkeeper-tests".to_owned()));
        assert!(!names.contains(&"lockkeeper-cli".to_owned()));
    }
}
