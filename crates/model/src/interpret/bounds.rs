//! Partition bounds: whether they fit the partitioned table and each other; `check_new_partition_bound` in
//! `src/backend/partitioning/partbounds.c`.

use super::work::Work;
use crate::Refusal;
use crate::catalog::{ColumnId, PartitionKey, RelationId};
use crate::decimal::Decimal;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{BoundKind, BoundValue, Constant, Expr, ExprKind, PartitionBound, PartitionStrategy};
use smol_str::SmolStr;
use std::cmp::Ordering;

/// A bound's value in a form that can be compared, where the type allows it without a server.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Min,
    Number(Decimal),
    /// A date or time in a fixed form, or any text under the `C` collation.
    Text(SmolStr),
    Null,
    Max,
}

impl Work<'_> {
    /// Refuses a bound that is not of the form that the partitioned table asks for; `transformPartitionBound`.
    pub(super) fn check_bound_form(&mut self, parent: RelationId, bound: &BoundKind, span: Span) {
        let Some(key) = self.relation(parent).partition_key() else { return };
        let refusal = match (bound, key.strategy) {
            (BoundKind::Default, PartitionStrategy::Hash) => Refusal::DefaultOfHash,
            (BoundKind::Default, _)
            | (BoundKind::List(_), PartitionStrategy::List)
            | (BoundKind::Range { .. }, PartitionStrategy::Range)
            | (BoundKind::Hash { .. }, PartitionStrategy::Hash) => match unfit_value(bound) {
                Some(message) => Refusal::Plain { sqlstate: "0A000", message },
                None => {
                    for value in bound_values(bound) {
                        self.refuse_kinds(value);
                        self.check_expression(value, parent);
                    }
                    return;
                }
            },
            (BoundKind::List(_) | BoundKind::Range { .. } | BoundKind::Hash { .. }, strategy) => {
                Refusal::BoundStrategy { expected: strategy_word(strategy) }
            }
        };
        self.refuse(refusal, span);
    }

    /// Refuses a bound that the server refuses for a new partition of `parent`.
    pub(super) fn check_bound(&mut self, parent: RelationId, partition: &SmolStr, bound: &PartitionBound) {
        self.check_bound_form(parent, &bound.kind, bound.span);
        let Some(key) = self.relation(parent).partition_key().cloned() else { return };
        let refusal = match (&bound.kind, key.strategy) {
            (BoundKind::Default, _) => self
                .default_partition(parent)
                .map(|it| Refusal::SecondDefaultPartition { existing: self.relation(it).name.name.clone() }),
            (BoundKind::List(_), PartitionStrategy::List)
            | (BoundKind::Range { .. }, PartitionStrategy::Range)
            | (BoundKind::Hash { .. }, PartitionStrategy::Hash) => {
                self.check_values(parent, &key, partition, &bound.kind)
            }
            (BoundKind::List(_) | BoundKind::Range { .. } | BoundKind::Hash { .. }, _) => None,
        };
        if let Some(refusal) = refusal {
            self.refuse(refusal, bound.span);
        }
    }

    /// The default partition of a partitioned table.
    pub(super) fn default_partition(&self, parent: RelationId) -> Option<RelationId> {
        self.catalog
            .partitions(parent)
            .into_iter()
            .find(|id| self.relation(*id).partition_of.as_ref().is_some_and(|it| it.bound == Some(BoundKind::Default)))
    }

    /// The one partition that takes a row with these values in the key; none where that cannot be told. `value` gives the
    /// value of a column of the partitioned table.
    pub(super) fn route<'e>(
        &self,
        parent: RelationId,
        value: impl Fn(ColumnId) -> Option<&'e Expr>,
    ) -> Option<RelationId> {
        let key = self.relation(parent).partition_key()?;
        let row: Vec<Value> =
            key.elements.iter().map(|it| constant(value(it.column?)?)).collect::<Option<Vec<Value>>>()?;
        for partition in self.catalog.partitions(parent) {
            let bound = self.relation(partition).partition_of.as_ref()?.bound.as_ref()?;
            if takes(bound, &row)? {
                return Some(partition);
            }
        }
        self.default_partition(parent)
    }

    fn check_values(
        &self,
        parent: RelationId,
        key: &PartitionKey,
        partition: &SmolStr,
        bound: &BoundKind,
    ) -> Option<Refusal> {
        if let BoundKind::Range { from, to } = bound {
            if from.len() != key.elements.len() {
                return Some(Refusal::BoundColumns {
                    message: "FROM must specify exactly one value per partitioning column",
                });
            }
            if to.len() != key.elements.len() {
                return Some(Refusal::BoundColumns {
                    message: "TO must specify exactly one value per partitioning column",
                });
            }
            if infinity_is_followed(from) || infinity_is_followed(to) {
                return Some(Refusal::BoundInfinity);
            }
            if let (Some(from), Some(to)) = (range_end(from), range_end(to))
                && compare_ends(&from, &to) != Some(Ordering::Less)
                && compare_ends(&from, &to).is_some()
            {
                return Some(Refusal::BoundsReversed { partition: partition.clone() });
            }
        }
        if let BoundKind::Hash { modulus, remainder } = bound {
            if *modulus <= 0 {
                return Some(Refusal::BoundColumns {
                    message: "modulus for hash partition must be an integer value greater than zero",
                });
            }
            if remainder >= modulus {
                return Some(Refusal::HashRemainder);
            }
        }
        for sibling in self.catalog.partitions(parent) {
            let relation = self.relation(sibling);
            let Some(other) = relation.partition_of.as_ref().and_then(|it| it.bound.as_ref()) else { continue };
            if let (BoundKind::Hash { modulus: a, .. }, BoundKind::Hash { modulus: b, .. }) = (bound, other) {
                let (small, large) = (a.min(b), a.max(b));
                if *small > 0 && large % small != 0 {
                    return Some(Refusal::HashModulus { modulus: *a, existing: relation.name.name.clone() });
                }
            }
            if overlap(bound, other) {
                let existing = relation.name.name.clone();
                return Some(Refusal::PartitionOverlap { partition: partition.clone(), existing });
            }
        }
        None
    }
}

/// Whether a value, or the other infinity, stands after `MINVALUE` or `MAXVALUE`; `validateInfiniteBounds`.
fn infinity_is_followed(bound: &[BoundValue]) -> bool {
    bound.windows(2).any(|pair| match pair {
        [BoundValue::Min, next] => *next != BoundValue::Min,
        [BoundValue::Max, next] => *next != BoundValue::Max,
        _ => false,
    })
}

/// The values of a bound.
fn bound_values(bound: &BoundKind) -> Vec<&Expr> {
    match bound {
        BoundKind::List(values) => values.iter().collect(),
        BoundKind::Range { from, to } => {
            let values = from.iter().chain(to);
            values.filter_map(|it| if let BoundValue::Value(expr) = it { Some(expr) } else { None }).collect()
        }
        BoundKind::Hash { .. } | BoundKind::Default => Vec::new(),
    }
}

/// What a bound's value must not hold; `transformPartitionBoundValue`.
fn unfit_value(bound: &BoundKind) -> Option<&'static str> {
    let mut unfit = None;
    for value in bound_values(bound) {
        value.walk(&mut |it| match it.kind {
            ExprKind::Column(_) => unfit = unfit.or(Some("cannot use column reference in partition bound expression")),
            ExprKind::Subquery(_) => unfit = unfit.or(Some("cannot use subquery in partition bound")),
            _ => {}
        });
    }
    unfit
}

fn strategy_word(strategy: PartitionStrategy) -> &'static str {
    match strategy {
        PartitionStrategy::List => "list",
        PartitionStrategy::Range => "range",
        PartitionStrategy::Hash => "hash",
    }
}

/// Whether two bounds certainly share a row. What cannot be compared is taken not to.
pub(super) fn overlap(one: &BoundKind, other: &BoundKind) -> bool {
    match (one, other) {
        (BoundKind::List(a), BoundKind::List(b)) => {
            let values = |list: &[Expr]| -> Vec<Value> { list.iter().filter_map(constant).collect() };
            let b = values(b);
            values(a).iter().any(|it| b.contains(it))
        }
        (BoundKind::Range { from: a, to: b }, BoundKind::Range { from: c, to: d }) => {
            let (Some(a), Some(b), Some(c), Some(d)) = (range_end(a), range_end(b), range_end(c), range_end(d)) else {
                return false;
            };
            compare_ends(&a, &d) == Some(Ordering::Less) && compare_ends(&c, &b) == Some(Ordering::Less)
        }
        (BoundKind::Hash { modulus: a, remainder: r }, BoundKind::Hash { modulus: b, remainder: s }) => {
            let smaller = (*a).min(*b);
            smaller > 0 && r % smaller == s % smaller
        }
        _ => false,
    }
}

/// Whether a bound takes a row of the key; none where the values cannot be compared.
fn takes(bound: &BoundKind, row: &[Value]) -> Option<bool> {
    match bound {
        BoundKind::List(values) => {
            for value in values {
                let equal = match (&constant(value)?, row.first()?) {
                    (Value::Null, Value::Null) => true,
                    (Value::Null, _) | (_, Value::Null) => false,
                    (Value::Text(one), Value::Text(other)) => one == other,
                    (one, other) => compare(one, other)? == Ordering::Equal,
                };
                if equal {
                    return Some(true);
                }
            }
            Some(false)
        }
        BoundKind::Range { .. } if row.contains(&Value::Null) => Some(false),
        BoundKind::Range { from, to } => {
            let low = compare_ends(&range_end(from)?, row)?;
            let high = compare_ends(row, &range_end(to)?)?;
            Some(low != Ordering::Greater && high == Ordering::Less)
        }
        BoundKind::Hash { .. } => None,
        BoundKind::Default => Some(false),
    }
}

pub(super) fn range_end(values: &[BoundValue]) -> Option<Vec<Value>> {
    values
        .iter()
        .map(|it| match it {
            BoundValue::Min => Some(Value::Min),
            BoundValue::Max => Some(Value::Max),
            BoundValue::Value(expr) => constant(expr),
        })
        .collect()
}

/// Whether a row may lie within a range of several columns if its first value is this one.
pub(super) fn begins_within(bound: &BoundKind, value: &Expr) -> bool {
    let BoundKind::Range { from, to } = bound else { return true };
    let (Some(value), [first_from, ..], [first_to, rest @ ..]) = (constant(value), from.as_slice(), to.as_slice())
    else {
        return true;
    };
    let compared = |end: &BoundValue| range_end(std::slice::from_ref(end)).and_then(|it| compare(&value, it.first()?));
    let open = rest.is_empty() || matches!(rest.first(), Some(BoundValue::Min));
    let one_value = range_end(std::slice::from_ref(first_from)) == range_end(std::slice::from_ref(first_to));
    // Nulls go to the default partition.
    if value == Value::Null {
        return false;
    }
    match (compared(first_from), compared(first_to)) {
        (None, None) if one_value => !matches!(first_from, BoundValue::Value(it) if are_other_words(&value, it)),
        (Some(Ordering::Less), _) | (_, Some(Ordering::Greater)) => false,
        (_, Some(Ordering::Equal)) => !open,
        _ => true,
    }
}

/// Whether two texts are words that no type takes for the same value.
fn are_other_words(one: &Value, other: &Expr) -> bool {
    let (Value::Text(one), Some(Value::Text(other))) = (one, constant(other)) else { return false };
    let word = |it: &str| it.bytes().all(|it| it.is_ascii_alphabetic());
    word(one) && word(&other) && !one.eq_ignore_ascii_case(&other)
}

/// The order of two ends of ranges, where it can be told without a server.
pub fn compare_range_ends(one: &[BoundValue], other: &[BoundValue]) -> Option<Ordering> {
    compare_ends(&range_end(one)?, &range_end(other)?)
}

fn compare_ends(one: &[Value], other: &[Value]) -> Option<Ordering> {
    for (a, b) in one.iter().zip(other) {
        match compare(a, b)? {
            // Columns after a MINVALUE or MAXVALUE do not count.
            Ordering::Equal if matches!(a, Value::Min | Value::Max) => return Some(Ordering::Equal),
            Ordering::Equal => {}
            unequal => return Some(unequal),
        }
    }
    Some(Ordering::Equal)
}

pub(super) fn compare(a: &Value, b: &Value) -> Option<Ordering> {
    use Value::*;
    match (a, b) {
        (Min, Min) | (Max, Max) | (Null, Null) => Some(Ordering::Equal),
        (Min, _) | (_, Max) => Some(Ordering::Less),
        (Max, _) | (_, Min) => Some(Ordering::Greater),
        (Number(a), Number(b)) => Some(a.cmp(b)),
        (Text(a), Text(b)) if a == b => Some(Ordering::Equal),
        (Text(a), Text(b)) => match (Decimal::parse(a), Decimal::parse(b)) {
            (Some(a), Some(b)) => Some(a.cmp(&b)),
            _ => Some(moment(a)?.cmp(&moment(b)?)),
        },
        (Number(a), Text(b)) => Some(a.cmp(&Decimal::parse(b)?)),
        (Text(a), Number(b)) => Some(Decimal::parse(a)?.cmp(b)),
        (Null, _) | (_, Null) => None,
    }
}

/// A date or time stamp in ISO form, so that the order of the texts is the order in time: `2024-01-01`,
/// `2024-01-01 00:00:00+00`. Time stamps with different offsets have no order without the session's time zone.
fn moment(text: &str) -> Option<String> {
    let text = text.trim();
    let date = text.get(..10)?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|it| it.is_ascii_digit());
    let mut parts = date.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || !digits(year) || !digits(month) || !digits(day) {
        return None;
    }
    let rest = text[10..].trim_start_matches(['T', ' ', 't']);
    let rest = rest.trim_end_matches(['Z', 'z']).trim_end_matches(" UTC");
    let (time, offset) = match rest.rfind(['+', '-']) {
        Some(at) => (rest[..at].trim_end(), &rest[at..]),
        None => (rest, ""),
    };
    if !offset.trim_start_matches(['+', '-']).bytes().all(|it| matches!(it, b'0' | b':')) {
        return None;
    }
    if !time.bytes().all(|it| it.is_ascii_digit() || matches!(it, b':' | b'.')) {
        return None;
    }
    let time = time.trim_end_matches(['0', ':', '.']);
    Some(format!("{date} {time}"))
}

pub(super) fn constant(expr: &Expr) -> Option<Value> {
    match &expr.kind {
        ExprKind::Constant(Constant::Null) => Some(Value::Null),
        ExprKind::Constant(Constant::Integer(number)) => Some(Value::Number(Decimal::from(i64::from(*number)))),
        ExprKind::Constant(Constant::Number(text)) => Decimal::parse(text).map(Value::Number),
        ExprKind::Constant(Constant::String(text)) => Some(Value::Text(text.clone())),
        ExprKind::Constant(Constant::Boolean(it)) => {
            Some(Value::Text(SmolStr::new(if *it { "true" } else { "false" })))
        }
        ExprKind::Operator { symbol, left: None, right } if symbol == "-" => match constant(right)? {
            Value::Number(number) => Some(Value::Number(number.negated())),
            _ => None,
        },
        ExprKind::Cast { value, .. } => constant(value),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: &str) -> Value {
        Value::Text(value.into())
    }

    #[test]
    fn moments_are_ordered_in_time() {
        assert_eq!(compare(&text("2024-01-01"), &text("2024-01-02")), Some(Ordering::Less));
        assert_eq!(compare(&text("2024-01-01"), &text("2024-01-01 00:00:00+00")), Some(Ordering::Equal));
        assert_eq!(compare(&text("2024-01-01T12:00:00Z"), &text("2024-01-01 06:30:00")), Some(Ordering::Greater));
        assert_eq!(compare(&text("2024-01-01 00:00:00+02"), &text("2024-01-01")), None);
        assert_eq!(compare(&text("b"), &text("a")), None);
    }

    #[test]
    fn the_lower_bound_belongs_to_a_range_and_the_upper_does_not() {
        let range = |from: &str, to: &str| BoundKind::Range { from: vec![bound(from)], to: vec![bound(to)] };
        assert!(!overlap(&range("2024-01-01", "2024-02-01"), &range("2024-02-01", "2024-03-01")));
        assert!(overlap(&range("2024-01-01", "2024-02-02"), &range("2024-02-01", "2024-03-01")));
    }

    fn bound(text: &str) -> BoundValue {
        let kind = ExprKind::Constant(Constant::String(text.into()));
        BoundValue::Value(Expr { kind, span: lockkeeper_syntax::Span::default() })
    }

    #[test]
    fn hash_partitions_overlap_by_residue() {
        let hash = |modulus, remainder| BoundKind::Hash { modulus, remainder };
        assert!(overlap(&hash(4, 1), &hash(8, 5)));
        assert!(!overlap(&hash(4, 1), &hash(8, 6)));
    }
}
