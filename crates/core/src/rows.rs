//! How many rows a statement may touch, as far as the text and the keys of its table tell.

use crate::step::Step;
use lockkeeper_model::catalog::{Relation, RelationId};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Body, Expr, ExprKind, Query, Write, WriteKind};

/// Work on rows that may be many: which table's they are, and the word for what is done.
pub(crate) struct ManyRows {
    pub(crate) table: RelationId,
    pub(crate) span: Span,
    /// "are updated", "are deleted", "are copied", ….
    pub(crate) what: &'static str,
}

/// The rows of old tables that the statement writes or copies, if they may be many.
pub(crate) fn many<'a>(step: &Step<'a>) -> Option<ManyRows> {
    match &step.timeline().statement.body {
        Body::Write(write) => writes(step, write),
        Body::Select(query) => query.writes.iter().find_map(|it| writes(step, it)),
        Body::CreateTableAs(it) if !it.no_data => copied(step, &it.query),
        Body::Refresh(it) if !it.no_data => {
            let (table, _) = step.find(&it.view)?;
            busy(step, table).then_some(ManyRows { table, span: it.view.span(), what: "are computed anew" })
        }
        _ => None,
    }
}

fn writes(step: &Step<'_>, write: &Write) -> Option<ManyRows> {
    let inner = write.query.writes.iter().find_map(|it| writes(step, it));
    if inner.is_some() {
        return inner;
    }
    let (table, relation) = step.find(&write.table.name)?;
    let span = write.table.name.span();
    let what = match write.kind {
        WriteKind::Insert => return copied(step, &write.query),
        WriteKind::Update => "are updated",
        WriteKind::Delete => "are deleted",
        WriteKind::Merge => "are merged",
    };
    let few = write.condition.as_ref().is_some_and(|it| picks_by_key(step, relation, table, it));
    (busy(step, table) && !few).then_some(ManyRows { table, span, what })
}

/// Rows that a query reads from an old table into another.
fn copied(step: &Step<'_>, query: &Query) -> Option<ManyRows> {
    query.relations.iter().find_map(|it| {
        let (table, _) = step.find(&it.relation.name)?;
        let span = it.relation.name.span();
        busy(step, table).then_some(ManyRows { table, span, what: "are copied" })
    })
}

fn busy(step: &Step<'_>, table: RelationId) -> bool {
    !step.is_new(table) && !step.is_small(table)
}

/// Whether a condition names values for all columns of a unique key, and so picks a few rows.
fn picks_by_key(step: &Step<'_>, relation: &Relation, table: RelationId, condition: &Expr) -> bool {
    let mut picked: Vec<&str> = Vec::new();
    conjuncts(condition, &mut |it| match &it.kind {
        ExprKind::Operator { symbol, left: Some(left), right } if symbol == "=" => {
            for (column, value) in [(left, right), (right, left)] {
                if let (Some(column), true) = (column.as_column(), is_value(value)) {
                    picked.push(&column.text);
                }
            }
        }
        ExprKind::AnyAll { symbol, all: false, left, right, .. } if symbol == "=" => {
            if let (Some(column), true) = (left.as_column(), right.iter().all(is_value)) {
                picked.push(&column.text);
            }
        }
        _ => {}
    });
    let names = |at: usize| relation.columns.get(at).is_some_and(|it| picked.contains(&it.name.as_str()));
    let mut indexes = step.timeline().catalog.indexes(table);
    indexes
        .any(|(_, _, it)| it.unique && it.predicate.is_none() && it.key.iter().all(|it| it.column.is_some_and(names)))
}

fn conjuncts<'e>(expr: &'e Expr, visit: &mut dyn FnMut(&'e Expr)) {
    match &expr.kind {
        ExprKind::And(parts) => parts.iter().for_each(|it| conjuncts(it, visit)),
        _ => visit(expr),
    }
}

/// Whether the expression names no column and reads no table.
fn is_value(expr: &Expr) -> bool {
    let mut plain = true;
    expr.walk(&mut |it| plain &= !matches!(it.kind, ExprKind::Column(_) | ExprKind::Star(_) | ExprKind::Subquery(_)));
    plain
}
