//! Not-null constraints of a new table, which have names and may be the table's own from PostgreSQL 18 on.

use super::work::Work;
use crate::Refusal;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{
    ColumnConstraint, ColumnDef, Constraint, ConstraintKind, CreateTable, ObjectKind, TableElement,
};

/// What contradicts itself; `transformColumnDefinition` and `transformIndexConstraint` in `parse_utilcmd.c`,
/// `AddRelationNotNullConstraints` in `src/backend/catalog/heap.c`.
pub(super) fn check(work: &mut Work<'_>, it: &CreateTable, columns: &[&ColumnDef]) {
    let mut written: Vec<(&str, &Constraint)> = Vec::new();
    let mut inheritable: Vec<&str> = Vec::new();
    for def in columns {
        let column = def.name.text.as_str();
        if def.data_type.as_ref().is_some_and(|it| it.serial) {
            inheritable.push(column);
        }
        for constraint in &def.constraints {
            match constraint {
                ColumnConstraint::Identity(_) => inheritable.push(column),
                ColumnConstraint::Constraint(it) => match &it.kind {
                    ConstraintKind::NotNull { .. } => written.push((column, it)),
                    ConstraintKind::Unique(key) if key.primary => inheritable.push(column),
                    _ => {}
                },
                _ => {}
            }
        }
    }
    let of_columns = written.len();
    for element in &it.elements {
        let TableElement::Constraint(it) = element else { continue };
        match &it.kind {
            ConstraintKind::NotNull { column } => written.push((&column.text, it)),
            ConstraintKind::Unique(key) if key.primary => inheritable.extend(key.columns.iter().map(|it| &*it.text)),
            _ => {}
        }
    }
    if let Some((_, own)) = written.iter().find(|(_, own)| own.no_inherit && it.partition_by.is_some()) {
        let message = "not-null constraints on partitioned tables cannot be NO INHERIT";
        refuse(work, "0A000", message, own.span);
    }
    for (at, (column, own)) in written.iter().enumerate() {
        if own.no_inherit && inheritable.contains(column) {
            refuse(work, "42601", "conflicting NO INHERIT declarations for not-null constraints on column", own.span);
        }
        for (other_column, other) in &written[..at] {
            let named = own.name.as_ref().zip(other.name.as_ref()).map(|(one, other)| one.text == other.text);
            if column == other_column {
                if own.no_inherit != other.no_inherit {
                    let message = "conflicting NO INHERIT declarations for not-null constraints on column";
                    refuse(work, "42601", message, own.span);
                } else if named == Some(false) {
                    let sqlstate = if at < of_columns { "XX000" } else { "42601" };
                    refuse(work, sqlstate, "conflicting not-null constraint names", own.span);
                }
            } else if named == Some(true)
                && let Some(name) = &own.name
            {
                let table = Some(it.name.name.text.clone());
                let name = name.text.clone();
                work.refuse(Refusal::DuplicateObject { kind: ObjectKind::Constraint, name, table }, own.span);
            }
        }
        let above =
            it.inherits.iter().chain(it.partition_of.iter().map(|it| &it.parent)).filter_map(|it| work.find(it));
        let forbidden = |id| {
            let at = work.relation(id).column_id(column);
            at.is_some_and(|at| work.not_null_name(id, at).is_some() && work.hands_down_not_null(id, at))
        };
        if own.no_inherit && above.into_iter().any(forbidden) {
            refuse(work, "42804", "cannot define not-null constraint with NO INHERIT on column", own.span);
        }
    }
}

fn refuse(work: &mut Work<'_>, sqlstate: &'static str, message: &'static str, span: Span) {
    work.refuse(Refusal::Plain { sqlstate, message }, span);
}
