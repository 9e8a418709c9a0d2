//! Tables.

use super::Subject;
use crate::RevisionNote;
use crate::alembic::args::Args;
use crate::alembic::eval::Interpreter;
use crate::alembic::render::{Attached, create_index, create_table, create_type, name_into, qualified_into};
use crate::alembic::schema::{Constraint, ConstraintKind, Enumeration, Table};
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    pub(super) fn create_table(&mut self, mut args: Args<'a>) -> Value<'a> {
        let span = args.span;
        let table = Rc::new(self.table_of(&mut args));
        let if_not_exists = args.flag("if_not_exists");
        self.finish(&args, "create_table");
        self.create(&table, if_not_exists, span);
        Value::Table(table)
    }

    /// Sends what creates a table: its types, itself, its indexes, its comments.
    pub(crate) fn create(&mut self, table: &Rc<Table<'a>>, if_not_exists: bool, span: Span) {
        for column in &table.columns {
            let enumeration = column.borrow().kind.as_ref().and_then(|it| it.borrow().enumeration());
            if let Some(it) = enumeration {
                let at = column.borrow().kind.as_ref().map_or(span, |it| it.borrow().span);
                // Where one type serves several tables, it is the column that makes it here.
                let place = if span.contains(at) { at } else { column.borrow().span };
                self.create_type_once(&it.borrow(), (at, place), span);
            }
        }
        table.columns.iter().for_each(|it| self.unbound_in_column(&it.borrow()));
        table.constraints.iter().for_each(|it| self.unbound_in_check(it));
        table.columns.iter().for_each(|it| self.column_on_sqlite(&it.borrow()));
        self.table_on_sqlite(table);
        let attached = Attached::of(table, self.orders());
        let lost =
            |it: &&Rc<Constraint<'a>>| matches!(&it.kind, ConstraintKind::ForeignKey { rule, .. } if rule.use_alter);
        let keys = table.constraints.iter().chain(&attached.constraints).filter(lost).map(|it| it.span);
        for span in keys.collect::<Vec<_>>() {
            self.remark(RevisionNote::ForeignKeyLost, span);
        }
        let sql = create_table(table, &attached, if_not_exists, &self.surroundings.conventions);
        match table.columns.iter().find_map(|it| it.borrow().unwritable()).filter(|_| sql.is_err()) {
            Some((at, message)) => self.problem(at, message),
            None => self.send_or_say(sql, span),
        }
        for index in table.indexes.iter().chain(&attached.indexes) {
            self.unbound_in_index(index);
            self.index_on_sqlite(index);
            let sql = create_index(index, table, false, &self.surroundings.conventions);
            self.send_or_say(sql, span);
        }
        let subject = Subject { table: table.name.clone(), schema: table.schema.clone(), copied: false, since: 0 };
        self.created_tables.push(subject.clone());
        if let Some(comment) = &table.comment {
            self.comment_on(&subject, Some(comment), span);
        }
        for column in &table.columns {
            let column = column.borrow();
            if let Some(comment) = &column.comment {
                self.column_comment(&subject, &column.name, Some(comment), span);
            }
        }
    }

    /// `create_table` makes each type once in a run.
    fn create_type_once(&mut self, it: &Enumeration, (at, place): (Span, Span), call: Span) {
        let Some(name) = it.name.as_ref().filter(|_| it.native && it.create_type) else { return };
        let schema = it.schema.as_ref().map(|it| it.as_str().to_owned()).unwrap_or_default();
        if self.created_types.insert((schema, name.as_str().to_owned())) {
            let sql = create_type(it, at);
            let sql = if at == place { sql } else { sql.map(|it| it.placed(|_| place)) };
            self.send_or_say(sql, call);
        }
    }

    pub(super) fn drop_table(&mut self, mut args: Args<'a>) {
        let span = args.span;
        let subject = self.subject(&mut args, None, "table_name", "schema");
        let if_exists = args.flag("if_exists");
        args.named.retain(|it| !it.0.starts_with("postgresql_"));
        args.ignore(&["info"]);
        self.finish(&args, "drop_table");
        let mut out = Text::made(if if_exists { "DROP TABLE IF EXISTS " } else { "DROP TABLE " }, span);
        qualified_into(subject.schema.as_ref(), &subject.table, span, &mut out);
        self.send(out, span);
    }

    pub(super) fn rename_table(&mut self, mut args: Args<'a>) {
        let span = args.span;
        let subject = self.subject(&mut args, None, "old_table_name", "schema");
        let new = args.next("new_table_name");
        let new = self.name(new, "the new name", span);
        self.finish(&args, "rename_table");
        let mut out = self.altered(&subject, span);
        out.add("RENAME TO ", span);
        name_into(&new, span, &mut out);
        self.send(out, span);
    }
}
