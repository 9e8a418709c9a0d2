//! A unique key of a partitioned table lacks a column of the partition key.

use crate::choose::Findings;
use crate::clause::{self, Clause};
use crate::partition_key::{PartitionKey, tuple};
use crate::refusals::Reporter;
use crate::step::Step;
use crate::{About, Edit, Finding, Safety, recipe, say};
use lockkeeper_model::Refusal;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{
    ColumnDef, Constraint, ConstraintKind, CreateIndex, IndexElement, Like, UniqueKey, quoted,
};
use smol_str::SmolStr;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::PartitionKeyMissingInUnique) else { return };
    let clause = clause::at(&step.statement.body, failure.span);
    let (table, column) = match &failure.refusal {
        Refusal::UniqueLacksPartitionKey { table, column, .. }
        | Refusal::ExclusionLacksPartitionKey { table, column } => (Some(table.as_str()), column.as_str()),
        Refusal::ExclusionOperatorOnPartitionKey { column } => (None, column.as_str()),
        _ => (None, ""),
    };
    let Some(key) = PartitionKey::of(step, table) else {
        found.refusal(failure);
        return;
    };
    let written = key_columns(clause);
    let missing = key.missing(&written, column);
    let what = subject(step, clause, &failure.refusal);
    let message = match &failure.refusal {
        Refusal::ExclusionOnPartitioned => {
            format!("`{}` is partitioned and cannot have an exclusion constraint before PostgreSQL 17", key.table)
        }
        Refusal::ExclusionOperatorOnPartitionKey { column } => {
            format!("{what} does not compare the partition key `{}` with `=`", quoted(column))
        }
        _ => format!("{what} lacks {}", lack(clause, &key, &missing)),
    };
    let finding = found.report(About::Failure, place(clause, failure.span), message);
    finding.caption(step.refuses(failure));
    let unmet = key.elements.iter().filter(|it| it.column.as_ref().is_some_and(|it| missing.contains(it)));
    for element in unmet {
        finding.label(element.script, element.span, "every unique key must contain this column");
    }
    match clause {
        Clause::Constraint { constraint, column } => match (&constraint.kind, column) {
            (ConstraintKind::Unique(key), Some(column)) => at_column(step, finding, constraint, key, column, &missing),
            _ => at_table(step, finding, constraint, &written, &missing),
        },
        Clause::Index(index) => at_index(step, finding, index, &missing),
        Clause::Like(like) => copied(step, finding, like, &missing),
        Clause::Other => {
            finding.help(format!(
                "make {} part of every unique key of the table above, or partition `{}` by a column that they have",
                say::names(missing.iter().map(|it| quoted(it))),
                key.table
            ));
        }
    }
    if !written.is_empty() && !missing.is_empty() && matches!(failure.refusal, Refusal::UniqueLacksPartitionKey { .. })
    {
        finding.note(only_together(&written, &missing));
    }
}

/// The clause to underline: of `CREATE INDEX` the key, of anything else what was refused.
fn place(clause: Clause<'_>, refused: Span) -> Span {
    match clause {
        Clause::Index(index) => index.elements_span,
        Clause::Constraint { constraint, .. } if constraint.span.contains(refused) => constraint.span,
        _ => refused,
    }
}

/// "the primary key of `t`", "the unique index `i`".
fn subject(step: &Step<'_>, clause: Clause<'_>, refusal: &Refusal) -> String {
    let table = clause::target(&step.statement.body).map(ToString::to_string).unwrap_or_default();
    let of_kind = |kind: &str, name: Option<String>| match name {
        Some(name) => format!("the {kind} `{name}` of `{table}`"),
        None => format!("the {kind} of `{table}`"),
    };
    match clause {
        Clause::Constraint { constraint, .. } => {
            let name = constraint.name.as_ref().map(ToString::to_string);
            match &constraint.kind {
                ConstraintKind::Unique(key) if key.primary => of_kind("primary key", None),
                ConstraintKind::Exclude(_) => of_kind("exclusion constraint", name),
                _ => of_kind("unique constraint", name),
            }
        }
        Clause::Index(index) => match &index.name {
            Some(name) => format!("the unique index `{name}` on `{table}`"),
            None => format!("the unique index on `{table}`"),
        },
        Clause::Like(like) => format!("the {} that `{table}` copies from `{}`", noun(refusal), like.source),
        Clause::Other => {
            let parent = step.parent_of_target().unwrap_or(table);
            format!("the {} of `{parent}`", noun(refusal))
        }
    }
}

fn noun(refusal: &Refusal) -> &'static str {
    match refusal {
        Refusal::UniqueLacksPartitionKey { constraint: "PRIMARY KEY", .. } => "primary key",
        _ => "unique key",
    }
}

/// What is missing, and whose partition key it is.
fn lack(clause: Clause<'_>, key: &PartitionKey, missing: &[SmolStr]) -> String {
    let columns = say::names(missing.iter().map(|it| quoted(it)));
    // A partition that is partitioned again: the key is the parent's, the partition key its own.
    match key.own && !matches!(clause, Clause::Other) {
        true if missing.len() == key.elements.len() => format!("its partition key {columns}"),
        true => format!("{columns} of its partition key"),
        false => format!("{columns}, the partition key of `{}`", key.table),
    }
}

/// The plain columns of the key as written. One with a collation of its own does not count.
fn key_columns(clause: Clause<'_>) -> Vec<SmolStr> {
    let plain = |it: &IndexElement| it.column().filter(|_| it.collation.is_none()).map(|it| it.text.clone());
    match clause {
        Clause::Constraint { constraint, .. } => match &constraint.kind {
            ConstraintKind::Unique(key) => key.columns.iter().map(|it| it.text.clone()).collect(),
            ConstraintKind::Exclude(it) => it.elements.iter().filter_map(|(it, _)| plain(it)).collect(),
            _ => Vec::new(),
        },
        Clause::Index(index) => index.elements.iter().filter_map(plain).collect(),
        Clause::Like(_) | Clause::Other => Vec::new(),
    }
}

/// A constraint at a column becomes one of the table.
fn at_column(
    step: &Step<'_>,
    finding: &mut Finding,
    constraint: &Constraint,
    key: &UniqueKey,
    column: &ColumnDef,
    missing: &[SmolStr],
) {
    let clause = table_constraint(constraint, key, &column.name.text, missing);
    let Some(last) = clause::elements(&step.statement.body).last() else {
        // ADD COLUMN: the constraint is an action of its own.
        let rest = recipe::column_without(step, column, constraint);
        finding.instead(recipe::rewrite(step, &[(column.span, &format!("{rest}, ADD {clause}"))]));
        return;
    };
    finding.instead(clause.clone());
    if constraint.deferrable {
        return;
    }
    let end = clause::element_span(last).end;
    finding.fix(
        Safety::Unsafe,
        format!("make it a key of the table with {}", say::names(missing.iter().map(|it| quoted(it)))),
        vec![recipe::without(step, column, constraint), Edit::insert(end, format!(",\n  {clause}"))],
    );
}

fn table_constraint(constraint: &Constraint, key: &UniqueKey, column: &str, missing: &[SmolStr]) -> String {
    let name = constraint.name.as_ref().map(|it| format!("CONSTRAINT {it} ")).unwrap_or_default();
    let word = if key.primary { "PRIMARY KEY" } else { "UNIQUE" };
    let nulls = if key.nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    let columns = std::iter::once(column).chain(missing.iter().map(SmolStr::as_str));
    format!("{name}{word}{nulls} ({})", say::columns(columns))
}

/// The partition key goes to the end of the key.
fn at_table(step: &Step<'_>, finding: &mut Finding, constraint: &Constraint, written: &[SmolStr], missing: &[SmolStr]) {
    match &constraint.kind {
        ConstraintKind::Unique(key) if !key.columns.is_empty() => {
            let end = key.columns.iter().map(|it| it.span.end).max().unwrap_or_default();
            if key.without_overlaps {
                finding.help(format!("put {} in front of the period", say::names(missing.iter().map(|it| quoted(it)))));
            } else {
                append(step, finding, constraint.span, end, missing);
            }
        }
        ConstraintKind::Exclude(_) if !missing.is_empty() && !written.is_empty() => {
            finding.help(format!(
                "compare {} with `=` in the constraint; the btree_gist extension has the operator for gist",
                say::names(missing.iter().map(|it| quoted(it)))
            ));
        }
        _ => {
            finding.help("put the constraint on each partition; it then holds within each of them only");
        }
    }
}

fn at_index(step: &Step<'_>, finding: &mut Finding, index: &CreateIndex, missing: &[SmolStr]) {
    let Some(last) = index.elements.last() else { return };
    append(step, finding, step.statement.span, last.span.end, missing);
    for column in missing {
        let name = quoted(column);
        if index.include.iter().any(|it| it.text == *column) {
            finding.note(format!("`{name}` under INCLUDE does not count: it is no part of the key"));
        }
        for element in &index.elements {
            if element.column().is_some_and(|it| it.text == *column) {
                let text = step.text(element.span);
                finding.note(format!("`{text}` does not count: its collation is not that of the partition key"));
            } else if element.expr.columns().iter().any(|it| it.text == *column) {
                finding
                    .note(format!("`{}` does not count: it is an expression, not the column", step.text(element.span)));
            }
        }
    }
}

fn append(step: &Step<'_>, finding: &mut Finding, whole: Span, end: u32, missing: &[SmolStr]) {
    let more = format!(", {}", say::columns(missing));
    let (head, tail) = (step.text(Span::new(whole.start, end)), step.text(Span::new(end, whole.end)));
    let semicolon = if whole == step.statement.span { ";" } else { "" };
    finding.instead(format!("{head}{more}{tail}{semicolon}"));
    let title = format!("add {} to the key", say::names(missing.iter().map(|it| quoted(it))));
    finding.fix(Safety::Unsafe, title, vec![Edit::insert(end, more)]);
}

/// A copied key: leave it behind and write one that has the partition key.
fn copied(step: &Step<'_>, finding: &mut Finding, like: &Like, missing: &[SmolStr]) {
    finding.help(format!(
        "copy without the indexes, with `EXCLUDING INDEXES`, and write keys that contain {}",
        say::names(missing.iter().map(|it| quoted(it)))
    ));
    let Some((_, source)) = step.find(&like.source) else { return };
    let lacks = |columns: &[SmolStr]| missing.iter().any(|it| !columns.contains(it));
    let keys = source.live_constraints().filter_map(|(_, it)| {
        let index = step.get(it.index()?)?.as_index()?;
        let columns: Vec<SmolStr> =
            index.key.iter().filter_map(|it| Some(source.columns.get(it.column?)?.name.clone())).collect();
        lacks(&columns).then_some((it, index.primary, columns))
    });
    let keys: Vec<_> = keys.collect();
    for (constraint, _, columns) in &keys {
        let (script, span) = step.locate(constraint.place);
        finding.label(script, span, format!("the key {} is copied", tuple(columns)));
    }
    if let [(_, primary, columns)] = keys.as_slice() {
        let word = if *primary { "PRIMARY KEY" } else { "UNIQUE" };
        let all = columns.iter().chain(missing.iter().filter(|it| !columns.contains(it)));
        finding.instead(format!("{},\n  {word} ({})", without_indexes(step, like), say::columns(all)));
    }
}

/// The clause so that it copies no index: without the words for it, or with an exception from `INCLUDING ALL`.
fn without_indexes(step: &Step<'_>, like: &Like) -> String {
    let Some(words) = like.including_indexes else { return format!("{} EXCLUDING INDEXES", step.text(like.span)) };
    let before = step.text(Span::new(like.span.start, words.start)).trim_end();
    format!("{before}{}", step.text(Span::new(words.end, like.span.end)))
}

/// What the longer key no longer says.
fn only_together(written: &[SmolStr], missing: &[SmolStr]) -> String {
    format!(
        "{} alone is then unique only together with {}; ON CONFLICT ({columns}) and foreign keys to ({columns}) no longer work",
        tuple(written),
        say::names(missing.iter().map(|it| quoted(it))),
        columns = say::columns(written),
    )
}
