//! Relations and what belongs to them.

use super::{Index, Needs, ObjectName, Part, Place, RelationId};
use crate::StatementId;
use lockkeeper_syntax::ast::{BoundKind, Expr, ForeignKeyAction, GeneratedKind, PartitionStrategy, Persistence};
use smol_str::SmolStr;

/// Position of a column in its table, from 0. Dropped columns keep theirs (`pg_attribute.attnum - 1`).
pub type ColumnId = usize;

/// Position of a constraint in its table. Dropped constraints keep theirs.
pub type ConstraintId = usize;

/// A relation: everything that shares the namespace of `pg_class`.
#[derive(Clone, Debug, PartialEq)]
pub struct Relation {
    /// Its name.
    pub name: ObjectName,
    /// What it is.
    pub kind: RelationKind,
    /// Logged, unlogged, temporary.
    pub persistence: Persistence,
    /// Whether it goes with the transaction that made it (`ON COMMIT DROP`).
    pub on_commit_drop: bool,
    /// Where it was created.
    pub origin: Origin,
    /// Its columns in order of their numbers, dropped ones included.
    pub columns: Vec<Column>,
    /// Its constraints; `None` where one was dropped.
    pub constraints: Vec<Option<Constraint>>,
    /// The partition that it is, of which table.
    pub partition_of: Option<PartitionOf>,
    /// The tables that it inherits from, partitioning aside.
    pub inherits: Vec<RelationId>,
    /// The composite type that it was made of, with `OF`.
    pub of_type: Option<ObjectName>,
    /// Triggers, rules, policies, extended statistics, and the publications that name it.
    pub parts: Vec<Part>,
    /// Whether policies decide who sees which rows (`ENABLE ROW LEVEL SECURITY`).
    pub row_security: bool,
    /// Whether it can be read: not so of a materialized view `WITH NO DATA`.
    pub populated: bool,
    /// What tells its rows apart for logical replication.
    pub replica_identity: ReplicaIdentity,
    /// Whether its triggers are off, those of foreign keys too (`DISABLE TRIGGER ALL`).
    pub triggers_off: bool,
    /// The role that a statement made its owner; none that is known if it is whoever ran the history.
    pub owner: Option<SmolStr>,
    /// What the query of a view names beside relations.
    pub needs: Needs,
    /// Where writes to a view go, if that can be told.
    pub view_rows: Option<Box<ViewRows>>,
    /// Whether the history shows all its columns and constraints; not so of what copies an unknown relation.
    pub complete: bool,
    /// The failed statement without which it would exist: on the server it does not.
    pub doubtful: Option<StatementId>,
}

/// The rows of a view, as a write meets them where neither rule nor trigger stands before it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ViewRows {
    /// Those of its one relation.
    Of {
        /// The relation.
        base: RelationId,
        /// Whether it is read with `ONLY`.
        only: bool,
        /// For each column of the view the one that it is, none where it is computed; none at all where they are not known.
        columns: Option<Vec<Option<ColumnId>>>,
    },
    /// Rows of its own, which nobody can write.
    Fixed {
        /// The clause or kind of function by which nobody can lock them either, in the server's words.
        unlockable: Option<&'static str>,
    },
}

/// What tells the rows of a table apart for logical replication (`REPLICA IDENTITY`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ReplicaIdentity {
    /// The primary key.
    #[default]
    Default,
    /// A unique index; none where the history does not show it.
    Index(Option<RelationId>),
    /// The whole row.
    Full,
    /// Nothing.
    Nothing,
}

/// Where a relation comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// A statement of the history created it.
    Created(Place),
    /// A statement names it, and the history does not show where it comes from. Nothing about it is known but its name.
    Assumed(Place),
}

/// What a relation is.
#[derive(Clone, Debug, PartialEq)]
pub enum RelationKind {
    /// An ordinary table, a partition too.
    Table,
    /// A partitioned table.
    Partitioned(PartitionKey),
    /// A foreign table.
    Foreign,
    /// An index, of either kind of table.
    Index(Index),
    /// A sequence.
    Sequence(Sequence),
    /// A view.
    View(Vec<ViewSource>),
    /// A materialized view.
    MaterializedView(Vec<ViewSource>),
    /// A composite type; it shares the namespace.
    Composite,
}

/// A partition key.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionKey {
    /// How rows are spread.
    pub strategy: PartitionStrategy,
    /// Its elements.
    pub elements: Vec<KeyElement>,
    /// The `PARTITION BY` clause.
    pub place: Place,
}

/// An element of a partition or index key.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyElement {
    /// The column, if the element is a plain one.
    pub column: Option<ColumnId>,
    /// The expression, with the column names of the table.
    pub expr: Expr,
    /// What an index calls it, whatever became of the column's name since.
    pub name: SmolStr,
    /// The collation, if it is not the column's.
    pub collation: Option<ObjectName>,
    /// The operator class, if it is not the default.
    pub opclass: Option<ObjectName>,
    /// `DESC`.
    pub descending: bool,
    /// `NULLS FIRST`, as it takes effect.
    pub nulls_first: bool,
    /// The operator of an exclusion constraint.
    pub operator: Option<SmolStr>,
}

/// Where a partition hangs.
#[derive(Clone, Debug, PartialEq)]
pub struct PartitionOf {
    /// The partitioned table, or index.
    pub parent: RelationId,
    /// Which rows it takes; of an index there is none.
    pub bound: Option<BoundKind>,
    /// `DETACH … CONCURRENTLY` was begun and not finalized.
    pub detaching: bool,
}

/// A sequence.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sequence {
    /// The column that owns it.
    pub owner: Option<(RelationId, ColumnId)>,
    /// Its type: `int2`, `int4` or `int8`.
    pub data_type: SmolStr,
    /// Whether it is an identity column's: then it goes only with the column.
    pub identity: bool,
    /// Its numbers; none where the history does not show them.
    pub bounds: Option<Bounds>,
}

/// The numbers of a sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// `INCREMENT BY`.
    pub increment: i64,
    /// `MINVALUE`.
    pub minimum: i64,
    /// `MAXVALUE`.
    pub maximum: i64,
    /// `START WITH`.
    pub start: i64,
}

/// A relation that a view reads, or a rule or policy of another relation.
#[derive(Clone, Debug, PartialEq)]
pub struct ViewSource {
    /// The relation.
    pub relation: RelationId,
    /// The columns it names; `None` when they cannot be told.
    pub columns: Option<Vec<ColumnId>>,
    /// Whether `ONLY` stands before it.
    pub only: bool,
    /// Whether it stands in a `WITH` or inside an expression only, not in the `FROM`.
    pub apart: bool,
}

impl ViewSource {
    /// Whether it names this column, as far as that can be told.
    pub fn names(&self, table: RelationId, column: ColumnId) -> bool {
        self.relation == table && self.columns.as_ref().is_some_and(|it| it.contains(&column))
    }
}

/// A column.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: SmolStr,
    /// Its type.
    pub data_type: DataType,
    /// The collation, if it is not the type's.
    pub collation: Option<ObjectName>,
    /// Whether it can be null.
    pub not_null: NotNull,
    /// Its default, a generated column's expression too.
    pub default: Option<Expr>,
    /// `GENERATED ALWAYS` (true) or `BY DEFAULT` (false) `AS IDENTITY`.
    pub identity: Option<bool>,
    /// `STORED` or `VIRTUAL` generated.
    pub generated: Option<GeneratedKind>,
    /// Whether it was dropped; its slot stays.
    pub dropped: bool,
    /// Whether it was declared for this table itself. Whether it comes from a parent is for the parents to say.
    pub local: bool,
    /// Where it was added.
    pub place: Place,
}

/// Whether a column can hold nulls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotNull {
    /// It can.
    No,
    /// `NOT NULL … NOT VALID` (PostgreSQL 18): new rows cannot.
    NotValid,
    /// It cannot.
    Yes,
}

/// A type as a column has it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct DataType {
    /// The type's name; `pg_catalog` for built-in ones.
    pub name: ObjectName,
    /// Its modifiers, as `10, 2`.
    pub modifiers: Vec<i32>,
    /// Array dimensions as written.
    pub dimensions: u8,
}

/// A constraint.
#[derive(Clone, Debug, PartialEq)]
pub struct Constraint {
    /// Its name.
    pub name: SmolStr,
    /// What it demands.
    pub kind: ConstraintKind,
    /// Whether all rows are known to satisfy it.
    pub validated: bool,
    /// Whether it is checked at all (PostgreSQL 18).
    pub enforced: bool,
    /// `DEFERRABLE`.
    pub deferrable: bool,
    /// `INITIALLY DEFERRED`.
    pub deferred: bool,
    /// `NO INHERIT`.
    pub no_inherit: bool,
    /// Whether it comes from a parent.
    pub inherited: bool,
    /// Where it was added.
    pub place: Place,
}

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq)]
pub enum ConstraintKind {
    /// `NOT NULL` as a constraint of its own (PostgreSQL 18).
    NotNull(ColumnId),
    /// `CHECK`.
    Check {
        /// The condition, with the column names of the table.
        expr: Expr,
        /// The columns it names.
        columns: Vec<ColumnId>,
    },
    /// `UNIQUE`, `PRIMARY KEY`.
    Unique {
        /// `PRIMARY KEY`.
        primary: bool,
        /// Its index.
        index: RelationId,
    },
    /// `EXCLUDE`.
    Exclude {
        /// Its index.
        index: RelationId,
    },
    /// `FOREIGN KEY`.
    ForeignKey {
        /// The referencing columns.
        columns: Vec<ColumnId>,
        /// The referenced table.
        references: RelationId,
        /// The referenced columns.
        referenced: Vec<ColumnId>,
        /// The unique index that it rests on; none where the referenced table is not known.
        index: Option<RelationId>,
        /// `MATCH FULL`.
        match_full: bool,
        /// `ON DELETE`.
        on_delete: ForeignKeyAction,
        /// `ON UPDATE`.
        on_update: ForeignKeyAction,
    },
}

impl Relation {
    /// A new relation without columns.
    pub fn new(name: ObjectName, kind: RelationKind, persistence: Persistence, origin: Origin) -> Self {
        Self {
            name,
            kind,
            persistence,
            on_commit_drop: false,
            origin,
            columns: Vec::new(),
            constraints: Vec::new(),
            partition_of: None,
            inherits: Vec::new(),
            of_type: None,
            parts: Vec::new(),
            row_security: false,
            populated: true,
            replica_identity: ReplicaIdentity::Default,
            triggers_off: false,
            owner: None,
            needs: Needs::default(),
            view_rows: None,
            complete: matches!(origin, Origin::Created(_)),
            doubtful: None,
        }
    }

    /// Whether a statement of the history created it.
    pub fn known(&self) -> bool {
        matches!(self.origin, Origin::Created(_))
    }

    /// Where it was created or first named.
    pub fn place(&self) -> Place {
        match self.origin {
            Origin::Created(place) | Origin::Assumed(place) => place,
        }
    }

    /// Whether it holds rows of its own.
    pub fn has_storage(&self) -> bool {
        matches!(self.kind, RelationKind::Table | RelationKind::MaterializedView(_))
    }

    /// Whether it is a table of any kind.
    pub fn is_table(&self) -> bool {
        matches!(self.kind, RelationKind::Table | RelationKind::Partitioned(_) | RelationKind::Foreign)
    }

    /// Its partition key, if it is a partitioned table.
    pub fn partition_key(&self) -> Option<&PartitionKey> {
        match &self.kind {
            RelationKind::Partitioned(key) => Some(key),
            _ => None,
        }
    }

    /// Whether the partition key names the column.
    pub fn keyed_by(&self, column: &str) -> bool {
        let names = |it: &KeyElement| it.expr.columns().iter().any(|it| it.text == column);
        self.partition_key().is_some_and(|it| it.elements.iter().any(names))
    }

    /// The index, if it is one.
    pub fn as_index(&self) -> Option<&Index> {
        match &self.kind {
            RelationKind::Index(index) => Some(index),
            _ => None,
        }
    }

    /// The position of the live column `name`.
    pub fn column_id(&self, name: &str) -> Option<ColumnId> {
        self.columns.iter().position(|it| !it.dropped && it.name == name)
    }

    /// The live column `name`.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|it| !it.dropped && it.name == name)
    }

    /// The columns that are not dropped, with their positions.
    pub fn live_columns(&self) -> impl Iterator<Item = (ColumnId, &Column)> {
        self.columns.iter().enumerate().filter(|(_, it)| !it.dropped)
    }

    /// The constraints, with their positions.
    pub fn live_constraints(&self) -> impl Iterator<Item = (ConstraintId, &Constraint)> {
        self.constraints.iter().enumerate().filter_map(|(at, it)| Some((at, it.as_ref()?)))
    }

    /// The constraint `name`.
    pub fn constraint(&self, name: &str) -> Option<(ConstraintId, &Constraint)> {
        self.live_constraints().find(|(_, it)| it.name == name)
    }

    /// The constraint that the index serves.
    pub fn constraint_of_index(&self, index: RelationId) -> Option<(ConstraintId, &Constraint)> {
        self.live_constraints().find(|(_, it)| it.index() == Some(index))
    }

    /// The primary key.
    pub fn primary_key(&self) -> Option<&Constraint> {
        self.live_constraints()
            .map(|(_, it)| it)
            .find(|it| matches!(it.kind, ConstraintKind::Unique { primary: true, .. }))
    }
}

impl Column {
    /// A column that has nothing but a name and a type.
    pub fn plain(name: SmolStr, data_type: DataType, place: Place) -> Self {
        Self {
            name,
            data_type,
            collation: None,
            not_null: NotNull::No,
            default: None,
            identity: None,
            generated: None,
            dropped: false,
            local: true,
            place,
        }
    }
}

impl Constraint {
    /// What it is in SQL's words.
    pub fn words(&self) -> &'static str {
        match self.kind {
            ConstraintKind::NotNull(_) => "NOT NULL",
            ConstraintKind::Check { .. } => "CHECK",
            ConstraintKind::Unique { primary: true, .. } => "PRIMARY KEY",
            ConstraintKind::Unique { .. } => "UNIQUE",
            ConstraintKind::Exclude { .. } => "EXCLUDE",
            ConstraintKind::ForeignKey { .. } => "FOREIGN KEY",
        }
    }

    /// The index that serves it, if it has one of its own.
    pub fn index(&self) -> Option<RelationId> {
        match self.kind {
            ConstraintKind::Unique { index, .. } | ConstraintKind::Exclude { index } => Some(index),
            _ => None,
        }
    }
}

impl DataType {
    /// The type as SQL writes it, as `numeric(10,2)`; `format_type` in the server.
    pub fn sql(&self) -> SmolStr {
        let name = self.name.name.as_str();
        let word = match (self.name.schema.as_str(), name) {
            ("pg_catalog", "int2") => "smallint",
            ("pg_catalog", "int4") => "integer",
            ("pg_catalog", "int8") => "bigint",
            ("pg_catalog", "float4") => "real",
            ("pg_catalog", "float8") => "double precision",
            ("pg_catalog", "bool") => "boolean",
            ("pg_catalog", "varchar") => "character varying",
            ("pg_catalog", "bpchar") => "character",
            ("pg_catalog", "varbit") => "bit varying",
            ("pg_catalog", "timestamp") => "timestamp",
            ("pg_catalog", "timestamptz") => "timestamp",
            ("pg_catalog", "time" | "timetz") => "time",
            _ => "",
        };
        let mut text = match self.name.schema.as_str() {
            _ if !word.is_empty() => word.to_owned(),
            // Words of the grammar such as `numeric` need no quotes where a type is meant.
            "pg_catalog" => name.to_owned(),
            _ => self.name.short().to_string(),
        };
        if !self.modifiers.is_empty() && name != "interval" {
            let mut list: Vec<String> = self.modifiers.iter().map(i32::to_string).collect();
            if name == "numeric" && list.len() == 1 {
                list.push("0".to_owned());
            }
            text.push_str(&format!("({})", list.join(",")));
        }
        match (self.name.schema.as_str(), name) {
            ("pg_catalog", "timestamp" | "time") => text.push_str(" without time zone"),
            ("pg_catalog", "timestamptz" | "timetz") => text.push_str(" with time zone"),
            _ => {}
        }
        for _ in 0..self.dimensions {
            text.push_str("[]");
        }
        SmolStr::from(text)
    }
}
