//! What the user wants: `lockkeeper.toml`, typed.

#[cfg(feature = "config")]
mod parse;
mod pattern;
#[cfg(feature = "config")]
mod read;

#[cfg(feature = "config")]
pub use parse::SettingsError;
pub use pattern::TablePatterns;

use crate::nearest::nearest;
use crate::{OptionValue, Rule, Severity, rule};
use lockkeeper_model::{Envelope, Runner, Version};
use pattern::PathPatterns;

/// All settings. Made from a file by [`Settings::parse`], changed by flags, read by `lint` and `cli`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Settings {
    /// The server's version.
    pub postgres: Version,
    /// Which rules are on to begin with.
    pub preset: Preset,
    /// `[rules]`: what single rules are set to, a later one over an earlier.
    pub rules: Vec<RuleSetting>,
    /// `[[overrides]]`, a later one over an earlier.
    pub overrides: Vec<Override>,
    /// `[runner]`.
    pub runner: RunnerSettings,
    /// `[history]`.
    pub history: HistorySettings,
    /// `[tables]`.
    pub tables: TableSettings,
    /// The databases that the project runs on.
    pub dialects: Vec<Dialect>,
    /// The rules named by `--select`: if there are any, only these are on.
    pub select: Vec<&'static Rule>,
    /// The rules named by `--ignore`.
    pub ignore: Vec<&'static Rule>,
    /// The day on which the settings are used, counted from 1970-01-01, for what has to be ready some days ahead; set by
    /// whoever has a clock.
    pub today: Option<i64>,
}

/// Which rules are on to begin with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Preset {
    /// What PostgreSQL refuses, outages and lost data.
    #[default]
    Recommended,
    /// Advice too, style aside.
    Strict,
    /// Every rule.
    All,
}

/// What a rule is set to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Level {
    /// It says nothing.
    Off,
    /// It is on with this severity.
    On(Severity),
}

/// What one rule is set to.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleSetting {
    /// The rule.
    pub rule: &'static Rule,
    /// Its level. Without one, a rule that is off is on.
    pub level: Option<Level>,
    /// Its options by name.
    pub options: Vec<(&'static str, OptionValue)>,
}

impl RuleSetting {
    /// A level and nothing else.
    pub fn level(rule: &'static Rule, level: Level) -> Self {
        RuleSetting { rule, level: Some(level), options: Vec::new() }
    }
}

/// `[[overrides]]`: other levels for some paths.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    paths: PathPatterns,
    rules: Vec<RuleSetting>,
}

/// `[runner]`: how the migration tool sends files, where the sources do not tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RunnerSettings {
    /// What the tool wraps into a transaction.
    pub transaction: Option<Envelope>,
    /// Whether a file is one query.
    pub single_query: Option<bool>,
    /// `lock_timeout` of the tool's connection, in milliseconds.
    pub lock_timeout: Option<u64>,
    /// `statement_timeout` of the tool's connection, in milliseconds.
    pub statement_timeout: Option<u64>,
}

/// `[history]`: where the migrations are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistorySettings {
    /// The roots, in order; empty to look for them.
    pub paths: Vec<String>,
    /// A dump of the schema that the history starts from.
    pub schema: Option<String>,
    /// Only files that changed since this commit report.
    pub since: Option<String>,
}

/// `[tables]`: what no migration says of tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TableSettings {
    /// Always small: work on them is short.
    pub small: TablePatterns,
    /// Nothing uses them while migrations run.
    pub no_traffic: TablePatterns,
    /// How large they are, where a live database was asked.
    pub sizes: crate::TableSizes,
}

/// A database that the project runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are the products' own")]
pub enum Dialect {
    Postgres,
    Sqlite,
    Mysql,
}

/// A name that no rule has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no rule `{name}`{}", .near.map(|it| format!("; is `{it}` meant?")).unwrap_or_default())]
pub struct UnknownRule {
    /// The name as written.
    pub name: String,
    /// The nearest name, if one is near.
    pub near: Option<&'static str>,
}

impl Settings {
    /// Reads `lockkeeper.toml`.
    ///
    /// # Errors
    ///
    /// For text that is no TOML, for keys and values that are not known, with their place.
    #[cfg(feature = "config")]
    pub fn parse(text: &str) -> Result<Settings, SettingsError> {
        parse::parse(text)
    }

    /// The severity of a rule for the file `path`; `None` if it is off there.
    pub fn level(&self, rule: &Rule, path: &str) -> Option<Severity> {
        if self.ignore.contains(&rule) || (!self.select.is_empty() && !self.select.contains(&rule)) {
            return None;
        }
        let mut level = self.preset.level(rule);
        if !self.select.is_empty() {
            level = Level::On(rule.severity);
        }
        let here = self.overrides.iter().filter(|it| it.paths.matches(path)).flat_map(|it| &it.rules);
        for set in self.rules.iter().chain(here).filter(|it| it.rule == rule) {
            level = match (set.level, level) {
                (Some(level), _) => level,
                (None, Level::Off) => Level::On(rule.severity),
                (None, on) => on,
            };
        }
        match level {
            Level::On(severity) => Some(severity),
            Level::Off => None,
        }
    }

    /// What an option of a rule is set to for the file `path`.
    pub(crate) fn option(&self, rule: &Rule, name: &str, path: &str) -> Option<&OptionValue> {
        let of = |it: &'_ RuleSetting| it.rule == rule && it.options.iter().any(|it| it.0 == name);
        let here = self.overrides.iter().rev();
        let here = here.filter(|it| it.rules.iter().any(of) && it.paths.matches(path)).flat_map(|it| &it.rules);
        let set = here.chain(&self.rules).find(|it| of(it))?;
        set.options.iter().find(|it| it.0 == name).map(|it| &it.1)
    }

    /// Leaves only the named rules on, as `--select` does; on top of earlier calls.
    ///
    /// # Errors
    ///
    /// For a name that no rule has.
    pub fn select<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> Result<(), UnknownRule> {
        for name in names {
            self.select.push(find(name)?);
        }
        Ok(())
    }

    /// Turns the named rules off, as `--ignore` does.
    ///
    /// # Errors
    ///
    /// For a name that no rule has.
    pub fn ignore<'n>(&mut self, names: impl IntoIterator<Item = &'n str>) -> Result<(), UnknownRule> {
        for name in names {
            self.ignore.push(find(name)?);
        }
        Ok(())
    }
}

fn find(name: &str) -> Result<&'static Rule, UnknownRule> {
    rule(name).ok_or_else(|| UnknownRule { name: name.to_owned(), near: nearest(name) })
}

impl Preset {
    fn level(self, rule: &Rule) -> Level {
        let on = match self {
            Preset::Recommended => rule.severity > Severity::Info,
            Preset::Strict => rule.category != "style",
            Preset::All => true,
        };
        if on { Level::On(rule.severity) } else { Level::Off }
    }
}

impl RunnerSettings {
    /// The profile that the sources found, with these settings over it.
    pub fn over(self, found: Runner) -> Runner {
        Runner {
            transaction: self.transaction.unwrap_or(found.transaction),
            single_query: self.single_query.unwrap_or(found.single_query),
            alone: found.alone,
            lock_timeout: self.lock_timeout.or(found.lock_timeout),
            statement_timeout: self.statement_timeout.or(found.statement_timeout),
        }
    }
}
