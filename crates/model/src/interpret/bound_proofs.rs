//! What validated checks say of a partition's bound: `predicate_implied_by` in `src/backend/optimizer/util/predtest.c`, as
//! far as comparisons of one column with constants go. Anything else proves nothing.

use super::bounds::{Value, compare, constant, range_end};
use super::proofs::implies_not_null;
use lockkeeper_syntax::ast::{BoundKind, BoundValue, Expr, ExprKind, Name};
use std::cmp::Ordering;

/// What a set of checks says of one column: it lies within these limits.
#[derive(Clone, Debug, Default)]
struct Limits {
    /// Greatest lower limit.
    at_least: Option<Value>,
    /// Whether that is excluded.
    above: bool,
    /// Least upper limit, and whether it is excluded.
    at_most: Option<(Value, bool)>,
    /// The only values it has.
    among: Option<Vec<Value>>,
}

/// The bound as one of each column, where it is one: a range of several columns whose ends differ in the last alone.
pub(super) fn by_column(bound: &BoundKind) -> Option<Vec<BoundKind>> {
    let BoundKind::Range { from, to } = bound else { return Some(vec![bound.clone()]) };
    let (last_from, first_from) = from.split_last()?;
    let (last_to, first_to) = to.split_last()?;
    let mut parts = Vec::new();
    for (from, to) in first_from.iter().zip(first_to) {
        let (BoundValue::Value(value), BoundValue::Value(other)) = (from, to) else { return None };
        if compare(&constant(value)?, &constant(other)?) != Some(Ordering::Equal) {
            return None;
        }
        parts.push(BoundKind::List(vec![value.clone()]));
    }
    parts.push(BoundKind::Range { from: vec![last_from.clone()], to: vec![last_to.clone()] });
    Some(parts)
}

/// What a bound of one column says as a condition; `get_qual_for_range`, `get_qual_for_list`.
pub(super) fn as_condition(column: &Name, bound: &BoundKind) -> Option<Expr> {
    let span = column.span;
    let expr = |kind| Expr { kind, span };
    let own = || Box::new(expr(ExprKind::Column(vec![column.clone()])));
    let compared = |symbol: &str, to: &Expr| {
        expr(ExprKind::Operator { symbol: symbol.into(), left: Some(own()), right: Box::new(to.clone()) })
    };
    let null = |negated| expr(ExprKind::IsNull { value: own(), negated });
    match bound {
        BoundKind::Range { from, to } => {
            let ([from], [to]) = (from.as_slice(), to.as_slice()) else { return None };
            let mut parts = vec![null(true)];
            for (symbol, end) in [(">=", from), ("<", to)] {
                if let BoundValue::Value(value) = end {
                    parts.push(compared(symbol, value));
                }
            }
            Some(expr(ExprKind::And(parts)))
        }
        BoundKind::List(values) => {
            let is_null = |it: &&Expr| constant(it) == Some(Value::Null);
            let other: Vec<Expr> = values.iter().filter(|it| !is_null(it)).cloned().collect();
            let among = match other.as_slice() {
                [] => return Some(null(false)),
                [one] => compared("=", one),
                _ => expr(ExprKind::AnyAll { symbol: "=".into(), all: false, left: own(), right: other, list: true }),
            };
            Some(match values.iter().any(|it| is_null(&it)) {
                true => expr(ExprKind::Or(vec![null(false), among])),
                false => expr(ExprKind::And(vec![null(true), among])),
            })
        }
        BoundKind::Hash { .. } | BoundKind::Default => None,
    }
}

/// Whether the checks imply that `column` lies within the bound. The nulls are the caller's to exclude.
pub(super) fn checks_imply<'a>(checks: impl Iterator<Item = &'a Expr>, column: &str, bound: &BoundKind) -> bool {
    let mut limits = Limits::default();
    for check in checks {
        gather(check, column, &mut limits);
    }
    match bound {
        BoundKind::Range { from, to } => {
            let Some((from, to)) = ends(from, to) else { return false };
            let low = from == Value::Min || limits.at_least.as_ref().is_some_and(|it| at_least(it, &from));
            let high = to == Value::Max
                || limits.at_most.as_ref().is_some_and(|(it, excluded)| match compare(it, &to) {
                    Some(Ordering::Less) => true,
                    Some(Ordering::Equal) => *excluded,
                    _ => false,
                });
            low && high
        }
        BoundKind::List(values) => {
            let values: Vec<Value> = values.iter().filter_map(constant).collect();
            let equal = |a: &Value| values.iter().any(|b| a == b || compare(a, b) == Some(Ordering::Equal));
            limits.among.as_ref().is_some_and(|among| among.iter().all(equal))
        }
        BoundKind::Hash { .. } | BoundKind::Default => false,
    }
}

/// Whether the checks imply that no value of `column` lies within the bound. A check passes when it is null, and so does
/// the opposite of a bound that does not hold the null.
pub(super) fn checks_exclude<'a>(checks: impl Iterator<Item = &'a Expr>, column: &str, bound: &BoundKind) -> bool {
    let checks: Vec<&Expr> = checks.collect();
    let mut limits = Limits::default();
    checks.iter().for_each(|it| gather(it, column, &mut limits));
    let not_null = !holds_null(bound) || checks.iter().any(|it| implies_not_null(it, column));
    not_null && (limits_exclude(&limits, bound) || checks.iter().any(|it| excludes(it, column, bound)))
}

/// Whether a row of which the condition is not false lies outside of the bound, unless its value is null.
fn excludes(expr: &Expr, column: &str, bound: &BoundKind) -> bool {
    match &expr.kind {
        ExprKind::IsNull { value, negated: false } => is_column(value, column),
        ExprKind::And(parts) => parts.iter().any(|it| excludes(it, column, bound)),
        ExprKind::Or(parts) => parts.iter().all(|it| excludes(it, column, bound)),
        ExprKind::Not(inner) => covers(inner, column, bound),
        ExprKind::Operator { symbol, left: Some(left), right } if symbol == "<>" => {
            let value = if is_column(left, column) { constant(right) } else { constant(left) };
            let about = is_column(left, column) || is_column(right, column);
            about && value.is_some_and(|it| is_all_of(&[it], bound))
        }
        ExprKind::AnyAll { symbol, all: true, left, right, list: true }
            if symbol == "<>" && is_column(left, column) =>
        {
            let values: Option<Vec<Value>> = right.iter().map(constant).collect();
            values.is_some_and(|it| is_all_of(&it, bound))
        }
        _ => {
            let mut limits = Limits::default();
            gather(expr, column, &mut limits);
            limits_exclude(&limits, bound)
        }
    }
}

/// Whether no value within the limits lies within the bound; the null is the caller's to exclude.
fn limits_exclude(limits: &Limits, bound: &BoundKind) -> bool {
    let outside = |value: &Value| {
        let below = limits.at_least.as_ref().is_some_and(|it| match compare(value, it) {
            Some(Ordering::Less) => true,
            Some(Ordering::Equal) => limits.above,
            _ => false,
        });
        let above = limits.at_most.as_ref().is_some_and(|(it, excluded)| match compare(value, it) {
            Some(Ordering::Greater) => true,
            Some(Ordering::Equal) => *excluded,
            _ => false,
        });
        let other = limits.among.as_ref().is_some_and(|among| {
            among.iter().all(|it| matches!(compare(it, value), Some(Ordering::Less | Ordering::Greater)))
        });
        below || above || other
    };
    match bound {
        BoundKind::List(values) => values.iter().all(|value| match constant(value) {
            Some(Value::Null) => true,
            Some(value) => outside(&value),
            None => false,
        }),
        BoundKind::Range { from, to } => {
            let Some((from, to)) = ends(from, to) else { return false };
            let below = limits.at_most.as_ref().is_some_and(|(it, strict)| match compare(it, &from) {
                Some(Ordering::Less) => true,
                Some(Ordering::Equal) => *strict,
                _ => false,
            });
            let above = limits.at_least.as_ref().is_some_and(|it| at_least(it, &to));
            below || above
        }
        BoundKind::Hash { .. } | BoundKind::Default => false,
    }
}

/// Whether each value within the bound satisfies the condition; the null is the caller's to exclude.
fn covers(expr: &Expr, column: &str, bound: &BoundKind) -> bool {
    if let ExprKind::And(parts) = &expr.kind {
        return parts.iter().all(|it| covers(it, column, bound));
    }
    if implies_not_null(expr, column) {
        return true;
    }
    let mut limits = Limits::default();
    gather(expr, column, &mut limits);
    match bound {
        BoundKind::List(_) => limits.among.is_some_and(|it| is_all_of(&it, bound)),
        BoundKind::Range { from, to } => {
            let Some((from, to)) = ends(from, to) else { return false };
            let low = limits.at_least.as_ref().is_none_or(|it| match compare(&from, it) {
                Some(Ordering::Greater) => true,
                Some(Ordering::Equal) => !limits.above,
                _ => false,
            });
            let high = limits.at_most.as_ref().is_none_or(|(it, _)| at_least(it, &to));
            let says_something = limits.at_least.is_some() || limits.at_most.is_some();
            says_something && limits.among.is_none() && low && high
        }
        BoundKind::Hash { .. } | BoundKind::Default => false,
    }
}

/// Whether the values are at least those of the list, the null aside.
fn is_all_of(values: &[Value], bound: &BoundKind) -> bool {
    let BoundKind::List(listed) = bound else { return false };
    listed.iter().all(|it| match constant(it) {
        Some(Value::Null) => true,
        Some(it) => values.iter().any(|value| compare(value, &it) == Some(Ordering::Equal)),
        None => false,
    })
}

/// Whether nothing but the null lies within the bound.
pub(super) fn only_null(bound: &BoundKind) -> bool {
    matches!(bound, BoundKind::List(values) if values.iter().all(|it| constant(it) == Some(Value::Null)))
}

/// Whether the null lies within the bound.
pub(super) fn holds_null(bound: &BoundKind) -> bool {
    matches!(bound, BoundKind::List(values) if values.iter().any(|it| constant(it) == Some(Value::Null)))
}

/// The ends of a range of one column.
fn ends(from: &[BoundValue], to: &[BoundValue]) -> Option<(Value, Value)> {
    let ([from], [to]) = (range_end(from)?.try_into().ok()?, range_end(to)?.try_into().ok()?);
    Some((from, to))
}

fn at_least(value: &Value, other: &Value) -> bool {
    matches!(compare(value, other), Some(Ordering::Greater | Ordering::Equal))
}

fn is_column(expr: &Expr, column: &str) -> bool {
    expr.as_column().is_some_and(|it| it.text == column)
}

fn gather(expr: &Expr, column: &str, limits: &mut Limits) {
    match &expr.kind {
        ExprKind::And(parts) => parts.iter().for_each(|it| gather(it, column, limits)),
        ExprKind::Operator { symbol, left: Some(left), right } => {
            let (symbol, value) = match (is_column(left, column), is_column(right, column)) {
                (true, false) => (symbol.as_str(), constant(right)),
                (false, true) => (mirrored(symbol), constant(left)),
                _ => return,
            };
            let Some(value) = value else { return };
            match symbol {
                ">=" | ">" => (limits.at_least, limits.above) = (Some(value), symbol == ">"),
                "<" => limits.at_most = Some((value, true)),
                "<=" => limits.at_most = Some((value, false)),
                "=" => {
                    limits.among = Some(vec![value.clone()]);
                    (limits.at_least, limits.above) = (Some(value.clone()), false);
                    limits.at_most = Some((value, false));
                }
                _ => {}
            }
        }
        ExprKind::Between { negated: false, symmetric: false, value, low, high } if is_column(value, column) => {
            if let (Some(low), Some(high)) = (constant(low), constant(high)) {
                (limits.at_least, limits.above) = (Some(low), false);
                limits.at_most = Some((high, false));
            }
        }
        ExprKind::AnyAll { symbol, all: false, left, right, list: true }
            if symbol == "=" && is_column(left, column) =>
        {
            limits.among = right.iter().map(constant).collect();
        }
        // `a IS NULL OR a = 1`.
        ExprKind::Or(parts) => {
            let values: Option<Vec<Vec<Value>>> = parts.iter().map(|it| only_values(it, column)).collect();
            if let Some(values) = values {
                limits.among = Some(values.concat());
            }
        }
        _ => {}
    }
}

/// The only values with which the condition holds, the null among them.
fn only_values(expr: &Expr, column: &str) -> Option<Vec<Value>> {
    if let ExprKind::IsNull { value, negated: false } = &expr.kind {
        return is_column(value, column).then(|| vec![Value::Null]);
    }
    let mut limits = Limits::default();
    gather(expr, column, &mut limits);
    limits.among
}

/// The operator with its sides exchanged.
fn mirrored(symbol: &str) -> &str {
    match symbol {
        "<" => ">",
        "<=" => ">=",
        ">" => "<",
        ">=" => "<=",
        other => other,
    }
}
