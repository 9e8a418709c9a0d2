//! A function with its owner's rights looks names up where its caller says.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_syntax::ast::{Body, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::CreateFunction(function) = &step.statement.body else { return };
    let fixed = function.settings.iter().any(|it| it.eq_ignore_ascii_case("search_path"));
    if !function.security_definer || fixed || step.effects.failure.is_some() || set_later(step) {
        return;
    }
    let kind = if function.procedure { "procedure" } else { "function" };
    let name = &function.name;
    let message =
        format!("the {kind} `{name}` runs with its owner's rights and looks names up in the search_path of its caller");
    let finding = found.report(About::Meaning(name.span()), name.span(), message);
    finding.caption("whoever calls it decides which tables and functions its names mean");
    finding.help("fix the search_path, and write the schema before each name that is not in it");
    let schema = name.schema.as_ref().map_or_else(|| step.session.creation_schema(), |it| it.text.clone());
    finding.instead(format!(
        "ALTER {} {name} SET search_path = pg_catalog, {}, pg_temp;",
        kind.to_ascii_uppercase(),
        quoted(&schema)
    ));
}

/// Whether a later statement of this script changes functions: it may set the search_path.
fn set_later(step: &Step<'_>) -> bool {
    step.later().iter().any(|it| matches!(it.body.tag(), Some("ALTER FUNCTION" | "ALTER PROCEDURE" | "ALTER ROUTINE")))
}
