//! The schema at the end of a history as plain data, its definitions as the server's `pg_get_…def` functions print them.

mod definitions;

use crate::catalog::{
    Catalog, Column, DataType, NotNull, ObjectName, Place, Relation, RelationId, RelationKind, Sequence,
    TypeDefinitionKind,
};
use crate::{Origin, Version};
use definitions::Printing;
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::ast::{GeneratedKind, Persistence};
use smol_str::SmolStr;
use std::collections::BTreeMap;

/// What one schema holds, each kind in the order of the names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SchemaObjects {
    /// Its name.
    pub name: SmolStr,
    /// Tables of every kind, partitions too.
    pub tables: Vec<Table>,
    /// Views and materialized views.
    pub views: Vec<View>,
    /// Enums and composite types.
    pub types: Vec<Type>,
    /// Domains.
    pub domains: Vec<Domain>,
    /// Functions and procedures.
    pub functions: Vec<Function>,
    /// Sequences, but those of identity columns.
    pub sequences: Vec<SequenceObject>,
}

/// A table.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the JSON contract")]
pub struct Table {
    pub name: SmolStr,
    /// `table`, `partitioned table`, `foreign table`.
    pub kind: &'static str,
    pub unlogged: bool,
    /// As `RANGE (created_at)`.
    pub partition_by: Option<String>,
    /// The table that it is a partition of.
    pub partition_of: Option<String>,
    /// As `FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`.
    pub bound: Option<String>,
    /// The tables that it inherits from.
    pub inherits: Vec<String>,
    pub columns: Vec<TableColumn>,
    pub constraints: Vec<TableConstraint>,
    pub indexes: Vec<TableIndex>,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the JSON contract")]
pub struct TableColumn {
    pub name: SmolStr,
    pub data_type: SmolStr,
    pub nullable: bool,
    pub default: Option<String>,
    /// `ALWAYS`, `BY DEFAULT`.
    pub identity: Option<&'static str>,
    /// The expression of a generated column, and how it is kept: `STORED`, `VIRTUAL`.
    pub generated: Option<(String, &'static str)>,
}

/// A constraint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the JSON contract")]
pub struct TableConstraint {
    pub name: SmolStr,
    /// `primary key`, `unique`, `check`, `foreign key`, `exclusion`, `not null`.
    pub kind: &'static str,
    pub definition: String,
    pub validated: bool,
    /// Whether it comes from a parent.
    pub inherited: bool,
}

/// An index.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the JSON contract")]
pub struct TableIndex {
    pub name: SmolStr,
    pub definition: String,
    pub unique: bool,
    pub valid: bool,
    /// Whether a constraint made it.
    pub of_constraint: bool,
    /// Whether it is the part of a partitioned table's index.
    pub of_parent: bool,
}

/// A view. Its text is that of the statement that made it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the JSON contract")]
pub struct View {
    pub name: SmolStr,
    pub materialized: bool,
    pub columns: Vec<SmolStr>,
    pub indexes: Vec<TableIndex>,
    /// Where it was made.
    pub place: Place,
}

/// A type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the JSON contract")]
pub struct Type {
    pub name: SmolStr,
    /// The labels of an enum.
    pub labels: Vec<String>,
    /// The attributes of a composite type.
    pub attributes: Vec<(SmolStr, SmolStr)>,
    /// Whether it is neither, and its definition not followed.
    pub other: bool,
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the JSON contract")]
pub struct Domain {
    pub name: SmolStr,
    pub data_type: SmolStr,
    pub nullable: bool,
    pub default: Option<String>,
    /// The names of its checks.
    pub checks: Vec<SmolStr>,
    /// Where it was made.
    pub place: Place,
}

/// A function or procedure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the JSON contract")]
pub struct Function {
    pub name: SmolStr,
    /// The types of its arguments.
    pub arguments: String,
    pub result: String,
    pub procedure: bool,
    /// Where it was made.
    pub place: Place,
}

/// A sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are those of the JSON contract")]
pub struct SequenceObject {
    pub name: SmolStr,
    pub data_type: SmolStr,
    /// As `public.users.id`.
    pub owned_by: Option<String>,
}

/// What `ON CONFLICT` names to mean this unique index, as `(a, lower(b)) WHERE c`; `None` if that is not known.
pub fn conflict_target(catalog: &Catalog, version: Version, index: RelationId) -> Option<String> {
    let index = catalog.get(index)?.as_index()?;
    let target = Printing { catalog, version }.conflict_target(catalog.get(index.table)?, index);
    (!target.contains(definitions::NOT_FOLLOWED)).then_some(target)
}

/// The schema that a catalog holds: what a history made, without what it only assumes.
pub fn schema(catalog: &Catalog, version: Version) -> Vec<SchemaObjects> {
    let mut schemas: BTreeMap<SmolStr, SchemaObjects> = BTreeMap::new();
    let mut within = |name: &ObjectName, add: &mut dyn FnMut(&mut SchemaObjects)| {
        let new = || SchemaObjects { name: name.schema.clone(), ..SchemaObjects::default() };
        add(schemas.entry(name.schema.clone()).or_insert_with(new));
    };
    let printing = Printing { catalog, version };
    let shown = |it: &Relation| matches!(it.origin, Origin::Created(_)) && it.persistence != Persistence::Temporary;
    for (id, relation) in catalog.relations().filter(|(_, it)| shown(it)) {
        within(&relation.name, &mut |all| match &relation.kind {
            RelationKind::Table | RelationKind::Partitioned(_) | RelationKind::Foreign => {
                all.tables.push(table(&printing, id, relation));
            }
            RelationKind::View(_) => all.views.push(view(&printing, id, relation, false)),
            RelationKind::MaterializedView(_) => all.views.push(view(&printing, id, relation, true)),
            RelationKind::Sequence(sequence) if !sequence.identity => {
                all.sequences.push(sequence_object(catalog, relation, sequence));
            }
            RelationKind::Sequence(_) | RelationKind::Index(_) | RelationKind::Composite => {}
        });
    }
    for (name, definition) in catalog.types() {
        within(name, &mut |all| match &definition.kind {
            TypeDefinitionKind::Domain(it) => all.domains.push(Domain {
                name: name.name.clone(),
                data_type: definitions::type_sql(&it.base),
                nullable: !it.not_null,
                default: it.default.as_ref().and_then(|expr| printing.value(expr, &it.base)),
                checks: it.checks.clone(),
                place: definition.place,
            }),
            TypeDefinitionKind::Enum(labels) => all.types.push(plain_type(name, labels.clone(), Vec::new(), false)),
            TypeDefinitionKind::Composite(it) => {
                let attributes = it.iter().map(|(name, of)| (name.clone(), definitions::type_sql(of))).collect();
                all.types.push(plain_type(name, Vec::new(), attributes, false));
            }
            TypeDefinitionKind::Other | TypeDefinitionKind::Shell => {
                all.types.push(plain_type(name, Vec::new(), Vec::new(), true))
            }
            TypeDefinitionKind::Unknown => {}
        });
    }
    for (name, function) in catalog.functions() {
        for routine in &function.routines {
            let arguments: Vec<SmolStr> =
                routine.arguments.iter().map(|it| definitions::type_sql(&it.data_type)).collect();
            let set = if routine.set { "SETOF " } else { "" };
            within(name, &mut |all| {
                all.functions.push(Function {
                    name: name.name.clone(),
                    arguments: arguments.join(", "),
                    result: format!("{set}{}", definitions::type_sql(&routine.result)),
                    procedure: routine.procedure,
                    place: routine.place,
                });
            });
        }
    }
    let mut all: Vec<SchemaObjects> = schemas.into_values().collect();
    for it in &mut all {
        it.tables.arrange_by(|a, b| a.name.cmp(&b.name));
        it.views.arrange_by(|a, b| a.name.cmp(&b.name));
        it.sequences.arrange_by(|a, b| a.name.cmp(&b.name));
    }
    all
}

fn plain_type(name: &ObjectName, labels: Vec<String>, attributes: Vec<(SmolStr, SmolStr)>, other: bool) -> Type {
    Type { name: name.name.clone(), labels, attributes, other }
}

fn table(printing: &Printing<'_>, id: RelationId, relation: &Relation) -> Table {
    let catalog = printing.catalog;
    let kind = match relation.kind {
        RelationKind::Partitioned(_) => "partitioned table",
        RelationKind::Foreign => "foreign table",
        _ => "table",
    };
    let name = |id: RelationId| catalog.get(id).map_or_else(String::new, |it| it.name.to_string());
    let part = relation.partition_of.as_ref();
    let mut constraints: Vec<TableConstraint> =
        relation.live_constraints().map(|(_, it)| printing.constraint(relation, it)).collect();
    constraints.arrange_by(|a, b| a.name.cmp(&b.name));
    Table {
        name: relation.name.name.clone(),
        kind,
        unlogged: relation.persistence == Persistence::Unlogged,
        partition_by: relation.partition_key().map(|it| printing.partition_key(relation, it)),
        partition_of: part.map(|it| name(it.parent)),
        bound: part.and_then(|it| it.bound.as_ref().map(|bound| printing.bound(it.parent, bound))),
        inherits: relation.inherits.iter().map(|it| name(*it)).collect(),
        columns: relation.live_columns().map(|(_, it)| column(printing, relation, it)).collect(),
        constraints,
        indexes: indexes(printing, id, relation),
    }
}

fn indexes(printing: &Printing<'_>, table: RelationId, relation: &Relation) -> Vec<TableIndex> {
    let backing: Vec<RelationId> = relation.live_constraints().filter_map(|(_, it)| it.index()).collect();
    let mut indexes: Vec<TableIndex> = printing
        .catalog
        .indexes(table)
        .map(|(id, of, index)| TableIndex {
            name: of.name.name.clone(),
            definition: printing.index(of, index, relation),
            unique: index.unique,
            valid: index.valid,
            of_constraint: backing.contains(&id),
            of_parent: of.partition_of.is_some(),
        })
        .collect();
    indexes.arrange_by(|a, b| a.name.cmp(&b.name));
    indexes
}

fn column(printing: &Printing<'_>, relation: &Relation, it: &Column) -> TableColumn {
    let expression = it.default.as_ref().and_then(|expr| match it.generated {
        Some(_) => Some(printing.over(relation, expr, Some(&it.data_type))),
        None => printing.value(expr, &it.data_type),
    });
    let kept = it.generated.map(|it| match it {
        GeneratedKind::Stored => "STORED",
        GeneratedKind::Virtual => "VIRTUAL",
    });
    let (default, generated) = match kept {
        Some(kept) => (None, expression.map(|it| (it, kept))),
        None => (expression, None),
    };
    TableColumn {
        name: it.name.clone(),
        data_type: definitions::type_sql(&it.data_type),
        nullable: it.not_null == NotNull::No,
        default,
        identity: it.identity.map(|always| if always { "ALWAYS" } else { "BY DEFAULT" }),
        generated,
    }
}

fn view(printing: &Printing<'_>, id: RelationId, relation: &Relation, materialized: bool) -> View {
    View {
        name: relation.name.name.clone(),
        materialized,
        columns: relation.live_columns().map(|(_, it)| it.name.clone()).collect(),
        indexes: indexes(printing, id, relation),
        place: relation.place(),
    }
}

fn sequence_object(catalog: &Catalog, relation: &Relation, it: &Sequence) -> SequenceObject {
    let owner = it.owner.and_then(|(table, column)| {
        let table = catalog.get(table)?;
        let column = table.columns.get(column)?;
        Some(format!("{}.{}", table.name, lockkeeper_syntax::ast::quoted(&column.name)))
    });
    let data_type =
        DataType { name: ObjectName::new("pg_catalog", it.data_type.clone()), modifiers: Vec::new(), dimensions: 0 };
    SequenceObject { name: relation.name.name.clone(), data_type: definitions::type_sql(&data_type), owned_by: owner }
}
