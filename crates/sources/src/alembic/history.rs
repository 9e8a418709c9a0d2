//! Revision files to histories and scripts.

use super::HOLE;
use super::chain::{MistakeKind, chain};
use super::environment::{Config, Environment, Project};
use super::eval::Surroundings;
use super::file_name;
use super::revision::{Direct, Facts, SentStatement, facts_of, revision_with};
use crate::frameworks::{BARE, FILE, RUN};
use crate::interest::{Interest, interest};
use crate::survey::{Entry, File, Reading, Root};
use crate::{Direction, Framework, Hints, Note, NoteKind, RevisionNote, Script, Text, engine, natural, path};
use lockkeeper_model::Runner;
use lockkeeper_model::timeline::Section;
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::{Body, Parsed, Span, parse};
use rustc_hash::FxHashMap;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The folder that Alembic keeps revisions in, unless it is told otherwise.
const FOLDER: &str = "versions";

/// Whether a path may be a revision's: a Python file in or below a folder `versions`.
pub(crate) fn is_revision_path(file: &str) -> bool {
    let (folder, name) = path::split(file);
    let hidden = name.starts_with("__init__") || name.starts_with(".#") || name == "env.py";
    name.ends_with(".py") && !hidden && folder.split('/').any(|it| it == FOLDER)
}

/// The folder that a revision's history lies in.
pub(crate) fn home(file: &str) -> &str {
    let folder = path::split(file).0;
    path::ancestors(folder).find(|it| path::split(it).1 == FOLDER).unwrap_or(folder)
}

/// The revisions of one history, before they are in order.
struct Home {
    folder: String,
    /// The folder of `env.py`.
    script: String,
    config: Option<Config>,
    places: Vec<usize>,
}

/// Makes the histories: one for each configuration that says where revisions are, then one for each folder of others.
pub(crate) fn roots(files: &[File<'_>]) -> Vec<Root> {
    let project = Project::new(files);
    let mut taken = vec![false; files.len()];
    let mut homes = Vec::new();
    for config in project.configs() {
        let home = configured(config, files, &taken);
        if home.places.iter().any(|&it| files[it].text.contains("revision")) {
            home.places.iter().for_each(|&it| taken[it] = true);
            homes.push(home);
        }
    }
    homes.extend(by_folder(&project, files, &taken));
    let mut roots: Vec<Root> = homes.into_iter().filter_map(|it| root(it, &project, files)).collect();
    say_once(&mut roots);
    roots
}

/// What is wrong with a file that several histories share is said in the first of them.
fn say_once(roots: &mut [Root]) {
    let mut said: Vec<(usize, Note)> = Vec::new();
    for entry in roots.iter_mut().flat_map(|it| &mut it.up).filter(|it| it.beside) {
        let file = entry.file;
        entry.notes.retain(|note| !said.iter().any(|it| it.0 == file && it.1 == *note));
        said.extend(entry.notes.iter().map(|it| (file, it.clone())));
    }
}

/// The Python files where a configuration says that revisions are.
fn configured(config: Config, files: &[File<'_>], taken: &[bool]) -> Home {
    let top = path::split(&config.path).0;
    let locations: Vec<String> = config.ini.version_locations().iter().map(|it| path::join(top, it)).collect();
    let recursive = config.ini.alembic("recursive_version_locations").is_some_and(|it| it.value == "true");
    let is_here = |file: &str| {
        let (folder, name) = path::split(file);
        let hidden = name.starts_with("__init__") || name.starts_with(".#") || name == "env.py";
        let inside =
            |it: &String| folder == it || path::below(folder, it).is_some() && (recursive || is_revision_path(file));
        name.ends_with(".py") && !hidden && locations.iter().any(inside)
    };
    let own = |at: usize, it: &File<'_>| !taken[at] && is_here(it.path) && other_engine(it).is_none();
    let places = files.iter().enumerate().filter(|(at, it)| own(*at, it)).map(|it| it.0);
    let script = path::join(top, &config.ini.script_location());
    let folder = locations.first().cloned().unwrap_or_default();
    Home { folder, script: script.trim_end_matches('/').to_owned(), places: places.collect(), config: Some(config) }
}

/// The revisions that no configuration names, by the folder `versions` that they lie in.
fn by_folder(project: &Project<'_>, files: &[File<'_>], taken: &[bool]) -> Vec<Home> {
    let mut homes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let is_revision = |it: &File<'_>| match interest(it.path) {
        Some(Interest::Revision) => other_engine(it).is_none(),
        Some(Interest::Module | Interest::Code) if !it.named => is_revision_text(it),
        _ => it.named && it.path.ends_with(".py") && it.text.contains("revision"),
    };
    for (at, file) in files.iter().enumerate().filter(|it| !taken[it.0] && is_revision(it.1)) {
        homes.entry(home(file.path)).or_default().push(at);
    }
    let home = |(folder, places): (&str, Vec<usize>)| {
        let script = path::split(folder).0.to_owned();
        let config = project.config_around(&script);
        Home { folder: folder.to_owned(), script, config, places }
    };
    homes.into_iter().map(home).collect()
}

/// Whether a Python file in a folder of any name is a revision by what it says.
fn is_revision_text(file: &File<'_>) -> bool {
    let assigns = |name: &str| {
        let line = |it: &str| it.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with(['=', ':']));
        file.text.lines().any(line)
    };
    file.path.ends_with(".py") && file.text.contains("alembic") && assigns("revision") && assigns("down_revision")
}

/// The server that a folder of revisions is for, if it is another one: `versions/sqlite`.
pub(crate) fn other_engine(file: &File<'_>) -> Option<&'static str> {
    match engine_of(file.path) {
        Some(engine::Engine::Other(name)) if !file.named => Some(name),
        _ => None,
    }
}

/// The server that the folder of a revision names.
fn engine_of(file: &str) -> Option<engine::Engine> {
    // The names of revisions are words of people.
    let folder = path::split(path::below(file, home(file))?).0;
    engine::of_path(&path::join(folder, ""))
}

fn root(home: Home, project: &Project<'_>, files: &[File<'_>]) -> Option<Root> {
    let Home { folder, script, config, mut places } = home;
    places.arrange_by(|&a, &b| natural(files[a].path, files[b].path));
    let facts: Vec<Facts> = places.iter().map(|&it| facts_of(files[it].text)).collect();
    if facts.iter().all(|it| !it.has_revision && !it.has_down_revision) {
        return None;
    }
    let revisions: Vec<&str> = places.iter().map(|&it| files[it].text).collect();
    let paths: Vec<&str> = places.iter().map(|&it| files[it].path).collect();
    let imported = project.imported(&script, config.as_ref(), &paths);
    let links = facts.iter().filter_map(|it| Some((it, it.revision.as_ref()?.name.as_str())));
    let followers: FxHashMap<&str, &str> =
        links.flat_map(|(it, own)| it.down_revisions.iter().map(move |parent| (parent.name.as_str(), own))).collect();
    let Environment { surroundings, hints, beside } =
        project.environment(&script, config.as_ref(), &revisions, &followers);
    let followed = Arc::new(project.followed(&folder, &paths));
    // SQLite has revisions of its own where the folder of these says for which server they are.
    let for_postgres = paths.iter().all(|it| engine_of(it) == Some(engine::Engine::Postgres));
    let sqlite = surroundings.sqlite && !for_postgres;
    let surroundings = Arc::new(Surroundings { imported: followed, sqlite, ..surroundings });
    let reading = Reading { framework: Framework::Alembic, direction: Direction::Up, hints };
    let chain = chain(&facts.iter().collect::<Vec<_>>());
    let names: Vec<(&str, &Facts)> = places.iter().map(|&it| files[it].path).zip(&facts).collect();
    let template = config.as_ref().and_then(|it| it.ini.alembic("file_template")).map(|it| it.value.as_str());
    let unusual = file_name::unusual(&names, template);
    // Of a file by itself nothing is known of those that it follows.
    let walked = || places.iter().any(|&it| !files[it].named);
    let whole = config.is_some() || folder.split('/').any(|it| it == FOLDER) || walked();
    let up = chain.order.iter().map(|&at| {
        let mistakes = chain.mistakes.iter().filter(|it| it.file == at);
        let mistakes = mistakes.filter(|it| whole || !matches!(it.kind, MistakeKind::UnknownParent(_)));
        let named = facts[at].revision.as_ref().map(|it| it.span);
        let note = |span, it| Note { kind: NoteKind::Revision(it), span };
        let misnamed = named.zip(unusual[at].clone()).map(|(span, wanted)| note(span, RevisionNote::FileName(wanted)));
        let imported = imported[at].iter().map(|(module, span)| note(*span, RevisionNote::Imports(module.clone())));
        let notes = misnamed.into_iter().chain(imported);
        Entry {
            file: places[at],
            reading,
            version: facts[at].revision.as_ref().map(|it| it.name.clone()).unwrap_or_default(),
            surroundings: Arc::clone(&surroundings),
            mistakes: mistakes.map(|it| (it.span, it.kind.message())).collect(),
            notes: notes.collect(),
            ..Entry::default()
        }
    });
    let beside =
        beside.into_iter().map(|(file, notes)| Entry { file, reading, beside: true, notes, ..Entry::default() });
    Some(Root {
        folder,
        framework: Framework::Alembic,
        why: "revisions that name what they follow".to_owned(),
        up: beside.chain(up).collect(),
        down: Vec::new(),
    })
}

/// What a revision sends in each direction.
pub(crate) fn scripts(text: &Text, hints: &Hints, surroundings: &Surroundings, notes: &[Note]) -> Vec<Script> {
    let read = revision_with(text.text(), surroundings, notes);
    let runner = if hints.transaction == Some(true) { FILE } else { RUN };
    let up = read.up.unwrap_or_else(|| Direct::missing(&read.facts));
    let one_by_one = surroundings.driver == "asyncpg";
    let mut scripts = vec![script(text, up, Direction::Up, runner, one_by_one)];
    scripts.extend(read.down.map(|it| script(text, it, Direction::Down, runner, one_by_one)));
    scripts
}

fn script(text: &Text, direct: Direct, direction: Direction, runner: Runner, one_by_one: bool) -> Script {
    let sql: Arc<str> = direct.sql.into();
    let mut parsed = parse(&sql);
    let mut sent = direct.statements.iter().peekable();
    for statement in &mut parsed.statements {
        // One call may send several statements.
        while sent.next_if(|it| it.span.end <= statement.span.start).is_some() {}
        statement.possible = sent.peek().is_some_and(|it| it.possible);
        // What stands in for something unknown need not fit there.
        let text = statement.span.of(&sql);
        if let Body::Unreadable(it) = &mut statement.body {
            it.template |= text.contains(HOLE) || it.message.contains("near \"$");
        }
    }
    let mut notes = direct.notes;
    if one_by_one {
        notes.extend(together(&direct.statements, &parsed));
    }
    let first_at = |at: u32| parsed.statements.partition_point(|it| it.span.start < at);
    let sections = direct
        .turns
        .iter()
        .map(|&(at, alone)| Section { from: first_at(at), runner: if alone { BARE } else { runner } });
    let sections: Vec<Section> = sections.filter(|it| it.from < parsed.statements.len()).collect();
    // Once somebody fills in the name of a constraint that is dropped without one, some constraint is gone behind it.
    let unnamed = notes.iter().filter(|it| it.kind == NoteKind::Revision(RevisionNote::UnnamedDrop));
    let understood_not = direct.gaps.iter().map(|it| it.0).chain(unnamed.map(|it| it.span));
    let mut unread: Vec<usize> = understood_not.map(|it| first_at(it.end)).collect();
    unread.arrange_by(usize::cmp);
    unread.dedup();
    let gaps = direct.gaps.into_iter().map(|(span, gap)| (span, gap.message)).collect();
    let places = Some(Arc::new(direct.places));
    text.script(sql, parsed, direction, runner, Made { sections, unread, places, gaps, notes })
}

/// Notes each statement that one call sends behind another: asyncpg prepares what it is given, and prepares one.
fn together(calls: &[SentStatement], parsed: &Parsed) -> Vec<Note> {
    let mut notes = Vec::new();
    for call in calls {
        let inside = parsed.statements.iter().filter(|it| call.span.contains(it.span));
        let second = inside.skip(1).take(1);
        notes.extend(second.map(|it| Note { kind: NoteKind::Revision(RevisionNote::Several), span: it.span }));
    }
    notes
}

/// What a script has that a program made.
pub(crate) struct Made {
    pub(crate) sections: Vec<Section>,
    pub(crate) unread: Vec<usize>,
    pub(crate) places: Option<Arc<super::Places>>,
    pub(crate) gaps: Vec<(Span, String)>,
    pub(crate) notes: Vec<Note>,
}
