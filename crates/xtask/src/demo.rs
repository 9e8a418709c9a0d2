//! `cargo xtask demo`: builds the command line and lets it check the example migrations.

use crate::setup::{self, Part};
use crate::tools;
use anyhow::{Context, Result, ensure};
use std::process::Stdio;

const EXAMPLE: &str = "tests/examples/odds";

/// What is wrong with the example, as its README says: the rule, and the file with the line.
const FINDINGS: [(&str, &str); 3] = [
    ("partition-key-missing-in-unique", "0009_closing_odds.sql:12:"),
    ("index-built-under-lock", "0009_closing_odds.sql:19:"),
    ("column-dropped", "0009_closing_odds.sql:22:"),
];

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result<()> {
    if let Some(more) = arguments.next()? {
        return Err(more.unexpected().into());
    }
    setup::ensure(&[Part::Native])?;
    tools::run(&mut tools::cargo(&["build", "--release", "--package", "lockkeeper-cli"]))?;

    let mut check = tools::command(tools::release_binary(), &["check", EXAMPLE]);
    check.stderr(Stdio::inherit());
    println!("\n$ lockkeeper check {EXAMPLE}\n");
    let output = check.output().context("cannot run the command line")?;
    let report = String::from_utf8_lossy(&output.stdout);
    println!("{report}");
    ensure!(output.status.code() == Some(1), "the example has findings, so the status must be 1: {}", output.status);
    hold(&report)?;
    println!("The good files are silent, and the three mistakes of the pending migration are found. Next:");
    println!("  cargo install --path crates/cli && lockkeeper check path/to/your/migrations");
    Ok(())
}

/// Fails unless the report holds just the expected findings.
fn hold(report: &str) -> Result<()> {
    for (rule, place) in FINDINGS {
        ensure!(report.contains(&format!("[{rule}]")), "the finding `{rule}` is missing");
        ensure!(report.contains(place), "the place `{place}…` of `{rule}` is missing");
    }
    let arrows = report.lines().filter(|it| it.trim_start().starts_with("--> ")).count();
    ensure!(arrows == FINDINGS.len(), "{} findings are expected, not {arrows}", FINDINGS.len());
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(findings: &[(&str, &str)]) -> String {
        findings.iter().map(|(rule, place)| format!("error: x [{rule}]\n  --> {EXAMPLE}/{place}1\n")).collect()
    }

    #[test]
    fn just_the_expected_findings_hold() {
        assert!(hold(&report(&FINDINGS)).is_ok());
        assert!(hold(&report(&FINDINGS[1..])).is_err());
        let with_another = report(&FINDINGS) + &report(&[("table-dropped", "0001_sports.sql:1:")]);
        assert!(hold(&with_another).is_err());
    }
}
