//! A type goes.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_model::catalog::{RelationKind, TypeDefinitionKind};
use lockkeeper_model::{DropReason, DroppedObject};
use lockkeeper_syntax::ast::{Body, RenamedPart};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for dropped in step.effects.drops.iter().filter(|it| it.how == DropReason::Named) {
        let (name, kind, place) = match &dropped.object {
            DroppedObject::Type(name) => {
                let definition = step.timeline().catalog.type_definition(name);
                let kind = match definition.map(|it| &it.kind) {
                    Some(TypeDefinitionKind::Domain(_)) => "domain",
                    Some(TypeDefinitionKind::Enum(_)) => "enum",
                    _ => "type",
                };
                (name.short(), kind, definition.map(|it| it.place))
            }
            DroppedObject::Relation(id) => {
                match step.get(*id).filter(|it| matches!(it.kind, RelationKind::Composite)) {
                    Some(relation) => (relation.name.short(), "type", relation.known().then(|| relation.place())),
                    None => continue,
                }
            }
            _ => continue,
        };
        if place.is_some_and(|it| step.is_new_place(it.statement)) || is_replaced(step, name.as_str()) {
            continue;
        }
        let finding =
            found.report(About::Drop(dropped.object.clone()), dropped.span, format!("{kind} `{name}` is dropped"));
        finding.caption("running code that casts to it, or looks it up by name, fails from here on");
        if let Some((script, span)) = place.map(|it| step.locate(it)) {
            finding.label(script, span, "created here");
        }
        finding.help(format!("release code that does without `{name}`, then drop it in a later migration"));
    }
}

/// Whether an earlier statement of the script moved the type out of the way of another that now has its name.
fn is_replaced(step: &Step<'_>, name: &str) -> bool {
    step.earlier().iter().any(|it| match &it.body {
        Body::Rename(it) if it.part == RenamedPart::Itself => {
            it.to.to_string() == name && step.find_type(&it.object).is_some()
        }
        _ => false,
    })
}
