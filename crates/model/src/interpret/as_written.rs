//! What the server refuses of a `CREATE TABLE` as it is written, before it makes anything.

use super::columns::own_constraints;
use super::names::Expected;
use super::storage_options::Storage;
use super::work::Work;
use crate::Refusal;
use lockkeeper_syntax::ast::{self, ColumnConstraint, ColumnDef, CreateTable, Persistence, TableElement};

/// What the server refuses before it looks whether the name is free: `transformCreateStmt`, and `MergeAttributes` in
/// `DefineRelation`.
pub(super) fn check(work: &mut Work<'_>, it: &CreateTable) {
    let mut columns: Vec<&ColumnDef> = Vec::new();
    let mut sources: Vec<&ast::QualifiedName> = Vec::new();
    for element in &it.elements {
        match element {
            TableElement::Column(def) => {
                def.data_type.iter().for_each(|it| work.check_type(it));
                columns.push(def);
            }
            TableElement::Like(like) if work.composite(&like.source).is_none() => sources.push(&like.source),
            TableElement::Like(_) | TableElement::Constraint(_) => {}
        }
    }
    let whole = it.of_type.is_none()
        && it.partition_of.is_none()
        && it.inherits.is_empty()
        && !it.elements.iter().any(|it| matches!(it, TableElement::Like(_)));
    sources.extend(it.partition_of.iter().map(|it| &it.parent).chain(&it.inherits));
    for source in sources {
        work.resolve(source, Expected::Relation, false);
    }
    for parent in &it.inherits {
        refuse_parent(work, parent);
    }
    check_persistence(work, it);
    check_options(work, it);
    let primary = it.elements.iter().flat_map(|it| match it {
        TableElement::Constraint(it) => vec![it],
        TableElement::Column(def) => own_constraints(def).collect(),
        TableElement::Like(_) => Vec::new(),
    });
    let mut primary = primary.filter(|it| matches!(&it.kind, ast::ConstraintKind::Unique(key) if key.primary));
    if let Some(second) = primary.nth(1) {
        work.refuse(Refusal::MultiplePrimaryKeys { table: it.name.name.text.clone() }, second.span);
    }
    if whole {
        check_keys(work, it, &columns);
    }
    if it.of_type.is_some() {
        check_typed(work, &columns);
    }
    if work.version.since(18) {
        super::null_constraints::check(work, it, &columns);
    }
    refuse_sequences(work, it, &columns);
    if let Some(name) = repeated(&columns).filter(|_| whole || it.partition_of.is_some()) {
        work.refuse(Refusal::DuplicateColumn { column: name.text.clone(), table: None }, name.span);
    }
    let above = it.partition_of.as_ref().and_then(|it| work.find(&it.parent)).map(|it| work.relation(it));
    if let Some(above) = above.filter(|it| it.complete)
        && let Some(column) = columns.iter().find(|it| above.column_id(&it.name.text).is_none())
    {
        let refusal = Refusal::MissingColumn { column: column.name.text.clone(), table: None };
        work.refuse(refusal, column.name.span);
    }
}

/// The columns of a key are among those that are written, each once; `transformIndexConstraint`.
fn check_keys(work: &mut Work<'_>, it: &CreateTable, columns: &[&ColumnDef]) {
    let keys = || {
        it.elements.iter().filter_map(|it| match it {
            TableElement::Constraint(ast::Constraint { kind: ast::ConstraintKind::Unique(key), .. }) => Some(key),
            _ => None,
        })
    };
    let missing = |name: &&ast::Name| !columns.iter().any(|it| it.name.text == name.text);
    let system = |name: &&ast::Name| super::names::is_system_column(&name.text);
    let lost = keys().flat_map(|it| &it.columns).find(|it| missing(it) && !system(it));
    if let Some(name) = lost {
        work.refuse(Refusal::MissingKeyColumn { column: name.text.clone() }, name.span);
    }
    keys().for_each(|it| work.refuse_repeated(&it.columns));
}

/// A typed table computes nothing; `transformColumnDefinition`.
fn check_typed(work: &mut Work<'_>, columns: &[&ColumnDef]) {
    for constraint in columns.iter().flat_map(|it| &it.constraints) {
        let (message, span) = match constraint {
            ColumnConstraint::Generated(it) => ("generated columns are not supported on typed tables", it.span),
            ColumnConstraint::Identity(it) => ("identity columns are not supported on typed tables", it.span),
            _ => continue,
        };
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, span);
    }
}

/// The sequences of columns are made before the table, all under names that were free before; `generateSerialExtraStmts`.
fn refuse_sequences(work: &mut Work<'_>, it: &CreateTable, columns: &[&ColumnDef]) {
    let counts = |it: &&&ColumnDef| {
        it.data_type.as_ref().is_some_and(|it| it.serial)
            || it.constraints.iter().any(|it| matches!(it, ColumnConstraint::Identity(_)))
    };
    let counted: Vec<&ColumnDef> = columns.iter().filter(counts).copied().collect();
    if let Some(column) = repeated(&counted) {
        let name = super::columns::object_name(&it.name.name.text, Some(&column.text), "seq");
        work.refuse(Refusal::DuplicateRelation { name }, column.span);
    }
}

/// The first name that a column before has too.
fn repeated<'a>(columns: &[&'a ColumnDef]) -> Option<&'a ast::Name> {
    let twice = (1..columns.len()).find(|at| columns[..*at].iter().any(|it| it.name.text == columns[*at].name.text));
    twice.map(|at| &columns[at].name)
}

/// What is said `WITH`; `DefineRelation`.
fn check_options(work: &mut Work<'_>, it: &CreateTable) {
    // That there are none can still be said; `transformRelOptions`.
    let (oids, others): (Vec<_>, Vec<_>) = it.options.iter().partition(|it| it.name == "oids");
    let off = |it: &ast::StorageOption| it.value.as_deref().and_then(crate::literal::boolean) == Some(false);
    if let Some(option) = oids.into_iter().find(|it| !off(it)) {
        let message = "tables declared WITH OIDS are not supported";
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, option.span);
    }
    if it.partition_by.is_none() {
        work.refuse_options(Storage::Table, others);
    } else if let Some(option) = others.first() {
        work.refuse_partitioned_options(option.span);
    }
}

/// A temporary table has only temporary children; a partition is like its table; `MergeAttributes`.
fn check_persistence(work: &mut Work<'_>, it: &CreateTable) {
    let temporary = it.persistence == Persistence::Temporary;
    let parents = it.partition_of.iter().map(|it| (&it.parent, true)).chain(it.inherits.iter().map(|it| (it, false)));
    for (parent, partition) in parents {
        let Some(above) = work.find(parent).map(|it| work.relation(it)).filter(|it| it.known()) else { continue };
        let message = match (temporary, above.persistence == Persistence::Temporary) {
            (false, true) if partition => "cannot create a permanent relation as partition of temporary relation",
            (true, false) if partition => "cannot create a temporary relation as partition of permanent relation",
            (false, true) => "cannot inherit from temporary relation",
            _ => continue,
        };
        work.refuse(Refusal::Plain { sqlstate: "42809", message }, parent.span());
    }
}

/// Refuses to inherit from what is partitioned, or a part of that; `MergeAttributes`.
fn refuse_parent(work: &mut Work<'_>, name: &ast::QualifiedName) {
    let Some(relation) = work.find(name).map(|it| work.relation(it)) else { return };
    let message = match (relation.partition_key(), &relation.partition_of) {
        (Some(_), _) => "cannot inherit from partitioned table",
        (None, Some(_)) if relation.is_table() => "cannot inherit from partition",
        (None, _) if relation.known() && !relation.is_table() => "inherited relation is not a table or foreign table",
        (None, _) => return,
    };
    work.refuse(Refusal::Plain { sqlstate: "42809", message }, name.span());
}
