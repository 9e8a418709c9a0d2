//! Finding and reading `lockkeeper.toml`.

use crate::args::InputArgs;
use crate::host::{Host, PathKind};
use crate::path;
use lockkeeper_core::{Settings, SettingsError};
use std::io;
use std::path::{Path, PathBuf};

/// The name of the configuration.
pub(crate) const NAME: &str = "lockkeeper.toml";

/// The settings, and where they come from.
#[derive(Debug, Default)]
pub(crate) struct Config {
    pub(crate) settings: Settings,
    /// The folder that the paths in it are relative to, from the root of the file system; none without a file.
    pub(crate) folder: Option<PathBuf>,
    /// The file, as it is shown.
    pub(crate) file: Option<String>,
}

/// Why the configuration cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ConfigError {
    #[error("{path}: cannot be read: {source}")]
    Read { path: String, source: io::Error },
    #[error("{path}: is not UTF-8")]
    NotText { path: String },
    #[error("{path}:{}:{}: {}\n{}", error.line, error.column, error.message, pointer(error))]
    Mistake { path: String, error: SettingsError },
    #[error("the current folder is unknown: {0}")]
    CurrentFolder(io::Error),
}

/// The line of the mistake with a mark below its column.
fn pointer(error: &SettingsError) -> String {
    let number = error.line.to_string();
    let margin = " ".repeat(number.len());
    // Tabs stay tabs, so that the mark stands below its place however wide they are.
    let before: String =
        error.text.chars().take(error.column - 1).map(|it| if it == '\t' { it } else { ' ' }).collect();
    format!("{margin} |\n{number} | {}\n{margin} | {before}^", error.text)
}

/// Reads the configuration that `--config` names, or the nearest one in the folder of the first input or above it;
/// without any, the defaults. `--pg` has the last word.
pub(crate) fn load(input: &InputArgs, host: &dyn Host) -> Result<Config, ConfigError> {
    let current = host.current_dir().map_err(ConfigError::CurrentFolder)?;
    let mut config = match file(input, host) {
        Some(file) => read(&file, &current, host)?,
        None => Config::default(),
    };
    config.settings.today = host.today();
    config.settings.postgres = input.pg.unwrap_or(config.settings.postgres);
    Ok(config)
}

/// The configuration that holds for the input, if there is one.
pub(crate) fn file(input: &InputArgs, host: &dyn Host) -> Option<PathBuf> {
    let current = host.current_dir().unwrap_or_default();
    input.config.clone().or_else(|| find(&start(input, &current, host), host))
}

/// The folder in which the search begins.
fn start(input: &InputArgs, current: &Path, host: &dyn Host) -> PathBuf {
    let named = input.paths.first().filter(|it| it.as_os_str() != "-").or(input.stdin_filename.as_ref());
    let Some(named) = named else { return current.to_owned() };
    let absolute = path::absolute(named, current);
    match host.kind(&absolute) {
        Ok(PathKind::Folder) => absolute,
        _ => path::folder(&absolute).to_owned(),
    }
}

/// The file that holds for what lies in a folder: the nearest in it or above it.
pub(crate) fn find(folder: &Path, host: &dyn Host) -> Option<PathBuf> {
    folder.ancestors().map(|it| it.join(NAME)).find(|it| matches!(host.kind(it), Ok(PathKind::File)))
}

fn read(file: &Path, current: &Path, host: &dyn Host) -> Result<Config, ConfigError> {
    let absolute = path::absolute(file, current);
    let shown = path::shown(absolute.strip_prefix(current).unwrap_or(file));
    let bytes = host.read(file).map_err(|source| ConfigError::Read { path: shown.clone(), source })?;
    let text = String::from_utf8(bytes).map_err(|_| ConfigError::NotText { path: shown.clone() })?;
    let settings = Settings::parse(text.strip_prefix('\u{feff}').unwrap_or(&text))
        .map_err(|error| ConfigError::Mistake { path: shown.clone(), error })?;
    Ok(Config { settings, folder: Some(path::folder(&absolute).to_owned()), file: Some(shown) })
}
