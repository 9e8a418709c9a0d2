//! `ALTER INDEX … ATTACH PARTITION`; `ATExecAttachPartitionIdx` in `src/backend/commands/tablecmds.c`.

use super::names::Expected;
use super::work::Work;
use crate::Refusal;
use crate::catalog::{Change, PartitionOf, RelationId};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::QualifiedName;

impl Work<'_> {
    /// `ALTER INDEX … ATTACH PARTITION`.
    pub(super) fn attach_index(&mut self, parent: RelationId, child: &QualifiedName, span: Span) {
        if self.find(child).is_some_and(|it| self.relation(it).known() && self.relation(it).as_index().is_none()) {
            self.refuse(Refusal::Plain { sqlstate: "42P17", message: "relation is not an index" }, child.span());
            return;
        }
        let super::names::Found::Known(index) = self.resolve(child, Expected::Index, false) else { return };
        let Some(own) = self.relation(index).as_index().cloned() else { return };
        if index == parent {
            let message = "cannot attach index as a partition of itself";
            self.refuse(Refusal::Plain { sqlstate: "55000", message }, child.span());
            return;
        }
        if self.relation(index).partition_of.as_ref().is_some_and(|it| it.parent == parent) {
            return;
        }
        if self.refuse_circle(parent, index, child.span()) {
            return;
        }
        let Some(above) = self.relation(parent).as_index().cloned() else { return };
        let attached = self.catalog.partitions(parent);
        let partition = self.catalog.partitions(above.table).contains(&own.table);
        // In the order of `ATExecAttachPartitionIdx`.
        let message = if attached.iter().any(|it| self.relation(*it).as_index().is_some_and(|it| it.table == own.table))
        {
            Some("cannot attach index: another index is already attached for its partition")
        } else if self.relation(index).partition_of.is_some() {
            Some("cannot attach index: it is already attached to another index")
        } else if !partition && self.relation(above.table).known() && self.relation(own.table).known() {
            Some("cannot attach index: it is not an index on any partition of the table")
        } else {
            None
        };
        if let Some(message) = message {
            self.refuse(Refusal::Plain { sqlstate: "55000", message }, span);
            return;
        }
        if !self.alike(&above, &own) {
            let refusal = Refusal::Plain {
                sqlstate: "42P17",
                message: "cannot attach index: the index definitions do not match",
            };
            self.refuse(refusal, span);
            return;
        }
        if self.serves_constraint(above.table, parent) && !self.serves_constraint(own.table, index) {
            let message = "cannot attach index: it does not belong to a constraint, but the parent index does";
            self.refuse(Refusal::Plain { sqlstate: "42P17", message }, span);
            return;
        }
        self.change(Change::Partition {
            child: index,
            to: Some(PartitionOf { parent, bound: None, detaching: false }),
        });
        self.validate_parent_index(parent);
    }

    /// A parent index becomes valid with the last partition's part.
    fn validate_parent_index(&mut self, index: RelationId) {
        let Some(own) = self.relation(index).as_index().cloned() else { return };
        let parts = self.catalog.partitions(index);
        let covered = |table: RelationId| {
            parts.iter().any(|part| self.relation(*part).as_index().is_some_and(|it| it.table == table && it.valid))
        };
        if !own.valid && self.catalog.partitions(own.table).into_iter().all(covered) {
            self.change(Change::Index { id: index, to: Box::new(crate::catalog::Index { valid: true, ..own }) });
            if let Some(above) = self.relation(index).partition_of.as_ref().map(|it| it.parent) {
                self.validate_parent_index(above);
            }
        }
    }
}
