//! A table whose rows nothing tells apart.

use crate::end::{End, EndFindings};
use lockkeeper_model::RelationId;
use lockkeeper_model::catalog::{ColumnId, NotNull, Relation};
use lockkeeper_syntax::ast::Persistence;

pub(crate) fn check(end: &End<'_>, found: &mut EndFindings<'_>) {
    for (id, table) in end.tables() {
        let part = table.partition_of.is_some() || !table.inherits.is_empty();
        if part || !table.complete || table.persistence != Persistence::Permanent || has_key(end, id, table) {
            continue;
        }
        let Some(place) = end.created_at(id) else { continue };
        let message = format!("nothing tells the rows of `{}` apart: it has no primary key", table.name.short());
        let Some(finding) = found.report(&table.name, place, message) else { continue };
        finding.caption("logical replication refuses to update or delete its rows");
        finding.help("add a primary key, or make a unique index over required columns its replica identity");
    }
}

/// Whether an index can be a replica identity: unique, over required columns, for all rows, checked at once;
/// `relation_mark_replica_identity` in `src/backend/commands/tablecmds.c`.
fn has_key(end: &End<'_>, id: RelationId, table: &Relation) -> bool {
    let required = |column: ColumnId| table.columns.get(column).is_some_and(|it| it.not_null == NotNull::Yes);
    end.catalog.indexes(id).any(|(_, _, it)| {
        let whole = it.unique && it.immediate && it.predicate.is_none();
        whole && it.key.iter().all(|it| it.column.is_some_and(required))
    })
}
