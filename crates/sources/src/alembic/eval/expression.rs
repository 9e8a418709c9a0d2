//! Expressions.

use super::{Given, Interpreter, unknown_part};
use crate::alembic::python::{BoolOp, Comprehension, Expr, Number, UnaryOp, span};
use crate::alembic::sql::{Sql, strength};
use crate::alembic::value::{Binding, Body, ClassKind, Function, Scope, Value};
use lockkeeper_syntax::Span;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// Items that a comprehension may make.
const ITEMS: usize = 20_000;

impl<'a> Interpreter<'a> {
    /// What an expression is worth.
    pub(crate) fn eval(&mut self, expr: &'a Expr, scope: &Rc<Scope<'a>>) -> Value<'a> {
        let at = span(expr);
        if !self.step(at) {
            return Value::unknown("more steps than are followed here");
        }
        self.deeper(at, |it| it.expression(expr, at, scope)).unwrap_or_else(|| Value::unknown("deep nesting"))
    }

    fn expression(&mut self, expr: &'a Expr, at: Span, scope: &Rc<Scope<'a>>) -> Value<'a> {
        match expr {
            Expr::StringLiteral(it) => Value::Str(self.literal_text(it)),
            Expr::FString(it) => self.f_string(it, scope),
            Expr::NumberLiteral(it) => match &it.value {
                Number::Int(it) => it.as_i64().map_or_else(|| Value::unknown("a large number"), Value::Int),
                Number::Float(it) => Value::Float(*it),
                Number::Complex { .. } => Value::unknown("a complex number"),
            },
            Expr::BooleanLiteral(it) => Value::Bool(it.value),
            Expr::NoneLiteral(_) => Value::None,
            Expr::EllipsisLiteral(_) => Value::None,
            Expr::Name(it) => self.lookup(it.id.as_str(), scope),
            Expr::Attribute(it) => {
                let value = self.eval(&it.value, scope);
                self.attribute(&value, it.attr.as_str(), at)
            }
            Expr::Subscript(it) => {
                let value = self.eval(&it.value, scope);
                if let Expr::Slice(slice) = &*it.slice {
                    let mut bound = |it: &'a Option<Box<Expr>>| it.as_ref().map(|it| self.eval(it, scope));
                    let (lower, upper, step) = (bound(&slice.lower), bound(&slice.upper), bound(&slice.step));
                    return self.sliced(&value, lower, upper, step);
                }
                let key = self.eval(&it.slice, scope);
                self.item(&value, &key, at)
            }
            Expr::List(it) => Value::list(self.items(&it.elts, scope)).shallow().made_under(self.possible),
            Expr::Set(it) => Value::list(self.distinct(&it.elts, scope)).made_under(self.possible),
            Expr::Tuple(it) => Value::tuple(self.items(&it.elts, scope)).shallow(),
            Expr::Dict(it) => {
                let mut entries: Vec<(Value<'a>, Value<'a>)> = Vec::new();
                for item in &it.items {
                    let value = self.eval(&item.value, scope);
                    match &item.key {
                        Some(key) => {
                            let key = self.eval(key, scope);
                            put(&mut entries, key, value);
                        }
                        None => match value {
                            Value::Dict(other) => {
                                let others = other.borrow().clone();
                                others.into_iter().for_each(|(key, value)| put(&mut entries, key, value));
                            }
                            other => return unknown_part(&other, "**"),
                        },
                    }
                }
                Value::dict(entries).shallow().made_under(self.possible)
            }
            Expr::BinOp(it) => {
                let left = self.eval(&it.left, scope);
                let right = self.eval(&it.right, scope);
                self.binary(it.op, left, right, at)
            }
            Expr::UnaryOp(it) => {
                let value = self.eval(&it.operand, scope);
                unary(it.op, value)
            }
            Expr::BoolOp(it) => self.bool_op(it.op, &it.values, scope),
            Expr::Compare(it) => {
                let mut left = self.eval(&it.left, scope);
                let mut result = Value::Bool(true);
                for (op, right) in it.ops.iter().zip(&it.comparators) {
                    let right = self.eval(right, scope);
                    result = self.compare(*op, &left, &right, at);
                    if result.truth() != Some(true) {
                        break;
                    }
                    left = right;
                }
                result
            }
            Expr::If(it) => match self.eval(&it.test, scope).truth() {
                Some(true) => self.eval(&it.body, scope),
                Some(false) => self.eval(&it.orelse, scope),
                None => {
                    let left = self.perhaps(|this| this.eval(&it.body, scope));
                    let right = self.perhaps(|this| this.eval(&it.orelse, scope));
                    if left.equals(&right) == Some(true) {
                        left
                    } else {
                        Value::unknown("a condition that is not known")
                    }
                }
            },
            Expr::Call(it) => self.call_expression(it, at, scope),
            Expr::Lambda(it) => Value::Function(Rc::new(Function {
                name: "lambda",
                parameters: it.parameters.as_deref(),
                body: Body::Expression(&it.body),
                scope: Rc::clone(scope),
                defaults: self.defaults(it.parameters.as_deref(), scope),
                bound: None,
                owner: None,
                binding: Binding::Object,
                generates: false,
                manages: false,
                decorated: None,
            })),
            Expr::ListComp(it) => self.comprehension(&it.generators, &it.elt, scope),
            Expr::SetComp(it) => self.comprehension(&it.generators, &it.elt, scope),
            Expr::Generator(it) => self.comprehension(&it.generators, &it.elt, scope),
            Expr::DictComp(it) => {
                let Some(key) = &it.key else { return Value::unknown("a dictionary") };
                let (mut entries, mut sure, here) = (Vec::new(), usize::MAX, self.possible);
                let inner = Scope::inside(scope);
                let done = self.generate(&it.generators, &inner, &mut |this, inner| {
                    let (key, value) = (this.eval(key, inner), this.eval(&it.value, inner));
                    if this.possible > here {
                        sure = sure.min(entries.len());
                    }
                    put(&mut entries, key, value);
                });
                done.map_or_else(|it| it, |()| Value::dict(entries).but_sure(sure).made_under(here))
            }
            Expr::Named(it) => {
                let value = self.eval(&it.value, scope);
                self.assign(&it.target, value.clone(), scope);
                value
            }
            Expr::Starred(it) => self.eval(&it.value, scope),
            Expr::Await(it) => self.eval(&it.value, scope),
            Expr::BytesLiteral(_) => Value::unknown("bytes"),
            Expr::TString(_) => Value::unknown("a template string"),
            Expr::Slice(_) => Value::unknown("a slice"),
            Expr::Yield(it) => {
                let value = it.value.as_ref().map_or(Value::None, |it| self.eval(it, scope));
                self.produce(vec![value], usize::MAX)
            }
            Expr::YieldFrom(it) => {
                let value = self.eval(&it.value, scope);
                match value.items() {
                    Some(items) => self.produce(items, value.sure()),
                    None => self.produce(vec![unknown_part(&value, "an item")], 0),
                }
            }
            Expr::IpyEscapeCommand(_) => Value::unknown("no Python"),
        }
    }

    fn lookup(&mut self, name: &'a str, scope: &Rc<Scope<'a>>) -> Value<'a> {
        if let Some(value) = scope.get(name) {
            return value;
        }
        if let Some(value) = self.defined(scope, name) {
            return value;
        }
        match name {
            "__file__" | "__name__" => Value::unknown(format!("`{name}`")),
            _ => Value::Library(format!("builtins.{name}").into()),
        }
    }

    /// The items of a display, with `*` unpacked. What cannot be unpacked is one unknown item.
    pub(super) fn items(&mut self, elements: &'a [Expr], scope: &Rc<Scope<'a>>) -> Vec<Value<'a>> {
        let mut items = Vec::with_capacity(elements.len());
        for element in elements {
            match element {
                Expr::Starred(it) => {
                    let value = self.eval(&it.value, scope);
                    match value.items() {
                        Some(more) => items.extend(more),
                        None => items.push(unknown_part(&value, "an item")),
                    }
                }
                other => items.push(self.eval(other, scope)),
            }
        }
        items
    }

    fn distinct(&mut self, elements: &'a [Expr], scope: &Rc<Scope<'a>>) -> Vec<Value<'a>> {
        let mut items: Vec<Value<'a>> = Vec::new();
        for item in self.items(elements, scope) {
            if !items.iter().any(|it| it.equals(&item) == Some(true)) {
                items.push(item);
            }
        }
        items
    }

    fn bool_op(&mut self, op: BoolOp, values: &'a [Expr], scope: &Rc<Scope<'a>>) -> Value<'a> {
        let ends = match op {
            BoolOp::And => false,
            BoolOp::Or => true,
        };
        let mut unknown: Option<Value<'a>> = None;
        let mut last = Value::None;
        for value in values {
            let value = match &unknown {
                None => self.eval(value, scope),
                Some(_) => self.perhaps(|it| it.eval(value, scope)),
            };
            match value.truth() {
                // `x and False` is false whatever x is; `x or "a"` is true, but which of them is not known.
                Some(truth) if truth == ends => match (unknown, value) {
                    (None, value) | (Some(_), value @ Value::Bool(_)) => return value,
                    (Some(unknown), _) => return unknown,
                },
                Some(_) => last = value,
                None => unknown = Some(value),
            }
        }
        unknown.unwrap_or(last)
    }

    fn comprehension(
        &mut self,
        generators: &'a [Comprehension],
        element: &'a Expr,
        scope: &Rc<Scope<'a>>,
    ) -> Value<'a> {
        let (mut items, mut sure, here) = (Vec::new(), usize::MAX, self.possible);
        let inner = Scope::inside(scope);
        let done = self.generate(generators, &inner, &mut |this, inner| {
            let item = this.eval(element, inner);
            if this.possible > here {
                sure = sure.min(items.len());
            }
            items.push(item);
        });
        done.map_or_else(|it| it, |()| Value::list(items).but_sure(sure).made_under(here))
    }

    /// Runs `each` for every round of nested `for … if …`, for those that may not be as well. `Err` if the rounds are
    /// not known: then it ran once, for what it sends.
    fn generate(
        &mut self,
        generators: &'a [Comprehension],
        scope: &Rc<Scope<'a>>,
        each: &mut dyn FnMut(&mut Self, &Rc<Scope<'a>>),
    ) -> Result<(), Value<'a>> {
        let Some((generator, rest)) = generators.split_first() else {
            each(self, scope);
            return Ok(());
        };
        let value = self.eval(&generator.iter, scope);
        let Some(items) = value.items() else {
            let part = unknown_part(&value, "an item");
            self.assign(&generator.target, part.clone(), scope);
            let _once = self.perhaps(|it| it.generate(rest, scope, each));
            return Err(part);
        };
        if items.len() > ITEMS {
            self.problem(span(&generator.iter), "the list is longer than is followed here".to_owned());
            return Err(Value::unknown("a long list"));
        }
        for (round, item) in items.into_iter().enumerate() {
            if !self.step(span(generator)) {
                break;
            }
            self.assign(&generator.target, item, scope);
            let (mut holds, mut doubtful) = (true, round >= value.sure());
            for condition in &generator.ifs {
                match self.eval(condition, scope).truth() {
                    Some(true) => {}
                    Some(false) => holds = false,
                    None => doubtful = true,
                }
                if !holds {
                    break;
                }
            }
            if holds && doubtful {
                self.perhaps(|it| it.generate(rest, scope, each))?;
            } else if holds {
                self.generate(rest, scope, each)?;
            }
        }
        Ok(())
    }

    /// `value.name`.
    pub(crate) fn attribute(&mut self, value: &Value<'a>, name: &str, at: Span) -> Value<'a> {
        match value {
            Value::Unknown(it) => {
                // What an unknown object does is not known either; but a plain attribute does nothing.
                Value::Method(Rc::new((Value::Unknown(it.clone()), name.to_owned())))
            }
            Value::Library(path) => self.library_attribute(path, name),
            Value::Above(it) => self.attribute_above(&Rc::clone(it), name),
            Value::Module(file) => self.module_attribute(*file, name),
            Value::Dialect if name == "name" => Value::Str(crate::alembic::text::Text::made(self.dialect, at)),
            Value::Connection | Value::Context if name == "dialect" => Value::Dialect,
            Value::Context if matches!(name, "bind" | "connection") => Value::Connection,
            Value::Context if name == "config" => Value::Library("alembic.context.config".into()),
            Value::Connection if matches!(name, "engine" | "connection") => Value::Connection,
            Value::Connection if name == "name" => Value::Str(crate::alembic::text::Text::made(self.dialect, at)),
            Value::Context if name == "version_table_schema" => match &self.surroundings.version_schema {
                Given::No => Value::None,
                Given::Known(it) => Value::Str(crate::alembic::text::Text::made(it.as_str(), at)),
                Given::Unknown => Value::unknown("the schema that `env.py` gives"),
            },
            Value::Context if name == "as_sql" => Value::Bool(false),
            Value::Object(object) => {
                match (name, object.member) {
                    ("name", Some(member)) => return Value::Str(crate::alembic::text::Text::made(member, at)),
                    ("value", Some(_)) => return object.value.clone(),
                    _ => {}
                }
                self.class_attribute(&object.class, name, Some(value)).unwrap_or_else(|| self.method_of(value, name))
            }
            Value::Class(class) => {
                if name == "__name__" {
                    return Value::Str(crate::alembic::text::Text::made(class.name, at));
                }
                if let (ClassKind::Model(table), "__tablename__") = (&class.kind, name) {
                    return table.clone().map_or_else(|| Value::unknown("the name of a table"), Value::Str);
                }
                if let ClassKind::Model(_) = &class.kind
                    && let Some(it) = self.mapped_attribute(class, name)
                {
                    return it;
                }
                let found = self.class_attribute(class, name, None);
                found.unwrap_or_else(|| match &class.kind {
                    ClassKind::Model(_) => Value::unknown(format!("`{}.{name}`", class.name)),
                    _ => self.method_of(value, name),
                })
            }
            Value::Table(table) => match name {
                "c" | "columns" => Value::Columns(Rc::clone(table)),
                "name" => Value::Str(table.name.clone()),
                "schema" => table.schema.clone().map_or(Value::None, Value::Str),
                _ => self.method_of(value, name),
            },
            Value::Sql(sql) if name == "excluded" => {
                crate::alembic::construct::excluded(sql).unwrap_or_else(|| self.method_of(value, name))
            }
            Value::Columns(table) => {
                self.column_of(table, name).unwrap_or_else(|| Value::unknown(format!("the column `{name}` of a table")))
            }
            Value::Column(column) => match name {
                "name" => Value::Str(column.borrow().name.clone()),
                "type" => column.borrow().kind.clone().map_or(Value::None, Value::Type),
                _ => self.method_of(value, name),
            },
            Value::Type(kind) => match name {
                "name" => {
                    let named = kind.borrow().enumeration().and_then(|it| it.borrow().name.clone());
                    named.map_or_else(|| self.method_of(value, name), Value::Str)
                }
                "enums" => {
                    let labels = kind.borrow().enumeration().and_then(|it| it.borrow().labels.clone());
                    labels.map_or_else(
                        || Value::unknown("the labels of a type"),
                        |it| Value::list(it.into_iter().map(Value::Str).collect()),
                    )
                }
                _ => self.method_of(value, name),
            },
            Value::Moment(moment) => {
                let (year, month, date) = crate::calendar::civil(moment.day);
                let time = moment.time.unwrap_or_default();
                match name {
                    "year" => Value::Int(year),
                    "month" => Value::Int(month),
                    "day" => Value::Int(date),
                    "hour" => Value::Int(time / 3600),
                    "minute" => Value::Int(time / 60 % 60),
                    "second" => Value::Int(time % 60),
                    _ => self.method_of(value, name),
                }
            }
            Value::Delta(days, seconds) => match name {
                "days" => Value::Int(*days),
                "seconds" => Value::Int(*seconds),
                _ => self.method_of(value, name),
            },
            _ => self.method_of(value, name),
        }
    }

    fn method_of(&self, value: &Value<'a>, name: &str) -> Value<'a> {
        Value::Method(Rc::new((value.clone(), name.to_owned())))
    }

    pub(super) fn defaults(
        &mut self,
        parameters: Option<&'a crate::alembic::python::Parameters>,
        scope: &Rc<Scope<'a>>,
    ) -> FxHashMap<&'a str, Value<'a>> {
        let Some(parameters) = parameters else { return FxHashMap::default() };
        let mut defaults = FxHashMap::default();
        for it in parameters.iter_non_variadic_params() {
            if let Some(default) = &it.default {
                let value = self.eval(default, scope);
                defaults.insert(it.parameter.name.as_str(), value);
            }
        }
        defaults
    }
}

/// Sets a key of a dictionary.
pub(crate) fn put<'a>(entries: &mut Vec<(Value<'a>, Value<'a>)>, key: Value<'a>, value: Value<'a>) {
    match entries.iter_mut().find(|it| it.0.equals(&key) == Some(true)) {
        Some(entry) => entry.1 = value,
        None => entries.push((key, value)),
    }
}

fn unary<'a>(op: UnaryOp, value: Value<'a>) -> Value<'a> {
    match (op, &value) {
        (UnaryOp::Not, _) => match value.truth() {
            Some(it) => Value::Bool(!it),
            None => unknown_part(&value, "not"),
        },
        (UnaryOp::USub, Value::Int(it)) => {
            it.checked_neg().map_or_else(|| Value::unknown("a large number"), Value::Int)
        }
        (UnaryOp::USub, Value::Float(it)) => Value::Float(-it),
        (UnaryOp::USub, Value::Relative(by)) => Value::Relative(by.times(-1)),
        (UnaryOp::USub, Value::Delta(days, seconds)) => Value::Delta(days.saturating_neg(), seconds.saturating_neg()),
        (UnaryOp::UAdd, Value::Int(_) | Value::Float(_)) => value,
        (UnaryOp::Invert, Value::Sql(it)) => {
            Value::sql(Sql::Unary { before: "NOT ", operand: Rc::clone(it), after: "", strength: strength::NOT })
        }
        (UnaryOp::Invert, Value::Int(it)) => Value::Int(!it),
        _ => unknown_part(&value, "an operator"),
    }
}
