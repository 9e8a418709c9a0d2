//! `on_conflict_do_nothing()` and `on_conflict_do_update()` of an INSERT (`PGCompiler._on_conflict_target`).

use crate::alembic::args::Args;
use crate::alembic::eval::Interpreter;
use crate::alembic::render::name_into;
use crate::alembic::schema::Table;
use crate::alembic::sql::{Sql, Style, Write, write};
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// What follows the rows; `None` where it is not understood.
    pub(super) fn on_conflict(&mut self, insert: &Write<'a>, updates: bool, mut args: Args<'a>) -> Option<Text> {
        let span = args.span;
        let mut out = Text::made(" ON CONFLICT ", span);
        // They stand in another order in the two methods, and are given by name.
        let constraint = args.named("constraint").filter(|it| !matches!(it.value, Value::None));
        if let Some(name) = constraint {
            let name = self.name(Some(name), "the name of the constraint", span);
            out.add("ON CONSTRAINT ", span);
            name_into(&name, span, &mut out);
            out.add(" ", span);
        }
        let elements = args.named("index_elements").filter(|it| !matches!(it.value, Value::None));
        if let Some(elements) = elements {
            let names = self.names(Some(elements), "the columns", span);
            out.add("(", span);
            for (place, name) in names.iter().enumerate() {
                out.add(if place > 0 { ", " } else { "" }, span);
                name_into(name, span, &mut out);
            }
            out.add(") ", span);
        }
        if let Some(condition) = args.named("index_where") {
            let condition = self.operand(condition);
            out.add("WHERE ", span);
            write(&condition, Style::Bare, span, &mut out).ok()?;
            out.add(" ", span);
        }
        if !updates {
            out.add("DO NOTHING", span);
            return args.left().is_none().then_some(out);
        }
        let set = args.named("set_")?;
        let Value::Dict(entries) = set.value else { return None };
        let entries = entries.borrow().clone();
        let row = self.entries(&insert.table, entries, set.span)?;
        out.add("DO UPDATE SET ", span);
        for (place, (name, value)) in row.iter().enumerate() {
            out.add(if place > 0 { ", " } else { "" }, span);
            name_into(name, span, &mut out);
            out.add(" = ", span);
            write(value, Style::Qualified, span, &mut out).ok()?;
        }
        if let Some(condition) = args.named("where") {
            let condition = self.operand(condition);
            out.add(" WHERE ", span);
            write(&condition, Style::Qualified, span, &mut out).ok()?;
        }
        args.left().is_none().then_some(out)
    }
}

/// `statement.excluded`: the row that an INSERT would have added.
pub(crate) fn excluded<'a>(sql: &Sql<'a>) -> Option<Value<'a>> {
    let Sql::Write(it) = sql else { return None };
    let name = Text::made("excluded", it.table.span);
    Some(Value::Columns(Rc::new(Table { name, schema: None, ..(*it.table).clone() })))
}
