//! The file's shape, and where its mistakes are.

use super::{
    Dialect, HistorySettings, Level, Override, PathPatterns, Preset, RunnerSettings, Settings, TablePatterns,
    TableSettings, find,
};
use crate::{Rule, Severity};
use lockkeeper_model::{Envelope, Session, Version};
use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};
use std::fmt;

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

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct File {
    postgres: PostgresVersion,
    preset: PresetName,
    rules: Rules,
    overrides: Vec<OverrideTable>,
    runner: RunnerTable,
    history: HistoryTable,
    tables: TablesTable,
    dialects: Vec<DialectName>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct OverrideTable {
    paths: Vec<String>,
    rules: Rules,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct RunnerTable {
    transaction: Option<EnvelopeName>,
    single_query: Option<bool>,
    lock_timeout: Option<Milliseconds>,
    statement_timeout: Option<Milliseconds>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct HistoryTable {
    paths: Vec<String>,
    schema: Option<String>,
    since: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct TablesTable {
    small: Vec<String>,
    no_traffic: Vec<String>,
}

/// A word of the file that stands for a value of ours.
macro_rules! words {
    ($name:ident -> $target:ident { $($word:ident = $variant:ident),* $(,)? }) => {
        #[derive(Clone, Copy, Debug, Deserialize)]
        #[serde(rename_all = "lowercase")]
        enum $name { $($word),* }

        impl From<$name> for $target {
            fn from(name: $name) -> $target {
                match name { $($name::$word => $target::$variant),* }
            }
        }
    };
}

words!(PresetWord -> Preset { Recommended = Recommended, Strict = Strict, All = All });
words!(EnvelopeName -> Envelope { None = None, File = File, Run = Run });
words!(DialectName -> Dialect { Postgres = Postgres, Sqlite = Sqlite, Mysql = Mysql });

#[derive(Debug, Default)]
struct PresetName(Preset);

impl<'de> Deserialize<'de> for PresetName {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        PresetWord::deserialize(input).map(|it| PresetName(it.into()))
    }
}

#[derive(Debug, Default)]
struct PostgresVersion(Version);

impl<'de> Deserialize<'de> for PostgresVersion {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let major = i64::deserialize(input)?;
        let version = major.to_string().parse().map_err(de::Error::custom)?;
        Ok(PostgresVersion(version))
    }
}

/// A time: milliseconds as a number, or text with a unit as PostgreSQL reads it.
#[derive(Debug)]
struct Milliseconds(u64);

impl<'de> Deserialize<'de> for Milliseconds {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Time;

        impl Visitor<'_> for Time {
            type Value = Milliseconds;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a time, as \"5s\" or a number of milliseconds")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Milliseconds, E> {
                let time = milliseconds(text);
                time.map(Milliseconds).ok_or_else(|| E::invalid_value(de::Unexpected::Str(text), &self))
            }

            fn visit_i64<E: de::Error>(self, number: i64) -> Result<Milliseconds, E> {
                let time = u64::try_from(number);
                time.map(Milliseconds).map_err(|_| E::invalid_value(de::Unexpected::Signed(number), &self))
            }
        }

        input.deserialize_any(Time)
    }
}

/// A time as `SET lock_timeout` reads it.
fn milliseconds(text: &str) -> Option<u64> {
    let mut session = Session::default();
    session.assign("lock_timeout", Some(&[text.to_owned()]), false);
    *session.lock_timeout.get()
}

/// A table of rule names.
#[derive(Debug, Default)]
struct Rules(Vec<(&'static Rule, Level)>);

impl<'de> Deserialize<'de> for Rules {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct Table;

        impl<'de> Visitor<'de> for Table {
            type Value = Rules;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a table of rule names")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Rules, A::Error> {
                let mut rules = Vec::new();
                while let Some(RuleName(rule)) = map.next_key()? {
                    let RuleLevel(level) = map.next_value()?;
                    rules.push((rule, level.unwrap_or(Level::On(rule.severity))));
                }
                Ok(Rules(rules))
            }
        }

        input.deserialize_map(Table)
    }
}

struct RuleName(&'static Rule);

impl<'de> Deserialize<'de> for RuleName {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let name = String::deserialize(input)?;
        find(&name).map(RuleName).map_err(de::Error::custom)
    }
}

/// `"off"`, `"warning"`, or a table with `level` and, of rules that have any, options. Without `level` the rule is on.
struct RuleLevel(Option<Level>);

impl<'de> Deserialize<'de> for RuleLevel {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct WordOrTable;

        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Options {
            level: Option<LevelWord>,
        }

        impl<'de> Visitor<'de> for WordOrTable {
            type Value = RuleLevel;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("\"off\", \"info\", \"warning\", \"error\", or a table")
            }

            fn visit_str<E: de::Error>(self, word: &str) -> Result<RuleLevel, E> {
                LevelWord::deserialize(de::value::StrDeserializer::new(word)).map(|it| RuleLevel(Some(it.into())))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RuleLevel, A::Error> {
                let options = Options::deserialize(de::value::MapAccessDeserializer::new(map))?;
                Ok(RuleLevel(options.level.map(Level::from)))
            }
        }

        input.deserialize_any(WordOrTable)
    }
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum LevelWord {
    Off,
    Info,
    Warning,
    Error,
}

impl From<LevelWord> for Level {
    fn from(word: LevelWord) -> Level {
        match word {
            LevelWord::Off => Level::Off,
            LevelWord::Info => Level::On(Severity::Info),
            LevelWord::Warning => Level::On(Severity::Warning),
            LevelWord::Error => Level::On(Severity::Error),
        }
    }
}

pub(super) fn parse(text: &str) -> Result<Settings, SettingsError> {
    let file: File = toml::from_str(text).map_err(|error| place(text, &error))?;
    let overrides = file.overrides.into_iter().map(|it| Override { paths: PathPatterns(it.paths), rules: it.rules.0 });
    Ok(Settings {
        postgres: file.postgres.0,
        preset: file.preset.0,
        rules: file.rules.0,
        overrides: overrides.collect(),
        runner: RunnerSettings {
            transaction: file.runner.transaction.map(Envelope::from),
            single_query: file.runner.single_query,
            lock_timeout: file.runner.lock_timeout.map(|it| it.0),
            statement_timeout: file.runner.statement_timeout.map(|it| it.0),
        },
        history: HistorySettings { paths: file.history.paths, schema: file.history.schema, since: file.history.since },
        tables: TableSettings {
            small: TablePatterns(file.tables.small),
            no_traffic: TablePatterns(file.tables.no_traffic),
            sizes: crate::TableSizes::default(),
        },
        dialects: file.dialects.into_iter().map(Dialect::from).collect(),
        ..Settings::default()
    })
}

fn place(text: &str, error: &toml::de::Error) -> SettingsError {
    let at = error.span().map_or(0, |it| it.start).min(text.len());
    let before = text.get(..at).unwrap_or_default();
    let start = before.rfind('\n').map_or(0, |it| it + 1);
    SettingsError {
        line: before.matches('\n').count() + 1,
        column: before[start..].chars().count() + 1,
        message: error.message().to_owned(),
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
