//! Which unique index decides what `ON CONFLICT` is about; `infer_arbiter_indexes` in
//! `src/backend/optimizer/util/plancat.c`.

use super::work::Work;
use crate::Refusal;
use crate::catalog::{Index, RelationId};
use lockkeeper_syntax::ast::{Expr, ObjectKind, OnConflict};

impl Work<'_> {
    /// Whether an exclusion constraint, or a key without overlaps, rests on the index.
    fn is_exclusion(&self, index: RelationId) -> bool {
        self.relation(index).as_index().is_some_and(|it| it.exclusion)
    }

    /// Refuses an `ON CONFLICT` that no index of the table answers.
    pub(super) fn check_arbiter(&mut self, table: RelationId, it: &OnConflict) {
        let relation = self.relation(table);
        if !relation.complete || !relation.is_table() {
            return;
        }
        if let Some(name) = &it.constraint {
            let refusal = match relation.constraint(&name.text).map(|(_, it)| it.index()) {
                None => {
                    let table = Some(relation.name.name.clone());
                    Refusal::MissingObject { kind: ObjectKind::Constraint, name: name.text.clone(), table }
                }
                Some(None) => {
                    let message = "constraint in ON CONFLICT clause has no associated index";
                    Refusal::Plain { sqlstate: "42809", message }
                }
                Some(Some(index)) if it.update.is_some() && self.is_exclusion(index) => {
                    let message = "ON CONFLICT DO UPDATE not supported with exclusion constraints";
                    Refusal::Plain { sqlstate: "42809", message }
                }
                Some(_) => return,
            };
            self.refuse(refusal, name.span);
            return;
        }
        if it.target.is_empty() {
            if it.update.is_some() {
                let message = "ON CONFLICT DO UPDATE requires inference specification or constraint name";
                self.refuse(Refusal::Plain { sqlstate: "42601", message }, it.span);
            }
            return;
        }
        for element in &it.target {
            if let Some(name) = element.column()
                && self.column(table, name).is_none()
            {
                return;
            }
        }
        let wanted: Vec<&Expr> = it.target.iter().map(|it| &it.expr).collect();
        let answers = |index: &Index| {
            // Whether one condition implies the other is left to the server.
            let whole = index.predicate.is_none() || it.predicate.is_some();
            index.unique && !index.exclusion && index.valid && whole && same_elements(&wanted, index)
        };
        if !self.catalog.indexes(table).any(|(_, _, index)| answers(index)) {
            self.refuse(Refusal::NoArbiter, it.span);
        }
    }
}

/// Whether the index is on exactly these columns and expressions, in whatever order.
fn same_elements(wanted: &[&Expr], index: &Index) -> bool {
    let same = |a: &Expr, b: &Expr| match (a.as_column(), b.as_column()) {
        (Some(a), Some(b)) => a.text == b.text,
        _ => a == b,
    };
    wanted.iter().all(|it| index.key.iter().any(|element| same(it, &element.expr)))
        && index.key.iter().all(|element| wanted.iter().any(|it| same(it, &element.expr)))
}
