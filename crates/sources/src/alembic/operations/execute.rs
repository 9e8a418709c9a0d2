//! SQL that is written out.

use crate::RevisionNote;
use crate::alembic::args::{Arg, Args};
use crate::alembic::eval::Interpreter;
use crate::alembic::schema::{Column, Constraint, ConstraintKind, Element, Index, ServerDefault, Table};
use crate::alembic::sql::Parameter;
use crate::alembic::sql::{Sql, Style, Target, Write, parameters, write};
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// `op.execute(…)`.
    pub(super) fn execute(&mut self, mut args: Args<'a>) {
        let span = args.span;
        let statement = args.next("sqltext");
        args.ignore(&["execution_options"]);
        self.finish(&args, "execute");
        match statement {
            Some(arg) => self.run_statement(arg, None, span),
            None => self.problem(span, "the statement is missing".to_owned()),
        }
    }

    /// Sends a statement with the values of its parameters. `None`: the call cannot give any.
    pub(crate) fn run_statement(&mut self, arg: Arg<'a>, values: Option<Vec<(String, Value<'a>)>>, call: Span) {
        let sql = match arg.value {
            Value::Str(text) | Value::Final(text) => Rc::new(Sql::Text(text, Vec::new())),
            Value::Sql(sql) => sql,
            Value::Unknown(it) => return self.problem(arg.span, format!("the statement depends on {}", it.why)),
            Value::Method(ref it) => {
                let message = match &it.0 {
                    Value::Unknown(it) => format!("the statement depends on {}", it.why),
                    other => format!("{} is not understood as a statement", other.kind()),
                };
                return self.problem(arg.span, message);
            }
            other => return self.problem(arg.span, format!("{} is not understood as a statement", other.kind())),
        };
        let sql = match (&*sql, values) {
            (Sql::Text(text, own), Some(values)) => {
                let all = own.iter().cloned().chain(values).collect();
                Rc::new(Sql::Text(text.clone(), all))
            }
            _ => sql,
        };
        if let Sql::Text(text, values) = &*sql {
            self.unbound(text, values, arg.span);
        }
        let mut out = Text::default();
        if let Sql::Call { .. } = &*sql {
            out.add("SELECT ", arg.span);
        }
        let written = write(&sql, Style::Qualified, arg.span, &mut out);
        self.before_batch(out.as_str(), call);
        match &*sql {
            Sql::Text(..) | Sql::Statement(_) => self.raw_on_sqlite(&out, call),
            _ => self.calls_on_sqlite(&out, call),
        }
        self.send_or_say(written.map(|()| out.replace("\t", &Text::made("    ", arg.span)).trim()), call);
    }

    /// Notes parameters without a value in the default and the conditions of a column.
    pub(super) fn unbound_in_column(&mut self, column: &Column<'a>) {
        if let Some(ServerDefault::Sql(sql)) = &column.server_default {
            self.unbound_in(sql, column.span);
        }
        column.checks.iter().for_each(|it| self.unbound_in_check(it));
    }

    /// Notes parameters without a value in a condition that rows have to fulfil.
    pub(super) fn unbound_in_check(&mut self, constraint: &Constraint<'a>) {
        if let ConstraintKind::Check { condition } = &constraint.kind {
            self.unbound_in(condition, constraint.span);
        }
    }

    /// Notes parameters without a value in the key of an index.
    pub(super) fn unbound_in_index(&mut self, index: &Index<'a>) {
        for element in &index.elements {
            if let Element::Expression(sql, place) = element {
                self.unbound_in(sql, *place);
            }
        }
    }

    /// Notes parameters without a value in an expression, in whose place NULL is sent.
    pub(super) fn unbound_in(&mut self, sql: &Sql<'a>, at: Span) {
        if let Sql::Text(text, values) = sql {
            self.unbound(text, values, at);
        }
    }

    /// Notes parameters of a text that have no value: `:name` in a string that was meant as it stands.
    fn unbound(&mut self, text: &Text, values: &[(String, Value<'a>)], at: Span) {
        for parameter in parameters(text.as_str()) {
            let Parameter::Named(range) = parameter else { continue };
            let name = &text.as_str()[range.clone()];
            if !values.iter().any(|it| it.0 == name) {
                let source = text.slice(range.start - 1..range.end).source().unwrap_or(at);
                let source = self.here(source);
                self.unbound.push((name.to_owned(), source));
                self.remark(RevisionNote::Unbound(name.to_owned()), source);
            }
        }
    }

    /// `op.bulk_insert(table, rows)`: a statement for each row.
    pub(super) fn bulk_insert(&mut self, mut args: Args<'a>) {
        let span = args.span;
        let (table, rows) = (args.next("table"), args.next("rows"));
        args.ignore(&["multiinsert"]);
        self.finish(&args, "bulk_insert");
        let at = table.as_ref().map_or(span, |it| it.span);
        let table = match table.map(|it| self.mapped(it.value)) {
            Some(Value::Table(table)) => table,
            Some(other) if other.is_unknown() => {
                let name = self.hole(at, "the name of the table", "what is handed over");
                Rc::new(Table { name, of_class: true, reflected: true, span: at, ..Table::default() })
            }
            _ => return self.problem(span, "the table that is filled is not known".to_owned()),
        };
        let (rows, at) = match rows {
            Some(Arg { value, span }) => (value.items(), span),
            None => (None, span),
        };
        let Some(rows) = rows else { return self.problem(at, "the rows that are inserted are not known".to_owned()) };
        for row in rows {
            let entries = match row {
                Value::Dict(entries) => entries.borrow().clone(),
                _ => return self.problem(at, "a row that is inserted is not known".to_owned()),
            };
            match self.entries(&table, entries, at) {
                Some(row) => {
                    let insert = Write {
                        target: Target::Insert,
                        table: Rc::clone(&table),
                        rows: vec![row],
                        conditions: Vec::new(),
                        query: None,
                        end: None,
                    };
                    let mut out = Text::default();
                    let written = write(&Sql::Write(insert), Style::Qualified, at, &mut out);
                    self.send_or_say(written.map(|()| out), span);
                }
                None => self.problem(at, "a row that is inserted is not known".to_owned()),
            }
        }
    }
}
