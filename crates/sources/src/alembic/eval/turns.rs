//! Loops of which it is not known how often they run: one turn stands for all, so what earlier turns may have left is
//! not known in it.

use super::Interpreter;
use crate::alembic::python::{Expr, Stmt, Visitor, walk_expr, walk_stmt};
use crate::alembic::value::{Scope, Unknown, Value};
use std::rc::Rc;

/// Why an item of a collection is not known that an earlier turn may have put in.
const EARLIER: &str = "an earlier turn of the loop";

/// Methods that change what a collection holds.
const CHANGES: &[&str] =
    &["add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "setdefault", "update"];

impl<'a> Interpreter<'a> {
    /// Runs the body of a loop once for all its turns.
    pub(super) fn one_turn(&mut self, body: &'a [Stmt], scope: &Rc<Scope<'a>>) -> super::Flow<'a> {
        let mut changed = Changed::default();
        body.iter().for_each(|it| changed.visit_stmt(it));
        forget_flags(&changed.assigned, scope);
        let collections: Vec<Value<'a>> = changed.collections.into_iter().filter_map(|it| scope.get(it)).collect();
        collections.iter().for_each(put_earlier);
        let left = self.maybe_left;
        let flow = self.perhaps_round(body, scope);
        if self.maybe_returned.is_none() {
            // What ends a turn does not keep what follows the loop from being reached.
            self.maybe_left = left;
        }
        collections.iter().for_each(take_earlier);
        flow
    }
}

/// What a value says that says no more than that nothing was set yet is not known.
fn forget_flags<'a>(assigned: &[&'a str], scope: &Rc<Scope<'a>>) {
    let mut names = scope.names.borrow_mut();
    for name in assigned {
        if let Some(value) = names.get_mut(name)
            && matches!(value, Value::None | Value::Bool(_) | Value::Int(_))
        {
            *value = Value::unknown(format!("which turn of the loop sets `{name}`"));
        }
    }
}

fn put_earlier(collection: &Value<'_>) {
    let earlier = || Value::unknown(EARLIER);
    match collection {
        Value::List(items) => {
            items.doubt(items.borrow().len());
            items.borrow_mut().push(earlier());
        }
        Value::Dict(entries) => {
            entries.doubt(entries.borrow().len());
            entries.borrow_mut().push((earlier(), earlier()));
        }
        _ => {}
    }
}

fn take_earlier(collection: &Value<'_>) {
    let is_earlier = |it: &Value<'_>| matches!(it, Value::Unknown(Unknown { why, .. }) if &**why == EARLIER);
    match collection {
        Value::List(items) => items.borrow_mut().retain(|it| !is_earlier(it)),
        Value::Dict(entries) => entries.borrow_mut().retain(|it| !is_earlier(&it.0)),
        _ => {}
    }
}

/// What the body of a loop changes of the names around it.
#[derive(Default)]
struct Changed<'a> {
    /// Names that it gives a value.
    assigned: Vec<&'a str>,
    /// Names of collections of which it changes the items.
    collections: Vec<&'a str>,
}

impl<'a> Changed<'a> {
    fn target(&mut self, target: &'a Expr) {
        match target {
            Expr::Name(it) => self.assigned.push(it.id.as_str()),
            Expr::Subscript(it) => self.collection(&it.value),
            _ => {}
        }
    }

    fn collection(&mut self, expr: &'a Expr) {
        if let Expr::Name(it) = expr
            && !self.collections.contains(&it.id.as_str())
        {
            self.collections.push(it.id.as_str());
        }
    }
}

impl<'a> Visitor<'a> for Changed<'a> {
    fn visit_stmt(&mut self, statement: &'a Stmt) {
        match statement {
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => return,
            Stmt::Assign(it) => it.targets.iter().for_each(|it| self.target(it)),
            Stmt::AugAssign(it) => self.target(&it.target),
            Stmt::Delete(it) => it.targets.iter().for_each(|it| self.target(it)),
            _ => {}
        }
        walk_stmt(self, statement);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(it) = expr
            && let Expr::Attribute(method) = &*it.func
            && CHANGES.contains(&method.attr.as_str())
        {
            self.collection(&method.value);
        }
        walk_expr(self, expr);
    }
}
