//! All rows of a table go.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, say};
use lockkeeper_model::{DropReason, Dropped, DroppedObject, RelationId};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let rows = |it: &Dropped| match it.object {
        DroppedObject::Rows(id) if !step.is_new(id) => Some(id),
        _ => None,
    };
    let emptied = |how: DropReason| step.effects.drops.iter().filter(move |it| it.how == how);
    let victims: Vec<RelationId> = emptied(DropReason::Cascade).filter_map(rows).collect();
    for dropped in emptied(DropReason::Named) {
        let Some(id) = rows(dropped) else { continue };
        let table = step.name(id);
        let finding = found.report(
            About::Drop(dropped.object.clone()),
            dropped.span,
            format!("all rows of `{table}` are deleted"),
        );
        if let Some(mode) = step.lock_on(id) {
            finding.caption(format!("{mode} on `{table}` until commit; {} wait", mode.blocks()));
        }
        if let Some((script, span)) = step.created_at(id) {
            finding.label(script, span, "created here");
        }
        if !victims.is_empty() {
            let names = say::names(victims.iter().map(|it| step.name(*it)));
            finding.note(format!("CASCADE empties {names} too, also rows that refer to nothing"));
        }
        finding.help("delete in batches what has to go");
    }
    let named = emptied(DropReason::Named).any(|it| rows(it).is_some());
    if let (false, Some(first)) = (named, emptied(DropReason::Cascade).find(|it| rows(it).is_some())) {
        let names = say::names(victims.iter().map(|it| step.name(*it)));
        let finding = found.report(About::Cascade, first.span, format!("CASCADE deletes all rows of {names}"));
        finding.help("name the tables that have to be emptied");
    }
}
