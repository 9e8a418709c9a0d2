//! The report of `schema` for programs; its shape stands in `schemas/schema.json`.

use super::Described;
use crate::json::{SHAPE, TOOL, Tool, print};
use lockkeeper_model::schema::{
    Domain, Function, SchemaObjects, SequenceObject, Table, TableColumn, TableConstraint, TableIndex, Type, View,
};
use serde::Serialize;

#[derive(Serialize)]
struct SchemaJson<'a> {
    version: u32,
    tool: Tool,
    schemas: Vec<ObjectsJson<'a>>,
}

#[derive(Serialize)]
struct ObjectsJson<'a> {
    name: &'a str,
    tables: Vec<TableJson<'a>>,
    views: Vec<ViewJson<'a>>,
    types: Vec<TypeJson<'a>>,
    domains: Vec<DomainJson<'a>>,
    functions: Vec<FunctionJson<'a>>,
    sequences: Vec<SequenceJson<'a>>,
}

#[derive(Serialize)]
struct TableJson<'a> {
    name: &'a str,
    kind: &'a str,
    unlogged: bool,
    partition_by: Option<&'a str>,
    partition_of: Option<&'a str>,
    bound: Option<&'a str>,
    inherits: &'a [String],
    columns: Vec<ColumnJson<'a>>,
    constraints: Vec<ConstraintJson<'a>>,
    indexes: Vec<IndexJson<'a>>,
}

#[derive(Serialize)]
struct ColumnJson<'a> {
    name: &'a str,
    r#type: &'a str,
    nullable: bool,
    default: Option<&'a str>,
    identity: Option<&'a str>,
    generated: Option<GeneratedJson<'a>>,
}

#[derive(Serialize)]
struct GeneratedJson<'a> {
    expression: &'a str,
    kind: &'a str,
}

#[derive(Serialize)]
struct ConstraintJson<'a> {
    name: &'a str,
    r#type: &'a str,
    definition: &'a str,
    validated: bool,
    inherited: bool,
}

#[derive(Serialize)]
struct IndexJson<'a> {
    name: &'a str,
    definition: &'a str,
    unique: bool,
    valid: bool,
}

#[derive(Serialize)]
struct ViewJson<'a> {
    name: &'a str,
    materialized: bool,
    columns: Vec<&'a str>,
    indexes: Vec<IndexJson<'a>>,
    definition: &'a str,
}

#[derive(Serialize)]
struct TypeJson<'a> {
    name: &'a str,
    kind: &'a str,
    labels: &'a [String],
    attributes: Vec<AttributeJson<'a>>,
}

#[derive(Serialize)]
struct AttributeJson<'a> {
    name: &'a str,
    r#type: &'a str,
}

#[derive(Serialize)]
struct DomainJson<'a> {
    name: &'a str,
    r#type: &'a str,
    nullable: bool,
    default: Option<&'a str>,
    checks: Vec<&'a str>,
}

#[derive(Serialize)]
struct FunctionJson<'a> {
    name: &'a str,
    kind: &'a str,
    arguments: &'a str,
    result: &'a str,
    definition: &'a str,
}

#[derive(Serialize)]
struct SequenceJson<'a> {
    name: &'a str,
    r#type: &'a str,
    owned_by: Option<&'a str>,
}

/// The report as JSON.
pub fn json(histories: &[Described<'_>]) -> String {
    let schemas = histories.iter().flat_map(|of| of.schemas.iter().map(|it| objects(of, it))).collect();
    print(&SchemaJson { version: SHAPE, tool: TOOL, schemas })
}

fn objects<'a>(of: &'a Described<'_>, it: &'a SchemaObjects) -> ObjectsJson<'a> {
    ObjectsJson {
        name: &it.name,
        tables: it.tables.iter().map(table).collect(),
        views: it.views.iter().map(|it| view(of, it)).collect(),
        types: it.types.iter().map(data_type).collect(),
        domains: it.domains.iter().map(domain).collect(),
        functions: it.functions.iter().map(|it| function(of, it)).collect(),
        sequences: it.sequences.iter().map(sequence).collect(),
    }
}

fn table(it: &Table) -> TableJson<'_> {
    TableJson {
        name: &it.name,
        kind: it.kind,
        unlogged: it.unlogged,
        partition_by: it.partition_by.as_deref(),
        partition_of: it.partition_of.as_deref(),
        bound: it.bound.as_deref(),
        inherits: &it.inherits,
        columns: it.columns.iter().map(column).collect(),
        constraints: it.constraints.iter().map(constraint).collect(),
        indexes: it.indexes.iter().map(index).collect(),
    }
}

fn column(it: &TableColumn) -> ColumnJson<'_> {
    ColumnJson {
        name: &it.name,
        r#type: &it.data_type,
        nullable: it.nullable,
        default: it.default.as_deref(),
        identity: it.identity,
        generated: it.generated.as_ref().map(|(expression, kind)| GeneratedJson { expression, kind }),
    }
}

fn constraint(it: &TableConstraint) -> ConstraintJson<'_> {
    ConstraintJson {
        name: &it.name,
        r#type: it.kind,
        definition: &it.definition,
        validated: it.validated,
        inherited: it.inherited,
    }
}

fn index(it: &TableIndex) -> IndexJson<'_> {
    IndexJson { name: &it.name, definition: &it.definition, unique: it.unique, valid: it.valid }
}

fn view<'a>(of: &'a Described<'_>, it: &'a View) -> ViewJson<'a> {
    ViewJson {
        name: &it.name,
        materialized: it.materialized,
        columns: it.columns.iter().map(|it| it.as_str()).collect(),
        indexes: it.indexes.iter().map(index).collect(),
        definition: of.statement(it.place),
    }
}

fn data_type(it: &Type) -> TypeJson<'_> {
    let kind = match it {
        Type { other: true, .. } => "other",
        Type { attributes, .. } if !attributes.is_empty() => "composite",
        _ => "enum",
    };
    let attributes = it.attributes.iter().map(|(name, of)| AttributeJson { name, r#type: of }).collect();
    TypeJson { name: &it.name, kind, labels: &it.labels, attributes }
}

fn domain(it: &Domain) -> DomainJson<'_> {
    DomainJson {
        name: &it.name,
        r#type: &it.data_type,
        nullable: it.nullable,
        default: it.default.as_deref(),
        checks: it.checks.iter().map(|it| it.as_str()).collect(),
    }
}

fn function<'a>(of: &'a Described<'_>, it: &'a Function) -> FunctionJson<'a> {
    FunctionJson {
        name: &it.name,
        kind: if it.procedure { "procedure" } else { "function" },
        arguments: &it.arguments,
        result: &it.result,
        definition: of.statement(it.place),
    }
}

fn sequence(it: &SequenceObject) -> SequenceJson<'_> {
    SequenceJson { name: &it.name, r#type: &it.data_type, owned_by: it.owned_by.as_deref() }
}
