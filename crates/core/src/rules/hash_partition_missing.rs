//! Remainders of a hash-partitioned table that no partition takes.

use crate::end::{End, EndFindings};
use crate::say;
use lockkeeper_syntax::ast::{BoundKind, PartitionStrategy};

pub(crate) fn check(end: &End<'_>, found: &mut EndFindings<'_>) {
    for (id, table) in end.tables() {
        if table.partition_key().is_none_or(|it| it.strategy != PartitionStrategy::Hash) {
            continue;
        }
        let partitions = end.catalog.partitions(id);
        let bounds: Option<Vec<(i32, i32)>> = partitions
            .iter()
            .map(|it| match end.catalog.get(*it)?.partition_of.as_ref()?.bound {
                Some(BoundKind::Hash { modulus, remainder }) if modulus > 0 => Some((modulus, remainder)),
                _ => None,
            })
            .collect();
        let (Some(bounds), Some(last)) = (bounds, partitions.last()) else { continue };
        let missing = missing(&bounds);
        let (Some(modulus), false) = (bounds.iter().map(|it| it.0).max(), missing.is_empty()) else { continue };
        let Some(place) = end.created_at(*last) else { continue };
        let name = table.name.short();
        let which = match missing.as_slice() {
            [one] => format!("remainder {one} of modulus {modulus}"),
            many => format!("{} of {modulus} remainders", many.len()),
        };
        let message = format!("`{name}` has no partition for {which}: to insert a row of theirs fails");
        let Some(finding) = found.report(&table.name, place, message) else { continue };
        finding.caption("is the last partition that is created");
        let listed = missing.iter().take(8).map(ToString::to_string);
        let more = if missing.len() > 8 { ", …" } else { "" };
        finding.note(format!("the remainders {}{more} are free", say::list(listed)));
        let free = missing[0];
        finding.help("create a partition for each remainder");
        finding.instead(format!(
            "CREATE TABLE {} PARTITION OF {name} FOR VALUES WITH (MODULUS {modulus}, REMAINDER {free});",
            lockkeeper_syntax::ast::quoted(&format!("{}_{free}", table.name.name))
        ));
    }
}

/// Above this nobody creates a partition for each remainder, and counting them takes its time.
const LARGEST: i32 = 4096;

/// The remainders of the greatest modulus that no partition takes. Each modulus divides the next greater one.
fn missing(bounds: &[(i32, i32)]) -> Vec<i32> {
    let Some(greatest) = bounds.iter().map(|it| it.0).max().filter(|it| *it <= LARGEST) else { return Vec::new() };
    (0..greatest).filter(|it| !bounds.iter().any(|(modulus, remainder)| it % modulus == *remainder)).collect()
}
