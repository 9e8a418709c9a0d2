//! `cargo xtask replay`: real histories on a server and through the model.

use crate::tools;
use anyhow::{Context, Result, ensure};
use std::path::PathBuf;

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result<()> {
    let (mut data, mut servers) = (None, "15".to_owned());
    while let Some(argument) = arguments.next()? {
        match argument {
            lexopt::Arg::Long("data") => data = Some(PathBuf::from(arguments.value()?)),
            lexopt::Arg::Long("pg") => servers = arguments.value()?.to_string_lossy().into_owned(),
            other => return Err(other.unexpected().into()),
        }
    }
    let data = data.context("--data names the folder whose sub-folders are projects")?;
    ensure!(data.is_dir(), "{}: no such folder", data.display());
    let data = std::path::absolute(data)?;
    let test = ["test", "--quiet", "--package", "lockkeeper-tests", "--test", "server"];
    let mut test = tools::cargo(&test);
    test.args(["--", "--nocapture", "real_histories_do_what_is_predicted"]);
    test.env("LOCKKEEPER_REQUIRE_SERVERS", &servers).env("LOCKKEEPER_SERVERS", &servers);
    tools::run(test.env("LOCKKEEPER_REPLAY", data))
}
