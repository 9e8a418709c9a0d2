//! Schemas, views, sequences, types, functions, triggers.

use super::names::Expected;
use super::work::{Work, builtin};
use crate::Refusal;
use crate::catalog::{
    Change, Column, DataType, Domain, Fact, ObjectName, Origin, Relation, RelationId, RelationKind, SchemaState,
    Sequence, TypeDefinition, TypeDefinitionKind, ViewSource,
};
use crate::effects::{LockMode, RewriteReason};
use crate::interpret::system::refuse_protected;
use lockkeeper_syntax::ast::{
    self, AlterSequence, Body, ConstraintKind, CreateDomain, CreateExtension, CreateSchema, CreateSequence,
    CreateTableAs, CreateType, CreateView, CtasTarget, ExprKind, Name, ObjectKind, Persistence, Query, Refresh,
    SequenceOwner, TypeKind,
};
use smol_str::SmolStr;

/// The name of a schema that is made, unless it has that of whoever connected.
pub(super) fn schema_name(work: &Work<'_>, it: &CreateSchema) -> Option<SmolStr> {
    super::owners::named(work, it.name.as_ref()?)
}

/// Whether the elements of the statement take place; `own` is the name of the schema, if that is known.
pub(super) fn create_schema(work: &mut Work<'_>, it: &CreateSchema, own: Option<&SmolStr>) -> bool {
    let Some(written) = &it.name else { return true };
    let name = Name { text: own.unwrap_or(&written.text).clone(), span: written.span };
    if name.text.starts_with("pg_") {
        let message = "unacceptable schema name: the prefix \"pg_\" is reserved for system schemas";
        work.refuse(Refusal::Plain { sqlstate: "42939", message }, name.span);
    }
    if own.is_none() {
        // It has the name of whoever runs the migration.
        work.effects.assumed.push(crate::effects::Assumption::OpaqueCode);
        work.change(Change::Partial(true));
    }
    if let Fact::Known(true) = work.catalog.schema(&name.text) {
        if it.if_not_exists {
            work.effects.skipped = true;
        } else {
            work.refuse(Refusal::DuplicateSchema { schema: name.text.clone() }, name.span);
        }
        return false;
    }
    let state = SchemaState::Created(work.place(name.span));
    work.change(Change::Schema { name: name.text.clone(), to: Some(state) });
    true
}

/// An element belongs to the schema that is made, whether it says so or not; `setSchemaName` in `parse_utilcmd.c`.
pub(super) fn refuse_elsewhere(work: &mut Work<'_>, it: &CreateSchema, own: Option<&SmolStr>) {
    let Some(own) = own else { return };
    for element in &it.elements {
        let name = match element {
            Body::CreateSequence(it) => &it.name,
            Body::CreateTable(it) => &it.name,
            Body::CreateView(it) => &it.name,
            Body::CreateIndex(it) => &it.table.name,
            Body::CreateTrigger(it) => &it.table,
            _ => continue,
        };
        if let Some(schema) = name.schema.as_ref().filter(|it| it.text != *own) {
            let message = "CREATE specifies a schema different from the one being created";
            work.refuse(Refusal::Plain { sqlstate: "42P15", message }, schema.span);
            return;
        }
    }
}

/// When an element of `CREATE SCHEMA` has its turn; `transformCreateSchemaStmtElements`.
pub(super) fn element_order(element: &Body) -> u8 {
    match element {
        Body::CreateSequence(_) => 0,
        Body::CreateTable(_) => 1,
        Body::CreateView(_) => 2,
        Body::CreateIndex(_) => 3,
        Body::CreateTrigger(_) => 4,
        // `GRANT`; nothing else can be an element.
        _ => 5,
    }
}

pub(super) fn create_table_as(work: &mut Work<'_>, it: &CreateTableAs) {
    let name = work.new_name(&it.name, it.persistence);
    super::queries::read(work, &it.query);
    super::queries::check_operators(work, &it.query);
    super::queries::refuse_circles(work, &it.query);
    if it.if_not_exists && work.catalog.relation(&name).is_some_and(|(_, it)| it.known()) {
        work.effects.skipped = true;
        return;
    }
    if !work.check_new_row_type(&name, it.name.span()) {
        return;
    }
    let kind = match it.target {
        CtasTarget::Table | CtasTarget::SelectInto => RelationKind::Table,
        CtasTarget::MaterializedView => RelationKind::MaterializedView(sources(work, &it.query)),
    };
    let origin = Origin::Created(work.place(it.name.span()));
    let mut relation = Relation::new(name, kind, it.persistence, origin);
    relation.on_commit_drop = it.on_commit_drop;
    relation.populated = it.target != CtasTarget::MaterializedView || !it.no_data;
    if it.target == CtasTarget::MaterializedView {
        relation.needs = work.query_needs(&it.query);
    }
    output_columns(work, &mut relation, &it.columns, &it.query);
    check_outputs(work, &relation, &it.columns);
    work.add(relation);
}

/// The columns of a new relation have names of their own, and no more are named than there are; `DefineVirtualRelation`,
/// `CheckAttributeNamesTypes`.
fn check_outputs(work: &mut Work<'_>, relation: &Relation, written: &[Name]) {
    if !relation.complete {
        return;
    }
    if let Some(more) = written.get(relation.columns.len()) {
        let message = "more column names are specified than columns";
        work.refuse(Refusal::Plain { sqlstate: "42601", message }, more.span);
    }
    let twice = |at: &usize| relation.columns[..*at].iter().any(|it| it.name == relation.columns[*at].name);
    if let Some(at) = (1..relation.columns.len()).find(twice) {
        let column = &relation.columns[at];
        let refusal = Refusal::DuplicateColumn { column: column.name.clone(), table: None };
        work.refuse(refusal, column.place.span);
    }
}

/// Gives a relation the columns of its query; with the types of what is a plain column or a cast.
fn output_columns(work: &Work<'_>, relation: &mut Relation, written: &[Name], query: &Query) {
    if query.outputs.is_empty() {
        relation.complete = false;
    }
    for output in &query.outputs {
        if let ExprKind::Star(parts) = &output.expr.kind {
            star_columns(work, relation, query, parts.last());
            continue;
        }
        let name = output.name.as_ref().map_or_else(|| SmolStr::new_static("?column?"), |it| it.text.clone());
        relation.columns.push(output_column(work, name, query, &output.expr));
    }
    for (column, name) in relation.columns.iter_mut().zip(written) {
        column.name = name.text.clone();
    }
}

/// `*`, or `table.*`.
fn star_columns(work: &Work<'_>, relation: &mut Relation, query: &Query, table: Option<&Name>) {
    let Some(columns) = super::scopes::star(work, query, table) else {
        relation.complete = false;
        return;
    };
    for column in columns {
        let place = work.place(query.outputs.first().map_or(work.statement.span, |it| it.expr.span));
        let plain = Column::plain(column.name, builtin("unknown"), place);
        relation.columns.push(match column.of.and_then(|(id, at)| work.relation(id).columns.get(at)) {
            Some(source) => {
                Column { data_type: source.data_type.clone(), collation: source.collation.clone(), ..plain }
            }
            None => plain,
        });
    }
}

fn output_column(work: &Work<'_>, name: SmolStr, query: &Query, expr: &ast::Expr) -> Column {
    let place = work.place(expr.span);
    if let ExprKind::Cast { to, .. } = &expr.kind {
        return Column::plain(name, work.data_type(to), place);
    }
    let unknown = || Column::plain(name.clone(), builtin("unknown"), place);
    let ExprKind::Column(parts) = &expr.kind else { return unknown() };
    let [before @ .., column] = parts.as_slice() else { return unknown() };
    let mut found = query.relations.iter().filter(|_| query.plain).filter_map(|item| {
        let alias = item.alias.as_ref().unwrap_or(&item.relation.name.name);
        let id = work.find(&item.relation.name).filter(|_| before.last().is_none_or(|it| it.text == alias.text))?;
        work.relation(id).column(&column.text)
    });
    match (found.next(), found.next()) {
        (Some(source), None) => Column {
            collation: source.collation.clone(),
            ..Column::plain(name.clone(), source.data_type.clone(), place)
        },
        _ => unknown(),
    }
}

/// What a view reads.
pub(super) fn sources(work: &Work<'_>, query: &Query) -> Vec<ViewSource> {
    super::scopes::meaning(work, query, &[]).uses
}

pub(super) fn create_view(work: &mut Work<'_>, it: &CreateView) {
    let name = work.new_name(&it.name, it.persistence);
    super::queries::read(work, &it.query);
    super::queries::check_operators(work, &it.query);
    let kind = RelationKind::View(sources(work, &it.query));
    let existing = work.catalog.relation(&name).filter(|(_, it)| it.known()).map(|(id, it)| (id, it.kind.clone()));
    let origin = Origin::Created(work.place(it.name.span()));
    let mut relation = Relation::new(name.clone(), kind, it.persistence, origin);
    relation.needs = work.query_needs(&it.query);
    output_columns(work, &mut relation, &it.columns, &it.query);
    let rows = super::view_rows::rows(work, &it.query, relation.columns.len());
    relation.view_rows = rows.filter(|_| relation.complete).map(Box::new);
    super::view_rows::refuse_unchecked(work, relation.view_rows.as_deref(), &it.options);
    check_outputs(work, &relation, &it.columns);
    work.refuse_options(super::storage_options::Storage::View, &it.options);
    match existing {
        Some((id, RelationKind::View(_))) if it.replace => {
            if let Some(refusal) = incompatible(work.relation(id), &relation) {
                work.refuse(refusal, it.name.span());
                return;
            }
            // Its triggers, rules and owner stay.
            let old = work.relation(id);
            (relation.parts, relation.owner) = (old.parts.clone(), old.owner.clone());
            work.change(Change::Relation { id, to: Some(Box::new(relation)) });
        }
        Some(_) if it.replace => {
            let refusal = Refusal::WrongKind { name: name.name.clone(), expected: "a view" };
            work.refuse(refusal, it.name.span());
        }
        Some(_) => work.refuse(Refusal::DuplicateRelation { name: name.name.clone() }, it.name.span()),
        None => {
            if work.check_new_row_type(&name, it.name.span()) {
                work.add(relation);
            }
        }
    }
}

/// A view's new columns begin with the old ones; `checkViewColumns` in `src/backend/commands/view.c`.
fn incompatible(old: &Relation, new: &Relation) -> Option<Refusal> {
    if !old.complete || !new.complete {
        return None;
    }
    let refusal = |message| Some(Refusal::Plain { sqlstate: "42P16", message });
    if new.columns.len() < old.columns.len() {
        return refusal("cannot drop columns from view");
    }
    let known = |it: &DataType| it.name.name != "unknown";
    for (old, new) in old.columns.iter().zip(&new.columns) {
        if old.name != new.name {
            return refusal("cannot change name of view column");
        }
        if old.data_type != new.data_type && known(&old.data_type) && known(&new.data_type) {
            return refusal("cannot change data type of view column");
        }
    }
    None
}

/// `REFRESH MATERIALIZED VIEW`; `ExecRefreshMatView`. Unlike other things, it may be concurrent in a transaction.
pub(super) fn refresh(work: &mut Work<'_>, it: &Refresh) {
    let Some(view) = work.resolve_or_assume(&it.view, Expected::MaterializedView, false) else { return };
    let span = work.statement.span;
    if refuse_protected(work, view, it.view.span()) {
        return;
    }
    if it.concurrently && !work.relation(view).populated {
        let message = "CONCURRENTLY cannot be used when the materialized view is not populated";
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, it.view.span());
    }
    if it.concurrently && it.no_data {
        let message = "CONCURRENTLY and WITH NO DATA options cannot be used together";
        work.refuse(Refusal::Plain { sqlstate: "42601", message }, span);
    }
    if !it.concurrently {
        work.lock(view, LockMode::AccessExclusive, span);
        work.rewrite(view, RewriteReason::Refresh, span);
        work.change(Change::Populated { id: view, to: !it.no_data });
        return;
    }
    work.lock(view, LockMode::Exclusive, span);
    let whole = |index: &crate::catalog::Index| {
        // The server computes a predicate without columns first, and one that is true counts as none.
        let total = index.predicate.as_ref().is_none_or(|it| it.columns().is_empty());
        index.unique && index.valid && total && index.key.iter().all(|it| it.column.is_some())
    };
    if work.relation(view).complete && !work.catalog.indexes(view).any(|(_, _, index)| whole(index)) {
        let view = work.relation(view).name.to_string().into();
        work.refuse(Refusal::RefreshConcurrently { view }, it.view.span());
    }
}

pub(super) fn create_sequence(work: &mut Work<'_>, it: &CreateSequence) {
    let name = work.new_name(&it.name, it.persistence);
    if it.if_not_exists && work.catalog.relation(&name).is_some_and(|(_, it)| it.known()) {
        work.effects.skipped = true;
        return;
    }
    if !work.check_new_name(&name, it.name.span()) {
        return;
    }
    it.options.data_type.iter().for_each(|it| refuse_sequence_type(work, it));
    let owner = it.options.owned_by.as_ref().and_then(|it| sequence_owner(work, it, &name.schema));
    let data_type =
        it.options.data_type.as_ref().map_or_else(|| SmolStr::new_static("int8"), |it| it.name.name.text.clone());
    let bounds = work.new_bounds(&data_type, &it.options, work.statement.span);
    let kind = RelationKind::Sequence(Sequence { owner, data_type, identity: false, bounds });
    let origin = Origin::Created(work.place(it.name.span()));
    work.add(Relation::new(name, kind, it.persistence, origin));
}

/// `process_owned_by` in `src/backend/commands/sequence.c`.
fn sequence_owner(work: &mut Work<'_>, owner: &SequenceOwner, schema: &str) -> Option<(RelationId, usize)> {
    let SequenceOwner::Column { table, column } = owner else { return None };
    let span = table.span();
    let table = work.resolve_or_assume(table, Expected::Relation, false)?;
    let relation = work.relation(table);
    // Views too; `process_owned_by` in `src/backend/commands/sequence.c`.
    if !relation.is_table() && !matches!(relation.kind, RelationKind::View(_)) && relation.known() {
        let name = relation.name.name.clone();
        work.refuse(Refusal::WrongKind { name, expected: "a table or foreign table" }, span);
        return None;
    }
    if work.relation(table).known() && work.relation(table).name.schema != schema {
        let message = "sequence must be in same schema as table it is linked to";
        work.refuse(Refusal::Plain { sqlstate: "55000", message }, span);
    }
    Some((table, work.column(table, column)?))
}

pub(super) fn alter_sequence(work: &mut Work<'_>, it: &AlterSequence) {
    let Some(id) = work.resolve_or_assume(&it.name, Expected::Sequence, it.if_exists) else { return };
    let span = work.statement.span;
    work.lock(id, LockMode::ShareRowExclusive, span);
    let RelationKind::Sequence(mut sequence) = work.relation(id).kind.clone() else { return };
    let old_type = sequence.data_type.clone();
    if let Some(data_type) = &it.options.data_type {
        refuse_sequence_type(work, data_type);
        sequence.data_type = data_type.name.name.text.clone();
    }
    if let Some(bounds) = sequence.bounds {
        sequence.bounds = work.changed_bounds(Some(bounds), &old_type, &sequence.data_type, &it.options, span);
    }
    if let Some(owner) = &it.options.owned_by {
        if sequence.identity {
            let message = "cannot change ownership of identity sequence";
            work.refuse(Refusal::Plain { sqlstate: "0A000", message }, span);
            return;
        }
        let schema = work.relation(id).name.schema.clone();
        sequence.owner = sequence_owner(work, owner, &schema);
    }
    work.change(Change::Sequence { id, to: sequence });
}

/// `init_params` in `src/backend/commands/sequence.c`.
pub(super) fn refuse_sequence_type(work: &mut Work<'_>, data_type: &ast::TypeName) {
    if !matches!(data_type.name.name.text.as_str(), "int2" | "int4" | "int8") {
        let message = "sequence type must be smallint, integer, or bigint";
        work.refuse(Refusal::Plain { sqlstate: "22023", message }, data_type.span);
    }
}

impl Work<'_> {
    /// The attributes of a composite type that the history made.
    pub(super) fn composite(&self, name: &ast::QualifiedName) -> Option<Vec<(SmolStr, DataType)>> {
        let full = |schema: &SmolStr| ObjectName { schema: schema.clone(), name: name.name.text.clone() };
        let definition = match &name.schema {
            Some(schema) => self.catalog.type_definition(&full(&schema.text)),
            None => self.search_path().find_map(|schema| self.catalog.type_definition(&full(schema))),
        };
        match &definition?.kind {
            TypeDefinitionKind::Composite(attributes) => Some(attributes.clone()),
            _ => None,
        }
    }
}

/// Whether a type of this kind may have the name; refuses otherwise.
pub(super) fn check_new_type(
    work: &mut Work<'_>,
    full: &ObjectName,
    kind: &TypeDefinitionKind,
    span: lockkeeper_syntax::Span,
) -> bool {
    let free = |it: &TypeDefinition| {
        let filled = it.kind == TypeDefinitionKind::Shell && *kind != TypeDefinitionKind::Shell;
        filled || it.kind == TypeDefinitionKind::Unknown
    };
    let type_exists = Refusal::DuplicateObject { kind: ObjectKind::Type, name: full.name.clone(), table: None };
    let relation_exists = Refusal::DuplicateRelation { name: full.name.clone() };
    let composite = |it: &TypeDefinitionKind| matches!(it, TypeDefinitionKind::Composite(_));
    if work.catalog.type_definition(full).is_some_and(|it| !free(it)) {
        work.refuse(type_exists, span);
        return false;
    }
    // A relation's row type has the relation's name.
    let relation = work.catalog.relation(full).filter(|(_, it)| it.known()).map(|(_, it)| it.kind.clone());
    match relation {
        // Before PostgreSQL 14 a sequence had a row type too.
        Some(RelationKind::Sequence(_)) if !composite(kind) && !work.version.since(14) => {
            work.refuse(type_exists, span);
            false
        }
        Some(RelationKind::Index(_) | RelationKind::Sequence(_)) if !composite(kind) => true,
        Some(RelationKind::Index(_) | RelationKind::Sequence(_)) => {
            work.refuse(relation_exists, span);
            false
        }
        Some(_) => {
            work.refuse(type_exists, span);
            false
        }
        None => true,
    }
}

fn new_type(work: &mut Work<'_>, name: &ast::QualifiedName, kind: TypeDefinitionKind) {
    let full = work.new_name(name, Persistence::Permanent);
    if !check_new_type(work, &full, &kind, name.span()) {
        return;
    }
    let place = work.place(name.span());
    let definition = TypeDefinition { kind, place, transaction: work.transaction, added: Vec::new(), doubtful: None };
    work.change(Change::Type { name: full, to: Some(Box::new(definition)) });
}

pub(super) fn create_type(work: &mut Work<'_>, it: &CreateType) {
    let kind = match &it.kind {
        TypeKind::Enum(values) => {
            let mut labels: Vec<String> = Vec::with_capacity(values.len());
            for value in values {
                if labels.contains(&value.label) {
                    let message = "duplicate key value violates unique constraint \"pg_enum_typid_label_index\"";
                    work.refuse(Refusal::Plain { sqlstate: "23505", message }, value.span);
                }
                labels.push(value.label.clone());
            }
            TypeDefinitionKind::Enum(labels)
        }
        TypeKind::Composite(attributes) => TypeDefinitionKind::Composite(
            attributes
                .iter()
                .map(|(name, written)| {
                    work.check_column_type(written);
                    (name.text.clone(), work.data_type(written))
                })
                .collect(),
        ),
        TypeKind::Range | TypeKind::Base => TypeDefinitionKind::Other,
        TypeKind::Shell => TypeDefinitionKind::Shell,
    };
    new_type(work, &it.name, kind);
}

pub(super) fn create_domain(work: &mut Work<'_>, it: &CreateDomain) {
    work.check_type(&it.base);
    super::domains::check_clauses(work, it);
    let mut domain = Domain {
        base: work.data_type(&it.base),
        not_null: false,
        not_null_name: None,
        checks: Vec::new(),
        default: it.default.clone(),
    };
    let name = work.new_name(&it.name, Persistence::Permanent);
    for constraint in &it.constraints {
        match constraint.kind {
            ConstraintKind::NotNull { .. } => {
                domain.not_null = true;
                domain.not_null_name = constraint.name.as_ref().map(|it| it.text.clone());
            }
            _ => {
                let own = super::domains::check_name(work, &name, &domain, constraint);
                domain.checks.extend(own);
            }
        }
    }
    new_type(work, &it.name, TypeDefinitionKind::Domain(domain));
}

/// Extensions of PostgreSQL's own distribution, and common ones, that bring functions, types and operators but no relation.
static WITHOUT_RELATIONS: &[&str] = &[
    "adminpack",
    "amcheck",
    "autoinc",
    "bloom",
    "btree_gin",
    "btree_gist",
    "citext",
    "cube",
    "dblink",
    "dict_int",
    "dict_xsyn",
    "earthdistance",
    "file_fdw",
    "fuzzystrmatch",
    "hstore",
    "insert_username",
    "intagg",
    "intarray",
    "isn",
    "lo",
    "ltree",
    "moddatetime",
    "pageinspect",
    "pg_buffercache",
    "pg_freespacemap",
    "pg_prewarm",
    "pg_stat_statements",
    "pg_trgm",
    "pg_visibility",
    "pgcrypto",
    "pgrowlocks",
    "pgstattuple",
    "plpgsql",
    "postgres_fdw",
    "refint",
    "seg",
    "sslinfo",
    "tablefunc",
    "tcn",
    "tsm_system_rows",
    "tsm_system_time",
    "unaccent",
    "uuid-ossp",
    "vector",
    "xml2",
];

/// `CREATE EXTENSION`: what an unknown one brings the history does not show.
pub(super) fn create_extension(work: &mut Work<'_>, it: &CreateExtension) {
    work.extend();
    if WITHOUT_RELATIONS.binary_search(&it.name.text.as_str()).is_err() && !work.catalog.partial() {
        work.change(Change::Partial(true));
    }
    // One that may have been there already may have been changed since.
    let certain = !work.catalog.partial() || !it.if_not_exists;
    if certain && !work.catalog.extension(&it.name.text) {
        let mut all = work.catalog.extensions().clone();
        all.insert(it.name.text.clone());
        work.change(Change::Extensions(all));
    }
}
