//! Every row is read to see that a column holds no null, while reads and writes wait.

use crate::choose::Findings;
use crate::clause::{self, Clause};
use crate::step::Step;
use crate::work::{self, Work};
use crate::{About, Edit, Finding, Safety, Where, recipe};
use lockkeeper_model::catalog::NotNull;
use lockkeeper_model::{ScanReason, object_name};
use lockkeeper_syntax::ast::{ActionKind, Body, ConstraintKind, Expr, ExprKind, quoted};
use smol_str::SmolStr;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    if matches!(step.statement.body, Body::AlterDomain(_)) {
        return; // Of domains a rule of their own speaks.
    }
    let columns = |why: &'_ ScanReason| match why {
        ScanReason::NotNull(column) => Some(column.clone()),
        _ => None,
    };
    for (work, column) in work::scans(step, columns) {
        let action = clause::action_at(&step.statement.body, work.span);
        if action.is_some_and(|it| matches!(it.kind, ActionKind::AddColumn { .. })) {
            continue; // A new column holds nothing but nulls: the statement fails unless the table is empty.
        }
        let message =
            format!("{} while each row is read to see that `{}` is not null", work.waiting(step), quoted(&column));
        let finding = found.report(About::Scan(work.table), work.span, message);
        finding.caption(work.caption(step, &work.reads()));
        advise(step, finding, &work, &column);
    }
}

fn advise(step: &Step<'_>, finding: &mut Finding, work: &Work, column: &SmolStr) {
    let table = step.name(work.table);
    if let Some(name) = unvalidated(step, work, column) {
        finding
            .help(format!("`{}` is NOT NULL for new rows already: validate that constraint instead", quoted(column)));
        finding.instead(recipe::validate(&table, &name));
        return;
    }
    let proof = quoted(&proof_name(step, work, column)).to_string();
    let steps = proven(step, &table, column, &proof);
    match clause::at(&step.statement.body, work.span) {
        Clause::Constraint { constraint, .. } if matches!(constraint.kind, ConstraintKind::Unique(_)) => {
            finding
                .help("make the column NOT NULL first, by a constraint that is validated while reads and writes go on");
            let sql = format!("{}\n{};", steps.join("\n"), step.statement_text());
            finding.instead_in(Where::EachAlone, sql);
        }
        Clause::Constraint { constraint, column: None } => {
            let edits = recipe::not_valid(step, constraint, None);
            finding.help("add it NOT VALID, which reads nothing, then validate it while reads and writes go on");
            let name = constraint.name.as_ref().map_or(proof, |it| it.to_string());
            let validate = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name};");
            finding.instead_in(Where::Later, format!("{}\n{validate}", recipe::edited(step, &edits)));
            recipe::offer_not_valid(step, finding, edits, &validate);
        }
        _ if let Some(check) = waiting_proof(step, work, column) => {
            let check = quoted(&check);
            finding.help(format!("`{check}` proves it as soon as it is validated, which lets reads and writes go on"));
            finding.instead_in(
                Where::Later,
                format!("ALTER TABLE {table} VALIDATE CONSTRAINT {check};\n{};", step.statement_text()),
            );
        }
        _ => {
            finding.help("let a constraint prove it that is validated while reads and writes go on");
            finding.instead_in(Where::EachAlone, steps.join("\n"));
            if step.commits_alone()
                && clause::actions(&step.statement.body).len() == 1
                && !step.is_partitioned(work.table)
            {
                let text = steps.join("\n").trim_end_matches(';').to_owned();
                let edit = Edit { span: step.statement.span, text };
                finding.fix(Safety::Safe, "prove it by a constraint first", vec![edit]);
            }
        }
    }
}

/// The statements that make a column `NOT NULL` without a scan under a strong lock.
fn proven(step: &Step<'_>, table: &str, column: &SmolStr, proof: &str) -> Vec<String> {
    let column = quoted(column);
    if step.version.since(18) {
        return vec![
            format!("ALTER TABLE {table} ADD CONSTRAINT {proof} NOT NULL {column} NOT VALID;"),
            format!("ALTER TABLE {table} VALIDATE CONSTRAINT {proof};"),
        ];
    }
    vec![
        format!("ALTER TABLE {table} ADD CONSTRAINT {proof} CHECK ({column} IS NOT NULL) NOT VALID;"),
        format!("ALTER TABLE {table} VALIDATE CONSTRAINT {proof};"),
        format!("ALTER TABLE {table} ALTER COLUMN {column} SET NOT NULL;"),
        format!("ALTER TABLE {table} DROP CONSTRAINT {proof};"),
    ]
}

/// The name that the server would give: one that fits, and that no constraint of the table has.
fn proof_name(step: &Step<'_>, work: &Work, column: &str) -> SmolStr {
    let Some(table) = step.get(work.table) else { return SmolStr::new(format!("{column}_not_null")) };
    let labels = std::iter::once("not_null".to_owned()).chain((1..).map(|it: u32| format!("not_null{it}")));
    let mut names = labels.map(|label| object_name(&table.name.name, Some(column), &label));
    names.find(|it| table.constraint(it).is_none()).unwrap_or_default()
}

/// A check of the table that says no more than that the column is not null, and waits to be validated.
fn waiting_proof(step: &Step<'_>, work: &Work, column: &str) -> Option<SmolStr> {
    let says = |expr: &Expr| match &expr.kind {
        ExprKind::IsNull { value, negated: true } => value.as_column().is_some_and(|it| it.text == column),
        _ => false,
    };
    let mut constraints = step.get(work.table)?.live_constraints().map(|(_, it)| it);
    let proof = constraints.find(|it| {
        let check = matches!(&it.kind, lockkeeper_model::catalog::ConstraintKind::Check { expr, .. } if says(expr));
        check && !it.validated && it.enforced
    });
    proof.map(|it| it.name.clone())
}

/// The `NOT NULL … NOT VALID` constraint of the column, if it has one.
fn unvalidated(step: &Step<'_>, work: &Work, column: &str) -> Option<SmolStr> {
    let table = step.get(work.table)?;
    let at = table.column_id(column).filter(|at| table.columns[*at].not_null == NotNull::NotValid)?;
    let own = |kind: &lockkeeper_model::catalog::ConstraintKind| matches!(kind, lockkeeper_model::catalog::ConstraintKind::NotNull(it) if *it == at);
    table.live_constraints().find(|(_, it)| own(&it.kind)).map(|(_, it)| it.name.clone())
}
