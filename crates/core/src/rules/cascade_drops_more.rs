//! `CASCADE` takes objects along that the statement does not name.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, say};
use lockkeeper_model::{DropReason, Dropped, DroppedObject, RelationId};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::Body;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let victims: Vec<&Dropped> = step
        .effects
        .drops
        .iter()
        // What lives in a dropped schema is named by the schema's own rule.
        .filter(|it| it.how == DropReason::Cascade && !harmless(step, it) && step.outside_dropped_schemas(&it.object))
        .collect();
    let Some(first) = victims.first() else { return };
    let names = say::list(victims.iter().map(|it| say::object(&it.object, step)));
    let span = cascade(step).unwrap_or(first.span);
    let finding = found.report(About::Cascade, span, format!("CASCADE also drops {names}"));
    for victim in &victims {
        if let Some((script, span)) = created(step, victim) {
            finding.label(script, span, format!("{} is created here", say::object(&victim.object, step)));
        }
    }
    finding.help("drop each of them by its name, or change it so that it no longer depends; then leave out CASCADE");
}

/// Whether what goes is new, or is rows, of which another rule speaks.
fn harmless(step: &Step<'_>, dropped: &Dropped) -> bool {
    match &dropped.object {
        DroppedObject::Rows(_) => true,
        DroppedObject::Relation(id) => step.is_new(*id),
        DroppedObject::Column { table, column } => {
            let added = step.get(*table).and_then(|it| it.column(column)).map(|it| it.place);
            step.is_new(*table) || added.is_some_and(|it| step.is_new_place(it.statement))
        }
        DroppedObject::Constraint { table, constraint } => {
            let added = step.get(*table).and_then(|it| it.constraint(constraint)).map(|(_, it)| it.place);
            step.is_new(*table) || added.is_some_and(|it| step.is_new_place(it.statement))
        }
        DroppedObject::Part { table, .. } => step.is_new(*table),
        DroppedObject::Type(name) => {
            let definition = step.timeline().catalog.type_definition(name);
            definition.is_some_and(|it| step.is_new_place(it.place.statement))
        }
        DroppedObject::Schema(_) | DroppedObject::Other { .. } => false,
    }
}

fn created(step: &Step<'_>, dropped: &Dropped) -> Option<(usize, Span)> {
    let of = |id: &RelationId| step.get(*id);
    match &dropped.object {
        DroppedObject::Relation(id) => step.created_at(*id),
        DroppedObject::Constraint { table, constraint } => {
            Some(step.locate(of(table)?.constraint(constraint)?.1.place))
        }
        DroppedObject::Column { table, column } => Some(step.locate(of(table)?.column(column)?.place)),
        _ => None,
    }
}

/// The word `CASCADE`, where the tree has its place.
fn cascade(step: &Step<'_>) -> Option<Span> {
    match &step.statement.body {
        Body::Drop(it) => it.cascade,
        Body::DropOwned(it) => it.cascade,
        _ => None,
    }
}
