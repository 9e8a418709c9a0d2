//! `cargo xtask generate`: writes what is read from the servers – the facts in `crates/model/src/builtins`.

use crate::setup::{self, Part};
use crate::tools;
use anyhow::Result;

/// The test that holds the files against the servers writes them.
pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result<()> {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    setup::ensure(&[Part::Servers])?;
    let arguments = ["test", "--quiet", "-p", "lockkeeper-tests", "--test", "server", "builtin_facts"];
    tools::run(tools::command("cargo", &arguments).env("LOCKKEEPER_WRITE_FACTS", "1"))
}
