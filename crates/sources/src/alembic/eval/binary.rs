//! Arithmetic, and what stands for it on strings, lists, dates and expressions of SQL.

use super::{Interpreter, unknown_part};
use crate::alembic::python::Operator;
use crate::alembic::sql::{Sql, strength};
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;
use std::rc::Rc;

/// The longest string or list that repetition may make.
const LONGEST: usize = 1 << 20;

impl<'a> Interpreter<'a> {
    /// `left op right`.
    pub(super) fn binary(&mut self, op: Operator, left: Value<'a>, right: Value<'a>, at: Span) -> Value<'a> {
        match (op, &left, &right) {
            (Operator::Mod, Value::Str(_), _) => self.percent(&left, right, at),
            (Operator::Add, Value::Str(a) | Value::Final(a), Value::Str(b) | Value::Final(b)) => {
                if a.len() + b.len() > LONGEST {
                    return Value::unknown("a long string");
                }
                let mut text = a.clone();
                text.push(b);
                Value::Str(text)
            }
            // A part that is not known leaves a hole, so that the rest is still read.
            (Operator::Add, Value::Str(a), Value::Unknown(it)) => {
                let mut text = a.clone();
                let hole = self.hole(at, "a part of the string", &it.why);
                text.push(&hole);
                Value::Str(text)
            }
            (Operator::Add, Value::Unknown(it), Value::Str(b)) => {
                let mut text = self.hole(at, "a part of the string", &it.why);
                text.push(b);
                Value::Str(text)
            }
            (Operator::Add, Value::List(a), Value::List(b)) => {
                let mut items = a.borrow().clone();
                let sure = if a.sure() == usize::MAX { items.len().saturating_add(b.sure()) } else { a.sure() };
                items.extend(b.borrow().iter().cloned());
                Value::list(items).but_sure(sure)
            }
            (Operator::Add, Value::Tuple(a), Value::Tuple(b)) => {
                Value::tuple(a.iter().chain(b.iter()).cloned().collect())
            }
            (Operator::BitOr, Value::Dict(a), Value::Dict(b)) => {
                let mut entries = a.borrow().clone();
                for (key, value) in b.borrow().iter().cloned() {
                    super::expression::put(&mut entries, key, value);
                }
                Value::dict(entries).but_sure(a.sure().min(b.sure()))
            }
            (Operator::Mult, Value::Str(text), _) | (Operator::Mult, _, Value::Str(text)) => {
                let times = left.int().or(right.int());
                match times.filter(|it| ((*it).max(0) as usize).saturating_mul(text.len()) <= LONGEST) {
                    Some(times) => {
                        let mut out = Text::default();
                        (0..times.max(0)).for_each(|_| out.push(text));
                        Value::Str(out)
                    }
                    None => Value::unknown("a long string"),
                }
            }
            (Operator::Mult, Value::List(items), Value::Int(times)) => {
                let items = items.borrow();
                if ((*times).max(0) as usize).saturating_mul(items.len()) > LONGEST / 64 {
                    return Value::unknown("a long list");
                }
                Value::list((0..(*times).max(0)).flat_map(|_| items.iter().cloned()).collect())
            }
            (Operator::Add | Operator::Sub, Value::Moment(moment), Value::Delta(days, seconds)) => {
                let sign = if op == Operator::Sub { -1 } else { 1 };
                moment
                    .plus(days.saturating_mul(sign), seconds.saturating_mul(sign))
                    .map_or_else(|| Value::unknown("a date that does not exist"), Value::Moment)
            }
            (Operator::Add, Value::Delta(days, seconds), Value::Moment(moment)) => {
                moment.plus(*days, *seconds).map_or_else(|| Value::unknown("a date that does not exist"), Value::Moment)
            }
            (Operator::Add | Operator::Sub, Value::Moment(moment), Value::Relative(by)) => {
                let by = by.times(if op == Operator::Sub { -1 } else { 1 });
                moment.shifted(&by).map_or_else(|| Value::unknown("a date that does not exist"), Value::Moment)
            }
            (Operator::Add, Value::Relative(by), Value::Moment(moment)) => {
                moment.shifted(by).map_or_else(|| Value::unknown("a date that does not exist"), Value::Moment)
            }
            (Operator::Mult, Value::Relative(by), Value::Int(it))
            | (Operator::Mult, Value::Int(it), Value::Relative(by)) => Value::Relative(by.times(*it)),
            (Operator::Sub, Value::Moment(a), Value::Moment(b)) => {
                Value::Delta(a.day - b.day, a.time.unwrap_or_default() - b.time.unwrap_or_default())
            }
            (Operator::Add, Value::Delta(a, b), Value::Delta(c, d)) => {
                Value::Delta(a.saturating_add(*c), b.saturating_add(*d))
            }
            (Operator::Mult, Value::Delta(a, b), Value::Int(it))
            | (Operator::Mult, Value::Int(it), Value::Delta(a, b)) => {
                Value::Delta(a.saturating_mul(*it), b.saturating_mul(*it))
            }
            (_, Value::Sql(_), _) | (_, _, Value::Sql(_)) => self.sql_binary(op, &left, &right, at),
            (_, Value::Int(_) | Value::Bool(_), Value::Int(_) | Value::Bool(_)) => whole(op, &left, &right),
            (_, a, b) => match (a.number(), b.number()) {
                (Some(a), Some(b)) => real(op, a, b),
                _ if b.is_unknown() => unknown_part(b, "an operator"),
                _ => unknown_part(a, "an operator"),
            },
        }
    }

    /// An operator of an expression of SQL.
    fn sql_binary(&mut self, op: Operator, left: &Value<'a>, right: &Value<'a>, at: Span) -> Value<'a> {
        let (operator, strength) = match op {
            Operator::Add => ("+", strength::ADD),
            Operator::Sub => ("-", strength::ADD),
            Operator::Mult => ("*", strength::MULTIPLY),
            Operator::Div => ("/", strength::MULTIPLY),
            Operator::Mod => ("%", strength::MULTIPLY),
            Operator::BitAnd => ("AND", strength::AND),
            Operator::BitOr => ("OR", strength::OR),
            _ => return Value::unknown("an operator of an expression"),
        };
        let operand = |it: &Value<'a>| match it {
            Value::Sql(it) => Rc::clone(it),
            other => Rc::new(Sql::Value(other.clone(), at)),
        };
        // What adds a string concatenates.
        let text = |it: &Value<'a>| matches!(it, Value::Str(_));
        let (operator, strength) = if operator == "+" && (text(left) || text(right)) {
            ("||", strength::CONCAT)
        } else {
            (operator, strength)
        };
        Value::sql(Sql::binary(operand(left), operator, operand(right), strength))
    }
}

fn whole<'a>(op: Operator, left: &Value<'a>, right: &Value<'a>) -> Value<'a> {
    let (Some(a), Some(b)) = (left.int(), right.int()) else { return Value::unknown("a number") };
    let result = match op {
        Operator::Add => a.checked_add(b),
        Operator::Sub => a.checked_sub(b),
        Operator::Mult => a.checked_mul(b),
        Operator::Div if b != 0 => return Value::Float(a as f64 / b as f64),
        // Python rounds down.
        Operator::FloorDiv => a.checked_div(b).map(|it| if a % b != 0 && (a < 0) != (b < 0) { it - 1 } else { it }),
        Operator::Mod => a.checked_rem(b).map(|it| if it != 0 && (it < 0) != (b < 0) { it + b } else { it }),
        Operator::Pow => u32::try_from(b).ok().and_then(|it| a.checked_pow(it)),
        Operator::BitAnd => Some(a & b),
        Operator::BitOr => Some(a | b),
        Operator::BitXor => Some(a ^ b),
        Operator::LShift => u32::try_from(b).ok().filter(|&it| it < 63).and_then(|it| a.checked_mul(1 << it)),
        Operator::RShift => u32::try_from(b).ok().and_then(|it| a.checked_shr(it)),
        Operator::Div | Operator::MatMult => None,
    };
    result.map_or_else(|| Value::unknown("a number out of range"), Value::Int)
}

fn real<'a>(op: Operator, a: f64, b: f64) -> Value<'a> {
    match op {
        Operator::Add => Value::Float(a + b),
        Operator::Sub => Value::Float(a - b),
        Operator::Mult => Value::Float(a * b),
        Operator::Div if b != 0.0 => Value::Float(a / b),
        Operator::FloorDiv if b != 0.0 => Value::Float((a / b).floor()),
        Operator::Mod if b != 0.0 => Value::Float(a - b * (a / b).floor()),
        Operator::Pow => Value::Float(a.powf(b)),
        _ => Value::unknown("a number out of range"),
    }
}
