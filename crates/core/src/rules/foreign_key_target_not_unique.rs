//! A foreign key to columns that no unique key covers exactly.

use crate::choose::Findings;
use crate::clause;
use crate::partition_key::tuple;
use crate::refusals::Reporter;
use crate::step::Step;
use crate::{About, Where, recipe, say};
use lockkeeper_model::RelationId;
use lockkeeper_model::catalog::Relation;
use lockkeeper_syntax::ast::{ForeignKey, Name, quoted};
use smol_str::SmolStr;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::ForeignKeyTargetNotUnique) else { return };
    let clause = clause::at(&step.statement.body, failure.span);
    let Some(key) = clause.foreign_key() else {
        found.refusal(failure);
        return;
    };
    let table = key.references.to_string();
    let columns = texts(&key.referenced_columns);
    let message = match columns.as_slice() {
        [] => format!("`{table}` has no primary key to refer to"),
        [one] => format!("`{}` of `{table}` is not unique, so no foreign key can refer to it", quoted(one)),
        many => format!("{} of `{table}` are not unique together, so no foreign key can refer to them", tuple(many)),
    };
    let finding = found.report(About::Failure, key.references_span, message);
    finding.caption(step.refuses(failure));
    let Some((id, relation)) = step.find(&key.references) else { return };
    let keys = unique_keys(step, id, relation);
    for unique in &keys {
        if let Some((script, span)) = unique.place {
            finding.label(script, span, format!("the key is {}", tuple(&unique.columns)));
        }
    }
    let wider = keys.iter().find(|it| columns.iter().all(|column| it.columns.contains(column)));
    match wider {
        Some(wider) => {
            finding.help("refer to the whole key");
            finding.instead(whole_key(key, &columns, &wider.columns));
        }
        None if columns.is_empty() => {
            finding.help(format!("give `{table}` a primary key, or name the columns of a unique one"));
        }
        None if step.is_partitioned(id) => {
            finding.help(format!("make {} unique first, together with the partition key", tuple(&columns)));
        }
        None => {
            let name = recipe::renamed(relation, &format!("{}_key", columns.join("_")));
            let sql = format!("CREATE UNIQUE INDEX CONCURRENTLY {name} ON {table} ({});", say::columns(&columns));
            finding.help(format!("make {} unique first", tuple(&columns)));
            finding.instead_in(Where::OutsideBefore, sql);
        }
    }
    for name in almost(step, id, &columns) {
        finding.note(format!(
            "`{name}` does not count: a foreign key needs an index without WHERE and without expressions"
        ));
    }
}

/// A unique index over plain columns, without `WHERE`.
struct Unique {
    columns: Vec<SmolStr>,
    place: Option<(usize, lockkeeper_syntax::Span)>,
}

fn unique_keys(step: &Step<'_>, id: RelationId, relation: &Relation) -> Vec<Unique> {
    let whole = step.timeline().catalog.indexes(id).filter(|(_, _, it)| it.unique && it.predicate.is_none());
    let keys = whole.filter_map(|(index, _, it)| {
        let columns: Option<Vec<SmolStr>> =
            it.key.iter().map(|it| Some(relation.columns.get(it.column?)?.name.clone())).collect();
        Some(Unique { columns: columns?, place: step.created_at(index) })
    });
    keys.collect()
}

/// Unique indexes on the columns that do not count for a foreign key.
fn almost(step: &Step<'_>, id: RelationId, columns: &[SmolStr]) -> Vec<SmolStr> {
    let all = step.timeline().catalog.indexes(id);
    let unfit = all.filter(|(_, _, it)| {
        let named = |column: &SmolStr| it.key.iter().any(|it| it.expr.columns().iter().any(|it| it.text == *column));
        let expressions = it.key.iter().any(|it| it.expr.as_column().is_none());
        it.unique && (it.predicate.is_some() || expressions) && !columns.is_empty() && columns.iter().all(named)
    });
    unfit.map(|(_, relation, _)| relation.name.short()).collect()
}

/// The foreign key over all columns of `target`. A column that it did not name has the same name on both sides.
fn whole_key(key: &ForeignKey, referenced: &[SmolStr], target: &[SmolStr]) -> String {
    let own = texts(&key.columns);
    let partner = |column: &SmolStr| {
        let at = referenced.iter().position(|it| it == column);
        at.and_then(|at| own.get(at)).unwrap_or(column).clone()
    };
    let columns: Vec<SmolStr> = target.iter().map(partner).collect();
    format!(
        "FOREIGN KEY ({}) REFERENCES {} ({})",
        say::columns(&columns),
        recipe::written(&key.references),
        say::columns(target)
    )
}

fn texts(names: &[Name]) -> Vec<SmolStr> {
    names.iter().map(|it| it.text.clone()).collect()
}
