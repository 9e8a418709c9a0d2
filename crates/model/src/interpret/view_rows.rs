//! Which views take writes by themselves, and which of their columns; `view_query_is_auto_updatable` and
//! `rewriteTargetView` in `src/backend/rewrite/rewriteHandler.c`.

use super::work::Work;
use crate::Refusal;
use crate::builtins::{self, FunctionKind};
use crate::catalog::{ColumnId, Relation, RelationId, RelationKind, ViewRows};
use lockkeeper_syntax::ast::{Expr, ExprKind, Query, Source, SourceKind, StorageOption, Write, WriteKind};

/// What writes to a view with this query can do; `columns` is how many it has. None if that cannot be told.
pub(super) fn rows(work: &Work<'_>, query: &Query, columns: usize) -> Option<ViewRows> {
    // Another kind of statement than a `SELECT`, or one that does not read.
    let select = query.selects.get(query.first as usize)?;
    if query.outputs.is_empty() {
        return None;
    }
    let unlockable = super::row_locks::of_view(work, query);
    let fixed = || Some(ViewRows::Fixed { unlockable });
    if !query.plain || query.reshaped {
        return fixed();
    }
    let [Source { kind: SourceKind::Relation(at), .. }] = select.sources.as_slice() else {
        return fixed();
    };
    let source = &query.relations.get(*at as usize)?.relation;
    let base = work.find(&source.name)?;
    let relation = work.relation(base);
    if query.outputs.iter().any(|it| of_many_rows(work, &it.expr).is_some()) {
        return fixed();
    }
    match relation.kind {
        RelationKind::Table | RelationKind::Partitioned(_) | RelationKind::Foreign | RelationKind::View(_) => {}
        RelationKind::MaterializedView(_) | RelationKind::Sequence(_) => return fixed(),
        RelationKind::Index(_) | RelationKind::Composite => return None,
    }
    let mut from = Vec::new();
    for output in &query.outputs {
        match &output.expr.kind {
            ExprKind::Star(_) => from.extend(relation.live_columns().map(|(at, _)| Some(at))),
            _ => from.push(output.expr.as_column().and_then(|it| relation.column_id(&it.text))),
        }
    }
    let told = relation.known() && relation.complete && from.len() == columns;
    Some(ViewRows::Of { base, only: source.only, columns: told.then_some(from) })
}

/// What makes other rows of those that are read: aggregates, window functions or sets, in the server's words, as far as its own
/// functions go. A query in the expression has its own rows.
pub(super) fn of_many_rows(work: &Work<'_>, expr: &Expr) -> Option<&'static str> {
    match &expr.kind {
        ExprKind::Subquery(_) => return None,
        ExprKind::Call(call) => {
            let name = call.name.name.text.as_str();
            let mut all = builtins::functions(name, work.version).peekable();
            let first = all.peek().filter(|_| !work.names_function(name)).map(|it| (it.kind, it.set));
            let what = match first {
                Some((FunctionKind::Aggregate, _)) => Some("aggregate functions"),
                Some((FunctionKind::Window, _)) => Some("window functions"),
                Some((_, true)) => Some("set-returning functions in the target list"),
                _ => None,
            };
            if what.is_some()
                && all.all(|it| it.set || matches!(it.kind, FunctionKind::Aggregate | FunctionKind::Window))
            {
                return what;
            }
        }
        _ => {}
    }
    expr.children().into_iter().find_map(|it| of_many_rows(work, it))
}

/// Whether nothing stands before the view: no rule, no trigger.
fn is_bare_view(relation: &Relation) -> bool {
    let certain = relation.known() && relation.doubtful.is_none();
    matches!(relation.kind, RelationKind::View(_)) && certain && relation.parts.is_empty()
}

/// Refuses a write that a view does not take.
pub(super) fn check(work: &mut Work<'_>, view: RelationId, it: &Write, written: &[Option<ColumnId>]) {
    let span = it.table.name.span();
    if it.kind == WriteKind::Merge || !is_bare_view(work.relation(view)) || !work.relation(view).complete {
        return;
    }
    let mut at = view;
    // The columns that get a value, as the view at hand has them.
    let mut given = given(work.relation(view), it, written);
    // A view can read itself after `CREATE OR REPLACE`; the server finds out when it is used.
    for _ in 0..32 {
        let (base, columns) = match work.rows_behind(at) {
            None => break,
            Some(ViewRows::Fixed { .. }) => {
                let message = match it.kind {
                    WriteKind::Insert => "cannot insert into view",
                    WriteKind::Update => "cannot update view",
                    WriteKind::Delete | WriteKind::Merge => "cannot delete from view",
                };
                return work.refuse(Refusal::Plain { sqlstate: "55000", message }, span);
            }
            Some(ViewRows::Of { columns: None, .. }) => return,
            Some(ViewRows::Of { base, columns: Some(columns), .. }) => (*base, columns),
        };
        let mut below = Vec::new();
        for (column, value, place) in given {
            let Some(column) = columns.get(column).copied() else { return };
            match column {
                Some(column) => below.push((column, value, place)),
                None if value || it.kind == WriteKind::Update => {
                    let message = match it.kind {
                        WriteKind::Insert => "cannot insert into a column of the view",
                        _ => "cannot update a column of the view",
                    };
                    return work.refuse(Refusal::Plain { sqlstate: "0A000", message }, place);
                }
                None => {}
            }
        }
        (given, at) = (below, base);
    }
    let relation = work.relation(at);
    if relation.is_table() && !is_bare_view(relation) {
        refuse_filled(work, at, it, &given);
    }
}

impl Work<'_> {
    /// The rows of a view before which neither rule nor trigger stands.
    fn rows_behind(&self, view: RelationId) -> Option<&ViewRows> {
        let relation = self.relation(view);
        relation.view_rows.as_deref().filter(|_| is_bare_view(relation))
    }

    /// The table that a write to a view goes to, and whether the view names it with `ONLY`.
    pub(super) fn written_through(&self, view: RelationId) -> Option<(RelationId, bool)> {
        let mut met = vec![view];
        let mut below = None;
        while let Some(ViewRows::Of { base, only, .. }) = self.rows_behind(*met.last()?) {
            if met.contains(base) {
                return None;
            }
            met.push(*base);
            below = Some((*base, *only));
        }
        below
    }
}

/// `WITH CHECK OPTION` is for views that take writes by themselves; `DefineView`.
pub(super) fn refuse_unchecked(work: &mut Work<'_>, rows: Option<&ViewRows>, options: &[StorageOption]) {
    let fixed = match rows {
        Some(ViewRows::Of { columns, .. }) => columns.as_ref().is_some_and(|it| it.iter().all(Option::is_none)),
        Some(ViewRows::Fixed { .. }) => true,
        None => false,
    };
    if let Some(option) = options.iter().find(|it| fixed && it.name == "check_option") {
        let message = "WITH CHECK OPTION is supported only on automatically updatable views";
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, option.span);
    }
}

/// A column that the server fills takes no value through a view either.
fn refuse_filled(
    work: &mut Work<'_>,
    table: RelationId,
    it: &Write,
    given: &[(ColumnId, bool, lockkeeper_syntax::Span)],
) {
    let relation = work.relation(table);
    let filled = given.iter().filter(|(_, value, _)| *value).find(|(at, ..)| {
        let column = relation.columns.get(*at);
        let always = |it: &crate::catalog::Column| it.identity == Some(true);
        column.is_some_and(|own| own.generated.is_some() || (always(own) && !it.overriding))
    });
    let Some((at, _, span)) = filled else { return };
    // Before PostgreSQL 14 a value for a generated column was a syntax error.
    let generated = relation.columns[*at].generated.is_some();
    let sqlstate = if generated && !work.version.since(14) { "42601" } else { "428C9" };
    let message = "a column that the server fills takes only DEFAULT";
    work.refuse(Refusal::Plain { sqlstate, message }, *span);
}

/// The columns that a write gives values, with whether it is another value than `DEFAULT`.
fn given(view: &Relation, it: &Write, written: &[Option<ColumnId>]) -> Vec<(ColumnId, bool, lockkeeper_syntax::Span)> {
    let all: Vec<Option<ColumnId>> = match it.kind {
        WriteKind::Insert if it.columns.is_empty() => view.live_columns().map(|(at, _)| Some(at)).collect(),
        _ => written.to_vec(),
    };
    let mut given = Vec::new();
    for row in it.rows() {
        for (value, at) in row.iter().zip(&all) {
            if let Some(at) = at {
                given.push((*at, value.kind != ExprKind::Default, value.span));
            }
        }
    }
    given
}
