//! A second primary key.

use crate::choose::Findings;
use crate::clause::{self, Clause};
use crate::refusals::Reporter;
use crate::step::Step;
use crate::{Where, recipe};
use lockkeeper_syntax::ast::{ConstraintKind, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::SeveralPrimaryKeys) else { return };
    let Some(target) = clause::target(&step.statement.body) else {
        found.refusal(failure);
        return;
    };
    let finding = found.refused(failure, format!("`{target}` has a primary key already"));
    let first = clause::constraints(&step.statement.body)
        .map(|(it, _)| it)
        .find(|it| matches!(&it.kind, ConstraintKind::Unique(key) if key.primary) && it.span.end <= failure.span.start);
    let known = step.find(target);
    let old = known.and_then(|(_, it)| it.primary_key());
    if let Some(first) = first {
        finding.label(step.script(), first.span, "the first one");
        finding.help("name all its columns in one PRIMARY KEY, or make the other one UNIQUE");
        return;
    }
    let Some(old) = old else { return };
    let (script, span) = step.locate(old.place);
    finding.label(script, span, "the first one");
    finding.help("make it UNIQUE; or, to replace the key, drop the old one in the same statement");
    let Clause::Constraint { constraint, column: None } = clause::at(&step.statement.body, failure.span) else {
        return;
    };
    let ConstraintKind::Unique(key) = &constraint.kind else { return };
    if key.using_index.is_none() {
        let index = key.columns.iter().map(|it| it.text.as_str()).collect::<Vec<_>>().join("_");
        let index = format!("{}_{index}_key", target.name.text);
        let build = recipe::unique_index(&target.to_string(), key, &index);
        finding.instead_in(
            Where::EachOutside,
            format!(
                "{build}\nALTER TABLE {target} DROP CONSTRAINT {}, ADD PRIMARY KEY USING INDEX {};",
                quoted(&old.name),
                quoted(&index)
            ),
        );
    }
}
