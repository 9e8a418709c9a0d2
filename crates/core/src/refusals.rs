//! Which rule reports which refusal.

use crate::step::Step;
use lockkeeper_model::Refusal;
use lockkeeper_model::timeline::OpenedBy;

/// Who reports a refusal: a rule by its name, or nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reporter {
    PartitionKeyMissingInUnique,
    PartitionKeyExpressionWithUnique,
    ForeignKeyTargetNotUnique,
    ForeignKeyOnPartitioned,
    ConcurrentlyOnPartitioned,
    UsingIndexOnPartitioned,
    ConcurrentlyInTransaction,
    ConcurrentlyBesideOtherStatements,
    DropBlockedByDependents,
    FunctionBodySyntax,
    PartitionsOverlap,
    PartitionBoundMalformed,
    PartitionKeyNotAllowed,
    PartitionKeyColumnChanged,
    PartitionColumnChangedAlone,
    PartitionsLeftOut,
    AttachedTableDiffers,
    DetachConcurrentlyBesideDefault,
    ForeignKeyTypesDiffer,
    ForeignKeyTargetUnusable,
    ExpressionNotImmutable,
    KeyDeclaredNotValid,
    IndexUnsuitableForConstraint,
    IndexMethodUnsuitable,
    RefreshConcurrentlyWithoutUniqueIndex,
    SeveralPrimaryKeys,
    TypeChangeBlockedByDependents,
    TypeChangeWithoutCast,
    IdentityMisused,
    TruncateBlockedByForeignKey,
    NewerThanServer,
    OnConflictWithoutUniqueIndex,
    EnumValueUsedInSameTransaction,
    ObjectMissing,
    ObjectExistsAlready,
    /// What no other rule claims, so that no refusal is lost.
    RefusedByPostgres,
    /// What cannot be read is a problem, not a finding.
    Problem,
    /// The statement fails only because of an earlier one.
    Nobody,
}

/// The rule that reports `refusal`. A new refusal does not compile until someone decides here.
pub(crate) fn reporter(refusal: &Refusal, step: &Step<'_>) -> Reporter {
    use Refusal::*;
    match refusal {
        Syntax { .. } | TooDeep => Reporter::Problem,
        AbortedTransaction => Reporter::Nobody,
        InsideTransaction { .. } if step.concurrently().is_none() => Reporter::RefusedByPostgres,
        InsideTransaction { .. } => match step.transaction.opened_by {
            OpenedBy::SingleQuery => Reporter::ConcurrentlyBesideOtherStatements,
            OpenedBy::Statement | OpenedBy::File | OpenedBy::Runner => Reporter::ConcurrentlyInTransaction,
        },

        UniqueLacksPartitionKey { .. }
        | ExclusionLacksPartitionKey { .. }
        | ExclusionOperatorOnPartitionKey { .. }
        | ExclusionOnPartitioned => Reporter::PartitionKeyMissingInUnique,
        UniqueOverExpressionKey { .. } => Reporter::PartitionKeyExpressionWithUnique,
        ConcurrentReindexOfPartitioned if step.concurrently().is_none() => Reporter::RefusedByPostgres,
        ConcurrentIndexOnPartitioned { .. }
        | ConcurrentDropOfPartitionedIndex { .. }
        | ConcurrentReindexOfPartitioned => Reporter::ConcurrentlyOnPartitioned,
        UsingIndexOnPartitioned => Reporter::UsingIndexOnPartitioned,
        ForeignKeyNotValidOnPartitioned { .. } | ForeignKeyOnlyOnPartitioned { .. } => {
            Reporter::ForeignKeyOnPartitioned
        }
        ForeignKeyTargetNotUnique { .. } | ForeignKeyTargetNoPrimaryKey { .. } => Reporter::ForeignKeyTargetNotUnique,
        DependentObjects { .. } | RequiredBy { .. } => Reporter::DropBlockedByDependents,
        BodySyntax { .. } => Reporter::FunctionBodySyntax,

        PartitionOverlap { .. } | SecondDefaultPartition { .. } => Reporter::PartitionsOverlap,
        DefaultOfHash
        | BoundStrategy { .. }
        | BoundsReversed { .. }
        | BoundColumns { .. }
        | BoundInfinity
        | HashRemainder
        | HashModulus { .. } => Reporter::PartitionBoundMalformed,
        PartitionKeyMissingColumn { .. } | PartitionKeyListColumns | PartitionKeyGenerated => {
            Reporter::PartitionKeyNotAllowed
        }
        PartitionKeyColumnChange { .. } => Reporter::PartitionKeyColumnChanged,
        ChildColumn | InheritedColumn { .. } | InheritedConstraint { .. } => Reporter::PartitionColumnChangedAlone,
        OnlyOnPartitioned { .. } | PrimaryKeyOnlyParent | TruncateOnlyPartitioned => Reporter::PartitionsLeftOut,
        AttachedDiffers { .. } => Reporter::AttachedTableDiffers,
        DetachConcurrentlyWithDefault => Reporter::DetachConcurrentlyBesideDefault,
        ForeignKeyTypes { .. } => Reporter::ForeignKeyTypesDiffer,
        ForeignKeyTargetDeferrable { .. }
        | ForeignKeyColumnCount
        | ForeignKeyToNonTable { .. }
        | ForeignKeyPersistence { .. } => Reporter::ForeignKeyTargetUnusable,
        NotImmutable { .. } => Reporter::ExpressionNotImmutable,
        NotValidUnsupported { .. } => Reporter::KeyDeclaredNotValid,
        Unsupported { message } if message.ends_with("cannot be marked NOT VALID") => Reporter::KeyDeclaredNotValid,
        IndexUnsuitable { .. } => Reporter::IndexUnsuitableForConstraint,
        IndexAccessMethod { .. } | TooManyIndexColumns | IncludeOnExclusion => Reporter::IndexMethodUnsuitable,
        RefreshConcurrently { .. } => Reporter::RefreshConcurrentlyWithoutUniqueIndex,
        MultiplePrimaryKeys { .. } => Reporter::SeveralPrimaryKeys,
        ColumnUsed { .. } => Reporter::TypeChangeBlockedByDependents,
        NoCast { .. } | NoDefaultCast { .. } => Reporter::TypeChangeWithoutCast,
        NotNullOfIdentity { .. }
        | IdentityOnNullable { .. }
        | IdentityExists { .. }
        | NoIdentity { .. }
        | DefaultOnIdentity { .. }
        | DefaultOnGenerated { .. }
        | NotGenerated { .. } => Reporter::IdentityMisused,
        NoArbiter => Reporter::OnConflictWithoutUniqueIndex,
        EnumValueInOpenTransaction { .. } => Reporter::EnumValueUsedInSameTransaction,
        TruncateReferenced { .. } => Reporter::TruncateBlockedByForeignKey,
        NewerSyntax { .. } => Reporter::NewerThanServer,
        MissingRelation { .. }
        | MissingColumn { .. }
        | MissingKeyColumn { .. }
        | MissingObject { .. }
        | MissingSchema { .. } => Reporter::ObjectMissing,
        DuplicateRelation { .. }
        | DuplicateColumn { .. }
        | DuplicateObject { .. }
        | DuplicateSchema { .. }
        | EnumValueExists { .. } => Reporter::ObjectExistsAlready,

        OutsideTransaction { .. }
        | Expression(_)
        | Raised
        | NoSuchSavepoint { .. }
        | WrongKind { .. }
        | NotPartitioned { .. }
        | NotPartitionOf { .. }
        | AlreadyPartition { .. }
        | ConcurrentDropOfSeveral
        | ConcurrentDropCascade
        | TooManyColumns
        | NotNullOfPrimaryKey { .. }
        | TypeChangeTwice { .. }
        | Unsupported { .. }
        | Plain { .. } => Reporter::RefusedByPostgres,
    }
}
