//! A serial column becomes bigint, and its sequence still ends where integer ends.

use crate::About;
use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use lockkeeper_model::RelationId;
use lockkeeper_model::catalog::RelationKind;
use lockkeeper_syntax::ast::{ActionKind, Body, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for action in clause::actions(&step.statement.body) {
        let ActionKind::SetType { column, data_type, .. } = &action.kind else { continue };
        let Some((table, relation)) = clause::target(&step.statement.body).and_then(|it| step.find(it)) else {
            continue;
        };
        let Some(limit) = limit(&data_type.name.name.text) else { continue };
        let owned = relation.column_id(&column.text).and_then(|at| serial_sequence(step, table, at));
        let Some((sequence, its_limit)) = owned.filter(|(_, its)| *its < limit) else { continue };
        if widened(step, sequence) {
            continue;
        }
        let (name, table) = (step.name(sequence), relation.name.short());
        let message = format!(
            "`{}` of `{table}` can hold more, but its sequence `{name}` still ends at {its_limit}",
            quoted(&column.text)
        );
        let finding = found.report(About::Meaning(action.span), action.span, message);
        finding.caption("changes the column, not the sequence of a serial column");
        if let Some((script, span)) = step.created_at(sequence) {
            finding.label(script, span, format!("`{name}` is made here"));
        }
        let word = step.text(data_type.span);
        let widen = format!("ALTER SEQUENCE {name} AS {word};");
        finding.help("widen the sequence as well; inserts fail when it reaches its end");
        finding.instead(format!("{};\n{widen}", step.statement_text()));
    }
}

/// The greatest number of an integer type.
fn limit(type_name: &str) -> Option<i64> {
    match type_name {
        "int2" => Some(i16::MAX.into()),
        "int4" => Some(i32::MAX.into()),
        "int8" => Some(i64::MAX),
        _ => None,
    }
}

/// The sequence of a serial column, and where it ends. That of an identity column follows the column's type.
fn serial_sequence(step: &Step<'_>, table: RelationId, column: usize) -> Option<(RelationId, i64)> {
    let owned = step.timeline().catalog.owned_sequences(table);
    owned.into_iter().filter(|(_, owner)| *owner == column).find_map(|(id, _)| match &step.get(id)?.kind {
        RelationKind::Sequence(it) if !it.identity => Some((id, limit(&it.data_type)?)),
        _ => None,
    })
}

/// Whether a later statement of this script widens it.
fn widened(step: &Step<'_>, sequence: RelationId) -> bool {
    step.later().iter().any(|it| match &it.body {
        Body::AlterSequence(it) => {
            it.options.data_type.is_some() && step.find(&it.name).is_some_and(|(id, _)| id == sequence)
        }
        _ => false,
    })
}
