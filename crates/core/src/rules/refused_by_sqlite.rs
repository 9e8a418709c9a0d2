//! What SQLite refuses, in a project that runs on it too.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_sources::{Framework, NoteKind, RevisionNote};
use lockkeeper_syntax::sqlite::refusals;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    if step.inside.is_some() {
        return;
    }
    for note in step.notes() {
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
