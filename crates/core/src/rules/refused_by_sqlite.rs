//! What SQLite refuses, in a project that runs on it too.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_model::catalog::{ConstraintKind, RelationKind};
use lockkeeper_model::{DropReason, DroppedObject, Origin, Place};
use lockkeeper_sources::{Framework, NoteKind, RevisionNote};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::sqlite::refusals;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    if step.inside.is_some() {
        return;
    }
    for note in step.notes() {
        if note.kind == NoteKind::Revision(RevisionNote::ColumnGoesOnSqlite) {
            column_goes(step, note.span, found);
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
    for (span, why) in refusals(step.statement, step.script_text()) {
        found.report(About::Meaning(span), span, why).caption("the project runs on SQLite too");
    }
}

/// A column that SQLite drops only when no index, no key and no foreign key of the table is on it
/// (<https://sqlite.org/lang_altertable.html>); PostgreSQL drops these along.
fn column_goes(step: &Step<'_>, at: Span, found: &mut Findings<'_>) {
    let along = step.effects.drops.iter().filter(|it| it.how == DropReason::Automatic);
    let blocking = along.filter_map(|it| blocks(step, &it.object)).find(|it| !step.is_left_out_on_sqlite(it.1));
    if let Some((what, _)) = blocking {
        let why = format!("SQLite drops no column that {what} needs");
        let finding = found.report(About::Meaning(at), at, why);
        finding.caption("the project runs on SQLite too");
        finding.help("drop that first, or drop the column inside `op.batch_alter_table()`");
    }
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
                _ => false,
            };
            blocks.then(|| (format!("the constraint `{constraint}`"), it.place))
        }
        _ => None,
    }
}
