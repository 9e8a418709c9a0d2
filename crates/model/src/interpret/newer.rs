//! Syntax that older servers do not read: that is refused before anything is looked up.

use super::work::Work;
use crate::{Refusal, Version};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{
    ActionKind, AlterTable, Body, ColumnConstraint, ColumnDef, Constraint, ConstraintKind, TableElement, WriteKind,
};

/// Refuses what the server's grammar does not know.
pub(super) fn check(work: &mut Work<'_>, body: &Body) {
    let found = match body {
        Body::Write(it) if it.kind == WriteKind::Merge => Some(("MERGE", 15, work.statement.span)),
        Body::CreateFunction(it) if it.atomic.is_some() => {
            it.atomic.map(|at| ("a function body that is no text", 14, at))
        }
        Body::CreateTrigger(it) if it.replace => Some(("CREATE OR REPLACE TRIGGER", 14, work.statement.span)),
        Body::CreateTable(it) => newest(it.elements.iter().flat_map(|element| match element {
            TableElement::Column(column) => of_column(column),
            TableElement::Constraint(constraint) => of_constraint(constraint),
            TableElement::Like(_) => Vec::new(),
        })),
        Body::AlterTable(it) => newest(of_actions(it)),
        Body::Publication(it) if !it.schemas.is_empty() => Some(("TABLES IN SCHEMA", 15, work.statement.span)),
        Body::Publication(it) if it.tables.iter().any(|it| !it.columns.is_empty() || it.filter.is_some()) => {
            Some(("columns or WHERE behind a published table", 15, work.statement.span))
        }
        _ => None,
    };
    let Some((what, since, span)) = found else { return };
    if let Some(since) = Version::new(since).filter(|it| work.version < *it) {
        work.refuse(Refusal::NewerSyntax { what, since }, span);
    }
}

type Newer = (&'static str, u8, Span);

/// The one that the fewest servers read.
fn newest(all: impl IntoIterator<Item = Newer>) -> Option<Newer> {
    all.into_iter().max_by_key(|(_, since, _)| *since)
}

fn of_actions(it: &AlterTable) -> Vec<Newer> {
    let of_action = |it: &lockkeeper_syntax::ast::Action| match &it.kind {
        ActionKind::AddColumn { column, .. } => of_column(column),
        ActionKind::AddConstraint { constraint } => of_constraint(constraint),
        ActionKind::SetCompression { .. } => vec![("SET COMPRESSION", 14, it.span)],
        ActionKind::DetachPartition { concurrently: Some(_), .. } => {
            vec![("DETACH PARTITION CONCURRENTLY", 14, it.span)]
        }
        ActionKind::SetAccessMethod { method: None } => vec![("SET ACCESS METHOD DEFAULT", 17, it.span)],
        ActionKind::SetAccessMethod { .. } => vec![("SET ACCESS METHOD", 15, it.span)],
        ActionKind::SetExpression { .. } => vec![("SET EXPRESSION", 17, it.span)],
        _ => Vec::new(),
    };
    it.actions.iter().flat_map(of_action).collect()
}

fn of_column(it: &ColumnDef) -> Vec<Newer> {
    let of = |it: &ColumnConstraint| match it {
        ColumnConstraint::Constraint(constraint) => of_constraint(constraint),
        ColumnConstraint::Null(_)
        | ColumnConstraint::Default(..)
        | ColumnConstraint::Identity(_)
        | ColumnConstraint::Generated(_) => Vec::new(),
    };
    it.constraints.iter().flat_map(of).collect()
}

fn of_constraint(it: &Constraint) -> Vec<Newer> {
    let mut found = Vec::new();
    match &it.kind {
        ConstraintKind::Unique(key) if key.without_overlaps => found.push(("WITHOUT OVERLAPS", 18, it.span)),
        ConstraintKind::ForeignKey(key) => {
            if key.period {
                found.push(("PERIOD", 18, it.span));
            }
            if !key.set_columns.is_empty() {
                found.push(("a list of columns behind ON DELETE SET", 15, it.span));
            }
        }
        ConstraintKind::NotNull { .. } if it.no_inherit => found.push(("NOT NULL … NO INHERIT", 18, it.span)),
        ConstraintKind::Unique(_)
        | ConstraintKind::NotNull { .. }
        | ConstraintKind::Check { .. }
        | ConstraintKind::Exclude(_) => {}
    }
    if it.not_enforced {
        found.push(("NOT ENFORCED", 18, it.span));
    }
    found
}
