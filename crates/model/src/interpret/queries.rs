//! Reads and writes: the locks that they take.

use super::names::Expected;
use super::work::Work;
use crate::effects::{LockMode, RewriteReason};
use lockkeeper_syntax::ast::{Constant, Copy, ExprKind, LockTable, Query, RelationName, Write};

/// A `SELECT` locks no more than ACCESS SHARE, unless it locks rows or writes in a `WITH`.
pub(super) fn read(work: &mut Work<'_>, query: &Query) {
    for item in &query.relations {
        let span = item.relation.name.span();
        if query.locks_rows
            && let Some(id) = work.resolve_or_assume(&item.relation.name, Expected::Relation, false)
        {
            work.lock(id, LockMode::RowShare, span);
        }
    }
    for inner in &query.writes {
        write(work, inner);
    }
}

pub(super) fn write(work: &mut Work<'_>, it: &Write) {
    read(work, &it.query);
    let span = it.table.name.span();
    let Some(table) = work.resolve_or_assume(&it.table.name, Expected::Relation, false) else { return };
    if let Some(on_conflict) = &it.on_conflict {
        work.check_arbiter(table, on_conflict);
    }
    for id in work.reached(table, it.table.only) {
        // An INSERT locks the partitions that its rows go to, which depends on the rows.
        if id == table || it.kind != lockkeeper_syntax::ast::WriteKind::Insert {
            work.lock(id, LockMode::RowExclusive, span);
        }
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
    let mode = LockMode::ALL.into_iter().find(|mode| *mode as u8 == it.mode).unwrap_or(LockMode::AccessExclusive);
    for relation in &it.relations {
        let span = relation.name.span();
        let Some(table) = work.resolve_or_assume(&relation.name, Expected::Relation, false) else { continue };
        for id in work.reached(table, relation.only) {
            work.lock(id, mode, span);
        }
    }
}

/// What a statement that is known by its tag takes on the relation that it is about.
pub(super) fn utility(work: &mut Work<'_>, tag: &str, it: &RelationName) {
    let mode = match tag {
        "COMMENT" | "CREATE STATISTICS" => LockMode::ShareUpdateExclusive,
        "CREATE RULE" | "CREATE POLICY" | "ALTER POLICY" | "CLUSTER" => LockMode::AccessExclusive,
        _ => return,
    };
    let span = it.name.span();
    let Some(id) = work.resolve_or_assume(&it.name, Expected::Relation, false) else { return };
    if tag == "CLUSTER" && work.is_partitioned(id) {
        if work.version.since(15) {
            work.outside_transaction("CLUSTER");
        } else {
            let refusal = crate::Refusal::Plain { sqlstate: "0A000", message: "cannot cluster a partitioned table" };
            work.refuse(refusal, span);
        }
        return;
    }
    work.lock(id, mode, span);
    if tag == "CLUSTER" {
        work.rewrite(id, RewriteReason::Compaction, work.statement.span);
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
