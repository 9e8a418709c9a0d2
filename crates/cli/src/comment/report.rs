//! The reports of `check` and `effects` as they are saved: `lockkeeper comment` reads only these, so that the job that
//! lints and the job that comments need not be the same.

use serde::Deserialize;

/// The shape of both reports that is understood.
const SHAPE: u32 = 1;

/// What of the JSON of `check` is needed.
#[derive(Debug, Deserialize)]
pub(crate) struct Report {
    version: u32,
    pub(crate) tool: Tool,
    pub(crate) postgres: u8,
    pub(crate) summary: Counts,
    pub(crate) findings: Vec<Finding>,
    pub(crate) problems: Vec<Problem>,
    #[serde(default)]
    pub(crate) unused_suppressions: Vec<Unused>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Tool {
    pub(crate) version: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Counts {
    pub(crate) files: usize,
    pub(crate) statements: usize,
    pub(crate) errors: usize,
    pub(crate) warnings: usize,
    pub(crate) infos: usize,
    pub(crate) problems: usize,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub(crate) struct Point {
    pub(crate) line: u32,
    pub(crate) column: u32,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Finding {
    pub(crate) rule: String,
    pub(crate) severity: String,
    pub(crate) path: String,
    pub(crate) start: Point,
    pub(crate) end: Point,
    pub(crate) message: String,
    pub(crate) caption: Option<String>,
    pub(crate) help: Option<String>,
    pub(crate) instead: Option<Instead>,
    pub(crate) url: Option<String>,
    #[serde(default)]
    pub(crate) notes: Vec<String>,
    #[serde(default)]
    pub(crate) assumed: Vec<String>,
    #[serde(default)]
    pub(crate) labels: Vec<Label>,
    pub(crate) fix: Option<Fix>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Instead {
    pub(crate) how: Option<String>,
    pub(crate) sql: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Label {
    pub(crate) path: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Fix {
    pub(crate) safety: String,
    pub(crate) title: String,
    pub(crate) edits: Vec<Edit>,
}

/// Offsets count bytes of the file.
#[derive(Debug, Deserialize)]
pub(crate) struct Edit {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) text: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Problem {
    pub(crate) kind: String,
    pub(crate) severity: String,
    pub(crate) path: String,
    pub(crate) start: Point,
    pub(crate) end: Point,
    pub(crate) message: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Unused {
    pub(crate) path: String,
    pub(crate) start: Point,
    pub(crate) end: Point,
    pub(crate) message: String,
}

/// What of the JSON of `effects` is needed.
#[derive(Debug, Deserialize)]
pub(crate) struct Effects {
    version: u32,
    pub(crate) statements: Vec<Statement>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Statement {
    pub(crate) path: String,
    pub(crate) start: Point,
    pub(crate) kind: Option<String>,
    pub(crate) locks: Vec<Lock>,
    pub(crate) rewrites: Vec<String>,
    pub(crate) scans: Vec<String>,
    pub(crate) index_builds: Vec<String>,
    pub(crate) failure: Option<Failure>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Lock {
    pub(crate) relation: String,
    pub(crate) mode: String,
    pub(crate) blocks: String,
    /// Whether nobody else can see the relation yet.
    #[serde(default)]
    pub(crate) new: bool,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Failure {
    pub(crate) sqlstate: String,
    pub(crate) message: String,
    /// The statement whose failure is the reason, if that one is.
    pub(crate) caused_by: Option<usize>,
}

/// Reads the JSON of `check`, or says what is wrong with it.
pub(crate) fn check(text: &str) -> Result<Report, String> {
    let report: Report = serde_json::from_str(text)
        .map_err(|error| format!("is not what `lockkeeper check --format json` writes: {error}"))?;
    if report.version == SHAPE { Ok(report) } else { Err(newer(report.version)) }
}

/// Reads the JSON of `effects`, or says what is wrong with it.
pub(crate) fn effects(text: &str) -> Result<Effects, String> {
    let effects: Effects = serde_json::from_str(text)
        .map_err(|error| format!("is not what `lockkeeper effects --format json` writes: {error}"))?;
    if effects.version == SHAPE { Ok(effects) } else { Err(newer(effects.version)) }
}

fn newer(version: u32) -> String {
    format!("was written by another version of lockkeeper (its shape is {version}, this one reads {SHAPE})")
}
