//! `IDENTITY`, a default or an expression where the column is of another kind.

use crate::choose::Findings;
use crate::clause;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_model::Refusal;
use lockkeeper_syntax::ast::quoted;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::IdentityMisused) else { return };
    let finding = found.refusal(failure);
    let Some(table) = clause::target(&step.statement.body) else { return };
    let named = |column: &str| step.find(table).and_then(|(_, it)| it.column(column));
    let column = match &failure.refusal {
        Refusal::IdentityOnNullable { column }
        | Refusal::IdentityExists { column, .. }
        | Refusal::NoIdentity { column, .. }
        | Refusal::DefaultOnIdentity { column, .. }
        | Refusal::DefaultOnGenerated { column, .. }
        | Refusal::NotNullOfIdentity { column, .. }
        | Refusal::NotGenerated { column, .. } => column,
        _ => return,
    };
    if let Some(column) = named(column) {
        let (script, span) = step.locate(column.place);
        finding.label(script, span, "the column");
    }
    let column = quoted(column);
    let before = |action: String| format!("ALTER TABLE {table} {action};\n{};", step.statement_text());
    match &failure.refusal {
        Refusal::IdentityOnNullable { .. } => {
            finding.help("an identity column is NOT NULL: say so first");
            finding.instead(before(format!("ALTER COLUMN {column} SET NOT NULL")));
        }
        Refusal::DefaultOnIdentity { .. } | Refusal::NotNullOfIdentity { .. } => {
            finding.help("an identity column is numbered by its sequence; drop the identity first");
            finding.instead(before(format!("ALTER COLUMN {column} DROP IDENTITY")));
        }
        Refusal::DefaultOnGenerated { .. } => {
            finding.help("a generated column is computed; to store values instead, drop the expression first");
            finding.instead(before(format!("ALTER COLUMN {column} DROP EXPRESSION")));
        }
        Refusal::NoIdentity { .. } if named(&column).is_some_and(|it| it.default.is_some()) => {
            finding.help("its numbers come from a default, as of serial; give it an identity with ADD GENERATED, or drop the default");
        }
        _ => {}
    }
}
