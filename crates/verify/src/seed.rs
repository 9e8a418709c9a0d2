//! Rows for the tables of a scratch database, so that scans, rewrites and refusals are real: consistent with types, keys, foreign
//! keys, enums, domains and partitions. A check that the made-up values do not meet leaves its table empty, and that is said.

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

/// A table with room for rows.
#[derive(Debug)]
struct Target {
    name: String,
    columns: Vec<(String, String)>,
    keys: Vec<Key>,
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
            match client.execute(&insert(&target, rows), &[]) {
                Ok(0) => refused.push((target, "the tables that it refers to are empty".to_owned())),
                Ok(_) => {}
                Err(error) => match error.as_db_error() {
                    Some(reason) => refused.push((target, reason.message().to_owned())),
                    None => return Err(Error::Server(error)),
                },
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

/// Values of a foreign key come from the rows of the other table, one after the other.
fn insert(target: &Target, rows: u32) -> String {
    let mut from = format!("generate_series(1, {rows}) g");
    let mut values: Vec<(String, String)> = target.columns.clone();
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
        return format!("INSERT INTO {} SELECT FROM {from}", target.name);
    }
    let (columns, values): (Vec<String>, Vec<String>) = values.into_iter().unzip();
    format!(
        "INSERT INTO {} ({}) SELECT {} FROM {from} ON CONFLICT DO NOTHING",
        target.name,
        columns.join(", "),
        values.join(", ")
    )
}

/// The tables without rows, each with what makes its values.
fn targets(client: &mut Client) -> Result<Vec<Target>, Error> {
    let mut targets: Vec<Target> = Vec::new();
    for name in first_column(client, EMPTY)? {
        let empty = first_column(client, &format!("SELECT 'empty' WHERE NOT EXISTS (SELECT FROM {name})"))?;
        if !empty.is_empty() {
            targets.push(Target { name, columns: Vec::new(), keys: Vec::new() });
        }
    }
    for message in client.simple_query(COLUMNS)? {
        let SimpleQueryMessage::Row(row) = message else { continue };
        let table = text(&row, 0)?;
        let Some(target) = targets.iter_mut().find(|it| it.name == table) else { continue };
        // Of a partition the first column of the key takes a value that lies within the bound.
        let value = row.get(3).and_then(first_of_bound).or_else(|| row.get(2).map(str::to_owned));
        if let Some(value) = value {
            target.columns.push((text(&row, 1)?.to_owned(), value));
        }
    }
    for message in client.simple_query(KEYS)? {
        let SimpleQueryMessage::Row(row) = message else { continue };
        let table = text(&row, 0)?;
        let Some(target) = targets.iter_mut().find(|it| it.name == table) else { continue };
        let list =
            |at| -> Result<Vec<String>, Error> { Ok(text(&row, at)?.split('\u{1f}').map(str::to_owned).collect()) };
        target.keys.push(Key { columns: list(1)?, table: text(&row, 2)?.to_owned(), referenced: list(3)? });
    }
    Ok(targets)
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
