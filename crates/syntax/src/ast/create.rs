//! Schemas, views, sequences, types, functions, triggers, extensions.

use super::{
    Body, Constraint, Expr, Name, Persistence, Program, QualifiedName, Query, RelationName, StorageOption, TypeName,
};
use crate::Span;
use std::sync::Arc;

/// `CREATE [OR REPLACE] VIEW`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateView {
    /// The view.
    pub name: QualifiedName,
    /// `OR REPLACE`.
    pub replace: bool,
    /// `TEMPORARY`, or not.
    pub persistence: Persistence,
    /// The written column names.
    pub columns: Vec<Name>,
    /// `WITH (…)`, and `WITH CHECK OPTION` as the parameter that it is.
    pub options: Vec<StorageOption>,
    /// Its query.
    pub query: Query,
}

/// `REFRESH MATERIALIZED VIEW`.
#[derive(Clone, Debug, PartialEq)]
pub struct Refresh {
    /// The materialized view.
    pub view: QualifiedName,
    /// `CONCURRENTLY`.
    pub concurrently: bool,
    /// `WITH NO DATA`.
    pub no_data: bool,
}

/// `CREATE SEQUENCE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateSequence {
    /// The sequence.
    pub name: QualifiedName,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `TEMPORARY`, `UNLOGGED`, or neither.
    pub persistence: Persistence,
    /// Its options.
    pub options: SequenceOptions,
}

/// `ALTER SEQUENCE name options`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterSequence {
    /// The sequence.
    pub name: QualifiedName,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// The options that change.
    pub options: SequenceOptions,
}

/// The options of a sequence that matter to the schema.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SequenceOptions {
    /// `AS type`.
    pub data_type: Option<TypeName>,
    /// `OWNED BY`.
    pub owned_by: Option<SequenceOwner>,
    /// `INCREMENT BY`.
    pub increment: Option<i64>,
    /// `MINVALUE`, or `NO MINVALUE`.
    pub minimum: Option<Option<i64>>,
    /// `MAXVALUE`, or `NO MAXVALUE`.
    pub maximum: Option<Option<i64>>,
    /// `START WITH`.
    pub start: Option<i64>,
    /// `RESTART`, with a value or without.
    pub restart: Option<Option<i64>>,
    /// `CACHE`.
    pub cache: Option<i64>,
    /// Whether an option is written twice.
    pub repeated: bool,
    /// Whether a number is too large to be read.
    pub unreadable: bool,
}

/// `OWNED BY …`.
#[derive(Clone, Debug, PartialEq)]
pub enum SequenceOwner {
    /// `NONE`.
    None,
    /// `table.column`.
    Column {
        /// The table.
        table: QualifiedName,
        /// The column.
        column: Name,
    },
}

/// `CREATE SCHEMA`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateSchema {
    /// The schema; none for `AUTHORIZATION` alone, where it has the role's name.
    pub name: Option<Name>,
    /// `AUTHORIZATION`: whose it and its elements are.
    pub owner: Option<Name>,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// The statements inside it.
    pub elements: Vec<Body>,
}

/// `CREATE TYPE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateType {
    /// The type.
    pub name: QualifiedName,
    /// What it is.
    pub kind: TypeKind,
}

/// The kinds of type that `CREATE TYPE` makes.
#[derive(Clone, Debug, PartialEq)]
pub enum TypeKind {
    /// `AS ENUM (…)`.
    Enum(Vec<EnumValue>),
    /// `AS (…)`.
    Composite(Vec<(Name, TypeName)>),
    /// `AS RANGE (…)`.
    Range,
    /// `(INPUT = …)`.
    Base,
    /// A name alone: a shell, to be filled later.
    Shell,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// Its label.
    pub label: String,
    /// Where it is written, with its quotes.
    pub span: Span,
}

/// `CREATE DOMAIN`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateDomain {
    /// The domain.
    pub name: QualifiedName,
    /// Its base type.
    pub base: TypeName,
    /// `DEFAULT`.
    pub default: Option<Expr>,
    /// `CHECK` and `NOT NULL`.
    pub constraints: Vec<Constraint>,
    /// All clauses behind the type, as they stand.
    pub clauses: Vec<(DomainClause, Span)>,
}

/// A clause of `CREATE DOMAIN`; the grammar takes those of a column, the server does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are SQL's own")]
pub enum DomainClause {
    Default,
    Null,
    NotNull { no_inherit: bool },
    Check { no_inherit: bool },
    Unique,
    PrimaryKey,
    Exclude,
    ForeignKey,
    Identity,
    Generated,
    Deferrability,
    Enforcement,
}

/// `ALTER TYPE name ADD VALUE`, `RENAME VALUE`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterEnum {
    /// The type.
    pub name: QualifiedName,
    /// What changes.
    pub change: EnumChange,
}

/// A change to an enum.
#[derive(Clone, Debug, PartialEq)]
pub enum EnumChange {
    /// `ADD VALUE`.
    Add {
        /// The value.
        value: EnumValue,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
        /// `BEFORE` (false) or `AFTER` (true) a neighbour, if written.
        neighbour: Option<(bool, String)>,
    },
    /// `RENAME VALUE`.
    Rename {
        /// The old label.
        from: EnumValue,
        /// The new label.
        to: EnumValue,
    },
}

/// `CREATE FUNCTION`, `CREATE PROCEDURE`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateFunction {
    /// The function.
    pub name: QualifiedName,
    /// `PROCEDURE`.
    pub procedure: bool,
    /// `OR REPLACE`.
    pub replace: bool,
    /// Its parameters, those that it only gives back too.
    pub parameters: Vec<Parameter>,
    /// `RETURNS`.
    pub returns: Option<TypeName>,
    /// `LANGUAGE`, folded; none for a body in the standard's form.
    pub language: Option<Name>,
    /// `IMMUTABLE`, `STABLE`, or the default.
    pub volatility: Volatility,
    /// `SECURITY DEFINER`.
    pub security_definer: bool,
    /// `AS 'body'`: its text and the place of the constant with its quotes.
    pub body: Option<FunctionBody>,
    /// A body in the standard's form, `RETURN …` or what stands inside `BEGIN ATOMIC … END`. It is understood once, when
    /// the function is made, and stands in the script as it is.
    pub atomic: Option<Span>,
    /// What the body runs, if its language is SQL or PL/pgSQL.
    pub program: Option<Arc<Program>>,
    /// `SET name …`: the names of the settings.
    pub settings: Vec<String>,
}

/// A parameter of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its name, if it has one.
    pub name: Option<Name>,
    /// Which way its value goes.
    pub mode: ParameterMode,
    /// Its type.
    pub data_type: TypeName,
    /// `DEFAULT`.
    pub default: Option<Expr>,
}

/// Which way a parameter's value goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are SQL's own")]
pub enum ParameterMode {
    In,
    Out,
    InOut,
    Variadic,
    Table,
}

impl ParameterMode {
    /// Whether a caller gives the value.
    pub fn is_input(self) -> bool {
        !matches!(self, ParameterMode::Out | ParameterMode::Table)
    }
}

/// The text of a function or `DO` block.
#[derive(Clone, Debug, PartialEq)]
pub struct FunctionBody {
    /// The text, without quotes and escapes.
    pub text: String,
    /// The constant with its quotes or dollar signs.
    pub span: Span,
    /// Where the text itself starts, if it stands in the script byte for byte (dollar quotes, or a plain
    /// constant without doubled quotes).
    pub start: Option<u32>,
}

/// How a function's result depends on the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs, reason = "the names are SQL's own")]
pub enum Volatility {
    Immutable,
    Stable,
    #[default]
    Volatile,
}

/// `CREATE TRIGGER`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateTrigger {
    /// Its name.
    pub name: Name,
    /// The table or view.
    pub table: QualifiedName,
    /// `OR REPLACE`.
    pub replace: bool,
    /// `FOR EACH ROW`.
    pub row: bool,
    /// `CONSTRAINT TRIGGER`.
    pub constraint: bool,
    /// `REFERENCING … TABLE`: it sees the rows of the statement as tables.
    pub transitions: bool,
    /// `INSTEAD OF`.
    pub instead: bool,
    /// `BEFORE`.
    pub before: bool,
    /// What sets it off.
    pub events: TriggerEvents,
    /// `UPDATE OF` columns.
    pub columns: Vec<Name>,
    /// `WHEN (…)`.
    pub when: Option<Expr>,
    /// `FROM table` of a constraint trigger.
    pub from: Option<QualifiedName>,
    /// The function.
    pub function: QualifiedName,
}

/// What sets a trigger off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are SQL's own")]
pub struct TriggerEvents {
    pub insert: bool,
    pub update: bool,
    pub delete: bool,
    pub truncate: bool,
}

impl TriggerEvents {
    /// How many there are.
    pub fn count(self) -> usize {
        [self.insert, self.update, self.delete, self.truncate].into_iter().filter(|it| *it).count()
    }
}

/// `CREATE EXTENSION`.
#[derive(Clone, Debug, PartialEq)]
pub struct CreateExtension {
    /// The extension.
    pub name: Name,
    /// `IF NOT EXISTS`.
    pub if_not_exists: bool,
    /// `SCHEMA`.
    pub schema: Option<Name>,
}

/// `LOCK TABLE`.
#[derive(Clone, Debug, PartialEq)]
pub struct LockTable {
    /// The relations.
    pub relations: Vec<RelationName>,
    /// The mode as a number from 1 (`ACCESS SHARE`) to 8 (`ACCESS EXCLUSIVE`), as in `src/include/storage/lockdefs.h`.
    pub mode: u8,
    /// `NOWAIT`.
    pub nowait: bool,
}

/// `DO`.
#[derive(Clone, Debug, PartialEq)]
pub struct Do {
    /// `LANGUAGE`, folded; `plpgsql` when left out.
    pub language: Name,
    /// The code.
    pub body: FunctionBody,
    /// What the code runs, if its language is PL/pgSQL.
    pub program: Option<Arc<Program>>,
}
