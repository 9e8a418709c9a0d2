//! A statement names something that the history shows not to exist.

use crate::choose::Findings;
use crate::clause;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_model::catalog::{PartKind, Relation, RelationKind};
use lockkeeper_model::{ObjectName, Refusal};
use lockkeeper_syntax::ast::{ObjectKind, quoted};
use smol_str::SmolStr;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::ObjectMissing) else { return };
    let finding = found.refusal(failure);
    finding.subject = subject(&failure.refusal);
    let Some((name, there)) = candidates(step, &failure.refusal) else { return };
    if let Some(near) = near(&name, &there) {
        finding.help(format!("is `{}` meant?", quoted(near)));
    }
}

/// What is missing; of what belongs to a table, the table.
fn subject(refusal: &Refusal) -> Option<ObjectName> {
    match refusal {
        Refusal::MissingRelation { name, .. } => Some(name.clone()),
        Refusal::MissingSchema { schema } => Some(ObjectName::new(schema.clone(), "")),
        Refusal::MissingObject { name, table: None, .. } => Some(ObjectName::new("public", name.clone())),
        _ => None,
    }
}

/// The name that is missing, and those of its kind that are there.
fn candidates<'a>(step: &Step<'a>, refusal: &'a Refusal) -> Option<(SmolStr, Vec<&'a SmolStr>)> {
    let relations = || step.timeline().catalog.relations().map(|(_, it)| it);
    let target = || Some(step.find(clause::target(&step.timeline().statement.body)?)?.1);
    Some(match refusal {
        Refusal::MissingRelation { name, .. } => {
            let visible = relations().filter(|it| !matches!(it.kind, RelationKind::Index(_)));
            (name.name.clone(), visible.map(|it| &it.name.name).collect())
        }
        Refusal::MissingColumn { column, .. } | Refusal::MissingKeyColumn { column } => {
            (column.clone(), target()?.live_columns().map(|(_, it)| &it.name).collect())
        }
        Refusal::MissingObject { kind: ObjectKind::Index, name, .. } => {
            let indexes = relations().filter(|it| matches!(it.kind, RelationKind::Index(_)));
            (name.clone(), indexes.map(|it| &it.name.name).collect())
        }
        Refusal::MissingObject { kind: ObjectKind::Constraint, name, .. } => {
            (name.clone(), target()?.live_constraints().map(|(_, it)| &it.name).collect())
        }
        Refusal::MissingObject { kind: ObjectKind::Trigger | ObjectKind::Policy | ObjectKind::Rule, name, .. } => {
            (name.clone(), relations().flat_map(parts).collect())
        }
        _ => return None,
    })
}

fn parts(relation: &Relation) -> impl Iterator<Item = &SmolStr> {
    relation.parts.iter().filter(|it| it.kind != PartKind::Publication).map(|it| &it.name)
}

/// Among more names than these nobody looks for the nearest one.
const MANY: usize = 2000;

/// The nearest of the names, if it is near enough to be a slip of the pen.
fn near<'a>(name: &str, there: &[&'a SmolStr]) -> Option<&'a SmolStr> {
    if there.len() > MANY {
        return None;
    }
    let scored = there.iter().map(|it| (strsim::damerau_levenshtein(name, it), *it));
    let (distance, best) = scored.min_by_key(|(distance, _)| *distance)?;
    (distance * 3 <= best.len().max(name.len())).then_some(best)
}
