//! What cannot do without a function: defaults, generated columns, checks and indexes that call it.

use super::Dependent;
use crate::Refusal;
use crate::catalog::{ConstraintKind, ObjectName, RelationId, RelationKind};
use crate::effects::{DropReason, DroppedObject, LockMode};
use crate::interpret::work::Work;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Expr, ExprKind};

impl Work<'_> {
    /// A function goes whose name no other has; `CASCADE` takes along what calls it.
    pub(in crate::interpret) fn drop_callers(&mut self, function: &ObjectName, cascade: Option<Span>, span: Span) {
        let what = format!("function {}", function.short());
        let callers = self.callers(function, &what);
        let Some(cascade) = cascade else {
            if !callers.is_empty() {
                let dependents = callers.into_iter().map(|(_, line)| line).collect();
                self.refuse(Refusal::DependentObjects { what, dependents }, span);
            }
            return;
        };
        for (caller, _) in callers {
            match caller {
                Dependent::Relation(id) if self.catalog.get(id).is_some_and(|it| it.as_index().is_none()) => {
                    self.drop_relations(&[(id, cascade)], DropReason::Cascade, true, Some(cascade));
                }
                Dependent::Relation(index) => self.drop_calling_index(index, cascade),
                other => self.drop_dependent(&other, cascade),
            }
        }
    }

    fn drop_calling_index(&mut self, index: RelationId, span: Span) {
        let Some(table) = self.catalog.get(index).and_then(|it| it.as_index()).map(|it| it.table) else { return };
        self.lock(table, LockMode::AccessExclusive, span);
        self.dropped(DroppedObject::Relation(index), DropReason::Cascade, span);
        self.remove_index_tree(index);
    }

    fn callers(&self, function: &ObjectName, what: &str) -> Vec<(Dependent, String)> {
        // One that calls itself does not stand in its own way.
        let mut found = self.routines_needing(what, |it| it.functions.contains(function));
        found.retain(|(it, _)| !matches!(it, Dependent::Routine(name, _) if name == function));
        for id in self.catalog.calling(&function.name) {
            let relation = self.relation(id);
            if relation.needs.functions.contains(function) {
                found.push((Dependent::Relation(id), format!("{} depends on {what}", self.described(id))));
            }
            let of = |part: &str| format!("{part} of {} depends on {what}", self.described(id));
            for (at, column) in relation.live_columns() {
                if column.default.as_ref().is_some_and(|it| self.calls(it, function)) {
                    found.push(match column.generated {
                        Some(_) => (Dependent::Column(id, at), of(&format!("column {}", column.name))),
                        None => (Dependent::Default(id, at), of(&format!("default value for column {}", column.name))),
                    });
                }
            }
            for (at, constraint) in relation.live_constraints() {
                if let ConstraintKind::Check { expr, .. } = &constraint.kind
                    && self.calls(expr, function)
                {
                    found.push((Dependent::Constraint(id, at), of(&format!("constraint {}", constraint.name))));
                }
            }
            if let RelationKind::Index(index) = &relation.kind {
                let computed = index.key.iter().filter(|it| it.column.is_none()).map(|it| &it.expr);
                if computed.chain(&index.predicate).any(|it| self.calls(it, function)) {
                    found.push((Dependent::Relation(id), format!("{} depends on {what}", self.described(id))));
                }
            }
        }
        found
    }

    /// Whether an expression calls the function, by the search path of now.
    fn calls(&self, expr: &Expr, function: &ObjectName) -> bool {
        let mut found = false;
        expr.walk(&mut |it| {
            if let ExprKind::Call(call) = &it.kind
                && call.name.name.text == function.name
            {
                found |= match &call.name.schema {
                    Some(schema) => schema.text == function.schema,
                    None => self.find_function(&call.name).as_ref() == Some(function),
                };
            }
        });
        found
    }
}
