//! What is left of the catalog where something may have happened or not.

use crate::catalog::{
    Catalog, Change, Column, DataType, ObjectName, Origin, Place, Relation, RelationId, RelationKind, TypeDefinition,
    TypeDefinitionKind,
};
use std::collections::BTreeMap;

/// What possible statements would have changed.
#[derive(Debug, Default)]
pub(super) struct Touched {
    /// Each relation as they would have left it.
    relations: BTreeMap<RelationId, Option<Relation>>,
    types: Vec<ObjectName>,
    functions: Vec<ObjectName>,
    /// Something else than relations, types and functions, or what cannot be told apart.
    more: bool,
}

impl Touched {
    /// Notes what the changes that `undo` takes back have done; the catalog is as they left it.
    pub(super) fn note(&mut self, undo: &[Change], catalog: &Catalog) {
        for change in undo {
            match change {
                Change::Relation { id, .. }
                | Change::Column { table: id, .. }
                | Change::Constraint { table: id, .. }
                | Change::Name { id, .. }
                | Change::Partition { child: id, .. }
                | Change::Inherits { child: id, .. }
                | Change::Index { id, .. }
                | Change::Sequence { id, .. }
                | Change::Persistence { id, .. }
                | Change::RowSecurity { id, .. }
                | Change::Populated { id, .. }
                | Change::Parts { id, .. } => {
                    self.relations.insert(*id, catalog.get(*id).cloned());
                }
                Change::Type { name, .. } => self.types.push(name.clone()),
                Change::Function { name, .. } => self.functions.push(name.clone()),
                Change::Schema { .. }
                | Change::Publication { .. }
                | Change::Extensions(_)
                | Change::PlainRoles(_)
                | Change::Partial(_)
                | Change::Extended(_)
                | Change::Unread(_) => self.more = true,
            }
        }
    }

    /// What makes all of it unknown in the catalog as it was before.
    pub(super) fn blurred(self, catalog: &Catalog, place: Place) -> Vec<Change> {
        let mut changes = Vec::new();
        for (id, after) in self.relations {
            match (catalog.get(id), after) {
                (None, Some(after)) => {
                    changes.push(Change::Relation { id, to: Some(Box::new(assumed(&after, place))) });
                }
                (Some(before), None) => {
                    changes.push(Change::Relation { id, to: Some(Box::new(assumed(before, place))) });
                }
                (Some(before), Some(after)) if *before != after => {
                    changes.push(Change::Relation { id, to: Some(Box::new(between(before, &after))) });
                }
                _ => {}
            }
        }
        for name in self.types {
            let to = Some(Box::new(TypeDefinition {
                kind: TypeDefinitionKind::Unknown,
                place,
                transaction: None,
                added: Vec::new(),
                doubtful: None,
            }));
            changes.push(Change::Type { name, to });
        }
        let functions = !self.functions.is_empty();
        changes.extend(self.functions.into_iter().map(|name| Change::Function { name, to: None }));
        if functions || self.more {
            changes.push(Change::Extended(true));
        }
        if self.more && !catalog.extensions().is_empty() {
            changes.push(Change::Extensions(Default::default()));
        }
        if self.more {
            changes.push(Change::Partial(true));
        }
        changes
    }
}

/// A relation of which nothing is known but its name.
fn assumed(it: &Relation, place: Place) -> Relation {
    let kind = match &it.kind {
        RelationKind::Table | RelationKind::Partitioned(_) => RelationKind::Table,
        RelationKind::Foreign => RelationKind::Foreign,
        RelationKind::Sequence(_) => RelationKind::Sequence(Default::default()),
        RelationKind::View(_) => RelationKind::View(Vec::new()),
        RelationKind::MaterializedView(_) => RelationKind::MaterializedView(Vec::new()),
        // An index whose table nobody knows stands in the catalog like this.
        RelationKind::Index(_) | RelationKind::Composite => RelationKind::Composite,
    };
    Relation::new(it.name.clone(), kind, it.persistence, Origin::Assumed(place))
}

/// What is certain of a relation that has become another, or not.
fn between(before: &Relation, after: &Relation) -> Relation {
    let mut between = before.clone();
    between.complete = false;
    between.populated |= after.populated;
    for (at, column) in between.columns.iter_mut().enumerate() {
        match after.columns.get(at) {
            Some(other) if other.name == column.name && other.dropped == column.dropped => {
                if other.data_type != column.data_type {
                    column.data_type = unknown();
                }
            }
            _ => *column = Column { dropped: true, ..column.clone() },
        }
    }
    for (at, constraint) in between.constraints.iter_mut().enumerate() {
        if after.constraints.get(at) != Some(constraint) {
            *constraint = None;
        }
    }
    between
}

fn unknown() -> DataType {
    DataType { name: ObjectName::new("pg_catalog", "unknown"), modifiers: Vec::new(), dimensions: 0 }
}
