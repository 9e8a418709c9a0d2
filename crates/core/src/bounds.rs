//! Partition bounds as SQL, for messages and for statements to write instead.

use crate::end::End;
use crate::step::Step;
use lockkeeper_model::{RelationId, compare_range_ends};
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{
    ActionKind, Body, BoundKind, BoundValue, Constant, Expr, ExprKind, PartitionBound, QualifiedName,
};
use std::cmp::Ordering;

/// A partition that a statement makes or attaches, with its bound.
pub(crate) struct NewPartition<'a> {
    pub(crate) parent: &'a QualifiedName,
    pub(crate) child: &'a QualifiedName,
    pub(crate) bound: &'a PartitionBound,
}

/// The partition that the statement makes or attaches.
pub(crate) fn new_partition(body: &Body) -> Option<NewPartition<'_>> {
    match body {
        Body::CreateTable(it) => {
            let of = it.partition_of.as_ref()?;
            Some(NewPartition { parent: &of.parent, child: &it.name, bound: &of.bound })
        }
        Body::AlterTable(it) => it.actions.iter().find_map(|action| match &action.kind {
            ActionKind::AttachPartition { child, bound: Some(bound) } => {
                Some(NewPartition { parent: &it.relation.name, child, bound })
            }
            _ => None,
        }),
        _ => None,
    }
}

/// The bound of a partition.
pub(crate) fn of<'a>(step: &Step<'a>, partition: RelationId) -> Option<&'a BoundKind> {
    step.get(partition)?.partition_of.as_ref()?.bound.as_ref()
}

/// `FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`, if it consists of constants.
pub(crate) fn sql(bound: &BoundKind) -> Option<String> {
    Some(match bound {
        BoundKind::Default => "DEFAULT".to_owned(),
        BoundKind::List(values) => format!("FOR VALUES IN ({})", list(values.iter().map(literal))?),
        BoundKind::Range { from, to } => range(from, to)?,
        BoundKind::Hash { modulus, remainder } => {
            format!("FOR VALUES WITH (MODULUS {modulus}, REMAINDER {remainder})")
        }
    })
}

/// The bound from one end to another.
pub(crate) fn range(from: &[BoundValue], to: &[BoundValue]) -> Option<String> {
    Some(format!("FOR VALUES FROM ({}) TO ({})", end(from)?, end(to)?))
}

/// The values of one end of a range, separated by commas.
pub(crate) fn end(values: &[BoundValue]) -> Option<String> {
    list(values.iter().map(|it| match it {
        BoundValue::Min => Some("MINVALUE".to_owned()),
        BoundValue::Max => Some("MAXVALUE".to_owned()),
        BoundValue::Value(expr) => literal(expr),
    }))
}

fn list(values: impl Iterator<Item = Option<String>>) -> Option<String> {
    Some(values.collect::<Option<Vec<_>>>()?.join(", "))
}

/// A constant as SQL.
pub(crate) fn literal(expr: &Expr) -> Option<String> {
    match &expr.kind {
        ExprKind::Constant(Constant::Null) => Some("NULL".to_owned()),
        ExprKind::Constant(Constant::Boolean(it)) => Some(it.to_string()),
        ExprKind::Constant(Constant::Integer(it)) => Some(it.to_string()),
        ExprKind::Constant(Constant::Number(it)) => Some(it.to_string()),
        ExprKind::Constant(Constant::String(it)) => Some(format!("'{}'", it.replace('\'', "''"))),
        ExprKind::Operator { symbol, left: None, right } if symbol == "-" => Some(format!("-{}", literal(right)?)),
        ExprKind::Cast { value, .. } => literal(value),
        _ => None,
    }
}

/// The statement with another bound.
pub(crate) fn instead(step: &Step<'_>, at: Span, bound: &str) -> String {
    crate::recipe::rewrite(step, &[(at, bound)])
}

/// A partition with the ends of its range.
pub(crate) type Range<'a> = (RelationId, &'a [BoundValue], &'a [BoundValue]);

/// The ranges of a table's partitions in their order. None if another partition takes the rest, or if the order is not known.
pub(crate) fn ranges<'a>(end: &End<'a>, table: RelationId) -> Option<Vec<Range<'a>>> {
    let mut ranges: Vec<Range<'a>> = Vec::new();
    for partition in end.catalog.partitions(table) {
        match end.catalog.get(partition)?.partition_of.as_ref()?.bound.as_ref()? {
            BoundKind::Range { from, to } => ranges.push((partition, from, to)),
            BoundKind::Default | BoundKind::List(_) | BoundKind::Hash { .. } => return None,
        }
    }
    let order = |a: &Range<'_>, b: &Range<'_>| compare_range_ends(a.1, b.1);
    let known = ranges.windows(2).all(|it| order(&it[0], &it[1]).is_some());
    ranges.arrange_by(|a, b| order(a, b).unwrap_or(Ordering::Equal));
    known.then_some(ranges)
}
