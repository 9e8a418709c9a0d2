//! `cargo xtask`: what a developer runs. One module a subcommand; `tools` finds and runs other programs.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "this program's output is its talk with a developer")]

mod bench;
mod demo;
mod differential;
mod generate;
mod new_rule;
mod npm;
mod packages;
mod replay;
mod scaffold;
mod setup;
mod site;
mod suite;
mod tools;
mod wasm;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask COMMAND

  setup [--only PART]…   install what is missing; PART: native, checks, wasm, browser, servers, web, packages
  demo                   build the command line and check the example migrations
  test [STAGE]…          everything: lints, tests with real servers, the wasm module, the page in a browser
  bench [FOLDER]         how fast each part is, then the whole program on generated files and on those of FOLDER
  differential [--statements N] [--seed S]
                         random statements on PostgreSQL 15 and 18 and in the model: what differs, and how often
  replay --data DIR [--pg 15,18]
                         the histories of each project in DIR on a server and in the model: what differs
  generate               read anew what every server version brings: functions, operators, casts, types
  new-rule NAME          the document, the module and the table lines of a new rule
  wasm                   build the engine for the page into web/pkg, print its size, hold it under the bound
  npm [--quick]          build the npm package into target/npm; quick leaves out the optimiser
  site                   build the engine, the playground and the rules' pages into web/dist
  serve                  show web/dist at an address of this machine
  wasm --print-env       the environment of that build, for use with wasm-pack or cargo itself
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> anyhow::Result<()> {
    let mut arguments = lexopt::Parser::from_env();
    match arguments.next()? {
        Some(lexopt::Arg::Value(command)) => match command.to_str() {
            Some("setup") => setup::run(&mut arguments),
            Some("demo") => demo::run(&mut arguments),
            Some("test") => suite::run(&mut arguments),
            Some("bench") => bench::run(&mut arguments),
            Some("differential") => differential::run(&mut arguments),
            Some("replay") => replay::run(&mut arguments),
            Some("generate") => generate::run(&mut arguments),
            Some("new-rule") => new_rule::run(&mut arguments),
            Some("npm") => npm::run(&mut arguments),
            Some("site") => site::build(&mut arguments),
            Some("serve") => site::serve(&mut arguments),
            Some("wasm") => wasm::run(&mut arguments),
            _ => anyhow::bail!("no such command: {}\n\n{HELP}", command.display()),
        },
        Some(lexopt::Arg::Long("help") | lexopt::Arg::Short('h')) | None => {
            print!("{HELP}");
            Ok(())
        }
        Some(other) => Err(other.unexpected().into()),
    }
}
