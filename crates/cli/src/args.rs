//! The arguments. Their comments are the help text.

use clap::{Args, Parser, Subcommand, ValueEnum};
use lockkeeper_model::Version;
use std::path::PathBuf;

/// Says what PostgreSQL will do with a migration before it runs: what it locks, rewrites, scans, refuses.
#[derive(Debug, Parser)]
#[command(name = "lockkeeper", version, propagate_version = true, subcommand_required = true)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Lint migrations
    ///
    /// Replays the history of each folder and reports what is dangerous or refused. Exit status: 0 if nothing is at
    /// or above --fail-on, 1 if something is, 2 for wrong usage, an unreadable configuration or an unreadable file.
    Check(CheckArgs),
    /// Comment on a pull request or merge request: one summary, and notes on changed lines
    ///
    /// Runs in GitHub Actions and GitLab CI with GITHUB_TOKEN or GITLAB_TOKEN in the environment. The summary is written
    /// over at each run. Whatever the forge refuses, the exit status is 0: let `check` decide about the job.
    Comment(CommentArgs),
    /// Show what each statement locks, rewrites, scans and builds, and what a transaction holds until it commits
    Effects(EffectsArgs),
    /// Run migrations on a real server and compare what it does with what is predicted
    ///
    /// Starts a PostgreSQL of its own for the time being, or makes a database of its own on the server that
    /// --database-url names; the named database is only connected to. Exit status: 0 if the server does what is
    /// predicted, 1 if it differs or refuses a statement, 2 if it cannot be asked.
    #[cfg(not(target_family = "wasm"))]
    Verify(VerifyArgs),
    /// Write down what a live database is like, for check --facts: names and numbers, no data
    ///
    /// Reads catalogs and the tables in which migration tools note what has run, in one read-only transaction.
    #[cfg(not(target_family = "wasm"))]
    Facts(FactsArgs),
    /// Print the SQL of migrations as their tool sends it
    Sql(SqlArgs),
    /// Show the schema at the end of the history, as SQL that makes it anew or as JSON
    Schema(SchemaArgs),
    /// Show the page of a rule, or the list of all rules
    Explain(ExplainArgs),
    /// List the rules
    Rules(RulesArgs),
    /// Serve an editor: the Language Server Protocol over standard input and output
    ///
    /// Shows findings while one types, with the history and the configuration of the project.
    #[cfg(not(target_family = "wasm"))]
    Lsp {
        /// Nothing else is offered; editors pass it out of habit
        #[arg(long, hide = true)]
        stdio: bool,
    },
    /// Serve a coding agent: the Model Context Protocol over standard input and output
    ///
    /// Offers the tools check, effects, schema, rules and explain on the project's history and configuration. Reads
    /// nothing outside the project's folder and writes nothing.
    #[cfg(not(target_family = "wasm"))]
    Mcp(McpArgs),
    /// Write a lockkeeper.toml that fits the project
    Init(InitArgs),
    /// Print the manual page of the program or of one of its commands, in roff
    #[cfg(not(target_family = "wasm"))]
    #[command(hide = true)]
    Man {
        /// The command
        command: Option<String>,
    },
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    #[command(flatten)]
    pub(crate) lint: LintArgs,

    #[command(flatten)]
    pub(crate) output: CheckOutputArgs,

    /// The least severity that makes the exit status 1
    #[arg(long, value_name = "SEVERITY", default_value = "warning")]
    pub(crate) fail_on: FailOn,

    /// Accept all findings: write them to a baseline and report nothing
    #[arg(long, value_name = "FILE", conflicts_with = "baseline")]
    pub(crate) write_baseline: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) fixes: FixArgs,

    /// Check again whenever a migration or the configuration changes, until Ctrl+C
    #[cfg(not(target_family = "wasm"))]
    #[arg(long, conflicts_with_all = ["staged", "write_baseline", "fix", "unsafe_fixes", "fix_split", "diff"])]
    pub(crate) watch: bool,
}

/// What is done about findings.
#[derive(Debug, Default, Args)]
pub(crate) struct FixArgs {
    /// Mend what can be mended without another schema at the end, then report the rest
    #[arg(long, conflicts_with_all = ["staged", "write_baseline"])]
    pub(crate) fix: bool,

    /// Mend also what has to be looked at afterwards
    #[arg(long, conflicts_with_all = ["staged", "write_baseline"])]
    pub(crate) unsafe_fixes: bool,

    /// Write what must not run beside other statements, or not in one go, into migrations of its own, named and marked as
    /// their tool wants them
    #[arg(long, conflicts_with_all = ["staged", "write_baseline"])]
    pub(crate) fix_split: bool,

    /// Change nothing: print what --fix, or --unsafe-fixes and --fix-split if they are given too, would change; exit status 1
    /// if anything
    #[arg(long, conflicts_with_all = ["staged", "write_baseline"])]
    pub(crate) diff: bool,
}

impl FixArgs {
    /// Whether findings are mended in their place; `--fix-split` by itself does not.
    pub(crate) fn mends(&self) -> bool {
        self.fix || self.unsafe_fixes || !self.fix_split
    }
}

/// What is linted, by which rules.
#[derive(Clone, Debug, Args)]
pub(crate) struct LintArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    /// What a live database is like, as lockkeeper facts writes it
    ///
    /// Only migrations that have not run there report; those that have run there and have no file are problems of kind
    /// `chain`. Findings say how large the tables are, and small tables give none.
    #[arg(long, value_name = "FILE")]
    pub(crate) facts: Option<PathBuf>,

    /// Report only these rules, whatever the configuration says; separate names by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) select: Vec<String>,

    /// Do not report these rules; separate names by commas
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    pub(crate) ignore: Vec<String>,

    #[command(flatten)]
    pub(crate) since: SinceArgs,

    /// Leave out the findings that a baseline accepts
    #[arg(long, value_name = "FILE")]
    pub(crate) baseline: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct CommentArgs {
    #[command(flatten)]
    pub(crate) lint: LintArgs,

    /// Say what this report says, which `check --format json` wrote, instead of linting
    #[arg(long, value_name = "FILE")]
    pub(crate) report: Option<PathBuf>,

    /// What `effects --format json` wrote, for the table of locks beside a saved report
    #[arg(long, value_name = "FILE", requires = "report")]
    pub(crate) effects: Option<PathBuf>,

    /// Where to comment [default: where this job runs]
    #[arg(long, value_name = "FORGE")]
    pub(crate) forge: Option<ForgeName>,

    /// The project, as OWNER/NAME or GitLab's number [default: the job's]
    #[arg(long, value_name = "PROJECT")]
    pub(crate) project: Option<String>,

    /// The number of the pull request or merge request [default: the job's]
    #[arg(long, value_name = "NUMBER")]
    pub(crate) change: Option<u64>,

    /// A name for this run, if several comment on the same change
    #[arg(long, value_name = "NAME", default_value = "check", value_parser = run_name)]
    pub(crate) id: String,

    /// The playground to link to
    #[arg(long, value_name = "URL")]
    pub(crate) playground: Option<String>,

    /// Print the summary and send nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}

/// A name that may stand in the mark of a comment.
fn run_name(text: &str) -> Result<String, String> {
    let plain = |it: char| it.is_ascii_alphanumeric() || it == '-' || it == '_';
    if !text.is_empty() && text.chars().all(plain) && !text.contains("--") {
        Ok(text.to_owned())
    } else {
        Err("a name has letters, digits, `-` and `_`".to_owned())
    }
}

/// Where changes are reviewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ForgeName {
    /// GitHub and GitHub Enterprise
    Github,
    /// GitLab
    Gitlab,
}

/// Which files report.
#[derive(Clone, Debug, Default, Args)]
pub(crate) struct SinceArgs {
    /// Report only files that changed since the current branch left this commit, committed or not
    ///
    /// The other files are context. Files that were edited after they were merged, and new files that come before
    /// merged ones, are problems of kind `chain`.
    #[arg(long, value_name = "GIT_REF", conflicts_with = "staged")]
    pub(crate) since: Option<String>,

    /// Report only files that are staged, as they are staged
    ///
    /// Where pre-commit runs on a range of commits (--from-ref), those that changed in it; where it runs without anything
    /// staged (--all-files), all.
    #[arg(long)]
    pub(crate) staged: bool,
}

#[derive(Debug, Args)]
pub(crate) struct SqlArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) output: OutputArgs,

    /// Print the way back, the newest migration first
    #[arg(long)]
    pub(crate) down: bool,
}

#[derive(Debug, Args)]
pub(crate) struct EffectsArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[cfg(not(target_family = "wasm"))]
#[derive(Debug, Args)]
pub(crate) struct FactsArgs {
    /// The database; the password may stand in PGPASSWORD instead
    pub(crate) url: String,

    /// Write the facts to a file
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

#[cfg(not(target_family = "wasm"))]
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) since: SinceArgs,

    /// A folder with the programs of PostgreSQL, or with several versions of them; can be given several times
    ///
    /// PATH and the usual folders are searched as well. --pg chooses among the versions.
    #[arg(long, value_name = "FOLDER")]
    pub(crate) pg_bin: Vec<PathBuf>,

    /// A server to make a scratch database on; its role must be allowed to create one
    ///
    /// The password may stand in PGPASSWORD instead.
    #[arg(long, value_name = "URL")]
    pub(crate) database_url: Option<String>,

    /// On the server of --database-url also run what reaches beyond the scratch database, such as CREATE ROLE
    #[arg(long, requires = "database_url")]
    pub(crate) allow_cluster_wide: bool,

    /// Also take each migration back and apply it again, and compare the schemas
    #[arg(long)]
    pub(crate) round_trip: bool,

    /// Put this many rows into every empty table before each migration under test, so that scans, rewrites, refusals and
    /// times are real
    #[arg(long, value_name = "N")]
    pub(crate) rows: Option<u32>,

    /// Also put sample rows for each bound of each partitioned table through the server, and ask it for the unique index of each
    /// ON CONFLICT, those in functions too
    #[arg(long)]
    pub(crate) routing: bool,

    /// Only remove what killed runs have left behind: databases on the server of --database-url, else folders here
    #[arg(long)]
    pub(crate) cleanup: bool,

    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: VerifyFormat,

    /// Write the report to a file
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// When to colour the report [default: auto, on a terminal; NO_COLOR and CLICOLOR_FORCE are honoured]
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_default_value = true)]
    pub(crate) color: Color,
}

/// The forms of the report of `verify`.
#[cfg(not(target_family = "wasm"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum VerifyFormat {
    /// Text for people
    Human,
    /// JSON for programs
    Json,
    /// Markdown, for comments and job summaries
    Markdown,
}

#[derive(Debug, Args)]
pub(crate) struct SchemaArgs {
    #[command(flatten)]
    pub(crate) input: InputArgs,

    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[derive(Debug, Args)]
pub(crate) struct InitArgs {
    /// The folder of the project [default: the current one]
    #[arg(value_name = "FOLDER")]
    pub(crate) folder: Option<PathBuf>,

    /// Write nothing: print the JSON schema of lockkeeper.toml, for editors
    #[arg(long, conflicts_with = "folder")]
    pub(crate) json_schema: bool,
}

#[derive(Clone, Debug, Default, Args)]
pub(crate) struct InputArgs {
    /// Files, folders, or - for standard input
    ///
    /// A file takes the earlier files of its folder as context, without reporting them. Without a path: the
    /// `[history]` paths of the configuration, else all .sql files below the current folder.
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,

    /// The major version of the server, 13 to 18 [default: the configuration's, else 17]
    #[arg(long, value_name = "VERSION")]
    pub(crate) pg: Option<Version>,

    /// The configuration [default: the nearest lockkeeper.toml in the folder of the input or above it]
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,

    /// A dump of the schema, as pg_dump --schema-only writes it, that the files that report start from
    ///
    /// It stands in place of all files before them; nothing else is then taken to exist. [default: the configuration's]
    #[arg(long, value_name = "FILE")]
    pub(crate) schema: Option<PathBuf>,

    /// Look at each file by itself, as if nothing were known of the schema before it
    #[arg(long)]
    pub(crate) no_history: bool,

    /// The path to give to standard input; in a folder of migrations, the earlier files there are its context
    #[arg(long, value_name = "PATH")]
    pub(crate) stdin_filename: Option<PathBuf>,

    /// Say on standard error which files were found, in which order they run and how they are sent
    #[arg(long)]
    pub(crate) explain_sources: bool,

    /// Say on standard error how much was read and how long it took
    #[arg(long)]
    pub(crate) stats: bool,

    /// Say everything about the run on standard error: as --explain-sources and --stats together
    #[arg(short, long)]
    pub(crate) verbose: bool,

    /// Show no progress, and of check only what was found: no summary, no advice
    #[arg(short, long, conflicts_with = "verbose")]
    pub(crate) quiet: bool,

    /// The folder of an editor that asks about its documents: their places below it tell whether they are migrations.
    #[arg(skip)]
    pub(crate) workspace: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct CheckOutputArgs {
    /// The form of the report: human, json, sarif, github, gitlab, junit, rdjson or markdown [default: human]
    ///
    /// Can be given several times; all but one then need a file of their own, as in `--format sarif=report.sarif`.
    #[arg(
        long = "format",
        value_name = "FORMAT[=FILE]",
        default_value = "human",
        hide_default_value = true,
        value_parser = ReportTo::parse
    )]
    pub(crate) formats: Vec<ReportTo>,

    /// Write the report to a file
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// When to colour the report [default: auto, on a terminal; NO_COLOR and CLICOLOR_FORCE are honoured]
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_default_value = true)]
    pub(crate) color: Color,
}

/// A form of the report of `check`, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ReportTo {
    pub(crate) format: CheckFormat,
    /// Its own file; else `--output`, else standard output.
    pub(crate) file: Option<PathBuf>,
}

impl ReportTo {
    fn parse(text: &str) -> Result<Self, String> {
        let (name, file) = text.split_once('=').map_or((text, None), |(name, file)| (name, Some(PathBuf::from(file))));
        let format = CheckFormat::from_str(name, false).map_err(|_| {
            let known = CheckFormat::value_variants().iter().filter_map(ValueEnum::to_possible_value);
            let names: Vec<String> = known.map(|it| it.get_name().to_owned()).collect();
            format!("no such format: {}", names.join(", "))
        })?;
        Ok(ReportTo { format, file })
    }
}

/// The forms of the report of `check`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    /// Text for people
    Human,
    /// JSON for programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub Actions
    Github,
    /// GitLab's code quality report
    Gitlab,
    /// JUnit's XML
    Junit,
    /// reviewdog's diagnostics
    Rdjson,
    /// Markdown, for comments and job summaries
    Markdown,
}

#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// The form of the report
    #[arg(long, value_name = "FORMAT", default_value = "human")]
    pub(crate) format: Format,

    /// Write the report to a file
    #[arg(long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,

    /// When to colour the report [default: auto, on a terminal; NO_COLOR and CLICOLOR_FORCE are honoured]
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_default_value = true)]
    pub(crate) color: Color,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// The name of a rule
    pub(crate) rule: Option<String>,

    /// When to colour the page [default: auto, on a terminal; NO_COLOR and CLICOLOR_FORCE are honoured]
    #[arg(long, value_name = "WHEN", default_value = "auto", hide_default_value = true)]
    pub(crate) color: Color,
}

#[derive(Debug, Args)]
pub(crate) struct RulesArgs {
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

#[cfg(not(target_family = "wasm"))]
#[derive(Debug, Args)]
pub(crate) struct McpArgs {
    /// The project's folder
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub(crate) root: PathBuf,
}

/// The form of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Text for people
    Human,
    /// JSON for programs
    Json,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// What makes the exit status 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Only errors
    Error,
    /// Warnings and errors
    Warning,
    /// Anything
    Info,
    /// Nothing
    Never,
}

impl InputArgs {
    /// Whether to say which files were found and how they are sent.
    pub(crate) fn explains_sources(&self) -> bool {
        self.explain_sources || self.verbose
    }

    /// Whether to say how much was read and how long it took.
    pub(crate) fn shows_stats(&self) -> bool {
        self.stats || self.verbose
    }
}
