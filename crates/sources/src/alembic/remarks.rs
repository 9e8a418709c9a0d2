//! What a revision says of itself, held against what it does.

use super::revision::{Direct, Facts, Named};
use crate::{Note, NoteKind, RevisionNote};
use lockkeeper_syntax::Span;

/// Notes what is worth knowing of both directions.
pub(super) fn note(facts: &Facts, up: Option<&mut Direct>, down: Option<&mut Direct>) {
    let Some(up) = up else { return };
    let add = |to: &mut Direct, kind, span| to.notes.push(Note { kind: NoteKind::Revision(kind), span });
    if let Some(kind) = documented(facts) {
        let span = up.title.documented;
        add(up, kind, span);
    }
    if !sends(up) {
        return;
    }
    let named = up.title.revision;
    if facts.down_revisions.len() > 1 {
        add(up, RevisionNote::MergeSends, named);
    }
    match down {
        None if facts.downgrade.is_none() => add(up, RevisionNote::NoWayBack, named),
        Some(down) if facts.downgrade_is_empty => {
            let span = down.title.function;
            add(down, RevisionNote::EmptyWayBack, span);
        }
        _ => {}
    }
}

fn sends(direct: &Direct) -> bool {
    !direct.statements.is_empty() || !direct.gaps.is_empty()
}

/// What the docstring says otherwise: its words, and where they stand.
pub(super) fn stale(facts: &Facts) -> Option<(String, Span)> {
    match documented(facts)? {
        RevisionNote::OtherName { documented, .. } => {
            Some((format!("Revision ID: {documented}"), facts.documented_revision.as_ref()?.span))
        }
        RevisionNote::OtherParents { documented, .. } => {
            Some((format!("Revises: {documented}").trim_end().to_owned(), facts.documented_at?))
        }
        _ => None,
    }
}

fn documented(facts: &Facts) -> Option<RevisionNote> {
    let actual = facts.revision.as_ref()?;
    if let Some(said) = facts.documented_revision.as_ref().filter(|it| it.name != actual.name) {
        return Some(RevisionNote::OtherName { documented: said.name.clone(), actual: actual.name.clone() });
    }
    facts.documented_at?;
    let same = |a: &[Named], b: &[Named]| a.iter().all(|it| b.iter().any(|other| other.name.starts_with(&it.name)));
    let (said, meant) = (&facts.documented_parents, &facts.down_revisions);
    if said.len() == meant.len() && same(said, meant) {
        return None;
    }
    let listed = |names: &[Named]| names.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join(", ");
    Some(RevisionNote::OtherParents { documented: listed(said), actual: listed(meant) })
}
