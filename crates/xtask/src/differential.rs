//! `cargo xtask differential`: random statements on servers 15 and 18 and through the model.

use crate::tools;
use anyhow::{Context, Result};

/// What `cargo xtask test` runs: statements and seed.
const SHORT: (u64, u64) = (2_000, 1);

/// The short form, which takes about a minute.
pub(crate) fn short() -> Result<()> {
    compare(SHORT.0, SHORT.1)
}

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result<()> {
    let (mut statements, mut seed) = (20_000_u64, 1_u64);
    while let Some(argument) = arguments.next()? {
        let number = |arguments: &mut lexopt::Parser, name: &str| -> Result<u64> {
            let value = arguments.value()?;
            value.to_string_lossy().parse().with_context(|| format!("--{name} wants a number"))
        };
        match argument {
            lexopt::Arg::Long("statements") => statements = number(arguments, "statements")?,
            lexopt::Arg::Long("seed") => seed = number(arguments, "seed")?,
            other => return Err(other.unexpected().into()),
        }
    }
    compare(statements, seed)
}

fn compare(statements: u64, seed: u64) -> Result<()> {
    let test = ["test", "--quiet", "--package", "lockkeeper-tests", "--test", "server"];
    let mut test = tools::cargo(&test);
    test.args(["--", "--nocapture", "random_sequences_do_what_is_predicted"]);
    tools::run(test.env("LOCKKEEPER_REQUIRE_SERVERS", "15,18").env("LOCKKEEPER_DIFFERENTIAL", plan(statements, seed)))
}

/// How the test is told what to run.
pub(crate) fn plan(statements: u64, seed: u64) -> String {
    format!("{statements},{seed}")
}
