//! All revisions of one `upgrade` in one transaction.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{EnvironmentNote, NoteKind};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    if noted.note.kind == NoteKind::Environment(EnvironmentNote::OneTransaction) {
        let finding = found.report(
            "all revisions that one `upgrade` runs share a transaction: locks are held until the last one ends",
        );
        finding.help("pass `transaction_per_migration=True`");
    }
}
