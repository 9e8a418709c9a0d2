//! Lockkeeper's own syntax tree: what a statement says, clause by clause, each with its span.
//!
//! It follows PostgreSQL's grammar (`src/backend/parser/gram.y`) and its terms. Nothing here is looked up:
//! whether `emails` is a table or a view is for `model` to know.

mod alter;
mod create;
mod drop;
mod expr;
mod index;
mod name;
mod program;
mod query;
mod session;
mod table;
mod utility;

pub use alter::*;
pub use create::*;
pub use drop::*;
pub use expr::*;
pub use index::*;
pub use name::*;
pub use program::*;
pub use query::*;
pub use session::*;
pub use table::*;
pub use utility::*;

use crate::Span;

/// One statement of a script.
#[derive(Clone, Debug, PartialEq)]
pub struct Statement {
    /// From the first token to the last, without the semicolon.
    pub span: Span,
    /// What it says.
    pub body: Body,
    /// Whether it runs only under a condition that is not known. No text says so of itself; whoever made the text may.
    pub possible: bool,
}

/// What a statement says, by kind.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// `CREATE TABLE`, also `PARTITION OF` and foreign tables.
    CreateTable(Box<CreateTable>),
    /// `CREATE TABLE … AS`, `SELECT … INTO`, `CREATE MATERIALIZED VIEW`.
    CreateTableAs(Box<CreateTableAs>),
    /// `ALTER TABLE` and its kin that share its subcommands: `ALTER INDEX`, `VIEW`, `MATERIALIZED VIEW`, `SEQUENCE`
    /// (only the shared subcommands), `FOREIGN TABLE`, and `ALTER TYPE` of a composite type.
    AlterTable(Box<AlterTable>),
    /// `ALTER … RENAME`, of anything.
    Rename(Box<Rename>),
    /// `ALTER … SET SCHEMA`, of anything.
    SetSchema(Box<SetSchema>),
    /// `CREATE INDEX`.
    CreateIndex(Box<CreateIndex>),
    /// `REINDEX`.
    Reindex(Reindex),
    /// `DROP …`, of anything that the grammar drops by name.
    Drop(Box<Drop>),
    /// `DROP OWNED BY`.
    DropOwned(DropOwned),
    /// `DROP DATABASE`, `ROLE`, `TABLESPACE`, `SUBSCRIPTION`, `USER MAPPING`: what lives outside the schemas.
    DropShared(DropShared),
    /// `TRUNCATE`.
    Truncate(Truncate),
    /// `CREATE [OR REPLACE] VIEW`.
    CreateView(Box<CreateView>),
    /// `REFRESH MATERIALIZED VIEW`.
    Refresh(Box<Refresh>),
    /// `CREATE SEQUENCE`.
    CreateSequence(Box<CreateSequence>),
    /// `ALTER SEQUENCE` with sequence options.
    AlterSequence(Box<AlterSequence>),
    /// `CREATE SCHEMA`, with its elements.
    CreateSchema(Box<CreateSchema>),
    /// `CREATE TYPE … AS ENUM`, composite, range, base, shell.
    CreateType(Box<CreateType>),
    /// `CREATE DOMAIN`.
    CreateDomain(Box<CreateDomain>),
    /// `ALTER TYPE … ADD VALUE`, `RENAME VALUE`.
    AlterEnum(Box<AlterEnum>),
    /// `CREATE FUNCTION`, `CREATE PROCEDURE`.
    CreateFunction(Box<CreateFunction>),
    /// `CREATE TRIGGER`.
    CreateTrigger(Box<CreateTrigger>),
    /// `CREATE EXTENSION`.
    CreateExtension(CreateExtension),
    /// `BEGIN`, `COMMIT`, `SAVEPOINT` and the rest of transaction control.
    Transaction(Transaction),
    /// `SET`, `RESET`.
    Set(Set),
    /// `SELECT`, `VALUES`, `TABLE`, `WITH … SELECT`.
    Select(Box<Query>),
    /// `INSERT`, `UPDATE`, `DELETE`, `MERGE`.
    Write(Box<Write>),
    /// `COPY`.
    Copy(Box<Copy>),
    /// `LOCK TABLE`.
    Lock(LockTable),
    /// `DO`.
    Do(Box<Do>),
    /// `CALL`.
    Call(Box<Call>),
    /// `ALTER DOMAIN`, other than renaming it.
    AlterDomain(Box<AlterDomain>),
    /// `CREATE RULE`.
    CreateRule(Box<CreateRule>),
    /// `CREATE POLICY`, `ALTER POLICY`.
    Policy(Box<Policy>),
    /// `CREATE STATISTICS`.
    CreateStatistics(Box<CreateStatistics>),
    /// `CREATE PUBLICATION`, `ALTER PUBLICATION`.
    Publication(Box<Publication>),
    /// `COMMENT ON`.
    Comment(Box<Comment>),
    /// `CLUSTER`.
    Cluster(Cluster),
    /// `VACUUM`, `ANALYZE`.
    Vacuum(Vacuum),
    /// `EXPLAIN`.
    Explain(Box<Explain>),
    /// `DECLARE CURSOR`, with its query.
    Declare(Box<Query>),
    /// A statement that is read but not modelled in detail.
    Other(Other),
    /// Text that the parser refuses.
    Unreadable(Unreadable),
}

/// A statement known by its kind only.
#[derive(Clone, Debug, PartialEq)]
pub struct Other {
    /// The server's command tag, as `CREATE POLICY`.
    pub tag: &'static str,
    /// What it can do to the schema that the tree does not show.
    pub reach: Reach,
    /// The relations that it names, of a `GRANT` or `REVOKE`.
    pub relations: Vec<QualifiedName>,
    /// The function that it changes, of an `ALTER FUNCTION`.
    pub function: Option<Box<AlteredFunction>>,
    /// Whose objects get which owner, of a `REASSIGN OWNED`.
    pub reassigned: Option<Box<(Vec<Name>, Name)>>,
    /// The roles that it makes, or gives more rights.
    pub roles: Vec<GrownRole>,
}

/// A role that is made, or that may do more than before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrownRole {
    /// The role; `public` for all.
    pub name: Name,
    /// Whether it is new and can do nothing but what it is given: no superuser, a member of no other.
    pub plain: bool,
}

/// The function of an `ALTER FUNCTION`, and what becomes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct AlteredFunction {
    /// The function.
    pub name: QualifiedName,
    /// The types of its arguments, if written.
    pub arguments: Option<Vec<TypeName>>,
    /// `IMMUTABLE`, `STABLE` or `VOLATILE`.
    pub volatility: Option<Volatility>,
}

/// How far a statement that is not modelled can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// It creates, drops or changes no relation, column, constraint, type or function.
    None,
    /// It can change anything, as `DO` or `CALL` can.
    Schema,
}

/// Text that PostgreSQL's parser refuses.
#[derive(Clone, Debug, PartialEq)]
pub struct Unreadable {
    /// PostgreSQL's own message, as `syntax error at or near "tabel"`.
    pub message: String,
    /// The token it names.
    pub at: Span,
    /// Whether the text is a template's, so that what the server will be sent is not known.
    pub template: bool,
    /// Whether PostgreSQL 13 may read it: what stops the parser stands behind `IS`, or behind an operator that could end an
    /// expression there.
    pub older: bool,
}

impl Unreadable {
    /// What no version reads, in text as it will be sent.
    pub fn new(message: String, at: Span) -> Self {
        Unreadable { message, at, template: false, older: false }
    }
}

impl Body {
    /// The word `CONCURRENTLY` of the statement, if it has one that needs a statement of its own.
    pub fn concurrently(&self) -> Option<Span> {
        match self {
            Body::CreateIndex(it) => it.concurrently,
            Body::Reindex(it) => it.concurrently,
            Body::Drop(it) => it.concurrently,
            Body::AlterTable(it) => it.actions.iter().find_map(|it| match it.kind {
                ActionKind::DetachPartition { concurrently, .. } => concurrently,
                _ => None,
            }),
            _ => None,
        }
    }

    /// The command tag that the server reports, as `ALTER TABLE`; `None` for text that does not parse.
    /// See `src/include/tcop/cmdtaglist.h`.
    pub fn tag(&self) -> Option<&'static str> {
        Some(match self {
            Body::CreateTable(it) if it.foreign => "CREATE FOREIGN TABLE",
            Body::CreateTable(_) => "CREATE TABLE",
            Body::CreateTableAs(it) => match it.target {
                CtasTarget::Table => "CREATE TABLE AS",
                CtasTarget::SelectInto => "SELECT INTO",
                CtasTarget::MaterializedView => "CREATE MATERIALIZED VIEW",
            },
            Body::AlterTable(it) => it.kind.alter_tag(),
            Body::Rename(it) => it.kind.alter_tag(),
            Body::SetSchema(it) => it.kind.alter_tag(),
            Body::CreateIndex(_) => "CREATE INDEX",
            Body::Reindex(_) => "REINDEX",
            Body::Drop(it) => it.kind.drop_tag(),
            Body::DropOwned(_) => "DROP OWNED",
            Body::DropShared(it) => it.kind.drop_tag(),
            Body::Truncate(_) => "TRUNCATE TABLE",
            Body::CreateView(_) => "CREATE VIEW",
            Body::Refresh(_) => "REFRESH MATERIALIZED VIEW",
            Body::CreateSequence(_) => "CREATE SEQUENCE",
            Body::AlterSequence(_) => "ALTER SEQUENCE",
            Body::CreateSchema(_) => "CREATE SCHEMA",
            Body::CreateType(_) => "CREATE TYPE",
            Body::CreateDomain(_) => "CREATE DOMAIN",
            Body::AlterEnum(_) => "ALTER TYPE",
            Body::CreateFunction(it) if it.procedure => "CREATE PROCEDURE",
            Body::CreateFunction(_) => "CREATE FUNCTION",
            Body::CreateTrigger(_) => "CREATE TRIGGER",
            Body::CreateExtension(_) => "CREATE EXTENSION",
            Body::Transaction(it) => it.tag(),
            Body::Set(it) => it.tag(),
            Body::Select(_) => "SELECT",
            Body::Write(it) => it.kind.tag(),
            Body::Copy(_) => "COPY",
            Body::Lock(_) => "LOCK TABLE",
            Body::Do(_) => "DO",
            Body::Call(_) => "CALL",
            Body::AlterDomain(_) => "ALTER DOMAIN",
            Body::CreateRule(_) => "CREATE RULE",
            Body::Policy(it) if it.alter => "ALTER POLICY",
            Body::Policy(_) => "CREATE POLICY",
            Body::CreateStatistics(_) => "CREATE STATISTICS",
            Body::Publication(it) if it.change == PublicationChange::Create => "CREATE PUBLICATION",
            Body::Publication(_) => "ALTER PUBLICATION",
            Body::Comment(_) => "COMMENT",
            Body::Cluster(_) => "CLUSTER",
            Body::Vacuum(it) if it.analyze_only => "ANALYZE",
            Body::Vacuum(_) => "VACUUM",
            Body::Explain(_) => "EXPLAIN",
            Body::Declare(_) => "DECLARE CURSOR",
            Body::Other(it) => it.tag,
            Body::Unreadable(_) => return None,
        })
    }
}
