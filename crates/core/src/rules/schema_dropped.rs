//! A schema goes, with all that is in it.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, say};
use lockkeeper_model::{DropReason, DroppedObject};
use lockkeeper_syntax::ast::quoted;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for dropped in step.effects.drops.iter().filter(|it| it.how == DropReason::Named) {
        let DroppedObject::Schema(name) = &dropped.object else { continue };
        let place = step.timeline().catalog.schema_place(name);
        if place.is_some_and(|it| step.is_new_place(it.statement)) {
            continue;
        }
        let cascade = step.effects.drops.iter().filter(|it| it.how == DropReason::Cascade && it.span == dropped.span);
        let inside = cascade.filter(|it| !step.outside_dropped_schemas(&it.object));
        let victims: Vec<String> = inside.map(|it| say::object(&it.object, step)).collect();
        let with = if victims.is_empty() { "" } else { " with everything in it" };
        let message = format!("schema `{}` is dropped{with}", quoted(name));
        let finding = found.report(About::Drop(dropped.object.clone()), dropped.span, message);
        finding.caption("running code that uses it fails from here on");
        if let Some((script, span)) = place.map(|it| step.locate(it)) {
            finding.label(script, span, "created here");
        }
        if !victims.is_empty() {
            finding.note(format!("CASCADE takes along: {}", say::list(victims)));
        }
        finding.help(
            "rename the schema and wait until nobody misses it; then drop its contents by name in a later migration",
        );
    }
}
