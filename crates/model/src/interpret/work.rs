//! The state of one interpretation.

use super::system::is_of_server;
use super::{Context, Interpretation};
use crate::catalog::{Change, DataType, Place, Relation, RelationId, RelationKind};
use crate::effects::{
    DropReason, Dropped, DroppedObject, Effects, Failure, IndexBuild, Lock, LockMode, Rewrite, RewriteReason, Scan,
    ScanReason, StatementId,
};
use crate::{Catalog, ObjectName, Refusal, Session, Version};
use lockkeeper_syntax::{Span, ast::Statement};
use smol_str::SmolStr;

/// Collects what a statement does. Changes take effect at once, so that a later clause sees an earlier one;
/// [`Work::finish`] takes them all back.
pub(super) struct Work<'a> {
    pub(super) catalog: &'a mut Catalog,
    pub(super) session: &'a Session,
    pub(super) version: Version,
    pub(super) statement: &'a Statement,
    pub(super) effects: Effects,
    id: StatementId,
    /// Whether its script is the first of the history.
    first: bool,
    /// The number of the open transaction; none where the statement commits by itself.
    pub(super) transaction: Option<u32>,
    /// Relations from this id on did not exist before the statement.
    first_new: RelationId,
    /// Relations that stand for what an earlier, unseen statement made; they did exist before.
    assumed: Vec<RelationId>,
    undo: Vec<Change>,
    caused: Option<Failure>,
    lacking: bool,
    /// Whether the statement stands by itself, not in code with variables.
    pub(super) alone: bool,
    /// Whether names are looked up as in a query, which a missing schema leaves without a relation.
    pub(super) reading: bool,
    schema: Option<SmolStr>,
    /// The role that it runs as; none that is known if it is whoever connected.
    pub(super) acting: Option<SmolStr>,
}

impl<'a> Work<'a> {
    pub(super) fn new(statement: &'a Statement, catalog: &'a mut Catalog, context: &Context<'a>) -> Self {
        Self {
            session: context.session,
            version: context.version,
            statement,
            effects: Effects::default(),
            id: context.id,
            first: context.first,
            transaction: context.transaction.map(|it| it.id),
            first_new: catalog.next_id(),
            assumed: Vec::new(),
            undo: Vec::new(),
            caused: None,
            lacking: false,
            alone: false,
            reading: false,
            schema: None,
            acting: context.session.acting().cloned(),
            catalog,
        }
    }

    /// Takes the changes back and says what came of the statement.
    pub(super) fn finish(mut self) -> Interpretation {
        let mut changes: Vec<Change> = Vec::with_capacity(self.undo.len());
        for change in self.undo.drain(..).rev() {
            changes.push(self.catalog.apply(change));
        }
        changes.reverse();
        self.catalog.give_back(self.first_new);
        if self.effects.failure.is_some() {
            let Effects { failure, assumed, .. } = self.effects;
            self.effects = Effects { failure, assumed, ..Effects::default() };
        }
        self.keep_strongest_work();
        Interpretation { effects: self.effects, changes, caused: self.caused, lacking: self.lacking }
    }

    /// A table that is written anew is not listed as read, nor are its indexes as built; a table that an index
    /// build reads is not listed as read.
    fn keep_strongest_work(&mut self) {
        let Effects { rewrites, scans, index_builds, .. } = &mut self.effects;
        index_builds.retain(|build| !rewrites.iter().any(|it| it.relation == build.table));
        scans.retain(|scan| {
            !rewrites.iter().any(|it| it.relation == scan.relation)
                && !index_builds.iter().any(|it| it.table == scan.relation)
        });
    }

    /// Whether a statement of the same script made it.
    pub(super) fn is_of_this_script(&self, place: Place) -> bool {
        place.statement.script == self.id.script
    }

    pub(super) fn place(&self, span: Span) -> Place {
        Place { statement: self.id, span }
    }

    /// Makes a change at once.
    pub(super) fn change(&mut self, change: Change) {
        let inverse = self.catalog.apply(change);
        self.undo.push(inverse);
    }

    /// Adds a relation; gives its id.
    pub(super) fn add(&mut self, mut relation: Relation) -> RelationId {
        relation.owner = relation.owner.or_else(|| self.acting.clone());
        // `heap_create` in `src/backend/catalog/heap.c`.
        let index = matches!(relation.kind, RelationKind::Index(_));
        let system = relation.known() && relation.name.schema == "pg_catalog" && !index;
        if system && self.session.system_changes.get().is_none() {
            let message = "permission denied to create a relation of the system catalog";
            self.refuse(Refusal::Plain { sqlstate: "42501", message }, self.statement.span);
        }
        let id = self.catalog.next_id();
        self.change(Change::Relation { id, to: Some(Box::new(relation)) });
        id
    }

    /// Adds a relation that stands for something made outside of the history.
    pub(super) fn assume(&mut self, relation: Relation) -> RelationId {
        let id = self.add(relation);
        self.assumed.push(id);
        id
    }

    /// The server refuses the statement here. The first refusal counts; what follows goes on as if it were mended.
    pub(super) fn refuse(&mut self, refusal: Refusal, span: Span) {
        if self.effects.failure.is_none() {
            self.effects.failure = Some(Failure { refusal, span, caused_by: None });
        }
    }

    /// The server refuses the statement here, because the statement `by` failed before.
    pub(super) fn refuse_because_of(&mut self, refusal: Refusal, span: Span, by: StatementId) {
        if self.caused.is_none() {
            self.caused = Some(Failure { refusal, span, caused_by: Some(by) });
        }
    }

    /// The statement names something that the history does not show.
    pub(super) fn lacks(&mut self) {
        self.lacking = true;
    }

    /// Whether a name that the catalog lacks is taken to exist: the history is partial, or this is its first file,
    /// so that nothing says that it begins at the beginning.
    pub(super) fn lenient(&self) -> bool {
        self.catalog.partial() || self.first
    }

    /// The statement must not run inside a transaction block.
    pub(super) fn outside_transaction(&mut self, what: &'static str) {
        if self.transaction.is_some() {
            self.refuse(Refusal::InsideTransaction { what }, self.statement.span);
        }
    }

    /// Whether the relation came into being with this statement.
    pub(super) fn is_own(&self, relation: RelationId) -> bool {
        relation >= self.first_new && !self.assumed.contains(&relation)
    }

    /// The relation takes a lock. Indexes and views are left out: no statement of an application names an index,
    /// and a view's lock is not what its readers wait for.
    pub(super) fn lock(&mut self, relation: RelationId, mode: LockMode, span: Span) {
        if mode < LockMode::RowShare || self.is_own(relation) {
            return;
        }
        let Some(it) = self.catalog.get(relation).filter(|it| !is_of_server(&it.name)) else { return };
        match it.kind {
            RelationKind::Index(_) | RelationKind::View(_) | RelationKind::Composite => return,
            RelationKind::Table
            | RelationKind::Partitioned(_)
            | RelationKind::Foreign
            | RelationKind::Sequence(_)
            | RelationKind::MaterializedView(_) => {}
        }
        match self.effects.locks.iter_mut().find(|it| it.relation == relation) {
            Some(lock) if lock.mode >= mode => {}
            Some(lock) => (lock.mode, lock.span) = (mode, span),
            None => self.effects.locks.push(Lock { relation, mode, span }),
        }
    }

    /// The relation gets a new file.
    pub(super) fn rewrite(&mut self, relation: RelationId, why: RewriteReason, span: Span) {
        let stored = self.catalog.get(relation).is_some_and(|it| it.has_storage() && !is_of_server(&it.name));
        if stored && !self.is_own(relation) && !self.effects.rewrites.iter().any(|it| it.relation == relation) {
            self.effects.rewrites.push(Rewrite { relation, why, span });
        }
    }

    /// The table is read in full. Partitioned tables hold no rows; their partitions are read.
    pub(super) fn scan(&mut self, relation: RelationId, why: ScanReason, span: Span) {
        let stored = self.catalog.get(relation).is_some_and(Relation::has_storage);
        if stored && !self.is_own(relation) && !self.effects.scans.iter().any(|it| it.relation == relation) {
            self.effects.scans.push(Scan { relation, why, span });
        }
    }

    /// An index is built from the rows of `table`.
    pub(super) fn build(
        &mut self,
        index: ObjectName,
        table: RelationId,
        concurrently: bool,
        rebuild: bool,
        span: Span,
    ) {
        let stored = self.catalog.get(table).is_some_and(|it| it.has_storage() && !is_of_server(&it.name));
        if stored && !self.is_own(table) && !self.effects.index_builds.iter().any(|it| it.index == index) {
            self.effects.index_builds.push(IndexBuild { index, table, concurrently, rebuild, span });
        }
    }

    /// Something ceases to exist.
    pub(super) fn dropped(&mut self, object: DroppedObject, how: DropReason, span: Span) {
        if !self.effects.drops.iter().any(|it| it.object == object) {
            self.effects.drops.push(Dropped { object, how, span });
        }
    }

    /// Runs `body` with `schema` as the place of unqualified new names, as inside `CREATE SCHEMA`.
    pub(super) fn in_schema(&mut self, schema: Option<SmolStr>, body: impl FnOnce(&mut Self)) {
        let outer = std::mem::replace(&mut self.schema, schema);
        body(self);
        self.schema = outer;
    }

    /// Where an unqualified new relation goes.
    pub(super) fn creation_schema(&self) -> SmolStr {
        self.schema.clone().unwrap_or_else(|| self.session.creation_schema())
    }

    /// The schemas in which an unqualified name is looked up.
    pub(super) fn search_path(&self) -> impl Iterator<Item = &SmolStr> {
        self.schema.iter().chain(self.session.search_path.get())
    }

    /// The relation, which must exist.
    pub(super) fn relation(&self, id: RelationId) -> &Relation {
        self.catalog.get(id).expect("ids are handed out for relations that exist, and a statement keeps what it holds")
    }
}

/// A built-in type without modifiers.
pub(super) fn builtin(name: &str) -> DataType {
    DataType { name: ObjectName::new("pg_catalog", name), modifiers: Vec::new(), dimensions: 0 }
}
