//! `TRUNCATE`.

use crate::Refusal;
use crate::catalog::RelationId;
use crate::effects::{DropReason, DroppedObject, LockMode, RewriteReason};
use crate::interpret::names::Expected;
use crate::interpret::work::Work;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::Truncate;

/// Empties tables; `ExecuteTruncate`.
pub(in crate::interpret) fn truncate(work: &mut Work<'_>, it: &Truncate) {
    let mut named: Vec<(RelationId, Span, DropReason)> = Vec::new();
    for table in &it.tables {
        let span = table.name.span();
        let Some(id) = work.resolve_or_assume(&table.name, Expected::Table, false) else { continue };
        if table.only && work.is_partitioned(id) {
            work.refuse(Refusal::TruncateOnlyPartitioned, span);
        }
        for part in work.reached(id, table.only) {
            if !named.iter().any(|(it, _, _)| *it == part) {
                let how = if part == id { DropReason::Named } else { DropReason::Automatic };
                named.push((part, span, how));
            }
        }
    }
    let mut at = 0;
    while at < named.len() {
        let (id, span, _) = named[at];
        for (by, _) in work.referencing_rows(id) {
            if named.iter().any(|(it, _, _)| *it == by) {
                continue;
            }
            match it.cascade {
                Some(cascade) => {
                    // By its key a table brings its partitions, which have one too, and no other children;
                    // `heap_truncate_find_FKs`.
                    for part in work.reached(by, !work.is_partitioned(by)) {
                        if !named.iter().any(|(it, _, _)| *it == part) {
                            named.push((part, cascade, DropReason::Cascade));
                        }
                    }
                }
                None => {
                    let table = work.relation(id).name.name.clone();
                    let refusal = Refusal::TruncateReferenced { table, by: work.relation(by).name.name.clone() };
                    work.refuse(refusal, span);
                }
            }
        }
        at += 1;
    }
    for (id, span, how) in named {
        work.lock(id, LockMode::AccessExclusive, span);
        work.rewrite(id, RewriteReason::Truncate, span);
        work.dropped(DroppedObject::Rows(id), how, span);
        if it.restart_identity {
            for (sequence, _) in work.catalog.owned_sequences(id) {
                work.lock(sequence, LockMode::AccessExclusive, span);
            }
        }
    }
}
