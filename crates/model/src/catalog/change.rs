//! The catalog and the one way to change it.

use super::{
    Column, ColumnId, Constraint, ConstraintId, ConstraintKind, Fact, Function, Index, ObjectName, Part, PartitionOf,
    Place, Relation, RelationId, RelationKind, Sequence, TypeDefinition,
};
use crate::StatementId;
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::ast::Persistence;
use smol_str::SmolStr;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// The schema after the statements so far. Read freely, changed only by [`Catalog::apply`].
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    relations: Vec<Option<Box<Relation>>>,
    /// Who has a name. A new relation can take the name of one that was only assumed.
    names: HashMap<ObjectName, Vec<RelationId>>,
    /// Who points at a relation: partitions, inheritance children, indexes, foreign keys, views, owned sequences.
    incoming: HashMap<RelationId, BTreeSet<(Link, RelationId)>>,
    schemas: BTreeMap<SmolStr, SchemaState>,
    publications: BTreeSet<SmolStr>,
    types: HashMap<ObjectName, TypeDefinition>,
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
    /// Creates or drops a publication.
    Publication {
        /// Its name.
        name: SmolStr,
        /// Whether it exists from now on.
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
        changes.extend([Change::Partial(true), Change::Extended(true), Change::Unread(Some(at))]);
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

    /// All relations, in order of creation.
    pub fn relations(&self) -> impl Iterator<Item = (RelationId, &Relation)> {
        self.relations.iter().enumerate().filter_map(|(at, it)| Some((RelationId(at as u32), it.as_deref()?)))
    }

    /// An id that no relation has had.
    pub fn next_id(&self) -> RelationId {
        RelationId(self.relations.len() as u32)
    }

    /// Whether the history made a publication of this name.
    pub fn publication(&self, name: &str) -> bool {
        self.publications.contains(name)
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
        let added = |it: &TypeDefinition| it.added.iter().any(|(_, by)| *by == transaction);
        let mut types: Vec<_> = self.types.iter().filter(|(_, it)| added(it)).collect();
        types.arrange_by_key(|(name, _)| *name);
        types
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

    /// Makes one change; gives back the change that undoes it.
    ///
    /// A change that names a relation, column or constraint that does not exist does nothing and is its own inverse.
    pub fn apply(&mut self, change: Change) -> Change {
        match change {
            Change::Relation { id, to } => Change::Relation { id, to: self.put(id, to) },
            Change::Column { table, at, to } => self.put_column(table, at, to),
            Change::Constraint { table, at, to } => self.put_constraint(table, at, to),
            Change::Name { id, to } => {
                let Some(relation) = self.get_mut(id) else { return Change::Name { id, to } };
                let from = std::mem::replace(&mut relation.name, to.clone());
                self.leave_name(&from, id);
                self.names.entry(to).or_default().push(id);
                Change::Name { id, to: from }
            }
            Change::Partition { child, to } => {
                let from = self.relink(child, |it| std::mem::replace(&mut it.partition_of, to));
                Change::Partition { child, to: from.flatten() }
            }
            Change::Inherits { child, to } => {
                let from = self.relink(child, |it| std::mem::replace(&mut it.inherits, to));
                Change::Inherits { child, to: from.unwrap_or_default() }
            }
            Change::Index { id, to } => match self.get_mut(id).map(|it| &mut it.kind) {
                Some(RelationKind::Index(index)) => Change::Index { id, to: Box::new(std::mem::replace(index, *to)) },
                _ => Change::Index { id, to },
            },
            Change::Sequence { id, to } => {
                let from = self.relink(id, |it| match &mut it.kind {
                    RelationKind::Sequence(sequence) => std::mem::replace(sequence, to),
                    _ => to,
                });
                Change::Sequence { id, to: from.unwrap_or_default() }
            }
            Change::Persistence { id, to } => match self.get_mut(id) {
                Some(it) => Change::Persistence { id, to: std::mem::replace(&mut it.persistence, to) },
                None => Change::Persistence { id, to },
            },
            Change::RowSecurity { id, to } => match self.get_mut(id) {
                Some(it) => Change::RowSecurity { id, to: std::mem::replace(&mut it.row_security, to) },
                None => Change::RowSecurity { id, to },
            },
            Change::Parts { id, to } => {
                let from = self.relink(id, |it| std::mem::replace(&mut it.parts, to));
                Change::Parts { id, to: from.unwrap_or_default() }
            }
            Change::Schema { name, to } => {
                let from = match to {
                    Some(state) => self.schemas.insert(name.clone(), state),
                    None => self.schemas.remove(&name),
                };
                Change::Schema { name, to: from }
            }
            Change::Publication { name, to } => {
                let from = match to {
                    true => !self.publications.insert(name.clone()),
                    false => self.publications.remove(&name),
                };
                Change::Publication { name, to: from }
            }
            Change::Type { name, to } => {
                let from = match to {
                    Some(definition) => self.types.insert(name.clone(), *definition),
                    None => self.types.remove(&name),
                };
                Change::Type { name, to: from.map(Box::new) }
            }
            Change::Function { name, to } => {
                let from = match to {
                    Some(function) => self.functions.insert(name.clone(), function),
                    None => self.functions.remove(&name),
                };
                Change::Function { name, to: from }
            }
            Change::Partial(to) => Change::Partial(std::mem::replace(&mut self.partial, to)),
            Change::Extended(to) => Change::Extended(std::mem::replace(&mut self.extended, to)),
            Change::Unread(to) => Change::Unread(std::mem::replace(&mut self.unread_since, to)),
        }
    }

    /// Gives back the ids from `first` on, whose relations were all taken back: an interpretation leaves no trace.
    pub(crate) fn give_back(&mut self, first: RelationId) {
        debug_assert!(self.relations.iter().skip(first.0 as usize).all(Option::is_none));
        self.relations.truncate(first.0 as usize);
    }

    /// Says of a relation that it exists only as if `failed` were mended.
    pub(crate) fn doubt(&mut self, id: RelationId, failed: StatementId) {
        if let Some(relation) = self.get_mut(id) {
            relation.doubtful.get_or_insert(failed);
        }
    }

    fn get_mut(&mut self, id: RelationId) -> Option<&mut Relation> {
        self.relations.get_mut(id.0 as usize)?.as_deref_mut()
    }

    fn put(&mut self, id: RelationId, to: Option<Box<Relation>>) -> Option<Box<Relation>> {
        let slot = id.0 as usize;
        if self.relations.len() <= slot {
            self.relations.resize_with(slot + 1, || None);
        }
        let from = self.relations[slot].take();
        if let Some(old) = &from {
            self.unlink(id, old);
            self.leave_name(&old.name, id);
        }
        if let Some(new) = &to {
            self.link(id, new);
            self.names.entry(new.name.clone()).or_default().push(id);
        }
        self.relations[slot] = to;
        from
    }

    fn leave_name(&mut self, name: &ObjectName, id: RelationId) {
        if let Some(ids) = self.names.get_mut(name) {
            ids.retain(|it| *it != id);
            if ids.is_empty() {
                self.names.remove(name);
            }
        }
    }

    fn put_column(&mut self, table: RelationId, at: ColumnId, to: Option<Column>) -> Change {
        let Some(relation) = self.get_mut(table) else { return Change::Column { table, at, to } };
        let from = match to {
            Some(column) if at < relation.columns.len() => Some(std::mem::replace(&mut relation.columns[at], column)),
            Some(column) => {
                // A large schema is millions of columns, few of which get another beside them.
                relation.columns.reserve_exact(1);
                relation.columns.push(column);
                None
            }
            None => relation.columns.pop(),
        };
        Change::Column { table, at, to: from }
    }

    fn put_constraint(&mut self, table: RelationId, at: ConstraintId, to: Option<Constraint>) -> Change {
        let from = self.relink(table, |it| {
            if it.constraints.len() <= at {
                it.constraints.resize_with(at + 1, || None);
            }
            std::mem::replace(&mut it.constraints[at], to)
        });
        Change::Constraint { table, at, to: from.flatten() }
    }

    /// Changes a relation in a way that may change whom it points at.
    fn relink<T>(&mut self, id: RelationId, change: impl FnOnce(&mut Relation) -> T) -> Option<T> {
        let mut relation = self.relations.get_mut(id.0 as usize)?.take()?;
        self.unlink(id, &relation);
        let answer = change(&mut relation);
        self.link(id, &relation);
        self.relations[id.0 as usize] = Some(relation);
        Some(answer)
    }

    fn link(&mut self, id: RelationId, relation: &Relation) {
        for (link, target) in outgoing(relation) {
            self.incoming.entry(target).or_default().insert((link, id));
        }
    }

    fn unlink(&mut self, id: RelationId, relation: &Relation) {
        for (link, target) in outgoing(relation) {
            if let Some(links) = self.incoming.get_mut(&target) {
                links.remove(&(link, id));
            }
        }
    }

    fn links(&self, id: RelationId, link: Link) -> Vec<RelationId> {
        let Some(links) = self.incoming.get(&id) else { return Vec::new() };
        let from = (link, RelationId(0));
        links.range(from..).take_while(|(it, _)| *it == link).map(|(_, by)| *by).collect()
    }
}

/// Whom a relation points at.
fn outgoing(relation: &Relation) -> Vec<(Link, RelationId)> {
    let mut links = Vec::new();
    links.extend(relation.partition_of.iter().map(|it| (Link::Partition, it.parent)));
    links.extend(relation.inherits.iter().map(|it| (Link::Child, *it)));
    match &relation.kind {
        RelationKind::Index(index) => links.push((Link::Index, index.table)),
        RelationKind::Sequence(sequence) => {
            links.extend(sequence.owner.iter().map(|(table, _)| (Link::Sequence, *table)))
        }
        RelationKind::View(sources) | RelationKind::MaterializedView(sources) => {
            links.extend(sources.iter().map(|it| (Link::View, it.relation)));
        }
        RelationKind::Table | RelationKind::Partitioned(_) | RelationKind::Foreign | RelationKind::Composite => {}
    }
    for part in &relation.parts {
        links.extend(part.uses.iter().map(|it| (Link::Part, it.relation)));
    }
    for (_, constraint) in relation.live_constraints() {
        if let ConstraintKind::ForeignKey { references, .. } = constraint.kind {
            links.push((Link::ForeignKey, references));
        }
    }
    links
}
