//! A partition takes rows that another one takes already.

use crate::bounds::{self, NewPartition};
use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::say;
use crate::step::Step;
use lockkeeper_model::{Refusal, RelationId, compare_range_ends};
use lockkeeper_syntax::ast::{BoundKind, Expr};
use std::cmp::Ordering;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::PartitionsOverlap) else { return };
    let Some(new) = bounds::new_partition(&step.timeline().statement.body) else {
        found.refusal(failure);
        return;
    };
    let existing = match &failure.refusal {
        Refusal::PartitionOverlap { existing, .. } | Refusal::SecondDefaultPartition { existing } => existing,
        _ => return,
    };
    let Some((sibling, bound)) = sibling(step, &new, existing) else {
        found.refusal(failure);
        return;
    };
    let made = step.created_at(sibling).map(|it| it.0);
    if std::iter::once(step.script()).chain(made).any(|it| step.reads_clock(it)) {
        return;
    }
    let other = step.name(sibling);
    let message = match bound {
        BoundKind::Default => format!("`{}` has a default partition already, `{other}`", new.parent),
        _ => format!("`{}` takes rows that belong to `{other}` already", new.child),
    };
    let finding = found.refused(failure, message);
    if let Some((script, span)) = step.created_at(sibling) {
        let takes = match bound {
            BoundKind::Default => "the default partition".to_owned(),
            _ => bounds::sql(bound).unwrap_or_default().replacen("FOR VALUES", "takes the values", 1),
        };
        finding.label(script, span, takes);
    }
    match (&new.bound.kind, bound) {
        (BoundKind::Range { from, to }, BoundKind::Range { from: other_from, to: other_to }) => {
            let before = |a, b| compare_range_ends(a, b) == Some(Ordering::Less);
            let rest = if !before(from, other_from) && before(other_to, to) {
                bounds::range(other_to, to)
            } else if before(from, other_from) && !before(other_to, to) {
                bounds::range(from, other_from)
            } else {
                None
            };
            match rest {
                Some(rest) => {
                    finding.help("the upper bound does not belong to the range: begin where the other partition ends");
                    finding.instead(bounds::instead(step, new.bound.span, &rest));
                }
                None => {
                    finding.help(format!("leave it out, or detach `{other}` first and split its rows"));
                }
            }
        }
        (BoundKind::List(values), BoundKind::List(taken)) => {
            let both: Vec<String> = shared(values, taken).collect();
            finding.help(format!("leave out {}", say::list(both)));
        }
        (BoundKind::Hash { .. }, BoundKind::Hash { .. }) => {
            finding.help("each remainder of a modulus belongs to one partition; a greater modulus splits it further");
        }
        _ => {
            finding.help("a table has one default partition at most; give this one values of its own");
        }
    }
}

fn sibling<'a>(step: &Step<'a>, new: &NewPartition<'_>, name: &str) -> Option<(RelationId, &'a BoundKind)> {
    let (parent, _) = step.find(new.parent)?;
    let all = step.timeline().catalog.partitions(parent);
    let id = all.into_iter().find(|it| step.get(*it).is_some_and(|it| it.name.name == name))?;
    Some((id, bounds::of(step, id)?))
}

/// The values that stand in both lists, as written.
fn shared<'a>(values: &'a [Expr], taken: &'a [Expr]) -> impl Iterator<Item = String> + 'a {
    let taken: Vec<String> = taken.iter().filter_map(bounds::literal).collect();
    values.iter().filter_map(bounds::literal).filter(move |it| taken.contains(it))
}
