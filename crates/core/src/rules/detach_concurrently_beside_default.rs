//! `DETACH PARTITION … CONCURRENTLY` of a table that has a default partition.

use crate::choose::Findings;
use crate::clause;
use crate::refusals::Reporter;
use crate::step::Step;
use crate::{Edit, recipe};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::BoundKind;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::DetachConcurrentlyBesideDefault) else { return };
    let parent = clause::target(&step.statement.body).and_then(|it| step.find(it));
    let partitions = parent.map(|(id, _)| step.timeline().catalog.partitions(id)).unwrap_or_default();
    let is_default = |it: &lockkeeper_model::RelationId| {
        step.get(*it).and_then(|it| it.partition_of.as_ref()).is_some_and(|it| it.bound == Some(BoundKind::Default))
    };
    let Some((default, (_, parent))) = partitions.into_iter().find(is_default).zip(parent) else {
        found.refusal(failure);
        return;
    };
    let (default_name, parent) = (step.name(default), parent.name.short());
    let message = format!(
        "no partition of `{parent}` can be detached concurrently while it has the default partition `{default_name}`"
    );
    let finding = found.refused(failure, message);
    if let Some((script, span)) = step.created_at(default) {
        finding.label(script, span, "the default partition is created here");
    }
    finding.help(format!(
        "detach it without CONCURRENTLY, with a lock_timeout: reads and writes of `{parent}` wait for a moment"
    ));
    if let Some(word) = step.concurrently() {
        let before = step.text(Span::new(step.statement.span.start, word.start)).trim_end().len() as u32;
        let whole = Span::new(step.statement.span.start + before, word.end);
        let plain = recipe::edited(step, &[Edit::delete(whole)]);
        finding.instead(format!("SET lock_timeout = '2s';\n{plain}"));
    }
}
