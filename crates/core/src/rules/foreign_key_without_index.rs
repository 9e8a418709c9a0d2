//! A foreign key whose columns no index begins with.

use crate::end::{End, EndFindings};
use crate::{Where, recipe, say};
use lockkeeper_model::RelationId;
use lockkeeper_model::catalog::{ColumnId, ConstraintKind, Index, Relation};
use lockkeeper_syntax::ast::{Expr, ExprKind};
use smol_str::SmolStr;

pub(crate) fn check(end: &End<'_>, found: &mut EndFindings<'_>) {
    for (id, table) in end.tables() {
        for (_, constraint) in table.live_constraints().filter(|(_, it)| !it.inherited) {
            let ConstraintKind::ForeignKey { columns, references, .. } = &constraint.kind else { continue };
            if serves(end, id, table, columns) || end.catalog.get(*references).is_none() {
                continue;
            }
            let (name, target) = (table.name.short(), end.name(*references));
            let message = format!(
                "no index helps to find the rows of `{name}` that refer to a row of `{target}`: to delete one reads all of `{name}`"
            );
            let Some(finding) = found.report(&table.name, constraint.place, message) else { continue };
            let columns: Vec<SmolStr> =
                columns.iter().filter_map(|at| Some(table.columns.get(*at)?.name.clone())).collect();
            let index = recipe::renamed(table, &format!("{}_idx", columns.join("_")));
            finding.help(format!("create an index that begins with its columns, unless no row of `{target}` is ever deleted or renumbered"));
            finding.instead_in(
                Where::OutsideAfterwards,
                format!("CREATE INDEX CONCURRENTLY {index} ON {name} ({});", say::columns(&columns)),
            );
        }
    }
}

/// Whether an index begins with these columns, in any order.
fn serves(end: &End<'_>, table: RelationId, relation: &Relation, columns: &[ColumnId]) -> bool {
    end.catalog.indexes(table).any(|(_, _, it)| {
        let head: Vec<ColumnId> = it.key.iter().take(columns.len()).filter_map(|it| it.column).collect();
        head.len() == columns.len()
            && columns.iter().all(|it| head.contains(it))
            && it.method == "btree"
            && whole(it, relation, columns)
    })
}

/// Whether the index leaves out no row that refers to another: nulls do not.
fn whole(index: &Index, relation: &Relation, columns: &[ColumnId]) -> bool {
    let not_null = |it: &Expr| match &it.kind {
        ExprKind::IsNull { value, negated: true } => {
            value.as_column().and_then(|it| relation.column_id(&it.text)).is_some_and(|it| columns.contains(&it))
        }
        _ => false,
    };
    index.predicate.as_ref().is_none_or(not_null)
}
