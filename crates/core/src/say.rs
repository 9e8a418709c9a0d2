//! Words of messages: lists, names of objects, what a statement assumes.

use crate::step::Step;
use lockkeeper_model::catalog::{ConstraintKind, Relation, RelationKind};
use lockkeeper_model::{Assumption, Blocks, DroppedObject};
use lockkeeper_syntax::ast::{ObjectKind, Persistence, quoted};
use std::fmt::Display;

/// "a", "a and b", "a, b and c".
pub(crate) fn list<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|it| it.to_string()).collect();
    match items.split_last() {
        None => String::new(),
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
    }
}

/// The same with each item in backticks.
pub(crate) fn names<T: Display>(items: impl IntoIterator<Item = T>) -> String {
    list(items.into_iter().map(|it| format!("`{it}`")))
}

/// Column names as SQL lists them: `a, "B"`.
pub(crate) fn columns<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    items.into_iter().map(|it| quoted(it.as_ref()).to_string()).collect::<Vec<_>>().join(", ")
}

/// "writes to", "reads of and writes to", in front of a table's name.
pub(crate) fn accesses(blocks: Blocks) -> &'static str {
    match blocks {
        Blocks::SchemaChanges => "schema changes of",
        Blocks::Writes => "writes to",
        Blocks::ReadsAndWrites => "reads of and writes to",
    }
}

/// A time in milliseconds as a setting says it: "30s", "5min".
pub(crate) fn duration(milliseconds: u64) -> String {
    match milliseconds {
        it if it % 60_000 == 0 => format!("{}min", it / 60_000),
        it if it % 1_000 == 0 => format!("{}s", it / 1_000),
        it => format!("{it}ms"),
    }
}

/// What a relation is called: "table", "materialized view", ….
pub(crate) fn kind(relation: &Relation) -> &'static str {
    match &relation.kind {
        _ if relation.partition_of.is_some() && relation.is_table() => "partition",
        RelationKind::Table if relation.persistence == Persistence::Temporary => "temporary table",
        RelationKind::Table => "table",
        RelationKind::Partitioned(_) => "partitioned table",
        RelationKind::Foreign => "foreign table",
        RelationKind::Index(_) => "index",
        RelationKind::Sequence(_) => "sequence",
        RelationKind::View(_) => "view",
        RelationKind::MaterializedView(_) => "materialized view",
        RelationKind::Composite => "type",
    }
}

/// A dropped object with its kind: "view `v`", "foreign key `k` of `t`", "the rows of `t`".
pub(crate) fn object(dropped: &DroppedObject, step: &Step<'_>) -> String {
    match dropped {
        DroppedObject::Relation(id) => {
            format!("{} `{}`", step.get(*id).map_or("relation", kind), step.name(*id))
        }
        DroppedObject::Rows(id) => format!("the rows of `{}`", step.name(*id)),
        DroppedObject::Column { table, column } => format!("column `{}` of `{}`", quoted(column), step.name(*table)),
        DroppedObject::Constraint { table, constraint } => {
            let found = step.get(*table).and_then(|it| it.constraint(constraint));
            let what = found.map_or("constraint", |(_, it)| constraint_kind(&it.kind));
            format!("{what} `{}` of `{}`", quoted(constraint), step.name(*table))
        }
        DroppedObject::Part { kind: ObjectKind::Column, table, name } => {
            format!("the default of column `{}` of `{}`", quoted(name), step.name(*table))
        }
        DroppedObject::Part { kind, table, name } => {
            format!("{} `{}` of `{}`", noun(*kind), quoted(name), step.name(*table))
        }
        DroppedObject::Type(name) => format!("type `{}`", name.short()),
        DroppedObject::Schema(name) => format!("schema `{}`", quoted(name)),
        DroppedObject::Other { kind, name } => format!("{} `{name}`", noun(*kind)),
    }
}

/// What a constraint is called.
pub(crate) fn constraint_kind(kind: &ConstraintKind) -> &'static str {
    match kind {
        ConstraintKind::NotNull(_) => "not-null constraint",
        ConstraintKind::Check { .. } => "check constraint",
        ConstraintKind::Unique { primary: true, .. } => "primary key",
        ConstraintKind::Unique { primary: false, .. } => "unique constraint",
        ConstraintKind::Exclude { .. } => "exclusion constraint",
        ConstraintKind::ForeignKey { .. } => "foreign key",
    }
}

/// A kind of object in running text.
pub(crate) fn noun(kind: ObjectKind) -> String {
    match kind {
        ObjectKind::Constraint => "constraint".to_owned(),
        ObjectKind::Attribute => "attribute".to_owned(),
        other => other.word().to_ascii_lowercase(),
    }
}

/// What a prediction rests on, in words.
pub(crate) fn assumption(assumed: &Assumption) -> String {
    match assumed {
        Assumption::RelationExists(name) => {
            format!("`{}` is an ordinary table with rows and traffic; no migration here creates it", name.short())
        }
        Assumption::OpaqueCode => "the code that the statement runs is not read".to_owned(),
    }
}

/// "a" or "an".
pub(crate) fn article(word: &str) -> &'static str {
    if word.starts_with(['a', 'e', 'i', 'o', 'u']) && !word.starts_with("uni") { "an" } else { "a" }
}
