//! Two indexes of a table of which one is enough.

use crate::end::{End, EndFindings};
use lockkeeper_model::RelationId;
use lockkeeper_model::catalog::{Index, Relation};

pub(crate) fn check(end: &End<'_>, found: &mut EndFindings<'_>) {
    for (id, table) in end.tables().filter(|(_, it)| it.partition_of.is_none()) {
        let indexes: Vec<(RelationId, &Relation, &Index)> = end.catalog.indexes(id).collect();
        for (at, (own, relation, index)) in indexes.iter().enumerate() {
            // The index of a constraint is there for the constraint.
            let of_constraint = table.constraint_of_index(*own).is_some();
            let covers = |(other_at, (_, _, other)): &(usize, &(RelationId, &Relation, &Index))| {
                *other_at != at && covered(index, other, *other_at < at)
            };
            let Some((_, (other, by, wider))) = indexes.iter().enumerate().find(covers).filter(|_| !of_constraint)
            else {
                continue;
            };
            let Some(place) = end.created_at(*own) else { continue };
            let (name, by) = (relation.name.short(), by.name.short());
            let how = if wider.key.len() == index.key.len() { "is the same index as" } else { "is the beginning of" };
            let message = format!("`{name}` of `{}` {how} `{by}`: each write maintains both", table.name.short());
            let Some(finding) = found.report(&table.name, place, message) else { continue };
            if let Some(place) = end.created_at(*other) {
                let (script, span) = end.locate(place);
                finding.label(script, span, format!("`{by}`"));
            }
            finding.help("drop the one that the other makes superfluous");
            finding.instead(format!("DROP INDEX CONCURRENTLY {name};"));
        }
    }
}

/// Whether `other` answers all that `index` does; of two equal ones the later is superfluous.
fn covered(index: &Index, other: &Index, is_earlier: bool) -> bool {
    let begins = other.key.len() >= index.key.len() && index.key.iter().zip(&other.key).all(|(a, b)| a == b);
    let as_much = !index.unique || (other.unique && other.key.len() == index.key.len());
    let equal = other.key.len() == index.key.len() && other.unique == index.unique && index.include == other.include;
    begins
        && as_much
        && index.method == "btree"
        && other.method == "btree"
        && index.predicate == other.predicate
        && index.include.iter().all(|it| other.include.contains(it))
        && (index.valid && other.valid)
        && (!equal || is_earlier)
}
