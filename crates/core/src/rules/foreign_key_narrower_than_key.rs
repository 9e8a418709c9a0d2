//! A foreign key column that cannot hold all values of the key it refers to.

use crate::About;
use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use lockkeeper_model::catalog::{DataType, Relation};
use lockkeeper_syntax::ast::{Body, ConstraintKind, ForeignKey, Name, TypeName, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let body = &step.timeline().statement.body;
    for (constraint, _) in clause::constraints(body) {
        let ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
        let Some((_, target)) = step.find(&key.references) else { continue };
        for (at, own) in key.columns.iter().enumerate() {
            let Some(referenced) = referenced(step, key, target, at) else { continue };
            let (Some(narrow), Some(wide)) = (type_of(step, body, own), width(&referenced.data_type.name.name)) else {
                continue;
            };
            if narrow >= wide || found.already(constraint.span) {
                continue;
            }
            let message = format!(
                "`{}` cannot hold all values of `{}` of `{}`: inserts fail once those are greater",
                quoted(&own.text),
                quoted(&referenced.name),
                key.references
            );
            let finding = found.report(About::Meaning(constraint.span), constraint.span, message);
            let (script, span) = step.locate(referenced.place);
            finding.label(script, span, format!("{} here", referenced.data_type.sql()));
            finding.help(format!("make it {} too", referenced.data_type.sql()));
        }
    }
}

/// The column that the one at `at` refers to.
fn referenced<'a>(
    step: &Step<'a>,
    key: &ForeignKey,
    target: &'a Relation,
    at: usize,
) -> Option<&'a lockkeeper_model::catalog::Column> {
    if let Some(name) = key.referenced_columns.get(at) {
        return target.column(&name.text);
    }
    let index = step.get(target.primary_key()?.index()?)?.as_index()?;
    target.columns.get(index.key.get(at)?.column?)
}

/// How many bytes the referencing column has, as this statement defines it or as it is.
fn type_of(step: &Step<'_>, body: &Body, column: &Name) -> Option<u8> {
    let plain = |it: &TypeName| if it.array_dimensions == 0 { width(&it.name.name.text) } else { None };
    match clause::columns(body).find(|it| it.name.text == column.text) {
        Some(def) => plain(def.data_type.as_ref()?),
        None => of_known(&step.find(clause::target(body)?)?.1.column(&column.text)?.data_type),
    }
}

fn of_known(data_type: &DataType) -> Option<u8> {
    if data_type.dimensions == 0 { width(&data_type.name.name) } else { None }
}

fn width(type_name: &str) -> Option<u8> {
    match type_name {
        "int2" => Some(2),
        "int4" => Some(4),
        "int8" => Some(8),
        _ => None,
    }
}
