//! The report of `verify` for people.

use super::{LeftOut, RoundTrip, RoutedRow, Verified, VerifiedStatement};
use crate::Look;
use crate::paint::{Ink, harmless};
use crate::summary::listed;
use lockkeeper_core::Severity;
use lockkeeper_sources::{Script, Unit};
use lockkeeper_syntax::Span;

/// Statements of the history that are named if they were left out; nobody asked about them.
const GROUND: usize = 10;

/// What each statement did, what was left out, the round trips, and a last line.
pub fn human(verified: &Verified<'_>, look: Look) -> String {
    let mut out = String::new();
    for it in &verified.statements {
        statement(&mut out, it, look);
    }
    left_out(&mut out, "left out", verified.left_out.iter().filter(|it| !it.ground).collect(), usize::MAX, look);
    left_out(
        &mut out,
        "left out of the history",
        verified.left_out.iter().filter(|it| it.ground).collect(),
        GROUND,
        look,
    );
    for it in verified.routing.iter().filter(|it| !it.right) {
        astray(&mut out, it, look);
    }
    for it in &verified.upserts {
        let Some(refused) = &it.refused else { continue };
        let error = look.paint(Ink::Severity(Severity::Error), "is refused");
        let (place, target) = (place(it.script, it.span), harmless(&it.target, false));
        out.push_str(&format!("{place}: {target} {error}: {}\n", harmless(refused, false)));
    }
    for it in &verified.round_trips {
        round_trip(&mut out, it, look);
    }
    for note in &verified.notes {
        out.push_str(&format!("{}: {}\n", look.paint(Ink::Note, "note"), harmless(note, false)));
    }
    out.push_str(&harmless(&verified.summary(), true));
    out
}

/// What was left out, with the reason; beyond so many, how many more.
fn left_out(out: &mut String, title: &str, all: Vec<&LeftOut<'_>>, most: usize, look: Look) {
    if all.is_empty() {
        return;
    }
    out.push_str(&format!("{}\n", look.paint(Ink::Strong, title)));
    for it in all.iter().take(most) {
        out.push_str(&format!("  {}: {}\n", place(it.script, it.span), harmless(&it.message, false)));
    }
    if let Some(more) = all.len().checked_sub(most).filter(|it| *it > 0) {
        out.push_str(&format!("  and {more} more, which --format json has all\n"));
    }
}

fn place(script: &Script, span: Span) -> String {
    let at = script.range(span, Unit::Bytes).start;
    format!("{}:{}:{}", harmless(&script.path, false), at.line, at.column)
}

fn statement(out: &mut String, it: &VerifiedStatement<'_>, look: Look) {
    let kind = it.kind.unwrap_or("not readable");
    let elapsed = it.elapsed.map(|it| format!("  {:.1} ms", it.as_secs_f64() * 1_000.0)).unwrap_or_default();
    let growth = it.growth.map(|it| format!("  {}", it.word())).unwrap_or_default();
    out.push_str(&format!("{}  {}{elapsed}{growth}\n", place(it.script, it.span), look.paint(Ink::Strong, kind)));
    let mut line = |text: &str| out.extend(["    ", &harmless(text, false), "\n"]);
    for (relation, mode) in &it.seen.locks {
        line(&format!("{mode} on {relation}"));
    }
    let work = [("rewrites", &it.seen.rewrites), ("reads all of", &it.seen.scans), ("builds", &it.seen.index_builds)];
    for (verb, names) in work.into_iter().filter(|it| !it.1.is_empty()) {
        line(&format!("{verb} {}", listed(names)));
    }
    if let Some(failure) = &it.seen.failure {
        let foreseen = it.predicted.failure.as_ref().is_some_and(|it| it.sqlstate == failure.sqlstate);
        let foreseen = if foreseen && !failure.aborted { ", as predicted" } else { "" };
        let refused = look.paint(Ink::Severity(Severity::Error), &format!("refused ({}{foreseen})", failure.sqlstate));
        out.push_str(&format!("    {refused}: {}\n", harmless(&failure.message, false)));
    }
    for mismatch in &it.mismatches {
        let label = look.paint(Ink::Severity(Severity::Error), &format!("mismatch ({})", mismatch.kind));
        out.push_str(&format!("    {label}: {}\n", harmless(&mismatch.message, false)));
    }
}

fn astray(out: &mut String, it: &RoutedRow, look: Look) {
    let error = look.paint(Ink::Severity(Severity::Error), "goes elsewhere");
    let predicted = match (&it.expected, &it.excluded) {
        (Some(name), _) => format!("predicted: {name}"),
        (None, name) => format!("predicted: not {}", name.as_deref().unwrap_or_default()),
    };
    let seen = it.seen.as_ref().or(it.refused.as_ref()).map_or("nowhere", String::as_str);
    let text = format!("{} ({})", it.table, it.values);
    out.push_str(&format!(
        "{} {error}: {}; {}\n",
        harmless(&text, false),
        harmless(seen, false),
        harmless(&predicted, false)
    ));
}

fn round_trip(out: &mut String, it: &RoundTrip<'_>, look: Look) {
    let path = harmless(&it.script.path, false);
    if it.is_equal() {
        out.push_str(&format!("{path}: up, down and up again end in equal schemas\n"));
        return;
    }
    let error = |text: &str| look.paint(Ink::Severity(Severity::Error), text);
    if let Some(refused) = &it.refused {
        out.push_str(&format!("{path}: {}: {}\n", error("the round trip is refused"), harmless(refused, false)));
    }
    let sides = [
        ("the way back does not lead back; what it lacks", &it.after_down),
        ("up again does not end where the first time did; what it lacks", &it.after_up),
    ];
    for (title, sql) in sides.into_iter().filter(|it| !it.1.is_empty()) {
        out.push_str(&format!("{path}: {}:\n", error(title)));
        for line in sql.iter().flat_map(|it| it.lines()) {
            out.push_str(&format!("    {}\n", harmless(line, false)));
        }
    }
}
