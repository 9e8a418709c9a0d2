//! `USING INDEX` with an index that cannot be a key.

use crate::choose::Findings;
use crate::clause::{self, Clause};
use crate::refusals::Reporter;
use crate::step::Step;
use crate::{Where, recipe, say};
use lockkeeper_model::catalog::{Index, Relation};
use lockkeeper_syntax::ast::{Constraint, ConstraintKind, QualifiedName, UniqueKey, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::IndexUnsuitableForConstraint) else { return };
    let finding = found.refused(failure, format!("{}, so it cannot become a key", failure.refusal.message()));
    let Some((constraint, key)) = clause(step, failure.span) else { return };
    let Some(index) = &key.using_index else { return };
    let name = QualifiedName { schema: None, name: index.clone() };
    let Some((id, relation)) = step.find(&name) else { return };
    if let Some((script, span)) = step.created_at(id) {
        finding.label(script, span, "the index is created here");
    }
    let Some(own) = relation.as_index() else { return };
    let table = clause::target(&step.statement.body).map(ToString::to_string).unwrap_or_default();
    match columns(step, own) {
        Some(columns) if own.valid => {
            let fresh = recipe::renamed(relation, "full");
            let word = if key.primary { "PRIMARY KEY" } else { "UNIQUE" };
            let constraint =
                constraint.name.as_ref().map_or_else(|| quoted(&index.text).to_string(), ToString::to_string);
            finding.help("a key needs a unique btree index on plain columns, in default order and without WHERE");
            finding.instead_in(
                Where::EachOutside,
                format!(
                    "CREATE UNIQUE INDEX CONCURRENTLY {fresh} ON {table} ({});\n\
                     ALTER TABLE {table} ADD CONSTRAINT {constraint} {word} USING INDEX {fresh};",
                    say::columns(&columns)
                ),
            );
        }
        Some(_) => {
            finding
                .help("build the index completely first: attach one for each partition, or drop it and build it again");
        }
        None => {
            finding.help("a key consists of plain columns; what an expression makes unique stays a unique index");
        }
    }
}

fn clause<'a>(step: &Step<'a>, span: lockkeeper_syntax::Span) -> Option<(&'a Constraint, &'a UniqueKey)> {
    match clause::at(&step.timeline().statement.body, span) {
        Clause::Constraint { constraint, .. } => match &constraint.kind {
            ConstraintKind::Unique(key) => Some((constraint, key)),
            _ => None,
        },
        _ => None,
    }
}

/// The columns of the index, if it has nothing but columns.
fn columns(step: &Step<'_>, index: &Index) -> Option<Vec<smol_str::SmolStr>> {
    let table: &Relation = step.get(index.table)?;
    index.key.iter().map(|it| Some(table.columns.get(it.column?)?.name.clone())).collect()
}
