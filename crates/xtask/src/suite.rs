//! `cargo xtask test`: everything, with nothing skipped: the stages of the engine one after the other, beside them
//! those of the page, and a list of what failed at the end.

use crate::scaffold;
use crate::setup::{self, Part};
use crate::{differential, packages, tools, wasm};
use anyhow::{Context, Result, bail, ensure};
use std::env;
use std::fs::{self, File};
use std::path::PathBuf;
use std::process::{Child, Stdio};
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

/// What the others need.
const SETUP: Stage = Stage { name: "setup", what: "what is missing is installed", run: || setup::ensure(&Part::ALL) };

const ENGINE: [Stage; 7] = [
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
];

/// What lasts because one thing waits for another: a linker with one thread, a browser. It runs beside the engine's.
const PAGE: [Stage; 5] = [
    Stage { name: "wasm", what: "the engine for the page and its size", run: wasm::build },
    Stage { name: "page", what: "the playground's types, format and build, with the rules' pages", run: page },
    Stage { name: "browser", what: "the playground in Chromium", run: browser },
    Stage { name: "equality", what: "native and wasm say the same", run: equality },
    Stage {
        name: "packages",
        what: "crates, npm package, pre-commit hook and wheel, installed and used",
        run: packages::test,
    },
];

/// What measures, and so has the machine to itself.
const SPEED: Stage = Stage { name: "speed", what: "how fast the playground is in Chromium", run: speed };

fn stages() -> impl Iterator<Item = &'static Stage> {
    std::iter::once(&SETUP).chain(&ENGINE).chain(&PAGE).chain([&SPEED])
}

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
    let summary = if chosen.is_empty() { everything()? } else { Summary::of(chosen.into_iter().map(pass)) };
    summary.print()
}

/// All stages: the page's beside the engine's, in a process of their own whose output is printed when both are done.
fn everything() -> Result<Summary> {
    let setup = pass(&SETUP);
    if setup.failure.is_some() {
        // Nothing that follows can pass without its tools.
        return Ok(Summary::of([setup]));
    }
    let beside = Beside::start(&PAGE)?;
    let mut summary = Summary::of(std::iter::once(setup).chain(ENGINE.iter().map(pass)));
    let page = beside.finish()?;
    let built = page.failed.iter().all(|it| it != "wasm" && it != "page");
    summary.add(page);
    // Without the page there is nothing to measure.
    summary.add(Summary::of(built.then(|| pass(&SPEED))));
    Ok(summary)
}

fn pass(stage: &Stage) -> Done {
    println!("\n=== {}: {}", stage.name, stage.what);
    let start = Instant::now();
    let failure = (stage.run)().err();
    let done = Done { name: stage.name, time: start.elapsed(), failure };
    println!("{}", line(&done));
    done
}

fn stage(name: &str) -> Result<&'static Stage> {
    stages().find(|it| it.name == name).with_context(|| {
        let names: Vec<&str> = stages().map(|it| it.name).collect();
        format!("no such stage: `{name}` ({})", names.join(", "))
    })
}

/// How the stages ended: a line each, and the names of those that failed.
#[derive(Default)]
struct Summary {
    lines: Vec<String>,
    failed: Vec<String>,
}

/// What stands before the lines of a summary.
const SUMMARY: &str = "=== summary";

impl Summary {
    fn of(stages: impl IntoIterator<Item = Done>) -> Self {
        let mut summary = Self::default();
        for done in stages {
            summary.lines.push(line(&done));
            summary.failed.extend(done.failure.is_some().then(|| done.name.to_owned()));
        }
        summary
    }

    /// Of the output of another process of this program, which had these stages to run: one of which it says nothing
    /// has failed.
    fn read(output: &str, stages: &[Stage]) -> Self {
        let mut summary = Self::default();
        let said = output.rsplit_once(SUMMARY).map_or("", |(_, lines)| lines);
        for Stage { name, .. } in stages {
            let line = said.lines().find(|line| line.starts_with(&format!("{name}: ")));
            let passed = line.is_some_and(|line| line.starts_with(&format!("{name}: passed")));
            summary.lines.push(line.map_or_else(|| format!("{name}: FAILED without a word"), str::to_owned));
            summary.failed.extend((!passed).then(|| (*name).to_owned()));
        }
        summary
    }

    fn add(&mut self, other: Self) {
        self.lines.extend(other.lines);
        self.failed.extend(other.failed);
    }

    fn print(self) -> Result<()> {
        println!("\n{SUMMARY}");
        self.lines.iter().for_each(|it| println!("{it}"));
        if self.failed.is_empty() { Ok(()) } else { bail!("failed: {}", self.failed.join(", ")) }
    }
}

/// Stages that run in another process of this program.
struct Beside {
    process: Child,
    output: PathBuf,
    stages: &'static [Stage],
}

impl Beside {
    fn start(stages: &'static [Stage]) -> Result<Self> {
        let output = tools::target_dir().join("test-beside.log");
        let file = File::create(&output).with_context(|| format!("cannot write {}", output.display()))?;
        let names: Vec<&str> = stages.iter().map(|it| it.name).collect();
        println!("\n=== beside what follows: {} (output in {})", names.join(", "), output.display());
        let mut command = tools::command(env::current_exe()?, &["test"]);
        command.args(names).stdin(Stdio::null()).stdout(file.try_clone()?).stderr(file);
        let process = command.spawn().context("cannot run this program once more")?;
        Ok(Self { process, output, stages })
    }

    /// Waits for the end, and prints what was said.
    fn finish(mut self) -> Result<Summary> {
        let status = self.process.wait()?;
        let said = String::from_utf8_lossy(&fs::read(&self.output)?).into_owned();
        println!("{said}");
        let summary = Summary::read(&said, self.stages);
        ensure!(status.success() || !summary.failed.is_empty(), "the stages beside ended with {status}");
        Ok(summary)
    }
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

fn speed() -> Result<()> {
    tools::run(&mut tools::npm("tests/browser", "speed"))
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
    fn of_another_process_the_stages_that_it_does_not_call_passed_have_failed() {
        let output =
            "wasm: passed in 1.0 s\n\n=== summary\nwasm: passed in 1.0 s\npage: FAILED after 2.0 s: no types\n";
        let summary = Summary::read(output, &PAGE[..3]);
        assert_eq!(summary.failed, ["page", "browser"]);
        assert_eq!(summary.lines[0], "wasm: passed in 1.0 s");
        assert_eq!(summary.lines[2], "browser: FAILED without a word");
    }

    #[test]
    fn the_summary_says_why_a_stage_failed() {
        let done = |failure| line(&Done { name: "rust", time: Duration::from_millis(1250), failure });
        assert_eq!(done(None), "rust: passed in 1.2 s");
        assert_eq!(done(Some(anyhow::anyhow!("no server"))), "rust: FAILED after 1.2 s: no server");
    }
}
