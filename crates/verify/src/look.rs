//! One look at the catalog and at the locks of the session that looks.

use std::collections::BTreeMap;

use postgres::{Client, SimpleQueryMessage, SimpleQueryRow};

use crate::Error;
use crate::lock_mode::LockMode;
use crate::observe::{RelationKind, SeenLock};

pub(crate) type Oid = u32;

/// A relation of the user as the catalog shows it at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Relation {
    /// `schema.name`, quoted where needed.
    pub(crate) name: String,
    /// The bare name, as the server's debug messages print it.
    pub(crate) bare_name: String,
    pub(crate) schema: String,
    pub(crate) kind: RelationKind,
    pub(crate) temporary: bool,
    /// Whether it is a partition now.
    pub(crate) partition: bool,
    /// `relfilenode`; 0 without storage.
    pub(crate) file: u32,
    /// The table of an index.
    pub(crate) table: Option<Oid>,
    /// Sequential scans of a table, or scans of an index, that this session has begun and not yet reported to the others.
    /// Within a transaction it only grows.
    pub(crate) scans: i64,
    /// Rows of a table that this session has read, added, changed or removed, counted in the same way.
    pub(crate) rows: i64,
}

/// The relations of the user and the locks that this session holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) relations: BTreeMap<Oid, Relation>,
    /// The strongest mode of each relation, catalogs included.
    pub(crate) locks: BTreeMap<Oid, LockMode>,
}

/// Brings the session's messages back to `debug1`, as the statements may have set them otherwise: rewrites and scans are read from them.
const LOUD: &str = "SET client_min_messages = debug1;";

const RELATIONS: &str = "\
SELECT c.oid,
       pg_catalog.format('%I.%I', CASE c.relpersistence WHEN 't' THEN 'pg_temp' ELSE n.nspname END, c.relname),
       c.relname, n.nspname, c.relkind, c.relpersistence = 't', c.relispartition, c.relfilenode, i.indrelid,
       pg_catalog.pg_stat_get_xact_numscans(c.oid),
       CASE WHEN c.relkind IN ('r', 'm') THEN
         pg_catalog.pg_stat_get_xact_tuples_returned(c.oid) + pg_catalog.pg_stat_get_xact_tuples_fetched(c.oid)
         + pg_catalog.pg_stat_get_xact_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_xact_tuples_updated(c.oid)
         + pg_catalog.pg_stat_get_xact_tuples_deleted(c.oid) ELSE 0 END
  FROM pg_catalog.pg_class c
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
 WHERE c.relkind IN ('r', 'p', 'i', 'I', 'S', 'v', 'm', 'f')
   AND n.nspname <> 'information_schema'
   AND (n.nspname !~ '^pg_' OR n.oid = pg_catalog.pg_my_temp_schema());";

const LOCKS: &str = "\
SELECT l.relation, l.mode
  FROM pg_catalog.pg_locks l
 WHERE l.locktype = 'relation' AND l.granted AND l.pid = pg_catalog.pg_backend_pid()
   AND l.database = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database());";

impl Look {
    /// Looks with the session itself, whose transaction must not have failed: only it sees its uncommitted catalog and its counters.
    pub(crate) fn take(client: &mut Client) -> Result<Self, Error> {
        let mut look = Self::default();
        for message in client.simple_query(&format!("{LOUD}{RELATIONS}{LOCKS}"))? {
            let SimpleQueryMessage::Row(row) = message else { continue };
            if row.len() == 2 {
                if let Some(mode) = LockMode::from_pg_locks(text(&row, 1)?) {
                    let held = look.locks.entry(number(&row, 0)?).or_insert(mode);
                    *held = mode.max(*held);
                }
            } else {
                look.relations.insert(number(&row, 0)?, relation(&row)?);
            }
        }
        Ok(look)
    }

    /// The locks on relations that `before` knew, by name.
    pub(crate) fn locks_on(&self, before: &Self) -> Vec<SeenLock> {
        named(&self.locks, before)
    }

    /// How many rows were touched between an earlier look in the same transaction and this one, in all tables.
    pub(crate) fn rows_since(&self, before: &Self) -> u64 {
        let sum = |look: &Self| look.relations.values().map(|it| it.rows).sum::<i64>();
        u64::try_from(sum(self) - sum(before)).unwrap_or_default()
    }

    /// Everything that was read of a table in this transaction: scans of itself and of its indexes.
    pub(crate) fn reads(&self, table: Oid) -> i64 {
        let own = self.relations.get(&table).map_or(0, |it| it.scans);
        let indexes = self.relations.values().filter(|it| it.table == Some(table));
        own + indexes.map(|it| it.scans).sum::<i64>()
    }
}

/// Locks by name, in the order of the names; what `before` does not know is left out.
pub(crate) fn named(locks: &BTreeMap<Oid, LockMode>, before: &Look) -> Vec<SeenLock> {
    let mut seen: Vec<SeenLock> = locks
        .iter()
        .filter_map(|(oid, mode)| {
            let relation = before.relations.get(oid)?;
            Some(SeenLock { relation: relation.name.clone(), kind: relation.kind, mode: *mode })
        })
        .collect();
    seen.sort();
    seen
}

fn relation(row: &SimpleQueryRow) -> Result<Relation, Error> {
    let relkind = text(row, 4)?;
    Ok(Relation {
        name: text(row, 1)?.to_owned(),
        bare_name: text(row, 2)?.to_owned(),
        schema: text(row, 3)?.to_owned(),
        kind: RelationKind::from_relkind(relkind).ok_or_else(|| Error::Answer(format!("relkind `{relkind}`")))?,
        temporary: text(row, 5)? == "t",
        partition: text(row, 6)? == "t",
        file: number(row, 7)?,
        table: if row.get(8).is_some() { Some(number(row, 8)?) } else { None },
        scans: number(row, 9)?,
        rows: number(row, 10)?,
    })
}

/// A column that is never NULL.
pub(crate) fn text(row: &SimpleQueryRow, column: usize) -> Result<&str, Error> {
    row.get(column).ok_or_else(|| Error::Answer(format!("column {column} is null")))
}

/// A numeric column that is never NULL.
pub(crate) fn number<T: std::str::FromStr>(row: &SimpleQueryRow, column: usize) -> Result<T, Error> {
    let text = text(row, column)?;
    text.parse().map_err(|_| Error::Answer(format!("`{text}` is no number")))
}
