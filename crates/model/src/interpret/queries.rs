//! Reads and writes: the locks that they take.

use super::names::{Expected, is_system_column};
use super::work::Work;
use crate::catalog::RelationKind;
use crate::effects::LockMode;
use crate::{Refusal, RelationId};
use lockkeeper_syntax::ast::{Constant, Copy, Expr, ExprKind, LockTable, Name, Output, QualifiedName, Query};
use smol_str::SmolStr;

/// A `SELECT` locks no more than ACCESS SHARE, unless it locks rows or writes in a `WITH`.
pub(super) fn read(work: &mut Work<'_>, query: &Query) {
    read_with(work, query, &[]);
}

/// As [`read`], where a name that is no column may be one of the `variables`.
pub(super) fn read_with(work: &mut Work<'_>, query: &Query, variables: &[&SmolStr]) {
    for item in &query.relations {
        let name = &item.relation.name;
        if is_system(name) {
            continue;
        }
        if !query.locks_rows {
            work.resolve(name, Expected::Relation, false);
            continue;
        }
        let Some(id) = work.resolve_or_assume(name, Expected::Relation, false) else { continue };
        for part in work.reached(id, item.relation.only) {
            work.lock(part, LockMode::RowShare, name.span());
        }
    }
    check_columns(work, query, variables);
    for expr in &query.expressions {
        work.check_cast_labels(expr);
    }
    for inner in &query.writes {
        super::writes::write(work, inner);
    }
}

/// A view that reads itself, which `CREATE OR REPLACE` allows, is missed only by whoever reads it; `fireRIRrules`.
pub(super) fn refuse_circles(work: &mut Work<'_>, query: &Query) {
    for item in &query.relations {
        let name = &item.relation.name;
        if work.find(name).is_some_and(|it| reads_itself(work, it)) {
            let message = "infinite recursion detected in rules for relation";
            work.refuse(Refusal::Plain { sqlstate: "42P17", message }, name.span());
            return;
        }
    }
}

fn reads_itself(work: &Work<'_>, view: RelationId) -> bool {
    let mut met: Vec<RelationId> = Vec::new();
    let mut left = vec![view];
    while let Some(id) = left.pop() {
        let RelationKind::View(sources) = &work.relation(id).kind else { continue };
        for source in sources {
            if source.relation == id {
                return true;
            }
            if !met.contains(&source.relation) && work.catalog.get(source.relation).is_some() {
                met.push(source.relation);
                left.push(source.relation);
            }
        }
    }
    false
}

/// Every column of a query from known tables must be one of theirs.
fn check_columns(work: &mut Work<'_>, query: &Query, variables: &[&SmolStr]) {
    if !work.alone || !query.plain || query.relations.is_empty() {
        return;
    }
    let mut tables: Vec<(&SmolStr, RelationId)> = Vec::new();
    for item in &query.relations {
        let known = |id: &RelationId| {
            let relation = work.relation(*id);
            relation.complete && !matches!(relation.kind, RelationKind::Sequence(_) | RelationKind::Index(_))
        };
        let Some(id) = work.find(&item.relation.name).filter(known) else { return };
        tables.push((item.alias.as_ref().map_or(&item.relation.name.name.text, |it| &it.text), id));
    }
    let mut missing = None;
    let mut left: Vec<&Expr> = query.expressions.iter().rev().collect();
    while let (Some(expr), None) = (left.pop(), missing) {
        left.extend(expr.children().into_iter().rev());
        match &expr.kind {
            // What a subquery names may be its own.
            ExprKind::Subquery(_) => return,
            ExprKind::Column(parts) if parts.first().is_some_and(|it| variables.contains(&&it.text)) => {}
            ExprKind::Column(parts) => missing = parts.last().filter(|_| !exists(work, query, &tables, parts)),
            _ => {}
        }
    }
    if let Some(name) = missing {
        work.refuse(Refusal::MissingColumn { column: name.text.clone(), table: None }, name.span);
    }
}

/// Whether a column name can mean something: a column, a whole row, an output column, `table.function`.
fn exists(work: &Work<'_>, query: &Query, tables: &[(&SmolStr, RelationId)], parts: &[Name]) -> bool {
    let has = |id: RelationId, column: &Name| {
        is_system_column(&column.text) || work.relation(id).column_id(&column.text).is_some()
    };
    match parts {
        [column] => {
            // The output column of a plain column has its name too, and proves nothing.
            let is_output = |it: &Output| {
                it.name.as_ref().is_some_and(|it| it.text == column.text)
                    && it.expr.as_column().is_none_or(|it| it.text != column.text)
            };
            tables.iter().any(|(name, id)| **name == column.text || has(*id, column))
                || query.outputs.iter().any(is_output)
        }
        [table, column] => {
            let own = tables.iter().find(|(name, _)| **name == table.text);
            own.is_none_or(|(_, id)| has(*id, column) || work.names_function(&column.text))
        }
        _ => true,
    }
}

/// Whether the name can be one of the system catalog, which is looked up first.
pub(super) fn is_system(name: &QualifiedName) -> bool {
    match &name.schema {
        Some(schema) => matches!(schema.text.as_str(), "pg_catalog" | "information_schema" | "pg_temp" | "pg_toast"),
        None => name.name.text.starts_with("pg_"),
    }
}

pub(super) fn copy(work: &mut Work<'_>, it: &Copy) {
    if let Some(query) = &it.query {
        read(work, query);
    }
    if let (true, Some(table)) = (it.from, &it.table)
        && let Some(id) = work.resolve_or_assume(table, Expected::Relation, false)
    {
        work.lock(id, LockMode::RowExclusive, table.span());
    }
}

pub(super) fn lock(work: &mut Work<'_>, it: &LockTable) {
    // The lock would end with the statement. A function's body runs in the transaction of its call.
    if work.transaction.is_none() && work.alone {
        work.refuse(Refusal::OutsideTransaction { what: "LOCK TABLE" }, work.statement.span);
    }
    let mode = LockMode::ALL.into_iter().find(|mode| *mode as u8 == it.mode).unwrap_or(LockMode::AccessExclusive);
    for relation in &it.relations {
        let span = relation.name.span();
        let Some(table) = work.resolve_or_assume(&relation.name, Expected::Relation, false) else { continue };
        for id in work.reached(table, relation.only) {
            work.lock(id, mode, span);
        }
    }
}

/// Calls `set` for each `set_config('name', 'value', local)` with constant arguments in the query.
pub(crate) fn set_config_calls(query: &Query, mut set: impl FnMut(&str, &str, bool)) {
    for output in &query.outputs {
        let ExprKind::Call(call) = &output.expr.kind else { continue };
        if call.name.name.text != "set_config" {
            continue;
        }
        if let [name, value, local] = call.arguments.as_slice()
            && let ExprKind::Constant(Constant::String(name)) = &name.kind
            && let ExprKind::Constant(Constant::String(value)) = &value.kind
            && let ExprKind::Constant(Constant::Boolean(local)) = &local.kind
        {
            set(name, value, *local);
        }
    }
}
