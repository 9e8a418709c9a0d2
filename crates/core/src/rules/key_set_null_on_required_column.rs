//! A foreign key sets a column to null, or to a default it lacks, and the column is `NOT NULL`.

use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use crate::{About, say};
use lockkeeper_model::catalog::{Constraint, ConstraintKind, NotNull, Relation};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{
    self, ActionKind, Body, ColumnConstraint, ColumnDef, ForeignKey, ForeignKeyAction, Name, quoted,
};
use smol_str::SmolStr;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let body = &step.timeline().statement.body;
    for (constraint, _) in clause::constraints(body) {
        let ast::ConstraintKind::ForeignKey(key) = &constraint.kind else { continue };
        for (event, action) in [("deleted", key.on_delete), ("changed", key.on_update)] {
            of_key(step, key, event, action, constraint.span, found);
        }
    }
    for action in clause::actions(body) {
        if let ActionKind::SetNotNull { column } = &action.kind {
            of_column(step, column, action.span, found);
        }
    }
}

fn of_key(
    step: &Step<'_>,
    key: &ForeignKey,
    event: &str,
    action: ForeignKeyAction,
    span: Span,
    found: &mut Findings<'_>,
) {
    if !matches!(action, ForeignKeyAction::SetNull | ForeignKeyAction::SetDefault) {
        return;
    }
    let set = match &key.set_columns {
        some if !some.is_empty() && event == "deleted" => some,
        _ => &key.columns,
    };
    let stuck: Vec<&Name> =
        set.iter().filter(|it| stays(step, &it.text, action) && !is_freed(step, &it.text)).collect();
    if stuck.is_empty() || found.already(span) {
        return;
    }
    let names = say::names(stuck.iter().map(|it| quoted(&it.text)));
    let (verb, to) = if stuck.len() == 1 { ("is", "it") } else { ("are", "they") };
    let what = if action == ForeignKeyAction::SetNull { "set to null" } else { "set to a default that is not there" };
    let message = format!(
        "a row of `{}` cannot be {event} while others refer to it: {names} would be {what}, but {to} {verb} NOT NULL",
        key.references
    );
    let finding = found.report(About::Meaning(span), span, message);
    finding.caption("accepted now, fails when it is to act");
    let known = clause::target(&step.timeline().statement.body).and_then(|it| step.find(it)).map(|(_, it)| it);
    for name in &stuck {
        if let Some(column) = known.and_then(|it| it.column(&name.text)) {
            let (script, place) = step.locate(column.place);
            finding.label(script, place, format!("`{name}` is NOT NULL"));
        }
    }
    advise(finding, set.len() > stuck.len() && event == "deleted" && step.version.since(15), set, &stuck);
}

fn advise(finding: &mut crate::Finding, can_list: bool, set: &[Name], stuck: &[&Name]) {
    if can_list {
        let free = set.iter().filter(|it| !stuck.contains(it)).map(|it| it.text.as_str());
        finding.help(format!("name the columns that can be null: ON DELETE SET NULL ({})", say::columns(free)));
    } else {
        finding.help(
            "let the rows go with ON DELETE CASCADE, keep the other with ON DELETE RESTRICT, or let the column be null",
        );
    }
}

/// Whether the action would leave null in a column that cannot hold it.
fn stays(step: &Step<'_>, column: &str, action: ForeignKeyAction) -> bool {
    let body = &step.timeline().statement.body;
    let (required, default) = match written(body, column) {
        Some(def) => (is_required(def) || in_primary_key(body, column), has_default(def)),
        None => {
            let Some(known) = clause::target(body).and_then(|it| step.find(it)?.1.column(column)) else { return false };
            let default = known.default.is_some() || known.identity.is_some();
            (known.not_null == NotNull::Yes, default)
        }
    };
    required && (action == ForeignKeyAction::SetNull || !default)
}

/// Whether this statement or a later one of the script lets the column be null.
fn is_freed(step: &Step<'_>, column: &str) -> bool {
    let target = |body| clause::target(body).and_then(|it| step.find(it)).map(|(id, _)| id);
    let Some(table) = target(&step.timeline().statement.body) else { return false };
    let frees = |it: &ast::Action| match &it.kind {
        ActionKind::DropNotNull { column: it } => it.text == column,
        ActionKind::DropColumn { column: it, .. } => it.text == column,
        _ => false,
    };
    let statements = std::iter::once(step.timeline().statement).chain(step.later());
    statements.into_iter().any(|it| target(&it.body) == Some(table) && clause::actions(&it.body).iter().any(frees))
}

/// The column as this statement defines it.
fn written<'a>(body: &'a Body, column: &str) -> Option<&'a ColumnDef> {
    clause::columns(body).find(|it| it.name.text == column)
}

fn is_required(column: &ColumnDef) -> bool {
    let serial = column.data_type.as_ref().is_some_and(|it| it.serial);
    serial
        || column.constraints.iter().any(|it| match it {
            ColumnConstraint::Identity(_) => true,
            ColumnConstraint::Constraint(it) => match &it.kind {
                ast::ConstraintKind::NotNull { .. } => true,
                ast::ConstraintKind::Unique(key) => key.primary,
                _ => false,
            },
            _ => false,
        })
}

fn in_primary_key(body: &Body, column: &str) -> bool {
    clause::constraints(body).any(|(it, _)| match &it.kind {
        ast::ConstraintKind::Unique(key) => key.primary && key.columns.iter().any(|it| it.text == column),
        _ => false,
    })
}

fn has_default(column: &ColumnDef) -> bool {
    let serial = column.data_type.as_ref().is_some_and(|it| it.serial);
    serial
        || column
            .constraints
            .iter()
            .any(|it| matches!(it, ColumnConstraint::Default(..) | ColumnConstraint::Identity(_)))
}

/// `SET NOT NULL` of a column that a foreign key sets to null.
fn of_column(step: &Step<'_>, column: &Name, span: Span, found: &mut Findings<'_>) {
    let target = clause::target(&step.timeline().statement.body).and_then(|it| step.find(it));
    let Some((_, relation)) = target else { return };
    let Some(at) = relation.column_id(&column.text) else { return };
    if relation.columns[at].not_null == NotNull::Yes {
        return;
    }
    let sets = |it: &Constraint| match &it.kind {
        ConstraintKind::ForeignKey { columns, on_delete, on_update, .. } => {
            columns == &[at] && [*on_delete, *on_update].contains(&ForeignKeyAction::SetNull)
        }
        _ => false,
    };
    let Some((_, key)) = relation.live_constraints().find(|(_, it)| sets(it)) else { return };
    if replaced(step, relation, &key.name) {
        return;
    }
    let message = format!(
        "the foreign key `{}` sets `{}` to null, which NOT NULL forbids: rows it refers to can no longer be deleted",
        quoted(&key.name),
        quoted(&column.text)
    );
    let finding = found.report(About::Meaning(span), span, message);
    let (script, place) = step.locate(key.place);
    finding.label(script, place, "sets it to null");
    finding.help("replace the foreign key by one with ON DELETE CASCADE or RESTRICT");
}

/// Whether a later statement of this script drops the foreign key.
fn replaced(step: &Step<'_>, relation: &Relation, key: &SmolStr) -> bool {
    let own = std::iter::once(step.timeline().statement);
    own.chain(step.later()).any(|it| {
        let same =
            clause::target(&it.body).and_then(|it| step.find(it)).is_some_and(|(_, it)| it.name == relation.name);
        let drops = |it: &ast::Action| matches!(&it.kind, ActionKind::DropConstraint { name, .. } if name.text == *key);
        same && clause::actions(&it.body).iter().any(drops)
    })
}
