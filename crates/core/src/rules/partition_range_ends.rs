//! The last partition of a range has an end, and nothing takes what comes after it.

use crate::bounds;
use crate::end::{End, EndFindings};
use crate::options::DAYS_AHEAD;
use lockkeeper_syntax::ast::BoundValue;

pub(crate) fn check(end: &End<'_>, found: &mut EndFindings<'_>) {
    for (id, table) in end.tables().filter(|(_, it)| it.partition_key().is_some_and(|it| it.elements.len() == 1)) {
        let Some((last, _, to)) = bounds::ranges(end, id).and_then(|it| it.last().copied()) else { continue };
        let (Some(limit), Some(place)) = (bounds::end(to), end.created_at(last)) else { continue };
        if to.contains(&BoundValue::Max) {
            continue;
        }
        let ahead = found.options(place).number(DAYS_AHEAD).and_then(|it| end.settings.today?.checked_add(it as i64));
        if ahead.zip(day(to)).is_some_and(|(ahead, day)| day >= ahead) {
            continue;
        }
        let name = table.name.short();
        let message = format!("rows of `{name}` from {limit} on belong to no partition: to insert one fails");
        let Some(finding) = found.report(&table.name, place, message) else { continue };
        finding.caption("is the last partition");
        finding.help("create the next partitions in time, by a scheduled job or an extension such as pg_partman");
    }
}

/// The day that a bound names, counted from 1970-01-01; none of a bound that is no date.
fn day(bound: &[BoundValue]) -> Option<i64> {
    let [BoundValue::Value(value)] = bound else { return None };
    let text = bounds::literal(value)?;
    let date = text.strip_prefix('\'')?.get(..10)?;
    let part = |at: std::ops::Range<usize>| date.get(at)?.parse::<i64>().ok();
    if date.as_bytes()[4] != b'-' || date.as_bytes()[7] != b'-' {
        return None;
    }
    Some(lockkeeper_sources::day(part(0..4)?, part(5..7)?, part(8..10)?))
}

#[cfg(test)]
mod tests {
    use super::day;
    use lockkeeper_syntax::ast::{BoundValue, Constant, Expr, ExprKind};

    fn of(text: &str) -> Option<i64> {
        let value = ExprKind::Constant(Constant::String(text.into()));
        day(&[BoundValue::Value(Expr { kind: value, span: Default::default() })])
    }

    #[test]
    fn days_are_counted_as_clocks_count_them() {
        assert_eq!(of("1970-01-01"), Some(0));
        assert_eq!(of("2000-02-29 00:00:00+00"), Some(11_016));
        assert_eq!(of("2026-11-26"), Some(20_783));
        assert_eq!(of("1000000000"), None);
        assert_eq!(of("x"), None);
    }
}
