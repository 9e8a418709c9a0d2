//! A partition is created in place, which closes its parent meanwhile.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, recipe, say};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Body, CreateTable, PartitionOf};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::CreateTable(create) = &step.statement.body else { return };
    let Some(of) = &create.partition_of else { return };
    let Some((parent, _)) = step.find(&of.parent) else { return };
    let Some(lock) = step.effects.lock_on(parent).filter(|it| it.mode.blocks_reads()) else { return };
    if step.is_quiet(parent) {
        return;
    }
    let message = format!(
        "{} `{}` wait while `{}` becomes its partition",
        say::accesses(lock.mode.blocks()),
        of.parent,
        create.name
    );
    let finding = found.report(About::Lock(parent), of.span, message);
    finding.caption(format!("{} on `{}` until commit; waits for every query that reads it", lock.mode, of.parent));
    finding.help("create the table by itself, then attach it: queries of the parent go on");
    if let Some(sql) = apart(step, create, of) {
        finding.instead(sql);
    }
}

/// The table by itself, then attached. Without a list of its own elements it is a copy of the parent.
fn apart(step: &Step<'_>, create: &CreateTable, of: &PartitionOf) -> Option<String> {
    if !create.elements.is_empty() {
        return None;
    }
    let whole = step.statement.span;
    let before = step.text(Span::new(whole.start, of.span.start)).trim_end();
    let after = step.text(Span::new(of.span.end, whole.end)).trim();
    let after = if after.is_empty() { String::new() } else { format!(" {after}") };
    let bound = step.text(of.bound.span);
    // A table with an identity of its own is refused as a partition (`ATExecAttachPartition`, PostgreSQL 17).
    let identity = step.find(&of.parent).is_some_and(|(_, it)| it.live_columns().any(|(_, it)| it.identity.is_some()));
    let but = if identity { " EXCLUDING IDENTITY" } else { "" };
    Some(format!(
        "{before} (LIKE {parent} INCLUDING ALL{but}){after};\nALTER TABLE {parent} ATTACH PARTITION {name} {bound};",
        parent = of.parent,
        name = recipe::written(&create.name),
    ))
}
