//! `IF NOT EXISTS` skips a statement, and what is there is of another shape.

use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use crate::{About, bounds, say};
use lockkeeper_model::RelationId;
use lockkeeper_model::catalog::{DataType, Relation};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{ActionKind, Body, ColumnDef, CreateIndex, CreateTable, QualifiedName, TypeName, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    match &step.timeline().statement.body {
        Body::CreateTable(it) if it.if_not_exists && step.effects.skipped => table(step, it, found),
        Body::CreateIndex(it) if it.if_not_exists => index(step, it, found),
        Body::AlterTable(it) => {
            for action in &it.actions {
                if let ActionKind::AddColumn { column, if_not_exists: true } = &action.kind {
                    added(step, &it.relation.name, column, action.span, found);
                }
            }
        }
        _ => {}
    }
}

fn table(step: &Step<'_>, it: &CreateTable, found: &mut Findings<'_>) {
    let Some((id, relation)) = step.find(&it.name).filter(|(_, it)| it.complete) else { return };
    let columns = clause::columns(&step.timeline().statement.body);
    let mut lacks: Vec<String> = columns.filter_map(|column| difference(step, relation, column)).collect();
    if let Some(of) = &it.partition_of
        && let Some(bound) = bounds::of(step, id)
        && *bound != of.bound.kind
        && let Some(there) = bounds::sql(bound)
    {
        lacks.push(format!("its bound is {there}"));
    }
    if lacks.is_empty() {
        return;
    }
    let message = format!("`{}` exists already and stays as it is: {}", it.name, say::list(lacks));
    report(step, it.name.span(), id, message, found);
}

fn added(step: &Step<'_>, table: &QualifiedName, column: &ColumnDef, span: Span, found: &mut Findings<'_>) {
    let Some((_, relation)) = step.find(table) else { return };
    let Some(known) = relation.column(&column.name.text) else { return };
    let Some(difference) = difference(step, relation, column) else { return };
    let message = format!("the column is there already and stays as it is: {difference}");
    let finding = found.report(About::Meaning(span), column.span, message);
    let (script, place) = step.locate(known.place);
    finding.label(script, place, "added here");
    finding.caption("is skipped");
    finding.help("leave out IF NOT EXISTS, or change the type of the column that is there");
}

/// What of a column is not as written.
fn difference(step: &Step<'_>, relation: &Relation, column: &ColumnDef) -> Option<String> {
    let name = quoted(&column.name.text);
    let Some(known) = relation.column(&column.name.text) else { return Some(format!("it has no column `{name}`")) };
    let written = column.data_type.as_ref()?;
    let same = same_type(&known.data_type, written);
    (!same).then(|| format!("`{name}` is {}, not {}", known.data_type.sql(), step.text(written.span)))
}

fn same_type(known: &DataType, written: &TypeName) -> bool {
    // A serial column has the type of its numbers.
    let name = match written.name.name.text.as_str() {
        "serial" | "serial4" => "int4",
        "bigserial" | "serial8" => "int8",
        "smallserial" | "serial2" => "int2",
        name => name,
    };
    let same_name = known.name.name == name;
    let elsewhere = written.percent_type || written.set_of;
    elsewhere || (same_name && known.modifiers == written.modifiers && known.dimensions == written.array_dimensions)
}

fn index(step: &Step<'_>, it: &CreateIndex, found: &mut Findings<'_>) {
    let Some(name) = &it.name else { return };
    // An index lies in the schema of its table.
    let schema = it.table.name.schema.clone();
    let Some((id, relation)) = step.find(&QualifiedName { schema, name: name.clone() }) else { return };
    let Some(own) = relation.as_index() else { return };
    let Some(table) = step.get(own.table) else { return };
    let column = |at: Option<usize>| at.and_then(|at| table.columns.get(at)).map(|it| it.name.as_str());
    let there: Vec<Option<&str>> = own.key.iter().map(|it| column(it.column)).collect();
    let wanted: Vec<Option<&str>> = it.elements.iter().map(|it| it.column().map(|it| it.text.as_str())).collect();
    let elsewhere = step.find(&it.table.name).is_some_and(|(id, _)| id != own.table);
    let what = if elsewhere {
        format!("it is an index of `{}`", table.name.short())
    } else if there != wanted {
        let columns: Option<Vec<&str>> = there.into_iter().collect();
        match columns {
            Some(columns) => format!("it is on ({})", say::columns(columns)),
            None => "it is on an expression".to_owned(),
        }
    } else if own.unique != it.unique {
        let not = if own.unique { "" } else { "not " };
        format!("it is {not}unique")
    } else if own.predicate != it.predicate {
        "its WHERE is another".to_owned()
    } else {
        return;
    };
    let message = format!("`{name}` exists already and stays as it is: {what}");
    report(step, name.span, id, message, found);
}

fn report(step: &Step<'_>, span: Span, there: RelationId, message: String, found: &mut Findings<'_>) {
    let finding = found.report(About::Meaning(span), span, message);
    finding.caption("is skipped");
    if let Some((script, place)) = step.created_at(there) {
        finding.label(script, place, "created here");
    }
    finding.help("leave out IF NOT EXISTS, and change what is there in a statement of its own");
}
