//! `REFRESH … CONCURRENTLY` of a materialized view that has no unique index for it.

use crate::choose::Findings;
use crate::recipe;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_syntax::ast::{Body, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::RefreshConcurrentlyWithoutUniqueIndex) else { return };
    let Body::Refresh(refresh) = &step.statement.body else { return };
    let view = &refresh.view;
    let message =
        format!("`{view}` has no unique index on plain columns without WHERE, so it cannot be refreshed concurrently");
    let finding = found.refused(failure, message);
    let Some((id, relation)) = step.find(view) else { return };
    for (index, it, definition) in step.timeline().catalog.indexes(id) {
        if let Some((script, span)) = step.created_at(index) {
            let why = match () {
                () if !definition.unique => "is not unique",
                () if definition.predicate.is_some() => "leaves rows out",
                () => "holds an expression",
            };
            finding.label(script, span, format!("`{}` {why}", it.name.short()));
        }
    }
    let Some((_, first)) = relation.live_columns().next() else { return };
    let index = recipe::renamed(relation, "key");
    finding
        .help("create a unique index on the columns that tell the rows apart, once; each refresh then compares by it");
    finding.instead(format!(
        "CREATE UNIQUE INDEX {index} ON {view} ({});\n{};",
        quoted(&first.name),
        step.statement_text()
    ));
}
