//! The file's shape, and where its mistakes are.

use super::read::{Mistake, Read, Value, fields, invalid, list, string, strings, table, truth, word};
use super::{Dialect, HistorySettings, Level, Override, PathPatterns, Preset, RuleSetting, RunnerSettings, Settings};
use super::{TablePatterns, TableSettings, find};
use crate::{OptionKind, OptionValue, Severity};
use lockkeeper_model::{Envelope, Session, Version};
use std::borrow::Cow;
use toml::Spanned;
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
        _ => whole(value).map(|it| it.to_string()),
    };
    let time = written.and_then(|it| {
        let mut session = Session::default();
        session.assign("lock_timeout", Some(&[it]), false);
        *session.lock_timeout.get()
    });
    time.ok_or_else(|| invalid(value, "a time, as \"5s\" or a number of milliseconds"))
}

/// A size: bytes as a number, or text with a unit as the server's settings read it.
fn bytes(value: &Value<'_>) -> Read<u64> {
    const UNITS: &[(&str, u32)] = &[("TB", 40), ("GB", 30), ("MB", 20), ("kB", 10), ("B", 0)];
    let read = match value.get_ref() {
        DeValue::String(text) => UNITS.iter().find_map(|(unit, shift)| {
            let number: u64 = text.strip_suffix(unit)?.trim_end().parse().ok()?;
            number.checked_mul(1 << shift)
        }),
        _ => whole(value),
    };
    read.ok_or_else(|| invalid(value, "a size, as \"1GB\" or a number of bytes"))
}

fn whole(value: &Value<'_>) -> Option<u64> {
    let DeValue::Integer(number) = value.get_ref() else { return None };
    u64::from_str_radix(number.as_str(), number.radix()).ok()
}

/// A table of rule names.
fn rules(value: &Value<'_>) -> Read<Vec<RuleSetting>> {
    table(value)?.iter().map(|(key, value)| rule(key, value)).collect()
}

/// `"off"`, `"warning"`, or a table with `level` and, of rules that have any, options.
fn rule(key: &Spanned<Cow<'_, str>>, value: &Value<'_>) -> Read<RuleSetting> {
    let rule = find(key.get_ref()).map_err(|it| Mistake { at: key.span().start, message: it.to_string() })?;
    let mut set = RuleSetting { rule, level: None, options: Vec::new() };
    match value.get_ref() {
        DeValue::String(_) => set.level = Some(word(value, LEVELS)?),
        DeValue::Table(table) => {
            let known: Vec<_> = rule.options().collect();
            let keys: Vec<&str> = ["level"].into_iter().chain(known.iter().map(|it| it.name)).collect();
            fields(table, &keys, &mut |key, value| {
                match known.iter().find(|it| it.name == key) {
                    Some(it) => set.options.push((it.name, option(value, it.kind)?)),
                    None => set.level = Some(word(value, LEVELS)?),
                }
                Ok(())
            })?;
        }
        _ => return Err(invalid(value, "\"off\", \"info\", \"warning\", \"error\", or a table")),
    }
    Ok(set)
}

fn option(value: &Value<'_>, kind: OptionKind) -> Read<OptionValue> {
    Ok(match kind {
        OptionKind::Objects => OptionValue::Objects(TablePatterns(strings(value)?)),
        OptionKind::Count => OptionValue::Number(whole(value).ok_or_else(|| invalid(value, "a number from 0 on"))?),
        OptionKind::Bytes => OptionValue::Number(bytes(value)?),
        OptionKind::Time => OptionValue::Number(milliseconds(value)?),
    })
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
    fn options_have_levels_of_their_own() {
        let settings = parse(
            r#"
[rules]
partition-range-ends = { days_ahead = 90 }
index-built-under-lock = { max_rows = 1_000_000, max_bytes = "1 GB", allow = ["audit.*"] }

[[overrides]]
paths = ["legacy/**"]
rules = { index-built-under-lock = { level = "info", max_rows = 5 } }
"#,
        )
        .unwrap();
        let option =
            |rule: &str, name: &str, path: &str| settings.option(crate::rule(rule).unwrap(), name, path).cloned();
        assert_eq!(level(&settings, "partition-range-ends", "a.sql"), Some(Severity::Info));
        assert_eq!(level(&settings, "index-built-under-lock", "a.sql"), Some(Severity::Warning));
        assert_eq!(level(&settings, "index-built-under-lock", "legacy/a.sql"), Some(Severity::Info));
        let rows = |path| option("index-built-under-lock", "max_rows", path);
        assert_eq!(rows("a.sql"), Some(OptionValue::Number(1_000_000)));
        assert_eq!(rows("legacy/a.sql"), Some(OptionValue::Number(5)));
        let bytes = option("index-built-under-lock", "max_bytes", "legacy/a.sql");
        assert_eq!(bytes, Some(OptionValue::Number(1 << 30)));
        assert_eq!(option("partition-range-ends", "allow", "a.sql"), None);
    }

    #[test]
    fn a_mistake_has_its_place() {
        let error = |text: &str| {
            let error = parse(text).unwrap_err();
            format!("{}:{} {}", error.line, error.column, error.message)
        };
        insta::assert_snapshot!(error("postgres = 17\n[rules]\ntable-droped = \"off\"\n"), @"3:1 there is no rule `table-droped`; is `table-dropped` meant?");
        insta::assert_snapshot!(error("[rules]\ntable-dropped = \"loud\"\n"), @"2:17 unknown variant `loud`, expected one of `off`, `info`, `warning`, `error`");
        insta::assert_snapshot!(error("[rules]\ntable-dropped = { levl = \"off\" }\n"), @"2:19 unknown field `levl`, expected `level` or `allow`");
        insta::assert_snapshot!(error("[rules]\ntable-dropped = { max_rows = 1 }\n"), @"2:19 unknown field `max_rows`, expected `level` or `allow`");
        insta::assert_snapshot!(error("[rules]\nindex-built-under-lock = { max_bytes = \"1 XB\" }\n"), @r#"2:40 invalid value: string "1 XB", expected a size, as "1GB" or a number of bytes"#);
        insta::assert_snapshot!(error("[rules]\nindex-built-under-lock = { max_rows = -1 }\n"), @"2:39 invalid value: integer `-1`, expected a number from 0 on");
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
