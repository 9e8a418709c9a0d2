//! The report of `schema` for people: SQL that makes it anew.

use super::Described;
use lockkeeper_model::schema::{SchemaObjects, Table, TableColumn, Type};
use lockkeeper_syntax::ast::quoted;

/// The report as SQL: types before functions, functions before tables, keys between tables at the end.
pub fn human(histories: &[Described<'_>]) -> String {
    let mut out = String::new();
    for history in histories {
        if history.schemas.iter().any(|it| !it.functions.is_empty()) {
            out.push_str("SET check_function_bodies = off;\n\n");
        }
        let parts: [fn(&mut Vec<String>, &Described<'_>, &SchemaObjects); 7] =
            [schemas, types, sequences, functions, tables, keys, views];
        for part in parts {
            let mut statements = Vec::new();
            history.schemas.iter().for_each(|it| part(&mut statements, history, it));
            if !statements.is_empty() {
                statements.iter().for_each(|it| out.extend([it.as_str(), ";\n"]));
                out.push('\n');
            }
        }
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn full(schema: &str, name: &str) -> String {
    format!("{}.{}", quoted(schema), quoted(name))
}

fn schemas(out: &mut Vec<String>, _: &Described<'_>, it: &SchemaObjects) {
    if it.name != "public" {
        out.push(format!("CREATE SCHEMA {}", quoted(&it.name)));
    }
}

fn types(out: &mut Vec<String>, of: &Described<'_>, it: &SchemaObjects) {
    for Type { name, labels, attributes, other } in &it.types {
        let name = full(&it.name, name);
        if *other {
            out.push(format!("-- the definition of type {name} is not followed\nCREATE TYPE {name}"));
        } else if attributes.is_empty() {
            let labels: Vec<String> = labels.iter().map(|it| format!("'{}'", it.replace('\'', "''"))).collect();
            out.push(format!("CREATE TYPE {name} AS ENUM ({})", labels.join(", ")));
        } else {
            let attributes: Vec<String> =
                attributes.iter().map(|(name, of)| format!("{} {of}", quoted(name))).collect();
            out.push(format!("CREATE TYPE {name} AS ({})", attributes.join(", ")));
        }
    }
    out.extend(it.domains.iter().map(|it| of.statement(it.place).to_owned()));
}

fn sequences(out: &mut Vec<String>, _: &Described<'_>, it: &SchemaObjects) {
    for sequence in &it.sequences {
        out.push(format!("CREATE SEQUENCE {} AS {}", full(&it.name, &sequence.name), sequence.data_type));
    }
}

fn functions(out: &mut Vec<String>, of: &Described<'_>, it: &SchemaObjects) {
    out.extend(it.functions.iter().map(|it| of.statement(it.place).to_owned()));
}

fn tables(out: &mut Vec<String>, _: &Described<'_>, it: &SchemaObjects) {
    // A partition comes after the table that it is part of.
    let (whole, parts): (Vec<&Table>, Vec<&Table>) = it.tables.iter().partition(|it| it.partition_of.is_none());
    for table in whole.into_iter().chain(parts) {
        out.push(self::table(&it.name, table));
        let own = |it: &&lockkeeper_model::schema::TableIndex| !it.of_constraint && !it.of_parent;
        out.extend(table.indexes.iter().filter(own).map(|it| it.definition.replacen(" ON ONLY ", " ON ", 1)));
    }
}

fn table(schema: &str, it: &Table) -> String {
    let name = full(schema, &it.name);
    let partition_by = it.partition_by.as_ref().map(|it| format!(" PARTITION BY {it}")).unwrap_or_default();
    if let (Some(parent), Some(bound)) = (&it.partition_of, &it.bound) {
        return format!("CREATE TABLE {name} PARTITION OF {parent} {bound}{partition_by}");
    }
    let mut lines: Vec<String> = it.columns.iter().map(column).collect();
    for constraint in it.constraints.iter().filter(|it| !matches!(it.kind, "foreign key" | "not null") && !it.inherited)
    {
        lines.push(format!("CONSTRAINT {} {}", quoted(&constraint.name), constraint.definition));
    }
    let unlogged = if it.unlogged { "UNLOGGED " } else { "" };
    let inherits =
        if it.inherits.is_empty() { String::new() } else { format!(" INHERITS ({})", it.inherits.join(", ")) };
    let lines: Vec<String> = lines.iter().map(|it| format!("\n  {it}")).collect();
    format!("CREATE {unlogged}TABLE {name} ({}\n){inherits}{partition_by}", lines.join(","))
}

fn column(it: &TableColumn) -> String {
    let mut line = format!("{} {}", quoted(&it.name), it.data_type);
    if let Some((expression, kind)) = &it.generated {
        line.push_str(&format!(" GENERATED ALWAYS AS ({expression}) {kind}"));
    }
    if let Some(identity) = it.identity {
        line.push_str(&format!(" GENERATED {identity} AS IDENTITY"));
    }
    if let Some(default) = &it.default {
        line.push_str(&format!(" DEFAULT {default}"));
    }
    if !it.nullable {
        line.push_str(" NOT NULL");
    }
    line
}

fn keys(out: &mut Vec<String>, _: &Described<'_>, it: &SchemaObjects) {
    for table in &it.tables {
        let name = full(&it.name, &table.name);
        for key in table.constraints.iter().filter(|it| it.kind == "foreign key" && !it.inherited) {
            out.push(format!("ALTER TABLE {name} ADD CONSTRAINT {} {}", quoted(&key.name), key.definition));
        }
    }
    for sequence in &it.sequences {
        if let Some(owner) = &sequence.owned_by {
            out.push(format!("ALTER SEQUENCE {} OWNED BY {owner}", full(&it.name, &sequence.name)));
        }
    }
}

fn views(out: &mut Vec<String>, of: &Described<'_>, it: &SchemaObjects) {
    for view in &it.views {
        out.push(of.statement(view.place).to_owned());
        out.extend(view.indexes.iter().map(|it| it.definition.clone()));
    }
}
