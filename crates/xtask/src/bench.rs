//! `cargo xtask bench`: how fast each step is, then the whole program: its time and its peak memory.

mod generate;
mod measure;

use crate::setup::{self, Part};
use crate::tools;
use anyhow::{Context, Result};
use measure::{Measured, measure};
use std::fs;
use std::path::{Path, PathBuf};

/// What the steps are measured on, and what the whole program is measured on, in bytes.
const STEPS: usize = 1_000_000;
const WHOLE: usize = 10_000_000;

/// How often a run is repeated; the best counts, as noise only ever adds.
const SHORT_RUNS: u32 = 20;
const LONG_RUNS: u32 = 3;

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result<()> {
    let mut folder = None;
    while let Some(argument) = arguments.next()? {
        match argument {
            lexopt::Arg::Value(path) if folder.is_none() => folder = Some(PathBuf::from(path)),
            other => return Err(other.unexpected().into()),
        }
    }
    setup::ensure(&[Part::Native])?;
    let steps = write("steps", &generate::ddl(STEPS))?;
    let whole = write("whole", &generate::ddl(WHOLE))?;
    let one = write("one", "ALTER TABLE events ADD COLUMN note text;\n")?;

    let mut bench = tools::cargo(&["bench", "--quiet", "--package", "lockkeeper-cli", "--bench", "check"]);
    tools::run(bench.env("LOCKKEEPER_BENCH_SQL", steps))?;
    tools::run(&mut tools::cargo(&["build", "--quiet", "--release", "--package", "lockkeeper-cli"]))?;

    println!("\n{:<44} {:>10} {:>12}", "the whole program, best of several runs", "time", "peak memory");
    row("starting: lockkeeper --version", &["--version"], &[], SHORT_RUNS)?;
    row("check, one statement", CHECK, &[&one], SHORT_RUNS)?;
    row("check, 10 MB of DDL", CHECK, &[&whole], LONG_RUNS)?;
    row("effects, 10 MB of DDL", EFFECTS, &[&whole], LONG_RUNS)?;
    if let Some(folder) = &folder {
        row(&format!("check, {}", folder.display()), CHECK, &[folder], LONG_RUNS)?;
    }
    Ok(())
}

/// Writes a file that is alone in its folder, and so has no history.
fn write(name: &str, text: &str) -> Result<PathBuf> {
    let folder = tools::target_dir().join("bench").join(name);
    fs::create_dir_all(&folder)?;
    let file = folder.join("1.sql");
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(file)
}

const CHECK: &[&str] = &["check", "--format", "json", "--fail-on", "never"];
const EFFECTS: &[&str] = &["effects", "--format", "json"];

fn row(name: &str, arguments: &[&str], paths: &[&Path], runs: u32) -> Result<()> {
    let program = tools::release_binary();
    let all = (0..runs).map(|_| measure(&program, arguments, paths)).collect::<Result<Vec<Measured>>>()?;
    let time = all.iter().map(|it| it.time).min().unwrap_or_default().as_secs_f64() * 1000.0;
    let memory = match all.iter().filter_map(|it| it.memory).max() {
        Some(bytes) => format!("{:.1} MB", bytes as f64 / 1e6),
        None => "unknown".to_owned(),
    };
    println!("{name:<44} {time:>7.1} ms {memory:>12}");
    Ok(())
}
