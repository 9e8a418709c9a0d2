//! What one statement does, for an editor that is asked about a place.

use super::{RecordedHistory, assumption};
use crate::markup::{code, prose};
use lockkeeper_model::Version;
use lockkeeper_model::record::{LockRecord, StatementRecord, TransactionRecord};
use lockkeeper_model::timeline::OpenedBy;
use lockkeeper_syntax::Span;
use std::fmt::{Display, Write};

/// What the statement around a byte of a file does, as Markdown, and its range there. `script` is the place of the
/// file's script among those of the history.
pub fn hover(history: &RecordedHistory<'_>, script: usize, at: u32, version: Version) -> Option<(Span, String)> {
    let (text, _) = history.scripts.get(script)?;
    let place = |it: &&StatementRecord| text.place(it.span);
    let here = history.record.statements.iter().filter(|it| it.id.script as usize == script);
    let around = here.filter(|it| place(it).start <= at && at <= place(it).end);
    let record = around.min_by_key(|it| place(it).end - place(it).start)?;
    let transaction = history.record.transactions.iter().find(|it| it.id == record.transaction);
    Some((place(&record), page(record, transaction, version)))
}

fn page(record: &StatementRecord, transaction: Option<&TransactionRecord>, version: Version) -> String {
    let kind = record.kind.unwrap_or("not readable");
    let condition = if record.possible { ", if a condition holds" } else { "" };
    let mut page = format!("**{kind}**{condition} · PostgreSQL {version}\n");
    if let Some(failure) = &record.failure {
        let cause = if failure.caused_by.is_some() { ", because of an earlier failure" } else { "" };
        let message = prose(&failure.refusal.message());
        add(&mut page, format_args!("\nrefused ({}{cause}): {message}\n", failure.refusal.sqlstate()));
        return page;
    }
    if record.locks.is_empty() {
        page.push_str("\nNobody waits for it.\n");
    } else {
        locks(&mut page, &record.locks);
        page.push_str(&held(record, transaction));
    }
    let work = [("writes anew", &record.rewrites), ("reads all of", &record.scans), ("builds", &record.index_builds)];
    page.push('\n');
    for (verb, names) in work.into_iter().filter(|it| !it.1.is_empty()) {
        let names: Vec<String> = names.iter().map(|it| code(&it.to_string())).collect();
        add(&mut page, format_args!("- {verb} {}\n", names.join(", ")));
    }
    for it in &record.assumed {
        add(&mut page, format_args!("- assumed: {}\n", prose(&assumption(it))));
    }
    page.truncate(page.trim_end().len());
    page.push('\n');
    page
}

fn locks(page: &mut String, locks: &[LockRecord]) {
    page.push_str("\n| lock | on | who waits |\n|---|---|---|\n");
    for lock in locks {
        // A pipe ends a cell even between backticks.
        let relation = code(&lock.relation.to_string()).replace('|', "\\|");
        if lock.new {
            add(page, format_args!("| {} | {relation} | nobody: it is new |\n", lock.mode));
        } else {
            add(page, format_args!("| {} | {relation} | {} |\n", lock.mode, lock.mode.blocks()));
        }
    }
}

/// How long the locks are held.
fn held(record: &StatementRecord, transaction: Option<&TransactionRecord>) -> String {
    let Some(transaction) = transaction.filter(|it| it.opened_by != OpenedBy::Statement) else {
        return "\nHeld while it runs.\n".to_owned();
    };
    let own = |it: &LockRecord| {
        let held = transaction.held.iter().filter(|held| held.relation == it.relation && held.mode == it.mode);
        held.map(|it| it.to).max()
    };
    let last = record.locks.iter().filter_map(own).max().unwrap_or(transaction.statements);
    if last >= transaction.statements {
        let count = crate::summary::count(transaction.statements as usize, "statement");
        return format!("\nHeld until the end of its transaction, which has {count}.\n");
    }
    format!("\nHeld up to statement {last} of its transaction.\n")
}

fn add(page: &mut String, text: impl Display) {
    // Writing into a string cannot fail.
    let _ = write!(page, "{text}");
}
