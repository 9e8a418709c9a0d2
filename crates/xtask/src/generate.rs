//! `cargo xtask generate [settings|facts]`: writes the schema of `lockkeeper.toml` and the index of the rules, and what is read from the servers –
//! the facts in `crates/model/src/builtins`.

use crate::setup::{self, Part};
use crate::tools;
use anyhow::{Result, bail};

/// The tests that hold the files to what they are made from write them.
pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result<()> {
    let part = arguments.next()?;
    match part {
        None => settings().and_then(|()| facts()),
        Some(lexopt::Arg::Value(name)) if name == "settings" => settings(),
        Some(lexopt::Arg::Value(name)) if name == "facts" => facts(),
        Some(lexopt::Arg::Value(name)) => bail!("no such part: `{}` (settings, facts)", name.to_string_lossy()),
        Some(other) => Err(other.unexpected().into()),
    }
}

fn settings() -> Result<()> {
    let arguments = ["test", "--quiet", "-p", "lockkeeper-report", "--test", "it", "is_up_to_date"];
    tools::run(tools::command("cargo", &arguments).env("LOCKKEEPER_WRITE_SCHEMA", "1"))
}

fn facts() -> Result<()> {
    setup::ensure(&[Part::Servers])?;
    let arguments = ["test", "--quiet", "-p", "lockkeeper-tests", "--test", "server", "builtin_facts"];
    tools::run(tools::command("cargo", &arguments).env("LOCKKEEPER_WRITE_FACTS", "1"))
}
