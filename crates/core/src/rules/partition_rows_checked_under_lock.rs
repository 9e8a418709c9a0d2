//! Rows are read to see that they fit a partition's bound, while others wait.

use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use crate::work::{self, Work};
use crate::{About, Finding, Where, say};
use lockkeeper_model::ScanReason;
use lockkeeper_syntax::ast::{ActionKind, Body, BoundKind, BoundValue, PartitionBound, PartitionStrategy, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let bounds = |why: &'_ ScanReason| match why {
        ScanReason::PartitionBound => Some(Whose::Own),
        ScanReason::DefaultPartition => Some(Whose::Default),
        _ => None,
    };
    for (work, whose) in work::scans(step, bounds) {
        let table = step.name(work.leaves[0]);
        let accesses = say::accesses(work.mode.blocks());
        let message = match whose {
            Whose::Own => format!("{accesses} `{table}` wait while each row is checked against the partition's bound"),
            Whose::Default => {
                format!("{accesses} `{table}` wait while each row is checked not to belong into the new partition")
            }
        };
        let finding = found.report(About::Scan(work.leaves[0]), work.span, message);
        finding.caption(format!("{} on `{table}` until commit; {}", work.mode, work.reads()));
        advise(step, finding, &work, whose);
    }
}

/// Whose rows are read.
#[derive(Clone, Copy)]
enum Whose {
    /// Those of the table that becomes a partition.
    Own,
    /// Those of the default partition beside it.
    Default,
}

fn advise(step: &Step<'_>, finding: &mut Finding, work: &Work, whose: Whose) {
    finding.help(match whose {
        Whose::Own => "a validated check that implies the bound lets the server skip the scan; drop it afterwards",
        Whose::Default => {
            "a validated check on the default partition that excludes the new bound lets the server skip the scan"
        }
    });
    let Some(condition) = condition(step) else { return };
    let condition = if let Whose::Default = whose { format!("NOT ({condition})") } else { condition };
    let Some(relation) = step.get(work.leaves[0]) else { return };
    let check = quoted(&format!("{}_bound", relation.name.name)).to_string();
    let table = relation.name.short();
    let mut lines = vec![
        format!("ALTER TABLE {table} ADD CONSTRAINT {check} CHECK ({condition}) NOT VALID;"),
        format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check};"),
        format!("{};", step.statement_text()),
    ];
    if let Whose::Own = whose {
        lines.push(format!("ALTER TABLE {table} DROP CONSTRAINT {check};"));
    }
    finding.instead_in(Where::EachAlone, lines.join("\n"));
}

/// The bound as a condition on the rows, where its form is simple.
fn condition(step: &Step<'_>) -> Option<String> {
    let (parent, bound): (_, &PartitionBound) = match &step.statement.body {
        Body::CreateTable(it) => it.partition_of.as_ref().map(|it| (&it.parent, &it.bound))?,
        Body::AlterTable(it) => {
            let bound = clause::actions(&step.statement.body).iter().find_map(|it| match &it.kind {
                ActionKind::AttachPartition { bound, .. } => bound.as_deref(),
                _ => None,
            })?;
            (&it.relation.name, bound)
        }
        _ => return None,
    };
    let key = step.find(parent)?.1.partition_key()?;
    let [element] = key.elements.as_slice() else { return None };
    let column = quoted(&element.expr.as_column()?.text).to_string();
    let text = |it: &lockkeeper_syntax::ast::Expr| step.text(it.span).to_owned();
    let test = match (&bound.kind, key.strategy) {
        (BoundKind::Range { from, to }, PartitionStrategy::Range) => {
            let [from] = from.as_slice() else { return None };
            let [to] = to.as_slice() else { return None };
            let limit = |sign: &str, it: &BoundValue| match it {
                BoundValue::Value(value) => Some(format!("{column} {sign} {}", text(value))),
                BoundValue::Min | BoundValue::Max => None,
            };
            let limits: Vec<String> = [limit(">=", from), limit("<", to)].into_iter().flatten().collect();
            limits.join(" AND ")
        }
        (BoundKind::List(values), PartitionStrategy::List) => {
            format!("{column} IN ({})", values.iter().map(text).collect::<Vec<_>>().join(", "))
        }
        _ => return None,
    };
    let test = if test.is_empty() { String::new() } else { format!(" AND {test}") };
    Some(format!("{column} IS NOT NULL{test}"))
}
