//! What every database holds from the start: the functions, operators, casts, types and operator classes of
//! `pg_catalog`, per version. `cargo xtask generate` reads them from the servers into the text files beside this one;
//! a line that not every version has ends in the versions that have it, as `@14-`.

mod table;

use crate::Version;
use lockkeeper_syntax::ast::Volatility;
use std::sync::LazyLock;
use table::{Lines, Table};

/// A function, procedure, aggregate or window function; a row of `pg_proc`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Function {
    /// The types of its arguments, in the server's own names: `_text` is an array of `text`.
    pub arguments: Vec<&'static str>,
    /// The type that it gives.
    pub result: &'static str,
    /// How its result depends on the database.
    pub volatility: Volatility,
    /// What it is.
    pub kind: FunctionKind,
    /// Whether it gives a set of rows.
    pub set: bool,
    /// Whether its last argument takes any number of values.
    pub variadic: bool,
    /// How many arguments at its end can be left out.
    pub defaults: usize,
}

/// `pg_proc.prokind`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are PostgreSQL's own")]
pub enum FunctionKind {
    Function,
    Procedure,
    Aggregate,
    Window,
}

/// A row of `pg_operator`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// The type of its left side; none of a prefix operator.
    pub left: Option<&'static str>,
    /// The type of its right side.
    pub right: &'static str,
    /// The type that it gives.
    pub result: &'static str,
    /// The volatility of its function.
    pub volatility: Volatility,
}

/// A row of `pg_cast`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cast {
    /// The type that it takes.
    pub from: &'static str,
    /// The type that it gives.
    pub to: &'static str,
    /// Where the server uses it unasked.
    pub context: CastContext,
    /// How it is done.
    pub method: CastMethod,
}

/// `pg_cast.castcontext`: the weakest use for which the server applies a cast, weakest demand first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CastContext {
    /// Wherever the types ask for it.
    Implicit,
    /// Also in assignments to a column.
    Assignment,
    /// Only where it is written.
    Explicit,
}

/// `pg_cast.castmethod`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CastMethod {
    /// The stored bytes are the same.
    Binary,
    /// By the types' text form.
    InOut,
    /// By a function.
    Function(Volatility),
}

/// A row of `pg_type`; arrays aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type {
    /// Its name.
    pub name: &'static str,
    /// `pg_type.typcategory`.
    pub category: char,
    /// Whether it is the preferred type of its category.
    pub preferred: bool,
    /// Whether it stands for several types, as `anyelement`.
    pub pseudo: bool,
    /// The volatility of reading it from text.
    pub input: Volatility,
    /// The volatility of writing it as text.
    pub output: Volatility,
    /// Whether it has a collation.
    pub collatable: bool,
}

/// A row of `pg_opclass`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OperatorClass {
    /// Its access method.
    pub method: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The type that it indexes.
    pub data_type: &'static str,
    /// Its operator family.
    pub family: &'static str,
    /// Whether it is the type's default for the access method.
    pub default: bool,
}

static FUNCTIONS: LazyLock<Table<Function>> =
    LazyLock::new(|| Lines::new(include_str!("functions.txt")).table(|line| line.function()));
static OPERATORS: LazyLock<Table<Operator>> =
    LazyLock::new(|| Lines::new(include_str!("operators.txt")).table(|line| line.operator()));
static CASTS: LazyLock<Table<Cast>> = LazyLock::new(|| Lines::new(include_str!("casts.txt")).table(|line| line.cast()));
static TYPES: LazyLock<Table<Type>> =
    LazyLock::new(|| Lines::new(include_str!("types.txt")).table(|line| line.data_type()));
static CLASSES: LazyLock<Table<OperatorClass>> =
    LazyLock::new(|| Lines::new(include_str!("opclasses.txt")).table(|line| line.operator_class()));

/// The functions called `name`.
pub fn functions(name: &str, version: Version) -> impl Iterator<Item = &'static Function> {
    FUNCTIONS.get(name, version)
}

/// The operators written as `symbol`.
pub fn operators(symbol: &str, version: Version) -> impl Iterator<Item = &'static Operator> {
    OPERATORS.get(symbol, version)
}

/// The cast between two types.
pub fn cast(from: &str, to: &str, version: Version) -> Option<&'static Cast> {
    CASTS.get(from, version).find(|it| it.to == to)
}

/// The type called `name`, as `int4`; not of arrays.
pub fn data_type(name: &str, version: Version) -> Option<&'static Type> {
    TYPES.get(name, version).next()
}

/// The operator classes of an access method.
pub fn operator_classes(method: &str, version: Version) -> impl Iterator<Item = &'static OperatorClass> {
    CLASSES.get(method, version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn facts_follow_the_version() {
        let of = |major| Version::new(major).expect("a version that the model knows");
        assert!(functions("uuidv7", of(17)).next().is_none());
        assert!(functions("uuidv7", of(18)).all(|it| it.volatility == Volatility::Volatile));
        assert!(functions("now", of(13)).all(|it| it.volatility == Volatility::Stable));
        let truncated =
            |it: &str| functions("date_trunc", of(15)).find(|f| f.arguments[1] == it).map(|it| it.volatility);
        assert_eq!(truncated("timestamptz"), Some(Volatility::Stable));
        assert_eq!(truncated("timestamp"), Some(Volatility::Immutable));
        let defaulted = functions("jsonb_set", of(15)).next().expect("a function of all versions");
        assert_eq!((defaulted.arguments.len(), defaulted.defaults), (4, 1));
    }

    #[test]
    fn casts_types_and_classes_are_read() {
        let newest = Version::NEWEST;
        let method = |from, to| cast(from, to, newest).map(|it| (it.context, it.method));
        assert_eq!(method("varchar", "text"), Some((CastContext::Implicit, CastMethod::Binary)));
        assert_eq!(
            method("timestamptz", "date"),
            Some((CastContext::Assignment, CastMethod::Function(Volatility::Stable)))
        );
        assert_eq!(method("text", "int4"), None);
        assert!(data_type("text", newest).is_some_and(|it| it.preferred && it.collatable && it.category == 'S'));
        assert!(data_type("anyelement", newest).is_some_and(|it| it.pseudo));
        assert!(!operator_classes("gin", newest).any(|it| it.data_type == "text"));
        assert!(operator_classes("btree", newest).any(|it| it.data_type == "text" && it.default));
        let minus: Vec<_> = operators("-", newest).filter(|it| it.left.is_none()).map(|it| it.right).collect();
        assert!(minus.contains(&"int4") && !minus.contains(&"text"));
    }
}
