//! Expressions that stand by themselves: what is called there is called for what it does.

use super::Interpreter;
use crate::alembic::python::{Expr, ExprCall, span};
use crate::alembic::value::{Scope, Value};
use lockkeeper_syntax::Span;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// An expression that stands by itself. A constant is a comment.
    pub(super) fn bare(&mut self, value: &'a Expr, scope: &Rc<Scope<'a>>) {
        if let Expr::StringLiteral(_) | Expr::EllipsisLiteral(_) = value {
            return;
        }
        let outer = self.performed.len();
        performed(value, &mut self.performed);
        self.eval(value, scope);
        self.performed.truncate(outer);
    }

    /// Says that it is not known what a call does which is made for that alone.
    pub(super) fn performs(&mut self, value: &Value<'a>, at: Span) {
        if let Value::Unknown(it) = value
            && it.acts
            && self.performed.contains(&at)
            && !self.is_said(at)
        {
            let message = format!("what {} does is not known", it.why);
            self.problem(at, message);
        }
    }
}

/// The calls of an expression whose results are thrown away.
fn performed(expr: &Expr, found: &mut Vec<Span>) {
    match expr {
        Expr::Call(it) => {
            found.push(span(expr));
            if collects(it) {
                it.arguments.args.iter().for_each(|it| performed(it, found));
            }
        }
        Expr::Await(it) => performed(&it.value, found),
        Expr::Starred(it) => performed(&it.value, found),
        Expr::Named(it) => performed(&it.value, found),
        Expr::UnaryOp(it) => performed(&it.operand, found),
        Expr::Attribute(it) => performed(&it.value, found),
        Expr::Subscript(it) => performed(&it.value, found),
        Expr::BoolOp(it) => it.values.iter().for_each(|it| performed(it, found)),
        Expr::If(it) => [&it.body, &it.orelse].into_iter().for_each(|it| performed(it, found)),
        Expr::Tuple(it) => it.elts.iter().for_each(|it| performed(it, found)),
        Expr::List(it) => it.elts.iter().for_each(|it| performed(it, found)),
        Expr::Set(it) => it.elts.iter().for_each(|it| performed(it, found)),
        Expr::ListComp(it) => performed(&it.elt, found),
        Expr::SetComp(it) => performed(&it.elt, found),
        Expr::Generator(it) => performed(&it.elt, found),
        Expr::DictComp(it) => performed(&it.value, found),
        _ => {}
    }
}

/// Whether a call only runs through what it is given.
fn collects(call: &ExprCall) -> bool {
    let Expr::Name(it) = &*call.func else { return false };
    matches!(it.id.as_str(), "all" | "any" | "deque" | "dict" | "list" | "print" | "set" | "sum" | "tuple")
}
