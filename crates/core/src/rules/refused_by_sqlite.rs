//! What SQLite refuses, in a project that runs on it too.

use crate::About;
use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use lockkeeper_model::catalog::{Constraint, ConstraintKind, Index, Relation, RelationKind};
use lockkeeper_model::{DropReason, DroppedObject, Origin, Place, RelationId};
use lockkeeper_sources::{Framework, NoteKind, OnSqlite, RevisionNote};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{ActionKind, Body, RenamedPart};
use lockkeeper_syntax::sqlite::refusals;
use smol_str::SmolStr;

/// Whether anything can say that a project runs on SQLite: its `env.py`, or its settings.
const CAN_BE_SAID: bool = lockkeeper_sources::READS_PYTHON || cfg!(feature = "config");

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    if !CAN_BE_SAID || step.inside.is_some() {
        return;
    }
    for note in step.notes() {
        if let NoteKind::Revision(RevisionNote::OnSqlite(how)) = &note.kind
            && step.effects.failure.is_none()
        {
            otherwise(step, *how, note.span, found);
        }
        if let NoteKind::Revision(RevisionNote::RefusedBySqlite { why, batch_does }) = &note.kind {
            let finding = found.report(About::Meaning(note.span), note.span, why.clone());
            finding.caption("the project runs on SQLite too");
            finding.help(match batch_does {
                true => "do it inside `op.batch_alter_table()`, or only where the dialect is `postgresql`",
                false => "write what both know, such as CURRENT_TIMESTAMP for now(), or do it only where the dialect is `postgresql`",
            });
        }
    }
    if step.framework() == Framework::Alembic || !step.runs_on_sqlite() {
        return;
    }
    if let Body::AlterTable(it) = &step.statement.body
        && let Some(action) = it.actions.iter().find(|it| matches!(it.kind, ActionKind::DropColumn { .. }))
        && step.effects.failure.is_none()
    {
        otherwise(step, OnSqlite::DropsInPlace, action.span, found);
    }
    for (span, why) in refusals(step.statement, step.script_text()) {
        found.report(About::Meaning(span), span, why).caption("the project runs on SQLite too");
    }
}

/// What SQLite refuses where it copies a table, or drops a column without a copy.
fn otherwise(step: &Step<'_>, how: OnSqlite, at: Span, found: &mut Findings<'_>) {
    let (why, help) = match how {
        OnSqlite::DropsInPlace => {
            let Some(what) = needs_column(step) else { return };
            let help = "drop that first, or drop the column inside `op.batch_alter_table()`";
            (format!("SQLite drops no column that {what} needs"), help)
        }
        OnSqlite::Copies => {
            let Some((table, view)) = view_of(step) else { return };
            let help = "drop the view before the batch, and create it again behind it";
            (format!("SQLite puts no copy in the place of `{table}` while the view `{view}` reads it"), help)
        }
        OnSqlite::CopiesOtherColumn => {
            let Some(what) = names_column(step) else { return };
            let help = "drop that before the batch, and create it again behind it";
            (format!("SQLite has no such column any more for {what}, which the copy takes along"), help)
        }
        OnSqlite::CopiesWithoutConstraint => {
            let Some(name) = made_up(step) else { return };
            let help = "give `naming_convention` to the batch, with the name that PostgreSQL has made up";
            (format!("on SQLite no constraint is called `{name}`: it was made without a name"), help)
        }
    };
    found.report(About::Meaning(at), at, why).caption("the project runs on SQLite too").help(help);
}

/// A view that reads the table of the statement.
fn view_of(step: &Step<'_>) -> Option<(SmolStr, SmolStr)> {
    let (id, _) = step.find(clause::target(&step.statement.body)?)?;
    let is_there = |it: &RelationId| match step.get(*it).map(|it| &it.origin) {
        Some(Origin::Created(place)) => !step.is_left_out_on_sqlite(*place),
        _ => false,
    };
    let view = step.timeline().catalog.views(id).into_iter().find(is_there)?;
    Some((step.name(id), step.name(view)))
}

/// What a batch takes along that names the column which goes or is renamed: checks with a name, and indexes.
/// Checks without a name are left out of the copy.
fn names_column(step: &Step<'_>) -> Option<String> {
    let (id, table) = step.find(clause::target(&step.statement.body)?)?;
    let dropped = clause::actions(&step.statement.body).iter().find_map(|it| match &it.kind {
        ActionKind::DropColumn { column, .. } => Some(&column.text),
        _ => None,
    });
    let column = match &step.statement.body {
        Body::Rename(it) => match &it.part {
            RenamedPart::Column(it) => &it.text,
            _ => return None,
        },
        _ => dropped?,
    };
    let at = table.column_id(column)?;
    let names = |it: &ConstraintKind| matches!(it, ConstraintKind::Check { columns, .. } if columns.contains(&at));
    let mut checks = table.live_constraints().map(|it| it.1).filter(|it| names(&it.kind));
    let there = |place| !step.is_left_out_on_sqlite(place);
    if let Some(it) = checks.find(|it| is_named(step, it) && there(it.place)) {
        return Some(format!("the constraint `{}`", it.name));
    }
    let mut indexes = step.timeline().catalog.indexes(id);
    let keeps = |it: &Index| {
        // An index over an expression is left out of the copy.
        let plain = it.key.iter().all(|it| it.column.is_some());
        let key = || dropped.is_some() && it.key.iter().any(|it| it.column == Some(at));
        plain && (it.computes_from(column) || key())
    };
    // What a key needs goes with it.
    let apart = |id| table.constraint_of_index(id).is_none();
    let index = indexes.find(|(id, relation, it)| apart(*id) && keeps(it) && there(relation.place()))?;
    Some(format!("the index `{}`", step.name(index.0)))
}

/// The name of a constraint that was made without one.
fn made_up<'a>(step: &Step<'a>) -> Option<&'a str> {
    let (_, table) = step.find(clause::target(&step.statement.body)?)?;
    let name = clause::actions(&step.statement.body).iter().find_map(|it| match &it.kind {
        ActionKind::DropConstraint { name, .. } => Some(&name.text),
        _ => None,
    })?;
    let (_, it) = table.constraint(name)?;
    (!is_named(step, it)).then_some(name)
}

/// Whether the name of a constraint stands where it was made.
fn is_named(step: &Step<'_>, constraint: &Constraint) -> bool {
    let (script, span) = step.locate(constraint.place);
    step.text_of(script, span).contains(constraint.name.as_str())
}

/// What keeps SQLite from dropping the column of the statement, which has an index, a key, a foreign key or a check of
/// the table on it (<https://sqlite.org/lang_altertable.html>); PostgreSQL drops these along.
fn needs_column(step: &Step<'_>) -> Option<String> {
    let along = step.effects.drops.iter().filter(|it| it.how == DropReason::Automatic);
    let blocking = along.filter_map(|it| blocks(step, &it.object)).find(|it| !step.is_left_out_on_sqlite(it.1));
    blocking.map(|it| it.0)
}

/// What keeps SQLite from dropping its column, and where it was made.
fn blocks(step: &Step<'_>, object: &DroppedObject) -> Option<(String, Place)> {
    match object {
        // A sequence of the column goes with it too.
        DroppedObject::Relation(id) => {
            match step.get(*id).filter(|it| matches!(it.kind, RelationKind::Index(_)))?.origin {
                Origin::Created(place) => Some((format!("the index `{}`", step.name(*id)), place)),
                Origin::Assumed(_) => None,
            }
        }
        DroppedObject::Constraint { table, constraint } => {
            let (_, it) = step.get(*table)?.constraint(constraint)?;
            let (script, span) = step.locate(it.place);
            // A foreign key that is written into its column goes with it.
            let apart = || step.text_of(script, span).to_ascii_uppercase().contains("FOREIGN KEY");
            let blocks = match it.kind {
                ConstraintKind::Unique { .. } => true,
                ConstraintKind::ForeignKey { .. } => apart(),
                // One that is written into its column goes with it.
                ConstraintKind::Check { .. } => !in_column(step.get(*table)?, it),
                _ => false,
            };
            blocks.then(|| (format!("the constraint `{constraint}`"), it.place))
        }
        _ => None,
    }
}

/// Whether a constraint is written into the definition of a column.
fn in_column(table: &Relation, constraint: &Constraint) -> bool {
    let made = constraint.place;
    table.live_columns().any(|(_, it)| it.place.statement == made.statement && it.place.span.contains(made.span))
}
