//! Values between two partitions that belong to none.

use crate::bounds;
use crate::end::{End, EndFindings};
use lockkeeper_model::compare_range_ends;
use std::cmp::Ordering;

pub(crate) fn check(end: &End<'_>, found: &mut EndFindings<'_>) {
    for (id, table) in end.tables().filter(|(_, it)| it.partition_key().is_some_and(|it| it.elements.len() == 1)) {
        let Some(ranges) = bounds::ranges(end, id) else { continue };
        for pair in ranges.windows(2) {
            let [(below, _, to), (above, from, _)] = pair else { continue };
            if compare_range_ends(to, from) != Some(Ordering::Less) {
                continue;
            }
            let (Some(first), Some(next), Some(place)) = (bounds::end(to), bounds::end(from), end.created_at(*above))
            else {
                continue;
            };
            let name = table.name.short();
            let message =
                format!("rows of `{name}` from {first} up to {next} belong to no partition: to insert one fails");
            let Some(finding) = found.report(&table.name, place, message) else { continue };
            finding.caption(format!("begins at {next}"));
            if let Some(place) = end.created_at(*below) {
                let (script, span) = end.locate(place);
                finding.label(
                    script,
                    span,
                    format!("ends before {first}: the upper bound does not belong to the range"),
                );
            }
            finding.help(format!("let one partition begin where the other ends, at {first}"));
        }
    }
}
