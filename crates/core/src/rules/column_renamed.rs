//! A column that code uses gets another name.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_syntax::ast::{Body, RenamedPart, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::Rename(rename) = &step.statement.body else { return };
    let RenamedPart::Column(from) = &rename.part else { return };
    let Some((id, relation)) = step.find(&rename.object) else { return };
    if step.is_new(id) || step.effects.skipped {
        return;
    }
    let added = relation.column(&from.text).map(|it| it.place);
    if added.is_some_and(|it| step.is_new_place(it.statement)) {
        return;
    }
    let name = relation.name.short();
    let message = format!(
        "column `{}` of `{name}` becomes `{}`, and code that uses the old name fails",
        quoted(&from.text),
        rename.to
    );
    let finding = found.report(About::Name, from.span, message);
    finding.caption("running code still says this name");
    if let Some((script, span)) = added.map(|it| step.locate(it)) {
        finding.label(script, span, "added here");
    }
    finding.help(format!(
        "let the code map the new name to the old column; or add `{}`, write both, fill the old rows, switch the readers, \
         and drop `{}` last",
        rename.to, from
    ));
}
