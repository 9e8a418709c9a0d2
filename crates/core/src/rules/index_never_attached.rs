//! An index of a partitioned table that is not valid to the end, because partitions have no part of it.

use crate::end::{End, EndFindings};
use crate::say;
use lockkeeper_model::RelationId;
use lockkeeper_model::catalog::{Index, Relation};

pub(crate) fn check(end: &End<'_>, found: &mut EndFindings<'_>) {
    let indexes = end.catalog.relations().filter_map(|(id, it)| Some((id, it, it.as_index()?)));
    for (id, relation, index) in indexes.filter(|(_, _, it)| !it.valid) {
        let without: Vec<RelationId> = lacking(end, id, index.table);
        let (Some(place), false) = (end.created_at(id), without.is_empty()) else { continue };
        let Some(table_of) = end.catalog.get(index.table).map(|it| &it.name) else { continue };
        let (name, table) = (relation.name.short(), table_of.short());
        let message = format!("`{name}` of `{table}` stays invalid: {} no part of it", have(&without, end));
        let Some(finding) = found.report(table_of, place, message) else { continue };
        finding.caption("is not used by queries, nor by ON CONFLICT");
        finding.help("build the index on each partition, concurrently, and attach it");
        let partition = end.name(without[0]);
        let part = part(end, without[0], relation);
        let columns = columns(end, index).unwrap_or_else(|| "…".to_owned());
        finding.instead(format!(
            "CREATE {}INDEX CONCURRENTLY {part} ON {partition} ({columns});\nALTER INDEX {name} ATTACH PARTITION {part};",
            if index.unique { "UNIQUE " } else { "" }
        ));
    }
}

/// The partitions that have no valid part of the index.
fn lacking(end: &End<'_>, index: RelationId, table: RelationId) -> Vec<RelationId> {
    let parts = end.catalog.partitions(index);
    let covered = |partition: &RelationId| {
        let part = |it: &RelationId| end.catalog.get(*it).and_then(Relation::as_index).filter(|it| it.valid);
        parts.iter().filter_map(part).any(|it| it.table == *partition)
    };
    end.catalog.partitions(table).into_iter().filter(|it| !covered(it)).collect()
}

fn have(partitions: &[RelationId], end: &End<'_>) -> String {
    match partitions {
        [one] => format!("the partition `{}` has", end.name(*one)),
        few if few.len() <= 3 => format!("{} have", say::names(few.iter().map(|it| end.name(*it)))),
        many => format!("{} partitions have", many.len()),
    }
}

fn part(end: &End<'_>, partition: RelationId, index: &Relation) -> String {
    let table = end.catalog.get(partition).map(|it| it.name.name.clone()).unwrap_or_default();
    lockkeeper_syntax::ast::quoted(&format!("{table}_{}", index.name.name)).to_string()
}

/// The columns of the index, if it has nothing but columns.
fn columns(end: &End<'_>, index: &Index) -> Option<String> {
    let table = end.catalog.get(index.table)?;
    let names: Option<Vec<&str>> =
        index.key.iter().map(|it| Some(table.columns.get(it.column?)?.name.as_str())).collect();
    names.map(say::columns)
}
