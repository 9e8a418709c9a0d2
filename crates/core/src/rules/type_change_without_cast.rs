//! A column's type changes to one that its values, or its default, are not cast to by themselves.

use crate::bounds;
use crate::choose::Findings;
use crate::clause;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_model::Refusal;
use lockkeeper_syntax::ast::quoted;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::TypeChangeWithoutCast) else { return };
    let target = clause::target(&step.statement.body);
    let known = target.and_then(|it| Some(step.find(it)?.1));
    let old = |column: &str| known.and_then(|it| it.column(column)).map(|it| it.data_type.sql()).unwrap_or_default();
    match &failure.refusal {
        Refusal::NoCast { column, to } => {
            let (name, old) = (quoted(column), old(column));
            let finding =
                found.refused(failure, format!("`{name}` is {old}, and no value of that becomes {to} by itself"));
            if let Some(column) = known.and_then(|it| it.column(column)) {
                let (script, span) = step.locate(column.place);
                finding.label(script, span, format!("{old} here"));
            }
            let using = match (old.as_str(), to.as_str()) {
                ("integer" | "smallint" | "bigint", "boolean") => format!("{name} <> 0"),
                ("boolean", "smallint" | "bigint") => format!("{name}::integer"),
                _ => format!("{name}::{to}"),
            };
            finding.help("say with USING how the old values become new ones; rows that cannot be cast make it fail");
            finding.instead(crate::recipe::rewrite(
                step,
                &[(lockkeeper_syntax::Span::new(failure.span.end, failure.span.end), &format!(" USING {using}"))],
            ));
        }
        Refusal::NoDefaultCast { column, to } => {
            let name = quoted(column);
            let finding = found.refused(
                failure,
                format!("the default of `{name}` does not become {to} by itself; USING speaks of rows only"),
            );
            finding.help("drop the default first, change the type, and set a default of the new type");
            let old = known.and_then(|it| it.column(column)?.default.as_ref()).and_then(bounds::literal);
            let new = match (old.as_deref(), to.as_str()) {
                (Some("0"), "boolean") => Some("false".to_owned()),
                (Some("1"), "boolean") => Some("true".to_owned()),
                (Some(text), _) if text.starts_with('\'') => old,
                _ => None,
            };
            if let Some(table) = target {
                let set = new.map(|it| format!(", ALTER COLUMN {name} SET DEFAULT {it}")).unwrap_or_default();
                let change = step.text(failure.span);
                finding.instead(format!("ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT, {change}{set};"));
            }
        }
        _ => {}
    }
}
