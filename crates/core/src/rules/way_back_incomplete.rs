//! A way back that leaves something of its migration behind.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_model::catalog::Relation;
use lockkeeper_model::{DroppedObject, ObjectName, RelationId};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Action, ActionKind, Body, Constraint, CreateIndex, QualifiedName, Statement};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some((script, migration)) = step.undone().filter(|_| is_end(step)) else { return };
    for statement in migration.parsed.statements.iter().filter(|it| !it.possible) {
        let replaces = |name: &QualifiedName| {
            let drops = |it: &Statement| matches!(&it.body, Body::Drop(it) if it.objects.iter().any(|it| it.name.name.text == name.name.text));
            migration.parsed.statements.iter().take_while(|it| it.span.start < statement.span.start).any(drops)
        };
        // What the migration only made anew was there before it.
        if matches!(&statement.body, Body::CreateTable(it) if replaces(&it.name)) {
            continue;
        }
        for (what, name, span) in left_behind(step, script, statement) {
            let message = format!("the way back leaves {what} `{name}` behind, so to go forwards again fails");
            let finding = found.report(About::LeftBehind(name.clone()), step.head(), message);
            finding.caption("is the last thing that it does");
            finding.label(script, span, "made here");
            finding.help(format!("drop {what} `{name}` too"));
        }
    }
}

/// Whether nothing follows, and all that went before is known.
fn is_end(step: &Step<'_>) -> bool {
    let hidden = |it: &Statement| it.possible || matches!(it.body, Body::Do(_) | Body::Call(_) | Body::Unreadable(_));
    let all_known = !step.earlier().iter().any(hidden) && !hidden(step.statement);
    step.later().is_empty() && step.inside.is_none() && step.failure.is_none() && all_known
}

/// What a statement of the migration made, and is still there when the way back ends: what it is, its name, and where
/// that stands.
fn left_behind(step: &Step<'_>, script: usize, made: &Statement) -> Vec<(&'static str, String, Span)> {
    match &made.body {
        Body::CreateTable(it) if !it.if_not_exists => relation(step, script, "the table", &it.name),
        Body::CreateView(it) if !it.replace => relation(step, script, "the view", &it.name),
        Body::CreateTableAs(it) if !it.if_not_exists => relation(step, script, "the relation", &it.name),
        Body::CreateSequence(it) if !it.if_not_exists => relation(step, script, "the sequence", &it.name),
        Body::CreateType(it) => kept_type(step, script, &it.name),
        Body::CreateIndex(it) if !it.if_not_exists => index(step, script, it),
        Body::AlterTable(it) => parts(step, script, &it.relation.name, &it.actions),
        _ => Vec::new(),
    }
}

fn relation(
    step: &Step<'_>,
    script: usize,
    what: &'static str,
    name: &QualifiedName,
) -> Vec<(&'static str, String, Span)> {
    let Some((id, relation)) = step.find(name) else { return Vec::new() };
    if step.created_at(id).is_none_or(|it| it.0 != script) || goes(step, id) {
        return Vec::new();
    }
    vec![(what, relation.name.short().to_string(), name.span())]
}

fn kept_type(step: &Step<'_>, script: usize, name: &QualifiedName) -> Vec<(&'static str, String, Span)> {
    let Some(definition) = step.find_type(name) else { return Vec::new() };
    let same = |it: &ObjectName| {
        it.name == name.name.text && name.schema.as_ref().is_none_or(|schema| schema.text == it.schema)
    };
    let dropped = step.effects.drops.iter().any(|it| matches!(&it.object, DroppedObject::Type(it) if same(it)));
    if step.locate(definition.place).0 != script || dropped {
        return Vec::new();
    }
    vec![("the type", name.to_string(), name.span())]
}

fn index(step: &Step<'_>, script: usize, made: &CreateIndex) -> Vec<(&'static str, String, Span)> {
    let Some(name) = &made.name else { return Vec::new() };
    // It is made in the schema of its table.
    let qualified = QualifiedName { name: name.clone(), ..made.table.name.clone() };
    let mut left = relation(step, script, "the index", &qualified);
    left.iter_mut().for_each(|it| it.2 = name.span);
    left
}

/// Columns, and constraints that have names of their own.
fn parts(
    step: &Step<'_>,
    script: usize,
    table: &QualifiedName,
    actions: &[Action],
) -> Vec<(&'static str, String, Span)> {
    let Some((id, relation)) = step.find(table).filter(|it| !goes(step, it.0)) else { return Vec::new() };
    let mut left = Vec::new();
    for action in actions {
        if let ActionKind::AddConstraint { constraint, .. } = &action.kind {
            left.extend(kept_constraint(step, script, (id, relation), constraint));
            continue;
        }
        let ActionKind::AddColumn { column, if_not_exists: false } = &action.kind else { continue };
        let name = &column.name;
        let Some(there) = relation.column(&name.text).filter(|it| step.locate(it.place).0 == script) else { continue };
        let dropped = step.effects.drops.iter().any(
            |it| matches!(&it.object, DroppedObject::Column { table, column } if *table == id && *column == there.name),
        );
        if !dropped {
            left.push(("the column", format!("{}.{}", relation.name.short(), there.name), name.span));
        }
    }
    left
}

fn kept_constraint(
    step: &Step<'_>,
    script: usize,
    (table, relation): (RelationId, &Relation),
    made: &Constraint,
) -> Option<(&'static str, String, Span)> {
    let name = made.name.as_ref()?;
    let there = relation.constraint(&name.text)?.1;
    let is_dropped = |it: &DroppedObject| matches!(it, DroppedObject::Constraint { table: of, constraint } if *of == table && *constraint == there.name);
    let dropped = step.effects.drops.iter().any(|it| is_dropped(&it.object));
    (!dropped && step.locate(there.place).0 == script).then(|| ("the constraint", there.name.to_string(), name.span))
}

fn goes(step: &Step<'_>, id: RelationId) -> bool {
    step.effects.drops.iter().any(|it| it.object == DroppedObject::Relation(id))
}
