//! `cargo xtask test packages`: what a release holds, installed and used as its users do.

use crate::{npm, tools};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::PathBuf;

/// Makes the packages and tries them: in Node, by pre-commit, in Python.
pub(crate) fn test() -> Result<()> {
    npm::build(true)?;
    let package = npm::pack()?;
    tools::run(&mut tools::cargo(&["build", "--quiet", "--package", "lockkeeper-cli"]))?;
    let wheel = wheel()?;
    let mut test = tools::command("node", &["--test", "tests/packages"]);
    test.env("LOCKKEEPER", tools::debug_binary()).env("PACKAGE", package).env("WHEEL", wheel);
    test.env("PRE_COMMIT", python_tool("pre-commit")?).env("PYTHON", python_tool("python")?);
    tools::run(&mut test)
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
