//! Methods of expressions, statements and tables.

use crate::alembic::args::{Arg, Args};
use crate::alembic::eval::Interpreter;
use crate::alembic::operations::names_in;
use crate::alembic::render::{name_into, qualified_into, truncated};
use crate::alembic::schema::{Name, Table};
use crate::alembic::sql::{Query, Sql, Target, Write, strength};
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::Span;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// A method of an expression or a statement; `None` if it is not known.
    pub(crate) fn sql_method(&mut self, sql: &Rc<Sql<'a>>, name: &str, mut args: Args<'a>) -> Option<Value<'a>> {
        let span = args.span;
        match &**sql {
            Sql::Text(text, values) => match name {
                "bindparams" | "params" => {
                    let mut values = values.clone();
                    values.extend(args.named.into_iter().map(|(name, it)| (name, it.value)));
                    // `bindparam(…)` says how a value is sent, and seldom which.
                    if !args.positional.is_empty() {
                        let left = names_in(text).into_iter().filter(|name| !values.iter().any(|it| it.0 == *name));
                        let left: Vec<_> = left.map(|it| (it, Value::unknown("a parameter"))).collect();
                        values.extend(left);
                    }
                    return Some(Value::sql(Sql::Text(text.clone(), values)));
                }
                "execution_options" | "columns" | "self_group" => return Some(Value::Sql(Rc::clone(sql))),
                _ => {}
            },
            Sql::Select(query) => return self.query_method(query, name, args),
            Sql::Write(write) => return self.write_method(write, name, args),
            _ => {}
        }
        let sql = Rc::clone(sql);
        let unary = |before, after, strength| {
            Some(Value::sql(Sql::Unary { before, operand: Rc::clone(&sql), after, strength }))
        };
        match name {
            "desc" => return unary("", " DESC", strength::TIGHTEST),
            "asc" => return unary("", " ASC", strength::TIGHTEST),
            "nulls_first" | "nullsfirst" => return unary("", " NULLS FIRST", strength::TIGHTEST),
            "nulls_last" | "nullslast" => return unary("", " NULLS LAST", strength::TIGHTEST),
            "distinct" => return unary("DISTINCT ", "", strength::TIGHTEST),
            "self_group" | "execution_options" | "scalar_subquery" | "as_scalar" => return Some(Value::Sql(sql)),
            "label" => {
                let label = args.next("name");
                let label = self.name(label, "the label", span);
                return Some(Value::sql(Sql::Label(sql, label)));
            }
            "cast" => {
                let kind = args.next("type_")?;
                let kind = self.type_of(&kind);
                return Some(Value::sql(Sql::Cast(sql, kind)));
            }
            "between" => {
                let (from, to) = (args.next("cleft")?, args.next("cright")?);
                let (from, to) = (self.operand(from), self.operand(to));
                let bounds = Rc::new(Sql::binary(from, "AND", to, strength::TIGHTEST));
                return Some(Value::sql(Sql::binary(sql, "BETWEEN", bounds, strength::COMPARE)));
            }
            "op" | "bool_op" => {
                let operator = args.next("opstring")?.value.text()?;
                return Some(Value::Method(Rc::new((Value::Sql(sql), format!("op {}", operator.as_str())))));
            }
            _ => {}
        }
        if let Some(operator) = name.strip_prefix("op ") {
            let right = args.positional.pop_front()?;
            let right = self.operand(right);
            return Some(Value::sql(Sql::binary(sql, operator, right, strength::CONCAT)));
        }
        let operator = match name {
            "in_" => "IN",
            "not_in" | "notin_" => "NOT IN",
            "is_" => "IS",
            "is_not" | "isnot" => "IS NOT",
            "is_distinct_from" => "IS DISTINCT FROM",
            "is_not_distinct_from" | "isnot_distinct_from" => "IS NOT DISTINCT FROM",
            "like" => "LIKE",
            "not_like" | "notlike" => "NOT LIKE",
            "ilike" => "ILIKE",
            "not_ilike" | "notilike" => "NOT ILIKE",
            "concat" => "||",
            "contains" => "@>",
            "has_key" => "?",
            _ => return None,
        };
        let right = args.positional.pop_front()?;
        let right = match (operator, &right.value) {
            ("IN" | "NOT IN", Value::List(_) | Value::Tuple(_)) => {
                let items = right.value.items()?;
                let items = items.into_iter().map(|value| self.operand(Arg { value, span: right.span })).collect();
                Rc::new(Sql::List(items))
            }
            // A query has its own parentheses; what is not known stands for the values that are there when it runs.
            ("IN" | "NOT IN", value) if !matches!(value, Value::Sql(_)) => {
                Rc::new(Sql::List(vec![self.operand(right)]))
            }
            _ => self.operand(right),
        };
        let strength = if operator == "||" { strength::CONCAT } else { strength::COMPARE };
        Some(Value::sql(Sql::binary(sql, operator, right, strength)))
    }

    fn query_method(&mut self, query: &Query<'a>, name: &str, mut args: Args<'a>) -> Option<Value<'a>> {
        let mut query = query.clone();
        let mut rest: Vec<Rc<Sql<'a>>> = Vec::new();
        if matches!(name, "select_from") {
            let from = args.positional.pop_front()?.value;
            match self.mapped(from) {
                Value::Table(table) => query.from.push(table),
                _ => return None,
            }
        } else {
            for arg in std::mem::take(&mut args.positional) {
                if arg.value.is_unknown() {
                    return Some(arg.value);
                }
                rest.push(self.operand(arg));
            }
        }
        match name {
            "select_from" | "execution_options" | "with_for_update" | "scalar_subquery" | "as_scalar" => {}
            "where" | "filter" => query.conditions.extend(rest),
            "order_by" => query.order.extend(rest),
            "group_by" => query.group.extend(rest),
            "limit" => query.limit = rest.into_iter().next(),
            _ => return None,
        }
        Some(Value::sql(Sql::Select(query)))
    }

    fn write_method(&mut self, write: &Write<'a>, name: &str, mut args: Args<'a>) -> Option<Value<'a>> {
        let mut write = write.clone();
        let span = args.span;
        match name {
            "values" => {
                let row = self.row(&write.table, args)?;
                match row {
                    Rows::One(row) => match write.rows.first_mut() {
                        Some(old) => old.extend(row),
                        None => write.rows.push(row),
                    },
                    Rows::Many(rows) => write.rows.extend(rows),
                }
            }
            "where" | "filter" => {
                for arg in std::mem::take(&mut args.positional) {
                    if arg.value.is_unknown() {
                        return Some(arg.value);
                    }
                    let condition = self.operand(arg);
                    write.conditions.push(condition);
                }
            }
            "from_select" => {
                let names = args.next("names");
                let names = self.names(names, "the columns", span);
                let query = args.next("select")?;
                let query = self.operand(query);
                write.query = Some((names, query));
            }
            "on_conflict_do_nothing" | "on_conflict_do_update" => {
                write.end = Some(self.on_conflict(&write, name.ends_with("update"), args)?);
            }
            "execution_options" | "inline" | "returning" => {}
            _ => return None,
        }
        Some(Value::sql(Sql::Write(write)))
    }

    /// What `.values()` is given.
    fn row(&mut self, table: &Rc<Table<'a>>, mut args: Args<'a>) -> Option<Rows<'a>> {
        let span = args.span;
        if let Some(first) = args.positional.pop_front() {
            return match first.value {
                Value::Dict(entries) => {
                    let entries = entries.borrow().clone();
                    Some(Rows::One(self.entries(table, entries, first.span)?))
                }
                Value::List(rows) => {
                    let mut all = Vec::new();
                    for row in rows.borrow().clone() {
                        let Value::Dict(entries) = row else { return None };
                        let entries = entries.borrow().clone();
                        all.push(self.entries(table, entries, first.span)?);
                    }
                    Some(Rows::Many(all))
                }
                _ => None,
            };
        }
        let entries =
            args.named.into_iter().map(|(name, it)| (Value::Str(Text::made(name, it.span)), it.value)).collect();
        Some(Rows::One(self.entries(table, entries, span)?))
    }

    /// The columns of a row in the order of the table.
    pub(crate) fn entries(
        &mut self,
        table: &Rc<Table<'a>>,
        entries: Vec<(Value<'a>, Value<'a>)>,
        span: Span,
    ) -> Option<Vec<(Text, Rc<Sql<'a>>)>> {
        let mut row = Vec::new();
        for (key, value) in entries {
            let name = match &key {
                Value::Sql(sql) => match &**sql {
                    Sql::Column { name, .. } => name.clone(),
                    _ => return None,
                },
                key => key.text()?,
            };
            row.push((name, self.operand(Arg { value, span })));
        }
        let place = |name: &Text| table.columns.iter().position(|it| it.borrow().name == *name).unwrap_or(usize::MAX);
        row.arrange_by_key(|it| place(&it.0));
        Some(row)
    }

    /// `insert()`, `update()`, `delete()`, `select()` of a table.
    pub(crate) fn table_method(&mut self, table: &Rc<Table<'a>>, name: &str, mut args: Args<'a>) -> Option<Value<'a>> {
        match name {
            "insert" => Some(self.write_of(Target::Insert, Rc::clone(table), args)),
            "update" => Some(self.write_of(Target::Update, Rc::clone(table), args)),
            "delete" => Some(self.write_of(Target::Delete, Rc::clone(table), args)),
            "select" => {
                let all = table.columns.iter().map(|it| it.borrow().name.clone());
                let columns = all.map(|name| Rc::new(Sql::Column { table: Some(Rc::clone(table)), name })).collect();
                let conditions = args.positional.drain(..).map(|it| self.operand(it)).collect();
                Some(Value::sql(Sql::Select(Query {
                    columns,
                    from: vec![Rc::clone(table)],
                    conditions,
                    ..Query::default()
                })))
            }
            "create" if table.of_class => {
                self.problem(args.span, "the table of a mapped class is known only in part".to_owned());
                Some(Value::None)
            }
            "create" => {
                self.create(&Rc::clone(table), false, args.span);
                Some(Value::None)
            }
            "drop" => {
                let mut out = Text::made("DROP TABLE ", args.span);
                qualified_into(table.schema.as_ref(), &table.name, args.span, &mut out);
                self.send(out, args.span);
                Some(Value::None)
            }
            "append_column" | "append_constraint" => None,
            _ => None,
        }
    }

    pub(crate) fn write_of(&mut self, target: Target, table: Rc<Table<'a>>, mut args: Args<'a>) -> Value<'a> {
        let values = args.named("values");
        let mut write = Write { target, table, rows: Vec::new(), conditions: Vec::new(), query: None, end: None };
        for arg in std::mem::take(&mut args.positional) {
            if let Value::Dict(entries) = &arg.value {
                let entries = entries.borrow().clone();
                match self.entries(&write.table, entries, arg.span) {
                    Some(row) => write.rows.push(row),
                    None => return Value::unknown("the values of a row"),
                }
            } else {
                let condition = self.operand(arg);
                write.conditions.push(condition);
            }
        }
        if let Some(Arg { value: Value::Dict(entries), span }) = values {
            let entries = entries.borrow().clone();
            match self.entries(&write.table, entries, span) {
                Some(row) => write.rows.push(row),
                None => return Value::unknown("the values of a row"),
            }
        }
        Value::sql(Sql::Write(write))
    }

    /// `CreateSequence(…)` and the like.
    pub(crate) fn schema_item(&mut self, name: &str, mut args: Args<'a>) -> Value<'a> {
        let span = args.span;
        let item = args.next("element").map(|it| it.value);
        let (if_exists, if_not_exists) = (args.flag("if_exists"), args.flag("if_not_exists"));
        let cascade = args.flag("cascade");
        self.finish(&args, name);
        let condition = if if_exists {
            "IF EXISTS "
        } else if if_not_exists {
            "IF NOT EXISTS "
        } else {
            ""
        };
        let mut out = Text::default();
        match (name, &item) {
            ("CreateSchema" | "DropSchema", Some(schema)) => {
                let Some(schema) = schema.text() else { return Value::unknown("the name of a schema") };
                out.add(if name == "CreateSchema" { "CREATE SCHEMA " } else { "DROP SCHEMA " }, span);
                out.add(condition, span);
                name_into(&schema, span, &mut out);
                out.add(if cascade { " CASCADE" } else { "" }, span);
            }
            ("CreateSequence" | "DropSequence", Some(Value::Sequence(it))) => {
                out.add(if name == "CreateSequence" { "CREATE SEQUENCE " } else { "DROP SEQUENCE " }, span);
                out.add(condition, span);
                qualified_into(it.schema.as_ref(), &it.name, span, &mut out);
                if let Some(kind) = it.kind.as_ref().filter(|_| name == "CreateSequence") {
                    out.add(" AS ", span);
                    out.push(kind);
                }
                let options = it.options.sql();
                if name == "CreateSequence" && !options.is_empty() {
                    out.add(&format!(" {options}"), span);
                }
            }
            ("DropTable", Some(Value::Table(table))) => {
                out.add("DROP TABLE ", span);
                out.add(condition, span);
                qualified_into(table.schema.as_ref(), &table.name, span, &mut out);
            }
            ("DropIndex", Some(Value::Index(index))) => {
                let Some(name) = index.name.text() else { return Value::unknown("an index without a name") };
                out.add("DROP INDEX ", span);
                out.add(condition, span);
                name_into(&final_name(&index.name, name), span, &mut out);
            }
            _ => return Value::unknown(format!("`{name}`")),
        }
        Value::sql(Sql::Statement(out))
    }
}

fn final_name(name: &Name, text: &Text) -> Text {
    match name {
        Name::Final(_) => truncated(text.clone()),
        Name::Plain(_) | Name::None => text.clone(),
    }
}

/// What `.values()` is given.
enum Rows<'a> {
    One(Vec<(Text, Rc<Sql<'a>>)>),
    Many(Vec<Vec<(Text, Rc<Sql<'a>>)>>),
}
