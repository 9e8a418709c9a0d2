//! What `facts` writes and `check --facts` reads; its shape stands in `schemas/facts.json`.

use crate::json::print;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The version of the shape.
const SHAPE: u32 = 1;

/// What a live database is like: names and numbers, no data.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the JSON contract")]
pub struct Facts {
    pub version: u32,
    /// The major version of the server.
    pub postgres: u32,
    pub tables: Vec<FactsTable>,
    pub version_tables: Vec<FactsVersions>,
}

/// A table, partition or materialized view.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the JSON contract")]
pub struct FactsTable {
    pub schema: String,
    pub name: String,
    pub kind: String,
    /// As the server estimates it; null if it never counted.
    pub rows: Option<u64>,
    /// The size of the heap, by the same estimate.
    pub bytes: u64,
    pub partition_of: Option<String>,
    pub columns: Vec<FactsColumn>,
    pub invalid_indexes: Vec<String>,
    pub indexes: Vec<String>,
    pub unvalidated_constraints: Vec<String>,
    pub constraints: Vec<String>,
}

/// A column.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the JSON contract")]
pub struct FactsColumn {
    pub name: String,
    #[serde(rename = "type")]
    pub data_type: String,
    pub nullable: bool,
}

/// Where a tool notes what has run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names are those of the JSON contract")]
pub struct FactsVersions {
    pub table: String,
    /// In the words of the tool.
    pub versions: Vec<String>,
    /// The check sums of their files, as far as the tool keeps any.
    #[serde(default)]
    pub checksums: BTreeMap<String, String>,
    /// The version up to which all count as run, if the tool has begun with a database that was there.
    #[serde(default)]
    pub baseline: Option<String>,
    /// Whether they are only where the tool stands, and not all that has run.
    pub only_current: bool,
    /// Those that failed midway, as far as the tool notes that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failed: Vec<String>,
}

impl Facts {
    /// The JSON.
    pub fn json(&self) -> String {
        print(&Facts { version: SHAPE, ..self.clone() })
    }

    /// Reads the JSON, or says why it is none.
    ///
    /// # Errors
    /// A sentence with line and column.
    pub fn read(text: &str) -> Result<Self, String> {
        let facts: Facts = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if facts.version == SHAPE {
            Ok(facts)
        } else {
            Err(format!("its version is {}, but {SHAPE} is known", facts.version))
        }
    }
}
