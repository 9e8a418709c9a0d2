//! The modules of the project that revisions import.

use super::environment::{Modules, imports, locate};
use super::python::{self, Expr, Module, Stmt, Visitor, walk_stmt};
use crate::path;
use lockkeeper_syntax::Span;
use rustc_hash::FxHashMap;
use std::collections::{BTreeSet, VecDeque};
use std::sync::OnceLock;

/// The modules of a project that its revisions lead to, with their texts. Made with the history, read where a revision
/// is followed. Places in them lie behind all places of a revision, so that one number tells the file too.
#[derive(Debug, Default)]
pub struct Imported {
    /// The folder of the revisions, from which their imports are looked up.
    folder: String,
    files: Vec<ImportedFile>,
    by_path: FxHashMap<String, usize>,
}

/// One module.
#[derive(Debug)]
pub(crate) struct ImportedFile {
    path: String,
    text: String,
    /// Where its first byte stands.
    start: u32,
    read: OnceLock<Option<Definitions>>,
}

/// What a module defines at its top level.
#[derive(Debug)]
struct Definitions {
    module: Module,
    /// The statements that give a name its value or change it, in their order.
    names: FxHashMap<String, Vec<usize>>,
    /// The statements `from … import *`.
    stars: Vec<usize>,
}

/// Revisions end before this place.
const START: u32 = 1 << 20;

/// How many modules are followed, and how many bytes they may have together.
const MOST: (usize, usize) = (400, 4 << 20);

impl PartialEq for Imported {
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (&ImportedFile, &ImportedFile)| a.path == b.path && a.text == b.text;
        self.folder == other.folder
            && self.files.len() == other.files.len()
            && self.files.iter().zip(&other.files).all(same)
    }
}

impl Eq for Imported {}

impl Imported {
    /// Follows the imports of the revisions at `paths`, the nearest modules first.
    pub(crate) fn by(paths: &[&str], folder: &str, modules: &Modules<'_>) -> Self {
        let mut found = Imported { folder: folder.to_owned(), ..Imported::default() };
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        let mut left: VecDeque<&str> = paths.iter().copied().collect();
        let (mut start, mut bytes) = (START, 0);
        while let Some(path) = left.pop_front() {
            let Some(text) = modules.text(path) else { continue };
            if !paths.contains(&path) {
                bytes += text.len();
                if found.files.len() >= MOST.0 || bytes > MOST.1 {
                    break;
                }
                found.by_path.insert(path.to_owned(), found.files.len());
                let file = ImportedFile { path: path.to_owned(), text: text.to_owned(), start, read: OnceLock::new() };
                start += text.len() as u32 + 1;
                found.files.push(file);
            }
            for import in imports(text).into_iter().filter(|it| it.level > 0 || !is_library(&it.module)) {
                let inner = |name: &str| match import.module.is_empty() {
                    true => name.to_owned(),
                    false => format!("{}.{name}", import.module),
                };
                // Behind `import app` stands `app.models.types.Kind()`, where `env.py` has loaded the rest.
                let behind = dotted(text, &import.module).filter(|_| import.names.is_empty() && paths.contains(&path));
                let own = std::iter::once(import.module.clone()).chain(import.names.iter().map(|it| inner(&it.0)));
                let own = own.chain(behind.map(str::to_owned));
                let files = own.filter_map(|it| modules.find(path, import.level, &it));
                left.extend(files.filter(|it| !paths.contains(it) && seen.insert(it)));
            }
        }
        found
    }

    /// The module that the file `from`, or the revision itself, imports under this name.
    pub(crate) fn find(&self, from: Option<usize>, level: u32, module: &str) -> Option<usize> {
        if self.files.is_empty() || (level == 0 && is_library(module)) {
            return None;
        }
        let folder = from.map_or(self.folder.as_str(), |it| path::split(&self.files[it].path).0);
        locate(folder, level, module, |path| self.by_path.get(path).copied())
    }

    /// The statements at the top level of a module that concern a name.
    pub(crate) fn defining(&self, file: usize, name: &str) -> Vec<&Stmt> {
        let Some(it) = self.read(file) else { return Vec::new() };
        let all = it.names.get(name).into_iter().flatten();
        all.map(|&at| &it.module.body()[at]).collect()
    }

    /// The statements of a module that take all names of others.
    pub(crate) fn stars(&self, file: usize) -> Vec<&Stmt> {
        let Some(it) = self.read(file) else { return Vec::new() };
        it.stars.iter().map(|&at| &it.module.body()[at]).collect()
    }

    /// Whether a place lies in one of the modules.
    pub(crate) fn holds(&self, place: Span) -> bool {
        place.start >= START && !self.files.is_empty()
    }

    /// The bytes at a place in one of the modules.
    pub(crate) fn text(&self, place: Span) -> &str {
        let at = self.files.partition_point(|it| it.start <= place.start);
        let Some(file) = at.checked_sub(1).and_then(|it| self.files.get(it)) else { return "" };
        let range = (place.start - file.start) as usize..(place.end.saturating_sub(file.start)) as usize;
        file.text.get(range).unwrap_or_default()
    }

    /// The folder of a module, followed by its name, for messages.
    pub(crate) fn path(&self, file: usize) -> &str {
        &self.files[file].path
    }

    fn read(&self, file: usize) -> Option<&Definitions> {
        let it = &self.files[file];
        it.read.get_or_init(|| python::parse_at(&it.text, it.start).map(Definitions::of)).as_ref()
    }
}

impl Definitions {
    fn of(module: Module) -> Self {
        let mut found = Names::default();
        for (at, statement) in module.body().iter().enumerate() {
            found.at = at;
            found.visit_stmt(statement);
        }
        let Names { names, stars, .. } = found;
        Definitions { module, names, stars }
    }
}

/// Collects the names that statements at the top level concern.
#[derive(Default)]
struct Names {
    at: usize,
    names: FxHashMap<String, Vec<usize>>,
    stars: Vec<usize>,
}

impl Names {
    fn add(&mut self, name: &str) {
        let places = self.names.entry(name.to_owned()).or_default();
        if places.last() != Some(&self.at) {
            places.push(self.at);
        }
    }

    /// The names in a target, and those whose parts are set.
    fn target(&mut self, target: &Expr) {
        match target {
            Expr::Name(it) => self.add(it.id.as_str()),
            Expr::Tuple(it) => it.elts.iter().for_each(|it| self.target(it)),
            Expr::List(it) => it.elts.iter().for_each(|it| self.target(it)),
            Expr::Starred(it) => self.target(&it.value),
            Expr::Attribute(it) => self.target(&it.value),
            Expr::Subscript(it) => self.target(&it.value),
            _ => {}
        }
    }
}

impl<'a> Visitor<'a> for Names {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(it) => self.add(it.name.as_str()),
            Stmt::ClassDef(it) => self.add(it.name.as_str()),
            Stmt::Assign(it) => it.targets.iter().for_each(|it| self.target(it)),
            Stmt::AnnAssign(it) if it.value.is_some() => self.target(&it.target),
            Stmt::AugAssign(it) => self.target(&it.target),
            Stmt::Delete(it) => it.targets.iter().for_each(|it| self.target(it)),
            Stmt::Import(it) => {
                for alias in &it.names {
                    let first = alias.name.as_str().split('.').next().unwrap_or_default();
                    self.add(alias.asname.as_ref().map_or(first, |it| it.as_str()));
                }
            }
            Stmt::ImportFrom(it) => {
                for alias in &it.names {
                    match alias.name.as_str() {
                        "*" => self.stars.push(self.at),
                        name => self.add(alias.asname.as_ref().map_or(name, |it| it.as_str())),
                    }
                }
            }
            // `NAMES.append(…)`.
            Stmt::Expr(it) => {
                if let Expr::Call(call) = &*it.value
                    && let Expr::Attribute(of) = &*call.func
                {
                    self.target(&of.value);
                }
            }
            Stmt::For(it) => {
                self.target(&it.target);
                walk_stmt(self, statement);
            }
            Stmt::With(it) => {
                it.items.iter().filter_map(|it| it.optional_vars.as_ref()).for_each(|it| self.target(it));
                walk_stmt(self, statement);
            }
            Stmt::If(_) | Stmt::Try(_) | Stmt::While(_) => walk_stmt(self, statement),
            _ => {}
        }
    }

    fn visit_expr(&mut self, _: &'a Expr) {}
}

/// The names with dots in a text that begin with a module, up to each dot.
fn dotted<'t>(text: &'t str, module: &str) -> impl Iterator<Item = &'t str> {
    let length = module.len() + 1;
    let found = text.match_indices(&format!("{module}.")).map(|it| it.0).collect::<Vec<_>>();
    found.into_iter().flat_map(move |at| {
        let rest = &text[at..];
        let is_part = |it: char| it.is_alphanumeric() || matches!(it, '_' | '.');
        let name = &rest[..rest.find(|it: char| !is_part(it)).unwrap_or(rest.len())];
        name[length..].match_indices('.').map(move |(dot, _)| &name[..length + dot])
    })
}

/// Whether a module is Alembic's or SQLAlchemy's, whatever lies in the project under such a name.
fn is_library(module: &str) -> bool {
    matches!(module.split('.').next(), Some("alembic" | "sqlalchemy" | "typing" | "logging" | "enum" | "datetime"))
}
