//! Reports as text: for people at a terminal, and as JSON for programs.
//!
//! Nothing is printed here; every function gives back a string. The JSON is a contract: its schemas stand in `schemas/`
//! and the tests hold the output to them. What other tools read stands in `formats`.

#![forbid(unsafe_code)]

pub mod comment;
mod diff;
mod effects;
mod facts;
mod findings;
pub mod fingerprint;
mod formats;
mod json;
pub mod markup;
mod page;
mod paint;
mod rules;
mod schema;
mod settings;
mod snippet;
mod sql;
mod summary;
mod verified;

pub use diff::diff;
pub use effects::{
    Recorded, RecordedHistory, hover as effects_hover, human as effects_human, json as effects_json,
    write_json as write_effects_json,
};
pub use facts::{Facts, FactsColumn, FactsTable, FactsVersions};
pub use findings::{blocks as check_blocks, human as check_human, json as check_json};
pub use formats::{
    Annotation, Notice, github, github_annotation, gitlab, junit, markdown, notices, rdjson, sarif,
    sarif_without_documents,
};
pub use page::page;
pub use rules::{human as rules_human, index as rules_index, json as rules_json};
pub use schema::{Described, human as schema_human, json as schema_json};
pub use settings::settings_schema;
pub use sql::{human as sql_human, json as sql_json};

pub use verified::{
    Difference, Done, Growth, LeftOut, Refused, RoundTrip, RoutedRow, Upsert, Verified, VerifiedCounts,
    VerifiedStatement, human as verify_human, json as verify_json, markdown as verify_markdown,
};

use lockkeeper_core::Report;
use lockkeeper_model::Version;
use lockkeeper_sources::{Script, Unit};

/// The schema of [`check_json`].
pub const CHECK_SCHEMA: &str = include_str!("../schemas/check.json");
/// The schema of [`effects_json`].
pub const EFFECTS_SCHEMA: &str = include_str!("../schemas/effects.json");
/// The schema of [`sql_json`].
pub const SQL_SCHEMA: &str = include_str!("../schemas/sql.json");
/// The schema of [`schema_json`].
pub const SCHEMA_SCHEMA: &str = include_str!("../schemas/schema.json");
/// The schema of [`Facts::json`].
pub const FACTS_SCHEMA: &str = include_str!("../schemas/facts.json");
/// The schema of [`verify_json`].
pub const VERIFY_SCHEMA: &str = include_str!("../schemas/verify.json");
/// The schema of [`rules_json`].
pub const RULES_SCHEMA: &str = include_str!("../schemas/rules.json");

/// The schema of `lockkeeper.toml`, as [`settings_schema`] makes it of all rules.
pub const SETTINGS_SCHEMA: &str = include_str!("../schemas/settings.json");

/// What `check` found, with what is needed to say where.
#[derive(Clone, Copy, Debug)]
pub struct Checked<'a> {
    /// The findings and problems.
    pub report: &'a Report,
    /// The scripts, in the order in which the report counts them.
    pub scripts: &'a [&'a Script],
    /// The server.
    pub version: Version,
}

/// How a report for people looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// Whether to colour it with ANSI escapes.
    pub color: bool,
}

/// How a report for programs counts, and how it looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counting {
    /// What offsets count.
    pub unit: Unit,
    /// Where lines break.
    pub layout: Layout,
}

/// Where the lines of a report for programs break.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Layout {
    /// Before each value, so that people can read it.
    #[default]
    Indented,
    /// Nowhere: for a program that waits for it.
    Compact,
}
