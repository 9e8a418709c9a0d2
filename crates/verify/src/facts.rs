//! What a live database is like: names and numbers, never a row of the user's.
//!
//! Everything is read in one read-only transaction with one snapshot and a timeout, from catalogs that every role may read, and no
//! lock is taken on any table but those in which tools note what has run.

use std::collections::BTreeMap;

use lockkeeper_model::ledgers::LEDGERS;
use postgres::{Client, IsolationLevel, Transaction};

use crate::Error;

/// How long a query may take, and how long it may wait.
const TIMEOUTS: &str = "SET LOCAL statement_timeout = '30s'; SET LOCAL lock_timeout = '2s'; SET LOCAL search_path = ''";

/// What a database holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// The major version of the server.
    pub major: u32,
    /// Tables, partitions and materialized views, in order of name.
    pub tables: Vec<Table>,
    /// What tools note of the migrations that have run.
    pub version_tables: Vec<VersionTable>,
    /// Tables in which tools note it, and which the role may not read.
    pub closed: Vec<String>,
}

/// A table, partition or materialized view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Table {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// `table`, `partitioned table`, `materialized view`, `foreign table`.
    pub kind: String,
    /// How many rows the server believes it to have; none if it was never counted.
    pub rows: Option<u64>,
    /// The size of its heap when it was last counted.
    pub bytes: u64,
    /// The table that it is a partition of.
    pub partition_of: Option<String>,
    /// Its columns.
    pub columns: Vec<Column>,
    /// Its indexes and whether each is valid.
    pub indexes: Vec<(String, bool)>,
    /// Its constraints and whether each is validated.
    pub constraints: Vec<(String, bool)>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its type.
    pub data_type: String,
    /// Whether it takes NULL.
    pub nullable: bool,
}

/// Where a tool notes what has run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct VersionTable {
    /// The table with its schema.
    pub table: String,
    /// The versions in it, in the words of the tool.
    pub versions: Vec<String>,
    /// The check sums of their files, as far as the tool keeps any.
    pub checksums: BTreeMap<String, String>,
    /// The version up to which all count as run, if the tool has begun with a database that was there.
    pub baseline: Option<String>,
    /// Whether it holds only where the tool stands, and not all that has run.
    pub only_current: bool,
    /// The versions that failed midway, as far as the tool notes that.
    pub failed: Vec<String>,
}

const TABLES: &str = "\
SELECT c.oid, n.nspname, c.relname,
       CASE c.relkind WHEN 'r' THEN 'table' WHEN 'p' THEN 'partitioned table' WHEN 'm' THEN 'materialized view' ELSE 'foreign table' END,
       CASE WHEN c.reltuples >= 0 AND (c.reltuples > 0 OR c.relpages > 0) THEN c.reltuples::bigint
            WHEN pg_catalog.pg_stat_get_live_tuples(c.oid) > 0 THEN pg_catalog.pg_stat_get_live_tuples(c.oid) END,
       c.relpages::bigint * pg_catalog.current_setting('block_size')::bigint,
       (SELECT pg_catalog.format('%I.%I', pn.nspname, p.relname) FROM pg_catalog.pg_inherits i JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
          JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid AND c.relispartition)
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p', 'm', 'f') AND c.relpersistence <> 't' AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
 ORDER BY 2, 3";

/// Reads the facts.
///
/// # Errors
/// `Server` if the server cannot be asked, or makes wait too long.
pub fn read(client: &mut Client) -> Result<Facts, Error> {
    let mut transaction =
        client.build_transaction().isolation_level(IsolationLevel::RepeatableRead).read_only(true).start()?;
    transaction.batch_execute(TIMEOUTS)?;
    let major: i32 = transaction.query_one("SELECT current_setting('server_version_num')::int / 10000", &[])?.get(0);
    let tables = tables(&mut transaction)?;
    let (version_tables, closed) = version_tables(&mut transaction)?;
    let facts = Facts { major: u32::try_from(major).unwrap_or_default(), tables, version_tables, closed };
    transaction.rollback()?;
    Ok(facts)
}

fn tables(transaction: &mut Transaction<'_>) -> Result<Vec<Table>, Error> {
    let mut tables = Vec::new();
    for row in transaction.query(TABLES, &[])? {
        let count = |it: Option<i64>| it.and_then(|it| u64::try_from(it).ok());
        let table = Table {
            schema: row.get(1),
            name: row.get(2),
            kind: row.get(3),
            rows: count(row.get(4)),
            bytes: count(row.get(5)).unwrap_or_default(),
            partition_of: row.get(6),
            ..Table::default()
        };
        tables.push((row.get::<_, u32>(0), table));
    }
    let mut find = |oid: u32, add: &mut dyn FnMut(&mut Table)| {
        tables.iter_mut().filter(|it| it.0 == oid).for_each(|it| add(&mut it.1));
    };
    let columns = "SELECT attrelid, attname, pg_catalog.format_type(atttypid, atttypmod), NOT attnotnull
          FROM pg_catalog.pg_attribute WHERE attnum > 0 AND NOT attisdropped ORDER BY attrelid, attnum";
    for row in transaction.query(columns, &[])? {
        let column = Column { name: row.get(1), data_type: row.get(2), nullable: row.get(3) };
        find(row.get(0), &mut |it| it.columns.push(column.clone()));
    }
    let indexes = "SELECT i.indrelid, c.relname, i.indisvalid FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid ORDER BY 1, 2";
    for row in transaction.query(indexes, &[])? {
        find(row.get(0), &mut |it| it.indexes.push((row.get(1), row.get(2))));
    }
    let constraints =
        "SELECT conrelid, conname, convalidated FROM pg_catalog.pg_constraint WHERE conrelid <> 0 ORDER BY 1, 2";
    for row in transaction.query(constraints, &[])? {
        find(row.get(0), &mut |it| it.constraints.push((row.get(1), row.get(2))));
    }
    Ok(tables.into_iter().map(|it| it.1).collect())
}

/// Looks for the tools' tables in every schema. The second list has those that the role may not read.
fn version_tables(transaction: &mut Transaction<'_>) -> Result<(Vec<VersionTable>, Vec<String>), Error> {
    let names: Vec<&str> = LEDGERS.iter().filter(|it| it.reading.is_some()).map(|it| it.table).collect();
    let there = "SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), c.relname,
               ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0),
               pg_catalog.has_schema_privilege(n.oid, 'USAGE') AND pg_catalog.has_table_privilege(c.oid, 'SELECT')
          FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind = 'r' AND c.relname = ANY($1) AND n.nspname !~ '^pg_'
         ORDER BY 1";
    let (mut found, mut closed) = (Vec::new(), Vec::new());
    for row in transaction.query(there, &[&names])? {
        let (table, name, columns): (String, String, Vec<String>) = (row.get(0), row.get(1), row.get(2));
        let of_name = LEDGERS.iter().filter(|it| it.table == name).filter_map(|it| it.reading);
        let Some(reading) = of_name.into_iter().find(|it| columns.iter().any(|column| column == it.column)) else {
            continue;
        };
        if !row.get::<_, bool>(3) {
            closed.push(table);
            continue;
        }
        // A table of this name need not be the tool's after all.
        let mut attempt = transaction.transaction()?;
        let Ok(rows) = attempt.query(&reading.query.replace("%t", &table), &[]) else { continue };
        let mut noted = VersionTable { table, only_current: reading.only_current, ..VersionTable::default() };
        for row in rows {
            let (Ok(Some(version)), Ok(checksum), Ok(baseline)) =
                (row.try_get::<_, Option<String>>(0), row.try_get::<_, Option<String>>(1), row.try_get(2))
            else {
                continue;
            };
            if baseline {
                noted.baseline = Some(version.clone());
            }
            noted.checksums.extend(checksum.map(|it| (version.clone(), it)));
            noted.versions.push(version);
        }
        noted.versions.sort();
        if let Some(failed) = reading.failed {
            let rows = attempt.query(&failed.query.replace("%t", &noted.table), &[]).unwrap_or_default();
            noted.failed = rows.iter().filter_map(|it| it.try_get(0).ok()).collect();
            noted.failed.sort();
        }
        found.push(noted);
    }
    Ok((found, closed))
}
