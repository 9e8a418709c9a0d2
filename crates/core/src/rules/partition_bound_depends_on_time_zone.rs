//! Bounds of a partition by moment that do not say their time zone.

use crate::About;
use crate::bounds;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_model::catalog::{PartitionKey, Relation, RelationId};
use lockkeeper_syntax::ast::{BoundKind, BoundValue, Constant, Expr, ExprKind};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    if step.session.time_zone.get().is_some() || step.effects.skipped {
        return;
    }
    let Some(new) = bounds::new_partition(&step.timeline().statement.body) else { return };
    let Some((id, parent)) = step.find(new.parent) else { return };
    let Some(key) = parent.partition_key() else { return };
    let Some(text) = open_end(parent, key, &new.bound.kind) else { return };
    if goes_on(step, id, key) {
        return;
    }
    let message = format!(
        "`{}` begins and ends where the session's TimeZone puts {text}: another session would make another partition",
        new.child
    );
    let finding = found.report(About::Setting(None), new.bound.span, message);
    finding.caption("is stored as moments, in the time zone of whoever runs this");
    let (script, span) = step.locate(key.place);
    finding.label(script, span, "partitioned by a timestamp with time zone");
    finding
        .help(format!("write the offset, as '{} 00:00+00', or set TimeZone in the migration", text.trim_matches('\'')));
}

/// The first end of a range that names a moment without saying in which zone.
fn open_end(table: &Relation, key: &PartitionKey, bound: &BoundKind) -> Option<String> {
    let BoundKind::Range { from, to } = bound else { return None };
    let mut ends = from.iter().enumerate().chain(to.iter().enumerate()).filter(|(at, _)| is_moment(table, key, *at));
    ends.find_map(|(_, it)| without_zone(it))
}

/// Whether an older migration bounded a partition of the table in the same way: then it was said there, and sessions like
/// those before put the new one beside it.
fn goes_on(step: &Step<'_>, table: RelationId, key: &PartitionKey) -> bool {
    let Some(parent) = step.get(table) else { return false };
    let partitions = step.timeline().catalog.partitions(table);
    partitions.iter().filter(|it| !step.is_new(**it)).any(|it| {
        let bound = step.get(*it).and_then(|it| it.partition_of.as_ref()?.bound.as_ref());
        bound.is_some_and(|it| open_end(parent, key, it).is_some())
    })
}

/// Whether the element of the key is a timestamp with time zone.
fn is_moment(table: &Relation, key: &PartitionKey, at: usize) -> bool {
    let column = key.elements.get(at).and_then(|it| table.columns.get(it.column?));
    column.is_some_and(|it| it.data_type.name.schema == "pg_catalog" && it.data_type.name.name == "timestamptz")
}

/// The literal, if it names a moment without saying in which zone.
fn without_zone(value: &BoundValue) -> Option<String> {
    let BoundValue::Value(expr) = value else { return None };
    let text = constant(expr)?;
    let time = text.get(10..).unwrap_or_default();
    let zone = time.contains(['+', '-'])
        || time.contains(|it: char| it.is_ascii_alphabetic()) && !time.starts_with('T')
        || time.ends_with(['Z', 'z']);
    let dated = text.as_bytes().first().is_some_and(u8::is_ascii_digit) && text.len() >= 10;
    (dated && !zone).then(|| format!("'{text}'"))
}

fn constant(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Constant(Constant::String(text)) => Some(text),
        ExprKind::Cast { value, .. } => constant(value),
        _ => None,
    }
}
