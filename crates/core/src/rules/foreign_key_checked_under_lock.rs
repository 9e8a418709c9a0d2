//! A foreign key is checked against every row while writes, or reads too, wait.

use crate::choose::Findings;
use crate::clause::{self, Clause};
use crate::step::Step;
use crate::work::{self, Work};
use crate::{About, Finding, Where, recipe, say};
use lockkeeper_model::ScanReason;
use lockkeeper_syntax::ast::{ActionKind, ColumnDef, Constraint, ForeignKey};
use smol_str::SmolStr;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let keys = |why: &'_ ScanReason| match why {
        ScanReason::ForeignKey(name) => Some(name.clone()),
        _ => None,
    };
    for (work, name) in work::scans(step, keys) {
        match clause::at(&step.statement.body, work.span) {
            Clause::Constraint { constraint, column } => {
                let Some(key) = Clause::Constraint { constraint, column }.foreign_key() else { continue };
                let finding = report(step, found, &work, key);
                advise(step, finding, &work, constraint, column, &name);
            }
            _ if enforces(step, &work) => enforced(step, found, &work, &name),
            _ => {}
        }
    }
}

fn report<'a>(step: &Step<'_>, found: &'a mut Findings<'_>, work: &Work, key: &ForeignKey) -> &'a mut Finding {
    let table = step.name(work.table);
    let other = step.find(&key.references).map(|(id, _)| id).filter(|it| *it != work.table && !step.is_quiet(*it));
    let own = work.lock(step);
    let waiting = match other.and_then(|it| Some((it, step.lock_on(it)?))) {
        Some((other, mode)) if mode.blocks() == own.blocks() => {
            format!("{} `{table}` and `{}` wait", say::accesses(own.blocks()), step.name(other))
        }
        Some((other, mode)) if mode.blocks_writes() => format!(
            "{} `{table}` and {} `{}` wait",
            say::accesses(own.blocks()),
            say::accesses(mode.blocks()),
            step.name(other)
        ),
        _ => work.waiting(step),
    };
    let message = format!("{waiting} while each row of `{table}` is looked up in `{}`", key.references);
    let finding = found.report(About::Scan(work.table), work.span, message);
    finding.caption(work.caption(step, &work.reads()));
    finding
}

fn advise(
    step: &Step<'_>,
    finding: &mut Finding,
    work: &Work,
    constraint: &Constraint,
    column: Option<&ColumnDef>,
    name: &SmolStr,
) {
    if step.is_partitioned(work.table) && !step.version.since(18) {
        finding.help(
            "add the foreign key to each partition NOT VALID and validate it there; \
             the foreign key of the parent then takes those over and reads nothing",
        );
        if column.is_none() {
            let text = step.text(constraint.span);
            finding.instead_in(Where::EachAlone, recipe::by_partition(step, work, text, name));
        }
        return;
    }
    let edits = recipe::not_valid(step, constraint, column);
    let validate = recipe::validate(&step.name(work.table), name);
    finding.help("add it NOT VALID, which reads nothing, then validate it while reads and writes go on");
    finding.instead_in(Where::Later, format!("{}\n{validate}", recipe::edited(step, &edits)));
    recipe::offer_not_valid(step, finding, edits, &validate);
}

/// Whether the clause is `ALTER CONSTRAINT … ENFORCED`.
fn enforces(step: &Step<'_>, work: &Work) -> bool {
    let action = clause::action_at(&step.statement.body, work.span);
    action.is_some_and(|it| matches!(it.kind, ActionKind::AlterConstraint { enforced: Some(true), .. }))
}

fn enforced(step: &Step<'_>, found: &mut Findings<'_>, work: &Work, name: &str) {
    let waiting = work.waiting(step);
    let message = format!("{waiting} while each of its rows is checked against `{name}`, which starts to be enforced");
    let finding = found.report(About::Scan(work.table), work.span, message);
    finding.caption(work.caption(step, &work.reads()));
    finding.help("add an equal foreign key NOT VALID, validate it in a later transaction, then drop this one");
}
