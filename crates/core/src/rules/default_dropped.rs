//! A default goes that running code may rely on.

use crate::About;
use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use lockkeeper_model::catalog::NotNull;
use lockkeeper_syntax::ast::{Action, ActionKind, Body, Name, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for action in clause::actions(&step.statement.body) {
        let ActionKind::DropDefault { column } = &action.kind else { continue };
        let Some((id, relation)) = clause::target(&step.statement.body).and_then(|it| step.find(it)) else { continue };
        let Some(known) = relation.column(&column.text).filter(|it| it.default.is_some()) else { continue };
        let new = step.is_new(id) || (step.is_new_place(known.place.statement) && known.not_null == NotNull::No);
        if new || given_again(step, column) {
            continue;
        }
        let name = quoted(&column.text);
        let then = if known.not_null == NotNull::Yes { "fail" } else { "store null" };
        let message =
            format!("inserts into `{}` that give no value for `{name}` {then} from here on", relation.name.short());
        let finding = found.report(About::Meaning(action.span), action.span, message);
        let (script, span) = step.locate(known.place);
        finding.label(script, span, "added here");
        finding.help("keep the default until no running code relies on it");
    }
}

/// Whether the statement, or a later one of the script, gives the column another default or an identity.
fn given_again(step: &Step<'_>, column: &Name) -> bool {
    let gives = |it: &Action| match &it.kind {
        ActionKind::SetDefault { column: other, .. } | ActionKind::AddIdentity { column: other, .. } => other == column,
        _ => false,
    };
    let target = |body: &Body| clause::target(body).map(|it| it.name.text.clone());
    let own = target(&step.statement.body);
    let all = std::iter::once(step.timeline().statement).chain(step.later());
    all.filter(|it| target(&it.body) == own).any(|it| clause::actions(&it.body).iter().any(gives))
}
