//! Which clause of the statement a span means.

use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{
    Action, ActionKind, Body, ColumnConstraint, ColumnDef, Constraint, ConstraintKind, CreateIndex, ForeignKey, Like,
    PartitionBy, QualifiedName, TableElement,
};

/// A clause that makes a constraint or index.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Clause<'a> {
    /// A constraint, of a column or of the table.
    Constraint {
        /// The constraint.
        constraint: &'a Constraint,
        /// The column that it is written at, if it is a column's.
        column: Option<&'a ColumnDef>,
    },
    /// `CREATE INDEX`.
    Index(&'a CreateIndex),
    /// `LIKE source INCLUDING …`.
    Like(&'a Like),
    /// Anything else.
    Other,
}

/// The clause of `body` at `span`: the constraint that holds it, else the first one in it that makes a key.
pub(crate) fn at(body: &Body, span: Span) -> Clause<'_> {
    if let Body::CreateIndex(index) = body {
        return Clause::Index(index);
    }
    if let Some(like) = likes(body).find(|it| it.span.contains(span) || span.contains(it.span)) {
        return Clause::Like(like);
    }
    let around = constraints(body).find(|(it, _)| it.span.contains(span));
    let inside = || constraints(body).find(|(it, _)| span.contains(it.span) && makes_key(it));
    match around.or_else(inside) {
        Some((constraint, column)) => Clause::Constraint { constraint, column },
        None => Clause::Other,
    }
}

fn makes_key(constraint: &Constraint) -> bool {
    match constraint.kind {
        ConstraintKind::Unique(_) | ConstraintKind::Exclude(_) | ConstraintKind::ForeignKey(_) => true,
        ConstraintKind::NotNull { .. } | ConstraintKind::Check { .. } => false,
    }
}

/// All constraints that a statement makes, with the column they are written at.
pub(crate) fn constraints(body: &Body) -> impl Iterator<Item = (&Constraint, Option<&ColumnDef>)> {
    let written = elements(body).iter().map(|it| match it {
        TableElement::Column(column) => (Some(column), None),
        TableElement::Constraint(constraint) => (None, Some(constraint)),
        TableElement::Like(_) => (None, None),
    });
    let added = actions(body).iter().map(|it| match &it.kind {
        ActionKind::AddColumn { column, .. } => (Some(&**column), None),
        ActionKind::AddConstraint { constraint } => (None, Some(&**constraint)),
        _ => (None, None),
    });
    written.chain(added).flat_map(|(column, constraint)| {
        let of_column = column.into_iter().flat_map(|column| {
            let constraints = column.constraints.iter().filter_map(|it| match it {
                ColumnConstraint::Constraint(constraint) => Some(constraint),
                _ => None,
            });
            constraints.map(move |it| (it, Some(column)))
        });
        of_column.chain(constraint.map(|it| (it, None)))
    })
}

fn likes(body: &Body) -> impl Iterator<Item = &Like> {
    elements(body).iter().filter_map(|it| match it {
        TableElement::Like(like) => Some(like),
        _ => None,
    })
}

/// The parenthesised list of a `CREATE TABLE`.
pub(crate) fn elements(body: &Body) -> &[TableElement] {
    match body {
        Body::CreateTable(it) => &it.elements,
        _ => &[],
    }
}

/// The columns that a statement defines, in `CREATE TABLE` or by `ADD COLUMN`.
pub(crate) fn columns(body: &Body) -> impl Iterator<Item = &ColumnDef> {
    let listed = elements(body).iter().filter_map(|it| match it {
        TableElement::Column(column) => Some(column),
        _ => None,
    });
    let added = actions(body).iter().filter_map(|it| match &it.kind {
        ActionKind::AddColumn { column, .. } => Some(&**column),
        _ => None,
    });
    listed.chain(added)
}

/// Where an element of that list stands.
pub(crate) fn element_span(element: &TableElement) -> Span {
    match element {
        TableElement::Column(it) => it.span,
        TableElement::Constraint(it) => it.span,
        TableElement::Like(it) => it.span,
    }
}

/// The subcommands of an `ALTER TABLE`.
pub(crate) fn actions(body: &Body) -> &[Action] {
    match body {
        Body::AlterTable(it) => &it.actions,
        _ => &[],
    }
}

/// The subcommand of `ALTER TABLE` at `span`.
pub(crate) fn action_at(body: &Body, span: Span) -> Option<&Action> {
    actions(body).iter().find(|it| it.span.contains(span) || span.contains(it.span))
}

/// The table that the statement makes, changes, renames or indexes.
pub(crate) fn target(body: &Body) -> Option<&QualifiedName> {
    match body {
        Body::CreateTable(it) => Some(&it.name),
        Body::AlterTable(it) => Some(&it.relation.name),
        Body::CreateIndex(it) => Some(&it.table.name),
        Body::Rename(it) => Some(&it.object),
        Body::SetSchema(it) => Some(&it.object),
        _ => None,
    }
}

/// The `PARTITION BY` of a `CREATE TABLE`.
pub(crate) fn partition_by(body: &Body) -> Option<&PartitionBy> {
    match body {
        Body::CreateTable(it) => it.partition_by.as_ref(),
        _ => None,
    }
}

impl<'a> Clause<'a> {
    /// The foreign key.
    pub(crate) fn foreign_key(self) -> Option<&'a ForeignKey> {
        match self {
            Clause::Constraint { constraint: Constraint { kind: ConstraintKind::ForeignKey(key), .. }, .. } => {
                Some(key)
            }
            _ => None,
        }
    }
}
