//! A materialized view is computed anew while its readers wait.

use crate::choose::Findings;
use crate::step::Step;
use crate::work;
use crate::{About, Edit, Safety, recipe, say};
use lockkeeper_model::{RelationId, RewriteReason};
use lockkeeper_syntax::ast::Body;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::Refresh(refresh) = &step.statement.body else { return };
    let refreshed = |why: &'_ RewriteReason| matches!(why, RewriteReason::Refresh).then_some(());
    for (work, ()) in work::rewrites(step, refreshed).into_iter().filter(|(it, ())| it.mode.blocks_reads()) {
        let view = step.name(work.table);
        if refresh.no_data {
            let message = format!("`{view}` is emptied: until it is refreshed again, reading it fails");
            let finding = found.report(About::Rewrite(work.table), work.span, message);
            finding.caption(format!("{} on `{view}` until commit", work.mode));
            finding.help("leave out WITH NO DATA, or drop the view if nothing reads it");
            continue;
        }
        let message = format!("{} `{view}` wait while it is computed anew", say::accesses(work.mode.blocks()));
        let finding = found.report(About::Rewrite(work.table), work.span, message);
        finding.caption(format!("{} on `{view}` until commit; runs its query", work.mode));
        let edits = vec![Edit::insert(refresh.view.span().start, "CONCURRENTLY ")];
        if has_full_unique_index(step, work.table) {
            finding.help("CONCURRENTLY computes the new rows first and changes the view row by row; its readers go on");
            finding.instead(recipe::edited(step, &edits));
            finding.fix(Safety::Safe, "refresh it concurrently", edits);
        } else {
            finding.help(format!(
                "give `{view}` a unique index over plain columns without WHERE, built CONCURRENTLY; then it can be \
                 refreshed CONCURRENTLY, and its readers go on"
            ));
        }
    }
}

/// `REFRESH … CONCURRENTLY` matches rows by such an index; `is_usable_unique_index` in `matview.c`.
fn has_full_unique_index(step: &Step<'_>, view: RelationId) -> bool {
    let mut indexes = step.timeline().catalog.indexes(view);
    indexes.any(|(_, _, it)| {
        it.unique && it.valid && it.immediate && it.predicate.is_none() && it.key.iter().all(|it| it.column.is_some())
    })
}
