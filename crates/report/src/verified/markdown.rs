//! The report of `verify` as Markdown, for the comment on a change or the summary of a job.

use super::{Verified, VerifiedStatement};
use crate::markup::{code, fenced, prose};
use crate::summary::listed;
use lockkeeper_sources::Unit;
use std::fmt::Write;

/// The summary, a table of the statements, then what differs, what was left out and the round trips.
pub fn markdown(verified: &Verified<'_>) -> String {
    let mut page = format!("## Lockkeeper: verified on a server\n\n{}", prose(&verified.summary()));
    if !verified.statements.is_empty() {
        page.push_str("\n| where | statement | locks | work | ms | |\n|---|---|---|---|---:|---|\n");
    }
    for it in &verified.statements {
        row(&mut page, it);
    }
    for it in verified.statements.iter().filter(|it| !it.mismatches.is_empty()) {
        let line = it.script.range(it.span, Unit::Bytes).start.line;
        // Writing into a string cannot fail.
        let _ = write!(page, "\n{} line {line}:\n\n", code(&it.script.path));
        for mismatch in &it.mismatches {
            let _ = writeln!(page, "- {}: {}", code(mismatch.kind), prose(&mismatch.message));
        }
    }
    if verified.left_out.iter().any(|it| !it.ground) {
        page.push_str("\nLeft out:\n\n");
    }
    for it in verified.left_out.iter().filter(|it| !it.ground) {
        let line = it.script.range(it.span, Unit::Bytes).start.line;
        let _ = writeln!(page, "- {} line {line}: {}", code(&it.script.path), prose(&it.message));
    }
    for it in verified.routing.iter().filter(|it| !it.right) {
        let seen = it.seen.as_ref().or(it.refused.as_ref()).map_or("nowhere", String::as_str);
        let _ = writeln!(page, "\n{} ({}) goes elsewhere: {}", code(&it.table), code(&it.values), prose(seen));
    }
    for it in &verified.upserts {
        let Some(refused) = &it.refused else { continue };
        let line = it.script.range(it.span, Unit::Bytes).start.line;
        let _ = writeln!(
            page,
            "\n{} line {line}: {} is refused: {}",
            code(&it.script.path),
            code(&it.target),
            prose(refused)
        );
    }
    for it in verified.round_trips.iter().filter(|it| !it.is_equal()) {
        let _ = write!(page, "\n{}: up, down and up again do not end in equal schemas.\n", code(&it.script.path));
        if let Some(refused) = &it.refused {
            let _ = write!(page, "\n{}\n", prose(refused));
        }
        for (title, sql) in [("The way back lacks", &it.after_down), ("The second way forwards lacks", &it.after_up)] {
            if !sql.is_empty() {
                let _ = write!(page, "\n{title}:\n\n{}", fenced("sql", &sql.join("\n")));
            }
        }
    }
    for note in &verified.notes {
        let _ = write!(page, "\n> {}\n", prose(note));
    }
    page
}

fn row(page: &mut String, it: &VerifiedStatement<'_>) {
    let line = it.script.range(it.span, Unit::Bytes).start.line;
    let locks = it.seen.locks.iter().map(|(relation, mode)| format!("{mode} on {relation}"));
    let work = [("rewrites", &it.seen.rewrites), ("reads", &it.seen.scans), ("builds", &it.seen.index_builds)];
    let work = work.iter().filter(|it| !it.1.is_empty()).map(|(verb, names)| format!("{verb} {}", listed(*names)));
    let elapsed = it.elapsed.map(|it| format!("{:.1}", it.as_secs_f64() * 1_000.0)).unwrap_or_default();
    let elapsed = it.growth.map(|it| format!("{elapsed} {}", it.word())).unwrap_or(elapsed);
    let result = match (&it.seen.failure, it.mismatches.is_empty()) {
        (_, false) => "⚠️ mismatch".to_owned(),
        (Some(failure), true) => format!("🛑 {} {}", failure.sqlstate, failure.message),
        (None, true) => "✅".to_owned(),
    };
    let _ = writeln!(
        page,
        "| {}:{line} | {} | {} | {} | {elapsed} | {} |",
        code(&it.script.path).replace('|', "\\|"),
        it.kind.unwrap_or("not readable"),
        prose(&listed(locks)),
        prose(&work.collect::<Vec<_>>().join(", ")),
        prose(&result).replace('\n', " ")
    );
}
