//! The schema at the end of a history: what `lockkeeper schema` says beside what the server's catalogs say.

use crate::ground::Ground;
use lockkeeper_model::schema::{SchemaObjects, Table};
use lockkeeper_syntax::ast::quoted;
use lockkeeper_verify::Error;
use std::collections::BTreeSet;

/// What only the server has (`-`), and what only the model has (`+`).
pub(crate) fn difference(ground: &Ground) -> Result<Vec<String>, Error> {
    let lines = ground.schema()?;
    let theirs = seen(&lines);
    let ours: BTreeSet<String> = ground.predicted_schema().iter().flat_map(predicted).collect();
    let missing = theirs.difference(&ours).map(|it| format!("- {it}"));
    let invented = ours.difference(&theirs).map(|it| format!("+ {it}"));
    Ok(missing.chain(invented).collect())
}

/// The lines of the server's schema that the model has too. The session of the model looks into `public`, that of the
/// server nowhere, so that `public` is left out.
fn seen(lines: &[String]) -> BTreeSet<String> {
    const WHOLE: &[&str] = &["CONSTRAINT ", "INDEX OF "];
    const NAMES: &[&str] = &["TABLE ", "PARTITIONED TABLE ", "VIEW ", "MATERIALIZED VIEW ", "SEQUENCE "];
    let tables: BTreeSet<&str> = lines.iter().filter_map(|it| table(it)).collect();
    let begins = |line: &str, words: &[&str]| words.iter().any(|it| line.starts_with(it));
    let identities: BTreeSet<String> = lines.iter().filter_map(|it| identity_sequence(it, lines)).collect();
    let kept = lines.iter().filter_map(|line| {
        let of_table =
            line.strip_prefix("COLUMN ").and_then(|it| it.split(' ').next()).is_some_and(|it| tables.contains(it));
        // `lockkeeper schema` tells of no triggers.
        let of_trigger = line.starts_with("CONSTRAINT ") && line.contains(" TRIGGER");
        if (of_table || begins(line, WHOLE)) && !of_trigger {
            return Some(line.clone());
        }
        let head = NAMES.iter().find(|it| line.starts_with(**it))?;
        let name = line[head.len()..].split(' ').next()?;
        let counts = *head != "SEQUENCE " || !(line.starts_with("SEQUENCE OPTIONS") || identities.contains(name));
        counts.then(|| format!("{head}{name}"))
    });
    kept.map(|it| told(&it).replace("public.", "")).collect()
}

/// A line without what `lockkeeper schema` does not tell.
fn told(line: &str) -> String {
    let mut line = line.to_owned();
    if line.starts_with("COLUMN ")
        && let Some(at) = line.find(" COLLATE ").filter(|at| line.find(" DEFAULT ").is_none_or(|it| *at < it))
    {
        let end = line[at + 9..].find(' ').map_or(line.len(), |it| at + 9 + it);
        line.replace_range(at..end, "");
    }
    loop {
        let mut words = line.rsplitn(3, ' ');
        let (last, before) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let cut = match (before, last) {
            (_, "INHERITED" | "INVALID" | "CLUSTERED") => last.len(),
            ("NOT", "LOCAL") | ("NOT", "READY") | ("REPLICA", "IDENTITY") => before.len() + 1 + last.len(),
            ("STORAGE" | "COMPRESSION" | "STATISTICS", _) => before.len() + 1 + last.len(),
            _ => return line,
        };
        line.truncate(line.len() - cut - 1);
    }
}

/// The sequence whose options a line tells, if it is an identity column's: `lockkeeper schema` shows it with the column.
fn identity_sequence(line: &str, lines: &[String]) -> Option<String> {
    let (name, rest) = line.strip_prefix("SEQUENCE OPTIONS ")?.split_once(' ')?;
    let (column, table) = rest.split_once(" OWNED BY column ")?.1.split_once(" of table ")?;
    let head = format!("COLUMN {table} ");
    let is_it = |it: &&String| it.starts_with(&head) && it[head.len()..].split(' ').nth(1) == Some(column);
    let own = lines.iter().find(is_it)?;
    own.contains(" IDENTITY ").then(|| name.to_owned())
}

/// The table that a line of the server's schema declares.
fn table(line: &str) -> Option<&str> {
    let heads = ["TABLE ", "PARTITIONED TABLE ", "FOREIGN TABLE "];
    heads.iter().find_map(|it| line.strip_prefix(it)).and_then(|it| it.split(' ').next())
}

/// The lines that the server would print of what the model knows.
fn predicted(objects: &SchemaObjects) -> Vec<String> {
    let name = |it: &str| format!("{}.{}", quoted(&objects.name), quoted(it));
    let mut lines: Vec<String> = Vec::new();
    for it in &objects.tables {
        if it.kind != "foreign table" {
            lines.push(format!("{} {}", it.kind.to_uppercase(), name(&it.name)));
        }
        lines.extend(table_lines(&objects.name, it));
    }
    for it in &objects.views {
        lines.push(format!("{} {}", if it.materialized { "MATERIALIZED VIEW" } else { "VIEW" }, name(&it.name)));
        lines.extend(it.indexes.iter().map(|index| format!("INDEX OF {} {}", name(&it.name), index.definition)));
    }
    lines.extend(objects.sequences.iter().map(|it| format!("SEQUENCE {}", name(&it.name))));
    lines.into_iter().map(|it| it.replace("public.", "")).collect()
}

/// A table's columns, constraints and indexes.
pub(crate) fn table_lines(schema: &str, table: &Table) -> Vec<String> {
    let name = format!("{}.{}", quoted(schema), quoted(&table.name));
    let mut lines = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        let mut words = vec![format!("COLUMN {name} {:04} {} {}", at + 1, quoted(&column.name), column.data_type)];
        words.extend((!column.nullable).then(|| "NOT NULL".to_owned()));
        words.extend(column.default.as_ref().map(|it| format!("DEFAULT {it}")));
        words.extend(column.generated.as_ref().map(|(expression, kind)| format!("GENERATED {kind} {expression}")));
        words.extend(column.identity.map(|it| format!("IDENTITY {}", if it == "ALWAYS" { "a" } else { "d" })));
        lines.push(words.join(" "));
    }
    for it in &table.constraints {
        lines.push(format!("CONSTRAINT {name} {} {}", quoted(&it.name), it.definition));
    }
    for it in &table.indexes {
        lines.push(format!("INDEX OF {name} {}", it.definition));
    }
    lines
}
