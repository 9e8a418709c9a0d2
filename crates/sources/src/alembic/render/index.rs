//! `CREATE INDEX`.

use super::constraint::{by_convention, names_into};
use super::name::{Conventions, truncated};
use super::{name_into, table_into};
use crate::alembic::schema::{Element, Index, Name, Table};
use crate::alembic::sql::{Sql, Style, float, write};
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;

/// Writes the statement that builds an index of `table` (`PGDDLCompiler.visit_create_index`).
pub(crate) fn create_index(
    index: &Index<'_>,
    table: &Table<'_>,
    if_not_exists: bool,
    conventions: &Conventions,
) -> Result<Text, String> {
    let at = index.span;
    let name = index_name(index, table, conventions).ok_or("the index has no name")?;
    let mut out = Text::default();
    out.add(if index.unique { "CREATE UNIQUE INDEX " } else { "CREATE INDEX " }, at);
    if let Some((_, _, span)) = option(index, "concurrently").filter(|it| it.1.truth() == Some(true)) {
        out.add("CONCURRENTLY ", *span);
    }
    if if_not_exists {
        out.add("IF NOT EXISTS ", at);
    }
    name_into(&name, at, &mut out);
    out.add(" ON ", at);
    table_into(table, at, &mut out);
    out.add(" ", at);
    if let Some(method) = option(index, "using").and_then(|it| it.1.text()) {
        out.add("USING ", at);
        out.push(&method.map(str::to_lowercase));
        out.add(" ", at);
    }
    elements_into(index, at, &mut out)?;
    if let Some((_, value, span)) = option(index, "include").filter(|it| it.1.truth() != Some(false)) {
        let names: Option<Vec<Text>> = value.items().map(|it| it.iter().filter_map(column_name).collect());
        out.add(" INCLUDE (", *span);
        names_into(&names.ok_or("the columns under INCLUDE are not known")?, *span, &mut out);
        out.add(")", *span);
    }
    match option(index, "nulls_not_distinct").map(|it| &it.1) {
        Some(Value::Bool(true)) => out.add(" NULLS NOT DISTINCT", at),
        Some(Value::Bool(false)) => out.add(" NULLS DISTINCT", at),
        _ => {}
    }
    if let Some((_, Value::Dict(entries), span)) = option(index, "with").filter(|it| it.1.truth() == Some(true)) {
        out.add(" WITH (", *span);
        for (place, (key, value)) in entries.borrow().iter().enumerate() {
            let key = key.text().ok_or("a storage parameter's name is not known")?;
            out.add(if place > 0 { ", " } else { "" }, *span);
            out.push(&key);
            out.add(" = ", *span);
            out.add(&plain(value).ok_or("a storage parameter's value is not known")?, *span);
        }
        out.add(")", *span);
    }
    if let Some(tablespace) = option(index, "tablespace").and_then(|it| it.1.text()) {
        out.add(" TABLESPACE ", at);
        name_into(&tablespace, at, &mut out);
    }
    if let Some((_, value, span)) = option(index, "where") {
        out.add(" WHERE ", *span);
        match value {
            Value::Str(text) => write(&Sql::Text(text.clone(), Vec::new()), Style::Bare, *span, &mut out)?,
            Value::Sql(sql) => write(sql, Style::Bare, *span, &mut out)?,
            Value::None => out = out.slice(0..out.len() - " WHERE ".len()),
            _ => return Err("the condition of the index is not known".to_owned()),
        }
    }
    Ok(out)
}

fn option<'i, 'a>(index: &'i Index<'a>, name: &str) -> Option<&'i (String, Value<'a>, Span)> {
    index.options.iter().find(|it| it.0 == name && !matches!(it.1, Value::None))
}

fn column_name(value: &Value<'_>) -> Option<Text> {
    match value {
        Value::Column(it) => Some(it.borrow().name.clone()),
        Value::Sql(it) => match &**it {
            Sql::Column { name, .. } => Some(name.clone()),
            _ => None,
        },
        value => value.text(),
    }
}

/// A storage parameter's value as `%s` prints it.
fn plain(value: &Value<'_>) -> Option<String> {
    match value {
        Value::Bool(it) => Some(if *it { "True" } else { "False" }.to_owned()),
        Value::Int(it) => Some(it.to_string()),
        Value::Float(it) => Some(float(*it)),
        value => value.text().map(|it| it.as_str().to_owned()),
    }
}

fn elements_into(index: &Index<'_>, at: Span, out: &mut Text) -> Result<(), String> {
    let classes = option(index, "ops");
    let class_of = |name: &Text| -> Option<Text> {
        let Some((_, Value::Dict(entries), _)) = classes else { return None };
        let entries = entries.borrow();
        let found = entries.iter().find(|it| it.0.text().is_some_and(|it| it == *name))?;
        found.1.text()
    };
    out.add("(", at);
    for (place, element) in index.elements.iter().enumerate() {
        out.add(if place > 0 { ", " } else { "" }, at);
        let key = match element {
            Element::Column(name) => {
                name_into(name, at, out);
                Some(name.clone())
            }
            Element::Expression(sql, span) => {
                write(sql, Style::Bare, *span, out)?;
                match &**sql {
                    Sql::Column { name, .. } | Sql::Label(_, name) | Sql::Verbatim(name) | Sql::Text(name, _) => {
                        Some(name.clone())
                    }
                    _ => None,
                }
            }
        };
        if let Some(class) = key.and_then(|it| class_of(&it)) {
            out.add(" ", at);
            out.push(&class);
        }
    }
    out.add(")", at);
    Ok(())
}

/// Its own name, or the one that the naming convention or SQLAlchemy's default (`ix_%(column_0_label)s`) gives.
fn index_name(index: &Index<'_>, table: &Table<'_>, conventions: &Conventions) -> Option<Text> {
    if let (Name::None, None) = (&index.name, conventions.pattern("ix")) {
        let Element::Column(column) = index.elements.first()? else { return None };
        let mut out = Text::made("ix_", index.span);
        if let Some(schema) = &table.schema {
            out.push(schema);
            out.add("_", index.span);
        }
        out.push(&table.name);
        out.add("_", index.span);
        out.push(column);
        return Some(truncated(out));
    }
    let columns: Vec<Text> = index
        .elements
        .iter()
        .filter_map(|it| if let Element::Column(name) = it { Some(name.clone()) } else { None })
        .collect();
    by_convention(&index.name, "ix", &table.name, &columns, None, index.span, conventions)
}
