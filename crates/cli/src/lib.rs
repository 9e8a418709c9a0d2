//! The command line of Lockkeeper as a function of its arguments and a [`Host`].

#![forbid(unsafe_code)]

mod alternatives;
mod applied;
mod args;
mod baseline;
mod check;
mod comment;
mod config;
mod describe;
mod edited;
#[cfg(not(target_family = "wasm"))]
mod editor;
mod effects;
mod explain;
mod gather;
mod git;
mod host;
#[cfg(not(target_family = "wasm"))]
mod http;
mod init;
mod load;
#[cfg(not(target_family = "wasm"))]
mod man;
#[cfg(not(target_family = "wasm"))]
mod mcp;
mod memory;
mod mend;
#[cfg(not(target_family = "wasm"))]
mod native;
mod output;
mod path;
mod plan;
mod progress;
mod schema;
mod since;
mod split;
mod sql;
#[cfg(not(target_family = "wasm"))]
mod verify;
#[cfg(not(target_family = "wasm"))]
mod watch;

pub use host::{Depth, GitRun, Host, HttpAnswer, HttpRequest, PathKind, WalkError};
#[cfg(not(target_family = "wasm"))]
pub use native::Native;

use args::{Arguments, Command};
use clap::error::ErrorKind;
use clap::{CommandFactory, Parser};
use config::ConfigError;
use git::GitError;
use lockkeeper_core::UnknownRule;
use std::ffi::OsString;
use std::io;

/// How a run ends, worst last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing at or above `--fail-on`.
    Clean,
    /// Findings, or SQL that PostgreSQL cannot parse.
    Findings,
    /// Wrong usage, an unreadable configuration, or a file that could not be read or decoded.
    Failed,
}

impl Outcome {
    /// The exit status.
    pub fn code(self) -> u8 {
        match self {
            Outcome::Clean => 0,
            Outcome::Findings => 1,
            Outcome::Failed => 2,
        }
    }
}

/// Why a run ends without a report.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CliError {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error("no migrations found{}; name files or folders, or `-` for standard input", .0)]
    NothingToRead(String),
    #[error(transparent)]
    UnknownRule(UnknownRule),
    #[error(transparent)]
    Git(#[from] GitError),
    #[error("{path}: is no file of facts; `lockkeeper facts URL` writes one: {message}")]
    Facts { path: String, message: String },
    #[cfg(not(target_family = "wasm"))]
    #[error(transparent)]
    Verify(#[from] verify::VerifyError),
    #[error("{path}: cannot be read: {source}")]
    Baseline { path: String, source: io::Error },
    #[error("{path}:{line}: is not a line of a baseline; write it with --write-baseline")]
    NoBaseline { path: String, line: usize },
    #[error("{path}: cannot be read: {source}")]
    ReadReport { path: String, source: io::Error },
    #[error("{path}: {message}")]
    NoReport { path: String, message: String },
    #[error(
        "nothing says where to comment: name the forge with `--forge github` or `--forge gitlab`, or see the comment with `--dry-run`"
    )]
    NoForge,
    #[error("two reports cannot go to the same place: give one a file of its own, as in `--format sarif=report.sarif`")]
    TwoReports,
    #[cfg(not(target_family = "wasm"))]
    #[error("standard input cannot be watched; name files or folders")]
    WatchStdin,
    #[cfg(not(target_family = "wasm"))]
    #[error("there is no command `{0}`; `lockkeeper help` lists them")]
    NoCommand(String),
    #[error("standard input is no file that could be changed; name a file")]
    FixOfStdin,
    #[error("{path}: the schema cannot be read: {source}")]
    Schema { path: String, source: io::Error },
    #[error("{0} is there already; remove it to have another one written")]
    ExistsAlready(String),
    #[error("{path}: cannot be written: {source}")]
    Write { path: String, source: io::Error },
    #[error("standard output: {0}")]
    Stdout(io::Error),
}

/// Runs the program with its arguments, the first being its own name.
pub fn run(args: impl IntoIterator<Item = OsString>, host: &dyn Host) -> Outcome {
    let done = match Arguments::try_parse_from(args) {
        Ok(arguments) => obey(arguments.command, host),
        // Help and version come as errors too.
        Err(error) if error.use_stderr() => {
            host.stderr(&error.render().to_string());
            if cfg!(target_family = "wasm") && error.kind() == ErrorKind::InvalidSubcommand {
                host.stderr("`verify`, `facts`, `lsp`, `mcp` and `man` are in the native program, which the package of Python brings: lockkeeper-pg\n");
            }
            return Outcome::Failed;
        }
        Err(error) => output::stdout(&error.render().to_string(), host).map(|()| Outcome::Clean),
    };
    match done {
        Ok(outcome) => outcome,
        // `lockkeeper check | head` is no failure.
        Err(CliError::Stdout(error)) if error.kind() == io::ErrorKind::BrokenPipe => Outcome::Clean,
        Err(error) => {
            host.stderr(&format!("error: {error}\n"));
            Outcome::Failed
        }
    }
}

fn obey(command: Command, host: &dyn Host) -> Result<Outcome, CliError> {
    match command {
        #[cfg(not(target_family = "wasm"))]
        Command::Check(it) if it.watch => watch::run(&it, host),
        Command::Check(it) => check::run(&it, host),
        Command::Comment(it) => comment::run(&it, host),
        Command::Effects(it) => effects::run(&it, host),
        #[cfg(not(target_family = "wasm"))]
        Command::Verify(it) => verify::run(&it, host),
        #[cfg(not(target_family = "wasm"))]
        Command::Facts(it) => verify::facts::run(&it, host),
        Command::Schema(it) => schema::run(&it, host),
        Command::Sql(it) => sql::run(&it, host),
        Command::Explain(it) => explain::explain(&it, host),
        Command::Rules(it) => explain::rules(&it, host),
        #[cfg(not(target_family = "wasm"))]
        Command::Lsp { .. } => Ok(editor::run(host)),
        #[cfg(not(target_family = "wasm"))]
        Command::Mcp(it) => Ok(mcp::run(&it, host)),
        Command::Init(it) => init::run(&it, host),
        #[cfg(not(target_family = "wasm"))]
        Command::Man { command } => man::run(command.as_deref(), host),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "lockkeeper", &mut script);
            host.stdout(&script).map_err(CliError::Stdout)?;
            Ok(Outcome::Clean)
        }
    }
}
