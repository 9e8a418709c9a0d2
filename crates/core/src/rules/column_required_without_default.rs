//! A new column must not be null and has no value for the rows that are there.

use crate::About;
use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use crate::work;
use lockkeeper_model::ScanReason;
use lockkeeper_syntax::ast::{ActionKind, ColumnConstraint, ConstraintKind, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let columns = |why: &'_ ScanReason| matches!(why, ScanReason::NotNull(_)).then_some(());
    for (work, ()) in work::scans(step, columns) {
        let Some(action) = clause::action_at(&step.statement.body, work.span) else { continue };
        let ActionKind::AddColumn { column, .. } = &action.kind else { continue };
        let (table, name) = (step.name(work.table), quoted(&column.name.text));
        let demand = column.constraints.iter().find_map(|it| match it {
            ColumnConstraint::Constraint(it) if matches!(it.kind, ConstraintKind::NotNull { .. }) => Some(it.span),
            ColumnConstraint::Constraint(it) if matches!(&it.kind, ConstraintKind::Unique(key) if key.primary) => {
                Some(it.span)
            }
            _ => None,
        });
        let message = format!("`{name}` must not be null and has no default, so this fails if `{table}` has a row");
        let finding = found.report(About::Scan(work.table), demand.unwrap_or(column.name.span), message);
        finding.caption("the rows that are there would hold null");
        finding.help(format!(
            "give the column a constant default, which costs nothing, or add it without NOT NULL, fill it in batches, \
             and make it NOT NULL later; running code that inserts without `{name}` fails as well until it has a default"
        ));
    }
}
