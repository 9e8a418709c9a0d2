//! What the server says of each refusal.

use super::Refusal;
use lockkeeper_syntax::ast::ObjectKind;

/// What an object of `kind` is called in the server's messages.
fn noun(kind: ObjectKind) -> String {
    kind.word().to_ascii_lowercase()
}

impl Refusal {
    /// The server's primary message.
    pub fn message(&self) -> String {
        use Refusal::*;
        match self {
            Syntax { message } | Unsupported { message } => message.clone(),
            Expression(misfit) => misfit.message(),
            BodySyntax { message } => message.clone(),
            Raised => "the code raises an exception".into(),
            TooDeep => "stack depth limit exceeded".into(),
            AbortedTransaction => {
                "current transaction is aborted, commands ignored until end of transaction block".into()
            }
            InsideTransaction { what } => format!("{what} cannot run inside a transaction block"),
            OutsideTransaction { what } => format!("{what} can only be used in transaction blocks"),
            NoSuchSavepoint { name } => format!("savepoint \"{name}\" does not exist"),
            NewerSyntax { what, since } => format!("syntax error: {what} is new in PostgreSQL {since}"),
            MissingRelation { name, qualified: true } => {
                format!("relation \"{}.{}\" does not exist", name.schema, name.name)
            }
            MissingRelation { name, qualified: false } => format!("relation \"{}\" does not exist", name.name),
            MissingColumn { column, table: Some(table) } => {
                format!("column \"{column}\" of relation \"{table}\" does not exist")
            }
            MissingColumn { column, table: None } => format!("column \"{column}\" does not exist"),
            MissingKeyColumn { column } => format!("column \"{column}\" named in key does not exist"),
            MissingObject { kind: ObjectKind::Constraint, name, table: Some(table) } => {
                format!("constraint \"{name}\" of relation \"{table}\" does not exist")
            }
            MissingObject { kind, name, table: Some(table) } => {
                format!("{} \"{name}\" for table \"{table}\" does not exist", noun(*kind))
            }
            MissingObject { kind, name, table: None } => format!("{} \"{name}\" does not exist", noun(*kind)),
            MissingSchema { schema } => format!("schema \"{schema}\" does not exist"),
            DuplicateRelation { name } => format!("relation \"{name}\" already exists"),
            DuplicateColumn { column, table: Some(table) } => {
                format!("column \"{column}\" of relation \"{table}\" already exists")
            }
            DuplicateColumn { column, table: None } => format!("column \"{column}\" specified more than once"),
            DuplicateObject { kind: ObjectKind::Constraint, name, table: Some(table) } => {
                format!("constraint \"{name}\" for relation \"{table}\" already exists")
            }
            DuplicateObject { kind, name, table: Some(table) } => {
                format!("{} \"{name}\" for relation \"{table}\" already exists", noun(*kind))
            }
            DuplicateObject { kind, name, table: None } => format!("{} \"{name}\" already exists", noun(*kind)),
            DuplicateSchema { schema } => format!("schema \"{schema}\" already exists"),
            WrongKind { name, expected } => format!("\"{name}\" is not {expected}"),
            UniqueLacksPartitionKey { .. } => {
                "unique constraint on partitioned table must include all partitioning columns".into()
            }
            UniqueOverExpressionKey { constraint } => {
                format!("unsupported {constraint} constraint with partition key definition")
            }
            ExclusionLacksPartitionKey { .. } => {
                "unique constraint on partitioned table must include all partitioning columns".into()
            }
            ExclusionOperatorOnPartitionKey { column } => {
                format!("cannot match partition key to index on column \"{column}\" using non-equal operator")
            }
            ExclusionOnPartitioned => "exclusion constraints are not supported on partitioned tables".into(),
            ConcurrentIndexOnPartitioned { table } => {
                format!("cannot create index on partitioned table \"{table}\" concurrently")
            }
            ConcurrentDropOfPartitionedIndex { index } => {
                format!("cannot drop partitioned index \"{index}\" concurrently")
            }
            ConcurrentReindexOfPartitioned => "REINDEX is not yet implemented for partitioned indexes".into(),
            UsingIndexOnPartitioned => {
                "ALTER TABLE / ADD CONSTRAINT USING INDEX is not supported on partitioned tables".into()
            }
            ForeignKeyNotValidOnPartitioned { table, referenced } => format!(
                "cannot add NOT VALID foreign key on partitioned table \"{table}\" referencing relation \"{referenced}\""
            ),
            ForeignKeyOnlyOnPartitioned { table, referenced } => format!(
                "cannot use ONLY for foreign key on partitioned table \"{table}\" referencing relation \"{referenced}\""
            ),
            DetachConcurrentlyWithDefault => {
                "cannot detach partitions concurrently when a default partition exists".into()
            }
            NotPartitioned { table } => format!("table \"{table}\" is not partitioned"),
            NotPartitionOf { child, parent } => {
                format!("relation \"{child}\" is not a partition of relation \"{parent}\"")
            }
            AlreadyPartition { child } => format!("\"{child}\" is already a partition"),
            AttachedDiffers { message, .. } => message.clone(),
            SecondDefaultPartition { existing } => {
                format!("partition conflicts with existing default partition \"{existing}\"")
            }
            DefaultOfHash => "a hash-partitioned table may not have a default partition".into(),
            BoundStrategy { expected } => format!("invalid bound specification for a {expected} partition"),
            BoundsReversed { partition } => format!("empty range bound specified for partition \"{partition}\""),
            BoundColumns { message } => (*message).into(),
            BoundInfinity => "every bound following MINVALUE or MAXVALUE must be the same".into(),
            PartitionOverlap { partition, existing } => {
                format!("partition \"{partition}\" would overlap partition \"{existing}\"")
            }
            HashRemainder => "remainder for hash partition must be less than modulus".into(),
            HashModulus { .. } => "every hash partition modulus must be a factor of the next larger modulus".into(),
            PartitionKeyMissingColumn { column } => {
                format!("column \"{column}\" named in partition key does not exist")
            }
            PartitionKeyListColumns => "cannot use \"list\" partition strategy with more than one column".into(),
            PartitionKeyGenerated => "cannot use generated column in partition key".into(),
            PartitionKeyColumnChange { action, column, table } => {
                format!(
                    "cannot {action} column \"{column}\" because it is part of the partition key of relation \"{table}\""
                )
            }
            InheritedColumn { action, column } => format!("cannot {action} inherited column \"{column}\""),
            InheritedConstraint { constraint, table } => {
                format!("cannot drop inherited constraint \"{constraint}\" of relation \"{table}\"")
            }
            ChildColumn => "cannot add column to a partition".into(),
            OnlyOnPartitioned { what } => (*what).into(),
            PrimaryKeyOnlyParent => "column is not marked NOT NULL in a partition".into(),
            MultiplePrimaryKeys { table } => format!("multiple primary keys for table \"{table}\" are not allowed"),
            ForeignKeyTargetNotUnique { table } => {
                format!("there is no unique constraint matching given keys for referenced table \"{table}\"")
            }
            ForeignKeyTargetNoPrimaryKey { table } => {
                format!("there is no primary key for referenced table \"{table}\"")
            }
            ForeignKeyTargetDeferrable { table } => {
                format!("cannot use a deferrable unique constraint for referenced table \"{table}\"")
            }
            ForeignKeyColumnCount => "number of referencing and referenced columns for foreign key disagree".into(),
            ForeignKeyTypes { constraint, .. } => {
                format!("foreign key constraint \"{constraint}\" cannot be implemented")
            }
            ForeignKeyToNonTable { name } => format!("referenced relation \"{name}\" is not a table"),
            ForeignKeyPersistence { message } => (*message).into(),
            NotValidUnsupported { what } => format!("{what} constraints cannot be marked NOT VALID"),
            IndexUnsuitable { message, .. } => message.clone(),
            IndexAccessMethod { method, lacks } => format!("access method \"{method}\" does not support {lacks}"),
            TooManyIndexColumns => "cannot use more than 32 columns in an index".into(),
            ConcurrentDropOfSeveral => "DROP INDEX CONCURRENTLY does not support dropping multiple objects".into(),
            ConcurrentDropCascade => "DROP INDEX CONCURRENTLY does not support CASCADE".into(),
            IncludeOnExclusion => "access method does not support included columns".into(),
            TooManyColumns => "tables can have at most 1600 columns".into(),
            DependentObjects { what, .. } => format!("cannot drop {what} because other objects depend on it"),
            RequiredBy { what, by } => format!("cannot drop {what} because {by} requires it"),
            ColumnUsed { what, .. } => (*what).into(),
            NotNullOfPrimaryKey { column } => format!("column \"{column}\" is in a primary key"),
            NotNullOfIdentity { column, table } => {
                format!("column \"{column}\" of relation \"{table}\" is an identity column")
            }
            IdentityOnNullable { column } => {
                format!("column \"{column}\" must be declared NOT NULL before identity can be added")
            }
            IdentityExists { column, table } => {
                format!("column \"{column}\" of relation \"{table}\" is already an identity column")
            }
            NoIdentity { column, table } => {
                format!("column \"{column}\" of relation \"{table}\" is not an identity column")
            }
            DefaultOnIdentity { column, table } => {
                format!("column \"{column}\" of relation \"{table}\" is an identity column")
            }
            DefaultOnGenerated { column, table } => {
                format!("column \"{column}\" of relation \"{table}\" is a generated column")
            }
            NotGenerated { column, table } => {
                format!("column \"{column}\" of relation \"{table}\" is not a generated column")
            }
            TypeChangeTwice { column } => format!("cannot alter type of column \"{column}\" twice"),
            NoCast { column, to } => format!("column \"{column}\" cannot be cast automatically to type {to}"),
            NoDefaultCast { column, to } => {
                format!("default for column \"{column}\" cannot be cast automatically to type {to}")
            }
            NotImmutable { message } => (*message).into(),
            RefreshConcurrently { view } => format!("cannot refresh materialized view \"{view}\" concurrently"),
            EnumValueExists { label } => format!("enum label \"{label}\" already exists"),
            EnumValueInOpenTransaction { label, enum_name } => {
                format!("unsafe use of new value \"{label}\" of enum type {enum_name}")
            }
            NoArbiter => "there is no unique or exclusion constraint matching the ON CONFLICT specification".into(),
            TruncateReferenced { .. } => "cannot truncate a table referenced in a foreign key constraint".into(),
            TruncateOnlyPartitioned => "cannot truncate only a partitioned table".into(),
            Plain { message, .. } => (*message).into(),
        }
    }

    /// The server's DETAIL line, where it says more than the message.
    pub fn detail(&self) -> Option<String> {
        use Refusal::*;
        Some(match self {
            UniqueLacksPartitionKey { constraint, table, column } => format!(
                "{constraint} constraint on table \"{table}\" lacks column \"{column}\" which is part of the partition key."
            ),
            UniqueOverExpressionKey { constraint } => {
                format!("{constraint} constraints cannot be used when partition keys include expressions.")
            }
            ExclusionLacksPartitionKey { table, column } => format!(
                "EXCLUDE constraint on table \"{table}\" lacks column \"{column}\" which is part of the partition key."
            ),
            DependentObjects { dependents, .. } => dependents.join("\n"),
            TruncateReferenced { table, by } => format!("Table \"{by}\" references \"{table}\"."),
            ForeignKeyTypes { column, referenced, left, right, .. } => {
                format!("Key columns \"{column}\" and \"{referenced}\" are of incompatible types: {left} and {right}.")
            }
            _ => return None,
        })
    }
}
