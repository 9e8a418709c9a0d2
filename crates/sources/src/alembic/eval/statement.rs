//! Statements.

use super::flow::{Flow, Stop};
use super::{Interpreter, Kind, unknown_part};
use crate::alembic::args::Args;
use crate::alembic::python::{ExceptHandler, Expr, Stmt, StmtIf, span};
use crate::alembic::value::{Scope, Value};
use lockkeeper_syntax::Span;
use rustc_hash::FxHashMap;
use std::rc::Rc;

/// How often the body of a loop is run.
const ROUNDS: usize = 5_000;

impl<'a> Interpreter<'a> {
    /// Runs a block. After a branch that may have left it, the rest is only possible.
    pub(super) fn run(&mut self, block: &'a [Stmt], scope: &Rc<Scope<'a>>) -> Flow<'a> {
        let doubts = self.possible;
        let mut returned: Option<Value<'a>> = None;
        let mut end = Flow::Next;
        for statement in block {
            let at = span(statement);
            if !self.step(at) {
                break;
            }
            let before = self.maybe_left;
            let flow = self.deeper(at, |it| it.statement(statement, scope)).unwrap_or(Flow::Next);
            if let Flow::Stop(stop) = flow {
                end = Flow::Stop(stop);
                break;
            }
            if self.maybe_left > before {
                // Someone may have left this block, so the rest of it may not be reached.
                self.possible += 1;
                if let Some(value) = self.maybe_returned.take() {
                    returned = Some(match returned {
                        None => value,
                        Some(_) => Value::unknown("which branch returns"),
                    });
                }
            }
        }
        self.possible = doubts;
        match (returned, end) {
            (None, end) => end,
            (Some(value), Flow::Next) => {
                self.maybe_returned = Some(value);
                Flow::Next
            }
            (Some(first), Flow::Stop(Stop::Return(second))) => {
                let same = first.equals(&second) == Some(true);
                let value = if same { second } else { Value::unknown("which branch returns") };
                Flow::Stop(Stop::Return(value))
            }
            (Some(_), end) => end,
        }
    }

    fn statement(&mut self, statement: &'a Stmt, scope: &Rc<Scope<'a>>) -> Flow<'a> {
        let at = span(statement);
        match statement {
            Stmt::Expr(it) => self.bare(&it.value, scope),
            Stmt::Assign(it) => {
                let value = self.eval(&it.value, scope);
                for target in &it.targets {
                    self.assign(target, value.clone(), scope);
                }
            }
            Stmt::AnnAssign(it) => {
                if let Some(value) = &it.value {
                    let value = self.eval(value, scope);
                    self.assign(&it.target, value, scope);
                }
            }
            Stmt::AugAssign(it) => {
                let old = self.eval(&it.target, scope);
                let value = self.eval(&it.value, scope);
                let new = self.binary(it.op, old, value, at);
                self.assign(&it.target, new, scope);
            }
            Stmt::FunctionDef(it) => self.define(it, scope),
            Stmt::ClassDef(it) => self.define_class(it, scope),
            Stmt::Import(it) => self.import(&it.names, scope),
            Stmt::ImportFrom(it) => {
                self.import_from(it.module.as_ref().map(|it| it.as_str()), it.level, &it.names, scope);
            }
            Stmt::Return(it) => {
                let value = it.value.as_ref().map_or(Value::None, |it| self.eval(it, scope));
                return Flow::Stop(Stop::Return(value));
            }
            Stmt::Raise(_) => return Flow::Stop(Stop::Raise),
            Stmt::Break(_) => return Flow::Stop(Stop::Break),
            Stmt::Continue(_) => return Flow::Stop(Stop::Continue),
            Stmt::If(it) => return self.branch(it, scope),
            Stmt::For(it) => return self.repeat(&it.target, &it.iter, &it.body, &it.orelse, scope, at),
            Stmt::While(it) => return self.repeat_while(&it.test, &it.body, &it.orelse, scope, at),
            Stmt::With(it) => return self.with(&it.items, &it.body, scope),
            Stmt::Try(it) => return self.attempt(it, scope),
            Stmt::Assert(it) => {
                self.eval(&it.test, scope);
            }
            Stmt::Delete(it) => {
                for target in &it.targets {
                    self.delete(target, scope);
                }
            }
            Stmt::Global(it) => {
                for name in &it.names {
                    self.globals.push(name.as_str());
                }
            }
            Stmt::Pass(_) | Stmt::Nonlocal(_) | Stmt::TypeAlias(_) => {}
            Stmt::Match(it) => {
                let subject = self.eval(&it.subject, scope);
                return self.cases(&subject, &it.cases, scope);
            }
            Stmt::IpyEscapeCommand(_) => self.problem(at, "this is no Python".to_owned()),
        }
        Flow::Next
    }

    fn branch(&mut self, it: &'a StmtIf, scope: &Rc<Scope<'a>>) -> Flow<'a> {
        let mut arms: Vec<(Option<&'a Expr>, &'a [Stmt])> = vec![(Some(&it.test), &it.body)];
        arms.extend(it.elif_else_clauses.iter().map(|it| (it.test.as_ref(), it.body.as_ref() as &[Stmt])));
        self.arms(&arms, scope)
    }

    fn arms(&mut self, arms: &[(Option<&'a Expr>, &'a [Stmt])], scope: &Rc<Scope<'a>>) -> Flow<'a> {
        let Some(((test, body), rest)) = arms.split_first() else { return Flow::Next };
        let Some(test) = test else { return self.run(body, scope) };
        match self.eval(test, scope).truth() {
            Some(true) => self.run(body, scope),
            Some(false) => self.arms(rest, scope),
            None => self.either(scope, |it| it.run(body, scope), |it| it.arms(rest, scope)),
        }
    }

    /// Takes two ways of which one is taken, and joins what they leave.
    pub(super) fn either(
        &mut self,
        scope: &Rc<Scope<'a>>,
        first: impl FnOnce(&mut Self) -> Flow<'a>,
        second: impl FnOnce(&mut Self) -> Flow<'a>,
    ) -> Flow<'a> {
        let before = scope.names.borrow().clone();
        let left = self.perhaps(first);
        let after_first = std::mem::replace(&mut *scope.names.borrow_mut(), before);
        let right = self.perhaps(second);
        match (left, right) {
            (Flow::Stop(Stop::Raise), right) => right,
            (left, Flow::Stop(Stop::Raise)) => {
                *scope.names.borrow_mut() = after_first;
                left
            }
            (Flow::Next, Flow::Next) => {
                join(scope, after_first);
                Flow::Next
            }
            (Flow::Stop(stop), Flow::Next) => {
                self.leaves_with(&stop, after_first);
                self.may_leave(stop)
            }
            (Flow::Next, Flow::Stop(stop)) => {
                let after_second = std::mem::replace(&mut *scope.names.borrow_mut(), after_first);
                self.leaves_with(&stop, after_second);
                self.may_leave(stop)
            }
            (Flow::Stop(Stop::Return(left)), Flow::Stop(Stop::Return(right))) => {
                let same = left.equals(&right) == Some(true);
                Flow::Stop(Stop::Return(if same { right } else { Value::unknown("which branch returns") }))
            }
            (Flow::Stop(left), Flow::Stop(_)) => {
                self.leaves_with(&left, after_first);
                Flow::Stop(left)
            }
        }
    }

    /// Keeps what a branch leaves that ends a turn of the loop around it: it holds behind the loop.
    fn leaves_with(&mut self, stop: &Stop<'a>, names: FxHashMap<&'a str, Value<'a>>) {
        if let Stop::Break | Stop::Continue = stop {
            self.left_with.push(names);
        }
    }

    /// Joins what the branches left that ended a turn of a loop, as many as came since it began.
    fn behind_loop(&mut self, since: usize, scope: &Rc<Scope<'a>>) {
        for names in self.left_with.split_off(since.min(self.left_with.len())) {
            join(scope, names);
        }
    }

    fn may_leave(&mut self, stop: Stop<'a>) -> Flow<'a> {
        self.maybe_left += 1;
        if let Stop::Return(value) = stop {
            self.maybe_returned = Some(value);
        }
        Flow::Next
    }

    fn repeat(
        &mut self,
        target: &'a Expr,
        iter: &'a Expr,
        body: &'a [Stmt],
        orelse: &'a [Stmt],
        scope: &Rc<Scope<'a>>,
        at: Span,
    ) -> Flow<'a> {
        let value = self.eval(iter, scope);
        let since = self.left_with.len();
        let Some(items) = value.items() else {
            // How often it runs is not known: once stands for all.
            self.assign(target, unknown_part(&value, "an item"), scope);
            self.one_turn(body, scope);
            self.behind_loop(since, scope);
            return self.perhaps_round(orelse, scope);
        };
        let doubts = self.possible;
        let mut end = Flow::Next;
        for (round, item) in items.into_iter().enumerate() {
            if round == ROUNDS {
                self.problem(at, "the loop runs longer than is followed here".to_owned());
                break;
            }
            self.assign(target, item, scope);
            let left = self.maybe_left;
            if round >= value.sure() {
                self.perhaps_round(body, scope);
                continue;
            }
            match self.run(body, scope) {
                Flow::Next | Flow::Stop(Stop::Continue) => {}
                stop => {
                    end = stop;
                    break;
                }
            }
            if self.maybe_left > left {
                // It may have ended early, but it may also have gone on with the next item.
                self.possible = doubts + 1;
                if self.maybe_returned.is_none() {
                    self.maybe_left = left;
                }
            }
        }
        self.possible = doubts;
        self.behind_loop(since, scope);
        match end {
            Flow::Next => self.run(orelse, scope),
            Flow::Stop(Stop::Break) => Flow::Next,
            end => end,
        }
    }

    /// Runs the body of a loop as something that may not happen, and joins what it leaves with what was before.
    pub(super) fn perhaps_round(&mut self, body: &'a [Stmt], scope: &Rc<Scope<'a>>) -> Flow<'a> {
        let before = scope.names.borrow().clone();
        let flow = self.perhaps(|it| it.run(body, scope));
        match flow {
            Flow::Stop(Stop::Raise) => {
                *scope.names.borrow_mut() = before;
                Flow::Next
            }
            Flow::Stop(Stop::Return(value)) => {
                join(scope, before);
                self.may_leave(Stop::Return(value))
            }
            _ => {
                join(scope, before);
                Flow::Next
            }
        }
    }

    fn repeat_while(
        &mut self,
        test: &'a Expr,
        body: &'a [Stmt],
        orelse: &'a [Stmt],
        scope: &Rc<Scope<'a>>,
        at: Span,
    ) -> Flow<'a> {
        let since = self.left_with.len();
        let flow = self.turns_while(test, body, scope, at);
        self.behind_loop(since, scope);
        match flow {
            Flow::Next => self.perhaps_round(orelse, scope),
            flow => flow,
        }
    }

    fn turns_while(&mut self, test: &'a Expr, body: &'a [Stmt], scope: &Rc<Scope<'a>>, at: Span) -> Flow<'a> {
        for _ in 0..ROUNDS {
            match self.eval(test, scope).truth() {
                Some(false) => return Flow::Next,
                None => return self.one_turn(body, scope),
                Some(true) => {}
            }
            let left = self.maybe_left;
            match self.run(body, scope) {
                Flow::Next | Flow::Stop(Stop::Continue) => {}
                Flow::Stop(Stop::Break) => return Flow::Next,
                stop => return stop,
            }
            if self.maybe_left > left {
                // Whether it goes on is not known.
                if self.maybe_returned.is_none() {
                    self.maybe_left = left;
                }
                return Flow::Next;
            }
        }
        self.problem(at, "the loop runs longer than is followed here".to_owned());
        Flow::Next
    }

    fn attempt(&mut self, it: &'a crate::alembic::python::StmtTry, scope: &Rc<Scope<'a>>) -> Flow<'a> {
        let (left, sent) = (self.maybe_left, self.sent.len());
        let mut flow = self.run(&it.body, scope);
        let may_fail = self.sent.len() > sent || matches!(&flow, Flow::Stop(Stop::Return(it)) if it.is_unknown());
        let mut goes_on = false;
        // What a handler does is done only if something fails.
        for ExceptHandler::ExceptHandler(handler) in &it.handlers {
            if let Some(name) = &handler.name {
                scope.set(name.as_str(), Value::unknown("an exception"));
            }
            let before = scope.names.borrow().clone();
            let handled = self.perhaps(|this| this.run(&handler.body, scope));
            if !matches!(flow, Flow::Stop(Stop::Raise)) {
                *scope.names.borrow_mut() = before;
            }
            goes_on |= matches!(handled, Flow::Next);
            if let (Flow::Stop(Stop::Raise), Flow::Next) = (&flow, &handled) {
                flow = Flow::Next;
            }
        }
        self.maybe_left = left.max(self.maybe_left);
        if let Flow::Next = flow {
            flow = self.run(&it.orelse, scope);
        }
        match (self.run(&it.finalbody, scope), flow) {
            // What would leave may fail before it does, and the handler goes on with what stands below.
            (Flow::Next, Flow::Stop(stop)) if goes_on && may_fail && !matches!(stop, Stop::Raise) => {
                self.leaves_with(&stop, scope.names.borrow().clone());
                self.may_leave(stop)
            }
            (Flow::Next, flow) => flow,
            (stop, _) => stop,
        }
    }

    fn with(
        &mut self,
        items: &'a [crate::alembic::python::WithItem],
        body: &'a [Stmt],
        scope: &Rc<Scope<'a>>,
    ) -> Flow<'a> {
        let opened = self.enter_all(items, scope);
        let flow = self.run(body, scope);
        for (value, at) in opened.into_iter().rev() {
            self.leave(&value, at);
        }
        flow
    }

    /// What `with value as name` gives to the name.
    pub(super) fn enter(&mut self, value: &Value<'a>, at: Span) -> Value<'a> {
        match value {
            Value::Autocommit => {
                self.turn(Kind::Alone, at);
                Value::None
            }
            Value::Nested => Value::Connection,
            Value::Unknown(it) => {
                if it.acts {
                    let message = format!("what {} does is not known", it.why);
                    self.problem(at, message);
                }
                value.clone()
            }
            Value::Object(it) => match self.class_attribute(&it.class, "__enter__", Some(value)) {
                Some(method) => self.call(method, Args::none(at), &at),
                None => {
                    self.problem(at, format!("what entering {} does is not known", value.kind()));
                    Value::unknown("a context manager")
                }
            },
            Value::Manager(it) => self.open_manager(&Rc::clone(it), at),
            other => other.clone(),
        }
    }

    pub(super) fn leave(&mut self, value: &Value<'a>, at: Span) {
        match value {
            Value::Autocommit => self.turn(Kind::Together, at),
            Value::Batch(batch) => self.flush(batch),
            Value::Manager(it) => self.close_manager(&Rc::clone(it), at),
            Value::Object(it) => {
                if let Some(method) = self.class_attribute(&it.class, "__exit__", Some(value)) {
                    self.call(method, Args::of(vec![Value::None; 3], at), &at);
                }
            }
            _ => {}
        }
    }
}

/// Joins the names after two branches: what differs is not known.
fn join<'a>(scope: &Rc<Scope<'a>>, other: FxHashMap<&'a str, Value<'a>>) {
    let mut names = scope.names.borrow_mut();
    for (name, value) in other {
        match names.get(name) {
            None => {
                names.insert(name, value);
            }
            Some(here) if same(here, &value) => {}
            Some(_) => {
                names.insert(name, Value::unknown(format!("which branch sets `{name}`")));
            }
        }
    }
}

fn same<'a>(left: &Value<'a>, right: &Value<'a>) -> bool {
    match (left, right) {
        (Value::Type(a), Value::Type(b)) => Rc::ptr_eq(a, b),
        (Value::Column(a), Value::Column(b)) => Rc::ptr_eq(a, b),
        (Value::Table(a), Value::Table(b)) => Rc::ptr_eq(a, b),
        (Value::Sql(a), Value::Sql(b)) => Rc::ptr_eq(a, b),
        (Value::Function(a), Value::Function(b)) => Rc::ptr_eq(a, b),
        (Value::Class(a), Value::Class(b)) => Rc::ptr_eq(a, b),
        (Value::Batch(a), Value::Batch(b)) => Rc::ptr_eq(a, b),
        (Value::Constraint(a), Value::Constraint(b)) => Rc::ptr_eq(a, b),
        (Value::Index(a), Value::Index(b)) => Rc::ptr_eq(a, b),
        (Value::Columns(a), Value::Columns(b)) => Rc::ptr_eq(a, b),
        (Value::Sequence(a), Value::Sequence(b)) => Rc::ptr_eq(a, b),
        // What a branch puts into a list is in it.
        (Value::List(a), Value::List(b)) if Rc::ptr_eq(a, b) => true,
        (Value::Dict(a), Value::Dict(b)) => Rc::ptr_eq(a, b),
        (Value::Method(a), Value::Method(b)) => Rc::ptr_eq(a, b),
        (Value::Module(a), Value::Module(b)) => a == b,
        (Value::Autocommit, Value::Autocommit) | (Value::Nested, Value::Nested) => true,
        (Value::Connection, Value::Connection) | (Value::Context, Value::Context) => true,
        (Value::Dialect, Value::Dialect) => true,
        (Value::Unknown(_), Value::Unknown(_)) => true,
        (Value::Connection | Value::Context | Value::Dialect, _) => false,
        _ => left.equals(right) == Some(true),
    }
}
