//! The linter: replays a history through `model`, shows each statement to the rules, and keeps one finding per cause.
//!
//! [`lint()`] is the one entry. It does no I/O: whoever calls it reads files and prints reports.

mod back;
mod bounds;
mod choose;
mod clause;
mod effect;
mod end;
mod finding;
mod fix;
mod instead;
mod lint;
mod nearest;
mod noted;
mod options;
mod partition_key;
mod placeholders;
mod published;
mod recipe;
mod refusals;
mod report;
mod rows;
mod rule;
mod rules;
mod say;
mod setting;
mod settings;
mod sizes;
mod step;
mod suppress;
mod work;

pub use effect::StatementEffect;
pub use finding::{About, Edit, Finding, Fix, Label, Safety};
pub use fix::{apply, splice};
pub use instead::{Instead, Piece, PieceFile, Replaced, Where};
pub use lint::{Input, Root, lint, lint_recorded, lint_watched};
pub use options::{OPTIONS, OptionKind, OptionValue, RuleOption};
pub use report::{Problem, ProblemKind, Report, StrongestLock, Summary, UnusedReason, UnusedSuppression};
pub use rule::{FixLevel, Rule, Severity};
pub use rules::{RULES, rule};
#[cfg(feature = "config")]
pub use settings::SettingsError;
pub use settings::{
    Dialect, HistorySettings, Level, Override, Preset, RuleSetting, RunnerSettings, Settings, TablePatterns,
    TableSettings, UnknownRule,
};
pub use sizes::{Size, TableSizes};
