//! Statements to write instead, built from the user's own text.

use crate::step::Step;
use crate::work::Work;
use crate::{Edit, Finding, Safety};
use lockkeeper_model::RelationId;
use lockkeeper_model::catalog::Relation;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{ColumnDef, Constraint, ConstraintKind, CreateIndex, QualifiedName, UniqueKey, quoted};
use smol_str::SmolStr;

/// So many partitions are written out; a comment stands for the rest.
const SHOWN: usize = 3;

/// The statement with texts put in place of some of its clauses; the edits in order of their places.
pub(crate) fn rewrite(step: &Step<'_>, edits: &[(Span, &str)]) -> String {
    let whole = step.statement.span;
    let mut sql = String::new();
    let mut at = whole.start;
    for (span, text) in edits {
        sql.push_str(step.text(Span::new(at, span.start)));
        sql.push_str(text);
        at = span.end;
    }
    sql.push_str(step.text(Span::new(at, whole.end)));
    sql.push(';');
    sql
}

/// The statement after these edits, which are in order of their places.
pub(crate) fn edited(step: &Step<'_>, edits: &[Edit]) -> String {
    let edits: Vec<(Span, &str)> = edits.iter().map(|it| (it.span, it.text.as_str())).collect();
    rewrite(step, &edits)
}

/// What makes a constraint that `ALTER TABLE` adds `NOT VALID`; one that is written at a new column becomes an action
/// of its own, as column constraints have no such word.
pub(crate) fn not_valid(step: &Step<'_>, constraint: &Constraint, column: Option<&ColumnDef>) -> Vec<Edit> {
    let Some(column) = column else { return vec![Edit::insert(constraint.span.end, " NOT VALID")] };
    let action = format!(", ADD {} NOT VALID", as_table_constraint(step, constraint, column));
    vec![without(step, column, constraint), Edit::insert(column.span.end, action)]
}

/// Deletes a constraint of a column, and the blank before it.
pub(crate) fn without(step: &Step<'_>, column: &ColumnDef, constraint: &Constraint) -> Edit {
    let kept = step.text(Span::new(column.span.start, constraint.span.start)).trim_end();
    Edit::delete(Span::new(column.span.start + kept.len() as u32, constraint.span.end))
}

/// A column's constraint as a constraint of the table.
fn as_table_constraint(step: &Step<'_>, constraint: &Constraint, column: &ColumnDef) -> String {
    let ConstraintKind::ForeignKey(_) = constraint.kind else { return step.text(constraint.span).to_owned() };
    let (name, start) = match &constraint.name {
        Some(name) => (format!("CONSTRAINT {name} "), name.span.end),
        None => (String::new(), constraint.span.start),
    };
    let rest = step.text(Span::new(start, constraint.span.end)).trim_start();
    format!("{name}FOREIGN KEY ({}) {rest}", column.name)
}

/// Offers the edits that make a constraint `NOT VALID`. Where each statement commits by itself the validation can
/// follow in the same file, and the schema ends as it was meant.
pub(crate) fn offer_not_valid(step: &Step<'_>, finding: &mut Finding, mut edits: Vec<Edit>, validate: &str) {
    if step.commits_alone() {
        edits.push(Edit::insert(step.statement.span.end, format!(";\n{}", validate.trim_end_matches(';'))));
        finding.fix(Safety::Safe, "add it NOT VALID, then validate it", edits);
    } else {
        finding.fix(Safety::Unsafe, "add it NOT VALID, to be validated by a later migration", edits);
    }
}

/// A constraint on each partition first, `NOT VALID` and validated there; that of the parent takes those over.
pub(crate) fn by_partition(step: &Step<'_>, work: &Work, constraint: &str, name: &str) -> String {
    let mut lines = Vec::new();
    for leaf in work.leaves.iter().take(SHOWN) {
        let table = step.name(*leaf);
        lines.push(format!("ALTER TABLE {table} ADD {constraint} NOT VALID;"));
        lines.push(validate(&table, name));
    }
    lines.extend(and_so_on(work.leaves.len()));
    lines.push(format!("{};", step.statement_text()));
    lines.join("\n")
}

/// The statement that reads the rows for a constraint that is there.
pub(crate) fn validate(table: &str, constraint: &str) -> String {
    format!("ALTER TABLE {table} VALIDATE CONSTRAINT {};", quoted(constraint))
}

/// The statement with `CONCURRENTLY` behind `at`.
pub(crate) fn concurrently(step: &Step<'_>, at: u32) -> String {
    rewrite(step, &[(Span::new(at, at), " CONCURRENTLY")])
}

/// The index of a partitioned table, partition by partition: on the parent alone, concurrently below, attached.
pub(crate) fn index_by_partition(step: &Step<'_>, index: &CreateIndex, partitions: &[(RelationId, SmolStr)]) -> String {
    let table = index.table.name.span();
    let name = match &index.name {
        Some(name) => name.to_string(),
        None => {
            let columns = index.elements.iter().map(|it| it.column().map_or("expr", |name| name.text.as_str()));
            quoted(&format!("{}_{}_idx", index.table.name.name.text, columns.collect::<Vec<_>>().join("_"))).to_string()
        }
    };
    // From the head to the table's name: `CREATE INDEX name ON `, in words of our own.
    let unique = if index.unique { "UNIQUE " } else { "" };
    let head = Span::new(step.statement.span.start, table.end);
    let mut lines =
        vec![rewrite(step, &[(head, &format!("CREATE {unique}INDEX {name} ON ONLY {}", index.table.name))])];
    for (partition, own) in partitions.iter().take(SHOWN) {
        let on = step.name(*partition);
        let own = quoted(own);
        lines.push(rewrite(step, &[(head, &format!("CREATE {unique}INDEX CONCURRENTLY {own} ON {on}"))]));
        lines.push(format!("ALTER INDEX {name} ATTACH PARTITION {own};"));
    }
    lines.extend(and_so_on(partitions.len()));
    lines.join("\n")
}

/// A unique or primary key constraint on an index that is built concurrently first.
pub(crate) fn constraint_using_index(table: &str, constraint: &Constraint, key: &UniqueKey, index: &str) -> String {
    format!("{}\n{}", unique_index(table, key, index), using_index(table, constraint, key, index))
}

/// The same for a column that is added with its constraint; `column_text` is its definition without that constraint.
pub(crate) fn column_using_index(
    table: &str,
    column_text: &str,
    constraint: &Constraint,
    key: &UniqueKey,
    index: &str,
) -> String {
    let add = format!("ALTER TABLE {table} ADD COLUMN {column_text};");
    format!("{add}\n{}", constraint_using_index(table, constraint, key, index))
}

/// A constraint of a partitioned table: each partition gets it on an index of its own, then the parent takes them over.
pub(crate) fn constraint_by_partition(
    step: &Step<'_>,
    constraint: &Constraint,
    key: &UniqueKey,
    partitions: &[(RelationId, SmolStr)],
) -> String {
    let mut lines = Vec::new();
    for (partition, own) in partitions.iter().take(SHOWN) {
        let unnamed = Constraint { name: None, ..constraint.clone() };
        lines.push(constraint_using_index(&step.name(*partition), &unnamed, key, own));
    }
    lines.extend(and_so_on(partitions.len()));
    lines.push(format!("{};", step.statement_text()));
    lines.join("\n")
}

fn and_so_on(partitions: usize) -> Option<String> {
    let rest = partitions.checked_sub(SHOWN).filter(|it| *it > 0)?;
    let noun = if rest == 1 { "partition" } else { "partitions" };
    Some(format!("-- and the same for {rest} more {noun}"))
}

/// The unique index of a key, built while writes go on.
pub(crate) fn unique_index(table: &str, key: &UniqueKey, index: &str) -> String {
    let mut sql = format!(
        "CREATE UNIQUE INDEX CONCURRENTLY {} ON {table} ({})",
        quoted(index),
        crate::say::columns(texts(&key.columns))
    );
    if !key.include.is_empty() {
        sql.push_str(&format!(" INCLUDE ({})", crate::say::columns(texts(&key.include))));
    }
    if key.nulls_not_distinct {
        sql.push_str(" NULLS NOT DISTINCT");
    }
    sql.push(';');
    sql
}

fn using_index(table: &str, constraint: &Constraint, key: &UniqueKey, index: &str) -> String {
    let word = if key.primary { "PRIMARY KEY" } else { "UNIQUE" };
    let name = constraint.name.as_ref().map_or_else(|| quoted(index).to_string(), ToString::to_string);
    let mut sql = format!("ALTER TABLE {table} ADD CONSTRAINT {name} {word} USING INDEX {}", quoted(index));
    if constraint.deferrable {
        sql.push_str(" DEFERRABLE");
    }
    if constraint.initially_deferred {
        sql.push_str(" INITIALLY DEFERRED");
    }
    sql.push(';');
    sql
}

fn texts(names: &[lockkeeper_syntax::ast::Name]) -> impl Iterator<Item = &str> {
    names.iter().map(|it| it.text.as_str())
}

/// A column's definition without one of its constraints.
pub(crate) fn column_without(step: &Step<'_>, column: &ColumnDef, constraint: &Constraint) -> String {
    let before = step.text(Span::new(column.span.start, constraint.span.start)).trim_end();
    let after = step.text(Span::new(constraint.span.end, column.span.end));
    format!("{before}{after}")
}

/// `name` with another last part, in the schema that is written.
pub(crate) fn renamed(relation: &Relation, suffix: &str) -> SmolStr {
    quoted(&format!("{}_{suffix}", relation.name.name))
}

/// A table's name for a statement: as written, else as the catalog has it.
pub(crate) fn written(name: &QualifiedName) -> String {
    name.to_string()
}
