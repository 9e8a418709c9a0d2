//! What does not go together in a trigger, and what its condition cannot name; `CreateTriggerFiringOn` in
//! `src/backend/commands/trigger.c`.

use super::names::is_system_column;
use super::work::Work;
use crate::Refusal;
use crate::catalog::{Relation, RelationId};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{CreateTrigger, Expr, ExprKind, Name};

/// The first thing that is wrong with the form of a trigger.
pub(super) fn malformed(it: &CreateTrigger) -> Option<(Refusal, Span)> {
    let plain = |sqlstate, message, span| Some((Refusal::Plain { sqlstate, message }, span));
    let when = it.when.as_ref().map(|it| it.span);
    let columns = it.columns.first().map(|it| it.span);
    let own = it.name.span;
    if it.events.truncate && it.row {
        return plain("0A000", "TRUNCATE FOR EACH ROW triggers are not supported", own);
    }
    if it.instead {
        if !it.row {
            return plain("0A000", "INSTEAD OF triggers must be FOR EACH ROW", own);
        }
        if let Some(span) = when {
            return plain("0A000", "INSTEAD OF triggers cannot have WHEN conditions", span);
        }
        if let Some(span) = columns {
            return plain("0A000", "INSTEAD OF triggers cannot have column lists", span);
        }
    }
    if it.transitions {
        if it.before || it.instead {
            return plain("42P17", "transition table name can only be specified for an AFTER trigger", own);
        }
        if it.events.truncate {
            return plain("0A000", "TRUNCATE triggers with transition tables are not supported", own);
        }
        if it.events.count() > 1 {
            return plain("0A000", "transition tables cannot be specified for triggers with more than one event", own);
        }
        if let Some(span) = columns {
            return plain("0A000", "transition tables cannot be specified for triggers with column lists", span);
        }
    }
    None
}

/// The condition is one over the rows `old` and `new`, whichever of them the trigger has.
pub(super) fn check_when(work: &mut Work<'_>, table: RelationId, it: &CreateTrigger) {
    let Some(when) = &it.when else { return };
    work.check_cast_types(when);
    let mut names: Vec<(&[Name], Span)> = Vec::new();
    when.walk(&mut |expr| match &expr.kind {
        ExprKind::Column(parts) | ExprKind::Star(parts) => names.push((parts, expr.span)),
        _ => {}
    });
    let mut whole_row = false;
    for (parts, span) in names {
        let row = parts.first().is_some_and(|it| matches!(it.text.as_str(), "old" | "new"));
        match parts {
            [_] if row => whole_row = true,
            [_, column] if row => {
                work.column(table, column);
            }
            // Both rows have it.
            [column] if work.column(table, column).is_some() => {
                work.refuse(Refusal::Plain { sqlstate: "42702", message: "column reference is ambiguous" }, span);
            }
            [_, _] => {
                let message = "missing FROM-clause entry for table";
                work.refuse(Refusal::Plain { sqlstate: "42P01", message }, span);
            }
            _ => {}
        }
    }
    if when.has_subquery() {
        let message = "cannot use subquery in trigger WHEN condition";
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, when.span);
    }
    work.refuse_kinds(when);
    if !whole_row {
        work.check_condition(when, table);
    }
    let relation = work.relation(table);
    let mut refused = None;
    when.walk(&mut |expr| {
        let found = row_and_column(expr).and_then(|(row, column)| misplaced(relation, it, row, column));
        refused = refused.take().or_else(|| found.map(|refusal| (refusal, expr.span)));
    });
    if let Some((refusal, span)) = refused {
        work.refuse(refusal, span);
    }
}

/// The row that an expression names, `old` or `new`, and its column unless it is the whole row.
fn row_and_column(expr: &Expr) -> Option<(&Name, Option<&Name>)> {
    let (row, column) = match &expr.kind {
        ExprKind::Column(parts) => match parts.as_slice() {
            [row] => (row, None),
            [row, column, ..] => (row, Some(column)),
            [] => return None,
        },
        ExprKind::Star(parts) => (parts.first()?, None),
        _ => return None,
    };
    matches!(row.text.as_str(), "old" | "new").then_some((row, column))
}

/// Why the condition of a trigger cannot name it.
fn misplaced(relation: &Relation, it: &CreateTrigger, row: &Name, column: Option<&Name>) -> Option<Refusal> {
    let plain = |sqlstate, message| Some(Refusal::Plain { sqlstate, message });
    if !it.row {
        return plain("42P17", "statement trigger's WHEN condition cannot reference column values");
    }
    if row.text == "old" {
        return match it.events.insert {
            true => plain("42P17", "INSERT trigger's WHEN condition cannot reference OLD values"),
            false => None,
        };
    }
    if it.events.delete {
        return plain("42P17", "DELETE trigger's WHEN condition cannot reference NEW values");
    }
    if !it.before {
        return None;
    }
    let mut named = match column {
        Some(column) if is_system_column(&column.text) => {
            return plain("0A000", "BEFORE trigger's WHEN condition cannot reference NEW system columns");
        }
        Some(column) => relation.column(&column.text).into_iter().collect(),
        None => relation.live_columns().map(|(_, it)| it).collect::<Vec<_>>(),
    }
    .into_iter();
    match named.any(|it| it.generated.is_some()) {
        true => plain("42P17", "BEFORE trigger's WHEN condition cannot reference NEW generated columns"),
        false => None,
    }
}
