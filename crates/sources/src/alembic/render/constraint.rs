//! Constraints, their names and their order.

use super::name::{Conventions, truncated};
use super::{name_into, qualified_into};
use crate::alembic::schema::{Constraint, ConstraintKind, ForeignKeyRule, Name};
use crate::alembic::sql::{Style, write};
use crate::alembic::text::Text;
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::Span;
use std::rc::Rc;

/// Writes a constraint as it stands in `CREATE TABLE` and after `ADD`, under `name`.
pub(crate) fn constraint_into(it: &Constraint<'_>, name: Option<&Text>, out: &mut Text) -> Result<(), String> {
    let at = it.span;
    if let Some(name) = name {
        out.add("CONSTRAINT ", at);
        name_into(name, at, out);
        out.add(" ", at);
    }
    match &it.kind {
        ConstraintKind::PrimaryKey { columns, include } => {
            out.add("PRIMARY KEY (", at);
            names_into(columns, at, out);
            out.add(")", at);
            include_into(include, at, out);
        }
        ConstraintKind::Unique { columns, include, nulls_not_distinct } => {
            out.add("UNIQUE ", at);
            match nulls_not_distinct {
                Some(true) => out.add("NULLS NOT DISTINCT ", at),
                Some(false) => out.add("NULLS DISTINCT ", at),
                None => {}
            }
            out.add("(", at);
            names_into(columns, at, out);
            out.add(")", at);
            include_into(include, at, out);
        }
        ConstraintKind::Check { condition } => {
            out.add("CHECK (", at);
            write(condition, Style::Bare, at, out)?;
            out.add(")", at);
        }
        ConstraintKind::ForeignKey { columns, table, schema, referred, rule } => {
            out.add("FOREIGN KEY(", at);
            names_into(columns, at, out);
            out.add(") REFERENCES ", at);
            qualified_into(schema.as_ref(), table, at, out);
            out.add(" (", at);
            names_into(referred, at, out);
            out.add(")", at);
            rule_into(rule, at, out);
        }
        ConstraintKind::Exclude { elements, method, condition } => {
            out.add("EXCLUDE USING ", at);
            out.push(&method.map(str::to_lowercase));
            out.add(" (", at);
            for (place, (element, operator)) in elements.iter().enumerate() {
                if place > 0 {
                    out.add(", ", at);
                }
                write(element, Style::Bare, at, out)?;
                out.add(" WITH ", at);
                out.push(operator);
            }
            out.add(")", at);
            if let Some(condition) = condition {
                out.add(" WHERE (", at);
                write(condition, Style::Qualified, at, out)?;
                out.add(")", at);
            }
        }
    }
    match it.deferrable {
        Some(true) => out.add(" DEFERRABLE", at),
        Some(false) => out.add(" NOT DEFERRABLE", at),
        None => {}
    }
    if let Some(initially) = &it.initially {
        out.add(" INITIALLY ", at);
        out.push(initially);
    }
    if it.not_valid {
        out.add(" NOT VALID", at);
    }
    Ok(())
}

fn rule_into(rule: &ForeignKeyRule, at: Span, out: &mut Text) {
    let clauses = [(" MATCH ", &rule.matches), (" ON DELETE ", &rule.on_delete), (" ON UPDATE ", &rule.on_update)];
    for (words, text) in clauses {
        if let Some(text) = text {
            out.add(words, at);
            out.push(text);
        }
    }
}

fn include_into(include: &[Text], at: Span, out: &mut Text) {
    if !include.is_empty() {
        out.add(" INCLUDE (", at);
        names_into(include, at, out);
        out.add(")", at);
    }
}

/// Names, separated by commas.
pub(crate) fn names_into(names: &[Text], at: Span, out: &mut Text) {
    for (place, name) in names.iter().enumerate() {
        if place > 0 {
            out.add(", ", at);
        }
        name_into(name, at, out);
    }
}

/// Constraints in the order in which `CREATE TABLE` lists them: the primary key first, then as they were made.
pub(crate) fn sorted<'a>(mut all: Vec<Rc<Constraint<'a>>>) -> Vec<Rc<Constraint<'a>>> {
    all.arrange_by_key(|it| (!matches!(it.kind, ConstraintKind::PrimaryKey { .. }), it.order));
    all
}

/// The name that a constraint of `table` gets: its own, or that of the naming convention.
pub(crate) fn named_into(it: &Constraint<'_>, table: &Text, conventions: &Conventions) -> Option<Text> {
    let (key, columns, referred): (&str, &[Text], Option<&Text>) = match &it.kind {
        ConstraintKind::PrimaryKey { columns, .. } => ("pk", columns, None),
        ConstraintKind::Unique { columns, .. } => ("uq", columns, None),
        ConstraintKind::Check { .. } => ("ck", &[], None),
        ConstraintKind::ForeignKey { columns, table, .. } => ("fk", columns, Some(table)),
        ConstraintKind::Exclude { .. } => ("", &[], None),
    };
    by_convention(&it.name, key, table, columns, referred, it.span, conventions)
}

/// `sqlalchemy.sql.naming._constraint_name_for_table`.
pub(crate) fn by_convention(
    name: &Name,
    key: &str,
    table: &Text,
    columns: &[Text],
    referred: Option<&Text>,
    at: Span,
    conventions: &Conventions,
) -> Option<Text> {
    let own = match name {
        Name::Final(it) => return Some(truncated(it.clone())),
        Name::Plain(it) => Some(it),
        Name::None => None,
    };
    let Some(pattern) = conventions.pattern(key).filter(|it| own.is_none() || it.contains("constraint_name")) else {
        return own.cloned();
    };
    let mut out = Text::default();
    let mut rest = pattern;
    while let Some((before, after)) = rest.split_once("%(") {
        out.add(before, at);
        let (token, after) = after.split_once(")s")?;
        let column = |digits: &str| columns.get(digits.parse::<usize>().ok()?);
        let value = match token {
            "table_name" => table.clone(),
            "constraint_name" => own?.clone(),
            "referred_table_name" => referred?.clone(),
            _ => {
                let place = token.strip_prefix("column_").or_else(|| token.strip_prefix("referred_column_"))?;
                let (place, what) = place.split_once('_')?;
                match (place, what) {
                    ("0", "N_name" | "N_key" | "N_label") | ("0N", "name" | "key") => {
                        let between = if place == "0N" { "" } else { "_" };
                        let mut all = Text::default();
                        for (at_column, column) in columns.iter().enumerate() {
                            if at_column > 0 {
                                all.add(between, at);
                            }
                            all.push(column);
                        }
                        all
                    }
                    (place, "label") => {
                        let mut label = table.clone();
                        label.add("_", at);
                        label.push(column(place)?);
                        label
                    }
                    (place, _) => column(place)?.clone(),
                }
            }
        };
        out.push(&value);
        rest = after;
    }
    out.add(rest, at);
    Some(truncated(out))
}
