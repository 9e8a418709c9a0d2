//! The Python files of a project, and which imports which.

use super::value::each_call;
use crate::alembic::python::{self, Expr, Stmt, Visitor, span, walk_expr, walk_stmt};
use crate::path;
use lockkeeper_syntax::Span;
use std::collections::{BTreeMap, BTreeSet};

/// The Python files by their paths.
#[derive(Clone, Debug, Default)]
pub(crate) struct Modules<'a> {
    files: BTreeMap<&'a str, &'a str>,
}

/// What an import statement names: the module, as it is called from the top, and what is taken from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Import {
    /// How many dots stand before it.
    pub(crate) level: u32,
    pub(crate) module: String,
    /// The names that are taken, each with the name that it gets.
    pub(crate) names: Vec<(String, String)>,
    /// The statement.
    pub(crate) span: Span,
}

impl<'a> Modules<'a> {
    pub(crate) fn new(files: impl Iterator<Item = (&'a str, &'a str)>) -> Self {
        Modules { files: files.collect() }
    }

    /// All files with their texts.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> + '_ {
        self.files.iter().map(|it| (*it.0, *it.1))
    }

    pub(crate) fn text(&self, path: &str) -> Option<&'a str> {
        self.files.get(path).copied()
    }

    /// The file of a module that `from` imports.
    pub(crate) fn find(&self, from: &str, level: u32, module: &str) -> Option<&'a str> {
        locate(path::split(from).0, level, module, |it| self.files.get_key_value(it).map(|it| *it.0))
    }

    /// The files that are loaded with `start`, itself included.
    pub(crate) fn loaded_by(&self, start: &'a str) -> BTreeSet<&'a str> {
        let mut found = BTreeSet::new();
        let mut left = vec![start];
        while let Some(path) = left.pop() {
            let Some(text) = self.files.get(path).filter(|_| found.insert(path)) else { continue };
            for import in imports(text) {
                let mut modules = vec![import.module.clone()];
                let inner = |name: &str| {
                    if import.module.is_empty() { name.to_owned() } else { format!("{}.{name}", import.module) }
                };
                modules.extend(import.names.iter().map(|it| inner(&it.0)));
                // A package is loaded before what lies in it.
                let around: Vec<String> =
                    import.module.match_indices('.').map(|it| import.module[..it.0].to_owned()).collect();
                modules.extend(around);
                left.extend(modules.iter().filter_map(|it| self.find(path, import.level, it)));
            }
        }
        found
    }
}

/// The module that a file in `folder` imports: beside it, or the one nearest to it in a folder around it.
pub(crate) fn locate<T>(folder: &str, level: u32, module: &str, get: impl Fn(&str) -> Option<T>) -> Option<T> {
    let inner = module.replace('.', "/");
    let file = |folder: &str| {
        let base = if inner.is_empty() { folder.to_owned() } else { path::join(folder, &inner) };
        get(&format!("{base}.py")).or_else(|| get(&path::join(&base, "__init__.py")))
    };
    if level > 0 {
        return file(path::ancestors(folder).nth(level as usize - 1)?);
    }
    if inner.is_empty() {
        return None;
    }
    path::ancestors(folder).find_map(|it| file(it).or_else(|| file(&path::join(it, "src"))))
}

/// Whether a file belongs to the tests of a project.
pub(crate) fn is_test(path: &str) -> bool {
    let (folder, name) = path::split(path);
    let in_tests = folder.split('/').any(|it| matches!(it, "test" | "tests" | "testing"));
    in_tests || name.starts_with("test_") || name.ends_with("_test.py") || name.starts_with("conftest")
}

/// Whether a text defines tables for SQLAlchemy.
pub(crate) fn defines_tables(text: &str) -> bool {
    names_table(text) || text.contains("table=True") || (text.contains(" Table(") && text.contains("Column("))
}

/// Whether a class of a text names its table.
pub(crate) fn names_table(text: &str) -> bool {
    let after =
        |it: &str| it.trim_start().strip_prefix("__tablename__").map(|it| it.trim_start().starts_with(['=', ':']));
    text.contains("__tablename__") && text.lines().any(|it| after(it) == Some(true) || it.contains("def __tablename__"))
}

/// All imports of a file, at any depth.
pub(crate) fn imports(text: &str) -> Vec<Import> {
    let mut reader = Imports::default();
    if text.contains("import")
        && let Some(module) = python::parse(text)
    {
        module.body().iter().for_each(|it| reader.visit_stmt(it));
    }
    reader.found
}

#[derive(Default)]
struct Imports {
    found: Vec<Import>,
}

impl<'a> Visitor<'a> for Imports {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Import(it) => {
                for name in &it.names {
                    let (module, names) = (name.name.to_string(), Vec::new());
                    self.found.push(Import { level: 0, module, names, span: span(it) });
                }
            }
            Stmt::ImportFrom(it) => {
                let module = it.module.as_ref().map_or_else(String::new, ToString::to_string);
                let called = |alias: &python::Alias| alias.asname.as_ref().unwrap_or(&alias.name).to_string();
                let names = it.names.iter().map(|alias| (alias.name.to_string(), called(alias))).collect();
                self.found.push(Import { level: it.level, module, names, span: span(it) });
            }
            _ => walk_stmt(self, statement),
        }
    }
}

/// Where a file creates the tables of its metadata: `Base.metadata.create_all(…)`, also handed to `run_sync`. What only
/// a test or SQLite does is left out.
pub(crate) fn creates_tables(text: &str) -> Vec<Span> {
    let mut reader = Creates { text, found: Vec::new() };
    if (text.contains("create_all") || text.contains("__table__"))
        && let Some(module) = python::parse(text)
    {
        module.body().iter().for_each(|it| reader.visit_stmt(it));
    }
    reader.found
}

/// The revisions that a file stamps databases with: `command.stamp(config, "001")`.
pub(crate) fn stamps(text: &str) -> Vec<(String, Span)> {
    let mut found = Vec::new();
    let Some(module) = Some(text).filter(|it| it.contains("stamp(")).and_then(python::parse) else { return found };
    each_call(module.body(), &mut |it| {
        let is_stamp = matches!(&*it.func, Expr::Attribute(of) if of.attr.as_str() == "stamp")
            || matches!(&*it.func, Expr::Name(name) if name.id.as_str() == "stamp");
        let named = it.arguments.find_keyword("revision").map(|it| &it.value);
        if let Some(Expr::StringLiteral(name)) = it.arguments.args.get(1).or(named).filter(|_| is_stamp) {
            found.push((name.value.to_str().to_owned(), span(it)));
        }
    });
    found
}

/// `Model.__table__.create`.
fn is_table_create(it: &python::ExprAttribute) -> bool {
    it.attr.as_str() == "create" && matches!(&*it.value, Expr::Attribute(of) if of.attr.as_str() == "__table__")
}

struct Creates<'t> {
    text: &'t str,
    found: Vec<Span>,
}

impl<'a> Visitor<'a> for Creates<'_> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::If(it) = statement {
            let condition = span(&*it.test).of(self.text).to_ascii_lowercase();
            if ["test", "sqlite"].iter().any(|word| condition.contains(word)) {
                return;
            }
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Attribute(it) = expr
            && (it.attr.as_str() == "create_all" || is_table_create(it))
        {
            self.found.push(span(expr));
            return;
        }
        if let Expr::Call(it) = expr
            && let (Expr::Name(function), [_, Expr::StringLiteral(name), ..]) = (&*it.func, &*it.arguments.args)
            && (function.id.as_str(), name.value.to_str()) == ("getattr", "create_all")
        {
            self.found.push(span(expr));
            return;
        }
        walk_expr(self, expr);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn imports_are_followed_through_packages() {
        let files = [
            ("m/env.py", "from app.db import Base\n"),
            ("app/__init__.py", ""),
            ("app/db.py", "from . import base\n"),
            ("app/base.py", "class Base: ...\n"),
            ("app/models.py", "from .db import Base\n"),
        ];
        let modules = Modules::new(files.into_iter());
        let loaded: Vec<&str> = modules.loaded_by("m/env.py").into_iter().collect();
        assert_eq!(loaded, ["app/__init__.py", "app/base.py", "app/db.py", "m/env.py"]);
    }

    #[test]
    fn tables_for_a_test_are_no_matter() {
        let text =
            "if settings.testing:\n    Base.metadata.create_all(engine)\nawait c.run_sync(Base.metadata.create_all)\n";
        let found: Vec<u32> = creates_tables(text).iter().map(|it| it.start).collect();
        assert_eq!(found.len(), 1);
        assert!(found[0] as usize > text.find("await").unwrap());
    }
}
