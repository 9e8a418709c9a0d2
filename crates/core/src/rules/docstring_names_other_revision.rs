//! The docstring of a revision and its variables tell two stories; Alembic reads only the variables.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{NoteKind, RevisionNote};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    let NoteKind::Revision(note) = &noted.note.kind else { return };
    let (message, help) = match note {
        RevisionNote::OtherParents { documented, actual } => (
            format!("the docstring says that it revises {}, `down_revision` says {}", named(documented), named(actual)),
            "keep the one that is meant, and make the other say the same",
        ),
        RevisionNote::OtherName { documented, actual } => (
            format!("the docstring calls the revision `{documented}`, its variable says `{actual}`"),
            "name the same revision in both",
        ),
        _ => return,
    };
    found.report(message).caption("Alembic does not read this").help(help);
}

fn named(revisions: &str) -> String {
    if revisions.is_empty() { "nothing".to_owned() } else { format!("`{revisions}`") }
}
