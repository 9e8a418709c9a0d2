//! The last line of a report: what was looked at, and what came of it.

use crate::paint::{Ink, harmless};
use crate::{Checked, Look};
use lockkeeper_core::{Severity, StrongestLock};
use lockkeeper_sources::Script;
use std::fmt::Display;

/// The line, with its line break.
pub(crate) fn summary(checked: Checked<'_>, look: Look) -> String {
    let counts = &checked.report.summary;
    let looked = [count(counts.files, "migration"), count(counts.statements, "statement"), count(counts.rules, "rule")];
    let found = [
        (counts.errors, "error", Ink::Severity(Severity::Error)),
        (counts.warnings, "warning", Ink::Severity(Severity::Warning)),
        (counts.infos, "info", Ink::Severity(Severity::Info)),
        (counts.problems, "problem", Ink::Severity(Severity::Error)),
    ];
    let found: Vec<String> =
        found.iter().filter(|it| it.0 > 0).map(|&(number, noun, ink)| look.paint(ink, &count(number, noun))).collect();
    let found = if found.is_empty() { "nothing found".to_owned() } else { found.join(", ") };
    let lock = counts.strongest_lock.as_ref().map(|it| strongest(it, checked.scripts)).unwrap_or_default();
    format!("{}, PostgreSQL {}: {found}.{lock}\n", looked.join(", "), checked.version)
}

/// "1 error", "2 errors".
pub(crate) fn count(number: usize, noun: &str) -> String {
    let ending = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{ending}")
}

fn strongest(lock: &StrongestLock, scripts: &[&Script]) -> String {
    let StrongestLock { mode, relation, rewrite, scan, .. } = lock;
    let work = match (rewrite, scan) {
        (true, _) => "with a rewrite",
        (false, true) => "no rewrite, with a scan",
        (false, false) => "no rewrite, no scan",
    };
    let file = short(&scripts[lock.script].path);
    format!(" Strongest lock: {mode} on `{}` ({}, {work}).", harmless(relation, false), harmless(file, false))
}

/// What one calls a file: the number that its name begins with, or that of its folder, or else its name.
fn short(path: &str) -> &str {
    let mut names = path.rsplit('/');
    let name = names.next().unwrap_or(path);
    // diesel writes a date with hyphens: 2026-01-31-120000_users.
    let number = |name: &str| {
        let end = name.find(|it: char| !it.is_ascii_digit() && it != '-').unwrap_or(name.len());
        name[..end].trim_end_matches('-').len()
    };
    let folder = names.next().filter(|it| number(name) == 0 && number(it) > 0);
    let named = folder.unwrap_or(name);
    let digits = number(named);
    if digits == 0 { named } else { &named[..digits] }
}

/// Words with commas between them.
pub(crate) fn listed<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|it| it.to_string()).collect::<Vec<_>>().join(", ")
}
