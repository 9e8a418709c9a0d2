//! Claims against predictions, both ways.

use crate::example::{Lock, Outcome, Work};
use crate::project::Region;
use lockkeeper_model::{LockMode, Version};
use lockkeeper_rules::document::{Block, BlockKind, Claim};
use std::collections::BTreeSet;

/// What a document says other than the prediction.
pub(crate) struct Difference {
    /// The line of the statement in the document.
    pub(crate) line: usize,
    /// The statement and the claims on either side, to read.
    pub(crate) text: String,
}

/// About weaker locks the silence of a document says nothing.
const WEAKEST: LockMode = LockMode::ShareUpdateExclusive;

/// Compares the markers of a block with what is predicted.
pub(crate) fn block(block: &Block<'_>, outcomes: &[Outcome], version: Version) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (at, outcome) in outcomes.iter().enumerate() {
        let end = outcome.span.end as usize;
        let next = outcomes.get(at + 1).map_or(block.text.len() + 1, |it| it.span.start as usize);
        let claims: Vec<Claim<'_>> = block.claims(end, next, version.major()).collect();
        let mut lines = Vec::new();
        if block.kind == BlockKind::Setup {
            lines.extend(
                outcome.failure.iter().map(|(state, message)| format!("a setup block fails: {state} {message}")),
            );
        } else if outcome.skipped {
            findings(block, &claims, outcome, &mut lines);
        } else {
            statement(block, &claims, outcome, &mut lines);
        }
        if !lines.is_empty() {
            let head = block.text[outcome.span.start as usize..end].lines().next().unwrap_or_default();
            let line = block.line + 1 + block.text[..outcome.span.start as usize].matches('\n').count();
            let body: String = lines.iter().map(|it| format!("    {it}\n")).collect();
            differences.push(Difference { line, text: format!("  {head}\n{body}") });
        }
    }
    differences
}

/// Compares the markers of a file of a project with what happens in each region of it.
pub(crate) fn file(block: &Block<'_>, regions: &[Region], version: Version) -> Vec<Difference> {
    let mut differences = Vec::new();
    for (at, region) in regions.iter().enumerate() {
        let next = regions.get(at + 1).map_or(block.text.len() + 1, |it| it.text.start);
        let claims: Vec<Claim<'_>> = block.claims(region.text.end, next, version.major()).collect();
        let mut lines = Vec::new();
        if block.kind == BlockKind::Setup {
            let failure = region.outcome.failure.iter();
            lines.extend(failure.map(|(state, message)| format!("a setup block fails: {state} {message}")));
        } else {
            statement(block, &claims, &region.outcome, &mut lines);
        }
        if !lines.is_empty() {
            let line = block.line + block.text[..region.text.end].matches('\n').count();
            let head = block.text[region.text.clone()].trim_end().lines().last().unwrap_or_default();
            let body: String = lines.iter().map(|it| format!("    {it}\n")).collect();
            differences.push(Difference { line, text: format!("  {head}\n{body}") });
        }
    }
    differences
}

fn statement(block: &Block<'_>, claims: &[Claim<'_>], outcome: &Outcome, lines: &mut Vec<String>) {
    findings(block, claims, outcome, lines);
    let claimed = claims.iter().find_map(|it| match it {
        Claim::Error { sqlstate } => Some(*sqlstate),
        _ => None,
    });
    match (claimed, &outcome.failure) {
        (Some(claimed), Some((state, _))) if claimed == state => return,
        (Some(claimed), Some((state, message))) => {
            lines.push(format!("claimed: error {claimed}; predicted: error {state} {message}"));
            return;
        }
        (Some(claimed), None) => {
            lines.push(format!("claimed, but not predicted: error {claimed}"));
            return;
        }
        (None, Some((state, message))) => {
            lines.push(format!("predicted, but not claimed: error {state} {message}"));
            return;
        }
        (None, None) => {}
    }
    locks(claims, &outcome.locks, lines);
    let named = |wanted: fn(&Claim<'_>) -> Option<String>| claims.iter().filter_map(wanted).collect::<Vec<_>>();
    let scans = named(|it| if let Claim::Scan { relation } = it { Some((*relation).to_owned()) } else { None });
    let rewrites = named(|it| if let Claim::Rewrite { relation } = it { Some((*relation).to_owned()) } else { None });
    let builds = named(|it| if let Claim::Index { relation } = it { Some((*relation).to_owned()) } else { None });
    work("scan", &scans, &outcome.scans, lines);
    work("rewrite", &rewrites, &outcome.rewrites, lines);
    work("index", &builds, &outcome.index_builds, lines);
}

/// The rules that fire are exactly those claimed; in a `good` block none but those allowed.
fn findings(block: &Block<'_>, claims: &[Claim<'_>], outcome: &Outcome, lines: &mut Vec<String>) {
    let claimed: BTreeSet<&str> = claims
        .iter()
        .filter_map(|it| match it {
            Claim::Finding { rule } => Some(*rule),
            _ => None,
        })
        .collect();
    let fired: BTreeSet<&str> = outcome.findings.iter().map(String::as_str).collect();
    lines.extend(claimed.difference(&fired).map(|it| format!("claimed, but does not fire: finding {it}")));
    let surplus = fired.difference(&claimed).filter(|it| !block.allow.contains(it));
    lines.extend(surplus.map(|it| format!("fires, but is not claimed: finding {it}")));
}

/// What is held afterwards is what was held before or what is claimed, whichever is stronger.
fn locks(claims: &[Claim<'_>], predicted: &[Lock], lines: &mut Vec<String>) {
    let mut claimed: Vec<(&str, &str)> = Vec::new();
    for claim in claims {
        if let Claim::Lock { relation, mode } = claim {
            claimed.push((relation, mode));
        }
    }
    for (relation, mode) in &claimed {
        let found = predicted.iter().find(|it| it.relation == *relation);
        let wanted = LockMode::ALL.into_iter().find(|it| it.to_string() == *mode);
        let held = found.and_then(|it| it.taken.max(it.before));
        if held != wanted.max(found.and_then(|it| it.before)) {
            let held = held.map_or_else(|| "none".to_owned(), |it| it.to_string());
            lines.push(format!("claimed: lock {relation} {mode}; predicted: {held}"));
        }
    }
    for lock in predicted {
        let Some(mode) = lock.taken.filter(|it| *it >= WEAKEST && Some(*it) > lock.before) else { continue };
        if !lock.silent && !claimed.iter().any(|(relation, _)| *relation == lock.relation) {
            lines.push(format!("predicted, but not claimed: lock {} {mode}", lock.relation));
        }
    }
}

fn work(kind: &str, claimed: &[String], predicted: &[Work], lines: &mut Vec<String>) {
    let missing = claimed.iter().filter(|claim| !predicted.iter().any(|it| it.relation == **claim));
    lines.extend(missing.map(|it| format!("claimed, but not predicted: {kind} {it}")));
    let surplus = predicted.iter().filter(|it| !it.silent && !claimed.contains(&it.relation));
    lines.extend(surplus.map(|it| format!("predicted, but not claimed: {kind} {}", it.relation)));
}
