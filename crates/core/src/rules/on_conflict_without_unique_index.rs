//! `ON CONFLICT (…)` that no unique index answers.

use crate::choose::Findings;
use crate::partition_key::tuple;
use crate::refusals::Reporter;
use crate::step::Step;
use crate::{Where, recipe, say};
use lockkeeper_model::catalog::Index;
use lockkeeper_model::schema::conflict_target;
use lockkeeper_syntax::ast::{Body, OnConflict, Write};
use smol_str::SmolStr;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::OnConflictWithoutUniqueIndex) else { return };
    let Some((write, on_conflict)) = clause(&step.timeline().statement.body, failure.span) else {
        found.refusal(failure);
        return;
    };
    let table = &write.table.name;
    let columns: Vec<SmolStr> =
        on_conflict.target.iter().filter_map(|it| it.column()).map(|it| it.text.clone()).collect();
    let message = match columns.len() == on_conflict.target.len() {
        true => format!(
            "no unique index of `{table}` is on exactly {}, so ON CONFLICT has nothing to go by",
            tuple(&columns)
        ),
        false => {
            format!("no unique index of `{table}` is on exactly these expressions, so ON CONFLICT has nothing to go by")
        }
    };
    let finding = found.refused(failure, message);
    let Some((id, relation)) = step.find(table) else { return };
    let name_of = |at: Option<usize>| at.and_then(|at| relation.columns.get(at)).map(|it| it.name.clone());
    let (mut wider, mut nearest) = (None, None);
    for (index, it, own) in step.timeline().catalog.indexes(id).filter(|(_, _, it)| it.unique) {
        let key: Option<Vec<SmolStr>> = own.key.iter().map(|it| name_of(it.column)).collect();
        if let Some((script, span)) = step.created_at(index) {
            let why = why_not(own, key.as_deref(), &columns);
            finding.label(script, span, format!("`{}` {why}", it.name.short()));
        }
        if nearest.is_none() && is_nearly(own, &columns, on_conflict.target.len(), &name_of) {
            let target = conflict_target(step.timeline().catalog, step.timeline().version, index);
            nearest = target.map(|target| (it.name.short(), target));
        }
        wider = wider.or(key.filter(|it| own.predicate.is_none() && columns.iter().all(|column| it.contains(column))));
    }
    if let Some((index, target)) = nearest {
        finding.help(format!("name exactly what `{index}` is on"));
        finding.instead(format!("ON CONFLICT {target}"));
        return;
    }
    match wider {
        Some(key) if !columns.is_empty() && !step.is_partitioned(id) || columns.is_empty() => {
            finding.help(format!("name the whole key, ({}), or make {} unique", say::columns(&key), tuple(&columns)));
        }
        Some(key) => {
            finding.help(format!(
                "name the whole key, ({}): a unique key of a partitioned table contains its partition key",
                say::columns(&key)
            ));
        }
        None if columns.is_empty() || step.is_partitioned(id) => {
            finding.help("create a unique index on exactly what ON CONFLICT names");
        }
        None => {
            let index = recipe::renamed(relation, &format!("{}_key", columns.join("_")));
            finding.help(format!("make {} unique first", tuple(&columns)));
            finding.instead_in(
                Where::OutsideBefore,
                format!("CREATE UNIQUE INDEX CONCURRENTLY {index} ON {table} ({});", say::columns(&columns)),
            );
        }
    }
}

/// Whether what `ON CONFLICT` names, `length` elements with these plain columns, can mean the index: it lacks its `WHERE` or
/// says its expressions otherwise.
fn is_nearly(
    index: &Index,
    columns: &[SmolStr],
    length: usize,
    name_of: &impl Fn(Option<usize>) -> Option<SmolStr>,
) -> bool {
    let plain: Vec<SmolStr> = index.key.iter().filter_map(|it| name_of(it.column)).collect();
    let says_more = index.predicate.is_some() || plain.len() < index.key.len();
    let same = plain.len() == columns.len() && columns.iter().all(|it| plain.contains(it));
    index.valid && index.immediate && says_more && index.key.len() == length && same
}

/// Why a unique index does not do.
fn why_not(index: &Index, key: Option<&[SmolStr]>, columns: &[SmolStr]) -> &'static str {
    let same = |key: &[SmolStr]| key.len() == columns.len() && key.iter().all(|it| columns.contains(it));
    match key {
        _ if !index.valid => "is not valid: it lacks partitions",
        Some(key) if same(key) && index.predicate.is_some() => "counts only if ON CONFLICT repeats its WHERE",
        Some(_) => "is on other columns",
        None => "is on an expression",
    }
}

/// The write whose `ON CONFLICT` stands at `span`.
fn clause(body: &Body, span: lockkeeper_syntax::Span) -> Option<(&Write, &OnConflict)> {
    fn within(write: &Write, span: lockkeeper_syntax::Span) -> Option<(&Write, &OnConflict)> {
        let own = write.on_conflict.as_ref().filter(|it| it.span == span).map(|it| (write, it));
        own.or_else(|| write.query.writes.iter().find_map(|it| within(it, span)))
    }
    match body {
        Body::Write(it) => within(it, span),
        Body::Select(it) => it.writes.iter().find_map(|it| within(it, span)),
        _ => None,
    }
}
