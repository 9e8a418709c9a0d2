//! The report of `effects` for people.

use super::{Recorded, Selection, Shown, assumption};
use crate::Look;
use crate::paint::{Ink, harmless};
use crate::summary::{count, listed};
use lockkeeper_core::Severity;
use lockkeeper_model::record::TransactionRecord;
use lockkeeper_sources::Unit;

/// The report: what each statement does, then what the transactions hold until they end.
pub fn human(recorded: Recorded<'_>, look: Look) -> String {
    let selection = Selection::new(recorded);
    let mut out = String::new();
    for it in &selection.statements {
        statement(&mut out, it, look);
    }
    for (id, it) in selection.transactions.iter().filter(|(_, it)| it.statements > 1 && !it.held.is_empty()) {
        transaction(&mut out, *id, it, look);
    }
    let (statements, transactions) = (selection.statements.len(), selection.transactions.len());
    let looked = [count(statements, "statement"), count(transactions, "transaction")];
    out.push_str(&format!("{}, PostgreSQL {}.\n", looked.join(", "), recorded.version));
    out
}

fn statement(out: &mut String, it: &Shown<'_>, look: Look) {
    let at = it.script.range(it.record.span, Unit::Bytes).start;
    let place = format!("{}:{}:{}", harmless(&it.script.path, false), at.line, at.column);
    let kind = it.record.kind.unwrap_or("not readable");
    out.push_str(&format!("{place}  {}  [transaction {}]\n", look.paint(Ink::Strong, kind), it.transaction));
    let mut line = |text: String| out.extend(["    ", &harmless(&text, false), "\n"]);
    for lock in &it.record.locks {
        line(format!("{} on {}: {} wait", lock.mode, lock.relation, lock.mode.blocks()));
    }
    let work =
        [("rewrites", &it.record.rewrites), ("reads all of", &it.record.scans), ("builds", &it.record.index_builds)];
    for (verb, names) in work.into_iter().filter(|it| !it.1.is_empty()) {
        line(format!("{verb} {}", listed(names)));
    }
    it.record.assumed.iter().for_each(|it| line(format!("assumed: {}", assumption(it))));
    if let Some(failure) = &it.record.failure {
        let cause = if failure.caused_by.is_some() { ", because of an earlier failure" } else { "" };
        let refused = format!("refused ({}{cause})", failure.refusal.sqlstate());
        let message = failure.refusal.message();
        let refused = look.paint(Ink::Severity(Severity::Error), &refused);
        out.push_str(&format!("    {refused}: {}\n", harmless(&message, false)));
    }
}

fn transaction(out: &mut String, id: u32, it: &TransactionRecord, look: Look) {
    let title = format!("transaction {id} of {}", count(it.statements as usize, "statement"));
    out.push_str(&format!("{} holds\n", look.paint(Ink::Strong, &title)));
    for held in &it.held {
        let relation = held.relation.to_string();
        let relation = harmless(&relation, false);
        let (mode, waits) = (held.mode, held.mode.blocks());
        out.push_str(&format!("    {mode} on {relation} from statement {} to {}: {waits} wait\n", held.from, held.to));
    }
}
