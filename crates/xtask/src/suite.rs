//! `cargo xtask test`: everything, with nothing skipped. One stage after the other; a list of what failed at the end.

use crate::scaffold;
use crate::setup::{self, Part};
use crate::{differential, packages, tools, wasm};
use anyhow::{Context, Result, bail};
use std::time::{Duration, Instant};

/// The servers that the tests must find: Debian's 15, the others from npm.
const SERVERS: &str = "13,14,15,16,17,18";

/// V8's stack in kilobytes, below the 8 MB that systems give the main thread. V8's default of 984 holds a thousand terms
/// in a module that has just started, but not once its optimiser has made the decoder's frames larger.
const NODE_STACK: &str = "--stack-size=7000";

/// Something that passes or fails as a whole.
struct Stage {
    name: &'static str,
    what: &'static str,
    run: fn() -> Result<()>,
}

const STAGES: [Stage; 13] = [
    Stage { name: "setup", what: "what is missing is installed", run: || setup::ensure(&Part::ALL) },
    Stage { name: "format", what: "cargo fmt", run: format },
    Stage { name: "lints", what: "cargo clippy, no warnings", run: lints },
    Stage { name: "rust", what: "all Rust tests, with PostgreSQL 13 to 18", run: rust },
    Stage {
        name: "differential",
        what: "random statements on PostgreSQL 15 and 18, as the model says",
        run: differential::short,
    },
    Stage { name: "docs", what: "cargo doc, no warnings", run: docs },
    Stage { name: "dependencies", what: "cargo deny: bans, licences, sources", run: dependencies },
    Stage { name: "scaffold", what: "a rule made by new-rule compiles and fails the tests", run: scaffold::run },
    Stage { name: "wasm", what: "the engine for the page and its size", run: wasm::build },
    Stage { name: "equality", what: "native and wasm say the same", run: equality },
    Stage {
        name: "packages",
        what: "crates, npm package, pre-commit hook and wheel, installed and used",
        run: packages::test,
    },
    Stage { name: "page", what: "the playground's types, format and build, with the rules' pages", run: page },
    Stage { name: "browser", what: "the playground in Chromium", run: browser },
];

/// How a stage ended.
struct Done {
    name: &'static str,
    time: Duration,
    failure: Option<anyhow::Error>,
}

pub(crate) fn run(arguments: &mut lexopt::Parser) -> Result<()> {
    let mut chosen = Vec::new();
    while let Some(argument) = arguments.next()? {
        let lexopt::Arg::Value(name) = argument else { return Err(argument.unexpected().into()) };
        chosen.push(stage(&name.to_string_lossy())?);
    }
    let chosen = if chosen.is_empty() { STAGES.iter().collect() } else { chosen };
    let mut all = Vec::new();
    for stage in chosen {
        println!("\n=== {}: {}", stage.name, stage.what);
        let start = Instant::now();
        let failure = (stage.run)().err();
        let done = Done { name: stage.name, time: start.elapsed(), failure };
        println!("{}", line(&done));
        // Nothing that follows can pass without its tools.
        let stop = done.failure.is_some() && done.name == "setup";
        all.push(done);
        if stop {
            break;
        }
    }
    println!("\n=== summary");
    all.iter().for_each(|it| println!("{}", line(it)));
    let failed: Vec<&str> = all.iter().filter(|it| it.failure.is_some()).map(|it| it.name).collect();
    if failed.is_empty() { Ok(()) } else { bail!("failed: {}", failed.join(", ")) }
}

fn stage(name: &str) -> Result<&'static Stage> {
    STAGES.iter().find(|it| it.name == name).with_context(|| {
        let names: Vec<&str> = STAGES.iter().map(|it| it.name).collect();
        format!("no such stage: `{name}` ({})", names.join(", "))
    })
}

fn line(done: &Done) -> String {
    let seconds = done.time.as_secs_f64();
    match &done.failure {
        None => format!("{}: passed in {seconds:.1} s", done.name),
        Some(error) => format!("{}: FAILED after {seconds:.1} s: {error:#}", done.name),
    }
}

fn format() -> Result<()> {
    tools::run(&mut tools::cargo(&["fmt", "--all", "--check"]))
}

fn lints() -> Result<()> {
    let arguments = ["clippy", "--quiet", "--workspace", "--all-targets", "--", "--deny", "warnings"];
    tools::run(&mut tools::cargo(&arguments))
}

fn rust() -> Result<()> {
    let mut test = tools::cargo(&["test", "--quiet", "--workspace", "--no-fail-fast"]);
    tools::run(test.env("LOCKKEEPER_REQUIRE_SERVERS", SERVERS))
}

fn docs() -> Result<()> {
    let mut doc = tools::cargo(&["doc", "--quiet", "--workspace", "--no-deps", "--document-private-items"]);
    tools::run(doc.env("RUSTDOCFLAGS", "--deny warnings"))
}

fn dependencies() -> Result<()> {
    let cargo_deny =
        tools::find("cargo-deny").context("cargo-deny is missing: run `cargo xtask setup --only checks`")?;
    tools::run(&mut tools::command(cargo_deny, &["check", "bans", "licenses", "sources"]))
}

fn equality() -> Result<()> {
    tools::run(&mut tools::cargo(&["build", "--quiet", "--package", "lockkeeper-cli"]))?;
    let mut test = tools::command("node", &[NODE_STACK, "tests/wasm/equality.test.js"]);
    tools::run(test.env("LOCKKEEPER", tools::debug_binary()))
}

fn page() -> Result<()> {
    tools::run(&mut tools::npm("web", "format:check"))?;
    tools::run(&mut tools::npm("web", "build"))
}

fn browser() -> Result<()> {
    tools::run(&mut tools::npm("tests/browser", "test"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_is_found_by_its_name() {
        assert_eq!(stage("rust").unwrap().name, "rust");
        assert!(stage("rest").err().unwrap().to_string().starts_with("no such stage: `rest` (setup, format"));
    }

    #[test]
    fn the_summary_says_why_a_stage_failed() {
        let done = |failure| line(&Done { name: "rust", time: Duration::from_millis(1250), failure });
        assert_eq!(done(None), "rust: passed in 1.2 s");
        assert_eq!(done(Some(anyhow::anyhow!("no server"))), "rust: FAILED after 1.2 s: no server");
    }
}
