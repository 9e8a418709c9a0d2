//! The catalog and the one way to change it.

mod apply;

use super::counts::Counts;
use super::mentions::{Mention, Mentions};
use super::{
    Column, ColumnId, Constraint, ConstraintId, ConstraintKind, Domain, Fact, Function, Index, ObjectName, Part,
    PartitionOf, Place, Published, Relation, RelationId, RelationKind, Sequence, TypeDefinition, TypeDefinitionKind,
};
use crate::StatementId;
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::ast::Persistence;
use rustc_hash::FxHashMap;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet};

/// The schema after the statements so far. Read freely, changed only by [`Catalog::apply`].
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    relations: Vec<Option<Box<Relation>>>,
    /// Who has a name. A new relation can take the name of one that was only assumed.
    names: FxHashMap<ObjectName, Vec<RelationId>>,
    /// Who points at a relation: partitions, inheritance children, indexes, foreign keys, views, owned sequences.
    incoming: FxHashMap<RelationId, BTreeSet<(Link, RelationId)>>,
    /// Who names a sequence, function or type.
    mentions: Mentions,
    /// How many relations each schema has.
    populated: Counts<SmolStr>,
    schemas: BTreeMap<SmolStr, SchemaState>,
    publications: BTreeMap<SmolStr, Published>,
    /// The extensions that the history made, as they come.
    extensions: BTreeSet<SmolStr>,
    /// The roles that the history made and that can do nothing but what they own or are given.
    plain_roles: BTreeSet<SmolStr>,
    types: FxHashMap<ObjectName, TypeDefinition>,
    /// How many types have a name, in whichever schema.
    type_names: Counts<SmolStr>,
    domains: BTreeSet<ObjectName>,
    /// How many of the types have labels that a transaction added.
    extended_enums: u32,
    functions: BTreeMap<ObjectName, Function>,
    partial: bool,
    extended: bool,
    unread_since: Option<StatementId>,
}

/// How one relation points at another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Link {
    Partition,
    Child,
    Index,
    ForeignKey,
    View,
    Sequence,
    Part,
}

/// What the history says of a schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SchemaState {
    /// A statement created it.
    Created(Place),
    /// A statement dropped it.
    Dropped,
}

/// A change puts a value into one place of the catalog. Applying it gives the change that restores what was there.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// Creates or removes a relation.
    Relation {
        /// Which.
        id: RelationId,
        /// What it becomes.
        to: Option<Box<Relation>>,
    },
    /// Adds, changes or (only to undo an addition) removes a column.
    Column {
        /// The table.
        table: RelationId,
        /// The column; the number of columns to add one.
        at: ColumnId,
        /// What it becomes.
        to: Option<Column>,
    },
    /// Adds, changes or removes a constraint.
    Constraint {
        /// The table.
        table: RelationId,
        /// The constraint; the number of slots to add one.
        at: ConstraintId,
        /// What it becomes.
        to: Option<Constraint>,
    },
    /// Renames a relation or moves it to another schema.
    Name {
        /// Which.
        id: RelationId,
        /// Its new name.
        to: ObjectName,
    },
    /// Attaches or detaches a partition, table or index.
    Partition {
        /// The partition.
        child: RelationId,
        /// Where it hangs from now on.
        to: Option<PartitionOf>,
    },
    /// Changes what a table inherits from.
    Inherits {
        /// The child.
        child: RelationId,
        /// All its parents.
        to: Vec<RelationId>,
    },
    /// Changes an index.
    Index {
        /// Which.
        id: RelationId,
        /// What it becomes.
        to: Box<Index>,
    },
    /// Changes a sequence.
    Sequence {
        /// Which.
        id: RelationId,
        /// What it becomes.
        to: Sequence,
    },
    /// Makes a relation logged or unlogged.
    Persistence {
        /// Which.
        id: RelationId,
        /// What it becomes.
        to: Persistence,
    },
    /// Turns row-level security on or off.
    RowSecurity {
        /// The table.
        id: RelationId,
        /// Whether it is on from now.
        to: bool,
    },
    /// Changes the triggers, rules, policies and statistics of a relation.
    Parts {
        /// Which.
        id: RelationId,
        /// All its parts.
        to: Vec<Part>,
    },
    /// Creates or drops a schema.
    Schema {
        /// Its name.
        name: SmolStr,
        /// What it becomes.
        to: Option<SchemaState>,
    },
    /// Creates, changes or drops a publication.
    Publication {
        /// Its name.
        name: SmolStr,
        /// What it becomes.
        to: Option<Box<Published>>,
    },
    /// All extensions that the history made and left as they come.
    Extensions(BTreeSet<SmolStr>),
    /// All roles that the history made and gave no rights of an owner over what others own.
    PlainRoles(BTreeSet<SmolStr>),
    /// Fills a materialized view or empties it.
    Populated {
        /// Which.
        id: RelationId,
        /// Whether it can be read from now on.
        to: bool,
    },
    /// Creates, changes or drops a type.
    Type {
        /// Its name.
        name: ObjectName,
        /// What it becomes.
        to: Option<Box<TypeDefinition>>,
    },
    /// Creates, changes or drops the functions of one name.
    Function {
        /// Its name.
        name: ObjectName,
        /// What it becomes.
        to: Option<Function>,
    },
    /// From here on a missing name is unknown rather than missing.
    Partial(bool),
    /// From here on functions, operators, casts and types may exist that the catalog does not follow: those of an
    /// extension, for one.
    Extended(bool),
    /// What was made before this statement may be gone by it.
    Unread(Option<StatementId>),
}

/// Schemas that a hosting platform or an extension keeps beside those of the migrations, with tables and functions in them.
static OF_PLATFORMS: &[&str] = &[
    "auth",
    "cron",
    "extensions",
    "graphql",
    "graphql_public",
    "net",
    "pgmq",
    "pgsodium",
    "realtime",
    "storage",
    "supabase_functions",
    "tiger",
    "topology",
    "vault",
];

impl Catalog {
    /// The schema of a new database; `partial` if it may already hold anything.
    pub fn new(partial: bool) -> Self {
        Self { partial, ..Self::default() }
    }

    /// Whether a name that the catalog lacks may exist all the same.
    pub fn partial(&self) -> bool {
        self.partial
    }

    /// Whether functions, operators, casts and types may exist that the catalog does not follow.
    pub fn extended(&self) -> bool {
        self.extended
    }

    /// The last statement in front of which, or in which, something ran that was not read.
    pub fn unread_since(&self) -> Option<StatementId> {
        self.unread_since
    }

    /// What is left to know once something that is not read has run: a missing name is unknown from here on, no relation is
    /// known to have no more columns, constraints and triggers than the history shows, and any of them may be gone.
    pub fn unread(&self, at: StatementId) -> Vec<Change> {
        let open = |(id, it): (RelationId, &Relation)| Change::Relation {
            id,
            to: Some(Box::new(Relation { complete: false, ..it.clone() })),
        };
        let mut changes: Vec<Change> = self.relations().filter(|(_, it)| it.complete).map(open).collect();
        let nothing = Change::Extensions(BTreeSet::new());
        changes.extend([Change::Partial(true), Change::Extended(true), nothing, Change::Unread(Some(at))]);
        changes
    }

    /// The relation `id`, if it exists now.
    pub fn get(&self, id: RelationId) -> Option<&Relation> {
        self.relations.get(id.0 as usize)?.as_deref()
    }

    /// The relation called `name`: one that the history shows before one that it only assumes, then the youngest. The order
    /// in which changes were made and taken back is of no matter.
    pub fn relation(&self, name: &ObjectName) -> Option<(RelationId, &Relation)> {
        let named = self.names.get(name)?.iter().filter_map(|id| Some((*id, self.get(*id)?)));
        named.max_by_key(|(id, relation)| (relation.known(), *id))
    }

    /// The relations called `name` in any schema, by age.
    pub fn called(&self, name: &str) -> impl Iterator<Item = (RelationId, &Relation)> {
        let name = SmolStr::from(name);
        let full = move |schema: &SmolStr| ObjectName { schema: schema.clone(), name: name.clone() };
        let ids = self.populated.keys().filter_map(move |schema| self.names.get(&full(schema))).flatten();
        let mut ids: Vec<RelationId> = ids.copied().collect();
        ids.arrange_by_key(|it| *it);
        ids.into_iter().filter_map(|id| Some((id, self.get(id)?)))
    }

    /// The relations of which a default may call `nextval` of a sequence of this name, by age.
    pub(crate) fn drawing_from(&self, sequence: &str) -> Vec<RelationId> {
        self.mentions.of(Mention::Sequence, sequence)
    }

    /// The relations of which a default, check, index or trigger may call a function of this name, by age.
    pub(crate) fn calling(&self, function: &str) -> Vec<RelationId> {
        self.mentions.of(Mention::Function, function)
    }

    /// The relations that may have a column of a type of this name or be of it, by age.
    pub(crate) fn typed(&self, name: &str) -> impl Iterator<Item = (RelationId, &Relation)> {
        self.mentions.of(Mention::Type, name).into_iter().filter_map(|id| Some((id, self.get(id)?)))
    }

    /// Whether a constraint of a table or domain of the schema has the name.
    pub(crate) fn has_constraint(&self, schema: &SmolStr, name: &SmolStr) -> bool {
        let mut tables = self.mentions.of(Mention::Constraint, name).into_iter().filter_map(|id| self.get(id));
        tables.any(|it| it.name.schema == *schema)
            || self.domains().any(|(domain, it)| domain.schema == *schema && it.checks.contains(name))
    }

    /// All relations, in order of creation.
    pub fn relations(&self) -> impl Iterator<Item = (RelationId, &Relation)> {
        self.relations.iter().enumerate().filter_map(|(at, it)| Some((RelationId(at as u32), it.as_deref()?)))
    }

    /// An id that no relation has had.
    pub fn next_id(&self) -> RelationId {
        RelationId(self.relations.len() as u32)
    }

    /// The publication called `name`, if the history names it.
    pub fn publication(&self, name: &str) -> Option<&Published> {
        self.publications.get(name)
    }

    /// All publications that the history names, by name.
    pub fn publications(&self) -> impl Iterator<Item = (&SmolStr, &Published)> {
        self.publications.iter()
    }

    /// Whether the history made the extension `name`, and nothing since can have changed what it brought.
    pub fn extension(&self, name: &str) -> bool {
        self.extensions.contains(name)
    }

    /// The extensions of which that is so.
    pub fn extensions(&self) -> &BTreeSet<SmolStr> {
        &self.extensions
    }

    /// The roles that the history made and that are no superusers, members of no other role and keepers of no foreign table.
    pub fn plain_roles(&self) -> &BTreeSet<SmolStr> {
        &self.plain_roles
    }

    /// Whether the schema exists. `public` and the system's own always do.
    pub fn schema(&self, name: &str) -> Fact<bool> {
        match self.schemas.get(name) {
            Some(SchemaState::Created(_)) => Fact::Known(true),
            Some(SchemaState::Dropped) => Fact::Known(false),
            None if matches!(name, "public" | "pg_catalog" | "information_schema" | "pg_temp" | "pg_toast") => {
                Fact::Known(true)
            }
            None if self.partial || OF_PLATFORMS.contains(&name) => Fact::Unknown,
            None => Fact::Known(false),
        }
    }

    /// Where the history created the schema.
    pub fn schema_place(&self, name: &str) -> Option<Place> {
        match self.schemas.get(name)? {
            SchemaState::Created(place) => Some(*place),
            SchemaState::Dropped => None,
        }
    }

    /// The type called `name`, if the history made it.
    pub fn type_definition(&self, name: &ObjectName) -> Option<&TypeDefinition> {
        self.types.get(name)
    }

    /// The enums to which the transaction has added labels, by name.
    pub fn enums_added_to(&self, transaction: u32) -> Vec<(&ObjectName, &TypeDefinition)> {
        if self.extended_enums == 0 {
            return Vec::new();
        }
        let added = |it: &TypeDefinition| it.added.iter().any(|(_, by)| *by == transaction);
        let mut types: Vec<_> = self.types.iter().filter(|(_, it)| added(it)).collect();
        types.arrange_by_key(|(name, _)| *name);
        types
    }

    /// Whether the history made a type of this name, in whichever schema.
    pub fn has_type_called(&self, name: &str) -> bool {
        self.type_names.contains(name)
    }

    /// The domains that the history made, by name.
    pub fn domains(&self) -> impl Iterator<Item = (&ObjectName, &Domain)> {
        self.domains.iter().filter_map(|name| match &self.types.get(name)?.kind {
            TypeDefinitionKind::Domain(domain) => Some((name, domain)),
            _ => None,
        })
    }

    /// Whether the history made any type.
    pub fn has_types(&self) -> bool {
        !self.types.is_empty()
    }

    /// All types that the history made, by name.
    pub fn types(&self) -> impl Iterator<Item = (&ObjectName, &TypeDefinition)> {
        let mut types: Vec<_> = self.types.iter().collect();
        types.arrange_by_key(|(name, _)| *name);
        types.into_iter()
    }

    /// All functions that the history made, by name.
    pub fn functions(&self) -> impl Iterator<Item = (&ObjectName, &Function)> {
        self.functions.iter()
    }

    /// The function called `name`, if the history made it.
    pub fn function(&self, name: &ObjectName) -> Option<&Function> {
        self.functions.get(name)
    }

    /// The partitions of a partitioned table or index, by age.
    pub fn partitions(&self, id: RelationId) -> Vec<RelationId> {
        self.links(id, Link::Partition)
    }

    /// The tables that inherit from `id`, partitions aside.
    pub fn inheritors(&self, id: RelationId) -> Vec<RelationId> {
        self.links(id, Link::Child)
    }

    /// Partitions and inheritance children.
    pub fn children(&self, id: RelationId) -> Vec<RelationId> {
        let mut all = self.partitions(id);
        all.extend(self.inheritors(id));
        all
    }

    /// `id` and everything below it, parents first.
    pub fn tree(&self, id: RelationId) -> Vec<RelationId> {
        let mut all = vec![id];
        let mut at = 0;
        while at < all.len() {
            for child in self.children(all[at]) {
                if !all.contains(&child) {
                    all.push(child);
                }
            }
            at += 1;
        }
        all
    }

    /// The relation with its indexes, the sequences of its columns, and everything below it with theirs.
    pub fn belongings(&self, id: RelationId) -> Vec<RelationId> {
        let mut all = Vec::new();
        for table in self.tree(id) {
            all.push(table);
            all.extend(self.indexes(table).map(|(index, _, _)| index));
            all.extend(self.owned_sequences(table).into_iter().map(|(sequence, _)| sequence));
        }
        all
    }

    /// The indexes of a table.
    pub fn indexes(&self, table: RelationId) -> impl Iterator<Item = (RelationId, &Relation, &Index)> {
        self.links(table, Link::Index).into_iter().filter_map(|id| {
            let relation = self.get(id)?;
            Some((id, relation, relation.as_index()?))
        })
    }

    /// The foreign keys that reference `table`: the referencing table and the constraint.
    pub fn referencing(&self, table: RelationId) -> Vec<(RelationId, ConstraintId)> {
        let mut keys = Vec::new();
        for by in self.links(table, Link::ForeignKey) {
            let Some(relation) = self.get(by) else { continue };
            keys.extend(relation.live_constraints().filter_map(|(at, it)| match it.kind {
                ConstraintKind::ForeignKey { references, .. } if references == table => Some((by, at)),
                _ => None,
            }));
        }
        keys
    }

    /// The views and materialized views that read `id`.
    pub fn views(&self, id: RelationId) -> Vec<RelationId> {
        self.links(id, Link::View)
    }

    /// The relations that have a rule or policy that reads or writes `id`.
    pub fn part_users(&self, id: RelationId) -> Vec<RelationId> {
        self.links(id, Link::Part)
    }

    /// The sequences that columns of `table` own.
    pub fn owned_sequences(&self, table: RelationId) -> Vec<(RelationId, ColumnId)> {
        self.links(table, Link::Sequence)
            .into_iter()
            .filter_map(|id| match &self.get(id)?.kind {
                RelationKind::Sequence(Sequence { owner: Some((_, column)), .. }) => Some((id, *column)),
                _ => None,
            })
            .collect()
    }

    fn links(&self, id: RelationId, link: Link) -> Vec<RelationId> {
        let Some(links) = self.incoming.get(&id) else { return Vec::new() };
        let from = (link, RelationId(0));
        links.range(from..).take_while(|(it, _)| *it == link).map(|(_, by)| *by).collect()
    }
}
