//! What a tool minds about a file's name and its place among the others.

use crate::note::{Note, NoteKind};
use crate::{Entry, Framework};
use lockkeeper_syntax::Span;

/// Notes what is wrong in files that lead forwards, in their order.
pub(crate) fn find(files: &mut [Entry], name: impl Fn(&Entry) -> String, framework: Framework) {
    let mut found: Vec<(usize, NoteKind)> = Vec::new();
    let mut before: Option<(u64, usize)> = None;
    for (at, file) in files.iter().enumerate().filter(|it| !it.1.repeats) {
        if file.reading.hints.passed_over {
            found.push((at, NoteKind::NamePassedOver));
            continue;
        }
        let Some(version) = number(&file.version) else { continue };
        match before {
            Some((last, other)) if last == version && refuses_same(framework) => {
                found.push((at, NoteKind::SameVersion(name(&files[other]))));
            }
            Some((last, other)) if version > last + 1 && refuses_gaps(framework) => {
                found.push((at, NoteKind::VersionMissing(name(&files[other]))));
            }
            _ => {}
        }
        before = Some((version, at));
    }
    let kind = |it: &NoteKind| std::mem::discriminant(it);
    for (at, it) in &found {
        // A history that is full of what its tool refuses is not run by that tool.
        if found.iter().filter(|other| kind(&other.1) == kind(it)).count() <= SLIPS {
            files[*at].notes.push(Note { kind: it.clone(), span: Span::default() });
        }
    }
}

/// So many mistakes of a kind may be slips.
pub(crate) const SLIPS: usize = 2;

/// The version as a number; parts count as they do for Flyway, where `1.0` is `1`.
fn number(version: &str) -> Option<u64> {
    let mut parts = version.split(['.', '_']);
    let first = parts.next()?.parse().ok()?;
    parts.all(|it| it.bytes().all(|it| it == b'0')).then_some(first)
}

fn refuses_same(framework: Framework) -> bool {
    matches!(
        framework,
        Framework::Flyway
            | Framework::GolangMigrate
            | Framework::Goose
            | Framework::PostgresMigrations
            | Framework::Refinery
            | Framework::Sqlx
            | Framework::Supabase
            | Framework::Tern
    )
}

fn refuses_gaps(framework: Framework) -> bool {
    matches!(framework, Framework::PostgresMigrations | Framework::Tern)
}
