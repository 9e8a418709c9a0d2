//! What SQLite refuses of statements that PostgreSQL takes.

use crate::ast::{
    ActionKind, Body, ColumnConstraint, ColumnDef, ConstraintKind, CtasTarget, Expr, ExprKind, ObjectKind,
    QualifiedName, Query, Statement, TableElement, Write,
};
use crate::body::tokens;
use crate::dialect::{Dialect, reads};
use crate::token::Kind;
use crate::{ProblemKind, Span};

/// The functions of SQLite (<https://sqlite.org/lang_corefunc.html> and the pages beside it), and `btrim`, as which
/// `TRIM(…)` is read.
const FUNCTIONS: &str = "\
    abs acos acosh asin asinh atan atan2 atanh avg btrim ceil ceiling changes char coalesce concat concat_ws cos \
    cosh count cume_dist date datetime degrees dense_rank exp first_value floor format glob group_concat hex if \
    ifnull iif instr json json_array json_array_length json_each json_error_position json_extract json_group_array \
    json_group_object json_insert json_object json_patch json_pretty json_quote json_remove json_replace json_set \
    json_tree json_type json_valid jsonb jsonb_array jsonb_extract jsonb_group_array jsonb_group_object \
    jsonb_insert jsonb_object jsonb_patch jsonb_remove jsonb_replace jsonb_set julianday lag last_insert_rowid \
    last_value lead length like likelihood likely ln log log10 log2 lower ltrim max min mod nth_value ntile nullif \
    octet_length percent_rank pi pow power printf quote radians random randomblob rank replace round row_number \
    rtrim sign sin sinh soundex sqlite_version sqrt strftime string_agg substr substring sum tan tanh time \
    timediff total total_changes trim trunc typeof unhex unicode unistr unixepoch unlikely upper zeroblob";

/// What SQLite refuses of a statement, which `text` is: the clause, and why, in lower case and without final dot.
pub fn refusals(statement: &Statement, text: &str) -> Vec<(Span, String)> {
    let mut found = Vec::new();
    let span = statement.span;
    match &statement.body {
        Body::AlterTable(it) => {
            elsewhere(&it.relation.name, &mut found);
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
            elsewhere(&it.name, &mut found);
            if it.partition_by.is_some() || it.partition_of.is_some() {
                found.push((it.name.span(), "SQLite has no partitions".into()));
            }
            for element in &it.elements {
                match element {
                    TableElement::Column(column) => calls(column, &mut found),
                    TableElement::Constraint(it) => conditions(&it.kind, &mut found),
                    TableElement::Like(_) => {}
                }
            }
        }
        Body::CreateIndex(it) => {
            elsewhere(&it.table.name, &mut found);
            if let Some(word) = it.concurrently {
                found.push((word, "SQLite has no CONCURRENTLY".into()));
            }
            if it.method.text != "btree" {
                found.push((it.method.span, "SQLite has one kind of index".into()));
            }
            if let Some(first) = it.include.first() {
                found.push((first.span, "SQLite has no INCLUDE".into()));
            }
            it.elements.iter().map(|it| &it.expr).chain(&it.predicate).for_each(|it| functions(it, &mut found));
            if let Some(class) = it.elements.iter().find_map(|it| it.opclass.as_ref()) {
                found.push((class.span(), "SQLite has no operator classes".into()));
            }
        }
        Body::CreateTableAs(it) if it.target == CtasTarget::MaterializedView => {
            found.push((span, "SQLite has no materialized views".into()));
        }
        Body::Drop(it) => {
            let known = [ObjectKind::Table, ObjectKind::Index, ObjectKind::View].contains(&it.kind);
            match (it.objects.get(1), it.cascade) {
                // PostgreSQL reads none without it.
                _ if it.kind == ObjectKind::Trigger => {
                    found.push((span, "SQLite drops a trigger without ON".into()));
                }
                _ if !known => found.push((span, format!("SQLite has no {}", it.kind.drop_tag()))),
                (Some(second), _) => found.push((second.span, "SQLite drops one at a time".into())),
                (None, Some(word)) => found.push((word, "SQLite has no CASCADE for what is dropped".into())),
                (None, None) => {}
            }
        }
        Body::Rename(it) if it.kind != ObjectKind::Table => {
            found.push((span, format!("SQLite has no {}", it.kind.alter_tag())));
        }
        Body::CreateTableAs(_) | Body::Rename(_) | Body::CreateView(_) | Body::Reindex(_) => {}
        Body::Write(it) => {
            elsewhere(&it.table.name, &mut found);
            written(it, text, &mut found);
            read(&it.query, &mut found);
        }
        Body::Select(it) => read(it, &mut found),
        Body::Transaction(_) | Body::Explain(_) | Body::CreateTrigger(_) | Body::Vacuum(_) => {}
        Body::Unreadable(_) => {}
        other => {
            let tag = other.tag().unwrap_or_default();
            found.push((span, format!("SQLite has no {tag}")));
        }
    }
    if found.is_empty() {
        found.extend(unread(text, span));
    }
    // To SQLite brackets are quotes, so that `text[]` is some type to it.
    if found.is_empty() && cfg!(feature = "dialects") && !reads(Dialect::Sqlite, &span.of(text).replace("[]", "")) {
        found.push((span, "SQLite does not read this".into()));
    }
    found
}

/// A relation that lies where SQLite has none.
fn elsewhere(name: &QualifiedName, found: &mut Vec<(Span, String)>) {
    match &name.schema {
        Some(schema) if !matches!(&*schema.text, "main" | "temp") => {
            found.push((name.span(), format!("SQLite has no schema `{}`", schema.text)));
        }
        None if name.name.text.starts_with("pg_") => {
            found.push((name.span(), "SQLite has no such catalog".into()));
        }
        _ => {}
    }
}

/// What a query reads, and what it calls.
fn read(query: &Query, found: &mut Vec<(Span, String)>) {
    query.relations.iter().for_each(|it| elsewhere(&it.relation.name, found));
    query.expressions.iter().for_each(|it| functions(it, found));
}

/// The clauses of a write alone.
fn written(write: &Write, text: &str, found: &mut Vec<(Span, String)>) {
    if let Some(alias) = &write.alias
        && !Span::new(write.table.name.span().end, alias.span.start).of(text).to_ascii_uppercase().contains("AS")
    {
        found.push((alias.span, "SQLite reads no alias of what is written without AS".into()));
    }
    if let Some(name) = write.on_conflict.as_ref().and_then(|it| it.constraint.as_ref()) {
        found.push((name.span, "SQLite knows the conflicts of columns, not those of a constraint".into()));
    }
}

/// Words and signs that SQLite's grammar (`parse.y`, `tokenize.c`) does not have where PostgreSQL takes them; `'` is any
/// text.
static UNREAD: &[&str] = &[
    "::",
    "^",
    "ILIKE",
    "SIMILAR TO",
    "AT TIME ZONE",
    "INTERVAL '",
    "DATE '",
    "TIME '",
    "TIMESTAMP '",
    "ARRAY [",
    "ANY (",
    "SOME (",
    "ALL (",
    "EXCEPT ALL",
    "INTERSECT ALL",
    "IS UNKNOWN",
    "IS NOT UNKNOWN",
    "ROLLUP (",
    "CUBE (",
    "GROUPING SETS",
    "INHERITS (",
    "EXECUTE FUNCTION",
    "EXECUTE PROCEDURE",
    "ONLY",
    "LATERAL",
    "FOR UPDATE",
    "FOR SHARE",
    "FOR NO KEY",
    "DISTINCT ON",
    "EXTRACT (",
    "POSITION (",
    "OVERLAY (",
    "TRIM ( BOTH",
    "TRIM ( LEADING",
    "TRIM ( TRAILING",
    "GREATEST (",
    "LEAST (",
    "LOCALTIME",
    "LOCALTIMESTAMP",
    "CURRENT_USER",
    "SESSION_USER",
    "OR REPLACE",
    "AS IDENTITY",
    "WITH (",
    "TABLESPACE",
    "WITH NO DATA",
    "WITH DATA",
    "UNLOGGED",
    "START TRANSACTION",
    "( DELETE",
    "( UPDATE",
    "( INSERT",
    "( DEFAULT ,",
    "( DEFAULT )",
    ", DEFAULT ,",
    ", DEFAULT )",
    "INDEX ON",
    "INDEX CONCURRENTLY",
    "ALTER TABLE IF",
    "COLUMN IF",
    "NULLS LAST )",
    "NULLS FIRST )",
    "NULLS LAST ,",
    "NULLS FIRST ,",
];

/// The operators that both have, of those with a sign that PostgreSQL lets anyone make operators of.
static OPERATORS: &[&str] = &["||", "<<", ">>", "->", "->>", "|", "&"];

/// The first word or sign that SQLite does not read.
fn unread(text: &str, span: Span) -> Option<(Span, String)> {
    let tokens = tokens(text, span).ok()?;
    let of = |at: usize| tokens.get(at).map_or("", |it| it.span().of(text));
    let is = |at: usize, word: &str| match word {
        "'" => of(at).starts_with('\''),
        _ => of(at).eq_ignore_ascii_case(word),
    };
    let deletes = is(0, "DELETE");
    let makes_index = is(0, "CREATE") && (is(1, "INDEX") || is(2, "INDEX"));
    let here = |at: usize, pattern: &str| {
        let mut count = 0;
        let fits = pattern.split(' ').all(|it| {
            count += 1;
            is(at + count - 1, it)
        });
        (fits && (makes_index || !pattern.starts_with("NULLS"))).then_some(count)
    };
    (0..tokens.len()).find_map(|at| {
        // A sign of one character stands before a value.
        let operator = tokens[at].kind == Kind::Op
            && !OPERATORS.contains(&of(at))
            && (of(at) != "~" || at > 0 && !matches!(of(at - 1), "(" | "," | "="));
        let using = deletes && is(at, "USING") && !is(at + 1, "(");
        let from = is(at, "SUBSTRING") && (at..tokens.len()).take_while(|it| !is(*it, ")")).any(|it| is(it, "FROM"));
        // A text in dollar signs is a parameter, and rows are passed over only behind LIMIT.
        let dollars = of(at).starts_with("$") && of(at).ends_with('$');
        let offset = is(at, "OFFSET") && !(0..at).any(|it| is(it, "LIMIT")) && tokens.get(at + 1).is_some();
        let pattern = UNREAD.iter().find_map(|it| here(at, it));
        let count = if operator || using || from || dollars || offset { 1 } else { pattern? };
        let words: Vec<&str> = (at..at + count).map(of).filter(|it| !matches!(*it, "(" | ")" | "," | "[")).collect();
        let clause = Span::new(tokens[at].start, tokens[at + count - 1].end);
        Some((clause, format!("SQLite does not read `{}` there", words.join(" "))))
    })
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

/// Defaults that SQLite takes and then fails on with every insert, and conditions that it refuses.
fn calls(column: &ColumnDef, found: &mut Vec<(Span, String)>) {
    for constraint in &column.constraints {
        match constraint {
            ColumnConstraint::Default(expr, _) => functions(expr, found),
            ColumnConstraint::Constraint(it) => conditions(&it.kind, found),
            _ => {}
        }
    }
}

fn conditions(kind: &ConstraintKind, found: &mut Vec<(Span, String)>) {
    match kind {
        ConstraintKind::Check { expr } => functions(expr, found),
        ConstraintKind::NotNull { .. } | ConstraintKind::Unique(_) => {}
        ConstraintKind::Exclude(_) | ConstraintKind::ForeignKey(_) => {}
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
    !FUNCTIONS.split_ascii_whitespace().any(|it| it == name)
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
    let mut found: Vec<(Span, String)> = parsed.statements.iter().flat_map(|it| refusals(it, text)).collect();
    if let (Some(second), true) = (parsed.statements.get(1), found.is_empty()) {
        found.push((second.span, "SQLite takes one statement in a call".into()));
    }
    found
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
            ("CREATE TABLE t (a text, CHECK (char_length(a) > 2))", "char_length(a)"),
            ("CREATE INDEX i ON t (date_trunc('day', a))", "date_trunc('day', a)"),
            ("CREATE SCHEMA s", "CREATE SCHEMA s"),
            ("UPDATE t SET a = '{}'::jsonb", "::"),
            ("UPDATE t SET a = 1 WHERE b ILIKE 'x'", "ILIKE"),
            ("UPDATE t SET a = 1 WHERE b ~ 'x'", "~"),
            ("UPDATE t SET a = 1 WHERE b @> '{1}'", "@>"),
            ("UPDATE t SET a = b AT TIME ZONE 'UTC'", "AT TIME ZONE"),
            ("UPDATE t SET a = b + INTERVAL '1 day'", "INTERVAL '1 day'"),
            ("UPDATE t SET a = 1 WHERE b = ANY ('{1}')", "ANY ("),
            ("DELETE FROM t USING u WHERE t.a = u.a", "USING"),
            ("INSERT INTO t (a, b) VALUES (1, DEFAULT)", ", DEFAULT)"),
            ("UPDATE t SET a = substring(b from 2)", "substring"),
            ("CREATE OR REPLACE VIEW v AS SELECT 1", "OR REPLACE"),
            ("CREATE INDEX i ON t (a text_pattern_ops)", "text_pattern_ops"),
            ("CREATE INDEX i ON t (a DESC NULLS LAST)", "NULLS LAST)"),
            ("DROP TABLE a, b", "b"),
            ("DROP TABLE a CASCADE", "CASCADE"),
            ("DROP SEQUENCE a", "DROP SEQUENCE a"),
            ("ALTER INDEX a RENAME TO b", "ALTER INDEX a RENAME TO b"),
            ("UPDATE public.t SET a = 1", "public.t"),
            ("SELECT 1 FROM information_schema.tables", "information_schema.tables"),
            ("SELECT 1 FROM pg_class", "pg_class"),
            ("UPDATE t u SET a = 1", "u"),
            ("DELETE FROM t u WHERE u.a = 1", "u"),
            ("INSERT INTO t (a) VALUES (1) ON CONFLICT ON CONSTRAINT k DO NOTHING", "k"),
            ("SELECT a FROM t OFFSET 1", "OFFSET"),
            ("SELECT a FROM t EXCEPT ALL SELECT a FROM u", "EXCEPT ALL"),
            ("UPDATE t SET a = DATE '2026-01-01'", "DATE '2026-01-01'"),
            ("CREATE INDEX i ON t (a) WHERE btrim(a) = '' AND date_trunc('day', b) > c", "date_trunc('day', b)"),
            ("DROP TRIGGER a ON t", "DROP TRIGGER a ON t"),
            ("CREATE TRIGGER a AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()", "EXECUTE FUNCTION"),
            ("UPDATE t SET a = $$b$$", "$$b$$"),
            ("CREATE TABLE t AS SELECT 1 WITH NO DATA", "WITH NO DATA"),
            ("UPDATE t SET a = 1; UPDATE t SET b = 1", "UPDATE t SET b = 1"),
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
            "UPDATE t SET a = datetime('now'), b = printf('%02d', c), d = json_extract(e, '$.f')",
            "DROP TABLE t",
            "SELECT a FROM t ORDER BY a NULLS LAST",
            "UPDATE t SET a = ~b, c = a || 'x::y' WHERE d ->> 'a' = 'ILIKE'",
            "SELECT * FROM t JOIN u USING (a)",
            "CREATE TABLE t (id integer PRIMARY KEY, tags text[])",
            "UPDATE t SET a = trim(b), c = substr(b, 1)",
            "UPDATE main.t AS u SET a = (SELECT b FROM v w LIMIT 1 OFFSET 2) WHERE u.offset = $1",
        ] {
            assert_eq!(first(sql), None, "{sql}");
        }
    }
}
