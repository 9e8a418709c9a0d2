//! Connections, sessions and the context of the migration.

use crate::alembic::args::{Arg, Args};
use crate::alembic::eval::Interpreter;
use crate::alembic::sql::{Sql, Target, literal};
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;
use std::rc::Rc;

/// What `session.query()` gives.
pub(crate) const QUERY: &str = "a query of a session";

/// What a statement gives.
pub(crate) const RESULT: &str = "the result of a query";

impl<'a> Interpreter<'a> {
    /// A method of a connection or a session.
    pub(crate) fn connection_method(&mut self, name: &str, mut args: Args<'a>) -> Value<'a> {
        let span = args.span;
        match name {
            "execute" | "scalar" | "scalars" | "exec_driver_sql" | "exec" => {
                let statement = args.next("statement");
                let parameters = args.next("parameters").or_else(|| args.named("params"));
                // Raw SQL with values is written as the driver has it.
                let raw = match (&statement, &parameters) {
                    (Some(Arg { value: Value::Str(text), .. }), Some(given)) => by_driver(text, &given.value, span),
                    _ => None,
                };
                if let Some(text) = raw {
                    self.send(text.trim(), span);
                    return Value::unknown(RESULT);
                }
                match statement {
                    // Not through `text()`, so a colon is a colon.
                    Some(Arg { value: Value::Str(text), .. }) if name == "exec_driver_sql" => {
                        self.send(text.trim(), span)
                    }
                    Some(statement) => self.with_parameters(statement, parameters, args),
                    None => self.problem(span, "the statement is missing".to_owned()),
                }
                Value::unknown(RESULT)
            }
            "begin" | "begin_nested" | "connect" | "get_transaction" => Value::Nested,
            "execution_options" | "connection" | "get_bind" | "__enter__" | "engine" | "cursor" | "raw_connection" => {
                Value::Connection
            }
            "commit" | "rollback" | "close" | "flush" | "expire_all" | "detach" | "invalidate" | "expunge_all" => {
                Value::None
            }
            "query" => Value::unknown(QUERY),
            "get" | "refresh" | "in_transaction" | "get_isolation_level" | "get_one" => Value::unknown(RESULT),
            // A cursor has the rows of what it ran.
            "fetchone" | "fetchall" | "fetchmany" => Value::unknown(RESULT),
            "run_sync" => Value::acting("`run_sync`"),
            _ => Value::acting(format!("`{name}` of a connection")),
        }
    }

    /// Sends a statement once, or once for each set of values.
    fn with_parameters(&mut self, statement: Arg<'a>, parameters: Option<Arg<'a>>, args: Args<'a>) {
        let span = args.span;
        let named = args.named.into_iter().map(|(name, it)| (name, it.value)).collect::<Vec<_>>();
        let sets: Vec<Vec<(String, Value<'a>)>> = match parameters.map(|it| it.value) {
            None | Some(Value::None) => vec![named],
            Some(Value::Dict(entries)) => vec![values(&entries.borrow())],
            Some(Value::List(rows)) => {
                let rows = rows.borrow();
                let sets =
                    rows.iter().map(|it| if let Value::Dict(it) = it { values(&it.borrow()) } else { Vec::new() });
                sets.collect()
            }
            // The values are not known, but the statement is: it has parameters in their place.
            Some(_) => {
                let names = match &statement.value {
                    Value::Sql(sql) => match &**sql {
                        Sql::Text(text, _) => names_in(text),
                        _ => Vec::new(),
                    },
                    _ => Vec::new(),
                };
                vec![names.into_iter().map(|it| (it, Value::unknown("a parameter"))).collect()]
            }
        };
        for values in sets {
            let statement = match (&statement.value, values.is_empty()) {
                (Value::Sql(sql), false) => match &**sql {
                    // `execute(table.insert(), {…})`.
                    Sql::Write(write) if write.target == Target::Insert && write.rows.is_empty() => {
                        let entries =
                            values.iter().map(|it| (Value::Str(Text::made(&*it.0, span)), it.1.clone())).collect();
                        let row = self.entries(&write.table, entries, span).unwrap_or_default();
                        let write = crate::alembic::sql::Write { rows: vec![row], ..write.clone() };
                        Arg { value: Value::sql(Sql::Write(write)), span: statement.span }
                    }
                    _ => statement.clone(),
                },
                _ => statement.clone(),
            };
            self.run_statement(statement, Some(values), span);
        }
    }

    /// A method of the migration context.
    pub(crate) fn context_method(&mut self, name: &str, args: Args<'a>) -> Value<'a> {
        match name {
            "autocommit_block" => Value::Autocommit,
            "begin_transaction" => Value::Nested,
            "get_bind" => Value::Connection,
            "execute" => self.operation("execute", args, None),
            "get_x_argument" | "get_current_revision" | "get_current_heads" | "is_offline_mode" => {
                Value::unknown("the command line")
            }
            _ => Value::acting(format!("`{name}` of the context")),
        }
    }

    /// `Enum.create(bind)`, `Enum.drop(bind)`, `with_variant()`.
    pub(crate) fn type_method(
        &mut self,
        kind: &Rc<std::cell::RefCell<crate::alembic::schema::Type<'a>>>,
        name: &str,
        args: Args<'a>,
    ) -> Option<Value<'a>> {
        match name {
            "with_variant" => Some(self.with_variant(kind, args)),
            "create" | "drop" => {
                let it = kind.borrow().enumeration()?;
                self.create_or_drop(&it.borrow(), name == "create", args);
                Some(Value::None)
            }
            "copy" | "adapt" => Some(Value::Type(Rc::new(std::cell::RefCell::new(kind.borrow().clone())))),
            "as_generic" | "dialect_impl" => Some(Value::Type(Rc::clone(kind))),
            _ => None,
        }
    }
}

fn values<'a>(entries: &[(Value<'a>, Value<'a>)]) -> Vec<(String, Value<'a>)> {
    entries.iter().filter_map(|it| Some((it.0.text()?.as_str().to_owned(), it.1.clone()))).collect()
}

/// The names of the parameters in a text.
pub(crate) fn names_in(text: &Text) -> Vec<String> {
    let found = crate::alembic::sql::parameters(text.as_str()).into_iter();
    let names = found.filter_map(|it| match it {
        crate::alembic::sql::Parameter::Named(range) => Some(text.as_str()[range].to_owned()),
        crate::alembic::sql::Parameter::Escape(_) => None,
    });
    names.collect()
}

/// A text with `%s` or `%(name)s` and its values, as a driver would send it; `None` if it has none of these.
fn by_driver(text: &Text, values: &Value<'_>, at: Span) -> Option<Text> {
    let whole = text.as_str();
    if !whole.contains("%s") && !whole.contains("%(") {
        return None;
    }
    let mut items = match values {
        Value::Tuple(_) | Value::List(_) => values.items().unwrap_or_default(),
        _ => Vec::new(),
    };
    items.reverse();
    let unknown = || Value::unknown("a parameter");
    let mut out = Text::default();
    let mut from = 0;
    while let Some(place) = whole[from..].find('%').map(|it| it + from) {
        out.push(&text.slice(from..place));
        let rest = &whole[place + 1..];
        from = place + 2;
        if rest.starts_with('s') {
            literal(&items.pop().unwrap_or_else(unknown), at, &mut out);
        } else if let Some((name, _)) = rest.strip_prefix('(').and_then(|it| it.split_once(")s")) {
            let value = match values {
                Value::Dict(entries) => {
                    let entries = entries.borrow();
                    let found = entries.iter().find(|it| it.0.text().is_some_and(|it| it.as_str() == name));
                    found.map(|it| it.1.clone())
                }
                _ => None,
            };
            literal(&value.unwrap_or_else(unknown), at, &mut out);
            from = place + 1 + name.len() + 3;
        } else if rest.starts_with('%') {
            out.add("%", at);
        } else {
            out.add("%", at);
            from = place + 1;
        }
    }
    out.push(&text.slice(from..whole.len()));
    Some(out)
}
