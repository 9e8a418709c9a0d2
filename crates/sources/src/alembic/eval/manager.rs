//! Context managers that a function with `yield` makes: what stands before it runs where a `with` begins, the rest where
//! it ends.

use super::{Flow, Interpreter};
use crate::alembic::python::{Expr, Stmt, StmtIf, Visitor, WithItem, span, walk_expr, walk_stmt};
use crate::alembic::value::{Body, Function, Manager, Scope, Value};
use lockkeeper_syntax::Span;
use std::rc::Rc;

/// What is left to do when a context manager is left.
#[derive(Clone, Debug)]
pub(crate) enum Rest<'a> {
    Run(&'a [Stmt]),
    Leave(Value<'a>, Span),
}

impl<'a> Interpreter<'a> {
    /// What calling a function that `contextmanager` decorates gives, its parameters bound in `scope`.
    pub(super) fn manager(&mut self, function: &Rc<Function<'a>>, scope: Rc<Scope<'a>>) -> Value<'a> {
        Value::Manager(Rc::new(Manager { function: Rc::clone(function), scope, rest: Default::default() }))
    }

    /// Runs what stands before `yield`; what is yielded.
    pub(super) fn open_manager(&mut self, manager: &Manager<'a>, at: Span) -> Value<'a> {
        let Body::Statements(body) = manager.function.body else { return Value::None };
        let mut rest = Vec::new();
        self.site = self.here(at);
        let yielded = self.deeper(at, |it| it.until_yield(body, &manager.scope, &mut rest)).flatten();
        manager.rest.borrow_mut().extend(rest);
        yielded.unwrap_or(Value::None)
    }

    /// Runs what stands behind `yield`.
    pub(super) fn close_manager(&mut self, manager: &Manager<'a>, at: Span) {
        let rest = std::mem::take(&mut *manager.rest.borrow_mut());
        self.site = self.here(at);
        for it in rest {
            match it {
                Rest::Run(body) => {
                    self.deeper(at, |it| it.run(body, &manager.scope));
                }
                Rest::Leave(value, at) => self.leave(&value, at),
            }
        }
    }

    fn until_yield(&mut self, body: &'a [Stmt], scope: &Rc<Scope<'a>>, rest: &mut Vec<Rest<'a>>) -> Option<Value<'a>> {
        for (at, statement) in body.iter().enumerate() {
            if !yields(statement) {
                match self.run(std::slice::from_ref(statement), scope) {
                    Flow::Next => continue,
                    Flow::Stop(_) => return None,
                }
            }
            let value = match statement {
                Stmt::Expr(it) => self.yielded(&it.value, scope),
                Stmt::Assign(it) => self.yielded(&it.value, scope),
                Stmt::Try(it) => {
                    let value = self.until_yield(&it.body, scope, rest);
                    rest.push(Rest::Run(&it.orelse));
                    rest.push(Rest::Run(&it.finalbody));
                    value
                }
                Stmt::With(it) => {
                    let opened = self.enter_all(&it.items, scope);
                    let value = self.until_yield(&it.body, scope, rest);
                    rest.extend(opened.into_iter().rev().map(|(value, at)| Rest::Leave(value, at)));
                    value
                }
                Stmt::If(it) => {
                    let body = self.arm(it, scope);
                    self.until_yield(body, scope, rest)
                }
                other => {
                    self.problem(span(other), "this way of yielding is not understood".to_owned());
                    None
                }
            };
            rest.push(Rest::Run(&body[at + 1..]));
            return value;
        }
        None
    }

    fn yielded(&mut self, expr: &'a Expr, scope: &Rc<Scope<'a>>) -> Option<Value<'a>> {
        match expr {
            Expr::Yield(it) => it.value.as_ref().map(|it| self.eval(it, scope)),
            _ => None,
        }
    }

    /// The arm of an `if` that is taken; where that is not known, the first that may be.
    fn arm(&mut self, it: &'a StmtIf, scope: &Rc<Scope<'a>>) -> &'a [Stmt] {
        let clauses = it.elif_else_clauses.iter().map(|it| (it.test.as_ref(), &it.body));
        let mut arms = std::iter::once((Some(&*it.test), &it.body)).chain(clauses);
        while let Some((test, body)) = arms.next() {
            let holds = test.map_or(Some(true), |it| self.eval(it, scope).truth());
            if holds == Some(false) {
                continue;
            }
            if holds.is_none() && arms.any(|it| it.1.iter().any(|it| !is_plain_yield(it))) {
                self.problem(span(&*it.test), "which way the context manager takes is not known".to_owned());
            }
            return body;
        }
        &[]
    }

    /// Enters the items of a `with`, the first first.
    pub(super) fn enter_all(&mut self, items: &'a [WithItem], scope: &Rc<Scope<'a>>) -> Vec<(Value<'a>, Span)> {
        let mut opened = Vec::new();
        for item in items {
            let at = span(&item.context_expr);
            let value = self.eval(&item.context_expr, scope);
            let entered = self.enter(&value, at);
            if let Some(target) = &item.optional_vars {
                self.assign(target, entered, scope);
            }
            opened.push((value, at));
        }
        opened
    }
}

/// Whether a statement does nothing but yield what it names.
fn is_plain_yield(statement: &Stmt) -> bool {
    let is_name = |it: &Expr| matches!(it, Expr::Name(_) | Expr::NoneLiteral(_));
    match statement {
        Stmt::Expr(it) => match &*it.value {
            Expr::Yield(it) => it.value.as_ref().is_none_or(|it| is_name(it)),
            _ => false,
        },
        _ => false,
    }
}

/// Whether a statement holds a `yield` of its function, unless that lies deeper than anybody writes one.
pub(super) fn yields(statement: &Stmt) -> bool {
    struct Yields {
        found: bool,
        deep: u32,
    }
    impl Yields {
        fn deeper(&mut self, walk: impl FnOnce(&mut Self)) {
            if self.deep < 60 && !self.found {
                self.deep += 1;
                walk(self);
                self.deep -= 1;
            }
        }
    }
    impl<'a> Visitor<'a> for Yields {
        fn visit_stmt(&mut self, statement: &'a Stmt) {
            if !matches!(statement, Stmt::FunctionDef(_) | Stmt::ClassDef(_)) {
                self.deeper(|it| walk_stmt(it, statement));
            }
        }

        fn visit_expr(&mut self, expr: &'a Expr) {
            self.found |= matches!(expr, Expr::Yield(_) | Expr::YieldFrom(_));
            self.deeper(|it| walk_expr(it, expr));
        }
    }
    let mut reader = Yields { found: false, deep: 0 };
    reader.visit_stmt(statement);
    reader.found
}
