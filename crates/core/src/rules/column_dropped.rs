//! A column goes, with its values and with more than the statement says.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, say};
use lockkeeper_model::{DropReason, Dropped, DroppedObject, RelationId};
use lockkeeper_syntax::ast::{Body, QualifiedName, RenamedPart, Statement, WriteKind, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for dropped in step.effects.drops.iter().filter(|it| it.how == DropReason::Named) {
        let DroppedObject::Column { table, column } = &dropped.object else { continue };
        let Some(relation) = step.get(*table).filter(|_| !step.is_new(*table)) else { continue };
        let added = relation.column(column).map(|it| it.place);
        if added.is_some_and(|it| step.is_new_place(it.statement)) || is_replaced(step, *table, column) {
            continue;
        }
        let (name, on) = (quoted(column), relation.name.short());
        let message = format!("column `{name}` of `{on}` is dropped with all its values");
        let finding = found.report(About::Drop(dropped.object.clone()), dropped.span, message);
        finding.caption("running code that reads or writes it fails from here on");
        if let Some(place) = added {
            let (script, span) = step.locate(place);
            finding.label(script, span, "added here");
        }
        let more: Vec<String> = along(step, dropped).map(|it| say::object(&it.object, step)).collect();
        if !more.is_empty() {
            finding.note(format!("without CASCADE it takes along: {}", say::list(more)));
        }
        finding.help(format!("release code that does without `{name}`, then drop the column in a later migration"));
    }
}

/// Whether rows of the table were updated before, and another column gets the name later in the same transaction: then
/// the values have moved there.
fn is_replaced(step: &Step<'_>, table: RelationId, column: &str) -> bool {
    let on = |name: &QualifiedName| step.find(name).is_some_and(|it| it.0 == table);
    let copied = step.earlier().iter().any(|it| match &it.body {
        Body::Write(it) => it.kind == WriteKind::Update && on(&it.table.name),
        _ => false,
    });
    let renamed = |it: &Statement| match &it.body {
        Body::Rename(it) => matches!(it.part, RenamedPart::Column(_)) && it.to.text == column && on(&it.object),
        _ => false,
    };
    copied && !step.commits_alone() && step.later().iter().any(renamed)
}

/// What goes along with a column without a word.
fn along<'a>(step: &'a Step<'a>, column: &'a Dropped) -> impl Iterator<Item = &'a Dropped> {
    let (at, drops) = (column.span, &step.timeline().effects.drops);
    // The index of a constraint goes with the constraint; one of the two is enough to name.
    let index_of_constraint = move |it: &Dropped| match it.object {
        DroppedObject::Relation(id) => drops.iter().any(|other| match &other.object {
            DroppedObject::Constraint { table, constraint } => {
                let relation = step.get(*table);
                relation.and_then(|it| it.constraint(constraint)).is_some_and(|(_, it)| it.index() == Some(id))
            }
            _ => false,
        }),
        _ => false,
    };
    // The column of a partition is the same column.
    let inherited = move |it: &Dropped| match (&it.object, &column.object) {
        (DroppedObject::Column { column: one, .. }, DroppedObject::Column { column: other, .. }) => one == other,
        _ => false,
    };
    let silent = drops.iter().filter(move |it| it.how == DropReason::Automatic && it.span == at);
    silent.filter(move |it| !index_of_constraint(it) && !inherited(it))
}
