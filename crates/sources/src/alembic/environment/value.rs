//! Follows the expression that gives a URL, through names, functions and settings, as far as it tells the driver.

use super::modules::{Modules, is_test};
use super::url::{Driving, driving, scheme};
use crate::alembic::python::{
    self, Expr, FStringPart, InterpolatedStringElement, Stmt, Visitor, span, walk_expr, walk_stmt,
};
use lockkeeper_syntax::Span;
use rustc_hash::FxHashMap;

/// What a URL begins with, and where that is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) scheme: String,
    pub(crate) span: Span,
    /// The file, if it is not the one that was asked about.
    pub(crate) path: Option<String>,
}

/// The names and functions of a file, with what they stand for.
#[derive(Default)]
pub(crate) struct Definitions<'a> {
    values: FxHashMap<&'a str, Vec<&'a Expr>>,
    /// `from … import name as alias`: the name of each alias.
    imported: FxHashMap<&'a str, &'a str>,
}

impl<'a> Definitions<'a> {
    pub(crate) fn of(body: &'a [Stmt]) -> Self {
        let mut reader = Reader { found: Definitions::default(), functions: Vec::new() };
        body.iter().for_each(|it| reader.visit_stmt(it));
        reader.found
    }

    /// What a name may stand for, the last first.
    pub(crate) fn get(&self, name: &str) -> impl Iterator<Item = &'a Expr> + '_ {
        self.values.get(name).into_iter().flatten().rev().copied()
    }

    /// What a name is called where it is imported from.
    pub(crate) fn original<'n>(&self, name: &'n str) -> &'n str
    where
        'a: 'n,
    {
        self.imported.get(name).copied().unwrap_or(name)
    }
}

struct Reader<'a> {
    found: Definitions<'a>,
    functions: Vec<&'a str>,
}

impl<'a> Visitor<'a> for Reader<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::Assign(it) => {
                for target in &it.targets {
                    if let Expr::Name(name) = target {
                        self.found.values.entry(name.id.as_str()).or_default().push(&it.value);
                    }
                }
            }
            Stmt::AnnAssign(it) => {
                if let (Expr::Name(name), Some(value)) = (&*it.target, &it.value) {
                    self.found.values.entry(name.id.as_str()).or_default().push(value);
                }
            }
            Stmt::ImportFrom(it) => {
                let aliases = it.names.iter().filter_map(|it| Some((it.asname.as_ref()?.as_str(), it.name.as_str())));
                self.found.imported.extend(aliases);
            }
            Stmt::FunctionDef(it) => {
                self.functions.push(it.name.as_str());
                walk_stmt(self, statement);
                self.functions.pop();
                return;
            }
            Stmt::Return(it) => {
                if let (Some(name), Some(value)) = (self.functions.last(), &it.value) {
                    self.found.values.entry(name).or_default().push(value);
                }
            }
            _ => {}
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Named(it) = expr
            && let Expr::Name(name) = &*it.target
        {
            self.found.values.entry(name.id.as_str()).or_default().push(&it.value);
        }
        walk_expr(self, expr);
    }
}

/// Looks for the driver of a URL.
pub(crate) struct Search<'a> {
    pub(crate) definitions: &'a Definitions<'a>,
    pub(crate) modules: &'a Modules<'a>,
    /// The value of `sqlalchemy.url` in the configuration.
    pub(crate) configured: Option<Found>,
}

/// How many names and calls are followed.
const DEPTH: u32 = 12;

impl<'a> Search<'a> {
    /// Whether the file itself writes a URL out.
    pub(crate) fn is_written(&self, expr: &Expr) -> bool {
        let written = |it: &Expr| matches!(it, Expr::StringLiteral(_) | Expr::FString(_));
        match expr {
            Expr::Name(it) => self.definitions.get(it.id.as_str()).all(written),
            other => written(other),
        }
    }

    /// What a URL begins with, if that is written anywhere.
    pub(crate) fn driver(&self, expr: &'a Expr, depth: u32) -> Option<Found> {
        if depth > DEPTH {
            return None;
        }
        let found = |scheme: &str, span| Some(Found { scheme: scheme.to_owned(), span, path: None });
        match expr {
            Expr::StringLiteral(it) => found(scheme(it.value.to_str())?, span(expr)),
            Expr::FString(it) => {
                let first = it.value.iter().next()?;
                let text = match first {
                    FStringPart::Literal(it) => it.as_str(),
                    FStringPart::FString(it) => match it.elements.first()? {
                        InterpolatedStringElement::Literal(it) => &it.value,
                        InterpolatedStringElement::Interpolation(_) => return None,
                    },
                };
                found(scheme(text)?, span(expr))
            }
            Expr::Name(it) => {
                let own = self.definitions.get(it.id.as_str()).find_map(|it| self.driver(it, depth + 1));
                own.or_else(|| self.elsewhere(it.id.as_str()))
            }
            Expr::Attribute(it) => self.elsewhere(it.attr.as_str()),
            Expr::If(it) => self.driver(&it.body, depth + 1).or_else(|| self.driver(&it.orelse, depth + 1)),
            Expr::BoolOp(it) => it.values.iter().find_map(|it| self.driver(it, depth + 1)),
            Expr::Call(it) => self.called(it, expr, depth),
            _ => None,
        }
    }

    fn called(&self, call: &'a python::ExprCall, expr: &'a Expr, depth: u32) -> Option<Found> {
        let argument = |at: usize| call.arguments.args.get(at);
        let text = |at: usize| match argument(at)? {
            Expr::StringLiteral(it) => Some(it.value.to_str()),
            _ => None,
        };
        match &*call.func {
            Expr::Attribute(of) => match of.attr.as_str() {
                "replace" => self.replaced(&of.value, text(0)?, text(1)?, span(expr), depth),
                "get_main_option" => self.configured.clone(),
                "get" | "getenv" if text(0).is_some() => self.driver(argument(1)?, depth + 1),
                "create" => {
                    let named = call.arguments.find_keyword("drivername").map(|it| &it.value);
                    let Expr::StringLiteral(it) = named.or(argument(0))? else { return None };
                    Some(Found { scheme: it.value.to_str().to_owned(), span: span(it), path: None })
                }
                "set" => match call.arguments.find_keyword("drivername").map(|it| &it.value) {
                    Some(Expr::StringLiteral(it)) => {
                        Some(Found { scheme: it.value.to_str().to_owned(), span: span(it), path: None })
                    }
                    _ => self.driver(&of.value, depth + 1),
                },
                "render_as_string" | "unicode_string" | "strip" | "format" => self.driver(&of.value, depth + 1),
                other => self.elsewhere(other),
            },
            Expr::Name(name) => match name.id.as_str() {
                "str" | "make_url" => self.driver(argument(0)?, depth + 1),
                "getenv" => self.driver(argument(1)?, depth + 1),
                "Field" => {
                    let default = call.arguments.find_keyword("default").map(|it| &it.value);
                    self.driver(default.or(argument(0))?, depth + 1)
                }
                other => {
                    let own = self.definitions.get(other).find_map(|it| self.driver(it, depth + 1));
                    own.or_else(|| self.elsewhere(other))
                }
            },
            _ => None,
        }
    }

    /// `url.replace(from, to)`: with the driver put in or taken out, or with something else replaced.
    fn replaced(&self, url: &'a Expr, from: &str, to: &str, at: Span, depth: u32) -> Option<Found> {
        let of = |text: &str| {
            let text = text.split("://").next().unwrap_or_default();
            if text.starts_with('+') { format!("postgresql{text}") } else { text.to_owned() }
        };
        let (before, after) = (of(from), of(to));
        let is_driver = |text: &str| driving(text) != Driving::Unknown;
        if !is_driver(&before) && !is_driver(&after) {
            return self.driver(url, depth + 1);
        }
        let scheme = if after.is_empty() { before.split('+').next().unwrap_or_default().to_owned() } else { after };
        Some(Found { scheme, span: at, path: None })
    }

    /// A setting of the application of this name, if all that define it agree.
    fn elsewhere(&self, name: &str) -> Option<Found> {
        let nothing = Modules::default();
        let mut all: Vec<Found> = Vec::new();
        for (path, text) in self.modules.iter() {
            let has_url = text.contains("://") || text.contains("drivername");
            if is_test(path) || !has_url || !text.contains(name) {
                continue;
            }
            let Some(module) = python::parse(text) else { continue };
            let definitions = Definitions::of(module.body());
            let search = Search { definitions: &definitions, modules: &nothing, configured: None };
            let found: Option<Found> = definitions.get(name).find_map(|it| search.driver(it, 1));
            all.extend(found.map(|it| Found { path: Some(path.to_owned()), ..it }));
        }
        let same = all.windows(2).all(|it| it[0].scheme == it[1].scheme);
        all.into_iter().next().filter(|_| same)
    }

    /// Whether each `%` of a value is doubled on its way, or there is none.
    pub(crate) fn is_escaped(&self, expr: &'a Expr, depth: u32) -> bool {
        if depth > DEPTH {
            return true;
        }
        let of_name = |name: &str| {
            let mut own = self.definitions.get(name).peekable();
            if own.peek().is_some() {
                return own.all(|it| self.is_escaped(it, depth + 1));
            }
            let defines = |text: &str| text.contains("%%") && text.contains(name);
            self.modules.iter().any(|(path, text)| !is_test(path) && defines(text))
        };
        match expr {
            Expr::StringLiteral(it) => !it.value.to_str().replace("%%", "").contains('%'),
            Expr::Name(it) => of_name(it.id.as_str()),
            Expr::Attribute(it) => of_name(it.attr.as_str()),
            Expr::Call(it) => match &*it.func {
                Expr::Attribute(of) if of.attr.as_str() == "replace" => {
                    let doubles = |it: &Expr| matches!(it, Expr::StringLiteral(it) if it.value.to_str() == "%%");
                    it.arguments.args.iter().any(doubles) || self.is_escaped(&of.value, depth + 1)
                }
                Expr::Attribute(of) if of.attr.as_str() == "get_main_option" => true,
                Expr::Attribute(of) if matches!(of.attr.as_str(), "get" | "getenv") => false,
                Expr::Attribute(of) => of_name(of.attr.as_str()),
                Expr::Name(name) if name.id.as_str() == "str" => {
                    it.arguments.args.first().is_some_and(|it| self.is_escaped(it, depth + 1))
                }
                Expr::Name(name) => of_name(name.id.as_str()),
                _ => false,
            },
            _ => false,
        }
    }
}

/// Walks all expressions of a file.
pub(crate) fn each_call<'a>(body: &'a [Stmt], see: &mut impl FnMut(&'a python::ExprCall)) {
    struct Calls<'s, F> {
        see: &'s mut F,
    }
    impl<'a, F: FnMut(&'a python::ExprCall)> Visitor<'a> for Calls<'_, F> {
        fn visit_expr(&mut self, expr: &'a Expr) {
            if let Expr::Call(it) = expr {
                (self.see)(it);
            }
            walk_expr(self, expr);
        }
    }
    let mut calls = Calls { see };
    body.iter().for_each(|it| calls.visit_stmt(it));
}
