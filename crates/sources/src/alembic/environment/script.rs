//! `env.py`.

use crate::alembic::python::{self, Expr, Stmt, Visitor, span, walk_expr, walk_stmt};
use crate::alembic::render::Conventions;
use lockkeeper_syntax::Span;

/// What `env.py` says, as far as it changes how revisions run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EnvScript {
    /// Whether each revision is a transaction of its own; without it all pending ones share one.
    pub transaction_per_migration: bool,
    /// `naming_convention` of a `MetaData` in the file.
    pub conventions: Conventions,
    /// `target_metadata = None`, with which `--autogenerate` refuses to work.
    pub no_metadata: Option<Span>,
    /// `async_engine_from_config`.
    pub async_engine: Option<Span>,
}

/// Reads an `env.py`, or a module that defines its metadata.
pub fn env_script(text: &str) -> EnvScript {
    let mut reader = Reader::default();
    if let Some(module) = python::parse(text) {
        module.body().iter().for_each(|it| reader.visit_stmt(it));
    }
    reader.found
}

#[derive(Default)]
struct Reader {
    found: EnvScript,
}

impl<'a> Visitor<'a> for Reader {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        if let Stmt::Assign(it) = statement {
            let named = it.targets.iter().any(|it| matches!(it, Expr::Name(it) if it.id.as_str() == "target_metadata"));
            if named {
                self.found.no_metadata = matches!(&*it.value, Expr::NoneLiteral(_)).then(|| span(statement));
            }
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(it) = expr {
            match called(&it.func) {
                "async_engine_from_config" => self.found.async_engine = Some(span(&*it.func)),
                "configure" => {
                    let keyword = it.arguments.find_keyword("transaction_per_migration");
                    if let Some(Expr::BooleanLiteral(it)) = keyword.map(|it| &it.value) {
                        self.found.transaction_per_migration |= it.value;
                    }
                }
                _ => {}
            }
        }
        if let Expr::Dict(it) = expr {
            // `naming_convention={"pk": "pk_%(table_name)s", …}`, wherever it stands.
            let text = |it: &Expr| match it {
                Expr::StringLiteral(it) => Some(it.value.to_str().to_owned()),
                _ => None,
            };
            let patterns: Vec<(String, String)> = it
                .items
                .iter()
                .filter_map(|it| Some((text(it.key.as_ref()?)?, text(&it.value)?)))
                .filter(|it| matches!(it.0.as_str(), "ix" | "uq" | "ck" | "fk" | "pk") && it.1.contains("%("))
                .collect();
            if !patterns.is_empty() {
                self.found.conventions = Conventions { patterns };
            }
        }
        walk_expr(self, expr);
    }
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

    #[test]
    fn what_changes_the_runs_is_found() {
        let text = "from alembic import context\ntarget_metadata = None\nmeta = MetaData(naming_convention={'pk': 'pk_%(table_name)s'})\ndef run():\n    context.configure(connection=c, transaction_per_migration=True)\n    async_engine_from_config({})\n";
        let found = env_script(text);
        assert!(found.transaction_per_migration);
        assert_eq!(found.no_metadata.map(|it| it.of(text)), Some("target_metadata = None"));
        assert_eq!(found.conventions.patterns, [("pk".to_owned(), "pk_%(table_name)s".to_owned())]);
        assert_eq!(found.async_engine.map(|it| it.of(text)), Some("async_engine_from_config"));
    }
}
