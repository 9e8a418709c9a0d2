//! `create_parent()` with arguments that pg_partman 5 refuses.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_model::RelationId;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Body, BoundKind, Call, Constant, ExprKind, Query};

/// Intervals that were words before pg_partman 5, and how they are written since.
const INTERVALS: &[(&str, &str)] = &[
    ("yearly", "1 year"),
    ("half-yearly", "6 months"),
    ("quarterly", "3 months"),
    ("monthly", "1 month"),
    ("weekly", "1 week"),
    ("daily", "1 day"),
    ("hourly", "1 hour"),
    ("half-hour", "30 minutes"),
    ("quarter-hour", "15 minutes"),
];

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::Select(query) = &step.statement.body else { return };
    for (call, span) in calls(query) {
        for argument in &call.arguments {
            let ExprKind::Constant(Constant::String(text)) = &argument.kind else { continue };
            let help = match INTERVALS.iter().find(|it| it.0 == text.as_str()) {
                Some((_, interval)) => format!("write the interval as `'{interval}'`"),
                None if text == "native" => "leave the type out, or write `'range'` or `'list'`".to_owned(),
                None => continue,
            };
            let message = format!("pg_partman 5 refuses `'{text}'`");
            let finding = found.report(About::Meaning(argument.span), argument.span, message);
            finding.caption("was taken before version 5");
            finding.help(help);
        }
        second_default(step, call, span, found);
    }
}

/// The calls of `create_parent` in a query.
fn calls(query: &Query) -> Vec<(&Call, Span)> {
    let mut found = Vec::new();
    for expr in query.expressions.iter().chain(query.outputs.iter().map(|it| &it.expr)) {
        expr.walk(&mut |it| {
            if let ExprKind::Call(call) = &it.kind
                && call.name.name.text == "create_parent"
                && !found.iter().any(|(_, span)| *span == it.span)
            {
                found.push((&**call, it.span));
            }
        });
    }
    found
}

/// `create_parent` makes a default partition of its own unless it is told not to.
fn second_default(step: &Step<'_>, call: &Call, span: Span, found: &mut Findings<'_>) {
    if step.text(span).to_ascii_lowercase().contains("p_default_table") {
        return;
    }
    let Some(ExprKind::Constant(Constant::String(parent))) = call.arguments.first().map(|it| &it.kind) else { return };
    let (schema, name) = parent.split_once('.').unwrap_or(("public", parent));
    let own = lockkeeper_model::ObjectName::new(schema, format!("{name}_default"));
    let parent = step.catalog.relation(&lockkeeper_model::ObjectName::new(schema, name)).map(|it| it.0);
    let is_default = |id: &RelationId| {
        let bound = step.get(*id).and_then(|it| it.partition_of.as_ref()).and_then(|it| it.bound.as_ref());
        matches!(bound, Some(BoundKind::Default))
    };
    let partitions = parent.map(|it| step.catalog.partitions(it)).unwrap_or_default();
    // A table has one default partition, whatever it is called.
    let there = partitions.into_iter().find(is_default).map(|it| step.name(it));
    let there = there.or_else(|| step.catalog.relation(&own).map(|it| it.1.name.short()));
    let Some(there) = there else { return };
    let own = own.short();
    let there = if there.as_str() == own.as_str() { "one".to_owned() } else { format!("`{there}`") };
    let message = format!("pg_partman makes a default partition `{own}`, and there is {there}");
    let finding = found.report(About::Meaning(span), span, message);
    finding.help("pass `p_default_table := false`");
}
