//! Columns and what stands in them.

use super::{Constraint, ForeignKey, Type};
use crate::alembic::sql::Sql;
use crate::alembic::text::Text;
use lockkeeper_syntax::Span;
use std::cell::RefCell;
use std::rc::Rc;

/// A `Column`.
#[derive(Clone, Debug)]
pub(crate) struct Column<'a> {
    pub(crate) name: Text,
    pub(crate) kind: Option<Rc<RefCell<Type<'a>>>>,
    /// As written; the default depends on the primary key.
    pub(crate) nullable: Option<bool>,
    pub(crate) primary_key: bool,
    pub(crate) autoincrement: Auto,
    pub(crate) server_default: Option<ServerDefault<'a>>,
    /// Whether Python fills it in, which rules out a serial column.
    pub(crate) client_default: bool,
    pub(crate) unique: bool,
    pub(crate) index: bool,
    pub(crate) comment: Option<Text>,
    pub(crate) foreign_keys: Vec<Rc<ForeignKey>>,
    pub(crate) checks: Vec<Rc<Constraint<'a>>>,
    pub(crate) computed: Option<Rc<Computed<'a>>>,
    pub(crate) identity: Option<Rc<Identity>>,
    /// The call of its constructor.
    pub(crate) span: Span,
}

/// `autoincrement=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Auto {
    /// The default: the only column of an integer primary key becomes a serial.
    IfKey,
    Always,
    Never,
}

/// `server_default=`.
#[derive(Clone, Debug)]
pub(crate) enum ServerDefault<'a> {
    /// A string, which is sent as a constant.
    Constant(Text),
    Sql(Rc<Sql<'a>>),
    /// `FetchedValue()`, which is not sent.
    Fetched,
    /// `Identity()` and `Computed()` where an existing column is altered.
    Identity(Rc<Identity>),
    Computed,
}

/// `Computed(…)`.
#[derive(Clone, Debug)]
pub(crate) struct Computed<'a> {
    pub(crate) expression: Rc<Sql<'a>>,
    pub(crate) persisted: Option<bool>,
}

/// `Identity(…)`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Identity {
    pub(crate) always: bool,
    pub(crate) options: Options,
}

/// `Sequence(…)`.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sequence {
    pub(crate) name: Text,
    pub(crate) schema: Option<Text>,
    /// The type of its numbers, as it is written.
    pub(crate) kind: Option<Text>,
    pub(crate) options: Options,
}

/// How a sequence counts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) increment: Option<i64>,
    pub(crate) start: Option<i64>,
    pub(crate) minvalue: Option<i64>,
    pub(crate) maxvalue: Option<i64>,
    pub(crate) nominvalue: bool,
    pub(crate) nomaxvalue: bool,
    pub(crate) cache: Option<i64>,
    pub(crate) cycle: Option<bool>,
}

impl Options {
    /// The clauses in SQLAlchemy's order (`DDLCompiler.get_identity_options`).
    pub(crate) fn sql(&self) -> String {
        let number = |words: &str, it: Option<i64>| it.map(|it| format!("{words} {it}"));
        let word = |it: bool, words: &str| it.then(|| words.to_owned());
        let clauses = [
            number("INCREMENT BY", self.increment),
            number("START WITH", self.start),
            number("MINVALUE", self.minvalue),
            number("MAXVALUE", self.maxvalue),
            word(self.nominvalue, "NO MINVALUE"),
            word(self.nomaxvalue, "NO MAXVALUE"),
            number("CACHE", self.cache),
            self.cycle.map(|it| if it { "CYCLE" } else { "NO CYCLE" }.to_owned()),
        ];
        clauses.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

impl Column<'_> {
    /// Why its type cannot be written, and where that stands.
    pub(crate) fn unwritable(&self) -> Option<(Span, String)> {
        let kind = self.kind.as_ref()?.borrow();
        // A type may be made far from its column.
        let at = if self.span.contains(kind.span) { kind.span } else { self.span };
        kind.write(&mut Text::default()).err().map(|message| (at, message))
    }

    /// Whether it may be null, given whether it is part of the primary key.
    pub(crate) fn is_nullable(&self, in_key: bool) -> bool {
        self.nullable.unwrap_or(!(in_key || self.primary_key))
    }
}
