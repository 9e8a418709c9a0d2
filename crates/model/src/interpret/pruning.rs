//! Partitions that a condition leaves out, so that they are not opened; `src/backend/partitioning/partprune.c`.

use super::bounds::{Value, begins_within, compare, constant, range_end};
use super::referential::is_false;
use super::work::Work;
use crate::catalog::{ColumnId, DataType, RelationId};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{BoundKind, BoundValue, Constant, Expr, ExprKind};
use std::cmp::Ordering::{self, Equal, Greater, Less};

/// What `IS NULL` says that a column equals.
static NULL: Expr = Expr { kind: ExprKind::Constant(Constant::Null), span: Span { start: 0, end: 0 } };

impl Work<'_> {
    /// The tables that an `UPDATE`, `DELETE` or row lock with this condition opens: the tree, without partitions that the
    /// planner can leave out because of what the condition says of the key; `prune_append_rel_partitions`.
    pub(super) fn matched(&self, table: RelationId, only: bool, condition: Option<&Expr>) -> Vec<RelationId> {
        if only {
            return vec![table];
        }
        // Partitions are left out for that, inheritance children are not.
        let never = condition.is_some_and(is_false);
        let mut met = vec![table];
        let mut at = 0;
        while at < met.len() {
            let id = met[at];
            at += 1;
            let relation = self.relation(id);
            let equal = |column: ColumnId| {
                let name = &relation.columns.get(column)?.name;
                condition.and_then(|it| equals(it, name))
            };
            match self.route(id, equal) {
                _ if never => met.extend(self.catalog.inheritors(id)),
                Some(only) => met.push(only),
                None => {
                    let mut children = self.catalog.children(id);
                    children.retain(|it| self.may_match(id, *it, &equal));
                    if let Some(condition) = condition {
                        self.prune_ranges(id, condition, &mut children);
                    }
                    met.extend(children);
                }
            }
        }
        met
    }

    fn bound(&self, partition: RelationId) -> Option<&BoundKind> {
        self.relation(partition).partition_of.as_ref()?.bound.as_ref()
    }

    /// Whether a partition by range may hold rows of which the first column of the key equals a constant.
    fn may_match<'e>(
        &self,
        parent: RelationId,
        partition: RelationId,
        equal: &impl Fn(ColumnId) -> Option<&'e Expr>,
    ) -> bool {
        let first = self.relation(parent).partition_key().and_then(|it| it.elements.first()?.column);
        let (Some(value), Some(bound)) = (first.and_then(equal), self.bound(partition)) else { return true };
        begins_within(bound, value)
    }

    /// Leaves out partitions that lie outside of what the condition compares the first column of the key with.
    fn prune_ranges(&self, parent: RelationId, condition: &Expr, children: &mut Vec<RelationId>) {
        let relation = self.relation(parent);
        let Some([key, rest @ ..]) = relation.partition_key().map(|it| it.elements.as_slice()) else { return };
        let Some(column) = key.column.and_then(|at| relation.columns.get(at)) else { return };
        let mut tests = Vec::new();
        comparisons(condition, &column.name, &mut tests);
        let tests: Vec<(&str, Value)> = tests
            .into_iter()
            .filter(|(_, value)| self.is_plainly_of(value, &column.data_type))
            .filter_map(|(symbol, value)| Some((symbol, constant(value)?)))
            .collect();
        if tests.is_empty() {
            return;
        }
        let outside = |id: RelationId| match self.bound(id) {
            Some(BoundKind::Range { from, to }) => match (end(from), end(to)) {
                (Some(from), Some(to)) => tests.iter().any(|(symbol, value)| match *symbol {
                    "<" => matches!(compare(&from, value), Some(Greater | Equal)),
                    "<=" => compare(&from, value) == Some(Greater),
                    // Where further columns decide, the end itself may lie within.
                    ">=" if !rest.is_empty() => compare(&to, value) == Some(Less),
                    _ => matches!(compare(&to, value), Some(Less | Equal)),
                }),
                _ => false,
            },
            Some(BoundKind::List(values)) => values.iter().all(|own| match constant(own) {
                Some(Value::Null) => true,
                Some(own) => {
                    tests.iter().any(|(symbol, value)| compare(&own, value).is_some_and(|it| !holds(symbol, it)))
                }
                None => false,
            }),
            _ => false,
        };
        children.retain(|it| !outside(*it));
        if rest.is_empty() && self.is_covered(children, &tests) {
            children.retain(|it| self.bound(*it) != Some(&BoundKind::Default));
        }
    }

    /// Whether the ranges lie side by side and hold all values for which the tests hold, so that nothing is left to the default.
    fn is_covered(&self, children: &[RelationId], tests: &[(&str, Value)]) -> bool {
        let at = |upper: bool| tests.iter().find(|(symbol, _)| symbol.starts_with('<') == upper);
        let mut reached = at(false).map_or(Value::Min, |it| it.1.clone());
        let (closed, last) = at(true).map_or((false, Value::Max), |it| (it.0 == "<=", it.1.clone()));
        for _ in children {
            let mut ranges = children.iter().filter_map(|it| match self.bound(*it)? {
                BoundKind::Range { from, to } => Some((end(from)?, end(to)?)),
                _ => None,
            });
            let here = |from: &Value, to: &Value| {
                matches!(compare(from, &reached), Some(Less | Equal)) && compare(&reached, to) == Some(Less)
            };
            let Some((_, to)) = ranges.find(|(from, to)| here(from, to)) else { return false };
            match compare(&to, &last) {
                Some(Greater) => return true,
                Some(Equal) if !closed => return true,
                Some(_) => reached = to,
                None => return false,
            }
        }
        false
    }

    /// Whether the constant is compared as a value of the type: what has another one may be compared in a way that the planner
    /// does not look through.
    fn is_plainly_of(&self, value: &Expr, of: &DataType) -> bool {
        let whole = |name: &str| matches!(name, "int2" | "int4" | "int8");
        match &value.kind {
            ExprKind::Cast { to, .. } => {
                let to = self.data_type(to).name;
                to == of.name || (whole(&to.name) && whole(&of.name.name))
            }
            ExprKind::Constant(Constant::Number(_)) => !whole(&of.name.name),
            ExprKind::Constant(Constant::Null) => false,
            _ => true,
        }
    }
}

/// The end of a range in its first column.
fn end(of: &[BoundValue]) -> Option<Value> {
    range_end(of.get(..1)?)?.into_iter().next()
}

fn holds(symbol: &str, order: Ordering) -> bool {
    match order {
        Less => symbol.starts_with('<'),
        Equal => symbol.ends_with('='),
        Greater => symbol.starts_with('>'),
    }
}

/// The constants that a column is less or greater than wherever the condition holds, each with its operator.
fn comparisons<'e>(condition: &'e Expr, column: &str, found: &mut Vec<(&'static str, &'e Expr)>) {
    let is_column = |it: &Expr| it.as_column().is_some_and(|it| it.text == column);
    match &condition.kind {
        ExprKind::And(parts) => parts.iter().for_each(|it| comparisons(it, column, found)),
        ExprKind::Between { negated: false, symmetric: false, value, low, high } if is_column(value) => {
            found.extend([(">=", &**low), ("<=", &**high)]);
        }
        ExprKind::Operator { symbol, left: Some(left), right } => {
            let (there, back) = match symbol.as_str() {
                "<" => ("<", ">"),
                "<=" => ("<=", ">="),
                ">" => (">", "<"),
                ">=" => (">=", "<="),
                _ => return,
            };
            if is_column(left) {
                found.push((there, right));
            } else if is_column(right) {
                found.push((back, left));
            }
        }
        _ => {}
    }
}

/// The constant that a condition says a column equals.
fn equals<'e>(condition: &'e Expr, column: &str) -> Option<&'e Expr> {
    let is_column = |it: &Expr| it.as_column().is_some_and(|it| it.text == column);
    match &condition.kind {
        ExprKind::And(parts) => parts.iter().find_map(|it| equals(it, column)),
        ExprKind::IsNull { value, negated: false } if is_column(value) => Some(&NULL),
        ExprKind::Operator { symbol, left: Some(left), right } if symbol == "=" => {
            match (is_column(left), is_column(right)) {
                (true, false) => Some(right),
                (false, true) => Some(left),
                _ => None,
            }
        }
        _ => None,
    }
}
