//! A constraint that is `NOT VALID` to the end.

use crate::end::{End, EndFindings};
use crate::{recipe, say};
use lockkeeper_syntax::ast::quoted;

pub(crate) fn check(end: &End<'_>, found: &mut EndFindings<'_>) {
    for (_, table) in end.tables() {
        let waiting = table.live_constraints().map(|(_, it)| it);
        for constraint in waiting.filter(|it| !it.validated && it.enforced && !it.inherited) {
            let name = table.name.short();
            let kind = say::constraint_kind(&constraint.kind);
            let message = format!("no migration validates the {kind} `{}` of `{name}`", quoted(&constraint.name));
            let Some(finding) = found.report(&table.name, constraint.place, message) else { continue };
            finding.caption("holds for new rows; of the old ones nothing is known");
            finding.help("validate it in a later migration; reads and writes go on meanwhile");
            finding.instead(recipe::validate(&name, &constraint.name));
        }
    }
}
