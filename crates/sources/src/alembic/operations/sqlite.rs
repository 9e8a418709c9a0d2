//! What SQLite refuses of what Alembic sends it (`alembic/ddl/sqlite.py`).

use crate::RevisionNote;
use crate::alembic::args::Args;
use crate::alembic::eval::Interpreter;
use crate::alembic::schema::{Column, ServerDefault, TypeKind};
use crate::alembic::sql::Sql;
use crate::alembic::text::Text;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::sqlite::{refusals_of, refused_default};

/// Types that SQLAlchemy cannot write for SQLite.
const TYPES: &[&str] = &["JSONB", "TSVECTOR", "TSQUERY", "INET", "CIDR", "HSTORE", "MACADDR", "CITEXT"];

impl<'a> Interpreter<'a> {
    /// Notes an operation that SQLite has only by copying the table, which a batch does.
    pub(super) fn on_sqlite(&mut self, name: &str, args: &Args<'a>, in_batch: bool) {
        let changes = |given: &str| given != "new_column_name" && !given.starts_with("existing_") && given != "schema";
        let refused = match name {
            "alter_column" => args.named.iter().any(|it| changes(&it.0)),
            "create_foreign_key"
            | "create_unique_constraint"
            | "create_check_constraint"
            | "create_primary_key"
            | "drop_constraint" => true,
            _ => false,
        };
        if refused && !in_batch {
            let why = format!("SQLite has no ALTER TABLE for `{name}` outside of a batch");
            self.remark(RevisionNote::RefusedBySqlite { why, batch_does: true }, args.span);
        }
        if name == "create_exclude_constraint" {
            self.refused("SQLite has no exclusion constraints".to_owned(), args.span);
        }
    }

    /// Notes what SQLite refuses of SQL that is written out.
    pub(super) fn raw_on_sqlite(&mut self, sql: &Text, call: Span) {
        if self.dialect != "sqlite" {
            return;
        }
        for (span, why) in refusals_of(sql.as_str()) {
            let place = sql.slice(span.start as usize..span.end as usize).source().unwrap_or(call);
            self.refused(why, place);
        }
    }

    /// Notes the type and the default of a column that SQLite does not take.
    pub(super) fn column_on_sqlite(&mut self, column: &Column<'a>) {
        if self.dialect != "sqlite" {
            return;
        }
        if let Some(kind) = &column.kind {
            let kind = kind.borrow();
            let refused = match &kind.kind {
                TypeKind::Plain(name, _) => TYPES.contains(&name.as_str()) || name.ends_with("RANGE"),
                TypeKind::Array(..) => true,
                TypeKind::Enum(_) | TypeKind::Null => false,
            };
            if refused {
                let why = "SQLite has no such type, and SQLAlchemy cannot write it there".to_owned();
                self.refused(why, kind.span);
            }
        }
        if let Some(ServerDefault::Sql(sql)) = &column.server_default
            && let Sql::Text(text, _) = &**sql
            && let Some(why) = refused_default(text.as_str())
        {
            self.refused(why, text.source().unwrap_or(column.span));
        }
    }
    fn refused(&mut self, why: String, place: Span) {
        self.remark(RevisionNote::RefusedBySqlite { why, batch_does: false }, place);
    }
}
