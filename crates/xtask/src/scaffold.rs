//! Tries `new-rule` in a copy of the workspace: what it writes compiles, and fails the tests until the rule is written.

use crate::{new_rule, tools};
use anyhow::{Context, Result, ensure};
use std::fs;
use std::path::Path;

const NAME: &str = "scaffolded-by-a-test";

/// What of the workspace cargo needs to compile it.
const COPIED: [&str; 5] = ["Cargo.toml", "Cargo.lock", "crates", "rules", "tests"];

pub(crate) fn run() -> Result<()> {
    let copy = tools::target_dir().join("scaffold");
    if copy.exists() {
        fs::remove_dir_all(&copy).context("cannot remove the copy of last time")?;
    }
    fs::create_dir_all(&copy)?;
    for part in COPIED {
        copy_all(&tools::root().join(part), &copy.join(part))?;
    }
    new_rule::write(&copy, NAME)?;

    // Of the whole workspace: for one package alone cargo would choose other features and compile the dependencies anew.
    let test = |arguments: &[&str]| {
        let mut command = tools::cargo(&["test", "--quiet", "--workspace", "--test", "documents"]);
        command.args(arguments).current_dir(&copy).env("CARGO_TARGET_DIR", tools::target_dir());
        command
    };
    tools::run(&mut test(&["--no-run"]))?;
    let output = test(&[]).output().context("cannot run cargo")?;
    let said = String::from_utf8_lossy(&output.stdout);
    ensure!(!output.status.success(), "the tests pass although the new rule does not do what its document says");
    let expected = format!("claimed, but does not fire: finding {NAME}");
    ensure!(said.contains(&expected), "the tests fail, but not by `{expected}`:\n{said}");
    println!("the tests say: {expected}");
    Ok(fs::remove_dir_all(&copy)?)
}

/// Copies a file, or a folder without what npm installed in it.
fn copy_all(from: &Path, to: &Path) -> Result<()> {
    if !from.is_dir() {
        fs::copy(from, to).with_context(|| format!("cannot copy {}", from.display()))?;
        return Ok(());
    }
    fs::create_dir_all(to)?;
    for entry in from.read_dir()? {
        let name = entry?.file_name();
        if name != "node_modules" {
            copy_all(&from.join(&name), &to.join(&name))?;
        }
    }
    Ok(())
}
