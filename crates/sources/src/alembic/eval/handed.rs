//! What is handed to somebody who is not known: the connection, an operation, a function that has one of them.

use super::Interpreter;
use crate::alembic::args::Args;
use crate::alembic::python::{Expr, Stmt, Visitor, walk_expr, walk_stmt};
use crate::alembic::value::{Body, Function, Value};
use std::rc::Rc;

/// How deep collections, objects and functions are looked through.
const DEPTH: u32 = 4;

/// Methods of a connection that send something.
const SEND: &[&str] = &["execute", "executemany", "exec", "exec_driver_sql", "scalar", "scalars", "run_sync"];

impl<'a> Interpreter<'a> {
    /// Whoever is given the connection may send something.
    pub(crate) fn handed_over(&mut self, args: &Args<'a>, to: &str) {
        if args.positional.iter().chain(args.named.iter().map(|it| &it.1)).any(|it| sends(&it.value, DEPTH)) {
            self.problem(args.span, format!("what {to} does with the connection is not known"));
        }
    }

    /// Somebody who is not known is told to send something: through a session of the application, or a cursor.
    pub(crate) fn sent_elsewhere(&mut self, method: &str, of: &str, args: &Args<'a>) {
        let given = !args.positional.is_empty() || !args.named.is_empty();
        if SEND.contains(&method) && given {
            self.problem(args.span, format!("what {of} sends is not known"));
        }
    }
}

/// Whether something can be sent by somebody who has the value.
fn sends(value: &Value<'_>, left: u32) -> bool {
    if left == 0 {
        return false;
    }
    let any = |it: &[Value<'_>]| it.iter().any(|it| sends(it, left - 1));
    match value {
        Value::Connection | Value::Context | Value::Batch(_) | Value::Nested => true,
        Value::Library(path) => is_operation(path),
        Value::Method(it) => match &it.0 {
            Value::Batch(_) => true,
            Value::Connection | Value::Context => SEND.contains(&it.1.as_str()),
            _ => false,
        },
        // Someone may hold it who is about to put something in.
        Value::List(it) => it.try_borrow().is_ok_and(|it| any(&it)),
        Value::Tuple(it) => any(it),
        Value::Dict(it) => it.try_borrow().is_ok_and(|it| it.iter().any(|it| sends(&it.1, left - 1))),
        Value::Object(it) if it.member.is_none() => it.fields.borrow().values().any(|it| sends(it, left - 1)),
        Value::Function(it) => names_what_sends(it, left),
        _ => false,
    }
}

/// Whether a name is `op`, or an operation of it that is not called yet.
fn is_operation(path: &str) -> bool {
    match path.strip_prefix("alembic.op") {
        Some("") => true,
        Some(name) => name.starts_with('.') && !matches!(name, ".f" | ".inline_literal"),
        None => false,
    }
}

/// Whether a function names something that sends.
fn names_what_sends(function: &Rc<Function<'_>>, left: u32) -> bool {
    if function.bound.as_ref().is_some_and(|it| sends(it, left - 1)) {
        return true;
    }
    let mut reader = Named { function, left, found: false };
    match function.body {
        Body::Statements(body) => body.iter().for_each(|it| reader.visit_stmt(it)),
        Body::Expression(body) => reader.visit_expr(body),
    }
    reader.found
}

struct Named<'f, 'a> {
    function: &'f Function<'a>,
    left: u32,
    found: bool,
}

impl Named<'_, '_> {
    fn is_parameter(&self, name: &str) -> bool {
        self.function.parameters.is_some_and(|it| it.iter().any(|it| it.name().as_str() == name))
    }
}

impl<'v> Visitor<'v> for Named<'_, '_> {
    fn visit_stmt(&mut self, statement: &'v Stmt) {
        if !self.found {
            walk_stmt(self, statement);
        }
    }

    fn visit_expr(&mut self, expr: &'v Expr) {
        if self.found {
            return;
        }
        if let Expr::Name(it) = expr
            && !self.is_parameter(it.id.as_str())
            && let Some(value) = self.function.scope.get(it.id.as_str())
        {
            self.found = sends(&value, self.left - 1);
        }
        walk_expr(self, expr);
    }
}
