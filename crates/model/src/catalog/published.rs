//! What is published to subscribers, and what tells its rows apart for them.

use super::{Catalog, Fact, Part, PartKind, Relation, RelationId, RelationKind, ReplicaIdentity};
use lockkeeper_syntax::ast::Persistence;
use smol_str::SmolStr;
use std::collections::BTreeSet;

/// A publication. The tables that it names have it among their parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// `FOR ALL TABLES`.
    pub all: bool,
    /// `FOR TABLES IN SCHEMA`.
    pub schemas: BTreeSet<SmolStr>,
    /// Whether it sends rows that are changed or deleted, and not only new ones.
    pub changes: bool,
    /// Whether it certainly sends rows that are changed.
    pub updates: bool,
    /// Whether it certainly sends rows that are deleted.
    pub deletes: bool,
    /// Whether it sends the rows of partitions as those of the whole.
    pub via_root: bool,
    /// Whether the history shows all that it publishes; not so if it was made elsewhere.
    pub complete: bool,
}

/// What tells the rows of a table apart for subscribers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity {
    /// The columns of this unique index.
    Index(RelationId),
    /// The whole row.
    Row,
    /// Nothing: what is published of it cannot be changed or deleted.
    Nothing,
}

impl Catalog {
    /// The publication that sends changed and deleted rows of this table or partition, if there is one;
    /// `RelationBuildPublicationDesc` in `src/backend/utils/cache/relcache.c`.
    pub fn published_by(&self, table: RelationId) -> Option<&SmolStr> {
        self.all_published_by(table).find(|(_, it)| it.changes).map(|(name, _)| name)
    }

    /// The publications that send rows of this table or partition.
    pub fn all_published_by(&self, table: RelationId) -> impl Iterator<Item = (&SmolStr, &Published)> {
        let holds_rows =
            |it: &&Relation| matches!(it.kind, RelationKind::Table) && it.persistence == Persistence::Permanent;
        let relation = self.get(table).filter(holds_rows);
        let sends = move |relation| self.publications().filter(move |(name, it)| self.publishes(name, it, relation));
        relation.into_iter().flat_map(sends)
    }

    /// Where the publication names the table, or with `publish_via_partition_root` the uppermost of those that it is a
    /// partition of; `pub_rf_contains_invalid_column` in `src/backend/commands/publicationcmds.c`.
    pub fn sent(&self, table: RelationId, name: &str, it: &Published) -> Option<(&Relation, &Part)> {
        let relation = self.get(table)?;
        let above = |below: &&Relation| self.get(below.partition_of.as_ref()?.parent);
        let line = std::iter::successors(Some(relation), above);
        let has = |it: &Relation, own: &Published| own.schemas.contains(&it.name.schema) || it.is_in_publication(name);
        let top = line.take(if it.via_root { usize::MAX } else { 1 }).filter(|at| has(at, it)).last()?;
        Some((top, top.part(PartKind::Publication, name)?))
    }

    /// Whether the publication has the table, or one that it is a partition of.
    pub fn publishes(&self, name: &str, it: &Published, relation: &Relation) -> bool {
        let above = |below: &&Relation| self.get(below.partition_of.as_ref()?.parent);
        let mut line = std::iter::successors(Some(relation), above);
        it.all || line.any(|relation| it.schemas.contains(&relation.name.schema) || relation.is_in_publication(name))
    }

    /// What tells the rows of a table or partition apart; `RelationGetIndexList` in
    /// `src/backend/utils/cache/relcache.c`.
    pub fn identity(&self, table: RelationId) -> Fact<Identity> {
        let Some(relation) = self.get(table) else { return Fact::Unknown };
        let usable =
            |id: &RelationId| self.get(*id).and_then(Relation::as_index).is_some_and(|it| it.valid && it.immediate);
        let known =
            |index: Option<RelationId>| Fact::Known(index.filter(usable).map_or(Identity::Nothing, Identity::Index));
        match relation.replica_identity {
            ReplicaIdentity::Full => Fact::Known(Identity::Row),
            ReplicaIdentity::Nothing => Fact::Known(Identity::Nothing),
            ReplicaIdentity::Index(Some(index)) => known(Some(index)),
            ReplicaIdentity::Index(None) => Fact::Unknown,
            ReplicaIdentity::Default => match relation.primary_key() {
                Some(key) => known(key.index()),
                None if relation.complete => Fact::Known(Identity::Nothing),
                None => Fact::Unknown,
            },
        }
    }
}

impl Relation {
    /// Whether the publication names it.
    pub fn is_in_publication(&self, name: &str) -> bool {
        self.part(PartKind::Publication, name).is_some()
    }
}
