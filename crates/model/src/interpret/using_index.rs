//! Constraints that are put upon an index that is there: `UNIQUE USING INDEX`, `PRIMARY KEY USING INDEX`.

use super::names::{Expected, Found};
use super::work::Work;
use crate::catalog::{Constraint, ConstraintKind, Index, RelationId};
use crate::effects::LockMode;
use crate::{Change, Refusal};
use lockkeeper_syntax::ast::{self, Name, ObjectKind, QualifiedName, UniqueKey};
use smol_str::SmolStr;

impl Work<'_> {
    /// The index that a constraint is to be put upon, if it can be; `transformIndexConstraint` in `parse_utilcmd.c`.
    pub(super) fn usable_index(
        &mut self,
        table: RelationId,
        it: &ast::Constraint,
        index: &Name,
    ) -> Option<(RelationId, Index)> {
        let name = QualifiedName { schema: None, name: index.clone() };
        let schema = self.relation(table).name.schema.clone();
        let full = crate::ObjectName { schema, name: index.text.clone() };
        let found = match self.catalog.relation(&full) {
            Some((id, _)) => Found::Known(id),
            None if self.lenient() => self.resolve(&name, Expected::Index, false),
            None => {
                self.lacks();
                let kind = ObjectKind::Index;
                self.refuse(Refusal::MissingObject { kind, name: index.text.clone(), table: None }, index.span);
                return None;
            }
        };
        let Found::Known(id) = found else { return None };
        let Some(own) = self.relation(id).as_index().cloned() else {
            let refusal = Refusal::WrongKind { name: index.text.clone(), expected: "an index" };
            self.refuse(refusal, index.span);
            return None;
        };
        let taken = self.serves_constraint(own.table, id);
        if let Some(refusal) = unsuitable(&own, table, &index.text, it.deferrable, taken) {
            self.refuse(refusal, index.span);
            return None;
        }
        Some((id, own))
    }

    /// `UNIQUE USING INDEX`, `PRIMARY KEY USING INDEX`; `ATExecAddIndexConstraint`.
    pub(super) fn use_index(&mut self, table: RelationId, it: &ast::Constraint, key: &UniqueKey, index: &Name) {
        let Some((id, own)) = self.usable_index(table, it, index) else { return };
        let full = self.relation(id).name.clone();
        if self.relation(table).partition_key().is_some() {
            self.refuse(Refusal::UsingIndexOnPartitioned, it.span);
            return;
        }
        if key.primary {
            if self.refuse_second_primary_key(table, it.span) {
                return;
            }
            let columns: Vec<SmolStr> = own
                .key
                .iter()
                .filter_map(|it| Some(self.relation(table).columns.get(it.column?)?.name.clone()))
                .collect();
            for column in &columns {
                let at = self.relation(table).column_id(column);
                if let Some(at) = at {
                    self.refuse_in_primary_key(table, at, it.span);
                    self.set_not_null(table, at, None, it.span);
                }
            }
        }
        let index_name = it.name.as_ref().map_or_else(|| full.name.clone(), |it| it.text.clone());
        if index_name != full.name {
            let to = crate::ObjectName { schema: full.schema.clone(), name: index_name.clone() };
            if !self.check_new_name(&to, it.span) {
                return;
            }
            self.change(Change::Name { id, to });
        }
        self.change(Change::Index {
            id,
            to: Box::new(Index { primary: key.primary, immediate: !it.deferrable, ..own }),
        });
        let constraint = Constraint {
            name: index_name,
            kind: ConstraintKind::Unique { primary: key.primary, index: id },
            validated: true,
            enforced: true,
            deferrable: it.deferrable,
            deferred: it.initially_deferred,
            no_inherit: false,
            inherited: false,
            place: self.place(it.span),
        };
        self.append_constraint(table, constraint);
        self.lock(table, LockMode::AccessExclusive, it.span);
    }
}

/// Why an index cannot serve a constraint, in the order of the server's checks.
fn unsuitable(index: &Index, table: RelationId, name: &str, deferrable: bool, taken: bool) -> Option<Refusal> {
    let refusal = |sqlstate, message: String| Some(Refusal::IndexUnsuitable { sqlstate, message });
    if taken {
        return refusal("55000", format!("index \"{name}\" is already associated with a constraint"));
    }
    if index.table != table {
        return refusal("55000", format!("index \"{name}\" does not belong to table"));
    }
    if !index.valid {
        return refusal("55000", format!("index \"{name}\" is not valid"));
    }
    if !index.unique {
        return refusal("42809", format!("\"{name}\" is not a unique index"));
    }
    if index.key.iter().any(|it| it.column.is_none() && it.expr.as_column().is_none()) {
        return refusal("42809", format!("index \"{name}\" contains expressions"));
    }
    if index.predicate.is_some() {
        return refusal("42809", format!("\"{name}\" is a partial index"));
    }
    if index.method != "btree" && !deferrable {
        return refusal("42809", format!("index \"{name}\" is not a btree"));
    }
    if let Some(at) = index.key.iter().position(|it| it.descending || it.nulls_first || it.opclass.is_some()) {
        let message = format!("index \"{name}\" column number {} does not have default sorting behavior", at + 1);
        return refusal("42809", message);
    }
    None
}
