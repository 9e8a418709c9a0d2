//! What a `DO` block or a called function does, statement by statement, each shown to the visitor.
//!
//! What certainly runs takes effect at once. What runs only under a condition that is not known is tried and taken
//! back, and what it would have changed is unknown from there on ([`super::blur`]).

use super::blur::Touched;
use super::calls::{Called, calls};
use super::values::{Frame, Value};
use super::{Failures, Fold, Held, Inside, Step, TransactionInfo};
use crate::catalog::{Change, RelationId};
use crate::effects::{Assumption, Effects, Failure, StatementId};
use crate::interpret::{Context, Interpretation, interpret};
use crate::{Refusal, Runner};
use lockkeeper_syntax::ast::{
    Block, Body, Code, Expr, ExprKind, Handler, Instruction, Loop, Name, Program, Set, SetValue, Statement,
};
use lockkeeper_syntax::{Span, parse_pinned};
use smol_str::SmolStr;

/// How many statements inside one are followed; loops over constants can be long.
const MOST_STATEMENTS: usize = 10_000;

/// How deep calls are followed.
const DEEPEST: u32 = 16;

/// How many times a loop over a range is followed.
const MOST_ROUNDS: i64 = 1_000;

/// The statement that runs the code.
#[derive(Clone)]
struct Outer<'s> {
    id: StatementId,
    statement: &'s Statement,
    runner: Runner,
    transaction: TransactionInfo,
    /// The transaction is aborted: on the server nothing of it runs.
    aborted: Option<Failure>,
}

/// What came of it.
#[derive(Default)]
struct Done {
    /// Undoes what it changed, to be applied from the last to the first.
    undo: Vec<Change>,
    held: Held,
    /// The statement fails for this.
    failed: bool,
    lacking: bool,
}

/// Whether the next statement runs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Next,
    /// `RETURN`, `EXIT`, `CONTINUE`: the rest is left out.
    Leave,
    /// Only perhaps: the rest is possible.
    Perhaps,
    /// An error that a handler catches.
    Raised,
}

struct Run<'f, 's, 'v> {
    fold: &'f mut Fold,
    outer: Outer<'s>,
    visit: &'v mut dyn FnMut(&Step<'_>),
    done: Done,
    frames: Vec<Frame>,
    touched: Touched,
    possible: bool,
    /// Blocks with handlers around the statement.
    guards: u32,
    left: usize,
    depth: u32,
    opaque: bool,
    /// In a body whose names were looked up when it was made, under whatever name things have today.
    bound: bool,
}

/// Runs all code of a statement.
fn run(fold: &mut Fold, outer: Outer<'_>, all: Vec<Called>, visit: &mut dyn FnMut(&Step<'_>)) -> Done {
    let held = fold.open.as_ref().map_or_else(Held::default, |it| it.held.clone());
    let mut run = Run {
        fold,
        outer,
        visit,
        done: Done { held, ..Done::default() },
        frames: vec![Frame::default()],
        touched: Touched::default(),
        possible: false,
        guards: 0,
        left: MOST_STATEMENTS,
        depth: 0,
        opaque: false,
        bound: false,
    };
    for it in all {
        run.call(it);
    }
    run.done
}

impl Fold {
    /// Runs the code of a `DO` block and of the functions that the statement calls.
    pub(super) fn run_code(
        &mut self,
        id: StatementId,
        statement: &Statement,
        runner: Runner,
        aborted: Option<Failure>,
        visit: &mut dyn FnMut(&Step<'_>),
    ) {
        let calls = calls(self, statement);
        if calls.is_empty() {
            return;
        }
        let transaction = self.transaction_of(&statement.body);
        let done = run(self, Outer { id, statement, runner, transaction, aborted }, calls, visit);
        self.lacking |= done.lacking;
        let lost = match &self.failures {
            Failures::Mended => false,
            Failures::Real => done.failed,
            Failures::Seen(refused) => refused.contains(&id),
        };
        if lost {
            self.undo(done.undo);
            if let Some(open) = &mut self.open {
                open.failed.get_or_insert(id);
            }
            return;
        }
        match &mut self.open {
            Some(open) => {
                open.undo.extend(done.undo);
                open.held = done.held;
                if done.failed {
                    open.failed.get_or_insert(id);
                }
            }
            None => self.session.end_transaction(),
        }
    }

    /// `SET`, and `set_config` with constants.
    pub(super) fn obey_settings(&mut self, statement: &Statement, in_transaction: bool) {
        match &statement.body {
            Body::Set(set) => self.session.obey(set, in_transaction),
            Body::Select(query) => crate::interpret::set_config_calls(query, |name, value, local| {
                let set = Set {
                    name: name.to_owned(),
                    value: SetValue::To(vec![value.to_owned()]),
                    local,
                    value_span: statement.span,
                };
                self.session.obey(&set, in_transaction);
            }),
            _ => {}
        }
    }
}

impl Run<'_, '_, '_> {
    fn call(&mut self, it: Called) {
        if self.depth >= DEEPEST || it.program.problem.is_some() {
            return self.say_opaque();
        }
        let mut frame = Frame::default();
        for (name, value) in it.names.iter().zip(&it.arguments) {
            if let Some(name) = name {
                frame.set(name, self.value(value));
            }
        }
        self.frames.push(frame);
        self.depth += 1;
        if it.certain {
            self.program(&it.program);
        } else {
            self.possibly(|run| {
                run.program(&it.program);
                Flow::Next
            });
        }
        self.depth -= 1;
        self.frames.pop();
    }

    fn program(&mut self, program: &Program) {
        let outer = std::mem::replace(&mut self.bound, program.bound);
        self.code(program);
        self.bound = outer;
    }

    fn code(&mut self, program: &Program) {
        match &program.code {
            Code::Sql(statements) => {
                for statement in statements {
                    if self.sql(statement) == Flow::Raised {
                        return;
                    }
                }
            }
            Code::Block(block) => {
                self.block(block);
            }
        }
    }

    fn block(&mut self, block: &Block) -> Flow {
        for variable in &block.variables {
            let value = variable.value.as_ref().and_then(|it| self.value(it));
            self.frame().set(&variable.name.text, value);
        }
        if block.handlers.is_empty() {
            return self.list(&block.steps);
        }
        self.guarded(&block.steps, &block.handlers)
    }

    /// A block with handlers: an error that one of them catches takes back what the block did.
    fn guarded(&mut self, steps: &[Instruction], handlers: &[Handler]) -> Flow {
        let (mark, held) = (self.done.undo.len(), self.done.held.clone());
        self.guards += 1;
        self.done.held.enter();
        let flow = self.list(steps);
        self.guards -= 1;
        if flow != Flow::Raised {
            self.done.held.leave(held.depth());
            return flow;
        }
        let undo = self.done.undo.split_off(mark);
        self.fold.undo(undo);
        self.done.held = held;
        // Which handler takes it depends on the error; with one there is no choice.
        match handlers {
            [only] => self.list(&only.steps),
            _ => self.branches(handlers.iter().map(|it| it.steps.as_slice())),
        }
    }

    fn list(&mut self, steps: &[Instruction]) -> Flow {
        for (at, step) in steps.iter().enumerate() {
            match self.step(step) {
                Flow::Next => {}
                Flow::Perhaps => {
                    let rest = &steps[at + 1..];
                    self.possibly(|run| run.list(rest));
                    return Flow::Perhaps;
                }
                other => return other,
            }
        }
        Flow::Next
    }

    fn step(&mut self, step: &Instruction) -> Flow {
        match step {
            Instruction::Sql(statement, targets) => {
                self.forget(targets);
                self.sql(statement)
            }
            Instruction::Execute(text, targets) => {
                self.forget(targets);
                self.execute(text)
            }
            Instruction::Assign(name, value) => {
                let value = value.as_ref().and_then(|it| self.value(it));
                self.frame().set(&name.text, value);
                Flow::Next
            }
            Instruction::Block(block) => self.block(block),
            Instruction::Branch { branches, otherwise } => self.branch(branches, otherwise),
            Instruction::Loop(kind, steps) => self.looping(kind, steps),
            Instruction::Leave { conditional: true } => Flow::Perhaps,
            Instruction::Leave { conditional: false } => Flow::Leave,
            Instruction::Raise(_) if self.guards > 0 => Flow::Raised,
            Instruction::Raise(span) => {
                self.refuse(Refusal::Raised, *span);
                Flow::Leave
            }
            Instruction::EndTransaction(span) => {
                if self.fold.open.is_some() {
                    let message = "invalid transaction termination";
                    self.refuse(Refusal::Plain { sqlstate: "2D000", message }, *span);
                    return Flow::Leave;
                }
                // What was done so far stays, and nothing is held any longer.
                self.done.undo.clear();
                self.done.held = Held::default();
                Flow::Next
            }
        }
    }

    fn branch(&mut self, branches: &[(Option<Expr>, Vec<Instruction>)], otherwise: &[Instruction]) -> Flow {
        let mut open: Vec<&[Instruction]> = Vec::new();
        for (condition, steps) in branches {
            match condition.as_ref().and_then(|it| self.condition(it)) {
                Some(false) => {}
                Some(true) if open.is_empty() => return self.list(steps),
                Some(true) => {
                    open.push(steps);
                    return self.branches(open.into_iter());
                }
                None => open.push(steps),
            }
        }
        if open.is_empty() {
            return self.list(otherwise);
        }
        open.push(otherwise);
        self.branches(open.into_iter())
    }

    /// One of these runs, nobody knows which.
    fn branches<'b>(&mut self, all: impl Iterator<Item = &'b [Instruction]>) -> Flow {
        let mut leaves = false;
        for steps in all {
            leaves |= self.possibly(|run| run.list(steps)) != Flow::Next;
        }
        if leaves { Flow::Perhaps } else { Flow::Next }
    }

    fn looping(&mut self, kind: &Loop, steps: &[Instruction]) -> Flow {
        let (variable, rounds) = match kind {
            Loop::Range { variable, from, to } => (variable, self.range(from.as_ref(), to.as_ref())),
            Loop::Elements { variable, array } => (variable, array.as_ref().and_then(|it| self.elements(it))),
            Loop::Rows { variables, query } => match (variables.as_slice(), query) {
                ([variable], Some(query)) => {
                    if self.sql(query) == Flow::Raised {
                        return Flow::Raised;
                    }
                    let rounds = self.rows(query);
                    (variable, rounds)
                }
                (all, _) => {
                    self.forget(all);
                    return self.perhaps(steps);
                }
            },
            Loop::While => return self.perhaps(steps),
        };
        let Some(rounds) = rounds else {
            self.forget(std::slice::from_ref(variable));
            return self.perhaps(steps);
        };
        for value in rounds {
            self.frame().set(&variable.text, Some(value));
            match self.list(steps) {
                Flow::Next => {}
                Flow::Raised => return Flow::Raised,
                // EXIT, CONTINUE or RETURN: how the loop goes on is not followed.
                Flow::Leave | Flow::Perhaps => return Flow::Perhaps,
            }
        }
        Flow::Next
    }

    fn perhaps(&mut self, steps: &[Instruction]) -> Flow {
        match self.possibly(|run| run.list(steps)) {
            Flow::Next => Flow::Next,
            _ => Flow::Perhaps,
        }
    }

    /// Runs something that may not run: it is shown, and taken back.
    fn possibly(&mut self, run: impl FnOnce(&mut Self) -> Flow) -> Flow {
        let outermost = !std::mem::replace(&mut self.possible, true);
        let (mark, session) = (self.done.undo.len(), self.fold.session.clone());
        let flow = run(self);
        let undo = self.done.undo.split_off(mark);
        self.touched.note(&undo, &self.fold.catalog);
        self.fold.undo(undo);
        self.fold.session = session;
        if outermost {
            self.possible = false;
            let changes = std::mem::take(&mut self.touched).blurred(&self.fold.catalog, self.place());
            let inverse: Vec<Change> = changes.into_iter().map(|it| self.fold.catalog.apply(it)).collect();
            self.done.undo.extend(inverse);
        }
        flow
    }

    fn place(&self) -> crate::Place {
        crate::Place { statement: self.outer.id, span: self.outer.statement.span }
    }

    /// `EXECUTE`: the text is known if its parts are.
    fn execute(&mut self, text: &Expr) -> Flow {
        let Some(sql) = self.value(text) else {
            self.say_opaque();
            return Flow::Next;
        };
        for statement in parse_pinned(&sql, text.span) {
            match self.sql(&statement) {
                Flow::Next => {}
                other => return other,
            }
        }
        Flow::Next
    }

    fn sql(&mut self, statement: &Statement) -> Flow {
        if self.done.failed && self.fold.failures == Failures::Real {
            // Nothing runs after an error.
            return Flow::Leave;
        }
        if self.left == 0 {
            self.say_opaque();
            return Flow::Next;
        }
        self.left -= 1;
        let context = Context {
            id: self.outer.id,
            session: &self.fold.session,
            version: self.fold.version,
            transaction: Some(self.outer.transaction),
            first: self.fold.first == Some(self.outer.id.script),
        };
        let Interpretation { mut effects, changes, caused, lacking } =
            interpret(statement, &mut self.fold.catalog, &context);
        let misses = |it: &Failure| matches!(it.refusal.sqlstate(), "3F000" | "42703" | "42704" | "42883" | "42P01");
        if self.bound && effects.failure.as_ref().is_some_and(misses) {
            effects.failure = None;
        }
        // Who asks before he calls a function of an extension does not say that it is there.
        let asked = |it: &Failure| self.possible && it.refusal.sqlstate() == "42883";
        self.done.lacking |= lacking && !self.bound && !effects.failure.as_ref().is_some_and(asked);
        if self.possible || self.guards > 0 {
            let caught = effects.failure.take().is_some() || caused.is_some();
            if caught && !self.possible {
                return Flow::Raised;
            }
        }
        let aborted = self.outer.aborted.clone();
        let failure = aborted.or(caused.filter(|_| !self.possible)).or_else(|| effects.failure.clone());
        self.done.held.keep_files(statement, &mut effects);
        let changes = self.fold.assume(changes);
        self.show(statement, &effects, failure.as_ref());
        self.done.failed |= failure.is_some();
        self.take_effect(statement, &effects, changes, failure.as_ref());
        let inner = calls(self.fold, statement);
        inner.into_iter().for_each(|it| self.call(it));
        Flow::Next
    }

    fn take_effect(
        &mut self,
        statement: &Statement,
        effects: &Effects,
        changes: Vec<Change>,
        failure: Option<&Failure>,
    ) {
        let id = self.outer.id;
        let created: Vec<RelationId> = created(&changes);
        let undo: Vec<Change> = changes.into_iter().map(|it| self.fold.catalog.apply(it)).collect();
        self.done.undo.extend(undo);
        if failure.is_some() {
            created.iter().for_each(|it| self.fold.catalog.doubt(*it, id));
        }
        for lock in &effects.locks {
            self.done.held.take(lock.relation, lock.mode, id);
        }
        if failure.is_none() && !self.possible {
            self.done.held.note_files(effects, &created);
        }
        self.fold.obey_settings(statement, true);
    }

    /// Shows a statement to the visitor.
    fn show(&mut self, statement: &Statement, effects: &Effects, failure: Option<&Failure>) {
        let step = Step {
            id: self.outer.id,
            statement,
            catalog: &self.fold.catalog,
            effects,
            failure,
            held: &self.done.held,
            kept: None,
            transaction: self.outer.transaction,
            session: &self.fold.session,
            runner: self.outer.runner,
            version: self.fold.version,
            inside: Some(Inside { possible: self.possible }),
            pending: &self.fold.pending,
        };
        (self.visit)(&step);
    }

    fn refuse(&mut self, refusal: Refusal, span: Span) {
        if self.possible {
            return;
        }
        let failure = Failure { refusal, span, caused_by: None };
        let effects = Effects { failure: Some(failure.clone()), ..Effects::default() };
        self.show(self.outer.statement, &effects, Some(&failure));
        self.done.failed = true;
    }

    /// Code is run that is not read: said once a statement. From here on a missing name is unknown.
    fn say_opaque(&mut self) {
        if std::mem::replace(&mut self.opaque, true) {
            return;
        }
        let effects = Effects { assumed: vec![Assumption::OpaqueCode], ..Effects::default() };
        self.show(self.outer.statement, &effects, None);
        for change in self.fold.catalog.unread(self.outer.id) {
            let undo = self.fold.catalog.apply(change);
            self.done.undo.push(undo);
        }
    }

    fn frame(&mut self) -> &mut Frame {
        let last = self.frames.len() - 1;
        &mut self.frames[last]
    }

    fn forget(&mut self, names: &[Name]) {
        for name in names {
            self.frame().set(&name.text, None);
        }
    }

    fn value(&self, expr: &Expr) -> Option<Value> {
        self.frames.last()?.value(expr)
    }

    fn elements(&self, expr: &Expr) -> Option<Vec<Value>> {
        self.frames.last()?.elements(expr)
    }

    fn condition(&self, expr: &Expr) -> Option<bool> {
        let complete = !self.fold.catalog.partial() && self.fold.first != Some(self.outer.id.script);
        super::exists::condition(expr, self.frames.last()?, &self.fold.catalog, complete)
    }

    /// The values of a query over constants: `SELECT unnest(ARRAY[…])`.
    fn rows(&self, query: &Statement) -> Option<Vec<Value>> {
        let Body::Select(query) = &query.body else { return None };
        match (query.relations.as_slice(), query.outputs.as_slice()) {
            ([], [output]) if query.expressions.len() == 1 => match &output.expr.kind {
                ExprKind::Call(call) if call.name.name.text == "unnest" => self.elements(call.arguments.first()?),
                _ => Some(vec![self.value(&output.expr)?]),
            },
            _ => None,
        }
    }

    fn range(&self, from: Option<&Expr>, to: Option<&Expr>) -> Option<Vec<Value>> {
        let number = |it: Option<&Expr>| self.value(it?)?.parse::<i64>().ok();
        let (from, to) = (number(from)?, number(to)?);
        (to.saturating_sub(from) < MOST_ROUNDS).then(|| (from..=to).map(|it| SmolStr::from(it.to_string())).collect())
    }
}

pub(super) fn created(changes: &[Change]) -> Vec<RelationId> {
    let created = |it: &Change| match it {
        Change::Relation { id, to: Some(_) } => Some(*id),
        _ => None,
    };
    changes.iter().filter_map(created).collect()
}
