//! `CREATE TABLE` and `CREATE TYPE`.

use super::constraint::names_into;
use super::name::Conventions;
use super::{column_into, constraint_into, name_into, named_into, qualified_into, sorted, table_into};
use crate::alembic::schema::{
    Affinity, Auto, Column, Constraint, ConstraintKind, Element, Enumeration, Index, Name, Table, TypeKind,
};
use crate::alembic::sql::{Sql, quoted};
use crate::alembic::text::Text;
use crate::alembic::value::Value;
use lockkeeper_syntax::Span;
use std::rc::Rc;

/// What the columns of a table bring along besides themselves.
#[derive(Debug, Default)]
pub(crate) struct Attached<'a> {
    /// Of the columns and of the table, in order.
    pub(crate) constraints: Vec<Rc<Constraint<'a>>>,
    /// `index=True`, and the indexes of spatial columns.
    pub(crate) indexes: Vec<Rc<Index<'a>>>,
    /// The columns of the primary key.
    pub(crate) key: Vec<Text>,
    /// The column that the server counts up.
    pub(crate) counted: Option<Text>,
}

impl<'a> Attached<'a> {
    /// Attaches the columns to their table. `order` counts the constraints that were made so far.
    pub(crate) fn of(table: &Table<'a>, order: &mut u32) -> Self {
        let mut all = table.constraints.clone();
        let mut indexes = Vec::new();
        for column in &table.columns {
            let column = column.borrow();
            of_column(&column, &mut all, &mut indexes, table, order);
        }
        let flagged: Vec<Text> =
            table.columns.iter().filter(|it| it.borrow().primary_key).map(|it| it.borrow().name.clone()).collect();
        let explicit = all.iter().position(|it| matches!(it.kind, ConstraintKind::PrimaryKey { .. }));
        let mut key = flagged.clone();
        match explicit {
            Some(at) => {
                if let ConstraintKind::PrimaryKey { columns, include } = &all[at].kind {
                    if columns.is_empty() {
                        let kind = ConstraintKind::PrimaryKey { columns: flagged, include: include.clone() };
                        all[at] = Rc::new(Constraint { kind, ..(*all[at]).clone() });
                    } else {
                        key = columns.clone();
                    }
                }
            }
            None if !flagged.is_empty() => {
                let kind = ConstraintKind::PrimaryKey { columns: flagged, include: Vec::new() };
                let first = table.columns.iter().find(|it| it.borrow().primary_key);
                let span = first.map_or(table.span, |it| it.borrow().span);
                all.push(Rc::new(bare(Name::None, kind, 0, span)));
            }
            None => {}
        }
        all.retain(|it| match &it.kind {
            ConstraintKind::PrimaryKey { columns, .. } | ConstraintKind::Unique { columns, .. } => !columns.is_empty(),
            _ => true,
        });
        let counted = counted(table, &key);
        Attached { constraints: sorted(all), indexes, key, counted }
    }
}

fn bare<'a>(name: Name, kind: ConstraintKind<'a>, order: u32, span: Span) -> Constraint<'a> {
    Constraint { name, kind, deferrable: None, initially: None, not_valid: false, order, span }
}

fn of_column<'a>(
    column: &Column<'a>,
    all: &mut Vec<Rc<Constraint<'a>>>,
    indexes: &mut Vec<Rc<Index<'a>>>,
    table: &Table<'a>,
    order: &mut u32,
) {
    let mut add = |constraint: Constraint<'a>| {
        *order += 1;
        all.push(Rc::new(Constraint { order: *order, ..constraint }));
    };
    let columns = || vec![column.name.clone()];
    if column.index {
        let elements = vec![Element::Column(column.name.clone())];
        let index = Index { name: Name::None, elements, unique: column.unique, options: Vec::new(), span: column.span };
        indexes.push(Rc::new(index));
    } else if column.unique {
        let kind = ConstraintKind::Unique { columns: columns(), include: Vec::new(), nulls_not_distinct: None };
        add(bare(Name::None, kind, 0, column.span));
    }
    if let Some(kind) = &column.kind {
        let kind = kind.borrow();
        match &kind.kind {
            TypeKind::Enum(it) if !it.borrow().native && it.borrow().create_constraint => {
                let it = it.borrow();
                let name = it.name.clone().map_or(Name::None, Name::Plain);
                let labels = it.labels.iter().flatten();
                let labels = labels.map(|it| Rc::new(Sql::Value(Value::Str(it.clone()), column.span))).collect();
                let condition = Sql::binary(
                    Rc::new(Sql::Column { table: None, name: column.name.clone() }),
                    "IN",
                    Rc::new(Sql::List(labels)),
                    crate::alembic::sql::strength::COMPARE,
                );
                add(bare(name, ConstraintKind::Check { condition: Rc::new(condition) }, 0, column.span));
            }
            TypeKind::Plain(_, Affinity::Spatial) => {
                // geoalchemy2 names it so, and leaves the schema out.
                let mut name = Text::made("idx_", column.span);
                name.push(&table.name);
                name.add("_", column.span);
                name.push(&column.name);
                let using = ("using".to_owned(), Value::Str(Text::made("gist", column.span)), column.span);
                indexes.push(Rc::new(Index {
                    name: Name::Final(name),
                    elements: vec![Element::Column(column.name.clone())],
                    unique: false,
                    options: vec![using],
                    span: column.span,
                }));
            }
            _ => {}
        }
    }
    for it in &column.foreign_keys {
        let kind = ConstraintKind::ForeignKey {
            columns: columns(),
            table: it.table.clone(),
            schema: it.schema.clone(),
            referred: vec![it.column.clone()],
            rule: Box::new(it.rule.clone()),
        };
        add(Constraint {
            deferrable: it.deferrable,
            initially: it.initially.clone(),
            not_valid: it.not_valid,
            ..bare(it.name.clone(), kind, 0, it.span)
        });
    }
}

/// `PrimaryKeyConstraint._autoincrement_column`.
fn counted(table: &Table<'_>, key: &[Text]) -> Option<Text> {
    let columns: Vec<_> =
        table.columns.iter().filter(|it| key.contains(&it.borrow().name)).map(|it| it.borrow()).collect();
    let always = || columns.iter().find(|it| it.autoincrement == Auto::Always).map(|it| it.name.clone());
    let [column] = columns.as_slice() else { return always() };
    let referring = table
        .constraints
        .iter()
        .any(|it| matches!(&it.kind, ConstraintKind::ForeignKey { columns, .. } if columns.contains(&column.name)));
    let number = match column.kind.as_ref()?.borrow().affinity() {
        Affinity::SmallInteger | Affinity::Integer | Affinity::BigInteger | Affinity::Numeric => true,
        Affinity::Boolean | Affinity::Spatial | Affinity::Other => false,
    };
    let counts = match column.autoincrement {
        Auto::Never => false,
        Auto::Always => true,
        Auto::IfKey => {
            let free = column.foreign_keys.is_empty() && !referring;
            number && free && column.server_default.is_none() && !column.client_default
        }
    };
    counts.then(|| column.name.clone())
}

/// Writes the statement that creates a table. Its enumerated types, indexes and comments are statements of their own.
pub(crate) fn create_table(
    table: &Table<'_>,
    attached: &Attached<'_>,
    if_not_exists: bool,
    conventions: &Conventions,
) -> Result<Text, String> {
    let at = table.span;
    let mut out = Text::made("CREATE ", at);
    for prefix in &table.prefixes {
        out.push(prefix);
        out.add(" ", at);
    }
    out.add("TABLE ", at);
    if if_not_exists {
        out.add("IF NOT EXISTS ", at);
    }
    table_into(table, at, &mut out);
    out.add(" (", at);
    let mut lines = 0;
    let mut line = |out: &mut Text| {
        out.add(if lines == 0 { "\n    " } else { ", \n    " }, at);
        lines += 1;
    };
    for column in &table.columns {
        let column = column.borrow();
        line(&mut out);
        let is = |name: &Text| *name == column.name;
        column_into(&column, attached.key.iter().any(is), attached.counted.as_ref().is_some_and(is), &mut out)?;
    }
    for constraint in &attached.constraints {
        if matches!(&constraint.kind, ConstraintKind::ForeignKey { rule, .. } if rule.use_alter) {
            continue;
        }
        line(&mut out);
        constraint_into(constraint, named_into(constraint, &table.name, conventions).as_ref(), &mut out)?;
    }
    out.add("\n)", at);
    options_into(table, &mut out)?;
    Ok(out)
}

/// What follows the parenthesis (`PGDDLCompiler.post_create_table`).
fn options_into(table: &Table<'_>, out: &mut Text) -> Result<(), String> {
    let option = |name: &str| table.options.iter().find(|it| it.0 == name && it.1.truth() != Some(false));
    if let Some((_, value, span)) = option("inherits") {
        let names = match value {
            Value::Str(name) => vec![name.clone()],
            other => other.items().unwrap_or_default().iter().filter_map(Value::text).collect(),
        };
        out.add("\n INHERITS ( ", *span);
        names_into(&names, *span, out);
        out.add(" )", *span);
    }
    for (name, words) in [("partition_by", "\n PARTITION BY "), ("using", "\n USING ")] {
        if let Some((_, value, span)) = option(name) {
            out.add(words, *span);
            out.push(&value.text().ok_or_else(|| format!("postgresql_{name} is not known"))?);
        }
    }
    if let Some((_, Value::Dict(entries), span)) = option("with") {
        out.add("\n WITH (", *span);
        for (place, (key, value)) in entries.borrow().iter().enumerate() {
            let key = key.text().ok_or("a storage parameter's name is not known")?;
            out.add(if place > 0 { ", " } else { "" }, *span);
            out.push(&key);
            out.add(" = ", *span);
            match value {
                Value::Int(it) => out.add(&it.to_string(), *span),
                Value::Float(it) => out.add(&it.to_string(), *span),
                Value::Bool(it) => out.add(&it.to_string(), *span),
                other => out.push(&other.text().ok_or("a storage parameter's value is not known")?),
            }
        }
        out.add(")", *span);
    }
    if let Some((_, value, span)) = option("on_commit") {
        let text = value.text().ok_or("postgresql_on_commit is not known")?;
        out.add("\n ON COMMIT ", *span);
        out.push(&text.map(|it| it.replace('_', " ").to_uppercase()));
    }
    if let Some((_, value, span)) = option("tablespace") {
        out.add("\n TABLESPACE ", *span);
        name_into(&value.text().ok_or("postgresql_tablespace is not known")?, *span, out);
    }
    Ok(())
}

/// Writes the statement that creates an enumerated type. `Err` if it has no name, or labels that are not known.
pub(crate) fn create_type(it: &Enumeration, at: Span) -> Result<Text, String> {
    let name = it.name.as_ref().ok_or("PostgreSQL's ENUM type needs a name")?;
    let labels = it.labels.as_ref().ok_or_else(|| format!("the labels of `{}` are not known", name.as_str()))?;
    let mut out = Text::made("CREATE TYPE ", at);
    qualified_into(it.schema.as_ref(), name, at, &mut out);
    out.add(" AS ENUM (", at);
    for (place, label) in labels.iter().enumerate() {
        out.add(if place > 0 { ", " } else { "" }, at);
        quoted(label, at, &mut out);
    }
    out.add(")", at);
    Ok(out)
}
