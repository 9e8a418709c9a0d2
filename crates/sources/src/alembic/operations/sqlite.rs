//! What SQLite refuses of what Alembic sends it (`alembic/ddl/sqlite.py`).

use super::{Batch, Subject};
use crate::alembic::args::Args;
use crate::alembic::eval::Interpreter;
use crate::alembic::schema::{
    Auto, Column, Constraint, ConstraintKind, Element, Index, ServerDefault, Table, Type, TypeKind,
};
use crate::alembic::sql::{Sql, Style, write};
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use crate::{OnSqlite, RevisionNote};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::sqlite::{refusals_of, refused_default};
use std::rc::Rc;

/// Types that SQLAlchemy cannot write for SQLite.
const TYPES: &[&str] = &[
    "BIT",
    "BYTEA",
    "CIDR",
    "CITEXT",
    "DOMAIN",
    "HSTORE",
    "INET",
    "INTERVAL",
    "JSONB",
    "JSONPATH",
    "MACADDR",
    "MACADDR8",
    "MONEY",
    "OID",
    "REGCLASS",
    "REGCONFIG",
    "TSQUERY",
    "TSVECTOR",
];

/// The collations that SQLite has.
const COLLATIONS: &[&str] = &["BINARY", "NOCASE", "RTRIM"];

/// Functions that SQLAlchemy writes otherwise for SQLite, where they are made of `sa.func`.
const TRANSLATED: &[&str] = &["now", "localtimestamp", "char_length"];

impl<'a> Interpreter<'a> {
    /// Notes an operation that SQLite has only by copying the table, which a batch does.
    pub(super) fn on_sqlite(&mut self, name: &str, args: &Args<'a>, in_batch: bool) {
        let changes = |given: &str| given != "new_column_name" && !given.starts_with("existing_") && given != "schema";
        let refused = match name {
            "alter_column" => args.named.iter().any(|it| changes(&it.0)),
            // A batch passes over it.
            "create_table_comment" | "drop_table_comment" if !in_batch => {
                return self.refused("SQLite has no comments".to_owned(), args.span);
            }
            "create_foreign_key"
            | "create_unique_constraint"
            | "create_check_constraint"
            | "create_primary_key"
            | "drop_constraint" => true,
            _ => false,
        };
        let schema = args.named.iter().find(|it| it.0 == "schema").map(|it| &it.1);
        if let Some((text, at)) = schema.and_then(|it| Some((it.value.text()?, it.span))) {
            self.no_schema_on_sqlite(&text, at);
        }
        if refused && !in_batch {
            let why = format!("SQLite has no ALTER TABLE for `{name}` outside of a batch");
            self.remark(RevisionNote::RefusedBySqlite { why, batch_does: true }, args.span);
        }
        let own = args.positional.front().or(args.named.first().map(|it| &it.1).filter(|_| args.positional.is_empty()));
        let unnamed = name.starts_with("create_") && own.is_none_or(|it| matches!(it.value, Value::None));
        if refused && in_batch && unnamed {
            self.nameless_on_sqlite(args.span);
        }
        if name == "create_exclude_constraint" {
            self.refused("SQLite has no exclusion constraints".to_owned(), args.span);
        }
    }

    pub(super) fn no_schema_on_sqlite(&mut self, schema: &Text, place: Span) {
        if !matches!(schema.as_str(), "main" | "temp") {
            self.refused("SQLite has no schemas".to_owned(), place);
        }
    }

    /// Notes a column that goes, or gets another name in a copy of its table.
    pub(super) fn column_goes_on_sqlite(&mut self, in_batch: bool, place: Span) {
        if self.dialect == "sqlite" {
            let how = if in_batch { OnSqlite::CopiesOtherColumn } else { OnSqlite::DropsInPlace };
            self.remark(RevisionNote::OnSqlite(how), place);
        }
    }

    /// Notes an operation that makes a batch copy its table (`requires_recreate_in_batch`).
    pub(super) fn copies_on_sqlite(&mut self, name: &str, batch: &Batch, place: Span) {
        if self.dialect != "sqlite" || !batch.subject.copied {
            return;
        }
        if !matches!(name, "add_column" | "create_index" | "drop_index") {
            self.copied_on_sqlite(&batch.subject, place);
        }
        if name == "drop_constraint" && !batch.names && self.surroundings.conventions.patterns.is_empty() {
            self.remark(RevisionNote::OnSqlite(OnSqlite::CopiesWithoutConstraint), place);
        }
    }

    /// Notes that a batch copies its table, once a batch.
    fn copied_on_sqlite(&mut self, subject: &Subject, place: Span) {
        let note = RevisionNote::OnSqlite(OnSqlite::Copies);
        if !self.remarks.iter().skip(subject.since).any(|it| it.1 == note) {
            self.remark(note, place);
        }
    }

    /// Notes what SQLite refuses of SQL that is written out.
    pub(super) fn raw_on_sqlite(&mut self, sql: &Text, call: Span) {
        if self.dialect != "sqlite" {
            return;
        }
        for (span, why) in refusals_of(sql.as_str()) {
            self.refused(why, place_of(span, sql, call));
        }
        let upper = sql.as_str().to_ascii_uppercase();
        if upper.trim_start().starts_with("ALTER TABLE") && upper.contains("DROP COLUMN") {
            self.column_goes_on_sqlite(false, call);
        }
    }

    /// Notes functions that SQLite does not have in a statement of which SQLAlchemy writes the rest as SQLite wants it.
    pub(super) fn calls_on_sqlite(&mut self, sql: &Text, call: Span) {
        if self.dialect != "sqlite" {
            return;
        }
        for (span, why) in refusals_of(sql.as_str()) {
            let name = span.of(sql.as_str()).split('(').next().unwrap_or_default();
            if why.contains(" function ") && !TRANSLATED.contains(&name) {
                self.refused(why, place_of(span, sql, call));
            }
        }
    }

    /// Notes the type and the default of a column that SQLite does not take.
    pub(super) fn column_on_sqlite(&mut self, column: &Column<'a>) {
        if self.dialect != "sqlite" {
            return;
        }
        if let Some(kind) = &column.kind {
            self.type_on_sqlite(&kind.borrow());
        }
        if let Some(default) = &column.server_default {
            self.default_on_sqlite(default, column.span);
        }
        if let Some(it) = &column.computed {
            self.expression_on_sqlite(&it.expression, column.span);
        }
        for it in &column.checks {
            self.check_on_sqlite(it);
        }
    }

    /// Notes a type that SQLAlchemy does not write for SQLite.
    pub(super) fn type_on_sqlite(&mut self, kind: &Type<'a>) {
        if self.dialect != "sqlite" {
            return;
        }
        let refused = match &kind.kind {
            TypeKind::Plain(name, _) => {
                let word = name.split([' ', '(']).next().unwrap_or_default();
                TYPES.contains(&word) || word.ends_with("RANGE")
            }
            TypeKind::Array(..) => true,
            TypeKind::Enum(_) | TypeKind::Null => false,
        };
        if refused {
            let why = "SQLite has no such type, and SQLAlchemy cannot write it there".to_owned();
            return self.refused(why, kind.span);
        }
        if let Some(name) = kind.collation.as_ref().filter(|it| !COLLATIONS.contains(&it.as_str())) {
            let why = format!("SQLite has no collation `{}`", name.as_str());
            self.refused(why, name.source().unwrap_or(kind.span));
        }
    }

    /// Notes a default that SQLite does not take, or fails on with every insert.
    pub(super) fn default_on_sqlite(&mut self, default: &ServerDefault<'a>, place: Span) {
        if self.dialect == "sqlite"
            && let ServerDefault::Sql(sql) = default
            && let Some(text) = written(sql)
            && let Some(why) = refused_default(text.as_str()).or_else(|| within(text.as_str()))
        {
            self.refused(why, text.source().unwrap_or(place));
        }
    }

    /// Notes what SQLite refuses of a table, its columns aside.
    pub(super) fn table_on_sqlite(&mut self, table: &Table<'a>) {
        if self.dialect != "sqlite" {
            return;
        }
        let mut keys = table.columns.iter().filter(|it| it.borrow().primary_key).count();
        for constraint in &table.constraints {
            self.constraint_on_sqlite(constraint);
            if let ConstraintKind::PrimaryKey { columns, .. } = &constraint.kind {
                keys = columns.len();
            }
        }
        let mut counted = table.columns.iter().filter(|it| it.borrow().autoincrement == Auto::Always);
        if let Some(it) = counted.next().filter(|_| keys > 1) {
            self.refused("SQLite counts no column of a key of several".to_owned(), it.borrow().span);
        }
        let temporary = |it: &Text| it.as_str().get(..4).is_some_and(|it| it.eq_ignore_ascii_case("TEMP"));
        if let Some(it) = table.prefixes.iter().find(|it| !temporary(it)) {
            self.refused(format!("SQLite has no {} tables", it.as_str()), it.source().unwrap_or(table.span));
        }
    }

    /// Notes what SQLite refuses of a constraint of a table that is made, or copied.
    pub(super) fn constraint_on_sqlite(&mut self, constraint: &Constraint<'a>) {
        let why = match &constraint.kind {
            _ if self.dialect != "sqlite" => return,
            ConstraintKind::Check { .. } => return self.check_on_sqlite(constraint),
            ConstraintKind::Exclude { .. } => "SQLite has no exclusion constraints",
            ConstraintKind::Unique { .. } | ConstraintKind::PrimaryKey { .. } if constraint.deferrable.is_some() => {
                "SQLite checks a key at once"
            }
            _ => return,
        };
        self.refused(why.to_owned(), constraint.span);
    }

    /// Notes what SQLite refuses of a condition that rows have to fulfil.
    fn check_on_sqlite(&mut self, constraint: &Constraint<'a>) {
        if let ConstraintKind::Check { condition } = &constraint.kind {
            self.expression_on_sqlite(condition, constraint.span);
        }
    }

    fn expression_on_sqlite(&mut self, sql: &Sql<'a>, place: Span) {
        if self.dialect == "sqlite"
            && let Some(text) = written(sql)
            && let Some(why) = within(text.as_str())
        {
            self.refused(why, text.source().unwrap_or(place));
        }
    }

    /// Notes what SQLite refuses of the key of an index; how it is built is said for PostgreSQL alone.
    pub(super) fn index_on_sqlite(&mut self, index: &Index<'a>) {
        if self.dialect != "sqlite" {
            return;
        }
        for element in &index.elements {
            let Element::Expression(sql, place) = element else { continue };
            let Some(text) = written(sql) else { continue };
            let refused = refusals_of(&format!("CREATE INDEX i ON t ({})", text.as_str())).into_iter().next();
            if let Some((_, why)) = refused {
                self.refused(why, text.source().unwrap_or(*place));
            }
        }
    }

    /// Notes a constraint of a batch that nothing gives a name to.
    fn nameless_on_sqlite(&mut self, place: Span) {
        if self.surroundings.conventions.patterns.is_empty() {
            self.refused("on SQLite a batch takes no constraint without a name".to_owned(), place);
        }
    }

    /// Notes what SQLite refuses of a column that a table gets later: it changes nothing but the schema, so it takes
    /// constants alone.
    pub(super) fn added_on_sqlite(
        &mut self,
        column: &Column<'a>,
        constraints: &[Rc<Constraint<'a>>],
        subject: &Subject,
    ) {
        if self.dialect != "sqlite" {
            return;
        }
        let in_batch = subject.copied;
        self.column_on_sqlite(column);
        let of_key = |it: &Constraint<'_>| matches!(it.kind, ConstraintKind::PrimaryKey { .. });
        for constraint in constraints.iter().filter(|it| !of_key(it)) {
            if !in_batch {
                let why = "SQLite has no ALTER TABLE for a constraint that a new column brings".to_owned();
                self.remark(RevisionNote::RefusedBySqlite { why, batch_does: true }, constraint.span);
            } else if constraint.name.text().is_none() {
                self.nameless_on_sqlite(constraint.span);
            }
        }
        if in_batch && (!constraints.is_empty() || matches!(column.server_default, Some(ServerDefault::Sql(_)))) {
            self.copied_on_sqlite(subject, column.span);
        }
        let stored = column.computed.as_ref().is_some_and(|it| it.persisted == Some(true));
        let why = match &column.server_default {
            // A copy has no value for it either, unless there are no rows yet.
            None if column.nullable == Some(false) && column.computed.is_none() && !self.creates(subject) => {
                return self.refused("a new column of SQLite that is required wants a default".to_owned(), column.span);
            }
            _ if in_batch => return,
            _ if stored => "a new column that is stored",
            Some(ServerDefault::Sql(sql)) if is_computed(sql) => "a new column with a default that is no constant",
            _ => return,
        };
        let why = format!("SQLite has no ALTER TABLE for {why}");
        self.remark(RevisionNote::RefusedBySqlite { why, batch_does: true }, column.span);
    }

    /// Notes a clause that SQLite does not read where a column is added or dropped.
    pub(super) fn no_such_clause_on_sqlite(&mut self, clause: &str, place: Span) {
        if self.dialect == "sqlite" {
            self.refused(format!("SQLite reads no `{clause}` for a column"), place);
        }
    }

    /// Whether the table was made by this revision.
    fn creates(&self, subject: &Subject) -> bool {
        let made = |it: &Subject| it.table == subject.table && it.schema == subject.schema;
        self.created_tables.iter().any(made)
    }

    fn refused(&mut self, why: String, place: Span) {
        self.remark(RevisionNote::RefusedBySqlite { why, batch_does: false }, place);
    }
}

/// Where a part of the SQL is written; in the call that sends it, if it is made up.
fn place_of(part: Span, sql: &Text, call: Span) -> Span {
    sql.slice(part.start as usize..part.end as usize).source().unwrap_or(call)
}

/// The SQL of an expression; `None` where SQLAlchemy has words of its own for SQLite.
fn written(sql: &Sql<'_>) -> Option<Text> {
    let mut out = Text::default();
    write(sql, Style::Qualified, Span::default(), &mut out).ok()?;
    let is_text = matches!(sql, Sql::Text(..) | Sql::Verbatim(_));
    let translated = TRANSLATED.iter().any(|it| out.as_str().contains(&format!("{it}(")));
    (is_text || !translated).then_some(out)
}

/// What SQLite refuses inside an expression.
fn within(expression: &str) -> Option<String> {
    let refused = refusals_of(&format!("SELECT {expression}")).into_iter().next();
    refused.map(|it| it.1)
}

/// Whether a default is worked out for each row.
fn is_computed(sql: &Sql<'_>) -> bool {
    let Some(text) = written(sql) else { return true };
    let text = text.as_str().trim();
    let counted = text.contains('(') && !text.starts_with('\'');
    counted || text.get(..8).is_some_and(|it| it.eq_ignore_ascii_case("CURRENT_"))
}
