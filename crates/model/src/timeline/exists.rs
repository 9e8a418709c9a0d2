//! Conditions that the catalog decides: `IF NOT EXISTS (SELECT FROM pg_type WHERE typname = 'mood')` and its like.

use super::values::{Frame, Value};
use crate::catalog::{Catalog, Relation, RelationId, RelationKind, TypeDefinition, TypeDefinitionKind};
use lockkeeper_syntax::ast::{Constant, Expr, ExprKind, Query};

/// Whether the condition holds, if that can be told. `complete`: what the catalog lacks does not exist.
pub(super) fn condition(expr: &Expr, frame: &Frame, catalog: &Catalog, complete: bool) -> Option<bool> {
    let inner = |it: &Expr| condition(it, frame, catalog, complete);
    match &expr.kind {
        ExprKind::Constant(Constant::Boolean(it)) => Some(*it),
        ExprKind::Not(it) => inner(it).map(|it| !it),
        ExprKind::And(parts) => {
            let all: Vec<Option<bool>> = parts.iter().map(inner).collect();
            if all.contains(&Some(false)) {
                Some(false)
            } else {
                all.into_iter().collect::<Option<Vec<_>>>().map(|_| true)
            }
        }
        ExprKind::Or(parts) => {
            let all: Vec<Option<bool>> = parts.iter().map(inner).collect();
            if all.contains(&Some(true)) {
                Some(true)
            } else {
                all.into_iter().collect::<Option<Vec<_>>>().map(|_| false)
            }
        }
        ExprKind::Subquery(query) => exists(query, frame, catalog, complete),
        ExprKind::IsNull { value, negated } => {
            let ExprKind::Call(call) = &value.kind else { return None };
            let ("to_regclass", [name]) = (call.name.name.text.as_str(), call.arguments.as_slice()) else {
                return None;
            };
            let name = frame.value(name)?;
            let (schema, name) = name.split_once('.').map_or((None, name.as_str()), |(a, b)| (Some(a), b));
            let found = any(catalog.called(name), |it| schema.is_none_or(|s| it.name.schema == s))?;
            (found || complete).then_some(found == *negated)
        }
        _ => None,
    }
}

/// What a catalog query asks for, by the columns that it compares with constants.
struct Asked {
    pairs: Vec<(String, Value)>,
    /// Whether it asks for more than that.
    more: bool,
}

impl Asked {
    fn get(&self, column: &str) -> Option<&str> {
        self.pairs.iter().find(|(name, _)| name == column).map(|(_, value)| value.as_str())
    }

    fn agrees(&self, column: &str, value: &str) -> bool {
        self.get(column).is_none_or(|it| it == value)
    }
}

fn exists(query: &Query, frame: &Frame, catalog: &Catalog, complete: bool) -> Option<bool> {
    let [from] = query.relations.as_slice() else { return None };
    let (output, conditions) = query.expressions.split_first()?;
    // The grammar's tree does not say EXISTS; what selects a constant or a star is nothing else.
    let plain = matches!(output.kind, ExprKind::Constant(_) | ExprKind::Star(_)) || conditions.is_empty();
    let conditions = if conditions.is_empty() { std::slice::from_ref(output) } else { conditions };
    let mut asked = Asked { pairs: Vec::new(), more: !plain };
    conditions.iter().for_each(|it| read(it, frame, &mut asked));
    let found = look(&from.relation.name.name.text, &asked, catalog)?;
    match found {
        true if !asked.more => Some(true),
        false if complete => Some(false),
        _ => None,
    }
}

fn read(condition: &Expr, frame: &Frame, asked: &mut Asked) {
    match &condition.kind {
        ExprKind::And(parts) => parts.iter().for_each(|it| read(it, frame, asked)),
        ExprKind::Operator { symbol, left: Some(left), right } if symbol == "=" => {
            match (left.as_column(), frame.value(right)) {
                (Some(column), Some(value)) => asked.pairs.push((column.text.to_string(), value)),
                _ => asked.more = true,
            }
        }
        _ => asked.more = true,
    }
}

/// Whether a relation fits; none if only one does of which nobody knows whether it exists.
fn any<'a>(
    relations: impl Iterator<Item = (RelationId, &'a Relation)>,
    fits: impl Fn(&Relation) -> bool,
) -> Option<bool> {
    let mut unsure = false;
    for (_, it) in relations.filter(|(_, it)| fits(it)) {
        if it.known() {
            return Some(true);
        }
        unsure = true;
    }
    (!unsure).then_some(false)
}

/// Whether a row of a system catalog or of `information_schema` fits; none for what is not followed.
fn look(table: &str, asked: &Asked, catalog: &Catalog) -> Option<bool> {
    let named = |column: &str, schema: &str| {
        let schema = asked.get(schema);
        let called = catalog.called(asked.get(column)?);
        Some(called.filter(move |(_, it)| schema.is_none_or(|schema| it.name.schema == schema)))
    };
    match table {
        "pg_type" => {
            let name = asked.get("typname")?;
            let unsure = |it: &TypeDefinition| it.kind == TypeDefinitionKind::Unknown;
            if catalog.has_type_called(name) {
                let mut types = catalog.types().filter(|(it, _)| it.name == name);
                return types.any(|(_, it)| !unsure(it)).then_some(true);
            }
            any(catalog.called(name), |_| true)
        }
        "pg_class" => any(named("relname", "nspname")?, |_| true),
        "pg_tables" => any(named("tablename", "schemaname")?, Relation::is_table),
        "tables" => {
            any(named("table_name", "table_schema")?, |it| it.is_table() || matches!(it.kind, RelationKind::View(_)))
        }
        "pg_indexes" => any(named("indexname", "schemaname")?, |it| it.as_index().is_some()),
        "columns" => {
            let column = asked.get("column_name")?;
            if named("table_name", "table_schema")?.any(|(_, it)| !it.complete) {
                return None;
            }
            any(named("table_name", "table_schema")?, |it| it.column(column).is_some())
        }
        "pg_constraint" => {
            let name = asked.get("conname")?;
            any(catalog.relations(), |it| it.constraint(name).is_some())
        }
        "table_constraints" => {
            let name = asked.get("constraint_name")?;
            let on = |it: &Relation| {
                asked.agrees("table_name", &it.name.name) && asked.agrees("table_schema", &it.name.schema)
            };
            any(catalog.relations(), |it| on(it) && it.constraint(name).is_some())
        }
        "schemata" => schema(asked.get("schema_name")?, catalog),
        "pg_namespace" => schema(asked.get("nspname")?, catalog),
        _ => None,
    }
}

fn schema(name: &str, catalog: &Catalog) -> Option<bool> {
    match catalog.schema(name) {
        crate::Fact::Known(it) => Some(it),
        crate::Fact::Unknown => None,
    }
}
