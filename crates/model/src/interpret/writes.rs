//! `INSERT`, `UPDATE`, `DELETE`, `MERGE`: what they lock, and what the server refuses of them before it meets a row.

use super::names::{Expected, is_system_column};
use super::queries::{is_system, read};
use super::work::Work;
use crate::Refusal;
use crate::catalog::{ColumnId, Relation, RelationId, RelationKind};
use crate::effects::LockMode;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Constant, Expr, ExprKind, Write, WriteKind};

pub(super) fn write(work: &mut Work<'_>, it: &Write) {
    read(work, &it.query);
    if is_system(&it.table.name) {
        return;
    }
    let span = it.table.name.span();
    let outer = std::mem::replace(&mut work.reading, true);
    let found = work.resolve_or_assume(&it.table.name, Expected::Relation, false);
    work.reading = outer;
    let Some(table) = found else { return };
    // `CheckValidResultRel` in `src/backend/executor/execMain.c`.
    let fixed = matches!(work.relation(table).kind, RelationKind::MaterializedView(_) | RelationKind::Sequence(_));
    let written: Vec<Option<ColumnId>> = it.columns.iter().map(|name| work.column(table, name)).collect();
    check_columns(work, table, it, &written);
    check_update(work, table, it, &written);
    super::view_rows::check(work, table, it, &written);
    check_names(work, table, it);
    if let Some(clause) = &it.on_conflict {
        work.check_arbiter(table, clause);
        for column in clause.update.iter().flatten() {
            work.column(table, column);
        }
    }
    if fixed && work.relation(table).known() {
        let message = "cannot change the rows of a materialized view or sequence";
        // `setTargetTable` asks before the executor does.
        let sqlstate = if it.kind == WriteKind::Merge { "0A000" } else { "42809" };
        work.refuse(Refusal::Plain { sqlstate, message }, span);
    }
    work.lock(table, LockMode::RowExclusive, span);
    if work.fire_rules(table, it) {
        return;
    }
    if it.kind == WriteKind::Insert {
        super::published::refuse_unidentified(work, table, it);
        for leaf in routed(work, table, it, &written) {
            work.lock(leaf, LockMode::RowExclusive, span);
        }
    } else {
        // Where no row can be meant, only the table itself is opened to be written; `CheckValidResultRel`.
        let never = it.condition.as_ref().is_some_and(super::referential::is_false);
        for id in work.matched(table, it.table.only, it.condition.as_ref()) {
            if id == table || !never {
                super::published::refuse_unidentified(work, id, it);
            }
            work.lock(id, LockMode::RowExclusive, span);
        }
        // Rows whose key gets a value of another partition move there.
        for leaf in routed(work, table, it, &written) {
            work.lock(leaf, LockMode::RowExclusive, span);
        }
    }
    work.lock_called_sequences(&it.query.expressions);
    work.lock_drawn_sequences(table, it, &written, span);
    work.lock_referential(table, it, &written, span);
    if let Some((base, only)) = work.written_through(table) {
        work.lock(base, LockMode::RowExclusive, span);
        // A new row goes into the table itself, and where no row can be meant, nothing below it is looked at.
        let never = it.condition.as_ref().is_some_and(super::referential::is_false);
        if !work.fire_rules(base, it) && !only && !never && it.kind != WriteKind::Insert {
            for id in work.catalog.tree(base) {
                work.lock(id, LockMode::RowExclusive, span);
            }
        }
    }
}

/// Every column that an `UPDATE` or `DELETE` reads must be one of the table's, unless it reads other tables too.
fn check_names(work: &mut Work<'_>, table: RelationId, it: &Write) {
    let relation = work.relation(table);
    if !work.alone || !it.plain || !relation.complete || !(relation.is_table() || is_view(relation)) {
        return;
    }
    let row = it.alias.as_ref().unwrap_or(&it.table.name.name);
    let mut left: Vec<&Expr> = it.query.expressions.iter().rev().collect();
    let mut missing = None;
    while let (Some(expr), None) = (left.pop(), missing) {
        match &expr.kind {
            // What a subquery names may be its own.
            ExprKind::Subquery(_) => return,
            ExprKind::Column(parts) => {
                // Behind `RETURNING` these are the row before and after (PostgreSQL 18).
                let before_or_after = |name: &str| work.version.since(18) && matches!(name, "old" | "new");
                let known =
                    |name: &str| is_system_column(name) || relation.column_id(name).is_some() || before_or_after(name);
                missing = match parts.as_slice() {
                    [name] => Some(name).filter(|it| it.text != row.text && !known(&it.text)),
                    _ => None,
                };
            }
            _ => left.extend(expr.children().into_iter().rev()),
        }
    }
    if let Some(name) = missing {
        work.refuse(Refusal::MissingColumn { column: name.text.clone(), table: None }, name.span);
    }
}

/// A generated column takes no value from an `UPDATE`, an `ALWAYS` identity neither; `rewriteTargetListIU`.
fn check_update(work: &mut Work<'_>, table: RelationId, it: &Write, written: &[Option<ColumnId>]) {
    let relation = work.relation(table);
    let rows: Vec<&[Expr]> = it.rows().collect();
    if it.kind != WriteKind::Update || !relation.is_table() || rows.is_empty() {
        return;
    }
    let values = rows.iter().flat_map(|it| it.iter()).zip(written);
    let fixed = values.filter(|(value, _)| value.kind != ExprKind::Default).find(|(_, at)| {
        let column = at.and_then(|at| relation.columns.get(at));
        column.is_some_and(|it| it.generated.is_some() || it.identity == Some(true))
    });
    if let Some((value, _)) = fixed {
        let generated = fixed.and_then(|(_, at)| relation.columns.get((*at)?)).is_some_and(|it| it.generated.is_some());
        // Before PostgreSQL 14 a value for a generated column was a syntax error.
        let sqlstate = if generated && !work.version.since(14) { "42601" } else { "428C9" };
        let message = "column can only be updated to DEFAULT";
        work.refuse(Refusal::Plain { sqlstate, message }, value.span);
    }
}

fn is_view(relation: &Relation) -> bool {
    matches!(relation.kind, RelationKind::View(_))
}

/// What becomes of a column that the server fills itself: `rewriteTargetListIU` in `src/backend/rewrite/rewriteHandler.c`.
fn check_columns(work: &mut Work<'_>, table: RelationId, it: &Write, written: &[Option<ColumnId>]) {
    let relation = work.relation(table);
    if it.kind == WriteKind::Insert && it.columns.is_empty() && is_view(relation) && relation.complete {
        let width = relation.live_columns().count();
        let more = it.rows().find_map(|row| Some(row.get(width)?.span));
        if let Some(span) = more {
            let message = "INSERT has more expressions than target columns";
            work.refuse(Refusal::Plain { sqlstate: "42601", message }, span);
        }
    }
    let relation = work.relation(table);
    if it.kind != WriteKind::Insert || !matches!(relation.kind, RelationKind::Table | RelationKind::Partitioned(_)) {
        return;
    }
    let all: Vec<Option<ColumnId>> = if it.columns.is_empty() && relation.complete {
        relation.live_columns().map(|(at, _)| Some(at)).collect()
    } else {
        written.to_vec()
    };
    let mut refusal = None;
    for row in it.rows() {
        let wide = relation.complete && row.len() > all.len();
        if let Some(first) = row.get(all.len()).filter(|_| wide) {
            let message = "INSERT has more expressions than target columns";
            refusal = Some((Refusal::Plain { sqlstate: "42601", message }, first.span));
            break;
        }
        let given = row.iter().zip(&all).filter(|(value, _)| value.kind != ExprKind::Default);
        let fixed = given
            .filter_map(|(value, at)| Some((value, relation.columns.get((*at)?)?)))
            .find(|(_, column)| column.generated.is_some() || (column.identity == Some(true) && !it.overriding));
        if let Some((value, column)) = fixed {
            // Before PostgreSQL 14 a value for a generated column was a syntax error.
            let sqlstate = if column.generated.is_some() && !work.version.since(14) { "42601" } else { "428C9" };
            let message = "cannot insert a non-DEFAULT value into column";
            refusal = Some((Refusal::Plain { sqlstate, message }, value.span));
            break;
        }
    }
    if let Some((refusal, span)) = refusal {
        work.refuse(refusal, span);
    }
    let rows: Vec<&[Expr]> = it.rows().collect();
    for (value, at) in rows.into_iter().flat_map(|row| row.iter().zip(&all)) {
        let column = at.and_then(|at| work.relation(table).columns.get(at));
        if let Some(data_type) = column.map(|it| it.data_type.clone()) {
            work.check_label(value, &data_type);
        }
    }
}

/// The partitions that rows of constants go to, from the table down to the leaf; `ExecFindPartition`.
fn routed(work: &Work<'_>, table: RelationId, it: &Write, written: &[Option<ColumnId>]) -> Vec<RelationId> {
    let mut met = Vec::new();
    let never = it.condition.as_ref().is_some_and(super::referential::is_false);
    if never || !work.is_partitioned(table) {
        return met;
    }
    for row in it.rows() {
        let mut parent = table;
        while let Some(next) = work.route(parent, |at| value_of(work, table, parent, at, row, it, written)) {
            if !met.contains(&next) {
                met.push(next);
            }
            parent = next;
        }
    }
    met
}

static NULL: Expr = Expr { kind: ExprKind::Constant(Constant::Null), span: Span { start: 0, end: 0 } };

/// The value that a row of the written table has in a column of one of its partitions.
fn value_of<'e>(
    work: &'e Work<'_>,
    table: RelationId,
    part: RelationId,
    at: ColumnId,
    row: &'e [Expr],
    it: &Write,
    written: &[Option<ColumnId>],
) -> Option<&'e Expr> {
    let top = work.relation(table);
    let column = top.column_id(&work.relation(part).columns.get(at)?.name)?;
    let place = if written.is_empty() {
        top.live_columns().position(|(at, _)| at == column)
    } else {
        written.iter().position(|it| *it == Some(column))
    };
    match place.and_then(|it| row.get(it)).filter(|it| it.kind != ExprKind::Default) {
        Some(value) => Some(value),
        // A new row has the column's default, or else a null.
        None => {
            let column = &top.columns[column];
            let of_domain = work.catalog.type_definition(&column.data_type.name).is_some();
            let computed = column.identity.is_some() || column.generated.is_some() || of_domain;
            let told = it.kind == WriteKind::Insert && top.complete && !computed;
            told.then_some(column.default.as_ref().unwrap_or(&NULL))
        }
    }
}
