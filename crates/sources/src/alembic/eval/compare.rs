//! Comparisons.

use super::Interpreter;
use crate::alembic::python::CmpOp;
use crate::alembic::sql::{Sql, strength};
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;
use std::cmp::Ordering;
use std::rc::Rc;

impl<'a> Interpreter<'a> {
    /// `left op right`.
    pub(super) fn compare(&mut self, op: CmpOp, left: &Value<'a>, right: &Value<'a>, at: Span) -> Value<'a> {
        if let (Value::Sql(_), _) | (_, Value::Sql(_)) = (left, right)
            && let Some(sql) = sql_comparison(op, left, right, at)
        {
            return Value::sql(sql);
        }
        let result = match op {
            CmpOp::Eq => left.equals(right),
            CmpOp::NotEq => left.equals(right).map(|it| !it),
            CmpOp::Is => identical(left, right),
            CmpOp::IsNot => identical(left, right).map(|it| !it),
            CmpOp::In => contains(right, left),
            CmpOp::NotIn => contains(right, left).map(|it| !it),
            CmpOp::Lt => ordering(left, right).map(Ordering::is_lt),
            CmpOp::LtE => ordering(left, right).map(Ordering::is_le),
            CmpOp::Gt => ordering(left, right).map(Ordering::is_gt),
            CmpOp::GtE => ordering(left, right).map(Ordering::is_ge),
        };
        result.map_or_else(|| Value::unknown("a comparison that is not known"), Value::Bool)
    }
}

fn identical<'a>(left: &Value<'a>, right: &Value<'a>) -> Option<bool> {
    match (left, right) {
        (Value::Unknown(_) | Value::Method(_), _) | (_, Value::Unknown(_) | Value::Method(_)) => None,
        (Value::None, Value::None) => Some(true),
        (Value::None, _) | (_, Value::None) => Some(false),
        _ => left.equals(right),
    }
}

fn contains<'a>(all: &Value<'a>, one: &Value<'a>) -> Option<bool> {
    if let (Value::Str(all), Value::Str(one)) = (all, one) {
        return Some(all.as_str().contains(one.as_str()));
    }
    let mut known = true;
    for (at, item) in all.items()?.into_iter().enumerate() {
        match item.equals(one) {
            Some(true) if at >= all.sure() => known = false,
            Some(true) => return Some(true),
            Some(false) => {}
            None => known = false,
        }
    }
    known.then_some(false)
}

/// How two values are ordered.
pub(crate) fn ordering(left: &Value<'_>, right: &Value<'_>) -> Option<Ordering> {
    match (left, right) {
        (Value::Str(a), Value::Str(b)) => Some(a.as_str().cmp(b.as_str())),
        (Value::Moment(a), Value::Moment(b)) => Some(a.cmp(b)),
        (Value::Delta(a, b), Value::Delta(c, d)) => Some((a, b).cmp(&(c, d))),
        (Value::Tuple(_) | Value::List(_), Value::Tuple(_) | Value::List(_)) => {
            let (left, right) = (left.items()?, right.items()?);
            for (a, b) in left.iter().zip(&right) {
                let order = ordering(a, b)?;
                if order.is_ne() {
                    return Some(order);
                }
            }
            Some(left.len().cmp(&right.len()))
        }
        (a, b) => a.number()?.partial_cmp(&b.number()?),
    }
}

fn sql_comparison<'a>(op: CmpOp, left: &Value<'a>, right: &Value<'a>, at: Span) -> Option<Sql<'a>> {
    let operand = |it: &Value<'a>| match it {
        Value::Sql(it) => Rc::clone(it),
        other => Rc::new(Sql::Value(other.clone(), at)),
    };
    let null = matches!(right, Value::None);
    let operator = match op {
        CmpOp::Eq if null => "IS",
        CmpOp::NotEq if null => "IS NOT",
        CmpOp::Eq => "=",
        CmpOp::NotEq => "!=",
        CmpOp::Lt => "<",
        CmpOp::LtE => "<=",
        CmpOp::Gt => ">",
        CmpOp::GtE => ">=",
        CmpOp::Is | CmpOp::IsNot | CmpOp::In | CmpOp::NotIn => return None,
    };
    Some(Sql::binary(operand(left), operator, operand(right), strength::COMPARE))
}
