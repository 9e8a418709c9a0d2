//! What is asked of a table in a publication, when it gets there and when its rows are written.

use super::work::Work;
use crate::Refusal;
use crate::catalog::{ColumnId, Fact, Identity, PartKind, Published, Relation, RelationId};
use lockkeeper_syntax::ast::{Expr, ExprKind, GeneratedKind, Name, Write, WriteKind};
use smol_str::SmolStr;

/// Rows that are published and that nothing tells apart cannot be changed, nor where lists and conditions of publications do
/// not fit what tells them apart; `CheckCmdReplicaIdentity` in `src/backend/executor/execReplication.c`.
pub(super) fn refuse_unidentified(work: &mut Work<'_>, table: RelationId, it: &Write) {
    let sends = |own: &Published| match it.kind {
        WriteKind::Update => own.updates,
        WriteKind::Delete => own.deletes,
        WriteKind::Insert => own.updates && it.on_conflict.as_ref().is_some_and(|it| it.update.is_some()),
        WriteKind::Merge => false,
    };
    let relation = work.relation(table);
    // A rule may put something else in its place.
    let plain = !relation.parts.iter().any(|it| it.kind == PartKind::Rule);
    let Fact::Known(identity) = work.catalog.identity(table) else { return };
    let published: Vec<_> = work.catalog.all_published_by(table).filter(|(_, it)| plain && sends(it)).collect();
    if published.is_empty() {
        return;
    }
    let misfit = published.into_iter().any(|it| !it.1.all && !fits(work, (table, relation), identity, it));
    let (sqlstate, message) = match identity {
        _ if misfit => ("42P10", "a list or condition of a publication does not fit the replica identity"),
        Identity::Nothing => ("55000", "cannot change a table that is published and has no replica identity"),
        Identity::Index(_) | Identity::Row => return,
    };
    work.refuse(Refusal::Plain { sqlstate, message }, it.table.name.span());
}

/// Whether the condition names only columns of the identity, and the list has them all.
fn fits(
    work: &Work<'_>,
    (table, relation): (RelationId, &Relation),
    identity: Identity,
    (name, own): (&SmolStr, &Published),
) -> bool {
    let Some((top, part)) = work.catalog.sent(table, name, own) else { return true };
    let name_in = |of: &Relation, at: ColumnId| of.columns.get(at).map(|it| it.name.clone());
    let key: Vec<Option<SmolStr>> = match identity {
        Identity::Row => return part.sent.list.is_none(),
        Identity::Nothing => Vec::new(),
        Identity::Index(index) => {
            let keys = work.relation(index).as_index().map(|it| it.key.as_slice()).unwrap_or_default();
            keys.iter().filter_map(|it| it.column).map(|at| name_in(relation, at)).collect()
        }
    };
    let listed = |list: &Vec<ColumnId>| key.iter().all(|of| list.iter().any(|at| name_in(top, *at) == *of));
    part.sent.filter.iter().all(|at| key.contains(&name_in(top, *at))) && part.sent.list.as_ref().is_none_or(listed)
}

/// The condition is a simple one over the columns; `check_simple_rowfilter_expr` in `src/backend/commands/publicationcmds.c`.
pub(super) fn check_filter(work: &mut Work<'_>, table: RelationId, filter: &Expr) {
    work.check_cast_types(filter);
    work.check_columns(table, filter);
    if !filter.has_subquery() {
        work.refuse_kinds(filter);
        work.check_condition(filter, table);
    }
    let relation = work.relation(table);
    let own_type = |name: &SmolStr| {
        let of = relation.column(name).map(|it| &it.data_type.name);
        of.is_some_and(|it| work.catalog.type_definition(it).is_some())
    };
    let mut complex = filter.has_subquery() || work.is_mutable_over(table, filter);
    filter.walk(&mut |it| {
        complex |= match &it.kind {
            ExprKind::Call(call) => work.find_function(&call.name).is_some(),
            ExprKind::Column(parts) => {
                parts.last().is_some_and(|it| super::names::is_system_column(&it.text) || own_type(&it.text))
            }
            ExprKind::SqlValue(_) => true,
            _ => false,
        };
    });
    if complex {
        work.refuse(Refusal::Plain { sqlstate: "0A000", message: "invalid publication WHERE expression" }, filter.span);
    }
}

/// The columns of a list; `pub_collist_validate` in `src/backend/catalog/pg_publication.c`.
pub(super) fn check_list(work: &mut Work<'_>, table: RelationId, list: &[Name]) {
    for (number, name) in list.iter().enumerate() {
        let found = work.column(table, name);
        let generated = found.and_then(|at| work.relation(table).columns[at].generated);
        let (sqlstate, message) = if super::names::is_system_column(&name.text) {
            ("42P10", "cannot use system column in publication column list")
        } else if generated.is_some_and(|it| it == GeneratedKind::Virtual || !work.version.since(18)) {
            ("42P10", "cannot use generated column in publication column list")
        } else if list[..number].iter().any(|it| it.text == name.text) {
            ("42710", "duplicate column in publication column list")
        } else {
            continue;
        };
        work.refuse(Refusal::Plain { sqlstate, message }, name.span);
    }
}
