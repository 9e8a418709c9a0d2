//! Where rows of partitioned tables go: sample rows for each bound, put through the server's own routing.
//!
//! They go into a twin of the table, a temporary table whose columns are the key and whose bounds are the same, so that no trigger
//! fires, no constraint stands in the way, and an expression is a value like any other. Nothing of it stays.

use postgres::{Client, SimpleQueryMessage};

use crate::Error;
use crate::look::text;
use crate::scratch::Scratch;

/// What is predicted of a partition: its table, its own name, both with schema, and its bound as the server prints it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Partition {
    /// The partitioned table.
    pub table: String,
    /// The partition.
    pub name: String,
    /// As `FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')`.
    pub bound: String,
}

/// A row that was tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routed {
    /// The partitioned table.
    pub table: String,
    /// The values of its key.
    pub values: String,
    /// The partition that is predicted to take it.
    pub expected: Expected,
    /// The partition that takes it; none if the server refuses it.
    pub seen: Option<String>,
    /// What the server says, if it refuses.
    pub refused: Option<String>,
}

/// Where a row is predicted to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// Into this partition.
    Into(String),
    /// Anywhere but into this partition: its upper bound is not its own.
    NotInto(String),
}

impl Routed {
    /// Whether the row goes where it is predicted to go.
    pub fn is_right(&self) -> bool {
        match &self.expected {
            Expected::Into(name) => self.seen.as_ref() == Some(name),
            Expected::NotInto(name) => self.seen.as_ref() != Some(name),
        }
    }
}

/// What came of the tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Routing {
    /// Each row that was tried.
    pub rows: Vec<Routed>,
    /// Tables for which none could be made, and why.
    pub untried: Vec<(String, String)>,
}

/// How many rows are made for the partitions of a hash.
const HASHED: u32 = 500;

/// Tries sample rows for each bound.
///
/// # Errors
/// `Server` if the session breaks.
pub fn route(scratch: &Scratch, partitions: &[Partition]) -> Result<Routing, Error> {
    let mut client = scratch.connect()?;
    let mut routing = Routing::default();
    let mut tables: Vec<&str> = partitions.iter().map(|it| it.table.as_str()).collect();
    tables.dedup();
    for table in tables {
        client.batch_execute("BEGIN; SET LOCAL search_path = ''")?;
        let of_table: Vec<&Partition> = partitions.iter().filter(|it| it.table == table).collect();
        match twin(&mut client, table) {
            Ok(twin) => try_rows(&mut client, table, &twin, &of_table, &mut routing.rows)?,
            Err(Error::Server(error)) => {
                let reason = error.as_db_error().ok_or(()).map(|it| it.message().to_owned());
                let Ok(reason) = reason else { return Err(Error::Server(error)) };
                routing.untried.push((table.to_owned(), reason));
            }
            Err(Error::Answer(reason)) => routing.untried.push((table.to_owned(), reason)),
            Err(other) => return Err(other),
        }
        client.batch_execute("ROLLBACK")?;
    }
    Ok(routing)
}

/// A table whose columns are the key: `key_1`, `key_2`, …, with the same partitions.
struct Twin {
    /// Its columns.
    columns: String,
    /// An expression over the row number `g` for each of them.
    made: Vec<String>,
    /// The partitions that stand behind the twin's own, in order.
    children: Vec<String>,
}

fn twin(client: &mut Client, table: &str) -> Result<Twin, Error> {
    let literal = table.replace('\'', "''");
    let key = key(client, table, &literal)?;
    let values: Vec<String> =
        key.iter().enumerate().map(|(at, it)| format!("{} AS {}", it.value, column(at))).collect();
    client.batch_execute(&format!(
        "CREATE TEMP TABLE lockkeeper_key AS SELECT {} FROM {table} WITH NO DATA",
        values.join(", ")
    ))?;
    let elements: Vec<String> =
        key.iter().enumerate().map(|(at, it)| format!("{}{}", column(at), it.operators)).collect();
    let strategy = key.first().map_or("", |it| it.strategy);
    client.batch_execute(&format!(
        "CREATE TEMP TABLE lockkeeper_twin (LIKE pg_temp.lockkeeper_key) PARTITION BY {strategy} ({})",
        elements.join(", ")
    ))?;
    let types = rows(
        client,
        "SELECT pg_catalog.format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute
          WHERE attrelid = 'pg_temp.lockkeeper_twin'::pg_catalog.regclass AND attnum > 0 ORDER BY attnum",
    )?;
    let mut children = Vec::new();
    for child in rows(
        client,
        &format!(
            "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), pg_catalog.pg_get_expr(c.relpartbound, c.oid)
               FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
               JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
              WHERE i.inhparent = '{literal}'::pg_catalog.regclass AND c.relispartition ORDER BY 1"
        ),
    )? {
        let [Some(name), Some(bound)] = &child[..] else { continue };
        let number = children.len();
        client.batch_execute(&format!(
            "CREATE TEMP TABLE lockkeeper_twin_{number} PARTITION OF pg_temp.lockkeeper_twin {bound}"
        ))?;
        children.push(name.clone());
    }
    let columns: Vec<String> = (0..key.len()).map(column).collect();
    let made = types.iter().filter_map(|it| it.first()?.as_deref()).map(made).collect();
    Ok(Twin { columns: columns.join(", "), made, children })
}

/// A column of the twin.
fn column(at: usize) -> String {
    format!("key_{}", at + 1)
}

/// What stands at one place of a partition key.
struct Element {
    /// A column of the table, or an expression.
    value: String,
    /// ` COLLATE …` and the operator class.
    operators: String,
    /// `RANGE`, `LIST`, `HASH`.
    strategy: &'static str,
}

fn key(client: &mut Client, table: &str, literal: &str) -> Result<Vec<Element>, Error> {
    let found = rows(
        client,
        &format!(
            "SELECT p.partstrat, pg_catalog.quote_ident(a.attname), pg_catalog.pg_get_expr(p.partexprs, p.partrelid),
                    pg_catalog.quote_ident(cn.nspname) || '.' || pg_catalog.quote_ident(c.collname),
                    pg_catalog.format('%I.%I', o.nspname, oc.opcname)
               FROM pg_catalog.pg_partitioned_table p
               CROSS JOIN LATERAL ROWS FROM (
                    pg_catalog.unnest(p.partattrs::pg_catalog.int2[]), pg_catalog.unnest(p.partclass::pg_catalog.oid[]),
                    pg_catalog.unnest(p.partcollation::pg_catalog.oid[])) WITH ORDINALITY k (num, class, coll, at)
               JOIN pg_catalog.pg_opclass oc ON oc.oid = k.class JOIN pg_catalog.pg_namespace o ON o.oid = oc.opcnamespace
               LEFT JOIN pg_catalog.pg_collation c ON c.oid = k.coll
               LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = c.collnamespace
               LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = p.partrelid AND a.attnum = k.num AND k.num > 0
              WHERE p.partrelid = '{literal}'::pg_catalog.regclass ORDER BY k.at"
        ),
    )?;
    let mut expressions = Vec::new().into_iter();
    let mut key = Vec::new();
    for (at, row) in found.iter().enumerate() {
        let [Some(strategy), name, written, collation, Some(class)] = &row[..] else { continue };
        if at == 0 {
            expressions = written.as_deref().map(list).unwrap_or_default().into_iter();
        }
        let Some(value) = name.clone().or_else(|| expressions.next()) else { continue };
        let strategy = match strategy.as_str() {
            "r" => "RANGE",
            "l" => "LIST",
            _ => "HASH",
        };
        let collation = collation.as_ref().map(|it| format!(" COLLATE {it}"));
        key.push(Element { value, operators: format!("{} {class}", collation.unwrap_or_default()), strategy });
    }
    match key.is_empty() {
        true => Err(Error::Answer(format!("{table} is no partitioned table on the server"))),
        false => Ok(key),
    }
}

/// Values of a type for the row number `g`: what can be written as a number, a digest or a date.
fn made(written: &str) -> String {
    let text = match written.split('(').next().unwrap_or_default().trim() {
        "uuid" => "pg_catalog.md5(g::pg_catalog.text)",
        "date" | "timestamp without time zone" | "timestamp with time zone" => {
            "('2026-01-01'::pg_catalog.date + g)::pg_catalog.text"
        }
        "boolean" => "(g % 2)::pg_catalog.text",
        _ => "g::pg_catalog.text",
    };
    format!("{text}::{written}")
}

fn try_rows(
    client: &mut Client,
    table: &str,
    twin: &Twin,
    partitions: &[&Partition],
    routed: &mut Vec<Routed>,
) -> Result<(), Error> {
    let mut tried = |client: &mut Client, rows: &str, values: String, expected: Expected| -> Result<(), Error> {
        let (seen, refused) = insert(client, twin, rows)?;
        routed.push(Routed { table: table.to_owned(), values, expected, seen: seen.into_iter().next(), refused });
        Ok(())
    };
    for partition in partitions {
        for (values, expected) in samples(partition) {
            tried(client, &format!("VALUES ({values})"), values, expected)?;
        }
    }
    let hashed: Vec<&&Partition> = partitions.iter().filter(|it| it.bound.starts_with("FOR VALUES WITH (")).collect();
    if !hashed.is_empty() {
        let made = twin.made.join(", ");
        let (seen, refused) =
            insert(client, twin, &format!("SELECT {made} FROM pg_catalog.generate_series(1, {HASHED}) g"))?;
        for partition in hashed {
            routed.push(Routed {
                table: table.to_owned(),
                values: format!("{HASHED} rows"),
                expected: Expected::Into(partition.name.clone()),
                seen: seen.iter().find(|it| **it == partition.name).cloned(),
                refused: refused.clone(),
            });
        }
    }
    Ok(())
}

/// Inserts rows into the twin and takes them back: the partitions that they went to, or the refusal.
fn insert(client: &mut Client, twin: &Twin, source: &str) -> Result<(Vec<String>, Option<String>), Error> {
    client.batch_execute("SAVEPOINT lockkeeper_row")?;
    let inserted = client.simple_query(&format!(
        "WITH made AS (INSERT INTO pg_temp.lockkeeper_twin ({}) {source} RETURNING tableoid::pg_catalog.regclass::pg_catalog.text AS twin)
         SELECT DISTINCT twin FROM made ORDER BY 1",
        twin.columns
    ));
    let answer = match inserted {
        Ok(messages) => {
            let mut seen = Vec::new();
            for message in messages {
                let SimpleQueryMessage::Row(row) = message else { continue };
                let number = text(&row, 0)?.rsplit('_').next().and_then(|it| it.parse::<usize>().ok());
                seen.extend(number.and_then(|it| twin.children.get(it)).cloned());
            }
            (seen, None)
        }
        Err(error) => match error.as_db_error() {
            Some(refused) => (Vec::new(), Some(refused.message().replace("lockkeeper_twin", "the table"))),
            None => return Err(Error::Server(error)),
        },
    };
    client.batch_execute("ROLLBACK TO SAVEPOINT lockkeeper_row")?;
    Ok(answer)
}

/// The rows to try for a bound: the lower end and each listed value belong to the partition, the upper end does not.
fn samples(partition: &Partition) -> Vec<(String, Expected)> {
    let into = || Expected::Into(partition.name.clone());
    let ends = |text: &str| -> Option<String> {
        let values = list(text);
        let open = values.iter().any(|it| matches!(it.as_str(), "MINVALUE" | "MAXVALUE"));
        (!open).then(|| values.join(", "))
    };
    if let Some(values) = partition.bound.strip_prefix("FOR VALUES IN (").and_then(|it| it.strip_suffix(')')) {
        return list(values).into_iter().map(|it| (it, into())).collect();
    }
    let range = partition.bound.strip_prefix("FOR VALUES FROM (").and_then(|it| it.strip_suffix(')'));
    let Some((from, to)) = range.and_then(|it| it.split_once(") TO (")) else { return Vec::new() };
    let lower = ends(from).map(|it| (it, into()));
    let upper = ends(to).map(|it| (it, Expected::NotInto(partition.name.clone())));
    lower.into_iter().chain(upper).collect()
}

/// The parts of `'a, b', f(1, 2), NULL`.
fn list(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut quote = None;
    let mut depth = 0;
    for it in text.chars() {
        match (quote, it) {
            (None, '\'' | '"') => quote = Some(it),
            (Some(open), _) if open == it => quote = None,
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            _ => {}
        }
        match parts.last_mut() {
            Some(last) if quote.is_some() || depth > 0 || it != ',' => last.push(it),
            _ => parts.push(String::new()),
        }
    }
    parts.into_iter().map(|it| it.trim().to_owned()).collect()
}

fn rows(client: &mut Client, sql: &str) -> Result<Vec<Vec<Option<String>>>, Error> {
    let mut all = Vec::new();
    for message in client.simple_query(sql)? {
        if let SimpleQueryMessage::Row(row) = message {
            all.push((0..row.len()).map(|at| row.get(at).map(str::to_owned)).collect());
        }
    }
    Ok(all)
}

/// Whether the server finds a unique index for `ON CONFLICT` on a table, as the schema is now; its words if it does not. None if
/// something else stands in the way.
///
/// # Errors
/// `Server` if the session breaks.
pub fn accepts_conflict(client: &mut Client, table: &str, clause: &str) -> Result<Option<Result<(), String>>, Error> {
    let explained = client.batch_execute(&format!("EXPLAIN INSERT INTO {table} DEFAULT VALUES {clause} DO NOTHING"));
    match explained {
        Ok(()) => Ok(Some(Ok(()))),
        Err(error) => match error.as_db_error() {
            // invalid_column_reference: no unique index answers; undefined_object: there is no constraint of that name.
            Some(refused) if matches!(refused.code().code(), "42P10" | "42704") => {
                Ok(Some(Err(refused.message().to_owned())))
            }
            Some(_) => Ok(None),
            None => Err(Error::Server(error)),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(bound: &str) -> Vec<String> {
        let partition =
            Partition { table: "public.t".to_owned(), name: "public.p".to_owned(), bound: bound.to_owned() };
        let shown = |(values, expected): (String, Expected)| match expected {
            Expected::Into(_) => values,
            Expected::NotInto(_) => format!("not {values}"),
        };
        samples(&partition).into_iter().map(shown).collect()
    }

    #[test]
    fn each_end_and_each_value_is_tried() {
        assert_eq!(of("FOR VALUES FROM ('2026-01-01', 1) TO ('2027-01-01', MINVALUE)"), ["'2026-01-01', 1"]);
        assert_eq!(of("FOR VALUES FROM (1) TO (5)"), ["1", "not 5"]);
        assert_eq!(of("FOR VALUES IN ('a, ''b', NULL, 3)"), ["'a, ''b'", "NULL", "3"]);
        assert_eq!(of("DEFAULT"), [""; 0]);
    }

    #[test]
    fn a_list_is_cut_at_its_own_commas() {
        assert_eq!(
            list(r#"lower("a,(b"), (x + f(1, 2)), c['k', 1], 'it''s, so'"#),
            [r#"lower("a,(b")"#, "(x + f(1, 2))", "c['k', 1]", "'it''s, so'"]
        );
    }
}
