//! `ALTER TABLE` and its kin.

use super::{
    ColumnDef, Constraint, Expr, Identity, Name, ObjectKind, PartitionBound, QualifiedName, RelationName,
    StorageOption, TypeName,
};
use crate::Span;

/// `ALTER TABLE name action, …`.
#[derive(Clone, Debug, PartialEq)]
pub struct AlterTable {
    /// The word after `ALTER`: table, index, view, ….
    pub kind: ObjectKind,
    /// The relation.
    pub relation: RelationName,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// Its subcommands in order of writing.
    pub actions: Vec<Action>,
}

/// One subcommand of `ALTER TABLE`.
#[derive(Clone, Debug, PartialEq)]
pub struct Action {
    /// What it does.
    pub kind: ActionKind,
    /// From its first keyword to its last token, without the comma.
    pub span: Span,
}

/// What a subcommand of `ALTER TABLE` does. Follows `AlterTableType` of `src/include/nodes/parsenodes.h`.
#[derive(Clone, Debug, PartialEq)]
pub enum ActionKind {
    /// `ADD COLUMN`.
    AddColumn {
        /// The column.
        column: Box<ColumnDef>,
        /// `IF NOT EXISTS`.
        if_not_exists: bool,
    },
    /// `DROP COLUMN`.
    DropColumn {
        /// The column.
        column: Name,
        /// `IF EXISTS`.
        if_exists: bool,
        /// `CASCADE`.
        cascade: bool,
    },
    /// `ALTER COLUMN … TYPE`.
    SetType {
        /// The column.
        column: Name,
        /// The new type.
        data_type: Box<TypeName>,
        /// `COLLATE`.
        collation: Option<QualifiedName>,
        /// `USING`.
        using: Option<Expr>,
    },
    /// `SET DEFAULT`.
    SetDefault {
        /// The column.
        column: Name,
        /// The new default.
        expr: Box<Expr>,
    },
    /// `DROP DEFAULT`.
    DropDefault {
        /// The column.
        column: Name,
    },
    /// `SET NOT NULL`.
    SetNotNull {
        /// The column.
        column: Name,
    },
    /// `DROP NOT NULL`.
    DropNotNull {
        /// The column.
        column: Name,
    },
    /// `SET EXPRESSION AS (…)` of a generated column.
    SetExpression {
        /// The column.
        column: Name,
        /// The new expression.
        expr: Box<Expr>,
    },
    /// `DROP EXPRESSION`.
    DropExpression {
        /// The column.
        column: Name,
        /// `IF EXISTS`.
        if_exists: bool,
    },
    /// `ADD GENERATED … AS IDENTITY`.
    AddIdentity {
        /// The column.
        column: Name,
        /// The identity.
        identity: Identity,
    },
    /// `SET GENERATED …`, `SET` and `RESTART` of identity options.
    SetIdentity {
        /// The column.
        column: Name,
        /// The new kind, if `SET GENERATED` is written: `ALWAYS` (true) or `BY DEFAULT`.
        always: Option<bool>,
    },
    /// `DROP IDENTITY`.
    DropIdentity {
        /// The column.
        column: Name,
        /// `IF EXISTS`.
        if_exists: bool,
    },
    /// `SET STATISTICS`.
    SetStatistics {
        /// The column; none where an index's column is given by number.
        column: Option<Name>,
    },
    /// `SET (…)`, `RESET (…)` of column options.
    SetColumnOptions {
        /// The column.
        column: Name,
        /// `RESET`.
        reset: bool,
    },
    /// `SET STORAGE`.
    SetStorage {
        /// The column.
        column: Name,
        /// Whether it is `PLAIN`, which any type can have.
        plain: bool,
    },
    /// `SET COMPRESSION`.
    SetCompression {
        /// The column.
        column: Name,
        /// Whether it is `DEFAULT`, which any type can have.
        default: bool,
    },
    /// `ADD CONSTRAINT`, also without a name.
    AddConstraint {
        /// The constraint.
        constraint: Box<Constraint>,
    },
    /// `ALTER CONSTRAINT`.
    AlterConstraint {
        /// Its name.
        name: Name,
        /// `[NOT] DEFERRABLE`, if written.
        deferrable: Option<bool>,
        /// `INITIALLY DEFERRED | IMMEDIATE`, if written.
        initially_deferred: Option<bool>,
        /// `[NOT] ENFORCED`, if written.
        enforced: Option<bool>,
        /// `[NO] INHERIT`, if written.
        inherit: Option<bool>,
    },
    /// `VALIDATE CONSTRAINT`.
    ValidateConstraint {
        /// Its name.
        name: Name,
    },
    /// `DROP CONSTRAINT`.
    DropConstraint {
        /// Its name.
        name: Name,
        /// `IF EXISTS`.
        if_exists: bool,
        /// `CASCADE`.
        cascade: bool,
    },
    /// `OWNER TO`.
    ChangeOwner(Name),
    /// `CLUSTER ON index`.
    ClusterOn {
        /// The index.
        index: Name,
    },
    /// `SET WITHOUT CLUSTER`.
    WithoutCluster,
    /// `SET LOGGED`.
    SetLogged,
    /// `SET UNLOGGED`.
    SetUnlogged,
    /// `SET WITHOUT OIDS`.
    WithoutOids,
    /// `SET ACCESS METHOD`.
    SetAccessMethod {
        /// The method; none for `DEFAULT`.
        method: Option<Name>,
    },
    /// `SET TABLESPACE`.
    SetTablespace {
        /// The tablespace.
        tablespace: Name,
    },
    /// `SET (…)`, `RESET (…)` of storage parameters or view options.
    SetOptions {
        /// The options.
        options: Vec<StorageOption>,
        /// `RESET`.
        reset: bool,
    },
    /// `ENABLE`, `DISABLE TRIGGER`.
    Trigger {
        /// What becomes of it.
        state: FiringState,
        /// Which.
        which: WhichTriggers,
    },
    /// `ENABLE`, `DISABLE RULE`.
    Rule {
        /// What becomes of it.
        state: FiringState,
        /// Its name.
        name: Name,
    },
    /// `INHERIT parent`.
    Inherit {
        /// The parent.
        parent: QualifiedName,
    },
    /// `NO INHERIT parent`.
    NoInherit {
        /// The parent.
        parent: QualifiedName,
    },
    /// `OF type`.
    OfType {
        /// The composite type.
        of_type: QualifiedName,
    },
    /// `NOT OF`.
    NotOf,
    /// `REPLICA IDENTITY`.
    ReplicaIdentity(ReplicaIdentity),
    /// `ENABLE`, `DISABLE`, `FORCE`, `NO FORCE ROW LEVEL SECURITY`.
    RowSecurity(RowSecurity),
    /// `OPTIONS (…)` of a foreign table or of one of its columns.
    ForeignOptions {
        /// The column, if the options are a column's.
        column: Option<Name>,
    },
    /// `ATTACH PARTITION child bound`; of an index without bound.
    AttachPartition {
        /// The table or index to attach.
        child: QualifiedName,
        /// The bound; none for an index.
        bound: Option<Box<PartitionBound>>,
    },
    /// `DETACH PARTITION child`.
    DetachPartition {
        /// The partition.
        child: QualifiedName,
        /// `CONCURRENTLY`, with the word's place.
        concurrently: Option<Span>,
        /// `FINALIZE`.
        finalize: bool,
    },
    /// `ADD`, `DROP`, `ALTER ATTRIBUTE` of a composite type.
    Attribute {
        /// Which.
        change: AttributeChange,
        /// The attribute.
        name: Name,
        /// `CASCADE`.
        cascade: bool,
    },
}

/// When a trigger or rule fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FiringState {
    /// `ENABLE`.
    Enable,
    /// `ENABLE ALWAYS`.
    Always,
    /// `ENABLE REPLICA`.
    Replica,
    /// `DISABLE`.
    Disable,
}

/// The triggers of an `ENABLE` or `DISABLE`.
#[derive(Clone, Debug, PartialEq)]
pub enum WhichTriggers {
    /// One.
    Named(Name),
    /// `ALL`.
    All,
    /// `USER`.
    User,
}

/// `REPLICA IDENTITY …`.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplicaIdentity {
    /// `DEFAULT`.
    Default,
    /// `FULL`.
    Full,
    /// `NOTHING`.
    Nothing,
    /// `USING INDEX name`.
    Index(Name),
}

/// Row-level security switches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are SQL's own")]
pub enum RowSecurity {
    Enable,
    Disable,
    Force,
    NoForce,
}

/// A change to an attribute of a composite type.
#[derive(Clone, Debug, PartialEq)]
pub enum AttributeChange {
    /// `ADD ATTRIBUTE`.
    Add(TypeName),
    /// `DROP ATTRIBUTE`.
    Drop {
        /// `IF EXISTS`.
        if_exists: bool,
    },
    /// `ALTER ATTRIBUTE … TYPE`.
    SetType(TypeName),
}

/// `ALTER … RENAME …`.
#[derive(Clone, Debug, PartialEq)]
pub struct Rename {
    /// What the statement alters, by its word: `ALTER TABLE t RENAME COLUMN` has [`ObjectKind::Table`].
    pub kind: ObjectKind,
    /// The object, or the relation, type or domain that holds what is renamed.
    pub object: QualifiedName,
    /// The argument types of a function, if they are given.
    pub arguments: Option<Vec<TypeName>>,
    /// `ONLY`.
    pub only: bool,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// Which part of the object gets the new name.
    pub part: RenamedPart,
    /// The new name.
    pub to: Name,
}

/// What of an object gets a new name.
#[derive(Clone, Debug, PartialEq)]
pub enum RenamedPart {
    /// The object itself.
    Itself,
    /// A column.
    Column(Name),
    /// A constraint of a table or domain.
    Constraint(Name),
    /// An attribute of a composite type.
    Attribute(Name),
    /// A trigger, rule or policy of a relation.
    Attached(Name),
}

/// `ALTER … SET SCHEMA`.
#[derive(Clone, Debug, PartialEq)]
pub struct SetSchema {
    /// What is moved.
    pub kind: ObjectKind,
    /// The object.
    pub object: QualifiedName,
    /// The argument types of a function, if they are given.
    pub arguments: Option<Vec<TypeName>>,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// The new schema.
    pub to: Name,
}
