//! What `FOR UPDATE` and its like cannot lock; `transformLockingClause` and `CheckSelectLocking` in
//! `src/backend/parser/analyze.c`.

use super::view_rows::of_many_rows;
use super::work::Work;
use crate::Refusal;
use lockkeeper_syntax::ast::{ExprKind, Home, Query, RowLock, Select, Source, SourceKind};
use smol_str::SmolStr;

const UNION: &str = "UNION/INTERSECT/EXCEPT";

/// Refuses a set operation before anything in it is looked at.
pub(super) fn check_united(work: &mut Work<'_>, query: &Query) {
    if let Some(lock) = query.row_locks.iter().find(|it| it.united) {
        work.refuse(unsupported(lock, &format!("is not allowed with {UNION}")), lock.span);
    }
}

/// Refuses the rest, once all names have a meaning.
pub(super) fn check(work: &mut Work<'_>, query: &Query) {
    let mut refused = refused(work, query);
    for expr in &query.expressions {
        expr.walk(&mut |it| {
            if let (None, ExprKind::Subquery(inner)) = (&refused, &it.kind) {
                refused = self::refused(work, inner);
            }
        });
    }
    if let Some((refusal, lock)) = refused {
        work.refuse(refusal, lock.span);
    }
}

fn refused<'q>(work: &Work<'_>, query: &'q Query) -> Option<(Refusal, &'q RowLock)> {
    query.row_locks.iter().find_map(|lock| Some((obstacle(work, query, lock)?, lock)))
}

fn unsupported(lock: &RowLock, why: &str) -> Refusal {
    Refusal::Unsupported { message: format!("{} {why}", lock.clause) }
}

fn obstacle(work: &Work<'_>, query: &Query, lock: &RowLock) -> Option<Refusal> {
    let select = query.selects.get(lock.select as usize)?;
    if select.shape == Some("VALUES") {
        return Some(unsupported(lock, "cannot be applied to VALUES"));
    }
    if let Some(what) = reshaped(work, query, lock.select, select) {
        return Some(unsupported(lock, &format!("is not allowed with {what}")));
    }
    if lock.qualified {
        return Some(Refusal::Syntax { message: format!("{} must specify unqualified relation names", lock.clause) });
    }
    for name in &lock.of {
        let is_meant = |it: &&Source| match (&it.alias, &it.kind) {
            (Some(alias), _) => alias == name,
            (None, SourceKind::Relation(at)) => {
                query.relations.get(*at as usize).is_some_and(|it| it.relation.name.name.text == *name)
            }
            (None, SourceKind::Common(own)) => own == name,
            (None, SourceKind::Select(_)) => false,
            // The name of a function stands for its rows.
            (None, SourceKind::Rows) => true,
        };
        let Some(source) = select.sources.iter().find(is_meant) else {
            let message = "relation in FOR UPDATE clause not found in FROM clause";
            return Some(Refusal::Plain { sqlstate: "42P01", message });
        };
        let what = match source.kind {
            SourceKind::Common(_) => "a WITH query",
            SourceKind::Rows if source.alias.is_some() => "a function",
            SourceKind::Rows | SourceKind::Relation(_) | SourceKind::Select(_) => continue,
        };
        return Some(unsupported(lock, &format!("cannot be applied to {what}")));
    }
    let what = below(work, query, select, &lock.of)?;
    Some(unsupported(lock, &format!("is not allowed with {what}")))
}

/// Why the rows of a view with this query are not locked. What a set operation reads is not meant; `markQueryForLocking` in
/// `src/backend/rewrite/rewriteHandler.c`.
pub(super) fn of_view(work: &Work<'_>, query: &Query) -> Option<&'static str> {
    let select = query.selects.get(query.first as usize)?;
    let what = reshaped(work, query, query.first, select).or_else(|| below(work, query, select, &[]));
    what.filter(|it| *it != UNION)
}

/// What makes other rows in the subqueries that are locked with a `SELECT`: all, or those of these names.
fn below(work: &Work<'_>, query: &Query, select: &Select, of: &[SmolStr]) -> Option<&'static str> {
    let meant = |it: &&Source| of.is_empty() || it.alias.as_ref().is_some_and(|it| of.contains(it));
    select.sources.iter().filter(meant).find_map(|it| {
        let SourceKind::Select(at) = it.kind else { return None };
        let inner = query.selects.get(at as usize)?;
        reshaped(work, query, at, inner).or_else(|| below(work, query, inner, &[]))
    })
}

/// What makes other rows of those that a `SELECT` reads.
fn reshaped(work: &Work<'_>, query: &Query, number: u32, select: &Select) -> Option<&'static str> {
    let own = query.expressions.iter().zip(&query.homes).filter(|(_, home)| **home == Home::Select(number));
    select.shape.filter(|it| *it != "VALUES").or_else(|| own.map(|it| it.0).find_map(|it| of_many_rows(work, it)))
}
