//! From the files that a walk found to histories: which files belong together, which framework runs them, in which
//! order, which way each leads, and which are no migrations.

use crate::alembic::{self, Surroundings};
use crate::frameworks::{ALL, Definition, Hints, Role, definition, liquibase, numbered, strict, yoyo};
use crate::interest::{Interest, interest};
use crate::marks::{Mark, Marks};
use crate::mistake::{self, SLIPS};
use crate::order::{Group, Turn, running, spelling};
use crate::{Direction, Framework, Note, Reason, Script, Text, aside, engine, home, order, path, read};
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::Span;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A file that may be of interest: see [`interest`].
#[derive(Clone, Copy, Debug)]
pub struct File<'a> {
    /// Its path, with `/`.
    pub path: &'a str,
    /// What of the path lies below the folder that was asked about; only these names tell what the file is for.
    pub within: &'a str,
    /// Its text.
    pub text: &'a str,
    /// Whether the user named it; then it is a migration whatever it looks like.
    pub named: bool,
}

impl File<'_> {
    /// What is named is SQL, unless its name says what else it is.
    fn is_sql(&self) -> bool {
        match interest(self.path) {
            Some(Interest::Sql) => true,
            Some(Interest::Code | Interest::Marker | Interest::Revision | Interest::Module) => false,
            None => self.named,
        }
    }
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Survey {
    /// The histories, in order of their folders.
    pub roots: Vec<Root>,
    /// Files that are no part of any.
    pub aside: Vec<Aside>,
}

impl Survey {
    /// The settings say that what a program sends runs on SQLite too, whatever its environment says.
    pub fn runs_on_sqlite(&mut self) {
        for root in self.roots.iter_mut().filter(|it| it.framework == Framework::Alembic) {
            // What stands beside the revisions has no surroundings.
            let Some(first) = root.up.iter().find(|it| !it.beside) else { continue };
            let surroundings = Arc::new(first.surroundings.on_sqlite());
            root.up.iter_mut().for_each(|it| it.surroundings = Arc::clone(&surroundings));
        }
    }
}

/// Migrations that make one history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The folder, empty for the current one.
    pub folder: String,
    /// Who runs it.
    pub framework: Framework,
    /// What tells that, in a few words; empty where nothing does.
    pub why: String,
    /// The files that lead forwards, in the order in which they run.
    pub up: Vec<Entry>,
    /// The files that lead back, in the order in which they would run: the newest first.
    pub down: Vec<Entry>,
}

/// A file of a history.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its place in the list given to [`survey`].
    pub file: usize,
    /// How it is to be read.
    pub reading: Reading,
    /// What its tool takes for its version; empty if it has none.
    pub version: String,
    /// Whether it runs again whenever it changes: Flyway's `R__`.
    pub repeats: bool,
    /// What the environment of a program says.
    pub surroundings: Arc<Surroundings>,
    /// What is wrong with its place in a chain: bytes of its text, and why.
    pub mistakes: Vec<(Span, String)>,
    /// What else its tool minds, at bytes of its text, as far as other files tell.
    pub notes: Vec<Note>,
    /// Whether it stands beside the migrations, as a file of settings does, and nothing of it runs.
    pub beside: bool,
}

impl Entry {
    /// Whether the same text gives the same scripts as when it was read as `other` says.
    pub fn reads_like(&self, other: &Entry) -> bool {
        let Entry { file: _, reading, version, repeats: _, surroundings, mistakes: _, notes, beside } = other;
        (&self.reading, &self.version, &self.surroundings, &self.notes, self.beside)
            == (reading, version, surroundings, notes, *beside)
    }

    /// The scripts of the file, as [`read`] makes them, with their version.
    pub fn read(&self, text: &Text) -> Vec<Script> {
        if self.beside {
            return vec![text.beside(self.reading.framework, self.notes.clone())];
        }
        let mut scripts = match self.reading.framework {
            Framework::Alembic => alembic::scripts(text, &self.reading.hints, &self.surroundings, &self.notes),
            _ => read(text, &self.reading),
        };
        scripts.iter_mut().for_each(|it| it.version.clone_from(&self.version));
        let forwards = scripts.iter_mut().filter(|it| it.direction == Direction::Up);
        if self.reading.framework != Framework::Alembic {
            forwards.for_each(|it| it.notes.splice(0..0, self.notes.iter().cloned()).for_each(drop));
        }
        scripts
    }
}

/// How a file is read: what is known before its text is cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Reading {
    /// Who runs it.
    pub framework: Framework,
    /// Which way it leads as a whole.
    pub direction: Direction,
    /// What other files say about it.
    pub hints: Hints,
}

/// A file that is no migration to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Aside {
    /// Its place in the list given to [`survey`].
    pub file: usize,
    /// What it is.
    pub reason: Reason,
}

/// The files of one folder, and what lies around them.
pub(crate) struct Home<'a> {
    pub(crate) folder: &'a str,
    pub(crate) files: Vec<HomeFile<'a>>,
    markers: &'a Markers<'a>,
}

/// A file of a [`Home`].
pub(crate) struct HomeFile<'a> {
    /// Its path from the home.
    pub(crate) key: &'a str,
    pub(crate) text: &'a str,
    pub(crate) marks: Marks,
    /// Its place in the list.
    pub(crate) file: usize,
}

/// The texts of marker files, in the order of their paths.
struct Markers<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Markers<'a> {
    fn of(files: &[File<'a>]) -> Self {
        let markers = files.iter().filter(|it| interest(it.path) == Some(Interest::Marker));
        let mut markers: Vec<(&str, &str)> = markers.map(|it| (it.path, it.text)).collect();
        markers.arrange_by_key(|it| it.0);
        Markers(markers)
    }

    /// The text of the marker at a path.
    fn get(&self, path: &str) -> Option<&'a str> {
        self.0.binary_search_by_key(&path, |it| it.0).ok().map(|at| self.0[at].1)
    }
}

impl HomeFile<'_> {
    /// Its name without folders.
    pub(crate) fn name(&self) -> &str {
        path::split(self.key).1
    }
}

impl<'a> Home<'a> {
    /// The text of a marker file in the home, by its path from there.
    pub(crate) fn beside(&self, key: &str) -> Option<&'a str> {
        self.markers.get(&path::join(self.folder, key))
    }

    /// The text of the nearest file of this name in the home or around it.
    pub(crate) fn text_near(&self, name: &str) -> Option<&'a str> {
        path::ancestors(self.folder).find_map(|it| self.markers.get(&path::join(it, name)))
    }

    /// Names the nearest file of this name in the home or around it, if its text passes the test.
    pub(crate) fn near(&self, name: &str, test: fn(&str) -> bool) -> Option<String> {
        let text = |folder| self.markers.get(&path::join(folder, name));
        path::ancestors(self.folder).find(|it| text(it).is_some_and(test)).map(|_| name.to_owned())
    }
}

impl Home<'_> {
    /// Whether the nearest `package.json` that names one of these packages asks for at least this version; `None` if
    /// none does, or not by number.
    fn depends_on(&self, packages: &[&str], least: (u32, u32)) -> Option<bool> {
        let texts = path::ancestors(self.folder).filter_map(|it| self.markers.get(&path::join(it, "package.json")));
        let wanted = texts.flat_map(|text| packages.iter().filter_map(|it| dependency(text, it))).next()?;
        let mut parts = wanted.trim_start_matches(['^', '~', '>', '=', 'v', ' ']).split('.').map(str::parse::<u32>);
        let (major, minor) = (parts.next()?.ok()?, parts.next().and_then(Result::ok).unwrap_or(u32::MAX));
        Some((major, minor) >= least)
    }
}

/// The version of a package that the text of a `package.json` asks for.
fn dependency<'t>(text: &'t str, package: &str) -> Option<&'t str> {
    let rest = text.split_once(&format!("\"{package}\""))?.1.trim_start().strip_prefix(':')?;
    rest.trim_start().strip_prefix('"')?.split('"').next()
}

/// Groups the files into histories. Roots and files come in an order that depends on nothing but paths and texts.
pub fn survey(files: &[File<'_>]) -> Survey {
    let markers = Markers::of(files);
    let mut survey = Survey::default();
    for (folder, places) in homes(files, &markers) {
        let home = Home { folder, files: Vec::new(), markers: &markers };
        one(home, places, files, &mut survey);
    }
    survey.roots.extend(alembic::roots(files));
    survey.roots.arrange_by(|a, b| a.folder.cmp(&b.folder));
    for (file, it) in files.iter().enumerate() {
        if interest(it.path) == Some(Interest::Code)
            && let Some(name) = crate::code::framework_of(it.path, it.text)
        {
            survey.aside.push(Aside { file, reason: Reason::Code(name) });
        }
        if interest(it.path) == Some(Interest::Revision)
            && let Some(name) = alembic::other_engine(it)
        {
            survey.aside.push(Aside { file, reason: Reason::Engine(name) });
        }
    }
    survey.aside.arrange_by_key(|it| it.file);
    survey
}

/// Places in the list of files by their folder, and the folders in order.
type Folders<'a> = Vec<(&'a str, Vec<usize>)>;

/// Puts the places of the same folder together.
fn by_folder(mut places: Vec<(&str, usize)>) -> Folders<'_> {
    places.arrange_by_key(|it| it.0);
    let mut folders: Folders<'_> = Vec::new();
    for (folder, place) in places {
        match folders.last_mut() {
            Some((last, places)) if *last == folder => places.push(place),
            _ => folders.push((folder, vec![place])),
        }
    }
    folders
}

/// The SQL files by the folder of their history.
fn homes<'a>(files: &[File<'a>], markers: &Markers<'a>) -> Folders<'a> {
    let plans: Vec<&str> = markers.0.iter().filter_map(|it| it.0.strip_suffix("sqitch.plan")).collect();
    let places = files.iter().enumerate().filter(|it| it.1.is_sql()).map(|(at, file)| {
        // sqitch's scripts stand at any depth below its folders.
        let planned = plans.iter().find(|plan| {
            let rest = file.path.strip_prefix(**plan).and_then(|it| it.split_once('/'));
            rest.is_some_and(|(folder, _)| matches!(folder, "deploy" | "revert" | "verify"))
        });
        (planned.map_or_else(|| home::of(file.path), |plan| plan.strip_suffix('/').unwrap_or(plan)), at)
    });
    let homes = by_folder(places.collect()).into_iter().flat_map(|(folder, places)| locations(folder, places, files));
    let mut homes: Folders<'_> = homes.collect();
    homes.arrange_by_key(|it| it.0);
    homes
}

/// Folders below a location of Flyway that hold the same version twice are locations of their own, as of several
/// databases.
fn locations<'a>(folder: &'a str, places: Vec<usize>, files: &[File<'a>]) -> Folders<'a> {
    if !folder.ends_with("db/migration") {
        return vec![(folder, places)];
    }
    let versions = places.iter().filter_map(|&at| {
        let (own, name) = path::split(files[at].path);
        let version = name.split("__").next().unwrap_or_default();
        let foreign = matches!(engine::of_path(files[at].within), Some(engine::Engine::Other(_)));
        (!foreign && version.starts_with('V')).then_some((version, own))
    });
    let mut versions: Vec<(&str, &str)> = versions.collect();
    versions.arrange_by_key(|it| it.0);
    if versions.windows(2).all(|it| it[0].0 != it[1].0 || it[0].1 == it[1].1) {
        return vec![(folder, places)];
    }
    by_folder(places.into_iter().map(|at| (path::split(files[at].path).0, at)).collect())
}

/// Makes a root of the files of one home.
fn one<'a>(mut home: Home<'a>, places: Vec<usize>, files: &[File<'a>], survey: &mut Survey) {
    for file in places {
        let File { path, within, text, named } = files[file];
        match engine::of_path(within) {
            Some(engine::Engine::Other(name)) if !named => {
                survey.aside.push(Aside { file, reason: Reason::Engine(name) });
                continue;
            }
            _ => {}
        }
        let key = path::below(path, home.folder).unwrap_or(path);
        home.files.push(HomeFile { key, text, marks: Marks::of(text), file });
    }
    let texts = home.files.iter().map(|it| it.text);
    let named = |it: &HomeFile<'_>| files[it.file].named;
    if !home.files.iter().any(named)
        && let Some(name) = engine::of_texts(texts)
    {
        let all = home.files.iter().map(|it| Aside { file: it.file, reason: Reason::Engine(name) });
        survey.aside.extend(all);
        return;
    }
    // Graphile Migrate's migrations include what stands beside them, and hold a copy of it.
    let included = home.folder.split_once("/fixtures").is_some_and(|(outer, _)| {
        let committed = format!("{outer}/committed/");
        files.iter().any(|it| it.path.starts_with(&committed))
    });
    let reason = |it: &HomeFile<'_>| match files[it.file].named {
        true => None,
        false if included => Some(Reason::Included),
        false => aside::reason(files[it.file].within, it.text),
    };
    let mut kept = Vec::new();
    for it in home.files {
        match reason(&it) {
            Some(reason) => survey.aside.push(Aside { file: it.file, reason }),
            None => kept.push(it),
        }
    }
    home.files = kept;
    if home.files.is_empty() {
        return;
    }
    let Some((found, why)) = ALL.iter().find_map(|it| Some((it, (it.detect)(&home)?))) else { return };
    let mut root =
        Root { folder: home.folder.to_owned(), framework: found.framework, why, up: Vec::new(), down: Vec::new() };
    let mut up: Vec<(Turn, &HomeFile<'_>)> = Vec::new();
    let mut down: Vec<(Turn, &HomeFile<'_>)> = Vec::new();
    let mut passed_over = Vec::new();
    let mut said: BTreeMap<usize, Vec<(Span, String)>> = BTreeMap::new();
    for file in &home.files {
        match (found.role)(&home, file) {
            Role::Up(turn) => up.push((turn, file)),
            Role::Down(turn) => down.push((turn, file)),
            Role::PassedOver => {
                passed_over.push(file.file);
                up.push((Turn::of(file.key), file));
            }
            Role::Aside(_) if named(file) => up.push((Turn::of(file.key), file)),
            Role::Aside(reason) => survey.aside.push(Aside { file: file.file, reason }),
        }
    }
    if found.framework == Framework::Yoyo {
        let code = |id: &str| files.iter().any(|it| path::split(it.path).1.strip_suffix(".py") == Some(id));
        for (file, span, message) in yoyo::follow(&mut up, &mut down, code) {
            said.entry(file).or_default().push((span, message));
        }
    }
    let compare = if found.framework.goes_by_spelling() { spelling } else { running };
    let order = |a: &(Turn, &HomeFile<'_>), b: &(Turn, &HomeFile<'_>)| compare((&a.0, a.1.key), (&b.0, b.1.key));
    // What its tool would refuse again and again, the project does in its own way.
    let cut_by_project = matches!(found.framework, Framework::Goose | Framework::SqlMigrate)
        && home.files.iter().filter(|it| strict::has_body_to_cut(it.text)).count() > SLIPS;
    up.arrange_by(order);
    down.arrange_by(|a, b| order(b, a));
    let entry = |direction| {
        let (home, passed_over, said) = (&home, &passed_over, &said);
        move |(turn, file): (Turn, &HomeFile<'_>)| {
            let framework = own(found, file).framework;
            let passed_over = passed_over.contains(&file.file);
            let hints = Hints { passed_over, cut_by_project, ..hints(home, file, framework) };
            let reading = Reading { framework, direction, hints };
            let repeats = turn.group == Group::Repeatable;
            // In a folder for each version of a program the numbers begin anew.
            let version = match file.key.rsplit_once('/') {
                Some((folder, name)) if path::is_version(path::split(folder).1) && path::digits(name) > 0 => {
                    format!("{folder}/{}", order::version(name))
                }
                _ => turn.version,
            };
            let mistakes = said.get(&file.file).cloned().unwrap_or_default();
            Entry { file: file.file, reading, version, repeats, mistakes, ..Entry::default() }
        }
    };
    root.up = up.into_iter().map(entry(Direction::Up)).collect();
    if found.framework != Framework::GolangMigrate || numbered::names_golang_migrate(&home) {
        let name = |it: &Entry| path::called(files[it.file].path).to_owned();
        mistake::find(&mut root.up, name, found.framework);
    }
    root.down = down.into_iter().map(entry(Direction::Down)).collect();
    if !root.up.is_empty() || !root.down.is_empty() {
        survey.roots.push(root);
    }
}

/// Who runs one file: among files without a framework, one that bears a tool's marks is that tool's.
fn own(found: &'static Definition, file: &HomeFile<'_>) -> &'static Definition {
    if found.framework != Framework::Plain {
        return found;
    }
    let marked = [
        (Mark::Goose, Framework::Goose),
        (Mark::SqlMigrate, Framework::SqlMigrate),
        (Mark::DbmateSection, Framework::Dbmate),
        (Mark::Liquibase, Framework::Liquibase),
        (Mark::TernSeparator, Framework::Tern),
        (Mark::NodeSection, Framework::NodePgMigrate),
        (Mark::DrizzleBreakpoint, Framework::Drizzle),
    ];
    marked.iter().find(|it| file.marks.has(it.0)).map_or(found, |it| definition(it.1))
}

/// What other files say about this one.
fn hints(home: &Home<'_>, file: &HomeFile<'_>, framework: Framework) -> Hints {
    let says_no = |text: &str, key: &str| {
        let value = |line: &str| line.split_once('=').filter(|it| it.0.trim() == key).map(|it| it.1.trim().to_owned());
        text.lines().any(|it| value(it).is_some_and(|it| it == "false"))
    };
    match framework {
        Framework::Flyway => {
            let config = home.beside(&format!("{}.conf", file.key));
            Hints {
                transaction: config.filter(|it| says_no(it, "executeInTransaction")).map(|_| false),
                ..Hints::default()
            }
        }
        Framework::Diesel => {
            let metadata = home.beside(&path::join(path::split(file.key).0, "metadata.toml"));
            Hints {
                transaction: metadata.filter(|it| says_no(it, "run_in_transaction")).map(|_| false),
                ..Hints::default()
            }
        }
        Framework::Prisma => {
            Hints { splits: home.depends_on(&["prisma", "@prisma/client"], (7, 4)), ..Hints::default() }
        }
        Framework::Liquibase => liquibase::hints(home, file),
        Framework::Supabase => Hints { splits: home.depends_on(&["supabase"], (2, 109)), ..Hints::default() },
        Framework::Pop => {
            Hints { transaction: numbered::says(file.name(), "autocommit").then_some(false), ..Hints::default() }
        }
        Framework::GolangMigrate => {
            Hints { transaction: numbered::says(file.name(), "tx").then_some(true), ..Hints::default() }
        }
        _ => Hints::default(),
    }
}
