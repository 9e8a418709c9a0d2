//! What an expression of a revision can be worth.

use super::date::{Moment, Relative};
use super::eval::Rest;
use super::items::Items;
use super::operations::Batch;
use super::python::{Expr, Parameters, Stmt};
use super::schema::{Column, Computed, Constraint, ForeignKey, Identity, Index, Sequence, Table, Type};
use super::sql::Sql;
use super::text::Text;
use lockkeeper_syntax::Span;
use rustc_hash::FxHashMap;
use std::cell::{OnceCell, RefCell};
use std::rc::Rc;

/// The value of an expression.
#[derive(Clone, Debug)]
pub(crate) enum Value<'a> {
    None,
    Bool(bool),
    Int(i64),
    Float(f64),
    Str(Text),
    /// What `op.f()` gives: a name that no naming convention changes.
    Final(Text),
    /// A list, and a set in the order of its making.
    List(Rc<Items<Value<'a>>>),
    Tuple(Rc<Vec<Value<'a>>>),
    Dict(Rc<Items<(Value<'a>, Value<'a>)>>),
    Moment(Moment),
    /// A `timedelta`: days and seconds.
    Delta(i64, i64),
    Relative(Relative),
    /// A function or lambda of the file.
    Function(Rc<Function<'a>>),
    /// A class of the file.
    Class(Rc<Class<'a>>),
    /// A member of an enum class, or an instance of another class of the file.
    Object(Rc<Object<'a>>),
    /// Something of a library, by its full name, such as `sqlalchemy.dialects.postgresql.JSONB`.
    Library(Rc<str>),
    /// A module of the project: a place among the imported files.
    Module(usize),
    /// A method that is not called yet.
    Method(Rc<(Value<'a>, String)>),
    Column(Rc<RefCell<Column<'a>>>),
    Type(Rc<RefCell<Type<'a>>>),
    Constraint(Rc<Constraint<'a>>),
    ForeignKey(Rc<ForeignKey>),
    Index(Rc<Index<'a>>),
    Table(Rc<Table<'a>>),
    /// `table.c`.
    Columns(Rc<Table<'a>>),
    Computed(Rc<Computed<'a>>),
    Identity(Rc<Identity>),
    Sequence(Rc<Sequence>),
    /// An expression or statement of SQL.
    Sql(Rc<Sql<'a>>),
    /// What `op.get_bind()` gives, and sessions and engines made of it.
    Connection,
    /// What `op.get_context()` gives.
    Context,
    /// `autocommit_block()`.
    Autocommit,
    /// What a function with `contextmanager` gives.
    Manager(Rc<Manager<'a>>),
    /// `super()`: the class whose method asks, and the object.
    Above(Rc<(Rc<Class<'a>>, Value<'a>)>),
    /// A transaction or savepoint of a connection, which changes nothing here.
    Nested,
    Dialect,
    Batch(Rc<Batch>),
    /// Not known. What depends on it is not known either.
    Unknown(Unknown),
}

/// Why a value is not known.
#[derive(Clone, Debug)]
pub(crate) struct Unknown {
    /// What it is, in a few words that follow "depends on".
    pub(crate) why: Rc<str>,
    /// Whether making it may have sent something that is not seen here.
    pub(crate) acts: bool,
}

/// A function of the file.
#[derive(Clone, Debug)]
pub(crate) struct Function<'a> {
    pub(crate) name: &'a str,
    pub(crate) parameters: Option<&'a Parameters>,
    pub(crate) body: Body<'a>,
    /// Where it was defined.
    pub(crate) scope: Rc<Scope<'a>>,
    /// The defaults of its parameters by name, worth what they were when it was defined.
    pub(crate) defaults: FxHashMap<&'a str, Value<'a>>,
    /// The object that it is called on.
    pub(crate) bound: Option<Value<'a>>,
    /// The class that it is a method of.
    pub(crate) owner: Option<Rc<Class<'a>>>,
    /// What it is bound to where it is an attribute.
    pub(crate) binding: Binding,
    /// Whether it yields, so that calling it gives what it yields.
    pub(crate) generates: bool,
    /// Whether `contextmanager` decorates it.
    pub(crate) manages: bool,
    /// What decorates it, if that is not known.
    pub(crate) decorated: Option<Rc<str>>,
}

/// What a function of a class is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binding {
    /// The object that has it.
    Object,
    /// The class: `classmethod`.
    Class,
    /// Nothing: `staticmethod`.
    Nothing,
    /// The object, and it is called at once: `property`.
    Called,
}

/// A context manager that a function of the file makes, its parameters bound.
#[derive(Debug)]
pub(crate) struct Manager<'a> {
    pub(crate) function: Rc<Function<'a>>,
    pub(crate) scope: Rc<Scope<'a>>,
    /// What is left to do at the end of the `with`.
    pub(crate) rest: RefCell<Vec<Rest<'a>>>,
}

/// What a function does.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Body<'a> {
    Statements(&'a [Stmt]),
    Expression(&'a Expr),
}

/// A class of the file.
#[derive(Debug)]
pub(crate) struct Class<'a> {
    pub(crate) name: &'a str,
    pub(crate) span: Span,
    pub(crate) kind: ClassKind<'a>,
    /// The classes that it takes attributes from.
    pub(crate) bases: Vec<Rc<Class<'a>>>,
    /// Its attributes in order; of an enum its members.
    pub(crate) attributes: RefCell<Vec<(&'a str, Value<'a>)>>,
    /// The table of a mapped class, once it was asked for.
    pub(crate) table: OnceCell<Option<Rc<Table<'a>>>>,
}

impl<'a> Class<'a> {
    /// An attribute of its own or of a class above it.
    pub(crate) fn attribute(&self, name: &str) -> Option<Value<'a>> {
        self.attribute_and_owner(name).map(|it| it.0)
    }

    /// An attribute, and the class above this one that has it; `None` for its own.
    pub(crate) fn attribute_and_owner(&self, name: &str) -> Option<(Value<'a>, Option<&Rc<Class<'a>>>)> {
        let own = self.attributes.borrow().iter().find(|it| it.0 == name).map(|it| it.1.clone());
        own.map(|it| (it, None)).or_else(|| {
            self.bases.iter().find_map(|base| {
                let (value, owner) = base.attribute_and_owner(name)?;
                Some((value, Some(owner.unwrap_or(base))))
            })
        })
    }
}

/// What a class is for.
#[derive(Debug)]
pub(crate) enum ClassKind<'a> {
    /// A subclass of `enum.Enum`; `str` values compare as strings.
    Enum,
    /// A `TypeDecorator` or `UserDefinedType`; what it is stored as, if that is known.
    Type(Option<Value<'a>>),
    /// A mapped class; the name of its table.
    Model(Option<Text>),
    Plain,
}

/// A member of an enum, or an instance.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    pub(crate) class: Rc<Class<'a>>,
    /// The name of an enum's member.
    pub(crate) member: Option<&'a str>,
    /// The value of an enum's member.
    pub(crate) value: Value<'a>,
    /// What was set on an instance.
    pub(crate) fields: RefCell<FxHashMap<&'a str, Value<'a>>>,
}

/// Names and their values.
#[derive(Debug, Default)]
pub(crate) struct Scope<'a> {
    pub(crate) names: RefCell<FxHashMap<&'a str, Value<'a>>>,
    pub(crate) outer: Option<Rc<Scope<'a>>>,
    /// The file whose top level it is: a place among the imported ones, or none for the revision itself.
    pub(crate) file: Option<usize>,
    /// Files whose names are all taken: `from file import *`.
    pub(crate) stars: RefCell<Vec<usize>>,
}

impl<'a> Scope<'a> {
    pub(crate) fn inside(outer: &Rc<Scope<'a>>) -> Rc<Self> {
        Rc::new(Scope { outer: Some(Rc::clone(outer)), ..Scope::default() })
    }

    /// The top level of the file.
    pub(crate) fn top(self: &Rc<Self>) -> Rc<Self> {
        self.outer.as_ref().map_or_else(|| Rc::clone(self), Scope::top)
    }

    pub(crate) fn get(&self, name: &str) -> Option<Value<'a>> {
        let here = self.names.borrow().get(name).cloned();
        here.or_else(|| self.outer.as_ref().and_then(|it| it.get(name)))
    }

    pub(crate) fn set(&self, name: &'a str, value: Value<'a>) {
        self.names.borrow_mut().insert(name, value);
    }
}

impl<'a> Value<'a> {
    pub(crate) fn unknown(why: impl Into<Rc<str>>) -> Self {
        Value::Unknown(Unknown { why: why.into(), acts: false })
    }

    /// What a call gives that may also have sent something.
    pub(crate) fn acting(why: impl Into<Rc<str>>) -> Self {
        Value::Unknown(Unknown { why: why.into(), acts: true })
    }

    pub(crate) fn list(items: Vec<Value<'a>>) -> Self {
        Value::List(Rc::new(Items::new(items)))
    }

    pub(crate) fn tuple(items: Vec<Value<'a>>) -> Self {
        Value::Tuple(Rc::new(items))
    }

    pub(crate) fn dict(items: Vec<(Value<'a>, Value<'a>)>) -> Self {
        Value::Dict(Rc::new(Items::new(items)))
    }

    /// How many of its first items are surely there.
    pub(crate) fn sure(&self) -> usize {
        match self {
            Value::List(it) => it.sure(),
            Value::Dict(it) => it.sure(),
            _ => usize::MAX,
        }
    }

    /// Whether it is not known which items are there.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.sure() != usize::MAX
    }

    /// The same, of which so many first items are surely there.
    pub(crate) fn but_sure(self, sure: usize) -> Self {
        match &self {
            Value::List(it) => it.doubt(sure),
            Value::Dict(it) => it.doubt(sure),
            _ => {}
        }
        self
    }

    /// The same, made where so many conditions that are not known hold.
    pub(crate) fn made_under(self, conditions: u32) -> Self {
        match &self {
            Value::List(it) => it.made_under(conditions),
            Value::Dict(it) => it.made_under(conditions),
            _ => {}
        }
        self
    }

    pub(crate) fn sql(sql: Sql<'a>) -> Self {
        Value::Sql(Rc::new(sql))
    }

    pub(crate) fn is_unknown(&self) -> bool {
        match self {
            Value::Unknown(_) => true,
            // A part of something unknown.
            Value::Method(it) => it.0.is_unknown(),
            _ => false,
        }
    }

    /// Whether Python takes it for true; `None` if that is not known.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self {
            Value::None => Some(false),
            Value::Bool(it) => Some(*it),
            Value::Int(it) => Some(*it != 0),
            Value::Float(it) => Some(*it != 0.0),
            Value::Str(it) | Value::Final(it) => Some(!it.is_empty()),
            Value::List(it) => it.any(),
            Value::Tuple(it) => Some(!it.is_empty()),
            Value::Dict(it) => it.any(),
            Value::Delta(days, seconds) => Some(*days != 0 || *seconds != 0),
            Value::Relative(it) => Some(*it != Relative::default()),
            // An attribute of something whose attributes are not known looks like a method.
            Value::Unknown(_) | Value::Sql(_) | Value::Library(_) | Value::Method(_) => None,
            _ => Some(true),
        }
    }

    /// What an iteration gives; `None` if that is not known.
    pub(crate) fn items(&self) -> Option<Vec<Value<'a>>> {
        match self {
            Value::List(it) => Some(it.borrow().clone()),
            Value::Tuple(it) => Some(it.to_vec()),
            Value::Dict(it) => Some(it.borrow().iter().map(|it| it.0.clone()).collect()),
            Value::Str(it) => {
                let letters = it.as_str().char_indices();
                Some(letters.map(|(at, letter)| Value::Str(it.slice(at..at + letter.len_utf8()))).collect())
            }
            Value::Class(class) if matches!(class.kind, ClassKind::Enum) => {
                let members = class.attributes.borrow();
                let members = members.iter().filter(|it| matches!(&it.1, Value::Object(it) if it.member.is_some()));
                Some(members.map(|it| it.1.clone()).collect())
            }
            _ => None,
        }
    }

    /// Whether it nests so deep that it had better not be walked; lists may hold themselves.
    pub(crate) fn is_deep(&self) -> bool {
        fn deeper(value: &Value<'_>, left: u32) -> bool {
            let any = |it: &[Value<'_>]| it.iter().any(|it| deeper(it, left - 1));
            match value {
                Value::List(_) | Value::Tuple(_) | Value::Dict(_) if left == 0 => true,
                // Someone holds it who is about to put something in.
                Value::List(it) => it.try_borrow().map_or(true, |it| any(&it)),
                Value::Tuple(it) => any(it),
                Value::Dict(it) => it.try_borrow().map_or(true, |it| it.iter().any(|it| deeper(&it.1, left - 1))),
                _ => false,
            }
        }
        deeper(self, 40)
    }

    /// The value, or something unknown in place of one that nests too deep.
    pub(crate) fn shallow(self) -> Self {
        if self.is_deep() { Value::unknown("deep nesting") } else { self }
    }

    /// Whether two values are equal; `None` if that is not known.
    pub(crate) fn equals(&self, other: &Value<'a>) -> Option<bool> {
        let all = |left: &[Value<'a>], right: &[Value<'a>]| {
            if left.len() != right.len() {
                return Some(false);
            }
            let mut known = Some(true);
            for (left, right) in left.iter().zip(right) {
                match left.equals(right) {
                    Some(true) => {}
                    Some(false) => return Some(false),
                    None => known = None,
                }
            }
            known
        };
        match (self, other) {
            (Value::Unknown(_) | Value::Sql(_) | Value::Method(_), _) => None,
            (_, Value::Unknown(_) | Value::Sql(_) | Value::Method(_)) => None,
            (Value::Library(left), Value::Library(right)) => (left == right).then_some(true),
            // A name of a library or of the application stands for any value.
            (Value::Library(_), _) | (_, Value::Library(_)) => None,
            (Value::None, Value::None) => Some(true),
            (Value::Str(left) | Value::Final(left), Value::Str(right) | Value::Final(right)) => Some(left == right),
            (Value::Moment(left), Value::Moment(right)) => Some(left == right),
            (Value::Delta(a, b), Value::Delta(c, d)) => Some((a, b) == (c, d)),
            (Value::Relative(a), Value::Relative(b)) => Some(a == b),
            (Value::List(_), Value::List(_)) if self.is_doubtful() || other.is_doubtful() => None,
            (Value::List(left), Value::List(right)) => all(&left.borrow(), &right.borrow()),
            (Value::Tuple(left), Value::Tuple(right)) => all(left, right),
            (Value::Object(left), Value::Object(right)) => Some(Rc::ptr_eq(left, right)),
            (Value::Object(it), other) | (other, Value::Object(it)) if it.member.is_some() => it.value.equals(other),
            (Value::Dict(left), Value::Dict(right)) if Rc::ptr_eq(left, right) => Some(true),
            (Value::Dict(_), Value::Dict(_)) => None,
            (left, right) => match (left.number(), right.number()) {
                (Some(left), Some(right)) => Some(left == right),
                _ => Some(false),
            },
        }
    }

    /// A number, and `True` as 1.
    pub(crate) fn number(&self) -> Option<f64> {
        match self {
            Value::Bool(it) => Some(f64::from(u8::from(*it))),
            Value::Int(it) => Some(*it as f64),
            Value::Float(it) => Some(*it),
            _ => None,
        }
    }

    /// A whole number, and `True` as 1.
    pub(crate) fn int(&self) -> Option<i64> {
        match self {
            Value::Bool(it) => Some(i64::from(*it)),
            Value::Int(it) => Some(*it),
            Value::Object(it) if it.member.is_some() => it.value.int(),
            _ => None,
        }
    }

    /// A string, and a member of an enum whose values are strings.
    pub(crate) fn text(&self) -> Option<Text> {
        match self {
            Value::Str(it) | Value::Final(it) => Some(it.clone()),
            Value::Object(it) if it.member.is_some() => it.value.text(),
            _ => None,
        }
    }

    /// What it is, for messages.
    pub(crate) fn kind(&self) -> &'static str {
        match self {
            Value::None => "None",
            Value::Bool(_) => "a boolean",
            Value::Int(_) | Value::Float(_) => "a number",
            Value::Str(_) | Value::Final(_) => "a string",
            Value::List(_) => "a list",
            Value::Tuple(_) => "a tuple",
            Value::Dict(_) => "a dictionary",
            Value::Moment(_) | Value::Delta(..) | Value::Relative(_) => "a date",
            Value::Function(_) | Value::Method(_) => "a function",
            Value::Class(_) | Value::Object(_) => "an object",
            Value::Library(_) => "an object of a library",
            Value::Module(_) => "a module",
            Value::Column(_) => "a column",
            Value::Type(_) => "a type",
            Value::Constraint(_) | Value::ForeignKey(_) => "a constraint",
            Value::Index(_) => "an index",
            Value::Table(_) | Value::Columns(_) => "a table",
            Value::Computed(_) | Value::Identity(_) | Value::Sequence(_) => "a default",
            Value::Sql(_) => "an expression of SQL",
            Value::Connection | Value::Context | Value::Autocommit | Value::Nested | Value::Dialect => "a connection",
            Value::Batch(_) => "a batch",
            Value::Manager(_) => "a context manager",
            Value::Above(_) => "an object",
            Value::Unknown(_) => "something unknown",
        }
    }
}
