//! A class of pools that the engine refuses.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{EnvironmentNote, NoteKind};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    let NoteKind::Environment(EnvironmentNote::Pool { class, engine, asynchronous }) = &noted.note.kind else { return };
    let finding = found.report(format!("`{engine}` refuses the pool `{class}`"));
    finding.caption(if *asynchronous { "is for synchronous engines" } else { "is for asynchronous engines" });
    let own = if *asynchronous { "AsyncAdaptedQueuePool" } else { "QueuePool" };
    finding.help(format!("migrations need one connection: `NullPool`; to keep connections, `{own}`"));
}
