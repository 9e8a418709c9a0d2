//! A schema, type or function that code names gets another name or schema.

use super::function_dropped;
use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_model::Place;
use lockkeeper_model::catalog::{Fact, RelationKind};
use lockkeeper_syntax::ast::{Body, ObjectKind, QualifiedName, RenamedPart};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let (kind, object, to) = match &step.statement.body {
        Body::Rename(it) if it.part == RenamedPart::Itself => (it.kind, &it.object, it.to.to_string()),
        Body::SetSchema(it) => (it.kind, &it.object, format!("{}.{}", it.to, it.object.name)),
        _ => return,
    };
    let place = match kind {
        ObjectKind::Schema => of_schema(step, object),
        ObjectKind::Type | ObjectKind::Domain => of_type(step, object),
        ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine => of_function(step, object),
        _ => return,
    };
    let Some(place) = place.filter(|it| !step.is_new_place(it.statement) && !taken_over(step, object)) else { return };
    let word = kind.word().to_ascii_lowercase();
    let message = format!("{word} `{object}` becomes `{to}`, and code that uses the old name fails");
    let finding = found.report(About::Name, object.span(), message);
    finding.caption("running code still says this name");
    let (script, span) = step.locate(place);
    finding.label(script, span, "created here");
    finding.help(match kind {
        ObjectKind::Schema => "make a new schema, and move code over to it before anything leaves the old one",
        ObjectKind::Type | ObjectKind::Domain => "keep the name, or rename only what code never says",
        _ => "make a function of the new name beside it, and drop the old one once no code calls it",
    });
}

/// A schema with something in it. Where it was made, if anywhere, else its first table.
fn of_schema(step: &Step<'_>, name: &QualifiedName) -> Option<Place> {
    let catalog = step.timeline().catalog;
    let schema = &name.name.text;
    let mut inside = catalog.relations().filter(|(_, it)| it.name.schema == *schema);
    let first = inside.next().map(|(_, it)| it.place());
    let function = catalog.functions().find(|(it, _)| it.schema == *schema);
    let first = first.or_else(|| function.and_then(|(_, it)| Some(it.routines.first()?.place)))?;
    (catalog.schema(schema) != Fact::Known(false)).then(|| catalog.schema_place(schema).unwrap_or(first))
}

fn of_type(step: &Step<'_>, name: &QualifiedName) -> Option<Place> {
    let composite = || {
        let (_, relation) = step.find(name)?;
        (relation.known() && matches!(relation.kind, RelationKind::Composite)).then(|| relation.place())
    };
    step.find_type(name).map(|it| it.place).or_else(composite)
}

fn of_function(step: &Step<'_>, name: &QualifiedName) -> Option<Place> {
    let function = step.find_function(name).filter(|it| function_dropped::is_called(it))?;
    let new = function.routines.iter().any(|it| step.is_new_place(it.place.statement));
    function.routines.first().filter(|_| !new).map(|it| it.place)
}

/// Whether this script gives the old name to something else, as a new type that takes its place.
fn taken_over(step: &Step<'_>, old: &QualifiedName) -> bool {
    function_dropped::made_again(step, &old.name)
        || step.later().iter().any(|it| match &it.body {
            Body::CreateType(it) => it.name.name == old.name,
            Body::CreateDomain(it) => it.name.name == old.name,
            Body::CreateSchema(it) => it.name.as_ref().is_some_and(|it| it.text == old.name.text),
            Body::Rename(it) => it.part == RenamedPart::Itself && it.to == old.name,
            _ => false,
        })
}
