//! `env.py`.

use super::modules::Modules;
use super::value::{Definitions, Found, Search, each_call};
use crate::alembic::eval::Given;
use crate::alembic::python::{self, Expr, ExprCall, Stmt, Visitor, span, walk_expr, walk_stmt};
use crate::alembic::render::Conventions;
use lockkeeper_syntax::Span;

/// What `env.py` says, as far as it changes how revisions run, or whether they do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct EnvScript {
    /// Whether each revision is a transaction of its own; without it all pending ones share one.
    pub(crate) transaction_per_migration: bool,
    /// `naming_convention` of a `MetaData` in the file.
    pub(crate) conventions: Conventions,
    pub(crate) metadata: Metadata,
    /// `version_table_schema` that `configure()` is given.
    pub(crate) version_schema: Given,
    /// The functions that make engines, and whether these are asynchronous.
    pub(crate) engines: Vec<Engine>,
    /// Where the URL comes from, if not from the configuration alone.
    pub(crate) urls: Vec<Found>,
    /// Whether it takes the URL from elsewhere than the configuration.
    pub(crate) has_own_url: bool,
    /// Whether an engine is wrapped into an asynchronous one.
    pub(crate) wrapped: bool,
    /// Values that are put into the configuration with `%` as it is.
    pub(crate) unescaped: Vec<Span>,
    /// `context.configure(connection=…)` calls, and whether they filter what is compared.
    pub(crate) configured: Vec<(Span, bool)>,
}

/// `target_metadata`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Metadata {
    /// Not assigned, or to something that is not known.
    #[default]
    Unknown,
    /// `None`, with which `--autogenerate` refuses to work.
    None(Span),
    /// `Base.metadata`: the name before the dot.
    Of(String, Span),
    /// A `MetaData` of this name.
    Named(String),
}

/// A call that makes an engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Engine {
    pub(crate) function: &'static str,
    pub(crate) asynchronous: bool,
    pub(crate) span: Span,
    /// The class of its pool, and where it is named.
    pub(crate) pool: Option<(String, Span)>,
}

/// The functions that make engines, and whether these are asynchronous.
const ENGINES: &[(&str, bool)] = &[
    ("engine_from_config", false),
    ("create_engine", false),
    ("async_engine_from_config", true),
    ("create_async_engine", true),
];

/// Reads an `env.py`. `configured` is the URL of the configuration.
pub(crate) fn env_script(text: &str, modules: &Modules<'_>, configured: Option<Found>) -> EnvScript {
    let Some(module) = python::parse(text) else { return EnvScript::default() };
    let definitions = Definitions::of(module.body());
    let search = Search { definitions: &definitions, modules, configured };
    let mut found = EnvScript { conventions: conventions(module.body()), ..EnvScript::default() };
    found.metadata = metadata(module.body());
    each_call(module.body(), &mut |it| call(it, &search, &mut found));
    if found.wrapped {
        found.engines.iter_mut().for_each(|it| it.asynchronous = true);
    }
    assignments(module.body(), &mut |value| url(value, &search, &mut found));
    found
}

/// The `naming_convention` of a file that defines metadata.
pub(crate) fn conventions_of(text: &str) -> Conventions {
    match python::parse(text) {
        Some(module) if text.contains("%(") => conventions(module.body()),
        _ => Conventions::default(),
    }
}

/// The name that stands for a `naming_convention`, given to a `MetaData` or set on one that is there.
pub(crate) fn convention_named(text: &str) -> Option<String> {
    #[derive(Default)]
    struct Names(Option<String>);
    impl Names {
        fn note(&mut self, value: &Expr) {
            if let Expr::Name(it) = value {
                self.0 = Some(it.id.to_string());
            }
        }
    }
    impl<'a> Visitor<'a> for Names {
        fn visit_stmt(&mut self, statement: &'a Stmt) {
            if let Stmt::Assign(it) = statement
                && it.targets.iter().any(|it| matches!(it, Expr::Attribute(it) if it.attr.as_str() == WORD))
            {
                self.note(&it.value);
            }
            walk_stmt(self, statement);
        }
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Call(it) = expr
                && let Some(keyword) = it.arguments.find_keyword(WORD)
            {
                self.note(&keyword.value);
            }
            walk_expr(self, expr);
        }
    }
    const WORD: &str = "naming_convention";
    let module = python::parse(text).filter(|_| text.contains(WORD))?;
    let mut names = Names::default();
    module.body().iter().for_each(|it| names.visit_stmt(it));
    names.0
}

fn call<'a>(call: &'a ExprCall, search: &Search<'a>, found: &mut EnvScript) {
    let function = search.definitions.original(called(&call.func));
    if let Some(&(function, asynchronous)) = ENGINES.iter().find(|it| it.0 == function) {
        let pool = call.arguments.find_keyword("poolclass").map(|it| &it.value);
        let pool = pool.filter(|it| matches!(it, Expr::Name(_) | Expr::Attribute(_)));
        // A name of the file stands for what was assigned to it last.
        let meant = |it: &'a Expr| match it {
            Expr::Name(name) => search.definitions.get(name.id.as_str()).next().unwrap_or(it),
            _ => it,
        };
        let class = |it: &'a Expr| search.definitions.original(called(meant(it))).to_owned();
        let pool = pool.map(|it| (class(it), span(it)));
        found.engines.push(Engine { function, asynchronous, span: span(&*call.func), pool });
        if let Some(first) = call.arguments.args.first().filter(|_| function.starts_with("create")) {
            url(first, search, found);
        }
        if let Some(keyword) = call.arguments.find_keyword("url") {
            url(&keyword.value, search, found);
        }
        if let Some(Expr::Dict(dict)) = call.arguments.args.first() {
            let is_url = |it: &Expr| matches!(it, Expr::StringLiteral(it) if it.value.to_str() == "sqlalchemy.url");
            let value = dict.items.iter().find(|it| it.key.as_ref().is_some_and(is_url));
            value.into_iter().for_each(|it| url(&it.value, search, found));
        }
        return;
    }
    match function {
        // `AsyncEngine(engine_from_config(…))`.
        "AsyncEngine" => found.wrapped = true,
        "set_main_option" | "set_section_option" => {
            let [.., Expr::StringLiteral(key), value] = &*call.arguments.args else { return };
            if key.value.to_str() != "sqlalchemy.url" {
                return;
            }
            url(value, search, found);
            // What another address may stand in for is no file everywhere.
            let scheme = search.driver(value, 0).filter(|_| search.is_written(value)).map(|it| it.scheme);
            let is_file = scheme.is_some_and(|it| it.starts_with("sqlite"));
            if !is_file && !search.is_escaped(value, 0) {
                found.unescaped.push(span(call));
            }
        }
        "configure" => {
            let keyword = |name| call.arguments.find_keyword(name).map(|it| &it.value);
            if let Some(Expr::BooleanLiteral(it)) = keyword("transaction_per_migration") {
                found.transaction_per_migration |= it.value;
            }
            match keyword("version_table_schema") {
                None | Some(Expr::NoneLiteral(_)) => {}
                Some(Expr::StringLiteral(it)) => found.version_schema = Given::Known(it.value.to_str().to_owned()),
                Some(_) => found.version_schema = Given::Unknown,
            }
            if keyword("connection").is_some() {
                let unknown = call.arguments.keywords.iter().any(|it| it.arg.is_none());
                let filters = keyword("include_object").or(keyword("include_name")).is_some();
                found.configured.push((span(call), filters || unknown));
            }
        }
        _ => {}
    }
}

/// Notes where the URL comes from; of `a if test else b` from either.
fn url<'a>(value: &'a Expr, search: &Search<'a>, found: &mut EnvScript) {
    if let Expr::If(it) = value {
        url(&it.body, search, found);
        return url(&it.orelse, search, found);
    }
    found.has_own_url = true;
    found.urls.extend(search.driver(value, 0).filter(|it| !found.urls.contains(it)));
}

/// `configuration["sqlalchemy.url"] = value`.
fn assignments<'a>(body: &'a [Stmt], see: &mut impl FnMut(&'a Expr)) {
    struct Assignments<'s, F> {
        see: &'s mut F,
    }
    impl<'a, F: FnMut(&'a Expr)> Visitor<'a> for Assignments<'_, F> {
        fn visit_stmt(&mut self, statement: &'a Stmt) {
            if let Stmt::Assign(it) = statement {
                let is_url = |it: &Expr| matches!(it, Expr::Subscript(it) if matches!(&*it.slice, Expr::StringLiteral(it) if it.value.to_str() == "sqlalchemy.url"));
                if it.targets.iter().any(is_url) {
                    (self.see)(&it.value);
                }
            }
            walk_stmt(self, statement);
        }
    }
    let mut reader = Assignments { see };
    body.iter().for_each(|it| reader.visit_stmt(it));
}

/// What `configure(target_metadata=…)` is given: itself, or the last assignment to its name.
fn metadata(body: &[Stmt]) -> Metadata {
    let mut found = Metadata::Unknown;
    let mut name = "target_metadata";
    each_call(body, &mut |it| {
        let given = it.arguments.find_keyword("target_metadata").filter(|_| called(&it.func) == "configure");
        match given.map(|it| &it.value) {
            Some(value @ Expr::Name(it)) => {
                name = it.id.as_str();
                found = metadata_of(value, Span::default());
            }
            Some(value) => found = metadata_of(value, given.map_or_else(Span::default, span)),
            None => {}
        }
    });
    for statement in body {
        let (targets, value) = match statement {
            Stmt::Assign(it) => (it.targets.as_slice(), &*it.value),
            Stmt::AnnAssign(it) => match &it.value {
                Some(value) => (std::slice::from_ref(&*it.target), &**value),
                None => continue,
            },
            _ => continue,
        };
        if !targets.iter().any(|it| matches!(it, Expr::Name(it) if it.id.as_str() == name)) {
            continue;
        }
        found = metadata_of(value, span(statement));
    }
    found
}

fn metadata_of(value: &Expr, at: Span) -> Metadata {
    match value {
        Expr::NoneLiteral(_) => Metadata::None(at),
        Expr::Attribute(it) if it.attr.as_str() == "metadata" => match &*it.value {
            Expr::Name(name) => Metadata::Of(name.id.to_string(), at),
            _ => Metadata::Unknown,
        },
        Expr::Name(name) => Metadata::Named(name.id.to_string()),
        _ => Metadata::Unknown,
    }
}

/// `naming_convention={"pk": "pk_%(table_name)s", …}`, wherever it stands.
fn conventions(body: &[Stmt]) -> Conventions {
    struct Dictionaries(Conventions);
    impl<'a> Visitor<'a> for Dictionaries {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Dict(it) = expr {
                let text = |it: &Expr| match it {
                    Expr::StringLiteral(it) => Some(it.value.to_str().to_owned()),
                    _ => None,
                };
                let items = it.items.iter().filter_map(|it| Some((text(it.key.as_ref()?)?, text(&it.value)?)));
                let patterns: Vec<(String, String)> = items
                    .filter(|it| matches!(it.0.as_str(), "ix" | "uq" | "ck" | "fk" | "pk") && it.1.contains("%("))
                    .collect();
                if !patterns.is_empty() {
                    self.0 = Conventions { patterns };
                }
            }
            walk_expr(self, expr);
        }
    }
    let mut reader = Dictionaries(Conventions::default());
    body.iter().for_each(|it| reader.visit_stmt(it));
    reader.0
}

/// The last part of a function's name.
fn called(function: &Expr) -> &str {
    match function {
        Expr::Name(it) => it.id.as_str(),
        Expr::Attribute(it) => it.attr.as_str(),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, modules: &[(&str, &str)]) -> EnvScript {
        env_script(text, &Modules::new(modules.iter().copied()), None)
    }

    #[test]
    fn what_changes_the_runs_is_found() {
        let text = "from alembic import context\ntarget_metadata = None\nmeta = MetaData(naming_convention={'pk': 'pk_%(table_name)s'})\ndef run():\n    context.configure(connection=c, transaction_per_migration=True)\n    async_engine_from_config({}, poolclass=pool.NullPool)\n";
        let found = read(text, &[]);
        assert!(found.transaction_per_migration);
        assert!(matches!(found.metadata, Metadata::None(it) if it.of(text) == "target_metadata = None"));
        assert_eq!(found.conventions.patterns, [("pk".to_owned(), "pk_%(table_name)s".to_owned())]);
        assert_eq!(found.engines[0].function, "async_engine_from_config");
        assert_eq!(found.engines[0].pool.as_ref().map(|it| it.0.as_str()), Some("NullPool"));
        let renamed = "from sqlalchemy.pool import QueuePool as Pool\nfrom sqlalchemy.ext.asyncio import create_async_engine as engine\nengine(url, poolclass=Pool)\n";
        let renamed = read(renamed, &[]);
        assert_eq!(renamed.engines[0].function, "create_async_engine");
        assert_eq!(renamed.engines[0].pool.as_ref().map(|it| it.0.as_str()), Some("QueuePool"));
        let named = "if url := os.getenv('DB'):\n    config.set_main_option('sqlalchemy.url', url)\nurl = config.get_main_option('sqlalchemy.url')\n";
        assert_eq!(read(named, &[]).unescaped.len(), 1);
        assert_eq!(found.configured.len(), 1);
        assert_eq!(found.version_schema, Given::No);
        let schema = |given: &str| {
            read(&format!("context.configure(connection=c, version_table_schema={given})"), &[]).version_schema
        };
        assert_eq!(schema("'app'"), Given::Known("app".to_owned()));
        assert_eq!(schema("settings.schema"), Given::Unknown);
    }

    #[test]
    fn metadata_are_what_configure_is_given() {
        let of = |text: &str| match read(text, &[]).metadata {
            Metadata::Unknown => "unknown".to_owned(),
            Metadata::None(at) => at.of(text).to_owned(),
            Metadata::Of(base, at) => format!("{base}: {}", at.of(text)),
            Metadata::Named(name) => format!("named {name}"),
        };
        let given = |it: &str| format!("def run():\n    context.configure(connection=c, target_metadata={it})\n");
        assert_eq!(of(&given("None")), "target_metadata=None");
        assert_eq!(of(&given("Base.metadata")), "Base: target_metadata=Base.metadata");
        assert_eq!(of(&format!("meta = Base.metadata\n{}", given("meta"))), "Base: meta = Base.metadata");
        assert_eq!(of(&given("get_metadata()")), "unknown");
        assert_eq!(of(&format!("from app import meta\n{}", given("meta"))), "named meta");
        assert_eq!(of("from app import meta\ntarget_metadata = meta\n"), "named meta");
    }

    #[test]
    fn the_url_is_followed_to_where_it_is_written() {
        let driver = |text: &str| read(text, &[]).urls.first().map(|it| it.scheme.clone());
        let of = |it: &str| format!("config.set_main_option('sqlalchemy.url', {it})\n");
        assert_eq!(driver(&of("'postgresql+asyncpg://a'")).as_deref(), Some("postgresql+asyncpg"));
        assert_eq!(driver(&of("URL.replace('+asyncpg', '')")).as_deref(), Some("postgresql"));
        assert_eq!(driver(&of("os.getenv('URL', 'postgresql://a')")).as_deref(), Some("postgresql"));
        let through = format!("url = f'postgresql+psycopg2://{{user}}@h'\n{}", of("str(url).replace('%', '%%')"));
        assert_eq!(driver(&through).as_deref(), Some("postgresql+psycopg2"));
        let either = read(&of("'postgresql+asyncpg://a' if live else 'postgresql+psycopg2://a'"), &[]);
        assert_eq!(either.urls.len(), 2);
        let settings = [("app/settings.py", "class Settings:\n    db_url: str = 'postgresql+asyncpg://h'\n")];
        let found = read(&of("settings.db_url"), &settings);
        assert_eq!(found.urls[0].path.as_deref(), Some("app/settings.py"));
    }

    #[test]
    fn percent_signs_are_doubled_or_not() {
        let unescaped = |it: &str| {
            read(
                &format!(
                    "def get():\n    return s.url.replace('%', '%%')\nconfig.set_main_option('sqlalchemy.url', {it})\n"
                ),
                &[],
            )
            .unescaped
            .len()
        };
        assert_eq!(
            ["s.url", "get()", "str(s.url).replace('%', '%%')", "'postgresql://a'"].map(unescaped),
            [1, 0, 0, 0]
        );
        assert_eq!(["f'sqlite:///{path}'", "os.getenv('URL', 'sqlite:///shop.db')"].map(unescaped), [0, 1]);
    }
}
