//! A sequence goes, with its position.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_model::catalog::RelationKind;
use lockkeeper_model::{DropReason, DroppedObject};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for dropped in step.effects.drops.iter().filter(|it| it.how == DropReason::Named) {
        let DroppedObject::Relation(id) = dropped.object else { continue };
        let Some(relation) = step.get(id).filter(|it| matches!(it.kind, RelationKind::Sequence(_))) else { continue };
        if step.is_new(id) {
            continue;
        }
        let name = relation.name.short();
        let message = format!("sequence `{name}` is dropped with its position");
        let finding = found.report(About::Drop(dropped.object.clone()), dropped.span, message);
        finding.caption("running code that draws numbers from it fails from here on");
        if let Some((script, span)) = step.created_at(id) {
            finding.label(script, span, "created here");
        }
        finding.note("created again, it hands out numbers that are already in use");
        finding.help(format!("rename `{name}` and wait until nobody misses it; drop it in a later migration"));
    }
}
