//! `cargo xtask site` and `serve`: the playground with the rules' pages, as files that any host can show.

use crate::setup::{self, Part};
use crate::{tools, wasm};
use anyhow::Result;

/// Builds the engine and the pages into `web/dist`.
pub(crate) fn build(arguments: &mut lexopt::Parser) -> Result<()> {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    setup::ensure(&[Part::Wasm, Part::Web])?;
    wasm::build()?;
    tools::run(&mut tools::npm("web", "build"))
}

/// Shows `web/dist` at an address of this machine, until it is stopped.
pub(crate) fn serve(arguments: &mut lexopt::Parser) -> Result<()> {
    if let Some(argument) = arguments.next()? {
        return Err(argument.unexpected().into());
    }
    tools::run(&mut tools::npm("web", "preview"))
}
