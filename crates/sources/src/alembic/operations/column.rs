//! Columns of tables that exist.

use super::Subject;
use crate::alembic::args::Args;
use crate::alembic::eval::Interpreter;
use crate::alembic::render::{
    Attached, column_into, constraint_into, create_index, default_into, name_into, named_into, qualified_into,
};
use crate::alembic::schema::{ConstraintKind, ServerDefault};
use crate::alembic::sql::quoted;
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    pub(super) fn add_column(&mut self, mut args: Args<'a>, subject: Option<&Subject>) {
        let span = args.span;
        let in_batch = subject.is_some_and(|it| it.copied);
        let subject = self.subject(&mut args, subject, "table_name", "schema");
        let column = args.next("column");
        let (if_not_exists, inline_key) = (args.flag("if_not_exists"), args.flag("inline_primary_key"));
        let inline_references = args.flag("inline_references");
        self.finish(&args, "add_column");
        let column = match column.map(|it| (it.value, it.span)) {
            Some((Value::Column(it), _)) => it,
            Some((Value::Unknown(it), at)) => {
                return self.problem(at, format!("the column depends on {}", it.why));
            }
            other => {
                let at = other.map_or(span, |it| it.1);
                return self.problem(at, "the column is not understood".to_owned());
            }
        };
        let table = self.around(&subject, vec![Rc::clone(&column)], span);
        let attached = Attached::of(&table, self.orders());
        let column = column.borrow();
        let beside: &[_] = if inline_references { &[] } else { &attached.constraints };
        self.unbound_in_column(&column);
        self.added_on_sqlite(&column, beside, &subject);
        if if_not_exists && !in_batch {
            self.no_such_clause_on_sqlite("IF NOT EXISTS", span);
        }
        let mut out = self.altered(&subject, span);
        out.add(if if_not_exists { "ADD COLUMN IF NOT EXISTS " } else { "ADD COLUMN " }, span);
        let counted = attached.counted.is_some();
        if let Err(message) = column_into(&column, column.primary_key, counted, &mut out) {
            return self.problem(column.span, message);
        }
        if inline_key && column.primary_key {
            out.add(" PRIMARY KEY", span);
        }
        let mut inlined = false;
        if let (true, [key]) = (inline_references, column.foreign_keys.as_slice()) {
            out.add(" REFERENCES ", key.span);
            qualified_into(key.schema.as_ref(), &key.table, key.span, &mut out);
            out.add(" (", key.span);
            name_into(&key.column, key.span, &mut out);
            out.add(")", key.span);
            for (words, clause) in [(" ON DELETE ", &key.rule.on_delete), (" ON UPDATE ", &key.rule.on_update)] {
                if let Some(clause) = clause {
                    out.add(words, key.span);
                    out.push(clause);
                }
            }
            inlined = true;
        }
        self.send(out, span);
        for constraint in &attached.constraints {
            match &constraint.kind {
                ConstraintKind::PrimaryKey { .. } => {}
                ConstraintKind::ForeignKey { .. } if inlined => {}
                _ => self.add_constraint(&subject, constraint, span),
            }
        }
        for index in &attached.indexes {
            let sql = create_index(index, &table, false, &self.surroundings.conventions);
            self.send_or_say(sql, span);
        }
        if let Some(comment) = &column.comment {
            self.column_comment(&subject, &column.name, Some(comment), span);
        }
    }

    /// `ALTER TABLE … ADD constraint`.
    pub(super) fn add_constraint(
        &mut self,
        subject: &Subject,
        constraint: &crate::alembic::schema::Constraint<'a>,
        span: Span,
    ) {
        self.unbound_in_check(constraint);
        if subject.copied {
            self.constraint_on_sqlite(constraint);
        }
        let mut out = self.altered(subject, span);
        out.add("ADD ", span);
        let name = named_into(constraint, &subject.table, &self.surroundings.conventions);
        let written = constraint_into(constraint, name.as_ref(), &mut out);
        self.send_or_say(written.map(|()| out), span);
    }

    pub(super) fn column_comment(&mut self, subject: &Subject, column: &Text, comment: Option<&Text>, span: Span) {
        let mut out = Text::made("COMMENT ON COLUMN ", span);
        qualified_into(subject.schema.as_ref(), &subject.table, span, &mut out);
        out.add(".", span);
        name_into(column, span, &mut out);
        out.add(" IS ", span);
        match comment {
            Some(comment) => quoted(comment, span, &mut out),
            None => out.add("NULL", span),
        }
        self.send(out, span);
    }

    pub(super) fn alter_column(&mut self, mut args: Args<'a>, subject: Option<&Subject>) {
        let span = args.span;
        let subject = self.subject(&mut args, subject, "table_name", "schema");
        let column = args.next("column_name");
        let column = self.name(column, "the name of the column", span);
        let (nullable, comment) = (args.named("nullable"), args.named("comment"));
        let (default, rename) =
            (args.named("server_default"), args.named("new_column_name").or_else(|| args.named("name")));
        let kind = args.named("type_").filter(|it| !matches!(it.value, Value::None));
        let using = args.named("postgresql_using");
        args.ignore(&["existing_type", "existing_server_default", "existing_nullable", "existing_comment"]);
        // What is no argument of its own, Alembic passes over.
        args.ignore(&["existing_autoincrement", "autoincrement", "default", "primary_key", "unique", "index"]);
        self.finish(&args, "alter_column");
        let mut start = self.altered(&subject, span);
        start.add("ALTER COLUMN ", span);
        name_into(&column, span, &mut start);
        start.add(" ", span);
        if let Some(kind) = kind {
            let made = self.type_of(&kind);
            if subject.copied {
                self.type_on_sqlite(&made.borrow());
            }
            let mut out = start.clone();
            out.add("TYPE ", kind.span);
            let mut name = Text::default();
            let written = made.borrow().write(&mut name);
            out.push(&name.placed(|it| if span.contains(it) { it } else { kind.span }));
            if let Some(using) = self.optional(using, "the expression under USING") {
                out.add(" USING ", span);
                out.push(&using);
            }
            out.add(" ", span);
            self.send_or_say(written.map(|()| out.trim()), span);
        }
        if let Some(nullable) = nullable.filter(|it| !matches!(it.value, Value::None)) {
            match nullable.value.truth() {
                Some(it) => {
                    let mut out = start.clone();
                    out.add(if it { "DROP NOT NULL" } else { "SET NOT NULL" }, nullable.span);
                    self.send(out, span);
                }
                None => self.problem(nullable.span, "whether the column may be null is not known".to_owned()),
            }
        }
        if let Some(default) = default.filter(|it| !matches!(it.value, Value::Bool(false))) {
            self.alter_default(&start, default, (subject.copied, span));
        }
        if let Some(comment) = comment.filter(|it| !matches!(it.value, Value::Bool(false))) {
            let comment = self.optional(Some(comment), "the comment");
            self.column_comment(&subject, &column, comment.as_ref(), span);
        }
        if let Some(rename) = self.optional(rename, "the new name") {
            if subject.copied {
                self.column_goes_on_sqlite(true, span);
            }
            let mut out = self.altered(&subject, span);
            out.add("RENAME ", span);
            name_into(&column, span, &mut out);
            out.add(" TO ", span);
            name_into(&rename, span, &mut out);
            self.send(out, span);
        }
    }

    fn alter_default(&mut self, start: &Text, default: crate::alembic::args::Arg<'a>, (copied, span): (bool, Span)) {
        let mut out = start.clone();
        let at = default.span;
        if let Value::None = default.value {
            out.add("DROP DEFAULT", at);
            return self.send(out, span);
        }
        match self.server_default(default) {
            Some(ServerDefault::Identity(it)) => {
                out.add(
                    if it.always { "ADD GENERATED ALWAYS AS IDENTITY" } else { "ADD GENERATED BY DEFAULT AS IDENTITY" },
                    at,
                );
                let options = it.options.sql();
                if !options.is_empty() {
                    out.add(&format!(" ({options})"), at);
                }
                self.send(out, span);
            }
            Some(ServerDefault::Computed) => {
                self.problem(at, "Alembic cannot make an existing column a computed one".to_owned());
            }
            Some(default) => {
                if let ServerDefault::Sql(sql) = &default {
                    self.unbound_in(sql, at);
                }
                if copied {
                    self.default_on_sqlite(&default, at);
                }
                out.add("SET DEFAULT ", at);
                let written = default_into(&default, at, &mut out);
                self.send_or_say(written.map(|()| out), span);
            }
            None => {}
        }
    }

    pub(super) fn drop_column(&mut self, mut args: Args<'a>, subject: Option<&Subject>) {
        let span = args.span;
        let in_batch = subject.is_some_and(|it| it.copied);
        let subject = self.subject(&mut args, subject, "table_name", "schema");
        let column = args.next("column_name");
        let column = self.name(column, "the name of the column", span);
        let if_exists = args.flag("if_exists");
        args.ignore(&["existing_type"]);
        self.finish(&args, "drop_column");
        if if_exists && !in_batch {
            self.no_such_clause_on_sqlite("IF EXISTS", span);
        }
        self.column_goes_on_sqlite(in_batch, span);
        let mut out = self.altered(&subject, span);
        out.add(if if_exists { "DROP COLUMN IF EXISTS " } else { "DROP COLUMN " }, span);
        name_into(&column, span, &mut out);
        self.send(out, span);
    }
}
