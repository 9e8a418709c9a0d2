//! An index is dropped under a lock that stops reads and writes.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, Edit, Safety, Where, say};
use lockkeeper_model::{DropReason, DroppedObject};
use lockkeeper_syntax::ast::{Body, ObjectKind};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::Drop(statement) = &step.statement.body else { return };
    for dropped in step.effects.drops.iter().filter(|it| it.how == DropReason::Named) {
        let DroppedObject::Relation(id) = dropped.object else { continue };
        let Some(relation) = step.get(id) else { continue };
        let Some(table) = relation.as_index().map(|it| it.table) else { continue };
        let Some(mode) = step.lock_on(table).filter(|it| it.blocks_writes()) else { continue };
        if step.is_quiet(table) || step.is_new(id) || step.goes_later(table) {
            continue;
        }
        let (index, on) = (relation.name.short(), step.name(table));
        let message = format!("{} `{on}` wait for the drop of `{index}`", say::accesses(mode.blocks()));
        let finding = found.report(About::Drop(dropped.object.clone()), dropped.span, message);
        finding.caption(format!("{mode} on `{on}` until commit, after all who use it now"));
        if step.is_partitioned(table) {
            finding.help("an index of a partitioned table cannot be dropped concurrently: give up early and try again");
            let timeout = if step.commits_alone() { "SET" } else { "SET LOCAL" };
            finding.instead(format!("{timeout} lock_timeout = '2s';\nDROP INDEX {index};"));
            continue;
        }
        let if_exists = if statement.if_exists { "IF EXISTS " } else { "" };
        finding.instead_in(Where::Outside, format!("DROP INDEX CONCURRENTLY {if_exists}{index};"));
        let alone = statement.objects.len() == 1 && statement.cascade.is_none() && statement.kind == ObjectKind::Index;
        if alone && step.commits_alone() {
            let words = "DROP INDEX".len() as u32;
            let at = step.statement.span.start + words;
            if step.statement_text().get(..words as usize).is_some_and(|it| it.eq_ignore_ascii_case("DROP INDEX")) {
                finding.fix(Safety::Unsafe, "drop it concurrently", vec![Edit::insert(at, " CONCURRENTLY")]);
            }
        }
    }
}
