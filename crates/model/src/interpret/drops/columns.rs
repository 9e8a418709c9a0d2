//! Columns, with what goes with them and what stands in the way.

use super::Dependent;
use crate::Refusal;
use crate::catalog::{
    Change, ColumnId, ConstraintId, ConstraintKind, Part, PartKind, Relation, RelationId, RelationKind, ViewSource,
};
use crate::effects::{DropReason, DroppedObject, LockMode};
use crate::interpret::work::Work;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::ObjectKind;
use smol_str::SmolStr;

impl Work<'_> {
    /// Whether the view names the column, as far as its query tells.
    pub(in crate::interpret) fn view_uses(&self, view: RelationId, table: RelationId, at: ColumnId) -> bool {
        let (RelationKind::View(sources) | RelationKind::MaterializedView(sources)) = &self.relation(view).kind else {
            return false;
        };
        sources.iter().any(|it| it.names(table, at))
    }

    /// Drops a column with what belongs to it; refuses if something else depends on it and `cascade` is not given.
    pub(in crate::interpret) fn drop_column(
        &mut self,
        table: RelationId,
        at: ColumnId,
        how: DropReason,
        cascade: bool,
        span: Span,
    ) {
        let name = self.relation(table).columns[at].name.clone();
        let own = format!("column {name} of {}", self.described(table));
        let (mut victims, keys) = self.column_dependents(table, at, &own);
        // The default that a child has from the column goes with the child's column.
        let below = self.catalog.tree(table);
        victims.retain(|(it, _)| match it {
            Dependent::Default(by, column) => {
                let inherited = &self.relation(*by).columns[*column];
                *by == table || !below.contains(by) || inherited.local || inherited.name != name
            }
            _ => true,
        });
        if !cascade && !victims.is_empty() {
            let dependents = victims.into_iter().map(|(_, line)| line).collect();
            self.refuse(Refusal::DependentObjects { what: own, dependents }, span);
            victims = Vec::new();
        }
        for (dependent, _) in victims {
            match dependent {
                Dependent::Relation(view) => {
                    self.drop_relations(&[(view, span)], DropReason::Cascade, true, Some(span))
                }
                other => self.drop_dependent(&other, span),
            }
        }
        self.dropped(DroppedObject::Column { table, column: name.clone() }, how, span);
        for constraint in keys {
            if self.relation(table).constraints.get(constraint).is_some_and(Option::is_some) {
                self.drop_constraint(table, constraint, DropReason::Automatic, true, span);
            }
        }
        let indexes: Vec<RelationId> =
            self.catalog.indexes(table).filter(|(_, _, it)| it.names(at, &name)).map(|(id, _, _)| id).collect();
        for index in indexes {
            self.dropped(DroppedObject::Relation(index), DropReason::Automatic, span);
            self.remove_index_tree(index);
        }
        for generated in self.generated_from(table, &name) {
            self.drop_column(table, generated, DropReason::Automatic, cascade, span);
        }
        for (sequence, owner) in self.catalog.owned_sequences(table) {
            if owner == at {
                self.lock(sequence, LockMode::AccessExclusive, span);
                self.dropped(DroppedObject::Relation(sequence), DropReason::Automatic, span);
                self.change(Change::Relation { id: sequence, to: None });
            }
        }
        self.drop_statistics(table, at, span);
        let mut column = self.relation(table).columns[at].clone();
        column.dropped = true;
        self.change(Change::Column { table, at, to: Some(column) });
    }

    /// The generated columns that are computed from `column`.
    fn generated_from(&self, table: RelationId, column: &str) -> Vec<ColumnId> {
        let uses = |it: &crate::catalog::Column| {
            it.generated.is_some()
                && it.name != column
                && it.default.as_ref().is_some_and(|it| it.columns().iter().any(|it| it.text == column))
        };
        self.relation(table).live_columns().filter(|(_, it)| uses(it)).map(|(at, _)| at).collect()
    }

    /// What depends on a column: what needs `CASCADE`, and the table's own constraints, which go by themselves.
    fn column_dependents(
        &self,
        table: RelationId,
        at: ColumnId,
        own: &str,
    ) -> (Vec<(Dependent, String)>, Vec<ConstraintId>) {
        let relation = self.relation(table);
        let name = &relation.columns[at].name;
        let mut victims = Vec::new();
        for view in self.catalog.views(table) {
            if self.view_uses(view, table, at) {
                victims.push((Dependent::Relation(view), format!("{} depends on {own}", self.described(view))));
            }
        }
        // Statistics go with a column by themselves.
        let other = |it: &Part| it.kind != PartKind::Statistics && it.columns.contains(&at);
        victims.extend(self.dependent_parts(table, own, other));
        let names = |it: &ViewSource| it.names(table, at);
        for by in self.catalog.part_users(table) {
            victims.extend(self.dependent_parts(by, own, |it| it.uses.iter().any(names)));
        }
        victims.extend(self.routines_needing(own, |it| it.relations.iter().any(names)));
        for (by, key) in self.catalog.referencing(table) {
            let uses = self.relation(by).constraints[key].as_ref().is_some_and(
                |it| matches!(&it.kind, ConstraintKind::ForeignKey { referenced, .. } if referenced.contains(&at)),
            );
            // The table's own goes with a column that it is on.
            let goes = by == table
                && self.relation(by).constraints[key].as_ref().is_some_and(
                    |it| matches!(&it.kind, ConstraintKind::ForeignKey { columns, .. } if columns.contains(&at)),
                );
            if uses && !goes {
                victims.push((Dependent::Constraint(by, key), self.depends_line(by, key, own)));
            }
        }
        // Before PostgreSQL 15 a generated column goes with its source without a word.
        let generated = if self.version.since(15) { self.generated_from(table, name) } else { Vec::new() };
        for other in generated {
            let line = format!("column {} of {} depends on {own}", relation.columns[other].name, self.described(table));
            victims.push((Dependent::Column(table, other), line));
        }
        for (sequence, owner) in self.catalog.owned_sequences(table) {
            if owner == at {
                // A default elsewhere may draw from the column's sequence.
                victims.extend(self.dependents(sequence, &[(table, DropReason::Automatic, Span::default())]));
            }
        }
        let keys = relation
            .live_constraints()
            .filter(|(_, it)| match &it.kind {
                ConstraintKind::NotNull(column) => *column == at,
                ConstraintKind::Check { columns, .. } => columns.contains(&at),
                ConstraintKind::ForeignKey { columns, .. } => columns.contains(&at),
                ConstraintKind::Unique { index, .. } | ConstraintKind::Exclude { index } => {
                    self.catalog.get(*index).and_then(Relation::as_index).is_some_and(|it| it.names(at, name))
                }
            })
            .map(|(id, _)| id)
            .collect();
        (victims, keys)
    }

    /// Statistics on several columns go with one of them; `RemoveStatistics`.
    fn drop_statistics(&mut self, table: RelationId, at: ColumnId, span: Span) {
        let parts = &self.relation(table).parts;
        let gone: Vec<SmolStr> = parts
            .iter()
            .filter(|it| it.kind == PartKind::Statistics && it.columns.contains(&at))
            .map(|it| it.name.clone())
            .collect();
        if gone.is_empty() {
            return;
        }
        let kept = parts.iter().filter(|it| !gone.contains(&it.name)).cloned().collect();
        for name in gone {
            let part = DroppedObject::Part { kind: ObjectKind::Statistics, table, name };
            self.dropped(part, DropReason::Automatic, span);
        }
        self.change(Change::Parts { id: table, to: kept });
    }

    /// A column of a table that the history does not show in full.
    pub(in crate::interpret) fn drop_unknown_column(&mut self, table: RelationId, column: &SmolStr, span: Span) {
        self.dropped(DroppedObject::Column { table, column: column.clone() }, DropReason::Named, span);
    }
}
