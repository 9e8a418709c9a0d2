//! The files of a project together: what they say to each other, and what is wrong with that.

use super::ini::{Ini, ini, pyproject};
use super::modules::{Modules, creates_tables, defines_tables, imports, is_test, names_table, stamps};
use super::script::{EnvScript, Metadata, convention_named, conventions_of, env_script};
use super::url::{Driving, driving, has_password, is_remote, scheme};
use super::value::Found;
use super::versions::{self, Packages};
use crate::alembic::Conventions;
use crate::alembic::eval::Surroundings;
use crate::alembic::imported::Imported;
use crate::survey::File;
use crate::{EnvironmentNote, Hints, Note, NoteKind, path};
use lockkeeper_syntax::Span;
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;

/// All files of a survey, by path.
pub(crate) struct Project<'a> {
    files: BTreeMap<&'a str, (usize, &'a str)>,
}

/// A configuration of Alembic.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// Its path.
    pub(crate) path: String,
    pub(crate) ini: Ini,
}

/// What surrounds the revisions of one history.
#[derive(Clone, Debug, Default)]
pub(crate) struct Environment {
    pub(crate) surroundings: Surroundings,
    pub(crate) hints: Hints,
    /// Files beside the revisions with what is wrong in them; the configuration and `env.py` are there in any case.
    pub(crate) beside: BTreeMap<usize, Vec<Note>>,
}

impl<'a> Project<'a> {
    pub(crate) fn new(files: &[File<'a>]) -> Self {
        Project { files: files.iter().enumerate().map(|(at, it)| (it.path, (at, it.text))).collect() }
    }

    fn text(&self, path: &str) -> Option<&'a str> {
        self.files.get(path).map(|it| it.1)
    }

    /// All configurations, by their paths.
    pub(crate) fn configs(&self) -> Vec<Config> {
        let config = |(path, (_, text)): (&&str, &(usize, &str))| {
            let ini = match path::split(path).1 {
                "alembic.ini" => ini(text),
                "pyproject.toml" => pyproject(text),
                _ => return None,
            };
            (!ini.entries.is_empty()).then(|| Config { path: (*path).to_owned(), ini })
        };
        self.files.iter().filter_map(config).collect()
    }

    /// The configuration around a folder, the nearest one; `alembic.ini` before `pyproject.toml`.
    pub(crate) fn config_around(&self, folder: &str) -> Option<Config> {
        path::ancestors(folder).find_map(|folder| {
            let read = |name: &str, read: fn(&str) -> Ini| {
                let path = path::join(folder, name);
                let ini = read(self.text(&path)?);
                (!ini.entries.is_empty()).then_some(Config { path, ini })
            };
            read("alembic.ini", ini).or_else(|| read("pyproject.toml", pyproject))
        })
    }

    /// What surrounds revisions whose `env.py` lies in the folder `script`; `followers` says which revision follows which.
    pub(crate) fn environment(
        &self,
        script: &str,
        config: Option<&Config>,
        revisions: &[&str],
        followers: &FxHashMap<&str, &str>,
    ) -> Environment {
        let env = self.files.get_key_value(path::join(script, "env.py").as_str());
        let top = top_of(script, config);
        let modules = self.modules(top, script);
        let configured = config.and_then(configured_url);
        let read = env.map(|it| env_script(it.1.1, &modules, configured.clone())).unwrap_or_default();
        let mut found = Environment::default();
        let mut notes = Notes { project: self, found: &mut found };
        if let Some(config) = config {
            notes.of_config(config);
        }
        if let Some((path, _)) = env {
            notes.of_env(path, &read, &modules, revisions);
            let packages = self.packages(top);
            notes.of_engines(path, &read, configured, &packages);
        }
        let of_sqlite = |path: &str| path.contains("sqlite") || path.contains("in_memory");
        for (path, text) in modules.iter().filter(|it| !is_test(it.0) && !of_sqlite(it.0)) {
            let created = creates_tables(text);
            for (revision, span) in stamps(text).into_iter().filter(|_| !created.is_empty()) {
                if let Some(follower) = followers.get(revision.as_str()) {
                    let follower = (*follower).to_owned();
                    notes.add(path, span, EnvironmentNote::Stamped { revision, follower });
                }
            }
            created.into_iter().for_each(|it| notes.add(path, it, EnvironmentNote::CreatesTables));
        }
        found.surroundings.options = config.map(|it| {
            let own = it.ini.entries.iter().filter(|it| it.section == "alembic");
            own.map(|it| (it.key.clone(), it.value.clone())).collect()
        });
        found.surroundings.sqlite = self.runs_on_sqlite(top, env.map(|it| it.1.1), config);
        found.hints.transaction = read.transaction_per_migration.then_some(true);
        found.surroundings.version_schema = read.version_schema.clone();
        found.surroundings.conventions = match env {
            Some((path, _)) if read.conventions.patterns.is_empty() => conventions(path, &read, &modules),
            _ => read.conventions,
        };
        found
    }

    /// The modules that the revisions at `paths` lead to, as far as they belong to the project.
    pub(crate) fn followed(&self, folder: &str, paths: &[&str]) -> Imported {
        let all = self.files.iter().filter(|it| it.0.ends_with(".py"));
        let modules = Modules::new(all.map(|(path, (_, text))| (*path, *text)));
        Imported::by(paths, folder, &modules)
    }

    /// The modules of the application that each of these revisions imports, and where.
    pub(crate) fn imported(&self, script: &str, config: Option<&Config>, paths: &[&str]) -> Vec<Vec<(String, Span)>> {
        let modules = self.modules(top_of(script, config), script);
        let of = |path: &&str| {
            let all = imports(self.text(path).unwrap_or_default()).into_iter();
            let own = all.filter(|it| it.level == 0 && modules.find(path, 0, &it.module).is_some());
            own.map(|it| (it.module, it.span)).collect()
        };
        paths.iter().map(of).collect()
    }

    /// Whether `env.py`, the configuration of Alembic or ours say that the revisions run on SQLite too.
    fn runs_on_sqlite(&self, top: &str, env: Option<&str>, config: Option<&Config>) -> bool {
        let of_url =
            config.and_then(|it| it.ini.alembic("sqlalchemy.url")).is_some_and(|it| it.value.starts_with("sqlite"));
        let ours = path::ancestors(top).find_map(|it| self.text(&path::join(it, "lockkeeper.toml")));
        let of_ours = ours
            .into_iter()
            .flat_map(str::lines)
            .any(|it| it.trim_start().starts_with("dialects") && it.contains("sqlite"));
        of_url || of_ours || env.is_some_and(|it| it.contains("sqlite"))
    }

    /// The Python files of the application below a folder, its `env.py` included.
    fn modules(&self, top: &str, script: &str) -> Modules<'a> {
        let foreign = ["site-packages", "node_modules", "venv", ".venv", "versions"];
        let below = self.files.iter().filter(|it| it.0.ends_with(".py") && path::below(it.0, top).is_some());
        let own = below.filter(|it| {
            let inside = path::below(it.0, top).unwrap_or(it.0);
            let of_script = path::below(it.0, script).is_some_and(|it| it.contains('/'));
            !of_script && !inside.split('/').any(|it| foreign.contains(&it))
        });
        Modules::new(own.map(|(path, (_, text))| (*path, *text)))
    }

    fn packages(&self, top: &str) -> Packages {
        let around =
            path::ancestors(top).flat_map(|folder| versions::FILES.iter().map(move |it| path::join(folder, it)));
        Packages::new(around.filter_map(|it| self.text(&it)).map(str::to_owned).collect())
    }
}

/// What `sqlalchemy.url` of the configuration begins with.
fn configured_url(config: &Config) -> Option<Found> {
    let entry = config.ini.alembic("sqlalchemy.url")?;
    let scheme = scheme(&entry.value).filter(|it| *it != "driver")?.to_owned();
    Some(Found { scheme, span: entry.span, path: Some(config.path.clone()) })
}

/// The conventions that `env.py` imports and sets, or those of the module that the metadata come from.
fn conventions(env: &str, read: &EnvScript, modules: &Modules<'_>) -> Conventions {
    let own = imported_conventions(env, modules);
    let (Metadata::Of(base, _) | Metadata::Named(base)) = &read.metadata else { return own };
    let module = modules.text(env).and_then(|text| home_of(base, env, text, modules));
    let Some((path, text)) = module.filter(|_| own.patterns.is_empty()).and_then(|it| Some((it, modules.text(it)?)))
    else {
        return own;
    };
    let written = conventions_of(text);
    if written.patterns.is_empty() { imported_conventions(path, modules) } else { written }
}

/// The conventions behind a name that a file imports and gives to metadata.
fn imported_conventions(path: &str, modules: &Modules<'_>) -> Conventions {
    let text = modules.text(path).unwrap_or_default();
    let module = convention_named(text).and_then(|it| home_of(&it, path, text, modules));
    module.and_then(|it| modules.text(it)).map(conventions_of).unwrap_or_default()
}

/// The folder of the project whose `env.py` lies in the folder `script`. Flask-Migrate keeps its `alembic.ini` in there.
fn top_of<'p>(script: &'p str, config: Option<&'p Config>) -> &'p str {
    let folder = config.map(|it| path::split(&it.path).0).filter(|it| *it != script);
    folder.unwrap_or(path::split(script).0)
}

/// The file that a name comes from which `from` imports, past the packages that only hand it on.
fn home_of<'a>(name: &str, from: &str, text: &str, modules: &Modules<'a>) -> Option<&'a str> {
    let next = |name: &str, from: &str, text: &str| {
        let taken = imports(text).into_iter().find_map(|it| {
            let own = it.names.iter().find(|it| it.1 == name)?.0.clone();
            Some((own, modules.find(from, it.level, &it.module)?))
        });
        taken.filter(|it| it.1 != from)
    };
    let (mut name, mut home) = next(name, from, text)?;
    for _ in 0..HANDS {
        let Some(further) = modules.text(home).and_then(|text| next(&name, home, text)) else { break };
        (name, home) = further;
    }
    Some(home)
}

/// How many modules may hand on a name.
const HANDS: usize = 8;

/// Collects what is wrong.
struct Notes<'p, 'a> {
    project: &'p Project<'a>,
    found: &'p mut Environment,
}

impl Notes<'_, '_> {
    fn add(&mut self, path: &str, span: Span, note: EnvironmentNote) {
        if let Some((file, _)) = self.project.files.get(path) {
            let notes = self.found.beside.entry(*file).or_default();
            notes.push(Note { kind: NoteKind::Environment(note), span });
        }
    }

    /// Makes a file one of the history, whether something is wrong with it or not.
    fn mention(&mut self, path: &str) {
        if let Some((file, _)) = self.project.files.get(path) {
            self.found.beside.entry(*file).or_default();
        }
    }

    fn of_config(&mut self, config: &Config) {
        self.mention(&config.path);
        let urls = config.ini.entries.iter().filter(|it| it.key == "sqlalchemy.url");
        for entry in urls.filter(|it| has_password(&it.value)) {
            self.add(&config.path, entry.span, EnvironmentNote::Password);
        }
    }

    fn of_env(&mut self, path: &str, read: &EnvScript, modules: &Modules<'_>, revisions: &[&str]) {
        self.mention(path);
        read.unescaped.iter().for_each(|it| self.add(path, *it, EnvironmentNote::Percent));
        let text = self.project.text(path).unwrap_or_default();
        for url in read.urls.iter().filter(|it| it.path.is_none()) {
            // What is written here is often a default for a machine of one's own.
            let written = url.span.of(text).trim_matches(['"', '\'']);
            if has_password(written) && is_remote(written) {
                self.add(path, url.span, EnvironmentNote::Password);
            }
        }
        match &read.metadata {
            Metadata::None(span) => self.add(path, *span, EnvironmentNote::NoMetadata),
            Metadata::Of(base, span) => {
                let none = never_imported(path, base, modules).map(|it| (it, false));
                let left_out = || left_out(path, base, modules).map(|it| (it, true));
                if let Some((models, others)) = none.or_else(left_out) {
                    // As it is called from the top of the project.
                    let near = path::ancestors(path).find_map(|it| path::below(models, it));
                    let (base, models) = (base.clone(), near.unwrap_or(models).to_owned());
                    self.add(path, *span, EnvironmentNote::NoModels { base, models, others });
                }
            }
            Metadata::Named(_) | Metadata::Unknown => {}
        }
        let partitions = revisions.iter().any(|it| makes_partitions(it));
        for &(span, filters) in &read.configured {
            if partitions && !filters && !matches!(read.metadata, Metadata::None(_)) {
                self.add(path, span, EnvironmentNote::PartitionsCompared);
            }
            if !read.transaction_per_migration {
                self.add(path, span, EnvironmentNote::OneTransaction);
            }
        }
    }

    fn of_engines(&mut self, env: &str, read: &EnvScript, configured: Option<Found>, packages: &Packages) {
        let from_config = configured.filter(|_| !read.has_own_url).into_iter();
        let urls: Vec<Found> = read.urls.iter().cloned().chain(from_config).collect();
        for engine in &read.engines {
            let refused: &[&str] =
                if engine.asynchronous { &["QueuePool", "SingletonThreadPool"] } else { &["AsyncAdaptedQueuePool"] };
            if let Some((class, span)) = engine.pool.as_ref().filter(|it| refused.contains(&it.0.as_str())) {
                let (class, function, asynchronous) = (class.clone(), engine.function, engine.asynchronous);
                self.add(env, *span, EnvironmentNote::Pool { class, engine: function, asynchronous });
            }
        }
        let drivers = urls.iter().filter_map(|it| Some(it.scheme.split_once('+')?.1.to_owned()));
        let asynchronous = read.engines.iter().any(|it| it.asynchronous);
        let likely = || asynchronous && packages.has("asyncpg") && !packages.has("psycopg");
        self.found.surroundings.driver =
            drivers.into_iter().next().or_else(|| likely().then(|| "asyncpg".to_owned())).unwrap_or_default();
        // Which of several engines takes the URL is not known.
        let [engine] = read.engines.as_slice() else { return };
        for url in &urls {
            let modern = packages.is_at_least("sqlalchemy", (2, 1));
            let (wrong, before_2_1) = match (driving(&url.scheme), engine.asynchronous) {
                (Driving::Synchronous, true) | (Driving::Asynchronous, false) => (true, false),
                (Driving::ByVersion, true) => (modern != Some(true), modern.is_none()),
                _ => (false, false),
            };
            if wrong {
                let (scheme, asynchronous) = (url.scheme.clone(), engine.asynchronous);
                let note = EnvironmentNote::Driver { scheme, engine: engine.function, asynchronous, before_2_1 };
                self.add(url.path.as_deref().unwrap_or(env), url.span, note);
            }
        }
    }
}

/// A file that defines tables, if there are such and `env.py` loads none of them.
fn never_imported<'a>(env: &str, base: &str, modules: &Modules<'a>) -> Option<&'a str> {
    let (start, text) = modules.iter().find(|it| it.0 == env)?;
    // Where the base class is not read, neither are the models beside it.
    let unread = imports(text).iter().any(|it| it.names.iter().any(|it| it.1 == base))
        && home_of(base, env, text, modules).is_none();
    if unread && base != "SQLModel" {
        return None;
    }
    let loaded = modules.loaded_by(start);
    let texts = || loaded.iter().filter_map(|it| modules.text(it));
    if texts().any(|it| defines_tables(it) || BY_NAME.iter().any(|name| it.contains(name))) || text.contains("reflect(")
    {
        return None;
    }
    let models = modules.iter().find(|it| !is_test(it.0) && defines_tables(it.1))?;
    Some(models.0)
}

/// A file whose models have the base class of `env.py`, and that `env.py` does not lead to, though it leads to others.
fn left_out<'a>(env: &str, base: &str, modules: &Modules<'a>) -> Option<&'a str> {
    let (start, text) = modules.iter().find(|it| it.0 == env)?;
    let home = home_of(base, env, text, modules)?;
    let loaded = modules.loaded_by(start);
    // What is loaded by its name is not known.
    let texts = || loaded.iter().filter_map(|it| modules.text(it));
    if !texts().any(defines_tables) || texts().any(|it| BY_NAME.iter().any(|name| it.contains(name))) {
        return None;
    }
    let has_base = |path: &str, text: &str| home_of(base, path, text, modules) == Some(home);
    let mut others = modules.iter().filter(|it| !loaded.contains(it.0) && !is_test(it.0));
    others.find(|(path, text)| names_table(text) && has_base(path, text)).map(|it| it.0)
}

/// Ways to load modules by their names.
const BY_NAME: &[&str] = &["import_module", "walk_packages", "iter_modules", "__import__", "autodiscover"];

/// Whether a revision makes partitions in SQL.
fn makes_partitions(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    upper.contains("PARTITION OF") || upper.contains("CREATE_PARENT")
}
