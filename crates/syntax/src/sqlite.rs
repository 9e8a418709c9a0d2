//! What SQLite refuses of statements that PostgreSQL takes.

use crate::ast::{
    ActionKind, Body, ColumnConstraint, ColumnDef, ConstraintKind, CtasTarget, Expr, ExprKind, Statement, TableElement,
};
use crate::dialect::{Dialect, reads};
use crate::{ProblemKind, Span};

/// Functions of SQLite that PostgreSQL's files may use too (<https://sqlite.org/lang_corefunc.html>).
const FUNCTIONS: &[&str] = &[
    "abs",
    "coalesce",
    "count",
    "sum",
    "avg",
    "min",
    "max",
    "length",
    "lower",
    "upper",
    "trim",
    "btrim",
    "ltrim",
    "rtrim",
    "replace",
    "round",
    "random",
    "nullif",
    "substr",
    "substring",
    "date",
    "time",
    "strftime",
    "julianday",
    "total",
    "group_concat",
    "hex",
    "instr",
    "ifnull",
    "char",
    "concat",
    "concat_ws",
    "row_number",
    "rank",
    "dense_rank",
    "lag",
    "lead",
    "sign",
    "octet_length",
    "format",
    "unhex",
    "floor",
    "ceil",
    "exp",
    "ln",
    "log",
    "mod",
    "pi",
    "power",
    "sqrt",
];

/// What SQLite refuses of a statement, which `text` is: the clause, and why, in lower case and without final dot.
pub fn refusals(statement: &Statement, text: &str) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    let span = statement.span;
    match &statement.body {
        Body::AlterTable(it) => {
            for action in &it.actions {
                match &action.kind {
                    ActionKind::AddColumn { column, .. } => added(column, action.span, &mut found),
                    ActionKind::DropColumn { cascade: false, .. } => {}
                    ActionKind::AddConstraint { .. } | ActionKind::DropConstraint { .. } => {
                        found.push((
                            action.span,
                            "SQLite cannot add or drop a constraint of a table that is there".into(),
                        ));
                    }
                    _ => found.push((action.span, "SQLite has no such ALTER TABLE: a column stays as it is".into())),
                }
            }
            if it.actions.len() > 1 && found.is_empty() {
                found.push((it.actions[1].span, "SQLite takes one change in an ALTER TABLE".into()));
            }
        }
        Body::CreateTable(it) => {
            if it.partition_by.is_some() || it.partition_of.is_some() {
                found.push((it.name.span(), "SQLite has no partitions".into()));
            }
            for element in &it.elements {
                if let TableElement::Column(column) = element {
                    defaults(column, &mut found);
                }
            }
        }
        Body::CreateIndex(it) => {
            if let Some(word) = it.concurrently {
                found.push((word, "SQLite has no CONCURRENTLY".into()));
            }
            if it.method.text != "btree" {
                found.push((it.method.span, "SQLite has one kind of index".into()));
            }
            if let Some(first) = it.include.first() {
                found.push((first.span, "SQLite has no INCLUDE".into()));
            }
        }
        Body::CreateTableAs(it) if it.target == CtasTarget::MaterializedView => {
            found.push((span, "SQLite has no materialized views".into()));
        }
        Body::CreateTableAs(_) | Body::Drop(_) | Body::Rename(_) | Body::CreateView(_) | Body::Reindex(_) => {}
        Body::Write(it) => it.query.expressions.iter().for_each(|it| functions(it, &mut found)),
        Body::Select(it) => it.expressions.iter().for_each(|it| functions(it, &mut found)),
        Body::Transaction(_) | Body::Explain(_) | Body::CreateTrigger(_) | Body::Vacuum(_) => {}
        Body::Unreadable(_) => {}
        other => {
            let tag = other.tag().unwrap_or_default();
            found.push((span, format!("SQLite has no {tag}")));
        }
    }
    if found.is_empty() && cfg!(feature = "dialects") && !reads(Dialect::Sqlite, span.of(text)) {
        found.push((span, "SQLite does not read this".into()));
    }
    found
}

/// A column that is added to a table with rows (<https://sqlite.org/lang_altertable.html>).
fn added(column: &ColumnDef, at: Span, found: &mut Vec<(Span, String)>) {
    let has = |wanted: fn(&ConstraintKind) -> bool| {
        let constraints = column.constraints.iter();
        constraints.into_iter().any(|it| matches!(it, ColumnConstraint::Constraint(it) if wanted(&it.kind)))
    };
    if has(|it| matches!(it, ConstraintKind::Unique(_))) {
        found.push((at, "SQLite cannot add a column that is a key".into()));
    }
    let default = column.constraints.iter().find_map(|it| match it {
        ColumnConstraint::Default(it, _) => Some(it),
        _ => None,
    });
    let is_constant = |it: &Expr| matches!(it.kind, ExprKind::Constant(_));
    if default.is_none() && has(|it| matches!(it, ConstraintKind::NotNull { .. })) {
        found.push((at, "SQLite cannot add a column that is NOT NULL and has no default".into()));
    }
    if default.is_some_and(|it| !is_constant(it) && matches!(it.kind, ExprKind::Call(_))) {
        found.push((at, "SQLite cannot add a column whose default is not constant".into()));
    }
}

/// Defaults that SQLite takes and then fails on with every insert.
fn defaults(column: &ColumnDef, found: &mut Vec<(Span, String)>) {
    for constraint in &column.constraints {
        if let ColumnConstraint::Default(expr, _) = constraint {
            functions(expr, found);
        }
    }
}

/// Calls of functions that SQLite does not have.
fn functions(expr: &Expr, found: &mut Vec<(Span, String)>) {
    expr.walk(&mut |it| {
        if let ExprKind::Call(call) = &it.kind
            && !call.sql_syntax
            && is_unknown(&call.name.name.text)
        {
            found.push((it.span, missing(&call.name.name.text)));
        }
    });
}

/// What SQLite says of SQL that stands for a default, such as `now()`.
pub fn refused_default(sql: &str) -> Option<String> {
    let (name, _) = sql.trim().split_once('(')?;
    let name = name.trim().to_ascii_lowercase();
    let plain = !name.is_empty() && name.chars().all(|it| it.is_ascii_alphanumeric() || it == '_');
    (plain && is_unknown(&name)).then(|| missing(&name))
}

fn is_unknown(name: &str) -> bool {
    !FUNCTIONS.contains(&name)
}

fn missing(name: &str) -> String {
    format!("SQLite has no function `{name}`, so every statement that needs it fails")
}

/// What SQLite refuses of a text of statements.
pub fn refusals_of(text: &str) -> Vec<(Span, String)> {
    let parsed = crate::parse(text);
    if parsed.problems.iter().any(|it| it.kind == ProblemKind::TooLong) {
        return Vec::new();
    }
    parsed.statements.iter().flat_map(|it| refusals(it, text)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(sql: &str) -> Option<String> {
        refusals_of(sql).into_iter().next().map(|(span, why)| format!("{}: {why}", span.of(sql)))
    }

    #[test]
    fn what_only_postgresql_takes_is_found() {
        for (sql, at) in [
            ("ALTER TABLE t ALTER COLUMN a SET NOT NULL", "ALTER COLUMN a SET NOT NULL"),
            ("ALTER TABLE t ADD CONSTRAINT u UNIQUE (a)", "ADD CONSTRAINT u UNIQUE (a)"),
            ("ALTER TABLE t ADD COLUMN a int NOT NULL", "ADD COLUMN a int NOT NULL"),
            ("CREATE INDEX CONCURRENTLY i ON t (a)", "CONCURRENTLY"),
            ("CREATE INDEX i ON t USING gin (a)", "gin"),
            ("CREATE TABLE t (a timestamptz DEFAULT now())", "now()"),
            ("CREATE TABLE t (a int) PARTITION BY RANGE (a)", "t"),
            ("CREATE SCHEMA s", "CREATE SCHEMA s"),
        ] {
            let found = first(sql).unwrap_or_else(|| panic!("nothing is said of {sql}"));
            assert!(found.starts_with(&format!("{at}: SQLite ")), "{sql}: {found}");
        }
    }

    #[test]
    fn what_both_take_is_silent() {
        for sql in [
            "CREATE TABLE t (id integer PRIMARY KEY, a text DEFAULT 'x', at timestamp DEFAULT CURRENT_TIMESTAMP)",
            "ALTER TABLE t ADD COLUMN b text",
            "ALTER TABLE t RENAME COLUMN a TO b",
            "CREATE UNIQUE INDEX i ON t (a) WHERE b IS NOT NULL",
            "INSERT INTO t (a) VALUES ('x') ON CONFLICT (a) DO NOTHING",
            "UPDATE t SET a = lower(a)",
            "DROP TABLE t",
        ] {
            assert_eq!(first(sql), None, "{sql}");
        }
    }
}
