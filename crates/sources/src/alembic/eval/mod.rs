//! Runs `upgrade()` or `downgrade()` in the mind: a whitelist of what may happen, and a problem for all else.
//!
//! What cannot be known stays [`Value::Unknown`]. A condition that is not known is taken both ways, and what is sent
//! there is *possible*. A call that is not understood, and that may send something, is a problem with its place; so a
//! script without problems is complete.

mod assign;
mod bare;
mod binary;
mod call;
mod cases;
mod collection;
mod compare;
mod expression;
mod flow;
mod foreign;
mod format;
mod function;
mod handed;
mod manager;
mod statement;
mod string;
mod turns;

use super::args::{Arg, Args};
use super::imported::Imported;
use super::operations::{Batch, Subject};
use super::python::Module;
use super::render::Conventions;
use super::text::Text;
use super::value::{Class, Scope, Value};
use crate::RevisionNote;
use lockkeeper_syntax::Span;
use rustc_hash::{FxHashMap, FxHashSet};
use std::rc::Rc;
use std::sync::Arc;

pub(crate) use flow::{Flow, Stop};
pub(crate) use manager::Rest;

/// One statement that Alembic sends.
#[derive(Clone, Debug)]
pub(crate) struct Sent {
    pub(crate) sql: Text,
    /// The call that sends it.
    pub(crate) call: Span,
    /// Whether it is sent only under a condition that is not known.
    pub(crate) possible: bool,
    pub(crate) kind: Kind,
}

/// What is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Statement,
    /// The start of an `autocommit_block()`: COMMIT, and from here on each statement commits by itself.
    Alone,
    /// Its end: a new transaction begins.
    Together,
}

/// What a generator has yielded so far.
struct Produced<'a> {
    items: Vec<Value<'a>>,
    /// How many of the first items are surely there.
    sure: usize,
    /// How many conditions that are not known hold where it was called.
    here: u32,
}

/// What is not understood, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// In lower case and without final dot.
    pub message: String,
    /// Bytes of the file.
    pub span: Span,
}

/// What the environment says, as far as it changes what is sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// `naming_convention` of the metadata that env.py gives to Alembic.
    pub conventions: Conventions,
    /// Whether the revisions run on SQLite too.
    pub sqlite: bool,
    /// The driver that the revisions run through, such as `asyncpg`; empty if that is not known.
    pub driver: String,
    /// The schema of Alembic's own table, which revisions take for that of theirs.
    pub version_schema: Given,
    /// The options of Alembic's configuration; `None` if there is none.
    pub options: Option<Vec<(String, String)>>,
    /// The modules of the project that the revisions lead to.
    pub imported: Arc<Imported>,
}

/// What an argument is worth.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Given {
    /// It is left out, or None.
    #[default]
    No,
    /// This string.
    Known(String),
    /// Something that is not known.
    Unknown,
}

impl Surroundings {
    /// The same where the revisions run on SQLite too.
    pub(crate) fn on_sqlite(&self) -> Self {
        Surroundings { sqlite: true, ..self.clone() }
    }
}

/// Steps that one direction may take: far more than any migration, and little enough to end soon.
const STEPS: u32 = 300_000;

/// How deep calls and expressions may nest.
const DEPTH: u32 = 160;

/// Statements that one direction may send.
const STATEMENTS: usize = 20_000;

/// Bytes of SQL that one direction may send.
const BYTES: usize = 8 << 20;

/// Runs one direction of a revision.
pub(crate) struct Interpreter<'a> {
    pub(crate) file: &'a str,
    pub(crate) surroundings: &'a Surroundings,
    /// The dialect that the revision is told: `postgresql`, or `sqlite` to see what that refuses.
    pub(crate) dialect: &'static str,
    pub(crate) module: Rc<Scope<'a>>,
    pub(crate) sent: Vec<Sent>,
    /// What was not understood, and how much was sent before.
    pub(crate) gaps: Vec<(usize, Gap)>,
    /// `:name` in texts, where no value is given for it.
    pub(crate) unbound: Vec<(String, Span)>,
    /// Calls that read the clock.
    pub(crate) clock: Vec<Span>,
    /// What else is worth knowing: how much was sent before, what, and where it stands in the file.
    pub(crate) remarks: Vec<(usize, RevisionNote, Span)>,
    /// Batches that are open.
    pub(crate) batches: Vec<Rc<Batch>>,
    /// The tables that were made.
    pub(crate) created_tables: Vec<Subject>,
    /// The enumerated types that `create_table` has created, by schema and name.
    pub(crate) created_types: FxHashSet<(String, String)>,
    /// How many conditions that are not known hold here.
    possible: u32,
    /// How often a branch that may be taken left its block so far.
    maybe_left: u32,
    /// The names that branches left which ended a turn of a loop.
    left_with: Vec<FxHashMap<&'a str, Value<'a>>>,
    /// What the last of them returned.
    maybe_returned: Option<Value<'a>>,
    /// What the generators that run have yielded, the innermost last.
    produced: Vec<Produced<'a>>,
    /// Names that `global` declares.
    globals: Vec<&'a str>,
    /// The top levels of imported files, as far as something was asked of them.
    tops: FxHashMap<usize, Rc<Scope<'a>>>,
    /// Names of imported files that are being made.
    making: Vec<(usize, String)>,
    /// The methods that run, with the classes that have them and their objects.
    methods: Vec<(Rc<Class<'a>>, Value<'a>)>,
    /// The calls that are made for what they do alone, the outermost first.
    performed: Vec<Span>,
    /// The newest call that stands in the revision itself: what imported functions do is done there.
    site: Span,
    steps: u32,
    depth: u32,
    bytes: usize,
    orders: u32,
}

impl<'a> Interpreter<'a> {
    /// Reads the definitions of a module.
    pub(crate) fn load(
        file: &'a str,
        module: &'a Module,
        surroundings: &'a Surroundings,
        dialect: &'static str,
    ) -> Self {
        let mut it = Interpreter {
            file,
            surroundings,
            dialect,
            module: Rc::default(),
            sent: Vec::new(),
            gaps: Vec::new(),
            unbound: Vec::new(),
            clock: Vec::new(),
            remarks: Vec::new(),
            batches: Vec::new(),
            created_tables: Vec::new(),
            created_types: FxHashSet::default(),
            possible: 0,
            maybe_left: 0,
            left_with: Vec::new(),
            maybe_returned: None,
            produced: Vec::new(),
            globals: Vec::new(),
            tops: FxHashMap::default(),
            making: Vec::new(),
            methods: Vec::new(),
            performed: Vec::new(),
            site: Span::default(),
            steps: 0,
            depth: 0,
            bytes: 0,
            orders: 0,
        };
        let scope = Rc::clone(&it.module);
        it.run(module.body(), &scope);
        it
    }

    /// Runs the function `name`; `false` if there is none.
    pub(crate) fn direction(&mut self, name: &str, at: Span) -> bool {
        let Some(function) = self.module.get(name) else { return false };
        self.site = at;
        let mut args = Args::none(at);
        if let Value::Function(it) = &function {
            // `context.run_migrations(op=op)` hands it over.
            let takes =
                it.parameters.is_some_and(|it| it.iter_non_variadic_params().any(|it| it.name().as_str() == "op"));
            let op = takes.then(|| ("op".to_owned(), Arg { value: Value::Library("alembic.op".into()), span: at }));
            args.named.extend(op);
        }
        let result = self.call(function, args, &at);
        if let Value::Unknown(it) = result
            && it.acts
        {
            self.problem(at, format!("what {} does is not known", it.why));
        }
        self.left_open();
        true
    }

    /// Records what is not understood, once a place.
    pub(crate) fn problem(&mut self, span: Span, message: String) {
        let span = self.here(span);
        let gap = Gap { message, span };
        if !self.gaps.iter().any(|it| it.1 == gap) {
            self.gaps.push((self.sent.len(), gap));
        }
    }

    /// Whether something at this very place is not understood.
    pub(crate) fn is_said(&self, span: Span) -> bool {
        let span = self.here(span);
        self.gaps.iter().any(|it| it.1.span == span)
    }

    /// Records what else is worth knowing, once a place.
    pub(crate) fn remark(&mut self, note: RevisionNote, span: Span) {
        let span = self.here(span);
        if !self.remarks.iter().any(|it| it.1 == note && it.2 == span) {
            self.remarks.push((self.sent.len(), note, span));
        }
    }

    /// Sends a statement.
    pub(crate) fn send(&mut self, sql: Text, call: Span) {
        self.bytes += sql.len();
        if self.sent.len() >= STATEMENTS || self.bytes > BYTES {
            return self.problem(call, "more is sent than is read here".to_owned());
        }
        if sql.as_str().trim().is_empty() {
            return;
        }
        let possible = self.possible > 0 || sql.as_str().contains(super::HOLE);
        let call = self.here(call);
        let sql = sql.placed(|it| if self.is_foreign(it) { call } else { it });
        self.sent.push(Sent { sql, call, possible, kind: Kind::Statement });
    }

    /// Enters or leaves an `autocommit_block()`.
    fn turn(&mut self, kind: Kind, call: Span) {
        let call = self.here(call);
        let since = self.sent.iter().rposition(|it| it.kind == Kind::Together).map_or(0, |it| it + 1);
        if kind == Kind::Alone && self.sent[since..].iter().any(|it| it.kind == Kind::Statement && !it.possible) {
            self.remark(RevisionNote::CommitsHalf, call);
        }
        self.sent.push(Sent { sql: Text::default(), call, possible: false, kind });
    }

    /// Sends what was written, or records why it could not be.
    pub(crate) fn send_or_say(&mut self, written: Result<Text, String>, call: Span) {
        match written {
            Ok(sql) => self.send(sql, call),
            Err(message) => self.problem(call, message),
        }
    }

    /// Records the arguments of a call that nobody took.
    pub(crate) fn finish(&mut self, args: &Args<'a>, what: &str) {
        if let Some((left, span)) = args.left() {
            self.problem(span, format!("`{what}`: {left} is not understood"));
        }
    }

    /// How many conditions that are not known hold here.
    pub(crate) fn possible(&self) -> u32 {
        self.possible
    }

    /// The next number in the order of constraints.
    pub(crate) fn next_order(&mut self) -> u32 {
        self.orders += 1;
        self.orders
    }

    pub(crate) fn orders(&mut self) -> &mut u32 {
        &mut self.orders
    }

    /// Whether there is time for one more step.
    fn step(&mut self, at: Span) -> bool {
        self.steps += 1;
        if self.steps == STEPS {
            self.problem(at, "this takes more steps than are followed here".to_owned());
        }
        self.steps < STEPS
    }

    /// Runs `work` one level deeper; `None` if that is too deep.
    fn deeper<T>(&mut self, at: Span, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= DEPTH {
            self.problem(at, "this nests deeper than is followed here".to_owned());
            return None;
        }
        self.depth += 1;
        let result = work(self);
        self.depth -= 1;
        Some(result)
    }

    /// Yields items, of which so many first ones are surely there.
    fn produce(&mut self, items: Vec<Value<'a>>, sure: usize) -> Value<'a> {
        let possible = self.possible;
        let Some(it) = self.produced.last_mut() else { return Value::acting("a generator") };
        let sure = if possible > it.here { 0 } else { sure };
        it.sure = it.sure.min(it.items.len().saturating_add(sure));
        it.items.extend(items);
        Value::None
    }

    /// Runs `work` as something that may not happen.
    fn perhaps<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.possible += 1;
        let result = work(self);
        self.possible -= 1;
        result
    }
}

/// The value of an attribute or an item that is not known.
pub(crate) fn unknown_part<'a>(of: &Value<'a>, what: &str) -> Value<'a> {
    match of {
        Value::Unknown(it) => Value::Unknown(it.clone()),
        other => Value::unknown(format!("`{what}` of {}", other.kind())),
    }
}
