//! The file's shape, and where its mistakes are.

use super::read::{Mistake, Read, Value, fields, invalid, list, string, strings, table, truth, word};
use super::{Dialect, HistorySettings, Level, Override, PathPatterns, Preset, RunnerSettings, Settings, TablePatterns};
use super::{TableSettings, find};
use crate::{Rule, Severity};
use lockkeeper_model::{Envelope, Session, Version};
use toml::de::{DeTable, DeValue};

/// A mistake in the settings, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}\n  |\n  | {text}\n  |")]
pub struct SettingsError {
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1, in characters.
    pub column: usize,
    /// What is wrong, in lower case and without final dot.
    pub message: String,
    /// The text of the line.
    pub text: String,
}

const PRESETS: &[(&str, Preset)] =
    &[("recommended", Preset::Recommended), ("strict", Preset::Strict), ("all", Preset::All)];

const ENVELOPES: &[(&str, Envelope)] = &[("none", Envelope::None), ("file", Envelope::File), ("run", Envelope::Run)];

const DIALECTS: &[(&str, Dialect)] =
    &[("postgres", Dialect::Postgres), ("sqlite", Dialect::Sqlite), ("mysql", Dialect::Mysql)];

const LEVELS: &[(&str, Level)] = &[
    ("off", Level::Off),
    ("info", Level::On(Severity::Info)),
    ("warning", Level::On(Severity::Warning)),
    ("error", Level::On(Severity::Error)),
];

pub(super) fn parse(text: &str) -> Result<Settings, SettingsError> {
    let document = DeTable::parse(text);
    let document =
        document.map_err(|error| place(text, error.span().map_or(0, |it| it.start), error.message().to_owned()))?;
    let mut settings = Settings::default();
    file(document.get_ref(), &mut settings).map_err(|it| place(text, it.at, it.message))?;
    Ok(settings)
}

fn file(table: &DeTable<'_>, settings: &mut Settings) -> Read<()> {
    const KEYS: &[&str] = &["postgres", "preset", "rules", "overrides", "runner", "history", "tables", "dialects"];
    fields(table, KEYS, &mut |key, value| {
        match key {
            "postgres" => settings.postgres = version(value)?,
            "preset" => settings.preset = word(value, PRESETS)?,
            "rules" => settings.rules = rules(value)?,
            "overrides" => settings.overrides = list(value, overrides)?,
            "runner" => settings.runner = runner(value)?,
            "history" => settings.history = history(value)?,
            "tables" => settings.tables = tables(value)?,
            _ => settings.dialects = list(value, |it| word(it, DIALECTS))?,
        }
        Ok(())
    })
}

fn version(value: &Value<'_>) -> Read<Version> {
    let DeValue::Integer(major) = value.get_ref() else { return Err(invalid(value, "a version as 17")) };
    major.to_string().parse().map_err(|it| Mistake::at(value, format!("{it}")))
}

fn overrides(value: &Value<'_>) -> Read<Override> {
    let (mut paths, mut levels) = (None, None);
    fields(table(value)?, &["paths", "rules"], &mut |key, value| {
        match key {
            "paths" => paths = Some(strings(value)?),
            _ => levels = Some(rules(value)?),
        }
        Ok(())
    })?;
    let missing = |key: &str| Mistake::at(value, format!("missing field `{key}`"));
    Ok(Override {
        paths: PathPatterns(paths.ok_or_else(|| missing("paths"))?),
        rules: levels.ok_or_else(|| missing("rules"))?,
    })
}

fn runner(value: &Value<'_>) -> Read<RunnerSettings> {
    let mut runner = RunnerSettings::default();
    let keys = &["transaction", "single_query", "lock_timeout", "statement_timeout"];
    fields(table(value)?, keys, &mut |key, value| {
        match key {
            "transaction" => runner.transaction = Some(word(value, ENVELOPES)?),
            "single_query" => runner.single_query = Some(truth(value)?),
            "lock_timeout" => runner.lock_timeout = Some(milliseconds(value)?),
            _ => runner.statement_timeout = Some(milliseconds(value)?),
        }
        Ok(())
    })?;
    Ok(runner)
}

fn history(value: &Value<'_>) -> Read<HistorySettings> {
    let mut history = HistorySettings::default();
    fields(table(value)?, &["paths", "schema", "since"], &mut |key, value| {
        match key {
            "paths" => history.paths = strings(value)?,
            "schema" => history.schema = Some(string(value)?),
            _ => history.since = Some(string(value)?),
        }
        Ok(())
    })?;
    Ok(history)
}

fn tables(value: &Value<'_>) -> Read<TableSettings> {
    let mut tables = TableSettings::default();
    fields(table(value)?, &["small", "no_traffic"], &mut |key, value| {
        let patterns = TablePatterns(strings(value)?);
        match key {
            "small" => tables.small = patterns,
            _ => tables.no_traffic = patterns,
        }
        Ok(())
    })?;
    Ok(tables)
}

/// A time: milliseconds as a number, or text with a unit as `SET lock_timeout` reads it.
fn milliseconds(value: &Value<'_>) -> Read<u64> {
    let written = match value.get_ref() {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => u64::from_str_radix(number.as_str(), number.radix()).ok().map(|it| it.to_string()),
        _ => None,
    };
    let time = written.and_then(|it| {
        let mut session = Session::default();
        session.assign("lock_timeout", Some(&[it]), false);
        *session.lock_timeout.get()
    });
    time.ok_or_else(|| invalid(value, "a time, as \"5s\" or a number of milliseconds"))
}

/// A table of rule names.
fn rules(value: &Value<'_>) -> Read<Vec<(&'static Rule, Level)>> {
    let read = table(value)?.iter().map(|(key, value)| {
        let rule = find(key.get_ref()).map_err(|it| Mistake { at: key.span().start, message: it.to_string() })?;
        Ok((rule, level(value)?.unwrap_or(Level::On(rule.severity))))
    });
    read.collect()
}

/// `"off"`, `"warning"`, or a table with `level` and, of rules that have any, options. Without `level` the rule is on.
fn level(value: &Value<'_>) -> Read<Option<Level>> {
    match value.get_ref() {
        DeValue::String(_) => word(value, LEVELS).map(Some),
        DeValue::Table(table) => {
            let mut level = None;
            fields(table, &["level"], &mut |_, value| {
                level = Some(word(value, LEVELS)?);
                Ok(())
            })?;
            Ok(level)
        }
        _ => Err(invalid(value, "\"off\", \"info\", \"warning\", \"error\", or a table")),
    }
}

fn place(text: &str, at: usize, message: String) -> SettingsError {
    let before = text.get(..at.min(text.len())).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |it| it + 1);
    SettingsError {
        line: before.matches('\n').count() + 1,
        column: before[start..].chars().count() + 1,
        message,
        text: text[start..].lines().next().unwrap_or_default().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule;

    fn level(settings: &Settings, name: &str, path: &str) -> Option<Severity> {
        settings.level(rule(name).unwrap(), path)
    }

    #[test]
    fn an_empty_file_says_nothing() {
        assert_eq!(parse("").unwrap(), Settings::default());
    }

    #[test]
    fn every_key_is_read() {
        let settings = parse(
            r#"
postgres = 15
preset = "strict"
dialects = ["postgres", "sqlite"]

[rules]
table-dropped = "error"
rows-truncated = { level = "off" }
column-dropped = {}

[[overrides]]
paths = ["db/legacy/**"]
rules = { table-dropped = "off" }

[runner]
transaction = "file"
single_query = false
lock_timeout = "2s"
statement_timeout = 60000

[history]
paths = ["db/migrations"]
schema = "db/schema.sql"
since = "origin/main"

[tables]
small = ["countries"]
no_traffic = ["audit.*"]
"#,
        )
        .unwrap();
        assert_eq!(settings.postgres, Version::new(15).unwrap());
        assert_eq!(settings.preset, Preset::Strict);
        assert_eq!(settings.dialects, [Dialect::Postgres, Dialect::Sqlite]);
        assert_eq!(level(&settings, "table-dropped", "db/new/1.sql"), Some(Severity::Error));
        assert_eq!(level(&settings, "table-dropped", "db/legacy/1.sql"), None);
        assert_eq!(level(&settings, "rows-truncated", "db/new/1.sql"), None);
        assert_eq!(level(&settings, "column-dropped", "db/new/1.sql"), Some(Severity::Warning));
        assert_eq!(settings.runner.transaction, Some(Envelope::File));
        assert_eq!(settings.runner.single_query, Some(false));
        assert_eq!(settings.runner.lock_timeout, Some(2_000));
        assert_eq!(settings.runner.statement_timeout, Some(60_000));
        assert_eq!(settings.history.paths, ["db/migrations"]);
    }

    #[test]
    fn a_mistake_has_its_place() {
        let error = |text: &str| {
            let error = parse(text).unwrap_err();
            format!("{}:{} {}", error.line, error.column, error.message)
        };
        insta::assert_snapshot!(error("postgres = 17\n[rules]\ntable-droped = \"off\"\n"), @"3:1 there is no rule `table-droped`; is `table-dropped` meant?");
        insta::assert_snapshot!(error("[rules]\ntable-dropped = \"loud\"\n"), @"2:17 unknown variant `loud`, expected one of `off`, `info`, `warning`, `error`");
        insta::assert_snapshot!(error("[rules]\ntable-dropped = { levl = \"off\" }\n"), @"2:19 unknown field `levl`, expected `level`");
        insta::assert_snapshot!(error("postgres = 12\n"), @"1:12 `12` is not a PostgreSQL version from 13 to 18");
        insta::assert_snapshot!(error("presett = \"all\"\n"), @"1:1 unknown field `presett`, expected one of `postgres`, `preset`, `rules`, `overrides`, `runner`, `history`, `tables`, `dialects`");
        insta::assert_snapshot!(error("[runner]\nlock_timeout = \"soon\"\n"), @r#"2:16 invalid value: string "soon", expected a time, as "5s" or a number of milliseconds"#);
        insta::assert_snapshot!(error("postgres = \n"), @"1:12 string values must be quoted, expected literal string");
    }

    #[test]
    fn flags_have_the_last_word() {
        let mut settings = parse("[rules]\ntable-dropped = \"error\"\n").unwrap();
        settings.select(["table-dropped", "rows-truncated"]).unwrap();
        settings.ignore(["rows-truncated"]).unwrap();
        assert_eq!(level(&settings, "table-dropped", "a.sql"), Some(Severity::Error));
        assert_eq!(level(&settings, "rows-truncated", "a.sql"), None);
        assert_eq!(level(&settings, "column-dropped", "a.sql"), None);
        assert_eq!(settings.select(["tabel-dropped"]).unwrap_err().near, Some("table-dropped"));
    }
}
