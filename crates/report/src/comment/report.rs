//! The reports of `check` and `effects` as they are saved.

#![allow(missing_docs, reason = "the names are those of the JSON contract")]

pub use crate::json::Counts;
use crate::json::SHAPE;
use serde::Deserialize;

/// What of the JSON of `check` is needed.
#[derive(Debug, Deserialize)]
pub struct Report {
    pub(super) version: u32,
    pub tool: Tool,
    pub postgres: u8,
    pub summary: Counts,
    pub findings: Vec<Finding>,
    pub problems: Vec<Problem>,
    #[serde(default)]
    pub unused_suppressions: Vec<Unused>,
}

#[derive(Debug, Deserialize)]
pub struct Tool {
    pub version: String,
}

#[derive(Clone, Copy, Debug, Default, Deserialize)]
pub struct Point {
    pub line: u32,
    pub column: u32,
}

#[derive(Debug, Deserialize)]
pub struct Finding {
    pub rule: String,
    pub severity: String,
    pub path: String,
    pub start: Point,
    pub end: Point,
    pub message: String,
    pub caption: Option<String>,
    pub help: Option<String>,
    pub instead: Option<Instead>,
    pub url: Option<String>,
    #[serde(default)]
    pub notes: Vec<String>,
    #[serde(default)]
    pub assumed: Vec<String>,
    #[serde(default)]
    pub labels: Vec<Label>,
    pub fix: Option<Fix>,
}

#[derive(Debug, Deserialize)]
pub struct Instead {
    pub how: Option<String>,
    pub sql: String,
}

#[derive(Debug, Deserialize)]
pub struct Label {
    pub path: String,
}

#[derive(Debug, Deserialize)]
pub struct Fix {
    pub safety: String,
    pub title: String,
    pub edits: Vec<Edit>,
}

/// Offsets count bytes of the file.
#[derive(Debug, Deserialize)]
pub struct Edit {
    pub start: usize,
    pub end: usize,
    pub text: String,
}

#[derive(Debug, Deserialize)]
pub struct Problem {
    pub kind: String,
    pub severity: String,
    pub path: String,
    pub start: Point,
    pub end: Point,
    pub message: String,
}

#[derive(Debug, Deserialize)]
pub struct Unused {
    pub path: String,
    pub start: Point,
    pub end: Point,
    pub message: String,
}

/// What of the JSON of `effects` is needed.
#[derive(Debug, Deserialize)]
pub struct Effects {
    pub(super) version: u32,
    pub statements: Vec<Statement>,
}

#[derive(Debug, Deserialize)]
pub struct Statement {
    pub path: String,
    pub start: Point,
    pub kind: Option<String>,
    pub locks: Vec<Lock>,
    pub rewrites: Vec<String>,
    pub scans: Vec<String>,
    pub index_builds: Vec<String>,
    pub failure: Option<Failure>,
}

#[derive(Debug, Deserialize)]
pub struct Lock {
    pub relation: String,
    pub mode: String,
    pub blocks: String,
    /// Whether nobody else can see the relation yet.
    #[serde(default)]
    pub new: bool,
}

#[derive(Debug, Deserialize)]
pub struct Failure {
    pub sqlstate: String,
    pub message: String,
    /// The statement whose failure is the reason, if that one is.
    pub caused_by: Option<usize>,
}

/// Reads the JSON of `check`.
///
/// # Errors
///
/// Says what is wrong with it.
pub fn check(text: &str) -> Result<Report, String> {
    let report: Report = serde_json::from_str(text)
        .map_err(|error| format!("is not what `lockkeeper check --format json` writes: {error}"))?;
    if report.version == SHAPE { Ok(report) } else { Err(newer(report.version)) }
}

/// Reads the JSON of `effects`.
///
/// # Errors
///
/// Says what is wrong with it.
pub fn effects(text: &str) -> Result<Effects, String> {
    let effects: Effects = serde_json::from_str(text)
        .map_err(|error| format!("is not what `lockkeeper effects --format json` writes: {error}"))?;
    if effects.version == SHAPE { Ok(effects) } else { Err(newer(effects.version)) }
}

fn newer(version: u32) -> String {
    format!("was written by another version of lockkeeper (its shape is {version}, this one reads {SHAPE})")
}
