//! New labels of an enum are not to be used before the transaction commits that adds them; `check_safe_enum_use` in
//! `src/backend/utils/adt/enum.c`.

use super::work::Work;
use crate::catalog::Relation;
use crate::{ObjectName, Refusal, RelationId};
use lockkeeper_syntax::ast::{
    ActionKind, Body, ColumnConstraint, ColumnDef, Constant, Constraint, ConstraintKind, Expr, ExprKind, Query,
    TableElement, Write, WriteKind,
};

/// Labels that the open transaction has added, with their enums.
type Fresh = Vec<(ObjectName, String)>;

/// Refuses a statement that uses a label which its own transaction has added.
pub(super) fn check(work: &mut Work<'_>, body: &Body) {
    let fresh = fresh(work);
    if fresh.is_empty() {
        return;
    }
    let used = match body {
        Body::CreateTable(it) => it.elements.iter().find_map(|element| match element {
            TableElement::Column(column) => of_column(work, &fresh, column),
            TableElement::Constraint(constraint) => of_constraint(work, &fresh, None, constraint),
            TableElement::Like(_) => None,
        }),
        Body::AlterTable(it) => {
            let table = work.find(&it.relation.name);
            it.actions.iter().find_map(|action| of_action(work, &fresh, table, &action.kind))
        }
        Body::CreateIndex(it) => {
            let table = work.find(&it.table.name);
            it.predicate.as_ref().and_then(|it| of_expr(work, &fresh, &table.into_iter().collect::<Vec<_>>(), it))
        }
        Body::Write(it) => of_write(work, &fresh, it),
        Body::Select(it) => of_query(work, &fresh, Vec::new(), it),
        _ => None,
    };
    if let Some((expr, (name, label))) = used {
        let refusal =
            Refusal::EnumValueInOpenTransaction { label: label.as_str().into(), enum_name: name.name.clone() };
        let span = expr.span;
        work.refuse(refusal, span);
    }
}

fn fresh(work: &Work<'_>) -> Fresh {
    let Some(transaction) = work.transaction else { return Vec::new() };
    let mut fresh = Vec::new();
    for (name, definition) in work.catalog.enums_added_to(transaction) {
        // From 17 on a type of the same transaction is safe as a whole: nobody else can have stored its values.
        if definition.transaction == Some(transaction) && work.version.since(17) {
            continue;
        }
        let own = definition.added.iter().filter(|(_, by)| *by == transaction);
        fresh.extend(own.map(|(label, _)| (name.clone(), label.clone())));
    }
    fresh
}

/// An expression that stands for a fresh label, and which.
type Used<'e, 'f> = Option<(&'e Expr, &'f (ObjectName, String))>;

fn of_action<'e, 'f>(
    work: &Work<'_>,
    fresh: &'f Fresh,
    table: Option<RelationId>,
    action: &'e ActionKind,
) -> Used<'e, 'f> {
    let tables: Vec<RelationId> = table.into_iter().collect();
    match action {
        ActionKind::AddColumn { column, .. } => of_column(work, fresh, column),
        ActionKind::SetDefault { column, expr } => {
            let own = table.and_then(|it| work.relation(it).column(&column.text));
            own.and_then(|it| literal(fresh, &it.data_type.name, expr)).or_else(|| of_expr(work, fresh, &tables, expr))
        }
        ActionKind::SetType { using: Some(expr), .. } => of_expr(work, fresh, &tables, expr),
        ActionKind::AddConstraint { constraint } => of_constraint(work, fresh, table, constraint),
        _ => None,
    }
}

fn of_column<'e, 'f>(work: &Work<'_>, fresh: &'f Fresh, column: &'e ColumnDef) -> Used<'e, 'f> {
    let data_type = column.data_type.as_ref().map(|it| work.data_type(it).name);
    column.constraints.iter().find_map(|it| match it {
        ColumnConstraint::Default(expr, _) => {
            let own = data_type.as_ref().and_then(|it| literal(fresh, it, expr));
            own.or_else(|| of_expr(work, fresh, &[], expr))
        }
        ColumnConstraint::Constraint(Constraint { kind: ConstraintKind::Check { expr }, .. }) => {
            let is_own = |it: &Expr| it.as_column().is_some_and(|it| it.text == column.name.text);
            let compared = compared(expr).into_iter().find_map(|(name, value)| {
                let data_type = data_type.as_ref().filter(|_| is_own(name))?;
                literal(fresh, data_type, value)
            });
            compared.or_else(|| of_expr(work, fresh, &[], expr))
        }
        _ => None,
    })
}

fn of_constraint<'e, 'f>(
    work: &Work<'_>,
    fresh: &'f Fresh,
    table: Option<RelationId>,
    constraint: &'e Constraint,
) -> Used<'e, 'f> {
    match &constraint.kind {
        ConstraintKind::Check { expr } => of_expr(work, fresh, &table.into_iter().collect::<Vec<_>>(), expr),
        _ => None,
    }
}

fn of_write<'e, 'f>(work: &Work<'_>, fresh: &'f Fresh, write: &'e Write) -> Used<'e, 'f> {
    let table = work.find(&write.table.name);
    let written = table.and_then(|it| of_written(work.relation(it), fresh, write));
    written.or_else(|| of_query(work, fresh, table.into_iter().collect(), &write.query))
}

/// The values that go into columns of an enum. Those of several rows follow each other in the tree.
fn of_written<'e, 'f>(relation: &Relation, fresh: &'f Fresh, write: &'e Write) -> Used<'e, 'f> {
    let columns: Vec<&str> = if write.columns.is_empty() && write.kind == WriteKind::Insert {
        relation.live_columns().map(|(_, it)| it.name.as_str()).collect()
    } else {
        write.columns.iter().map(|it| it.text.as_str()).collect()
    };
    if columns.is_empty() {
        return None;
    }
    let rows = write.kind == WriteKind::Insert && write.query.outputs.is_empty();
    let shown = write.query.outputs.iter().map(|it| &it.expr);
    let values: Vec<&Expr> = match write.kind {
        WriteKind::Insert if !rows => shown.collect(),
        _ => write.query.expressions.iter().collect(),
    };
    values.into_iter().enumerate().find_map(|(at, value)| {
        let column = if rows { columns.get(at % columns.len()) } else { columns.get(at) }?;
        literal(fresh, &relation.column(column)?.data_type.name, value)
    })
}

fn of_query<'e, 'f>(work: &Work<'_>, fresh: &'f Fresh, mut tables: Vec<RelationId>, query: &'e Query) -> Used<'e, 'f> {
    tables.extend(query.relations.iter().filter_map(|it| work.find(&it.relation.name)));
    let outputs = query.outputs.iter().map(|it| &it.expr);
    let found = query.expressions.iter().chain(outputs).find_map(|it| of_expr(work, fresh, &tables, it));
    found.or_else(|| query.writes.iter().find_map(|it| of_write(work, fresh, it)))
}

/// A cast to an enum, or a comparison with a column of one.
fn of_expr<'e, 'f>(work: &Work<'_>, fresh: &'f Fresh, tables: &[RelationId], expr: &'e Expr) -> Used<'e, 'f> {
    let mut used = None;
    expr.walk(&mut |it| {
        if used.is_none()
            && let ExprKind::Cast { value, to } = &it.kind
        {
            used = literal(fresh, &work.data_type(to).name, value);
        }
    });
    used.or_else(|| {
        compared(expr).into_iter().find_map(|(column, value)| {
            if let ExprKind::Cast { to, .. } = &column.kind {
                return literal(fresh, &work.data_type(to).name, value);
            }
            let name = column.as_column()?;
            let mut types = tables.iter().filter_map(|it| work.relation(*it).column(&name.text));
            types.find_map(|it| literal(fresh, &it.data_type.name, value))
        })
    })
}

/// The columns and constants that the expression compares.
fn compared(expr: &Expr) -> Vec<(&Expr, &Expr)> {
    let mut pairs: Vec<(&Expr, &Expr)> = Vec::new();
    expr.walk(&mut |it| match &it.kind {
        ExprKind::Operator { left: Some(left), right, .. } => pairs.extend([(&**left, &**right), (&**right, &**left)]),
        ExprKind::AnyAll { left, right, .. } => pairs.extend(right.iter().map(|it| (&**left, it))),
        _ => {}
    });
    pairs
}

/// Whether `value` is a fresh label of the enum.
fn literal<'e, 'f>(fresh: &'f Fresh, of: &ObjectName, value: &'e Expr) -> Used<'e, 'f> {
    let ExprKind::Constant(Constant::String(text)) = &value.kind else { return None };
    let found = fresh.iter().find(|(name, label)| name == of && label == text)?;
    Some((value, found))
}
