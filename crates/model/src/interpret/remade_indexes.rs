//! Indexes of partitioned tables that are made anew with the type of a column; `ATPostAlterTypeCleanup` in
//! `src/backend/commands/tablecmds.c`.

use super::keys::NewIndex;
use super::work::Work;
use crate::catalog::{Change, Constraint, ConstraintKind, Index, RelationId, RelationKind};
use lockkeeper_syntax::Span;

impl Work<'_> {
    /// Makes those indexes of partitioned tables anew that name the column. The old one goes with all its parts; the new one
    /// gets new parts on all partitions, whatever it was before, `ON ONLY` for one, and whatever they have of their own.
    pub(super) fn remake_partitioned_indexes(&mut self, tables: &[RelationId], column: &str, span: Span) {
        let mut tops: Vec<RelationId> = Vec::new();
        for table in tables.iter().copied().filter(|it| self.is_partitioned(*it)) {
            let Some(at) = self.relation(table).column_id(column) else { continue };
            let own = self.catalog.indexes(table).filter(|(_, relation, _)| relation.partition_of.is_none());
            tops.extend(own.filter(|(_, _, index)| index.names(at, column)).map(|(id, _, _)| id));
        }
        for top in tops {
            self.remake_parts(top, span);
        }
    }

    fn remake_parts(&mut self, top: RelationId, span: Span) {
        let Some(index) = self.relation(top).as_index().cloned() else { return };
        let table = index.table;
        let owner = self.relation(table).constraint_of_index(top).map(|(_, it)| it.clone());
        let mut rest: Vec<(RelationId, RelationId, usize)> = Vec::new();
        for part in self.catalog.tree(top).into_iter().skip(1).rev() {
            let Some(of) = self.relation(part).as_index().map(|it| it.table) else { continue };
            rest.extend(self.foreign_keys_on(of, part).into_iter().map(|(by, at)| (of, by, at)));
        }
        self.remove_index_parts(top);
        let constraint = owner.as_ref().map(Constraint::words);
        let index = Index { valid: true, ..index };
        self.change(Change::Index { id: top, to: Box::new(index.clone()) });
        let new = NewIndex { name: None, index, constraint, span, anew: true };
        for partition in self.catalog.partitions(table) {
            if !matches!(self.relation(partition).kind, RelationKind::Foreign) {
                self.index_partition(top, partition, &new, false);
            }
        }
        if let Some(owner) = owner {
            self.catalog.partitions(table).into_iter().for_each(|it| self.name_parts(top, it, &owner));
        }
        for (of, by, at) in rest {
            self.rest_anew(top, of, by, at);
        }
    }

    /// A foreign key to a partition rests on the partition's new part of the index.
    fn rest_anew(&mut self, top: RelationId, of: RelationId, by: RelationId, at: usize) {
        let parts = self.catalog.tree(top);
        let part = parts.into_iter().find(|it| self.relation(*it).as_index().is_some_and(|it| it.table == of));
        let Some(mut key) = self.relation(by).constraints[at].clone() else { return };
        if let ConstraintKind::ForeignKey { index, .. } = &mut key.kind {
            *index = part;
        }
        self.change(Change::Constraint { table: by, at, to: Some(key) });
    }
}
