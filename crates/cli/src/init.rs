//! `lockkeeper init`: a configuration that fits the project.

use crate::args::{InitArgs, InputArgs};
use crate::config::{Config, NAME};
use crate::host::Host;
use crate::load::{Loaded, LoadedHistory, load};
use crate::{CliError, Outcome, output, path, since};
use lockkeeper_model::Version;
use lockkeeper_report::SETTINGS_SCHEMA;
use lockkeeper_sources::Framework;
use std::path::{Path, PathBuf};

/// Files that say which server a project runs on.
const COMPOSITIONS: &[&str] =
    &["docker-compose.yml", "docker-compose.yaml", "compose.yml", "compose.yaml", ".gitlab-ci.yml"];

/// What stands before the version in the name of an image, as `postgres:16` or `timescale/timescaledb:2.17-pg16`.
const IMAGES: &[&str] = &["postgres:", "postgis:", "pgvector:pg", "-pg"];

/// Looks at the project and writes the file.
pub(crate) fn run(args: &InitArgs, host: &dyn Host) -> Result<Outcome, CliError> {
    if args.json_schema {
        return output::stdout(SETTINGS_SCHEMA, host).map(|()| Outcome::Clean);
    }
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from("."));
    let file = folder.join(NAME);
    if host.kind(&file).is_ok() {
        return Err(CliError::ExistsAlready(path::shown(&file)));
    }
    let input = InputArgs { paths: vec![folder.clone()], ..InputArgs::default() };
    let loaded = match load(&input, &Config::default(), None, host) {
        Ok(loaded) => loaded,
        // A project can begin with its configuration.
        Err(CliError::NothingToRead(_)) => Loaded::default(),
        Err(error) => return Err(error),
    };
    let since = since::default_branch(&input, host).map(|it| it.name);
    let text = text(&loaded, version(&folder, host), since.as_deref());
    host.write(&file, text.as_bytes()).map_err(|source| CliError::Write { path: path::shown(&file), source })?;
    output::stdout(&format!("wrote {}; `lockkeeper check` obeys it from now on\n", path::shown(&file)), host)?;
    Ok(Outcome::Clean)
}

/// The version of the server that the project runs its tests on, if a file says so.
fn version(folder: &Path, host: &dyn Host) -> Option<Version> {
    let text = |name: &&str| host.read(&folder.join(name)).ok().and_then(|it| String::from_utf8(it).ok());
    COMPOSITIONS.iter().filter_map(text).find_map(|it| image_version(&it))
}

fn image_version(text: &str) -> Option<Version> {
    let after = |line: &str| {
        IMAGES.iter().find_map(|it| {
            let (_, rest) = line.split_once(it)?;
            let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
            digits.parse().ok()
        })
    };
    text.lines().filter(|it| it.trim_start().trim_start_matches("- ").starts_with("image:")).find_map(after)
}

fn text(loaded: &Loaded, version: Option<Version>, since: Option<&str>) -> String {
    let mut out =
        String::from("# Settings of Lockkeeper, for the command line, editors, hooks and the playground.\n\n");
    out += "# The server's major version, 13 to 18.\n";
    out += &format!("postgres = {}\n\n", version.unwrap_or_default());
    out += "# recommended: what PostgreSQL refuses, outages, lost data. strict: advice too. all: every rule.\n";
    out += "preset = \"recommended\"\n\n";
    out += "[history]\n";
    loaded.histories.iter().for_each(|it| out += &format!("# Found: {}.\n", found(it)));
    if loaded.histories.is_empty() {
        out += "# No migrations were found. Where are they?\n# paths = [\"db/migrations\"]\n";
    }
    match since {
        Some(since) => {
            out += "# Only what changed since this branch reports; the rest is context.\n";
            out += &format!("since = {}\n", quoted(since));
        }
        None => {
            out += "# Only what changed since a branch reports, once there is one to compare with:\n";
            out += "# since = \"origin/main\"\n";
        }
    }
    if loaded.histories.iter().any(|it| it.framework == Framework::Plain) {
        out += "\n[runner]\n";
        out += "# What the tool that runs the files wraps into a transaction: \"none\", each \"file\", or all of a \"run\".\n";
        out += "# transaction = \"file\"\n";
    }
    out += "\n[tables]\n# Always small, so that work on them is short; and used by nothing while migrations run.\n";
    out += "# small = [\"countries\"]\n# no_traffic = [\"audit.*\"]\n";
    out += "\n[rules]\n# table-dropped = \"off\"\n";
    out
}

/// "Flyway in db/migrations, 12 files".
fn found(history: &LoadedHistory) -> String {
    let mut files: Vec<&str> = history.scripts.iter().map(|it| it.script.path.as_str()).collect();
    files.dedup();
    let plural = if files.len() == 1 { "" } else { "s" };
    format!("{} in {}, {} file{plural}", history.framework.name(), history.name, files.len())
}

/// Text as a string of TOML.
fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lockkeeper_core::Settings;

    #[test]
    fn the_image_of_a_composition_tells_the_version() {
        let of = |line: &str| image_version(&format!("services:\n  db:\n    image: {line}\n")).map(|it| it.to_string());
        assert_eq!(of("postgres:16-alpine"), Some("16".into()));
        assert_eq!(of("'postgis/postgis:15-3.4'"), Some("15".into()));
        assert_eq!(of("pgvector/pgvector:pg17"), Some("17".into()));
        assert_eq!(of("timescale/timescaledb:2.17.2-pg14"), Some("14".into()));
        assert_eq!(of("postgres:latest"), None);
        assert_eq!(of("postgres:9.6"), None, "a version that is not known");
        assert_eq!(image_version("# postgres:16\n"), None);
    }

    #[test]
    fn what_is_written_is_understood() {
        let written = text(&Loaded::default(), "15".parse().ok(), Some("origin/a\"b"));
        let settings = Settings::parse(&written).expect("it is a configuration");
        assert_eq!(settings.postgres.to_string(), "15");
        assert_eq!(settings.history.since.as_deref(), Some("origin/a\"b"));
        let comments_off = written.replace("# small", "small").replace("# no_traffic", "no_traffic");
        Settings::parse(&comments_off.replace("# table-dropped", "table-dropped")).expect("the hints are right");
    }
}
