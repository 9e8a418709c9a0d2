//! What one statement does, as plain data.

use crate::catalog::{ObjectName, RelationId};
use crate::refusal::Refusal;
use lockkeeper_syntax::{Span, ast::ObjectKind};
use smol_str::SmolStr;
use std::fmt;

/// A table-level lock mode, weakest first. Numbered as in `src/include/storage/lockdefs.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names are PostgreSQL's own")]
pub enum LockMode {
    AccessShare = 1,
    RowShare,
    RowExclusive,
    ShareUpdateExclusive,
    Share,
    ShareRowExclusive,
    Exclusive,
    AccessExclusive,
}

/// Who waits while a lock is held, in the words of the manual's "Explicit Locking" chapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Blocks {
    /// Nobody that reads or writes rows; other schema changes and VACUUM.
    SchemaChanges,
    /// `INSERT`, `UPDATE`, `DELETE`.
    Writes,
    /// Everything, `SELECT` too.
    ReadsAndWrites,
}

impl LockMode {
    /// All modes, weakest first.
    pub const ALL: [LockMode; 8] = [
        LockMode::AccessShare,
        LockMode::RowShare,
        LockMode::RowExclusive,
        LockMode::ShareUpdateExclusive,
        LockMode::Share,
        LockMode::ShareRowExclusive,
        LockMode::Exclusive,
        LockMode::AccessExclusive,
    ];

    /// Who waits while this lock is held.
    pub fn blocks(self) -> Blocks {
        match self {
            LockMode::AccessExclusive => Blocks::ReadsAndWrites,
            LockMode::Exclusive | LockMode::ShareRowExclusive | LockMode::Share => Blocks::Writes,
            LockMode::ShareUpdateExclusive | LockMode::RowExclusive | LockMode::RowShare | LockMode::AccessShare => {
                Blocks::SchemaChanges
            }
        }
    }

    /// Whether `INSERT`, `UPDATE` and `DELETE` wait for it.
    pub fn blocks_writes(self) -> bool {
        self.blocks() >= Blocks::Writes
    }

    /// Whether `SELECT` waits for it.
    pub fn blocks_reads(self) -> bool {
        self.blocks() == Blocks::ReadsAndWrites
    }
}

impl LockMode {
    /// The mode in SQL's words.
    pub fn words(self) -> &'static str {
        match self {
            LockMode::AccessShare => "ACCESS SHARE",
            LockMode::RowShare => "ROW SHARE",
            LockMode::RowExclusive => "ROW EXCLUSIVE",
            LockMode::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            LockMode::Share => "SHARE",
            LockMode::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            LockMode::Exclusive => "EXCLUSIVE",
            LockMode::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

impl Blocks {
    /// Who waits, in words.
    pub fn words(self) -> &'static str {
        match self {
            Blocks::SchemaChanges => "schema changes",
            Blocks::Writes => "writes",
            Blocks::ReadsAndWrites => "reads and writes",
        }
    }
}

impl fmt::Display for Blocks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.words())
    }
}

/// What one statement does to the relations it meets, as the server would do it.
/// Made by `interpret`, read by rules, compared with the server by `verify`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Effects {
    /// Locks from ROW SHARE up on relations that existed before the statement: the strongest mode per relation,
    /// in the order in which the relations are met.
    pub locks: Vec<Lock>,
    /// Relations that get a new file.
    pub rewrites: Vec<Rewrite>,
    /// Tables that the server reads in full to verify their rows. Neither rewritten tables nor those that an
    /// index build reads.
    pub scans: Vec<Scan>,
    /// Indexes that are built or built anew, on tables that existed before the statement.
    pub index_builds: Vec<IndexBuild>,
    /// What ceases to exist.
    pub drops: Vec<Dropped>,
    /// Why the server refuses the statement; then nothing above takes place.
    pub failure: Option<Failure>,
    /// Whether `IF EXISTS` or `IF NOT EXISTS` makes the statement do nothing.
    pub skipped: bool,
    /// What the prediction rests on that no statement of the history shows.
    pub assumed: Vec<Assumption>,
}

/// A lock on a relation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lock {
    /// The relation.
    pub relation: RelationId,
    /// The strongest mode that the statement takes on it.
    pub mode: LockMode,
    /// The clause that needs it.
    pub span: Span,
}

/// A relation that is written anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewrite {
    /// A table or materialized view.
    pub relation: RelationId,
    /// Why.
    pub why: RewriteReason,
    /// The clause that asks for it.
    pub span: Span,
}

/// Why a relation gets a new file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RewriteReason {
    /// `ADD COLUMN` with a value that each row must get of its own.
    NewColumn(SmolStr),
    /// `ALTER COLUMN … TYPE`.
    TypeChange(SmolStr),
    /// `SET EXPRESSION` of a stored generated column.
    Expression(SmolStr),
    /// `SET LOGGED`, `SET UNLOGGED`.
    Persistence,
    /// `SET ACCESS METHOD`.
    AccessMethod,
    /// `SET TABLESPACE`.
    Tablespace,
    /// `TRUNCATE`.
    Truncate,
    /// `REFRESH MATERIALIZED VIEW`.
    Refresh,
    /// `CLUSTER`, `VACUUM FULL`.
    Compaction,
}

/// A table that is read in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scan {
    /// The table.
    pub relation: RelationId,
    /// Why.
    pub why: ScanReason,
    /// The clause that asks for it.
    pub span: Span,
}

/// Why a table is read in full.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanReason {
    /// `SET NOT NULL`, or what implies it.
    NotNull(SmolStr),
    /// A `CHECK` is verified.
    Check(SmolStr),
    /// A foreign key is verified; this is the referencing side.
    ForeignKey(SmolStr),
    /// `ATTACH PARTITION`: the rows must fit the bound.
    PartitionBound,
    /// A new partition next to a default partition: no row of the default may belong into it.
    DefaultPartition,
}

/// An index that is built.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IndexBuild {
    /// The index.
    pub index: ObjectName,
    /// The table or materialized view that is read for it.
    pub table: RelationId,
    /// Whether writes go on meanwhile.
    pub concurrently: bool,
    /// Whether the index existed before.
    pub rebuild: bool,
    /// The clause that asks for it.
    pub span: Span,
}

/// Something that a statement removes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// What.
    pub object: DroppedObject,
    /// Why it goes.
    pub how: DropReason,
    /// The name or clause that asks for it.
    pub span: Span,
}

/// What a statement can remove.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DroppedObject {
    /// A relation of any kind that the catalog knows.
    Relation(RelationId),
    /// The rows of a table, not the table.
    Rows(RelationId),
    /// A column.
    Column {
        /// Its table.
        table: RelationId,
        /// Its name.
        column: SmolStr,
    },
    /// A constraint.
    Constraint {
        /// Its table.
        table: RelationId,
        /// Its name.
        constraint: SmolStr,
    },
    /// A default, trigger, rule, policy or other part of a relation.
    Part {
        /// What it is.
        kind: ObjectKind,
        /// Its relation.
        table: RelationId,
        /// Its name.
        name: SmolStr,
    },
    /// A type or domain.
    Type(ObjectName),
    /// A schema.
    Schema(SmolStr),
    /// Something that the catalog does not follow, by its name as written.
    Other {
        /// What it is.
        kind: ObjectKind,
        /// Its name.
        name: SmolStr,
    },
}

/// Why an object goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum DropReason {
    /// The statement names it.
    Named,
    /// It is part of what goes, without a word: the indexes, constraints, owned sequences and statistics of a column or table.
    Automatic,
    /// `CASCADE` takes it along.
    Cascade,
}

/// A refusal, with its place and its cause.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// What the server refuses.
    pub refusal: Refusal,
    /// The clause that it refuses.
    pub span: Span,
    /// The earlier failed statement without which this one would not fail.
    pub caused_by: Option<StatementId>,
}

/// A statement of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StatementId {
    /// The script's place in the history.
    pub script: u32,
    /// The statement's place in the script.
    pub statement: u32,
}

/// Something that no statement of the history shows.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Assumption {
    /// The relation was created outside of the history: it counts as an ordinary table with rows and traffic.
    RelationExists(ObjectName),
    /// The statement runs code that is not read.
    OpaqueCode,
}

impl Effects {
    /// The lock on `relation`, if the statement takes one.
    pub fn lock_on(&self, relation: RelationId) -> Option<&Lock> {
        self.locks.iter().find(|it| it.relation == relation)
    }

    /// The strongest lock of the statement.
    pub fn strongest_lock(&self) -> Option<&Lock> {
        self.locks.iter().max_by_key(|it| it.mode)
    }

    /// Whether the statement reads or writes `relation` row by row.
    pub fn works_on(&self, relation: RelationId) -> bool {
        self.rewrites.iter().any(|it| it.relation == relation)
            || self.scans.iter().any(|it| it.relation == relation)
            || self.index_builds.iter().any(|it| it.table == relation)
    }
}
