//! `RENAME COLUMN`, with what holds the name.

use super::work::Work;
use crate::Refusal;
use crate::catalog::{Change, Column, Constraint, ConstraintKind, RelationId, RelationKind};
use crate::effects::LockMode;
use lockkeeper_syntax::ast::{Expr, ExprKind, Name, Rename};
use smol_str::SmolStr;

/// The column of a relation, and of those below it, gets another name; `renameatt_internal`.
pub(super) fn rename(work: &mut Work<'_>, table: RelationId, from: &Name, it: &Rename) {
    let span = work.statement.span;
    // What an index calls its columns nobody asks.
    if work.relation(table).as_index().is_some() {
        return;
    }
    if work.relation(table).of_type.is_some() {
        let message = "cannot rename column of typed table";
        work.refuse(Refusal::Plain { sqlstate: "42809", message }, from.span);
        return;
    }
    if it.only && !work.catalog.children(table).is_empty() {
        let what = "inherited column must be renamed in child tables too";
        work.refuse(Refusal::OnlyOnPartitioned { what }, from.span);
        return;
    }
    let tree = work.reached(table, it.only);
    // The children come first.
    let (own, below) = tree.split_at(1);
    if below.iter().chain(own).any(|id| !can_rename_column(work, *id, &tree, from, it)) {
        return;
    }
    for id in tree {
        work.lock(id, LockMode::AccessExclusive, span);
        let own = work.relation(id).column_id(&from.text);
        let Some(at) = own else { continue };
        let column = work.relation(id).columns[at].clone();
        work.change(Change::Column { table: id, at, to: Some(Column { name: it.to.text.clone(), ..column }) });
        rename_in_expressions(work, id, from, &it.to.text);
    }
}

/// Whether a table of a tree that is renamed in has the column, from no parent elsewhere, and nothing of the new name;
/// `renameatt_internal`.
fn can_rename_column(work: &mut Work<'_>, id: RelationId, tree: &[RelationId], from: &Name, it: &Rename) -> bool {
    if work.refuse_system_column(from, "cannot rename system column") {
        return false;
    }
    let Some(at) = work.column(id, from) else { return !work.relation(id).complete };
    if work.inherits_column_beside(id, at, tree) {
        let refusal = Refusal::InheritedColumn { action: "rename", column: from.text.clone() };
        work.refuse(refusal, from.span);
        return false;
    }
    let relation = work.relation(id);
    if relation.column_id(&it.to.text).is_some() {
        let table = Some(relation.name.name.clone());
        work.refuse(Refusal::DuplicateColumn { column: it.to.text.clone(), table }, it.to.span);
        return false;
    }
    if relation.is_table() {
        work.check_column_name(&it.to);
    }
    true
}

/// Expressions hold names, so they follow; the server has numbers there.
fn rename_in_expressions(work: &mut Work<'_>, table: RelationId, from: &Name, to: &SmolStr) {
    let names = |expr: &Expr| expr.columns().iter().any(|it| it.text == from.text);
    let relation = work.relation(table).clone();
    for (at, column) in relation.live_columns() {
        if let Some(default) = column.default.as_ref().filter(|it| names(it)) {
            let default = Some(renamed(default, &from.text, to));
            work.change(Change::Column { table, at, to: Some(Column { default, ..column.clone() }) });
        }
    }
    for (at, constraint) in relation.live_constraints() {
        if let ConstraintKind::Check { expr, columns } = &constraint.kind
            && names(expr)
        {
            let kind = ConstraintKind::Check { expr: renamed(expr, &from.text, to), columns: columns.clone() };
            work.change(Change::Constraint { table, at, to: Some(Constraint { kind, ..constraint.clone() }) });
        }
    }
    let indexes: Vec<_> = work.catalog.indexes(table).map(|(id, _, index)| (id, index.clone())).collect();
    for (id, mut index) in indexes {
        for element in &mut index.key {
            element.expr = renamed(&element.expr, &from.text, to);
        }
        index.predicate = index.predicate.map(|it| renamed(&it, &from.text, to));
        work.change(Change::Index { id, to: Box::new(index) });
    }
    if let RelationKind::Partitioned(key) = &relation.kind {
        let mut key = key.clone();
        for element in &mut key.elements {
            element.expr = renamed(&element.expr, &from.text, to);
        }
        let mut relation = work.relation(table).clone();
        relation.kind = RelationKind::Partitioned(key);
        work.change(Change::Relation { id: table, to: Some(Box::new(relation)) });
    }
}

fn renamed(expr: &Expr, from: &str, to: &SmolStr) -> Expr {
    let mut expr = expr.clone();
    expr.walk_mut(&mut |it| {
        if let ExprKind::Column(parts) = &mut it.kind
            && let Some(last) = parts.last_mut()
            && last.text == from
        {
            last.text = to.clone();
        }
    });
    expr
}
