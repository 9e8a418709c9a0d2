//! The last partition of a range has an end, and nothing takes what comes after it.

use crate::bounds;
use crate::end::{End, EndFindings};
use lockkeeper_syntax::ast::BoundValue;

pub(crate) fn check(end: &End<'_>, found: &mut EndFindings<'_>) {
    for (id, table) in end.tables().filter(|(_, it)| it.partition_key().is_some_and(|it| it.elements.len() == 1)) {
        let Some((last, _, to)) = bounds::ranges(end, id).and_then(|it| it.last().copied()) else { continue };
        let (Some(limit), Some(place)) = (bounds::end(to), end.created_at(last)) else { continue };
        if to.contains(&BoundValue::Max) {
            continue;
        }
        let name = table.name.short();
        let message = format!("rows of `{name}` from {limit} on belong to no partition: to insert one fails");
        let Some(finding) = found.report(place, message) else { continue };
        finding.caption("is the last partition");
        finding.help("create the next partitions in time, by a scheduled job or an extension such as pg_partman");
    }
}
