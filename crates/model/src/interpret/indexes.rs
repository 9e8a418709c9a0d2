//! `CREATE INDEX` and `REINDEX`.

use super::keys::{NewIndex, btree, with_options};
use super::names::{Expected, Found};
use super::storage_options::Storage;
use super::system::{is_catalog, refuse_protected};
use super::work::Work;
use crate::Refusal;
use crate::catalog::{Fact, Index, Relation, RelationId, RelationKind};
use crate::effects::LockMode;
use lockkeeper_syntax::ast::{CreateIndex, Persistence, QualifiedName, Reindex, ReindexTarget};
use smol_str::SmolStr;

pub(super) fn create(work: &mut Work<'_>, it: &CreateIndex) {
    if it.concurrently.is_some() {
        work.outside_transaction("CREATE INDEX CONCURRENTLY");
    }
    if refuse_unopened(work, it) {
        return;
    }
    let Some(table) = work.resolve_or_assume(&it.table.name, Expected::Relation, false) else { return };
    if refuse_protected(work, table, it.table.name.span()) {
        return;
    }
    let relation = work.relation(table);
    // A temporary table has no other sessions to spare, so the server builds at once.
    let concurrently = it.concurrently.is_some() && relation.persistence != Persistence::Temporary;
    let mode = if concurrently { LockMode::ShareUpdateExclusive } else { LockMode::Share };
    if relation.known()
        && !matches!(
            relation.kind,
            RelationKind::Table | RelationKind::Partitioned(_) | RelationKind::MaterializedView(_)
        )
    {
        let refusal = match &relation.kind {
            RelationKind::Foreign => {
                Refusal::Plain { sqlstate: "42809", message: "cannot create index on foreign table" }
            }
            _ => Refusal::Plain { sqlstate: "42809", message: "cannot create index on relation" },
        };
        if matches!(relation.kind, RelationKind::Foreign | RelationKind::View(_) | RelationKind::Sequence(_)) {
            check_expressions(work, table, it);
        }
        work.refuse(refusal, it.table.name.span());
        return;
    }
    let partitioned = work.is_partitioned(table);
    let table_name = work.relation(table).name.clone();
    work.lock(table, mode, it.head_span);
    if partitioned && it.concurrently.is_some() {
        let refusal = Refusal::ConcurrentIndexOnPartitioned { table: table_name.name.clone() };
        work.refuse(refusal, it.concurrently.unwrap_or(it.head_span));
    }
    let name = it.name.as_ref().map(|it| it.text.clone());
    if it.nulls_not_distinct && !work.version.since(15) {
        let since = crate::Version::ALL[2];
        work.refuse(Refusal::NewerSyntax { what: "NULLS NOT DISTINCT", since }, it.elements_span);
    }
    check_expressions(work, table, it);
    check_method(work, it);
    work.refuse_options(Storage::Index(&it.method.text), &it.options);
    if let Some(predicate) = it.predicate.as_ref().filter(|it| work.is_mutable_over(table, it)) {
        let message = "functions in index predicate must be marked IMMUTABLE";
        work.refuse(Refusal::NotImmutable { message }, predicate.span);
    }
    let include = work.include_columns(table, &it.include);
    let index = Index {
        method: it.method.text.clone(),
        key: work.index_key(table, &it.elements),
        include,
        predicate: it.predicate.clone(),
        unique: it.unique,
        nulls_not_distinct: it.nulls_not_distinct,
        options: with_options(Vec::new(), &it.options, false),
        ..btree(table)
    };
    if let Some(predicate) = &it.predicate {
        work.check_all_stored(table, predicate);
    }
    for element in &it.elements {
        work.check_class(element.opclass.as_ref(), &it.method.text);
        if element.column().is_none() && work.is_mutable_over(table, &element.expr) {
            let message = "functions in index expression must be marked IMMUTABLE";
            work.refuse(Refusal::NotImmutable { message }, element.span);
        }
    }
    if partitioned && !it.table.only {
        for part in work.catalog.tree(table) {
            work.lock(part, mode, it.head_span);
        }
    }
    let new = NewIndex { name, index, constraint: None, span: it.head_span, anew: false };
    // The refusal of a unique key speaks of the key, not of the statement's head.
    if let Some(refusal) = work.partition_key_refusal(table, &new) {
        work.refuse(refusal, it.elements_span);
    }
    if let Some(name) = &it.name {
        let full = crate::ObjectName { schema: table_name.schema.clone(), name: name.text.clone() };
        if let Some((id, existing)) = work.catalog.relation(&full)
            && existing.known()
            && (it.if_not_exists || !work.frees_name(id))
        {
            if it.if_not_exists {
                work.effects.skipped = true;
            } else {
                work.refuse(Refusal::DuplicateRelation { name: full.name }, name.span);
            }
            return;
        }
    }
    work.make_index(table, &new, it.table.only);
    if concurrently {
        for build in &mut work.effects.index_builds {
            build.concurrently = true;
        }
    }
}

/// Whether what is to have the index is one itself, or a composite type. The predicate is understood before that is asked.
fn refuse_unopened(work: &mut Work<'_>, it: &CreateIndex) -> bool {
    let name = &it.table.name;
    let columns: Option<Vec<SmolStr>> = match work.find(name).map(|it| work.relation(it)) {
        Some(relation) => relation.as_index().map(|it| it.key.iter().map(|it| it.name.clone()).collect()),
        None => work.composite(name).map(|it| it.into_iter().map(|it| it.0).collect()),
    };
    let Some(columns) = columns else { return false };
    let named = it.predicate.iter().flat_map(lockkeeper_syntax::ast::Expr::columns);
    let missing = named.into_iter().find(|it| !columns.contains(&it.text)).cloned();
    match missing {
        Some(column) => work.refuse(Refusal::MissingColumn { column: column.text, table: None }, column.span),
        None => work.refuse(Refusal::WrongKind { name: name.name.text.clone(), expected: "a table" }, name.span()),
    }
    true
}

/// The predicate and the expressions are understood first, columns by themselves are looked up later; `transformIndexStmt`.
fn check_expressions(work: &mut Work<'_>, table: RelationId, it: &CreateIndex) {
    if let Some(predicate) = &it.predicate {
        work.check_columns(table, predicate);
        work.refuse_kinds(predicate);
        work.check_condition(predicate, table);
    }
    for element in it.elements.iter().filter(|it| it.column().is_none()) {
        let (inner, _) = super::keys::without_collation(&element.expr);
        if inner.as_column().is_some() {
            continue;
        }
        work.check_columns(table, &element.expr);
        work.refuse_kinds(&element.expr);
        work.check_expression(&element.expr, table);
    }
}

/// What an access method cannot do; `DefineIndex` asks its handler.
fn check_method(work: &mut Work<'_>, it: &CreateIndex) {
    const OF_SERVER: &[&str] = &["btree", "hash", "gist", "gin", "spgist", "brin"];
    let method = it.method.text.clone();
    if !OF_SERVER.contains(&method.as_str()) && !work.catalog.extended() && !work.lenient() {
        let message = "access method does not exist";
        work.refuse(Refusal::Plain { sqlstate: "42704", message }, it.method.span);
        return;
    }
    let lacks = match method.as_str() {
        "hash" if it.unique => "unique indexes",
        "hash" if it.elements.len() > 1 => "multicolumn indexes",
        "hash" if !it.include.is_empty() => "included columns",
        "brin" | "gin" | "gist" | "spgist" if it.unique => "unique indexes",
        "brin" | "gin" if !it.include.is_empty() => "included columns",
        "brin" | "gin" | "gist" | "hash" | "spgist" if it.elements.iter().any(|it| it.descending) => "ASC/DESC options",
        _ => return,
    };
    work.refuse(Refusal::IndexAccessMethod { method, lacks }, it.method.span.to(it.elements_span));
}

pub(super) fn reindex(work: &mut Work<'_>, it: &Reindex) {
    let span = work.statement.span;
    let concurrently = it.concurrently.is_some();
    if it.concurrently_in_options && !work.version.since(14) {
        let since = crate::Version::ALL[1];
        work.refuse(Refusal::NewerSyntax { what: "REINDEX (CONCURRENTLY)", since }, it.concurrently.unwrap_or(span));
    }
    let mode = if concurrently { LockMode::ShareUpdateExclusive } else { LockMode::Share };
    match &it.target {
        ReindexTarget::Index(name) => reindex_index(work, name, concurrently, mode),
        ReindexTarget::Table(name) => {
            if concurrently {
                work.outside_transaction("REINDEX TABLE CONCURRENTLY");
            }
            let Some(table) = work.resolve_or_assume(name, Expected::Indexable, false) else { return };
            if work.is_partitioned(table) {
                // Before PostgreSQL 14 a partitioned table is locked, then passed over with a warning.
                if !work.version.since(14) {
                    work.lock(table, mode, span);
                    return;
                }
                work.outside_transaction("REINDEX TABLE");
            }
            if concurrently && work.is_partitioned(table) {
                // Each partition is first locked against writes, to gather the indexes of the tree.
                for part in work.catalog.tree(table).into_iter().skip(1) {
                    work.lock(part, LockMode::Share, span);
                }
            }
            if concurrently && is_catalog(work.relation(table)) {
                let message = "cannot reindex system catalogs concurrently";
                work.refuse(Refusal::Plain { sqlstate: "0A000", message }, name.span());
            }
            rebuild_all(work, table, mode, concurrently);
        }
        ReindexTarget::Schema(name) => {
            work.outside_transaction("REINDEX SCHEMA");
            if work.catalog.schema(&name.text) == Fact::Known(false) && !work.lenient() {
                work.lacks();
                work.refuse(Refusal::MissingSchema { schema: name.text.clone() }, name.span);
            }
            let tables: Vec<RelationId> = work
                .catalog
                .relations()
                .filter(|(_, it)| it.name.schema == name.text && it.has_storage())
                .map(|(id, _)| id)
                .collect();
            for table in tables {
                rebuild_all(work, table, mode, concurrently);
            }
        }
        ReindexTarget::Database => work.outside_transaction("REINDEX DATABASE"),
        ReindexTarget::System => work.outside_transaction("REINDEX SYSTEM"),
    }
}

fn reindex_index(work: &mut Work<'_>, name: &QualifiedName, concurrently: bool, mode: LockMode) {
    let span = work.statement.span;
    if concurrently {
        work.outside_transaction("REINDEX INDEX CONCURRENTLY");
    }
    let Found::Known(index) = work.resolve(name, Expected::Index, false) else { return };
    let Some(own) = work.relation(index).as_index().cloned() else { return };
    let (concurrently, mode) = spared(work, own.table, concurrently, mode);
    if work.is_partitioned(own.table) {
        if !work.version.since(14) {
            work.refuse(Refusal::ConcurrentReindexOfPartitioned, name.span());
            return;
        }
        work.outside_transaction("REINDEX INDEX");
        for part in work.catalog.tree(index) {
            if let Some(table) = work.relation(part).as_index().map(|it| it.table)
                && (table == own.table || work.relation(table).has_storage())
            {
                work.lock(table, mode, span);
                rebuild(work, part, table, concurrently);
            }
        }
        return;
    }
    if concurrently && own.exclusion {
        let message = "concurrent index creation for exclusion constraints is not supported";
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, name.span());
        return;
    }
    work.lock(own.table, mode, span);
    rebuild(work, index, own.table, concurrently);
}

/// A temporary table has no other sessions to spare, so the server rebuilds at once.
fn spared(work: &Work<'_>, table: RelationId, concurrently: bool, mode: LockMode) -> (bool, LockMode) {
    match work.relation(table).persistence {
        Persistence::Temporary => (false, mode.max(LockMode::Share)),
        _ => (concurrently, mode),
    }
}

/// Rebuilds each index of a table and of what hangs below it.
fn rebuild_all(work: &mut Work<'_>, table: RelationId, mode: LockMode, concurrently: bool) {
    let span = work.statement.span;
    let (concurrently, mode) = spared(work, table, concurrently, mode);
    let tables = if work.is_partitioned(table) { work.catalog.tree(table) } else { vec![table] };
    for table in tables {
        work.lock(table, mode, span);
        // Passed over with a warning: a concurrent rebuild cannot, or need not, do them.
        let passed_over = |it: &Index| concurrently && (it.exclusion || !it.valid);
        let indexes = work.catalog.indexes(table).filter(|(_, _, it)| !passed_over(it));
        let indexes: Vec<RelationId> = indexes.map(|(id, _, _)| id).collect();
        for index in indexes {
            rebuild(work, index, table, concurrently);
        }
    }
}

fn rebuild(work: &mut Work<'_>, index: RelationId, table: RelationId, concurrently: bool) {
    let name = work.relation(index).name.clone();
    let span = work.statement.span;
    work.build(name, table, concurrently, true, span);
}

impl Work<'_> {
    /// What the server calls the kinds of relation, for the messages that name one.
    pub(super) fn described(&self, id: RelationId) -> String {
        let relation: &Relation = self.relation(id);
        let kind = match relation.kind {
            RelationKind::Table | RelationKind::Partitioned(_) => "table",
            RelationKind::Foreign => "foreign table",
            RelationKind::Index(_) => "index",
            RelationKind::Sequence(_) => "sequence",
            RelationKind::View(_) => "view",
            RelationKind::MaterializedView(_) => "materialized view",
            RelationKind::Composite => "composite type",
        };
        let name: SmolStr = relation.name.short();
        format!("{kind} {name}")
    }
}
