//! An engine for asynchronous drivers with one that is not, or the other way round.

use crate::noted::{NoteFindings, Noted};
use lockkeeper_sources::{EnvironmentNote, NoteKind};

pub(crate) fn check(noted: &Noted<'_>, found: &mut NoteFindings<'_>) {
    let NoteKind::Environment(EnvironmentNote::Driver { scheme, engine, asynchronous, before_2_1 }) = &noted.note.kind
    else {
        return;
    };
    let (kind, other) =
        if *asynchronous { ("a synchronous", "an asynchronous") } else { ("an asynchronous", "a synchronous") };
    let finding = found.report(format!("`{scheme}` names {kind} driver, but `{engine}` wants {other} one"));
    finding.caption("no command of Alembic gets as far as the database");
    if *asynchronous {
        finding.help(format!(
            "write `postgresql+asyncpg` or `postgresql+psycopg`, or make the engine with `{}`",
            engine.replace("async_", "")
        ));
    } else {
        finding.help("write `postgresql+psycopg`, or make an asynchronous engine and run the migrations in `run_sync`");
    }
    if *before_2_1 {
        finding.assume("SQLAlchemy before 2.1, where `postgresql` means psycopg2");
    }
}
