//! Constraints of tables that exist.

use super::Subject;
use crate::RevisionNote;
use crate::alembic::args::{Arg, Args};
use crate::alembic::eval::Interpreter;
use crate::alembic::render::name_into;
use crate::alembic::schema::{ConstraintKind, Name};
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// The first two arguments of an operation that adds a constraint.
    fn name_and_table(&mut self, args: &mut Args<'a>, subject: Option<&Subject>) -> (Name, Subject) {
        let name = args.next("constraint_name");
        let name = self.constraint_name(name);
        (name, self.subject(args, subject, "table_name", "schema"))
    }

    pub(super) fn create_unique(&mut self, mut args: Args<'a>, subject: Option<&Subject>) {
        let span = args.span;
        let (name, subject) = self.name_and_table(&mut args, subject);
        let columns = args.next("columns");
        let columns = self.names(columns, "the columns of the constraint", span);
        let nulls_not_distinct = args.switch("postgresql_nulls_not_distinct");
        let kind = ConstraintKind::Unique { columns, include: Vec::new(), nulls_not_distinct };
        let constraint = self.added(name, kind, &mut args);
        self.finish(&args, "create_unique_constraint");
        self.add_constraint(&subject, &constraint, span);
    }

    pub(super) fn create_primary_key(&mut self, mut args: Args<'a>, subject: Option<&Subject>) {
        let span = args.span;
        let (name, subject) = self.name_and_table(&mut args, subject);
        let columns = args.next("columns");
        let columns = self.names(columns, "the columns of the constraint", span);
        let kind = ConstraintKind::PrimaryKey { columns, include: Vec::new() };
        let constraint = self.added(name, kind, &mut args);
        self.finish(&args, "create_primary_key");
        self.add_constraint(&subject, &constraint, span);
    }

    pub(super) fn create_check(&mut self, mut args: Args<'a>, subject: Option<&Subject>) {
        let span = args.span;
        let (name, subject) = self.name_and_table(&mut args, subject);
        let condition = args.next("condition");
        let condition = self.ddl_expression(condition, "the condition", span);
        let constraint = self.added(name, ConstraintKind::Check { condition }, &mut args);
        self.finish(&args, "create_check_constraint");
        self.add_constraint(&subject, &constraint, span);
    }

    pub(super) fn create_foreign_key(&mut self, mut args: Args<'a>, subject: Option<&Subject>) {
        let span = args.span;
        let name = args.next("constraint_name");
        let name = self.constraint_name(name);
        let subject = self.subject(&mut args, subject, "source_table", "source_schema");
        let referent = args.next("referent_table");
        let table = self.name(referent, "the table that is referred to", span);
        let local = args.next("local_cols");
        let columns = self.names(local, "the columns of the foreign key", span);
        let remote = args.next("remote_cols");
        let referred = self.names(remote, "the columns that are referred to", span);
        let schema = args.named("referent_schema");
        let schema = self.optional(schema, "the schema");
        let rule = Box::new(self.rule(&mut args));
        let kind = ConstraintKind::ForeignKey { columns, table, schema, referred, rule };
        let constraint = self.added(name, kind, &mut args);
        args.ignore(&["link_to_name"]);
        self.finish(&args, "create_foreign_key");
        self.add_constraint(&subject, &constraint, span);
    }

    pub(super) fn create_exclude(&mut self, mut args: Args<'a>, subject: Option<&Subject>) {
        let span = args.span;
        let (name, subject) = self.name_and_table(&mut args, subject);
        let Value::Constraint(made) = self.exclude(args) else { return };
        let constraint = crate::alembic::schema::Constraint { name, ..(*made).clone() };
        self.add_constraint(&subject, &constraint, span);
    }

    pub(super) fn drop_constraint(&mut self, mut args: Args<'a>, subject: Option<&Subject>) {
        let span = args.span;
        let name = args.next("constraint_name");
        let unnamed = name.as_ref().is_none_or(|it| matches!(it.value, Value::None));
        let place = name.as_ref().map_or(span, |it| it.span);
        let name = self.constraint_name(name);
        let subject = self.subject(&mut args, subject, "table_name", "schema");
        let kind = args.next("type_").and_then(|it| it.value.text());
        let if_exists = args.flag("if_exists");
        self.finish(&args, "drop_constraint");
        if unnamed {
            return self.remark(RevisionNote::UnnamedDrop, place);
        }
        let mut out = self.altered(&subject, span);
        out.add(if if_exists { "DROP CONSTRAINT IF EXISTS " } else { "DROP CONSTRAINT " }, span);
        name_into(&self.dropped_name(&name, kind.as_ref(), &subject), span, &mut out);
        self.send(out, span);
    }

    /// A naming convention changes the name of a check even where it is dropped.
    fn dropped_name(&self, name: &Name, kind: Option<&Text>, subject: &Subject) -> Text {
        let is_check = kind.is_some_and(|it| it.as_str() == "check");
        let own = name.text().cloned().unwrap_or_default();
        if !is_check && matches!(name, Name::Plain(_)) {
            return own;
        }
        let condition = Rc::new(crate::alembic::sql::Sql::Verbatim(Text::default()));
        let constraint = crate::alembic::schema::Constraint {
            name: name.clone(),
            kind: ConstraintKind::Check { condition },
            deferrable: None,
            initially: None,
            not_valid: false,
            order: 0,
            span: own.extent(),
        };
        let named = crate::alembic::render::named_into(&constraint, &subject.table, &self.surroundings.conventions);
        named.unwrap_or(own)
    }

    /// `COMMENT ON TABLE`.
    pub(super) fn table_comment(&mut self, mut args: Args<'a>, subject: Option<&Subject>, given: bool) {
        let span = args.span;
        let subject = self.subject(&mut args, subject, "table_name", "schema");
        let comment: Option<Arg<'a>> = if given { args.next("comment") } else { None };
        args.ignore(&["existing_comment"]);
        self.finish(&args, "create_table_comment");
        let comment = self.optional(comment, "the comment");
        self.comment_on(&subject, comment.as_ref(), span);
    }

    pub(super) fn comment_on(&mut self, subject: &Subject, comment: Option<&Text>, span: lockkeeper_syntax::Span) {
        let mut out = Text::made("COMMENT ON TABLE ", span);
        crate::alembic::render::qualified_into(subject.schema.as_ref(), &subject.table, span, &mut out);
        out.add(" IS ", span);
        match comment {
            Some(comment) => crate::alembic::sql::quoted(comment, span, &mut out),
            None => out.add("NULL", span),
        }
        self.send(out, span);
    }
}
