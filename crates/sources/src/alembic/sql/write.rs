//! From expressions to text, as SQLAlchemy's compiler for PostgreSQL writes them.

use super::bind::{Parameter, parameters};
use super::{Query, Sql, Target, Write, literal, strength};
use crate::alembic::render::{name_into, table_into};
use crate::alembic::schema::Table;
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;
use std::rc::Rc;

/// Whether columns are written with their table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// In a statement.
    Qualified,
    /// In a clause of DDL.
    Bare,
}

/// Writes `sql`; `at` is the Python that what has no place of its own comes from. `Err` says what cannot be written.
pub(crate) fn write(sql: &Sql<'_>, style: Style, at: Span, out: &mut Text) -> Result<(), String> {
    match sql {
        Sql::Text(text, values) => text_into(text, values, at, out),
        Sql::Verbatim(text) | Sql::Statement(text) => out.push(text),
        Sql::Column { table, name } => {
            if let (Some(table), Style::Qualified) = (table, style) {
                table_into(table, at, out);
                out.add(".", at);
            }
            name_into(name, at, out);
        }
        Sql::Value(value, span) => match value {
            Value::Sql(it) => write(it, style, at, out)?,
            value => literal(value, *span, out),
        },
        Sql::Call { name, arguments, bare } => {
            out.push(name);
            if !bare {
                out.add("(", at);
                listed(arguments, style, at, out)?;
                out.add(")", at);
            }
        }
        Sql::Binary { left, operator, right, strength } => {
            operand(left, *strength, Some(operator), style, at, out)?;
            out.add(&format!(" {operator} "), at);
            operand(right, *strength, Some(operator), style, at, out)?;
        }
        Sql::Unary { before, operand: inner, after, strength } => {
            out.add(before, at);
            operand(inner, *strength, None, style, at, out)?;
            out.add(after, at);
        }
        Sql::List(items) => {
            out.add("(", at);
            listed(items, style, at, out)?;
            out.add(")", at);
        }
        Sql::Cast(inner, kind) => {
            out.add("CAST(", at);
            write(inner, style, at, out)?;
            out.add(" AS ", at);
            kind.borrow().write(out)?;
            out.add(")", at);
        }
        Sql::Label(inner, name) => {
            write(inner, style, at, out)?;
            out.add(" AS ", at);
            name_into(name, at, out);
        }
        Sql::Case { branches, otherwise } => {
            out.add("CASE", at);
            for (condition, value) in branches {
                out.add(" WHEN ", at);
                operand(condition, strength::TIGHTEST - 1, None, style, at, out)?;
                out.add(" THEN ", at);
                write(value, style, at, out)?;
            }
            if let Some(value) = otherwise {
                out.add(" ELSE ", at);
                write(value, style, at, out)?;
            }
            out.add(" END", at);
        }
        Sql::Select(query) => select_into(query, at, out)?,
        Sql::Write(it) => write_into(it, at, out)?,
    }
    Ok(())
}

/// A text with its parameters filled in. A parameter without a value is NULL, as Alembic's offline mode has it.
fn text_into(text: &Text, values: &[(String, Value<'_>)], at: Span, out: &mut Text) {
    let whole = text.as_str();
    let mut from = 0;
    for parameter in parameters(whole) {
        match parameter {
            Parameter::Escape(backslash) => {
                out.push(&text.slice(from..backslash));
                from = backslash + 1;
            }
            Parameter::Named(range) => {
                out.push(&text.slice(from..range.start - 1));
                let place = text.slice(range.clone()).source().unwrap_or(at);
                let before = whole[..range.start - 1].trim_end();
                let word = before.rsplit(|it: char| !it.is_ascii_alphanumeric() && it != '_').next();
                let in_list = word.is_some_and(|it| it.eq_ignore_ascii_case("in"));
                match values.iter().rev().find(|it| it.0 == whole[range.clone()]) {
                    Some((_, list @ (Value::List(_) | Value::Tuple(_)))) => {
                        // An expanding parameter, `IN :ids`.
                        let items: Vec<Rc<Sql<'_>>> = list
                            .items()
                            .unwrap_or_default()
                            .into_iter()
                            .map(|it| Rc::new(Sql::Value(it, place)))
                            .collect();
                        let (open, close) = match list {
                            _ if in_list => ("(", ")"),
                            _ if before.ends_with('(')
                                && before.to_ascii_lowercase().trim_end_matches(['(', ' ']).ends_with(" in") =>
                            {
                                ("", "")
                            }
                            // What drivers make of a list otherwise.
                            _ if items.is_empty() => ("'{", "}'"),
                            _ => ("ARRAY[", "]"),
                        };
                        out.add(open, place);
                        for (at, item) in items.iter().enumerate() {
                            if at > 0 {
                                out.add(", ", place);
                            }
                            if let Sql::Value(value, span) = &**item {
                                literal(value, *span, out);
                            }
                        }
                        out.add(close, place);
                    }
                    Some((_, value)) if in_list => {
                        out.add("(", place);
                        literal(value, place, out);
                        out.add(")", place);
                    }
                    Some((_, value)) => literal(value, place, out),
                    None => out.add("NULL", place),
                }
                from = range.end;
            }
        }
    }
    out.push(&text.slice(from..whole.len()));
}

fn listed(items: &[Rc<Sql<'_>>], style: Style, at: Span, out: &mut Text) -> Result<(), String> {
    for (place, item) in items.iter().enumerate() {
        if place > 0 {
            out.add(", ", at);
        }
        match &**item {
            // A query among other values.
            Sql::Select(_) => operand(item, strength::TIGHTEST, None, style, at, out)?,
            _ => write(item, style, at, out)?,
        }
    }
    Ok(())
}

fn operand(
    sql: &Sql<'_>,
    outer: u8,
    operator: Option<&str>,
    style: Style,
    at: Span,
    out: &mut Text,
) -> Result<(), String> {
    // The same associative operator needs no parentheses.
    let same = matches!((sql, operator), (Sql::Binary { operator: inner, .. }, Some(outer))
        if &**inner == outer && matches!(outer, "AND" | "OR" | "+" | "*" | "||"));
    let group = matches!(sql, Sql::Select(_)) || (!same && sql.strength() <= outer && sql.strength() < strength::INDEX);
    if group {
        out.add("(", at);
    }
    write(sql, style, at, out)?;
    if group {
        out.add(")", at);
    }
    Ok(())
}

fn conditions_into(conditions: &[Rc<Sql<'_>>], at: Span, out: &mut Text) -> Result<(), String> {
    for (place, condition) in conditions.iter().enumerate() {
        if place > 0 {
            out.add(" AND ", at);
        }
        let several = if conditions.len() > 1 { strength::AND } else { 0 };
        operand(condition, several, Some("AND"), Style::Qualified, at, out)?;
    }
    Ok(())
}

fn select_into(query: &Query<'_>, at: Span, out: &mut Text) -> Result<(), String> {
    out.add("SELECT ", at);
    listed(&query.columns, Style::Qualified, at, out)?;
    let mut tables: Vec<Rc<Table<'_>>> = query.from.clone();
    for column in query.columns.iter().chain(&query.conditions) {
        tables_of(column, &mut tables);
    }
    for (place, table) in tables.iter().enumerate() {
        out.add(if place > 0 { ", " } else { " \nFROM " }, at);
        table_into(table, at, out);
    }
    if !query.conditions.is_empty() {
        out.add(" \nWHERE ", at);
        conditions_into(&query.conditions, at, out)?;
    }
    if !query.group.is_empty() {
        out.add(" GROUP BY ", at);
        listed(&query.group, Style::Qualified, at, out)?;
    }
    if !query.order.is_empty() {
        out.add(" ORDER BY ", at);
        listed(&query.order, Style::Qualified, at, out)?;
    }
    if let Some(limit) = &query.limit {
        out.add(" \n LIMIT ", at);
        write(limit, Style::Qualified, at, out)?;
    }
    Ok(())
}

/// The tables that an expression names, each once.
fn tables_of<'a>(sql: &Sql<'a>, tables: &mut Vec<Rc<Table<'a>>>) {
    match sql {
        Sql::Column { table: Some(table), .. } => {
            let same = |it: &Rc<Table<'_>>| it.name == table.name && it.schema == table.schema;
            if !tables.iter().any(same) {
                tables.push(Rc::clone(table));
            }
        }
        Sql::Call { arguments, .. } | Sql::List(arguments) => arguments.iter().for_each(|it| tables_of(it, tables)),
        Sql::Binary { left, right, .. } => [left, right].iter().for_each(|it| tables_of(it, tables)),
        Sql::Unary { operand, .. } | Sql::Cast(operand, _) | Sql::Label(operand, _) => tables_of(operand, tables),
        Sql::Case { branches, otherwise } => {
            branches.iter().flat_map(|it| [&it.0, &it.1]).chain(otherwise).for_each(|it| tables_of(it, tables));
        }
        Sql::Column { table: None, .. }
        | Sql::Text(..)
        | Sql::Verbatim(_)
        | Sql::Value(..)
        | Sql::Select(_)
        | Sql::Write(_)
        | Sql::Statement(_) => {}
    }
}

fn write_into(it: &Write<'_>, at: Span, out: &mut Text) -> Result<(), String> {
    match it.target {
        Target::Insert => insert_into(it, at, out)?,
        Target::Update => {
            out.add("UPDATE ", at);
            table_into(&it.table, at, out);
            out.add(" SET ", at);
            for (place, (name, value)) in it.rows.iter().flatten().enumerate() {
                if place > 0 {
                    out.add(", ", at);
                }
                name_into(name, at, out);
                out.add("=", at);
                operand(value, 0, None, Style::Qualified, at, out)?;
            }
        }
        Target::Delete => {
            out.add("DELETE FROM ", at);
            table_into(&it.table, at, out);
        }
    }
    if !it.conditions.is_empty() {
        out.add(" WHERE ", at);
        conditions_into(&it.conditions, at, out)?;
    }
    if let Some(end) = &it.end {
        out.push(end);
    }
    Ok(())
}

fn insert_into(it: &Write<'_>, at: Span, out: &mut Text) -> Result<(), String> {
    out.add("INSERT INTO ", at);
    table_into(&it.table, at, out);
    let names: Vec<&Text> = match &it.query {
        Some((names, _)) => names.iter().collect(),
        None => it.rows.first().into_iter().flatten().map(|it| &it.0).collect(),
    };
    if names.is_empty() {
        out.add(" DEFAULT VALUES", at);
        return Ok(());
    }
    out.add(" (", at);
    for (place, name) in names.iter().enumerate() {
        if place > 0 {
            out.add(", ", at);
        }
        name_into(name, at, out);
    }
    out.add(")", at);
    if let Some((_, query)) = &it.query {
        out.add(" ", at);
        return write(query, Style::Qualified, at, out);
    }
    out.add(" VALUES ", at);
    for (place, row) in it.rows.iter().enumerate() {
        out.add(if place > 0 { ", (" } else { "(" }, at);
        for (place, name) in names.iter().enumerate() {
            if place > 0 {
                out.add(", ", at);
            }
            match row.iter().find(|it| it.0 == **name) {
                Some((_, value)) => operand(value, 0, None, Style::Qualified, at, out)?,
                None => out.add("NULL", at),
            }
        }
        out.add(")", at);
    }
    Ok(())
}
