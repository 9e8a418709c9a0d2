//! A constraint goes, and nothing takes its place.

use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use crate::{About, say};
use lockkeeper_model::catalog::{Constraint, ConstraintKind, Index, NotNull, Relation};
use lockkeeper_model::{DropReason, DroppedObject, RelationId};
use lockkeeper_syntax::ast::{self, Body, ExprKind, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for dropped in step.effects.drops.iter().filter(|it| it.how == DropReason::Named) {
        let DroppedObject::Constraint { table, constraint: name } = &dropped.object else { continue };
        if step.is_new(*table) {
            continue;
        }
        let Some(relation) = step.get(*table) else { continue };
        let known = relation.constraint(name).map(|(_, it)| it);
        if let Some(known) = known
            && (step.is_new_place(known.place.statement) || superfluous(step, *table, relation, known))
        {
            continue;
        }
        if replaced(step, *table, known) {
            continue;
        }
        let message = match known {
            Some(known) => format!("{} goes: {}", say::object(&dropped.object, step), loses(relation, known)),
            None => format!(
                "constraint `{}` of `{}` goes, and with it what it guarantees",
                quoted(name),
                relation.name.short()
            ),
        };
        let finding = found.report(About::Drop(dropped.object.clone()), dropped.span, message);
        if let Some(known) = known {
            let (script, span) = step.locate(known.place);
            finding.label(script, span, "added here");
        }
        finding.help(
            "put the new rule in place first, NOT VALID and then validated, and drop the old one in a later migration",
        );
    }
}

/// What is lost.
fn loses(relation: &Relation, constraint: &Constraint) -> String {
    let table = relation.name.short();
    match &constraint.kind {
        ConstraintKind::Unique { primary: true, .. } => {
            format!("`{table}` can hold equal keys, its index goes too, and logical replication of its changes fails")
        }
        ConstraintKind::Unique { .. } => format!("`{table}` can hold equal values, and its index goes too"),
        ConstraintKind::Exclude { .. } => format!("`{table}` can hold conflicting rows, and its index goes too"),
        ConstraintKind::ForeignKey { .. } => format!("rows of `{table}` can refer to nothing"),
        ConstraintKind::Check { .. } => format!("`{table}` can hold rows that break it"),
        ConstraintKind::NotNull(_) => format!("`{table}` can hold null there"),
    }
}

/// Whether something else guarantees as much: `NOT NULL`, the partition's bound or another check of the same columns
/// instead of a check, a unique index of the same key, a foreign key of the same columns to the same table.
fn superfluous(step: &Step<'_>, table: RelationId, relation: &Relation, constraint: &Constraint) -> bool {
    let others =
        || relation.live_constraints().map(|(_, it)| it).filter(|it| it.name != constraint.name && it.enforced);
    match &constraint.kind {
        ConstraintKind::Check { expr, columns } => {
            let proven = match &expr.kind {
                ExprKind::IsNull { value, negated: true } => value.as_column(),
                _ => None,
            };
            let column = proven.and_then(|it| relation.column(&it.text));
            let as_much = |it: &Constraint| match &it.kind {
                ConstraintKind::Check { columns: own, .. } => columns.iter().all(|it| own.contains(it)),
                _ => false,
            };
            column.is_some_and(|it| it.not_null == NotNull::Yes)
                || of_bound(step, relation, expr)
                || others().any(as_much)
        }
        ConstraintKind::Unique { index, .. } => {
            let Some(own) = step.get(*index).and_then(Relation::as_index) else { return false };
            let mut indexes = step.timeline().catalog.indexes(table);
            let same = |it: &Index| it.unique && it.valid && it.predicate.is_none() && it.key == own.key;
            indexes.any(|(id, _, it)| id != *index && same(it))
        }
        ConstraintKind::ForeignKey { columns, references, .. } => others().any(|it| {
            matches!(&it.kind, ConstraintKind::ForeignKey { columns: own, references: to, .. } if own == columns && to == references)
        }),
        ConstraintKind::NotNull(_) | ConstraintKind::Exclude { .. } => false,
    }
}

/// Whether the check speaks only of the columns by which the table is a partition: then it stood for the bound.
fn of_bound(step: &Step<'_>, relation: &Relation, expr: &ast::Expr) -> bool {
    let parent = relation.partition_of.as_ref().and_then(|it| step.get(it.parent));
    let Some(key) = parent.and_then(Relation::partition_key) else { return false };
    let columns = expr.columns();
    let of_key = |name: &str| key.elements.iter().any(|it| it.expr.columns().iter().any(|it| it.text == name));
    !columns.is_empty() && columns.iter().all(|it| of_key(&it.text))
}

/// Whether this migration adds a constraint of the same kind to the table, before or after.
fn replaced(step: &Step<'_>, table: RelationId, constraint: Option<&Constraint>) -> bool {
    let own = std::iter::once(step.timeline().statement);
    let mut around = step.earlier().iter().chain(own).chain(step.later());
    around.any(|statement| {
        let target = clause::target(&statement.body).and_then(|it| step.find(it)).map(|(id, _)| id);
        if target != Some(table) {
            return false;
        }
        let unique_index = matches!(&statement.body, Body::CreateIndex(it) if it.unique);
        let unique = constraint.is_none_or(|it| matches!(it.kind, ConstraintKind::Unique { .. }));
        (unique_index && unique)
            || clause::constraints(&statement.body)
                .any(|(it, _)| constraint.is_none_or(|old| same_kind(&old.kind, &it.kind)))
    })
}

fn same_kind(old: &ConstraintKind, new: &ast::ConstraintKind) -> bool {
    matches!(
        (old, new),
        (ConstraintKind::NotNull(_), ast::ConstraintKind::NotNull { .. })
            | (ConstraintKind::Check { .. }, ast::ConstraintKind::Check { .. })
            | (ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. }, ast::ConstraintKind::Unique(_))
            | (ConstraintKind::Unique { .. } | ConstraintKind::Exclude { .. }, ast::ConstraintKind::Exclude(_))
            | (ConstraintKind::ForeignKey { .. }, ast::ConstraintKind::ForeignKey(_))
    )
}
