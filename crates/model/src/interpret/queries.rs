//! Reads and writes: the locks that they take.

use super::names::Expected;
use super::work::Work;
use crate::catalog::{RelationKind, ViewRows};
use crate::effects::LockMode;
use crate::{Refusal, RelationId, Version};
use lockkeeper_syntax::ast::{Body, Constant, Copy, ExprKind, LockTable, Newer, QualifiedName, Query};
use smol_str::SmolStr;

/// A `SELECT` locks no more than ACCESS SHARE, unless it locks rows or writes in a `WITH`.
pub(super) fn read(work: &mut Work<'_>, query: &Query) {
    read_with(work, query, &[]);
}

/// As [`read`], where a name that is no column may be one of the `variables`.
pub(super) fn read_with(work: &mut Work<'_>, query: &Query, variables: &[&SmolStr]) {
    if let Some(Newer { what, since, span }) = query.newer
        && let Some(since) = Version::new(since).filter(|it| work.version < *it)
    {
        work.refuse(Refusal::NewerSyntax { what, since }, span);
    }
    super::row_locks::check_united(work, query);
    let outer = std::mem::replace(&mut work.reading, true);
    for item in &query.relations {
        let name = &item.relation.name;
        if is_system(name) {
            continue;
        }
        if !item.locked {
            work.resolve(name, Expected::Relation, false);
            continue;
        }
        let Some(id) = work.resolve_or_assume(name, Expected::Relation, false) else { continue };
        for (top, only) in below_views(work, id, item.relation.only, false) {
            for table in work.reached(top, only) {
                work.lock(table, LockMode::RowShare, name.span());
                refuse_row_locks(work, table, name);
            }
        }
    }
    work.reading = outer;
    check_columns(work, query, variables);
    super::row_locks::check(work, query);
    work.check_calls(&query.expressions);
    for expr in &query.expressions {
        work.check_cast_labels(expr);
    }
    work.check_called_sequences(&query.expressions);
    for inner in &query.writes {
        super::writes::write(work, inner);
    }
}

/// Rows that nobody may change are not locked; `CheckValidRowMarkRel` in `src/backend/executor/execMain.c`.
fn refuse_row_locks(work: &mut Work<'_>, table: RelationId, name: &QualifiedName) {
    let relation = work.relation(table);
    // What only reads the query does not run it.
    if !relation.known() || !matches!(work.statement.body, Body::Select(_)) {
        return;
    }
    let fixed = |message| Refusal::Plain { sqlstate: "42809", message };
    let refusal = match (&relation.kind, relation.view_rows.as_deref()) {
        (RelationKind::MaterializedView(_), _) => fixed("cannot lock rows in materialized view"),
        (RelationKind::Sequence(_), _) => fixed("cannot lock rows in sequence"),
        (_, Some(ViewRows::Fixed { unlockable: Some(what) })) => {
            Refusal::Unsupported { message: format!("FOR UPDATE is not allowed with {what}") }
        }
        _ => return,
    };
    work.refuse(refusal, name.span());
}

/// Refuses operators and functions that do not take what a query over one table gives them.
pub(super) fn check_operators(work: &mut Work<'_>, query: &Query) {
    let [source] = query.relations.as_slice() else { return };
    let found = work.find(&source.relation.name).filter(|it| work.relation(*it).complete);
    if let (Some(table), [_], true) = (found, query.selects.as_slice(), query.plain) {
        for expr in &query.expressions {
            work.check_operators(expr, table);
        }
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

/// A materialized view `WITH NO DATA` cannot be read; `ExecOpenScanRelation`.
pub(super) fn refuse_unpopulated(work: &mut Work<'_>, query: &Query) {
    for item in &query.relations {
        let name = &item.relation.name;
        let empty = |id: &RelationId| !work.relation(*id).populated && work.relation(*id).complete;
        if work.find(name).filter(empty).is_some() {
            let message = "materialized view has not been populated";
            work.refuse(Refusal::Plain { sqlstate: "55000", message }, name.span());
            return;
        }
    }
}

/// The relation, or the tables that a view reads, and whether with `ONLY`: a lock on the rows of a view is one on those of
/// its `FROM` (`AcquireRewriteLocks` in `src/backend/rewrite/rewriteHandler.c`), one on the view is one on `all`.
fn below_views(work: &Work<'_>, relation: RelationId, only: bool, all: bool) -> Vec<(RelationId, bool)> {
    let mut met = vec![(relation, only)];
    let mut at = 0;
    while at < met.len() {
        if let RelationKind::View(sources) = &work.relation(met[at].0).kind {
            for source in sources.iter().filter(|it| all || !it.apart) {
                let new = (source.relation, source.only);
                if !met.contains(&new) && work.catalog.get(source.relation).is_some() {
                    met.push(new);
                }
            }
        }
        at += 1;
    }
    met
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

/// Every name in a query must be a column of what it reads, and of one thing only.
fn check_columns(work: &mut Work<'_>, query: &Query, variables: &[&SmolStr]) {
    if work.alone
        && let Some((refusal, span)) = super::scopes::meaning(work, query, variables).refusal
    {
        work.refuse(refusal, span);
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
    if let (false, Some(table)) = (it.from, &it.table)
        && !is_system(table)
        && let super::names::Found::Known(id) = work.resolve(table, Expected::Relation, false)
    {
        let relation = work.relation(id);
        let readable = match relation.kind {
            RelationKind::MaterializedView(_) => work.version.since(18),
            ref kind => matches!(kind, RelationKind::Table),
        };
        if relation.known() && !readable {
            let message = "COPY TO reads tables: write COPY (SELECT ...) TO";
            work.refuse(Refusal::Plain { sqlstate: "42809", message }, table.span());
        }
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
        let lockable = |work: &Work<'_>, id: RelationId| {
            let relation = work.relation(id);
            matches!(relation.kind, RelationKind::Table | RelationKind::Partitioned(_) | RelationKind::View(_))
        };
        if work.relation(table).known() && !lockable(work, table) {
            let name = relation.name.name.text.clone();
            work.refuse(Refusal::WrongKind { name, expected: "a table or view" }, span);
            continue;
        }
        // Beside a view its tables are locked, and what inherits from them; `LockViewRecurse`.
        for (top, only) in below_views(work, table, relation.only, true) {
            let below = if top == table || lockable(work, top) { work.reached(top, only) } else { Vec::new() };
            below.into_iter().for_each(|it| work.lock(it, mode, span));
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
