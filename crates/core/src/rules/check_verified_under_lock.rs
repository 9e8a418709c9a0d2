//! A check constraint is verified against every row while reads and writes wait.

use crate::choose::Findings;
use crate::clause::{self, Clause};
use crate::step::Step;
use crate::{About, Where, recipe, work};
use lockkeeper_model::ScanReason;
use lockkeeper_syntax::ast::{Constraint, ConstraintKind};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let checks = |why: &'_ ScanReason| match why {
        ScanReason::Check(name) => Some(name.clone()),
        _ => None,
    };
    for (work, name) in work::scans(step, checks) {
        let Clause::Constraint {
            constraint: constraint @ Constraint { kind: ConstraintKind::Check { .. }, .. },
            column,
        } = clause::at(&step.statement.body, work.span)
        else {
            continue;
        };
        let message = format!("{} while a check is verified for each row", work.waiting(step));
        let finding = found.report(About::Scan(work.table), constraint.span, message);
        finding.caption(work.caption(step, &work.reads()));
        let edits = recipe::not_valid(step, constraint, column);
        let validate = recipe::validate(&step.name(work.table), &name);
        finding.help("add it NOT VALID, which reads nothing, then validate it while reads and writes go on");
        finding.instead_in(Where::Later, format!("{}\n{validate}", recipe::edited(step, &edits)));
        recipe::offer_not_valid(step, finding, edits, &validate);
    }
}
