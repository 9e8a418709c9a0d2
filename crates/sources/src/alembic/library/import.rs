//! Imports, attributes and calls of libraries.

use super::package;
use crate::alembic::args::Args;
use crate::alembic::eval::Interpreter;
use crate::alembic::python::Alias;
use crate::alembic::value::{Scope, Value};
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// `import a.b as c`.
    pub(crate) fn import(&mut self, names: &'a [Alias], scope: &Rc<Scope<'a>>) {
        for it in names {
            let path = it.name.as_str();
            match &it.asname {
                Some(name) => {
                    let own = self.surroundings.imported.find(scope.top().file, 0, path);
                    scope.set(name.as_str(), own.map_or_else(|| Value::Library(path.into()), Value::Module));
                }
                None => scope.set(package(path), Value::Library(package(path).into())),
            }
        }
    }

    /// `from a.b import c as d`.
    pub(crate) fn import_from(
        &mut self,
        module: Option<&'a str>,
        level: u32,
        names: &'a [Alias],
        scope: &Rc<Scope<'a>>,
    ) {
        let own = module.unwrap_or_default();
        let module = format!("{}{own}", ".".repeat(level as usize));
        for it in names {
            let name = it.asname.as_ref().unwrap_or(&it.name).as_str();
            if name == "*" {
                self.take_all(scope, level, own);
                continue;
            }
            if let Some(value) = self.taken_from(scope, level, own, it.name.as_str()) {
                scope.set(name, value);
                continue;
            }
            // A relative import has dots in front; no library's name has.
            let value = self.library_attribute(&module, it.name.as_str());
            scope.set(name, value);
        }
    }

    /// `module.name`.
    pub(crate) fn library_attribute(&mut self, path: &str, name: &str) -> Value<'a> {
        match (path, name) {
            ("calendar", "monthrange") | ("os", _) => {}
            ("datetime" | "datetime.datetime", "UTC" | "utc") => return Value::Library("datetime.UTC".into()),
            ("sys", "maxsize") => return Value::Int(i64::MAX),
            _ => {}
        }
        // `import app.models` names a module of the project from its top.
        let imported = &self.surroundings.imported;
        if let Some(file) = imported.find(None, 0, path)
            && let Some(value) = self.name_of(file, name)
        {
            return value;
        }
        let inner = format!("{path}.{name}");
        if let Some(file) = self.surroundings.imported.find(None, 0, &inner) {
            return Value::Module(file);
        }
        Value::Library(inner.into())
    }

    /// Calls something of a library.
    pub(crate) fn call_library(&mut self, path: &str, args: Args<'a>) -> Value<'a> {
        match package(path) {
            "builtins" => self.call_builtin(&path["builtins.".len()..], args),
            "alembic" => self.call_alembic(path, args),
            "sqlalchemy" => self.call_sqlalchemy(path, args),
            package => {
                if let Some(value) = self.call_stdlib(path, &args) {
                    return value;
                }
                if let Some(value) = self.construct_type(path, args.clone()) {
                    return value;
                }
                if matches!(path.rsplit('.').next(), Some("Session" | "sessionmaker" | "scoped_session")) {
                    return Value::Connection;
                }
                self.handed_over(&args, &format!("`{path}`"));
                self.sent_elsewhere(path.rsplit('.').next().unwrap_or_default(), &format!("`{path}`"), &args);
                if QUIET.contains(&package) && !runs_programs(path) || says_or_reads(path) {
                    Value::unknown(format!("`{path}`"))
                } else {
                    Value::acting(format!("`{path}`"))
                }
            }
        }
    }
}

/// Whether a name is that of a logger's method, or of one that reads or writes text.
fn says_or_reads(path: &str) -> bool {
    let mut parts = path.rsplit('.');
    let (name, of) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    let says = matches!(name, "debug" | "info" | "warning" | "warn" | "error" | "exception" | "critical" | "log");
    says && of.to_ascii_lowercase().contains("log") || matches!((of, name), ("json", "loads" | "dumps"))
}

/// Whether a name is that of a function which runs a program: `os.system`.
fn runs_programs(path: &str) -> bool {
    let name = path.strip_prefix("os.").unwrap_or_default();
    ["system", "popen", "exec", "spawn", "posix_spawn"].iter().any(|it| name.starts_with(it))
}

/// Modules whose calls send nothing.
const QUIET: &[&str] = &[
    "abc",
    "ast",
    "base64",
    "binascii",
    "bisect",
    "calendar",
    "click",
    "collections",
    "colorama",
    "contextlib",
    "copy",
    "csv",
    "dataclasses",
    "datetime",
    "dateutil",
    "decimal",
    "enum",
    "faker",
    "fractions",
    "functools",
    "glob",
    "hashlib",
    "hmac",
    "html",
    "io",
    "itertools",
    "json",
    "logging",
    "loguru",
    "math",
    "nanoid",
    "numbers",
    "operator",
    "orjson",
    "os",
    "pathlib",
    "pprint",
    "pydantic",
    "pytz",
    "random",
    "re",
    "rich",
    "secrets",
    "shutil",
    "simplejson",
    "slugify",
    "statistics",
    "string",
    "structlog",
    "sys",
    "textwrap",
    "time",
    "tqdm",
    "traceback",
    "types",
    "typing",
    "typing_extensions",
    "ulid",
    "unicodedata",
    "urllib",
    "uuid",
    "uuid6",
    "warnings",
    "yaml",
    "zoneinfo",
    "pwdlib",
    "passlib",
    "bcrypt",
    "cryptography",
    "sqlmodel",
    "geoalchemy2",
    "pgvector",
    "sqlalchemy_utils",
];
