//! A view that code reads goes.

use crate::About;
use crate::choose::Findings;
use crate::say;
use crate::step::Step;
use lockkeeper_model::catalog::{Relation, RelationKind};
use lockkeeper_model::{DropReason, DroppedObject};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for dropped in step.effects.drops.iter().filter(|it| it.how == DropReason::Named) {
        let DroppedObject::Relation(id) = dropped.object else { continue };
        let is_view = |it: &&Relation| matches!(it.kind, RelationKind::View(_) | RelationKind::MaterializedView(_));
        let Some(view) = step.get(id).filter(is_view) else { continue };
        if step.is_new(id) || step.made_again(view) {
            continue;
        }
        let name = view.name.short();
        let message = format!("{} `{name}` is dropped", say::kind(view));
        let finding = found.report(About::Drop(dropped.object.clone()), dropped.span, message);
        finding.caption("running code that reads it fails from here on");
        if let Some((script, span)) = step.created_at(id) {
            finding.label(script, span, "created here");
        }
        finding.help(format!("release code that does without `{name}`, then drop it in a later migration"));
    }
}
