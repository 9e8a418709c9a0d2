//! A primary key that counts up to 2147483647.

use crate::About;
use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use lockkeeper_syntax::ast::{Body, ColumnConstraint, ColumnDef, ConstraintKind, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let body = &step.timeline().statement.body;
    let Body::CreateTable(table) = body else { return };
    if step.effects.skipped || step.effects.failure.is_some() {
        return;
    }
    let key = clause::constraints(body).find_map(|(it, column)| match &it.kind {
        ConstraintKind::Unique(key) if key.primary => Some((key, column)),
        _ => None,
    });
    let name = match key {
        Some((_, Some(column))) => &column.name.text,
        Some((key, None)) => match key.columns.as_slice() {
            [only] => &only.text,
            _ => return,
        },
        None => return,
    };
    let own = clause::columns(body).find(|it| it.name.text == *name);
    let Some(column) = own.filter(|it| counts(it)) else { return };
    let Some(written) = &column.data_type else { return };
    let small = matches!(written.name.name.text.as_str(), "int2" | "smallserial" | "serial2");
    let last = if small { i64::from(i16::MAX) } else { i64::from(i32::MAX) };
    let message =
        format!("the key `{}` of `{}` ends at {last}; to widen it then rewrites the table", quoted(name), table.name);
    let finding = found.report(About::Meaning(written.span), written.span, message);
    finding.help("bigint costs four bytes a row and never ends");
}

/// Whether the column is numbered by a sequence, in less than a bigint.
fn counts(column: &ColumnDef) -> bool {
    let Some(written) = &column.data_type else { return false };
    let identity = || column.constraints.iter().any(|it| matches!(it, ColumnConstraint::Identity(_)));
    written.array_dimensions == 0
        && match written.name.name.text.as_str() {
            "smallserial" | "serial2" | "serial" | "serial4" => written.serial,
            "int2" | "int4" => identity(),
            _ => false,
        }
}
