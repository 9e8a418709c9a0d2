//! A column can be null from here on.

use crate::About;
use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use lockkeeper_model::catalog::NotNull;
use lockkeeper_syntax::ast::{ActionKind, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for action in clause::actions(&step.statement.body) {
        let ActionKind::DropNotNull { column } = &action.kind else { continue };
        let Some((id, relation)) = clause::target(&step.statement.body).and_then(|it| step.find(it)) else { continue };
        let known = relation.column(&column.text);
        if step.is_new(id)
            || known.is_some_and(|it| it.not_null == NotNull::No || step.is_new_place(it.place.statement))
        {
            continue;
        }
        let name = quoted(&column.text);
        let message = format!(
            "`{name}` of `{}` can be null from here on, and code that reads it may not expect that",
            relation.name.short()
        );
        let finding = found.report(About::Meaning(action.span), action.span, message);
        if let Some(known) = known {
            let (script, span) = step.locate(known.place);
            finding.label(script, span, "added here");
        }
        finding.help("release code that reads null first");
    }
}
