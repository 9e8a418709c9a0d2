//! A function that code calls goes.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_model::DroppedObject;
use lockkeeper_model::catalog::Function;
use lockkeeper_syntax::ast::{Body, Name, ObjectKind};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::Drop(it) = &step.statement.body else { return };
    if !matches!(it.kind, ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine) {
        return;
    }
    for object in &it.objects {
        let Some(function) = step.find_function(&object.name).filter(|it| is_called(it)) else { continue };
        let Some(place) = function.routines.first().map(|it| it.place) else { continue };
        if function.routines.iter().any(|it| step.is_new_place(it.place.statement))
            || made_again(step, &object.name.name)
        {
            continue;
        }
        let name = object.name.to_string();
        let word = it.kind.word().to_ascii_lowercase();
        let dropped = DroppedObject::Other { kind: it.kind, name: name.as_str().into() };
        let finding = found.report(About::Drop(dropped), object.span, format!("{word} `{name}` is dropped"));
        finding.caption("running code that calls it fails from here on");
        let (script, span) = step.locate(place);
        finding.label(script, span, "created here");
        finding.help(format!("release code that does without `{name}`, then drop it in a later migration"));
    }
}

/// Whether code can call one of them: what only triggers run goes with them.
pub(super) fn is_called(function: &Function) -> bool {
    let for_events = |name: &str| matches!(name, "trigger" | "event_trigger");
    function.routines.iter().any(|it| !for_events(&it.result.name.name))
}

/// Whether this script makes a function of the same name, before or after.
pub(super) fn made_again(step: &Step<'_>, name: &Name) -> bool {
    step.earlier().iter().chain(step.later()).any(|it| match &it.body {
        Body::CreateFunction(it) => it.name.name == *name,
        // What is not read may well make it.
        Body::Do(_) => true,
        _ => false,
    })
}
