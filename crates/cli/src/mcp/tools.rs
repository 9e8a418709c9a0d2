//! What an agent can ask: each tool is a command of the command line, with its report as the answer.

use super::bounds;
use super::confined::Confined;
use crate::{Outcome, path, run};
use lockkeeper_core::{RULES, Settings, rule};
use rmcp::model::{JsonObject, Tool as Described, ToolAnnotations};
use rmcp::schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

/// What can be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tool {
    Check,
    Effects,
    Schema,
    Rules,
    Explain,
}

/// Which migrations are meant.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(crate = "rmcp::schemars")]
struct Migrations {
    /// Files or folders below the project's folder. A file takes the earlier files of its folder as context. Without
    /// paths and `sql`: all migrations of the project.
    paths: Vec<String>,
    /// SQL to look at in place of a file.
    sql: Option<String>,
    /// Where `sql` will be stored, as in `db/migrations/0007_add_index.sql`; the earlier files there are its context.
    filename: Option<String>,
    /// The major version of the server, 13 to 18; by default that of lockkeeper.toml, else 17.
    pg: Option<u8>,
    /// Look at each file by itself, as if nothing were known of the schema before it.
    no_history: bool,
}

/// Which migrations are checked, by which rules.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(crate = "rmcp::schemars")]
struct Checked {
    /// Files or folders below the project's folder. A file takes the earlier files of its folder as context. Without
    /// paths and `sql`: all migrations of the project.
    paths: Vec<String>,
    /// SQL to check in place of a file.
    sql: Option<String>,
    /// Where `sql` will be stored, as in `db/migrations/0007_add_index.sql`; the earlier files there are its context.
    filename: Option<String>,
    /// The major version of the server, 13 to 18; by default that of lockkeeper.toml, else 17.
    pg: Option<u8>,
    /// Look at each file by itself, as if nothing were known of the schema before it.
    no_history: bool,
    /// Report only files that changed since the current branch left this commit or branch, committed or not.
    since: Option<String>,
    /// Only these rules.
    select: Vec<String>,
    /// Not these rules.
    ignore: Vec<String>,
}

/// Which schema is meant, and what of it.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(crate = "rmcp::schemars")]
struct Wanted {
    /// Files or folders below the project's folder. Without paths: all migrations of the project.
    paths: Vec<String>,
    /// The major version of the server, 13 to 18; by default that of lockkeeper.toml, else 17.
    pg: Option<u8>,
    /// Only the tables, views, types and functions of these names, as JSON.
    names: Vec<String>,
}

/// Nothing to say.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(crate = "rmcp::schemars")]
struct Nothing {}

/// Which rule is meant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(crate = "rmcp::schemars")]
struct Named {
    /// The rule's name, as in findings.
    rule: String,
}

impl Tool {
    pub(super) const ALL: [Tool; 5] = [Tool::Check, Tool::Effects, Tool::Schema, Tool::Rules, Tool::Explain];

    fn name(self) -> &'static str {
        match self {
            Tool::Check => "check",
            Tool::Effects => "effects",
            Tool::Schema => "schema",
            Tool::Rules => "rules",
            Tool::Explain => "explain",
        }
    }

    pub(super) fn of_name(name: &str) -> Option<Self> {
        Tool::ALL.into_iter().find(|it| it.name() == name)
    }

    /// The tool as agents see it.
    pub(super) fn described(self) -> Described {
        let describe = |text: &'static str| Described::new(self.name(), text, Arc::new(JsonObject::new()));
        let tool = match self {
            Tool::Check => describe(
                "Lint PostgreSQL migrations: what the server refuses, long locks, rewrites, scans and lost data, each \
                 with what to write instead. The JSON of `lockkeeper check`.",
            )
            .with_input_schema::<Checked>(),
            Tool::Effects => describe(
                "What each statement of migrations locks (and who waits), rewrites, scans, builds, or is refused for, \
                 and what each transaction holds until it ends. The JSON of `lockkeeper effects`.",
            )
            .with_input_schema::<Migrations>(),
            Tool::Schema => describe(
                "The schema at the end of the migrations, as SQL that makes it anew, or what has one of some names, as JSON. \
                 Read it before you write a migration.",
            )
            .with_input_schema::<Wanted>(),
            Tool::Rules => describe("The rules, each with what it is about. JSON.").with_input_schema::<Nothing>(),
            Tool::Explain => describe(
                "The page of a rule in Markdown: why it matters, examples with their locks, what to write instead.",
            )
            .with_input_schema::<Named>(),
        };
        let hints = ToolAnnotations::from_raw(None, Some(true), Some(false), Some(true), Some(false));
        tool.with_annotations(hints)
    }

    /// The answer, or why there is none.
    pub(super) fn answer(self, arguments: JsonObject, root: &Path) -> Result<String, String> {
        match self {
            Tool::Check => {
                let it: Checked = read(arguments)?;
                let mut line = vec!["check".to_owned(), "--format=json".to_owned()];
                line.extend(it.since.map(|it| format!("--since={it}")));
                line.extend(it.select.iter().map(|it| format!("--select={it}")));
                line.extend(it.ignore.iter().map(|it| format!("--ignore={it}")));
                let Checked { paths, sql, filename, pg, no_history, .. } = it;
                obey(line, Migrations { paths, sql, filename, pg, no_history }, root).map(|it| bounds::json(&it))
            }
            Tool::Effects => {
                let line = vec!["effects".to_owned(), "--format=json".to_owned()];
                obey(line, read(arguments)?, root).map(|it| bounds::json(&it))
            }
            Tool::Schema => {
                let Wanted { paths, pg, names } = read(arguments)?;
                let migrations = Migrations { paths, pg, ..Migrations::default() };
                if names.is_empty() {
                    return obey(vec!["schema".to_owned()], migrations, root).map(bounds::text);
                }
                let line = vec!["schema".to_owned(), "--format=json".to_owned()];
                obey(line, migrations, root).map(|it| bounds::json(&named(&it, &names)))
            }
            Tool::Rules => {
                let Nothing {} = read(arguments)?;
                Ok(bounds::json(&lockkeeper_report::rules_json(RULES)))
            }
            Tool::Explain => {
                let Named { rule: name } = read(arguments)?;
                let unknown = || Settings::default().select([name.as_str()]).err().map(|it| it.to_string());
                rule(&name).map(|it| it.document().to_owned()).ok_or_else(|| unknown().unwrap_or_default())
            }
        }
    }
}

fn read<T: DeserializeOwned>(arguments: JsonObject) -> Result<T, String> {
    serde_json::from_value(arguments.into()).map_err(|error| format!("the arguments are not understood: {error}"))
}

/// A schema's report without what has none of the names.
fn named(report: &str, names: &[String]) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(report) else { return report.to_owned() };
    for schema in value["schemas"].as_array_mut().into_iter().flatten() {
        for list in schema.as_object_mut().into_iter().flatten().filter_map(|it| it.1.as_array_mut()) {
            list.retain(|it| names.iter().any(|name| it["name"] == **name));
        }
    }
    value.to_string()
}

/// What a command writes to standard output; what it writes to standard error, if it writes nothing else.
fn obey(line: Vec<String>, migrations: Migrations, root: &Path) -> Result<String, String> {
    let Migrations { mut paths, sql, filename, pg, no_history } = migrations;
    if sql.is_none() && filename.is_some() {
        return Err("`filename` says where `sql` will be stored; name files in `paths`".to_owned());
    }
    for named in paths.iter().chain(&filename) {
        let absolute = path::absolute(Path::new(named), root);
        if named == "-" || !absolute.starts_with(root) {
            return Err(format!("`{named}` is no path below the project's folder"));
        }
    }
    let mut line = line;
    line.extend(pg.map(|it| format!("--pg={it}")));
    line.extend(filename.map(|it| format!("--stdin-filename={it}")));
    line.extend(no_history.then(|| "--no-history".to_owned()));
    paths.extend(sql.iter().map(|_| "-".to_owned()));
    let words = ["lockkeeper".to_owned()].into_iter().chain(line).chain(["--".to_owned()]).chain(paths);
    let host = Confined::to(root, sql.unwrap_or_default());
    let outcome = run(words.map(OsString::from), &host);
    let (out, err) = host.said();
    if out.is_empty() && outcome == Outcome::Failed { Err(err) } else { Ok(out) }
}
