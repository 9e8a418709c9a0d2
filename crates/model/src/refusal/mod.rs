//! Why PostgreSQL refuses a statement: one enum, one table of SQLSTATEs, one of texts.

mod text;

use crate::Version;
use crate::analysis::Misfit;
use crate::catalog::ObjectName;
use lockkeeper_syntax::ast::ObjectKind;
use smol_str::SmolStr;

/// Something that the server refuses. The fields are what its message names.
#[derive(Clone, Debug, PartialEq)]
#[allow(missing_docs, reason = "each variant's text stands in `message`")]
pub enum Refusal {
    // The statement itself.
    Syntax {
        message: String,
    },
    TooDeep,
    /// The text of a function or `DO` block.
    BodySyntax {
        message: String,
    },
    /// `RAISE EXCEPTION`.
    Raised,
    /// What does not fit in an expression.
    Expression(Misfit),
    AbortedTransaction,
    InsideTransaction {
        what: &'static str,
    },
    OutsideTransaction {
        what: &'static str,
    },
    NoSuchSavepoint {
        name: SmolStr,
    },
    NewerSyntax {
        what: &'static str,
        since: Version,
    },

    // Names.
    MissingRelation {
        name: ObjectName,
        qualified: bool,
    },
    MissingColumn {
        column: SmolStr,
        table: Option<SmolStr>,
    },
    MissingKeyColumn {
        column: SmolStr,
    },
    MissingObject {
        kind: ObjectKind,
        name: SmolStr,
        table: Option<SmolStr>,
    },
    MissingSchema {
        schema: SmolStr,
    },
    DuplicateRelation {
        name: SmolStr,
    },
    DuplicateColumn {
        column: SmolStr,
        table: Option<SmolStr>,
    },
    DuplicateObject {
        kind: ObjectKind,
        name: SmolStr,
        table: Option<SmolStr>,
    },
    DuplicateSchema {
        schema: SmolStr,
    },
    WrongKind {
        name: SmolStr,
        expected: &'static str,
    },

    // Partitioned tables.
    UniqueLacksPartitionKey {
        constraint: &'static str,
        table: SmolStr,
        column: SmolStr,
    },
    UniqueOverExpressionKey {
        constraint: &'static str,
    },
    ExclusionLacksPartitionKey {
        table: SmolStr,
        column: SmolStr,
    },
    ExclusionOperatorOnPartitionKey {
        column: SmolStr,
    },
    ExclusionOnPartitioned,
    ConcurrentIndexOnPartitioned {
        table: SmolStr,
    },
    ConcurrentDropOfPartitionedIndex {
        index: SmolStr,
    },
    ConcurrentReindexOfPartitioned,
    UsingIndexOnPartitioned,
    ForeignKeyNotValidOnPartitioned {
        table: SmolStr,
        referenced: SmolStr,
    },
    ForeignKeyOnlyOnPartitioned {
        table: SmolStr,
        referenced: SmolStr,
    },
    DetachConcurrentlyWithDefault,
    NotPartitioned {
        table: SmolStr,
    },
    NotPartitionOf {
        child: SmolStr,
        parent: SmolStr,
    },
    AlreadyPartition {
        child: SmolStr,
    },
    /// What is attached is not made like its parent; the column that differs, if it is one.
    AttachedDiffers {
        sqlstate: &'static str,
        message: String,
        column: Option<SmolStr>,
    },
    SecondDefaultPartition {
        existing: SmolStr,
    },
    DefaultOfHash,
    BoundStrategy {
        expected: &'static str,
    },
    BoundsReversed {
        partition: SmolStr,
    },
    BoundColumns {
        message: &'static str,
    },
    BoundInfinity,
    PartitionOverlap {
        partition: SmolStr,
        existing: SmolStr,
    },
    HashRemainder,
    HashModulus {
        modulus: i32,
        existing: SmolStr,
    },
    PartitionKeyMissingColumn {
        column: SmolStr,
    },
    PartitionKeyListColumns,
    PartitionKeyGenerated,
    PartitionKeyColumnChange {
        action: &'static str,
        column: SmolStr,
        table: SmolStr,
    },
    InheritedColumn {
        action: &'static str,
        column: SmolStr,
    },
    InheritedConstraint {
        constraint: SmolStr,
        table: SmolStr,
    },
    ChildColumn,
    OnlyOnPartitioned {
        what: &'static str,
    },
    PrimaryKeyOnlyParent,

    // Keys.
    MultiplePrimaryKeys {
        table: SmolStr,
    },
    ForeignKeyTargetNotUnique {
        table: SmolStr,
    },
    ForeignKeyTargetNoPrimaryKey {
        table: SmolStr,
    },
    ForeignKeyTargetDeferrable {
        table: SmolStr,
    },
    ForeignKeyColumnCount,
    ForeignKeyTypes {
        constraint: SmolStr,
        column: SmolStr,
        referenced: SmolStr,
        left: SmolStr,
        right: SmolStr,
    },
    ForeignKeyToNonTable {
        name: SmolStr,
    },
    ForeignKeyPersistence {
        message: &'static str,
    },
    NotValidUnsupported {
        what: &'static str,
    },
    IndexUnsuitable {
        sqlstate: &'static str,
        message: String,
    },
    IndexAccessMethod {
        method: SmolStr,
        lacks: &'static str,
    },
    TooManyIndexColumns,
    ConcurrentDropOfSeveral,
    ConcurrentDropCascade,
    IncludeOnExclusion,

    // Columns and types.
    TooManyColumns,
    DependentObjects {
        what: String,
        dependents: Vec<String>,
    },
    RequiredBy {
        what: String,
        by: String,
    },
    ColumnUsed {
        what: &'static str,
        column: SmolStr,
        sqlstate: &'static str,
    },
    NotNullOfPrimaryKey {
        column: SmolStr,
    },
    NotNullOfIdentity {
        column: SmolStr,
        table: SmolStr,
    },
    IdentityOnNullable {
        column: SmolStr,
    },
    IdentityExists {
        column: SmolStr,
        table: SmolStr,
    },
    NoIdentity {
        column: SmolStr,
        table: SmolStr,
    },
    DefaultOnIdentity {
        column: SmolStr,
        table: SmolStr,
    },
    DefaultOnGenerated {
        column: SmolStr,
        table: SmolStr,
    },
    NotGenerated {
        column: SmolStr,
        table: SmolStr,
    },
    TypeChangeTwice {
        column: SmolStr,
    },
    NoCast {
        column: SmolStr,
        to: SmolStr,
    },
    NoDefaultCast {
        column: SmolStr,
        to: SmolStr,
    },
    /// Something computes a value that must stay the same for ever, and calls a function that does not promise that.
    NotImmutable {
        message: &'static str,
    },
    RefreshConcurrently {
        view: SmolStr,
    },
    EnumValueExists {
        label: SmolStr,
    },
    EnumValueInOpenTransaction {
        label: SmolStr,
        enum_name: SmolStr,
    },
    NoArbiter,

    // TRUNCATE.
    TruncateReferenced {
        table: SmolStr,
        by: SmolStr,
    },
    TruncateOnlyPartitioned,

    /// A feature that the server names and lacks.
    Unsupported {
        message: String,
    },
    /// A refusal whose text depends on nothing that the catalog follows.
    Plain {
        sqlstate: &'static str,
        message: &'static str,
    },
}

impl Refusal {
    /// Whether the server's grammar refuses the statement, before it knows anything else of it.
    pub(crate) fn is_of_grammar(&self) -> bool {
        matches!(self, Refusal::Syntax { .. } | Refusal::NewerSyntax { .. })
    }

    /// The five-letter code of `src/backend/utils/errcodes.txt`.
    pub fn sqlstate(&self) -> &'static str {
        use Refusal::*;
        match self {
            Syntax { .. }
            | NewerSyntax { .. }
            | DefaultOnIdentity { .. }
            | DefaultOnGenerated { .. }
            | NotNullOfIdentity { .. } => "42601",
            Expression(misfit) => misfit.sqlstate(),
            BodySyntax { .. } => "42601",
            Raised => "P0001",
            TooDeep => "54001",
            AbortedTransaction => "25P02",
            InsideTransaction { .. } => "25001",
            OutsideTransaction { .. } => "25P01",
            NoSuchSavepoint { .. } => "3B001",
            MissingRelation { .. } => "42P01",
            MissingColumn { .. } | MissingKeyColumn { .. } | PartitionKeyMissingColumn { .. } => "42703",
            MissingObject { .. } | ForeignKeyTargetNoPrimaryKey { .. } => "42704",
            MissingSchema { .. } => "3F000",
            DuplicateRelation { .. } => "42P07",
            DuplicateColumn { .. } => "42701",
            DuplicateObject { .. } | EnumValueExists { .. } => "42710",
            DuplicateSchema { .. } => "42P06",
            WrongKind { .. }
            | ForeignKeyNotValidOnPartitioned { .. }
            | ForeignKeyOnlyOnPartitioned { .. }
            | ForeignKeyToNonTable { .. }
            | AlreadyPartition { .. }
            | ChildColumn
            | TruncateOnlyPartitioned => "42809",
            UniqueLacksPartitionKey { .. }
            | UniqueOverExpressionKey { .. }
            | ExclusionLacksPartitionKey { .. }
            | ExclusionOperatorOnPartitionKey { .. }
            | ExclusionOnPartitioned
            | ConcurrentIndexOnPartitioned { .. }
            | ConcurrentDropOfPartitionedIndex { .. }
            | ConcurrentReindexOfPartitioned
            | UsingIndexOnPartitioned
            | NotValidUnsupported { .. }
            | IndexAccessMethod { .. }
            | ConcurrentDropOfSeveral
            | ConcurrentDropCascade
            | IncludeOnExclusion
            | TypeChangeTwice { .. }
            | TruncateReferenced { .. }
            | Unsupported { .. } => "0A000",
            DetachConcurrentlyWithDefault
            | ForeignKeyTargetDeferrable { .. }
            | IdentityOnNullable { .. }
            | IdentityExists { .. }
            | NoIdentity { .. }
            | NotGenerated { .. }
            | RefreshConcurrently { .. } => "55000",
            NotPartitionOf { .. } => "42P01",
            SecondDefaultPartition { .. }
            | BoundsReversed { .. }
            | PartitionOverlap { .. }
            | HashModulus { .. }
            | PartitionKeyListColumns
            | PartitionKeyGenerated
            | NotImmutable { .. }
            | NotPartitioned { .. } => "42P17",
            DefaultOfHash | BoundStrategy { .. } | BoundColumns { .. } | HashRemainder => "42P16",
            PartitionKeyColumnChange { .. }
            | InheritedColumn { .. }
            | InheritedConstraint { .. }
            | OnlyOnPartitioned { .. }
            | PrimaryKeyOnlyParent
            | MultiplePrimaryKeys { .. }
            | ForeignKeyPersistence { .. }
            | NotNullOfPrimaryKey { .. } => "42P16",
            ForeignKeyTargetNotUnique { .. } | ForeignKeyColumnCount => "42830",
            ForeignKeyTypes { .. } | NoCast { .. } | NoDefaultCast { .. } | BoundInfinity => "42804",
            IndexUnsuitable { sqlstate, .. }
            | AttachedDiffers { sqlstate, .. }
            | ColumnUsed { sqlstate, .. }
            | Plain { sqlstate, .. } => sqlstate,
            TooManyIndexColumns | TooManyColumns => "54011",
            DependentObjects { .. } | RequiredBy { .. } => "2BP01",
            EnumValueInOpenTransaction { .. } => "55P04",
            NoArbiter => "42P10",
        }
    }
}
