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

        OutsideTransaction { .. }
        | NoSuchSavepoint { .. }
        | NewerSyntax { .. }
        | MissingRelation { .. }
        | MissingColumn { .. }
        | MissingKeyColumn { .. }
        | MissingObject { .. }
        | MissingSchema { .. }
        | DuplicateRelation { .. }
        | DuplicateColumn { .. }
        | DuplicateObject { .. }
        | DuplicateSchema { .. }
        | WrongKind { .. }
        | DetachConcurrentlyWithDefault
        | NotPartitioned { .. }
        | NotPartitionOf { .. }
        | AlreadyPartition { .. }
        | SecondDefaultPartition { .. }
        | DefaultOfHash
        | BoundStrategy { .. }
        | BoundsReversed { .. }
        | BoundColumns { .. }
        | PartitionOverlap { .. }
        | HashRemainder
        | HashModulus { .. }
        | PartitionKeyMissingColumn { .. }
        | PartitionKeyListColumns
        | PartitionKeyGenerated
        | PartitionKeyExpression { .. }
        | PartitionKeyColumnChange { .. }
        | InheritedColumn { .. }
        | InheritedConstraint { .. }
        | ChildColumn
        | OnlyOnPartitioned { .. }
        | PrimaryKeyOnlyParent
        | MultiplePrimaryKeys { .. }
        | ForeignKeyTargetDeferrable { .. }
        | ForeignKeyColumnCount
        | ForeignKeyTypes { .. }
        | ForeignKeyToNonTable { .. }
        | ForeignKeyPersistence { .. }
        | NotValidUnsupported { .. }
        | IndexUnsuitable { .. }
        | IndexAccessMethod { .. }
        | TooManyIndexColumns
        | ConcurrentDropOfSeveral
        | ConcurrentDropCascade
        | IncludeOnExclusion
        | TooManyColumns
        | ColumnUsed { .. }
        | NotNullOfPrimaryKey { .. }
        | NotNullOfIdentity { .. }
        | IdentityOnNullable { .. }
        | IdentityExists { .. }
        | NoIdentity { .. }
        | DefaultOnIdentity { .. }
        | DefaultOnGenerated { .. }
        | NotGenerated { .. }
        | TypeChangeTwice { .. }
        | NoCast { .. }
        | EnumValueExists { .. }
        | EnumValueInOpenTransaction { .. }
        | TruncateReferenced { .. }
        | TruncateOnlyPartitioned
        | Unsupported { .. }
        | Plain { .. } => Reporter::RefusedByPostgres,
    }
}
