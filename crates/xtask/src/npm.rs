//! `cargo xtask npm`: the npm package – the command line as a module for Node, with the files of `npm/` around it.

use crate::{tools, wasm};
use anyhow::{Context, Result};
use std::fs;
use std::path::PathBuf;

/// The crate, and where its module goes (relative to the crate, as wasm-pack wants it).
const CRATE: &str = "crates/node";
const OUT: &str = "../../npm/engine";
/// What wasm-pack writes beside the module for a package of its own.
const NOT_OURS: [&str; 4] = ["package.json", "README.md", ".gitignore", "lockkeeper_node.d.ts"];
/// What every package carries.
const LICENCES: [&str; 2] = ["LICENSE-MIT", "LICENSE-APACHE"];

/// Builds the module into `npm/engine` and packs the folder into `target/npm`.
pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result<()> {
    let mut quick = false;
    while let Some(argument) = arguments.next()? {
        match argument {
            lexopt::Arg::Long("quick") => quick = true,
            other => return Err(other.unexpected().into()),
        }
    }
    build(quick)?;
    println!("{}", pack()?.display());
    Ok(())
}

/// Builds the module; without wasm-opt if it need not be small.
pub(crate) fn build(quick: bool) -> Result<()> {
    let wasm_pack = tools::find("wasm-pack").context("wasm-pack is missing: run `cargo xtask setup --only wasm`")?;
    let arguments =
        ["build", CRATE, "--target", "nodejs", "--out-dir", OUT, "--profile", "wasm", "--mode", "no-install"];
    let mut command = tools::command(wasm_pack, &arguments);
    command.args(quick.then_some("--no-opt")).envs(wasm::environment()?);
    tools::run(&mut command)?;
    let npm = tools::root().join("npm");
    for name in NOT_OURS {
        let file = npm.join("engine").join(name);
        if file.exists() {
            fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    for name in LICENCES {
        fs::copy(tools::root().join(name), npm.join(name)).with_context(|| format!("cannot copy {name}"))?;
    }
    Ok(())
}

/// Packs the folder as npm would publish it; gives the archive.
pub(crate) fn pack() -> Result<PathBuf> {
    let folder = tools::target_dir().join("npm");
    fs::create_dir_all(&folder)?;
    let to = folder.to_string_lossy().into_owned();
    tools::run(&mut tools::command("npm", &["pack", "./npm", "--silent", "--pack-destination", &to]))?;
    Ok(folder.join(concat!("lockkeeper-", env!("CARGO_PKG_VERSION"), ".tgz")))
}
