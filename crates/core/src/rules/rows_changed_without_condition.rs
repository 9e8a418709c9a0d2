//! All rows of a table are updated or deleted.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_syntax::ast::{Body, Write, WriteKind};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    match &step.statement.body {
        Body::Write(write) => report(step, found, write),
        Body::Select(query) => query.writes.iter().for_each(|it| report(step, found, it)),
        Body::CreateTableAs(it) => it.query.writes.iter().for_each(|it| report(step, found, it)),
        _ => {}
    }
}

fn report(step: &Step<'_>, found: &mut Findings<'_>, write: &Write) {
    write.query.writes.iter().for_each(|it| report(step, found, it));
    let Some((table, _)) = step.find(&write.table.name).filter(|_| write.every_row) else { return };
    // `UPDATE … FROM (VALUES …)` has as many rows as that list; a join has its condition in `WHERE`.
    if step.is_new(table) || step.is_small(table) {
        return;
    }
    let name = step.name(table);
    let (done, consequence, help) = match write.kind {
        WriteKind::Update => (
            "updated",
            "each row is locked until commit and stored anew",
            "say which rows, and change them in batches outside of the migration's transaction",
        ),
        WriteKind::Delete => {
            ("deleted", "their values are gone", "say which rows; to empty the table on purpose TRUNCATE is quicker")
        }
        WriteKind::Insert | WriteKind::Merge => return,
    };
    let finding = found.report(
        About::Rows(table),
        write.table.name.span(),
        format!("all rows of `{name}` are {done}: there is no condition"),
    );
    finding.caption(consequence);
    finding.help(help);
}
