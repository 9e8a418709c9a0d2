//! Calls.

use super::format::is_address;
use super::{Interpreter, unknown_part};
use crate::RevisionNote;
use crate::alembic::args::{Arg, Args};
use crate::alembic::operations::{QUERY, RESULT};
use crate::alembic::python::{Arguments, Expr, ExprCall, span};
use crate::alembic::sql::Sql;
use crate::alembic::text::Text;
use crate::alembic::value::{Scope, Value};
use lockkeeper_syntax::Span;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    pub(super) fn call_expression(&mut self, it: &'a ExprCall, at: Span, scope: &Rc<Scope<'a>>) -> Value<'a> {
        let function = self.eval(&it.func, scope);
        let (gaps, sent) = (self.gaps.len(), self.sent.len());
        let args = self.arguments(&it.arguments, at, scope);
        if tells(&function) && self.sent.len() == sent {
            // What a message says of itself is sent nowhere.
            let mut known = 0..gaps;
            self.gaps.retain(|it| known.next().is_some() || !it.1.message.contains("the string depends on"));
        }
        let site = self.site;
        if !self.is_foreign(at) {
            self.site = at;
        }
        let value = self.call(function, args, &at);
        self.site = site;
        self.performs(&value, at);
        match value {
            Value::Unknown(it) if it.why.is_empty() => Value::unknown(self.shown_call(at)),
            value => value,
        }
    }

    fn shown_call(&self, at: Span) -> String {
        let source = self.written(at);
        let name = source.split('(').next().unwrap_or_default();
        format!("`{}(…)`", name.lines().next().unwrap_or_default())
    }

    fn arguments(&mut self, arguments: &'a Arguments, at: Span, scope: &Rc<Scope<'a>>) -> Args<'a> {
        let mut args = Args::none(at);
        for argument in &arguments.args {
            match argument {
                Expr::Starred(it) => {
                    let value = self.eval(&it.value, scope);
                    let place = span(&*it.value);
                    match value.items() {
                        Some(items) => {
                            args.positional.extend(items.into_iter().map(|value| Arg { value, span: place }))
                        }
                        None => args.open = open(&value, place),
                    }
                }
                other => {
                    let value = self.eval(other, scope);
                    args.positional.push_back(Arg { value, span: span(other) });
                }
            }
        }
        for keyword in &arguments.keywords {
            let value = self.eval(&keyword.value, scope);
            let place = span(&keyword.value);
            match (&keyword.arg, value) {
                (Some(name), value) => args.named.push((name.as_str().to_owned(), Arg { value, span: place })),
                (None, Value::Dict(entries)) => {
                    for (key, value) in entries.borrow().iter() {
                        match key.text() {
                            Some(key) => {
                                args.named.push((key.as_str().to_owned(), Arg { value: value.clone(), span: place }));
                            }
                            None => args.open = open(key, place),
                        }
                    }
                }
                (None, value) => args.open = open(&value, place),
            }
        }
        args
    }

    /// Calls a value.
    pub(crate) fn call(&mut self, function: Value<'a>, args: Args<'a>, at: &Span) -> Value<'a> {
        match function {
            Value::Function(it) => self.call_function(&it, args),
            Value::Class(it) => self.instance(&it, args),
            Value::Library(path) => self.call_library(&path, args),
            Value::Method(it) => self.method(it.0.clone(), &it.1, args),
            Value::Object(ref it) => match self.class_attribute(&Rc::clone(&it.class), "__call__", Some(&function)) {
                Some(method) => self.call(method, args, at),
                None => {
                    self.problem(*at, "calling an object is not understood".to_owned());
                    Value::unknown("a call that is not understood")
                }
            },
            // `session.connection()`.
            Value::Connection => Value::Connection,
            Value::Unknown(it) => {
                self.handed_over(&args, &it.why);
                Value::acting(it.why)
            }
            other => {
                self.problem(*at, format!("calling {} is not understood", other.kind()));
                Value::unknown("a call that is not understood")
            }
        }
    }

    /// Calls a method.
    pub(crate) fn method(&mut self, object: Value<'a>, name: &str, mut args: Args<'a>) -> Value<'a> {
        let result = match &object {
            Value::Str(text) | Value::Final(text) => self.string_method(&text.clone(), name, &mut args),
            Value::List(_) | Value::Tuple(_) => self.list_method(&object, name, &mut args),
            Value::Dict(_) => self.dict_method(&object, name, &mut args),
            Value::Moment(moment) => self.moment_method(*moment, name, &mut args),
            Value::Delta(days, seconds) if name == "total_seconds" => {
                Some(Value::Float(days.saturating_mul(86_400).saturating_add(*seconds) as f64))
            }
            Value::Connection => Some(self.connection_method(name, args.clone())),
            Value::Context => Some(self.context_method(name, args.clone())),
            // A transaction is left; what `connect()` gives is a connection.
            Value::Nested if matches!(name, "commit" | "rollback" | "close" | "start" | "__exit__") => {
                Some(Value::None)
            }
            Value::Nested => Some(self.connection_method(name, args.clone())),
            Value::Dialect if matches!(name, "has_table" | "has_index" | "has_sequence") => {
                self.remark(RevisionNote::Inspects, args.span);
                Some(Value::unknown(format!("`{name}` of a connection")))
            }
            Value::Dialect if name == "type_descriptor" => args.next("typeobj").map(|it| it.value),
            Value::Module(file) => {
                let function = self.module_attribute(*file, name);
                let at = args.span;
                return self.call(function, args, &at);
            }
            Value::Batch(batch) => Some(self.batch_method(&Rc::clone(batch), name, args.clone())),
            Value::Type(kind) => self.type_method(&Rc::clone(kind), name, args.clone()),
            Value::Table(table) => self.table_method(&Rc::clone(table), name, args.clone()),
            Value::Sql(sql) => self.sql_method(sql, name, args.clone()),
            Value::Column(column) => {
                let sql = Rc::new(Sql::Column { table: None, name: column.borrow().name.clone() });
                match name {
                    "copy" | "_copy" => Some(Value::Column(Rc::new(std::cell::RefCell::new(column.borrow().clone())))),
                    _ => self.sql_method(&sql, name, args.clone()),
                }
            }
            Value::Object(_) | Value::Class(_) => None,
            Value::Unknown(it) if name == "reflect" => {
                self.remark(RevisionNote::Inspects, args.span);
                return Value::unknown(Rc::clone(&it.why));
            }
            // Its result may be asked for, but the rows are changed all the same.
            Value::Unknown(it) if &*it.why == QUERY && matches!(name, "delete" | "update") => {
                self.problem(args.span, format!("what `{name}` of {QUERY} changes is not known"));
                return Value::unknown("the number of rows");
            }
            Value::Unknown(it) => {
                self.handed_over(&args, &it.why);
                self.sent_elsewhere(name, &it.why, &args);
                let acts = it.acts || !HARMLESS.contains(&name);
                let why = Rc::clone(&it.why);
                return if acts { Value::acting(why) } else { Value::unknown(why) };
            }
            Value::Method(it) if is_address(it) && matches!(name, "get_backend_name" | "get_dialect") => {
                return match name {
                    "get_dialect" => Value::Dialect,
                    _ => Value::Str(Text::made(self.dialect, args.span)),
                };
            }
            Value::Method(it) => {
                // `a.b.c()` where `a` is not known.
                if of_rows(&it.0) && CHANGE.contains(&name) {
                    self.problem(args.span, format!("what `{name}` of `{}` changes is not known", it.1));
                }
                let inner = unknown_part(&it.0, name);
                return self.method(inner, name, args);
            }
            _ => None,
        };
        result.unwrap_or_else(|| {
            // An object that logs has methods of classes that are not read.
            if matches!(&object, Value::Object(_)) && LOGS.contains(&name) {
                return Value::unknown(format!("`{name}` of an object"));
            }
            self.handed_over(&args, &format!("`{name}`"));
            match &object {
                Value::Sql(_) | Value::Table(_) | Value::Type(_) => {
                    Value::unknown(format!("`{name}` of {}", object.kind()))
                }
                _ => Value::acting(format!("`{name}` of {}", object.kind())),
            }
        })
    }

    fn moment_method(
        &mut self,
        moment: crate::alembic::date::Moment,
        name: &str,
        args: &mut Args<'a>,
    ) -> Option<Value<'a>> {
        use crate::alembic::date::{Moment, is_date, is_time};
        use crate::calendar::{civil, day};
        let at = args.span;
        Some(match name {
            "isoformat" => {
                let between = args.next("sep").and_then(|it| it.value.text());
                let between = between.and_then(|it| it.as_str().chars().next()).unwrap_or('T');
                Value::Str(Text::made(moment.iso(between), at))
            }
            "strftime" => {
                let pattern = args.next("format")?.value.text()?;
                Value::Str(Text::made(moment.format(pattern.as_str())?, at))
            }
            "date" => Value::Moment(Moment { time: None, utc: false, ..moment }),
            "weekday" => Value::Int(moment.weekday()),
            "isoweekday" => Value::Int(moment.weekday() + 1),
            "toordinal" => Value::Int(moment.day + 719_163),
            "timestamp" => Value::Float((moment.day * 86_400 + moment.time.unwrap_or_default()) as f64),
            "astimezone" => Value::Moment(moment),
            "replace" => {
                let (year, month, date) = civil(moment.day);
                let mut part = |name: &str, old: i64| args.next(name).map_or(Some(old), |it| it.value.int());
                let (year, month, date) = (part("year", year)?, part("month", month)?, part("day", date)?);
                let old = moment.time.unwrap_or_default();
                let (hour, minute) = (part("hour", old / 3600)?, part("minute", old / 60 % 60)?);
                let second = part("second", old % 60)?;
                let utc = args.named("tzinfo").map_or(moment.utc, |it| !matches!(it.value, Value::None));
                if !is_date(year, month, date) || !is_time(hour, minute, second) {
                    return None;
                }
                let time = moment.time.map(|_| hour * 3600 + minute * 60 + second);
                Value::Moment(Moment { day: day(year, month, date), time, utc })
            }
            _ => return None,
        })
    }
}

fn open<'a>(value: &Value<'a>, at: Span) -> Option<(crate::alembic::value::Unknown, Span)> {
    match unknown_part(value, "an item") {
        Value::Unknown(it) => Some((it, at)),
        _ => None,
    }
}

/// Whether a value is an object that a session has read, so that it sends what changes of it.
fn of_rows(value: &Value<'_>) -> bool {
    matches!(value, Value::Unknown(it) if matches!(&*it.why, QUERY | RESULT))
}

/// Methods that change a collection.
const CHANGE: &[&str] = &["add", "append", "clear", "discard", "extend", "insert", "pop", "remove", "update"];

/// Whether a function only tells people something.
fn tells(function: &Value<'_>) -> bool {
    match function {
        Value::Library(path) => {
            &**path == "builtins.print" || path.rsplit('.').next().is_some_and(|it| LOGS.contains(&it))
        }
        Value::Method(it) => it.0.is_unknown() && LOGS.contains(&it.1.as_str()),
        _ => false,
    }
}

/// Methods of loggers.
const LOGS: &[&str] = &["debug", "info", "warning", "warn", "error", "exception", "critical", "log"];

/// Methods that send nothing, whatever they are called on.
const HARMLESS: &[&str] = &[
    "all",
    "append",
    "clear",
    "close",
    "copy",
    "count",
    "debug",
    "error",
    "exception",
    "extend",
    "fetchall",
    "fetchmany",
    "fetchone",
    "filter",
    "filter_by",
    "first",
    "flush",
    "get",
    "get_columns",
    "get_foreign_keys",
    "get_indexes",
    "get_schema_names",
    "get_table_names",
    "get_unique_constraints",
    "get_pk_constraint",
    "get_check_constraints",
    "get_view_names",
    "has_table",
    "info",
    "items",
    "join",
    "keys",
    "log",
    "mappings",
    "one",
    "one_or_none",
    "order_by",
    "partitions",
    "pop",
    "print",
    "remove",
    "scalar",
    "scalar_one",
    "scalar_one_or_none",
    "scalars",
    "split",
    "strip",
    "values",
    "warn",
    "warning",
    "write",
    "add",
    "discard",
    "group",
    "match",
    "search",
    "lower",
    "upper",
    "format",
    "replace",
    "startswith",
    "endswith",
    "setdefault",
    "isoformat",
    "strftime",
    "limit",
    "options",
    "has_schema",
    "has_index",
    "has_column",
    "dispose",
    "sort",
    "reverse",
    "encode",
    "decode",
    "unique",
    "tuples",
];
