//! What code that nobody read may have dropped: it is there as far as the history shows, but its name may be free.

use super::work::Work;
use crate::catalog::{Change, Column, ColumnId, Constraint, ConstraintKind, Place, RelationId};

impl Work<'_> {
    /// Whether something that is not read has run since it was made.
    pub(super) fn may_be_gone(&self, place: Place) -> bool {
        self.catalog.unread_since().is_some_and(|since| place.statement < since)
    }

    /// Takes a relation for gone, if it may be; gives whether its name is free now.
    pub(super) fn frees_name(&mut self, id: RelationId) -> bool {
        let free = self.may_be_gone(self.relation(id).place());
        if free {
            self.let_go(id);
        }
        free
    }

    /// Takes a relation for gone, with all that belongs to it.
    pub(super) fn let_go(&mut self, id: RelationId) {
        for part in self.catalog.belongings(id).into_iter().rev() {
            self.change(Change::Relation { id: part, to: None });
        }
    }

    /// The same for a column.
    pub(super) fn frees_column(&mut self, table: RelationId, at: ColumnId) -> bool {
        let column = self.relation(table).columns[at].clone();
        let free = self.may_be_gone(column.place);
        if free {
            self.change(Change::Column { table, at, to: Some(Column { dropped: true, ..column }) });
        }
        free
    }

    /// The same for the constraint of a table that `is_meant` chooses.
    pub(super) fn frees_constraint(&mut self, table: RelationId, is_meant: impl Fn(&Constraint) -> bool) -> bool {
        let mut meant = self.relation(table).live_constraints().filter(|(_, it)| is_meant(it));
        let Some((at, constraint)) = meant.next() else { return true };
        let (place, kind) = (constraint.place, constraint.kind.clone());
        drop(meant);
        let free = self.may_be_gone(place);
        if free {
            self.change(Change::Constraint { table, at, to: None });
            if let ConstraintKind::Unique { index, .. } | ConstraintKind::Exclude { index } = kind {
                self.let_go(index);
            }
        }
        free
    }
}
