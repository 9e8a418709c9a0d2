//! What cannot do without a function or type: defaults, generated columns, checks and indexes that call it or cast to it.

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
        self.drop_expressions(callers, cascade);
    }

    /// The values of columns of other types that cast to a type. Casts in checks and indexes are not followed through renames.
    pub(super) fn casting(&self, name: &ObjectName, what: &str) -> Vec<(Dependent, String)> {
        let by = self.catalog.typed(&name.name).map(|(id, _)| id).collect();
        let mut found = self.expressions(by, what, |work, it| work.casts(it, name));
        found.retain(|(it, _)| match it {
            Dependent::Default(table, at) | Dependent::Column(table, at) => {
                self.relation(*table).columns[*at].data_type.name != *name
            }
            _ => false,
        });
        found
    }

    pub(super) fn drop_expressions(&mut self, all: Vec<(Dependent, String)>, cascade: Span) {
        for (it, _) in all {
            match it {
                Dependent::Relation(id) if self.catalog.get(id).is_some_and(|it| it.as_index().is_none()) => {
                    self.drop_relations(&[(id, cascade)], DropReason::Cascade, true, Some(cascade));
                }
                Dependent::Relation(index) => self.drop_calling_index(index, cascade),
                Dependent::Default(table, at) | Dependent::Column(table, at)
                    if self.catalog.get(table).is_none_or(|it| it.columns[at].dropped) => {}
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
        let by = self.catalog.calling(&function.name);
        for &id in by.iter().filter(|it| self.relation(**it).needs.functions.contains(function)) {
            found.push((Dependent::Relation(id), format!("{} depends on {what}", self.described(id))));
        }
        found.extend(self.expressions(by, what, |work, it| work.calls(it, function)));
        found
    }

    /// The defaults, generated columns, checks and indexes of these relations whose expressions depend on something.
    fn expressions(
        &self,
        by: Vec<RelationId>,
        what: &str,
        depends: impl Fn(&Self, &Expr) -> bool,
    ) -> Vec<(Dependent, String)> {
        let mut found = Vec::new();
        for id in by {
            let relation = self.relation(id);
            let of = |part: &str| format!("{part} of {} depends on {what}", self.described(id));
            for (at, column) in relation.live_columns() {
                if column.default.as_ref().is_some_and(|it| depends(self, it)) {
                    found.push(match column.generated {
                        Some(_) => (Dependent::Column(id, at), of(&format!("column {}", column.name))),
                        None => (Dependent::Default(id, at), of(&format!("default value for column {}", column.name))),
                    });
                }
            }
            for (at, constraint) in relation.live_constraints() {
                if let ConstraintKind::Check { expr, .. } = &constraint.kind
                    && depends(self, expr)
                {
                    found.push((Dependent::Constraint(id, at), of(&format!("constraint {}", constraint.name))));
                }
            }
            if let RelationKind::Index(index) = &relation.kind {
                let computed = index.key.iter().filter(|it| it.column.is_none()).map(|it| &it.expr);
                if computed.chain(&index.predicate).any(|it| depends(self, it)) {
                    found.push((Dependent::Relation(id), format!("{} depends on {what}", self.described(id))));
                }
            }
        }
        found
    }

    /// Whether an expression casts to the type, by the search path of now.
    fn casts(&self, expr: &Expr, name: &ObjectName) -> bool {
        let mut found = false;
        expr.walk(&mut |it| {
            if let ExprKind::Cast { to, .. } = &it.kind
                && to.name.name.text == name.name
            {
                found |= self.find_type(&to.name).as_ref() == Some(name);
            }
        });
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
