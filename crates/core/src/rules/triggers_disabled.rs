//! The triggers that hold foreign keys are turned off.

use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use crate::{About, say};
use lockkeeper_model::catalog::ConstraintKind;
use lockkeeper_syntax::ast::{ActionKind, Body, FiringState, SetValue, WhichTriggers, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    if let Body::Set(set) = &step.statement.body {
        let replica =
            matches!(&set.value, SetValue::To(values) if values.iter().any(|it| it.eq_ignore_ascii_case("replica")));
        if set.name.eq_ignore_ascii_case("session_replication_role") && replica {
            let message = "foreign keys are not checked and triggers do not fire from here on";
            let finding = found.report(About::Meaning(set.value_span), step.statement.span, message);
            finding.caption("rows that break a foreign key stay, and the constraint still counts as valid");
            finding.help("load the referenced rows first, or make the constraints DEFERRABLE and defer them");
        }
        return;
    }
    for action in clause::actions(&step.statement.body) {
        let ActionKind::Trigger { state: FiringState::Disable, which: WhichTriggers::All } = &action.kind else {
            continue;
        };
        let Some((id, relation)) = clause::target(&step.statement.body).and_then(|it| step.find(it)) else { continue };
        let keys = relation.live_constraints().map(|(_, it)| it);
        let mut names: Vec<String> = keys
            .filter(|it| matches!(it.kind, ConstraintKind::ForeignKey { .. }))
            .map(|it| format!("`{}`", quoted(&it.name)))
            .collect();
        names.extend(step.timeline().catalog.referencing(id).into_iter().filter_map(|(by, at)| {
            let by = step.get(by)?;
            Some(format!("`{}` of `{}`", quoted(&by.constraints.get(at)?.as_ref()?.name), by.name.short()))
        }));
        names.dedup();
        if names.is_empty() {
            continue;
        }
        let message =
            format!("foreign keys of `{}` are not checked from here on: {}", relation.name.short(), say::list(names));
        let finding = found.report(About::Meaning(action.span), action.span, message);
        finding.caption("rows that break them stay, and the constraints still count as valid");
        finding.help("DISABLE TRIGGER USER leaves foreign keys alone; or drop the foreign key and add it again, which checks all rows");
    }
}
