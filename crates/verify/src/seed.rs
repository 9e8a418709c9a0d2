//! Rows for the tables of a scratch database, so that scans, rewrites and refusals are real: consistent with types, keys, foreign
//! keys, enums, domains and partitions; of more rows than are wanted those stay that meet the checks. A table whose checks none
//! meets stays empty, and that is said.

use postgres::{Client, SimpleQueryMessage};

use crate::Error;
use crate::look::text;
use crate::scratch::Scratch;

/// Each column that needs a value, and how it is made for the row number `g`.
const COLUMNS: &str = include_str!("seed.sql");

/// Every table of the user that holds rows itself.
const EMPTY: &str = "\
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                    WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY 1";

/// Every foreign key to another table: the table, its columns, the other table, the columns there. One to the table itself is left to
/// the values, which are the row's own number.
const KEYS: &str = "\
SELECT k.conrelid::pg_catalog.regclass,
       (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), pg_catalog.chr(31) ORDER BY p.at)
          FROM pg_catalog.unnest(k.conkey) WITH ORDINALITY p (num, at)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = p.num),
       k.confrelid::pg_catalog.regclass,
       (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), pg_catalog.chr(31) ORDER BY p.at)
          FROM pg_catalog.unnest(k.confkey) WITH ORDINALITY p (num, at)
          JOIN pg_catalog.pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = p.num)
  FROM pg_catalog.pg_constraint k
 WHERE k.contype = 'f' AND k.conrelid <> k.confrelid AND k.conrelid IN (SELECT c.oid FROM pg_catalog.pg_class c WHERE c.relkind = 'r')
   AND NOT EXISTS (SELECT FROM pg_catalog.pg_class t WHERE t.oid = k.confrelid AND t.relispartition)
 ORDER BY k.conrelid, k.conname";

/// Every check: the table, the condition, the columns that it names.
const CHECKS: &str = "\
SELECT k.conrelid::pg_catalog.regclass, pg_catalog.pg_get_expr(k.conbin, k.conrelid),
       (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), pg_catalog.chr(31))
          FROM pg_catalog.pg_attribute a WHERE a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey))
  FROM pg_catalog.pg_constraint k
 WHERE k.contype = 'c' AND k.conrelid <> 0
 ORDER BY k.conrelid, k.conname";

/// So many rows are made for each that is wanted, as checks leave out some.
const TRIES: u32 = 4;

/// A table with room for rows.
#[derive(Debug, Default)]
struct Target {
    name: String,
    columns: Vec<Column>,
    keys: Vec<Key>,
    checks: Vec<Check>,
}

/// A column that needs a value.
#[derive(Debug)]
struct Column {
    name: String,
    value: Value,
}

/// What a column takes.
#[derive(Debug)]
enum Value {
    /// The same in each row.
    Constant(String),
    /// An expression over the row number, which is moved on by the column's own number, so that no two columns are alike.
    Made { expression: String, number: String, nullable: bool },
}

/// Which values a column that can be null takes.
#[derive(Clone, Copy, Debug)]
enum Nullable {
    Filled,
    /// A third of them is null: some checks ask for it.
    Mixed,
}

/// A check of a table.
#[derive(Debug)]
struct Check {
    condition: String,
    columns: Vec<String>,
}

/// A foreign key of a table.
#[derive(Debug)]
struct Key {
    columns: Vec<String>,
    table: String,
    referenced: Vec<String>,
}

/// Puts about `rows` rows into every table that has none, those that others refer to first. Gives the tables that stay empty, with
/// the server's reason.
///
/// # Errors
/// `Server` if the session breaks.
pub fn seed(scratch: &Scratch, rows: u32) -> Result<Vec<(String, String)>, Error> {
    let mut client = scratch.connect()?;
    // With an empty search_path every name has its schema.
    client.batch_execute("SET search_path = ''")?;
    let mut waiting = targets(&mut client)?;
    client.batch_execute("RESET search_path")?;
    let mut empty = Vec::new();
    // As often as something could be filled, what refers to it may be fillable.
    loop {
        let mut refused = Vec::new();
        let before = waiting.len();
        for target in waiting {
            if let Some(reason) = fill(&mut client, &target, rows)? {
                refused.push((target, reason));
            }
        }
        let is_stuck = refused.len() == before;
        if refused.is_empty() || is_stuck {
            empty.extend(refused.into_iter().map(|(target, reason)| (target.name, reason)));
            client.batch_execute("ANALYZE")?;
            return Ok(empty);
        }
        waiting = refused.into_iter().map(|it| it.0).collect();
    }
}

/// Fills a table; gives why it stays empty, if it does.
fn fill(client: &mut Client, target: &Target, rows: u32) -> Result<Option<String>, Error> {
    let mut reason = None;
    for nullable in [Nullable::Filled, Nullable::Mixed] {
        reason = match client.execute(&insert(target, rows, nullable), &[]) {
            Ok(0) if target.keys.is_empty() => Some("none of the rows that are made meets its checks".to_owned()),
            Ok(0) => Some("the tables that it refers to are empty, or none of the rows meets its checks".to_owned()),
            Ok(_) => return Ok(None),
            Err(error) => match error.as_db_error() {
                Some(reason) => Some(reason.message().to_owned()),
                None => return Err(Error::Server(error)),
            },
        };
    }
    Ok(reason)
}

/// Values of a foreign key come from the rows of the other table, one after the other.
fn insert(target: &Target, rows: u32, nullable: Nullable) -> String {
    let mut from = format!("generate_series(1, {}) g", rows.saturating_mul(TRIES));
    let mut values: Vec<(String, String)> =
        target.columns.iter().map(|it| (it.name.clone(), it.value.sql(nullable))).collect();
    for (at, key) in target.keys.iter().enumerate() {
        let referenced = key.referenced.join(", ");
        from += &format!(
            " JOIN (SELECT {referenced}, row_number() OVER () AS n, count(*) OVER () AS of FROM {}) f{at} ON f{at}.n = 1 + g % f{at}.of",
            key.table
        );
        for (column, referenced) in key.columns.iter().zip(&key.referenced) {
            values.retain(|it| it.0 != *column);
            values.push((column.clone(), format!("f{at}.{referenced}")));
        }
    }
    if values.is_empty() {
        return format!("INSERT INTO {} SELECT FROM generate_series(1, {rows})", target.name);
    }
    // What a column's own default fills is not known here.
    let is_made = |column: &String| values.iter().any(|it| it.0 == *column);
    let conditions = target.checks.iter().filter(|it| it.columns.iter().all(is_made));
    let conditions: String = conditions.map(|it| format!(" AND ({}) IS NOT FALSE", it.condition)).collect();
    let columns = values.iter().map(|it| it.0.as_str()).collect::<Vec<_>>().join(", ");
    let made = values.iter().map(|(column, value)| format!("{value} AS {column}")).collect::<Vec<_>>().join(", ");
    format!(
        "INSERT INTO {} ({columns}) SELECT {columns} FROM (SELECT {made} FROM {from}) made WHERE true{conditions} LIMIT {rows} ON CONFLICT DO NOTHING",
        target.name
    )
}

impl Value {
    /// The value for the row number `g`.
    fn sql(&self, wanted: Nullable) -> String {
        match (self, wanted) {
            (Value::Constant(it), _) => it.clone(),
            (Value::Made { expression, number, nullable: true }, Nullable::Mixed) => {
                format!(
                    "CASE WHEN (g + {number}) % 3 <> 0 THEN (SELECT {expression} FROM (SELECT g + {number} AS g) row) END"
                )
            }
            (Value::Made { expression, number, .. }, _) => {
                format!("(SELECT {expression} FROM (SELECT g + {number} AS g) row)")
            }
        }
    }
}

/// The tables without rows, each with what makes its values.
fn targets(client: &mut Client) -> Result<Vec<Target>, Error> {
    let mut targets: Vec<Target> = Vec::new();
    for name in first_column(client, EMPTY)? {
        let empty = first_column(client, &format!("SELECT 'empty' WHERE NOT EXISTS (SELECT FROM {name})"))?;
        if !empty.is_empty() {
            targets.push(Target { name, ..Target::default() });
        }
    }
    for message in client.simple_query(COLUMNS)? {
        let SimpleQueryMessage::Row(row) = message else { continue };
        let table = text(&row, 0)?;
        let Some(target) = targets.iter_mut().find(|it| it.name == table) else { continue };
        // Of a partition the first column of the key takes a value that lies within the bound.
        let (number, nullable) = (text(&row, 4)?.to_owned(), text(&row, 5)? == "t");
        let made = |it: &str| Value::Made { expression: it.to_owned(), number, nullable };
        let data_type = text(&row, 6)?;
        let constant = row.get(3).and_then(first_of_bound).map(|it| Value::Constant(format!("{it}::{data_type}")));
        if let Some(value) = constant.or_else(|| row.get(2).map(made)) {
            target.columns.push(Column { name: text(&row, 1)?.to_owned(), value });
        }
    }
    for message in client.simple_query(KEYS)? {
        let SimpleQueryMessage::Row(row) = message else { continue };
        let table = text(&row, 0)?;
        let Some(target) = targets.iter_mut().find(|it| it.name == table) else { continue };
        let (columns, referenced) = (listed(text(&row, 1)?), listed(text(&row, 3)?));
        target.keys.push(Key { columns, table: text(&row, 2)?.to_owned(), referenced });
    }
    for message in client.simple_query(CHECKS)? {
        let SimpleQueryMessage::Row(row) = message else { continue };
        let table = text(&row, 0)?;
        let Some(target) = targets.iter_mut().find(|it| it.name == table) else { continue };
        let columns = row.get(2).map(listed).unwrap_or_default();
        target.checks.push(Check { condition: text(&row, 1)?.to_owned(), columns });
    }
    Ok(targets)
}

/// Names that the queries list in one text.
fn listed(names: &str) -> Vec<String> {
    names.split('\u{1f}').map(str::to_owned).collect()
}

fn first_column(client: &mut Client, sql: &str) -> Result<Vec<String>, Error> {
    let mut values = Vec::new();
    for message in client.simple_query(sql)? {
        if let SimpleQueryMessage::Row(row) = message {
            values.push(text(&row, 0)?.to_owned());
        }
    }
    Ok(values)
}

/// The first value of `FOR VALUES FROM ('2026-01-01') TO (…)`, which belongs to the range, or of `FOR VALUES IN ('a', 'b')`.
fn first_of_bound(bound: &str) -> Option<String> {
    let list = bound.strip_prefix("FOR VALUES FROM (").or_else(|| bound.strip_prefix("FOR VALUES IN ("))?;
    let mut quoted = false;
    let end = list.find(|it| {
        quoted ^= it == '\'';
        !quoted && matches!(it, ',' | ')')
    })?;
    let value = &list[..end];
    (!matches!(value, "MINVALUE" | "MAXVALUE" | "NULL")).then(|| value.to_owned())
}

#[cfg(test)]
mod tests {
    use super::first_of_bound;

    #[test]
    fn a_value_within_a_bound_is_found() {
        assert_eq!(first_of_bound("FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')").as_deref(), Some("'2026-01-01'"));
        assert_eq!(first_of_bound("FOR VALUES IN ('a,b', 'c')").as_deref(), Some("'a,b'"));
        assert_eq!(first_of_bound("FOR VALUES FROM (MINVALUE) TO (5)"), None);
        assert_eq!(first_of_bound("DEFAULT"), None);
    }
}
