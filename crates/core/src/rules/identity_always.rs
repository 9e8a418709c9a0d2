//! A column that code fills becomes GENERATED ALWAYS.

use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use crate::{About, Edit, Safety, recipe};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Action, ActionKind, Name, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for action in clause::actions(&step.statement.body) {
        let Some(column) = always(action) else { continue };
        let Some((id, relation)) = clause::target(&step.statement.body).and_then(|it| step.find(it)) else { continue };
        let known = relation.column(&column.text);
        let is_already = known.is_some_and(|it| it.identity == Some(true));
        let is_new = step.is_new(id) || known.is_some_and(|it| step.is_new_place(it.place.statement));
        if is_already || is_new || step.failure.is_some() {
            continue;
        }
        let name = quoted(&column.text);
        let message =
            format!("inserts into `{}` that give a value for `{name}` fail from here on", relation.name.short());
        let Some(word) = word_always(step, action.span) else { continue };
        let finding = found.report(About::Meaning(action.span), word, message);
        finding.caption("refuses values that the application names");
        finding.help("BY DEFAULT takes given values and makes up the missing ones");
        let edits = vec![Edit { span: word, text: "BY DEFAULT".to_owned() }];
        finding.instead(recipe::edited(step, &edits));
        finding.fix(Safety::Unsafe, "make it BY DEFAULT", edits);
    }
}

/// The column that the action makes `GENERATED ALWAYS AS IDENTITY`.
fn always(action: &Action) -> Option<&Name> {
    match &action.kind {
        ActionKind::AddIdentity { column, identity } if identity.always => Some(column),
        ActionKind::SetIdentity { column, always: Some(true), .. } => Some(column),
        _ => None,
    }
}

/// The word `ALWAYS`, which follows `GENERATED`.
fn word_always(step: &Step<'_>, action: Span) -> Option<Span> {
    let text = step.text(action).to_ascii_uppercase();
    let generated = text.rfind("GENERATED")?;
    let at = generated + text[generated..].find("ALWAYS")?;
    Some(Span::new(action.start + at as u32, action.start + (at + "ALWAYS".len()) as u32))
}
