//! `lockkeeper lsp`: an editor's documents, read and checked as the command line does it.

use crate::args::{InputArgs, SinceArgs};
use crate::check::lint_all;
use crate::config::{self, Config, ConfigError};
use crate::edited::Edited;
use crate::host::Host;
use crate::load::{Loaded, LoadedHistory, LoadedScript, load_with};
use crate::memory::Memory;
use crate::{CliError, Outcome, effects, path, since};
use lockkeeper_lsp::{Answer, Asked, Effects, Ended, Project, Seen, Trouble, View, serve};
use lockkeeper_sources::{Direction, Interest, Script, interest};
use std::collections::BTreeMap;
use std::io::{BufReader, stdin, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Serves the editor at the other end of standard input and output until it goes.
pub(crate) fn run(host: &dyn Host) -> Outcome {
    let (configs, default) = (BTreeMap::new(), Config::default());
    let mut project = Files { host: Edited::new(host), memory: Memory::default(), configs, default };
    match serve(BufReader::new(stdin()), stdout(), &mut project) {
        Ended::Properly => Outcome::Clean,
        // The protocol asks for the exit status 1.
        Ended::Abruptly => Outcome::Findings,
    }
}

/// The files of the machine under the documents of the editor.
struct Files<'h> {
    host: Edited<'h>,
    memory: Memory,
    /// What each configuration said when it could be read last, so that a mistake in it changes nothing else.
    configs: BTreeMap<PathBuf, Config>,
    /// What holds without a configuration.
    default: Config,
}

/// Documents that are checked together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Group {
    config: Option<PathBuf>,
    workspace: PathBuf,
}

impl Project for Files<'_> {
    fn set(&mut self, file: &Path, text: Arc<str>) {
        self.host.put(file, text.as_bytes().to_vec());
    }

    fn unset(&mut self, file: &Path) {
        self.host.take_back(file);
    }

    fn check(&mut self, documents: &[Asked]) -> Answer {
        let mut groups: BTreeMap<Group, Vec<PathBuf>> = BTreeMap::new();
        for document in documents.iter().filter(|it| may_be_migration(&it.path)) {
            groups.entry(self.group(document)).or_default().push(document.path.clone());
        }
        let mut answer = Answer::default();
        for (group, documents) in groups {
            answer.troubles.extend(self.configure(&group));
            let config = self.config(&group);
            match self.load(&group, &documents) {
                Ok(loaded) => answer.views.push(self.view(config, loaded)),
                // A document that is no migration is no mistake.
                Err(CliError::NothingToRead(_)) => {}
                Err(error) => answer.troubles.push(trouble(group, documents, &error)),
            }
        }
        self.memory.forget_unasked();
        answer
    }

    fn effects(&mut self, document: &Asked) -> Option<Effects> {
        let group = self.group(document);
        let loaded = self.load(&group, std::slice::from_ref(&document.path)).ok()?;
        let settings = &self.config(&group).settings;
        let history = loaded.histories.iter().find(|it| it.scripts.iter().any(|it| it.reports))?;
        let scripts = there_and_back(history);
        let record = effects::replay_some(&scripts, history.partial, settings, &mut || {});
        let scripts = scripts.into_iter().map(|it| self.seen(it.script.clone())).collect();
        Some(Effects { version: settings.postgres, scripts, record })
    }
}

impl Files<'_> {
    fn group(&self, document: &Asked) -> Group {
        let config = config::find(path::folder(&document.path), &self.host);
        Group { config, workspace: document.workspace.clone() }
    }

    /// Reads the configuration of a group anew.
    fn configure(&mut self, group: &Group) -> Option<Trouble> {
        let file = group.config.as_ref()?;
        let input = InputArgs { config: Some(file.clone()), ..InputArgs::default() };
        match config::load(&input, &self.host) {
            Ok(config) => drop(self.configs.insert(file.clone(), config)),
            Err(error) => return Some(of_config(file, &error)),
        }
        None
    }

    fn config(&self, group: &Group) -> &Config {
        group.config.as_ref().and_then(|it| self.configs.get(it)).unwrap_or(&self.default)
    }

    /// Reads the documents and what is their context; parses what has changed.
    fn load(&self, group: &Group, documents: &[PathBuf]) -> Result<Loaded, CliError> {
        let paths = documents.to_vec();
        let workspace = Some(group.workspace.clone());
        let input = InputArgs { paths, config: group.config.clone(), workspace, ..InputArgs::default() };
        let config = self.config(group);
        let reference = since::reference(&SinceArgs::default(), &input, config, &self.host)?;
        load_with(&input, config, reference.as_ref(), Some(&self.memory), &self.host)
    }

    fn view(&self, config: &Config, loaded: Loaded) -> View {
        let report = lint_all(&loaded.histories, config, true, &self.host);
        let scripts = loaded.histories.into_iter().flat_map(|it| it.scripts).map(|it| self.seen(it.script)).collect();
        View { version: config.settings.postgres, scripts, report }
    }

    fn seen(&self, script: Script) -> Seen {
        let current = self.host.current_dir().unwrap_or_default();
        Seen { path: path::absolute(Path::new(&script.path), &current), script }
    }
}

/// The history up to the document that reports, and from there its way back, if it has one.
fn there_and_back(history: &LoadedHistory) -> Vec<&LoadedScript> {
    let mut scripts: Vec<&LoadedScript> = effects::up(history).collect();
    let own = history.scripts.iter().filter(|it| it.reports && it.script.direction == Direction::Down);
    let back: Vec<&LoadedScript> = own.collect();
    if let Some(first) = back.first() {
        let version = &first.script.version;
        let undone = |it: &&LoadedScript| it.reports || !version.is_empty() && it.script.version == *version;
        scripts.truncate(scripts.iter().position(undone).map_or(scripts.len(), |it| it + 1));
        scripts.extend(back);
    }
    scripts
}

fn may_be_migration(document: &Path) -> bool {
    matches!(interest(&path::shown(document)), Some(Interest::Sql | Interest::Revision))
}

fn of_config(file: &Path, error: &ConfigError) -> Trouble {
    let (line, column, message) = match error {
        ConfigError::Mistake { error, .. } => (error.line, error.column, error.message.clone()),
        other => (1, 1, other.to_string()),
    };
    Trouble { path: file.to_owned(), line: line as u32, column: column as u32, message }
}

/// What hinders the check of a group, shown in the configuration that asks for it.
fn trouble(group: Group, documents: Vec<PathBuf>, error: &CliError) -> Trouble {
    let path = group.config.or(documents.into_iter().next()).unwrap_or_default();
    Trouble { path, line: 1, column: 1, message: error.to_string() }
}
