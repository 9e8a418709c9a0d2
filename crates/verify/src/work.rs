//! What a statement built, wrote anew or verified: two looks and the messages in between, turned into names.
//!
//! The server logs at `DEBUG1` which tables it verifies (`ATRewriteTables` in tablecmds.c) and which foreign keys it validates
//! (`validateForeignKeyConstraint`). A few scans it does not log; for those, and where a message fits several tables, the session's
//! scan counters decide.

use std::collections::BTreeSet;

use postgres::{Client, SimpleQueryMessage};

use crate::Error;
use crate::look::{Look, Oid, number, text};
use crate::observe::RelationKind;

/// The work of one statement, by name, in the order of the names.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Work {
    pub(crate) rewrites: Vec<Oid>,
    pub(crate) scans: Vec<Oid>,
    /// Oids after the statement, with those of their tables.
    pub(crate) index_builds: Vec<(Oid, Oid)>,
}

/// A line at `DEBUG1` that tells of a scan.
#[derive(Debug, PartialEq, Eq)]
enum Verified<'a> {
    Table(&'a str),
    ForeignKey(&'a str),
}

fn verified(message: &str) -> Option<Verified<'_>> {
    let name = |start| message.strip_prefix(start)?.strip_suffix('"');
    name("verifying table \"")
        .map(Verified::Table)
        .or_else(|| name("validating foreign key constraint \"").map(Verified::ForeignKey))
}

/// A foreign key after the statement.
#[derive(Debug, PartialEq, Eq)]
struct ForeignKey {
    name: String,
    /// Name of the key on the partitioned table that this one belongs to, itself if none.
    top_name: String,
    table: Oid,
    target: Oid,
}

/// Scans that no message tells of, with what has to be known to see them in the counters.
#[derive(Debug, Default)]
struct Facts {
    /// Read if a key was validated, or if `DETACH PARTITION` has read the tables that reference it (`RI_PartitionRemove_Check`).
    foreign_keys: Vec<ForeignKey>,
    detached: bool,
    /// DEFAULT partitions and all below them, if `CREATE TABLE … PARTITION OF` has read them (`check_default_partition_contents`).
    defaults: BTreeSet<Oid>,
    /// `ALTER DOMAIN` reads every table with a column of the domain (`validateDomainCheckConstraint`).
    domain: bool,
}

/// Work between two looks. `counted` says that both were taken in one transaction, so that their counters can be compared.
pub(crate) fn work(
    client: &mut Client,
    words: &[String],
    before: &Look,
    after: &Look,
    messages: &[String],
    counted: bool,
) -> Result<Work, Error> {
    let verified: Vec<Verified<'_>> = messages.iter().filter_map(|it| verified(it)).collect();
    let mut facts = Facts::default();
    if counted {
        let was = |oid: &Oid, partition: bool| before.relations.get(oid).is_some_and(|it| it.partition == partition);
        let is_table = |kind| matches!(kind, RelationKind::Table | RelationKind::PartitionedTable);
        facts.detached = after.relations.iter().any(|(oid, it)| is_table(it.kind) && !it.partition && was(oid, true));
        facts.domain = words.starts_with(&["alter".to_owned(), "domain".to_owned()]);
        let created = |oid: &Oid| !before.relations.contains_key(oid);
        if after.relations.iter().any(|(oid, it)| is_table(it.kind) && it.partition && created(oid)) {
            facts.defaults = defaults(client)?;
        }
    }
    if facts.detached || verified.iter().any(|it| matches!(it, Verified::ForeignKey(_))) {
        facts.foreign_keys = foreign_keys(client)?;
    }
    Ok(derive(before, after, &verified, &facts, counted))
}

fn derive(before: &Look, after: &Look, verified: &[Verified<'_>], facts: &Facts, counted: bool) -> Work {
    let rewritten = |oid: Oid| {
        let (Some(old), Some(new)) = (before.relations.get(&oid), after.relations.get(&oid)) else { return false };
        matches!(old.kind, RelationKind::Table | RelationKind::MaterializedView) && old.file != new.file
    };
    let index_builds = index_builds(before, after, rewritten);
    let was_read = |oid: Oid| !counted || after.reads(oid) > before.reads(oid);
    let scans = before
        .relations
        .iter()
        .filter(|(oid, relation)| {
            matches!(relation.kind, RelationKind::Table | RelationKind::MaterializedView)
                && (facts.domain || is_verified(**oid, &relation.bare_name, verified, facts, after))
                && was_read(**oid)
                && !rewritten(**oid)
                && index_builds.iter().all(|(_, table)| table != *oid)
        })
        .map(|(oid, _)| *oid)
        .collect();
    Work { rewrites: before.relations.keys().copied().filter(|oid| rewritten(*oid)).collect(), scans, index_builds }
}

/// New index files on tables that existed and keep their own. An index keeps its file when `ALTER TYPE` makes it again without
/// need to build it (`CheckIndexCompatible`), so the file decides and not the oid.
fn index_builds(before: &Look, after: &Look, rewritten: impl Fn(Oid) -> bool) -> Vec<(Oid, Oid)> {
    let indexes = |look: &Look| {
        let indexes = look.relations.iter().filter(|(_, it)| it.kind == RelationKind::Index);
        indexes.map(|(oid, it)| (*oid, it.table, it.file)).collect::<Vec<_>>()
    };
    let old_files: BTreeSet<u32> = indexes(before).into_iter().map(|(_, _, file)| file).collect();
    indexes(after)
        .into_iter()
        .filter(|(_, _, file)| !old_files.contains(file))
        .filter_map(|(oid, table, _)| Some((oid, table?)))
        .filter(|(_, table)| before.relations.contains_key(table) && !rewritten(*table))
        .collect()
}

/// Whether a message or the kind of the statement says that this table was verified.
fn is_verified(oid: Oid, bare_name: &str, verified: &[Verified<'_>], facts: &Facts, after: &Look) -> bool {
    let told = verified.iter().any(|it| match it {
        Verified::Table(name) => *name == bare_name,
        Verified::ForeignKey(name) => {
            facts.foreign_keys.iter().any(|key| key.table == oid && (key.name == *name || key.top_name == *name))
        }
    });
    let references_detached = || {
        facts.foreign_keys.iter().any(|key| key.table == oid && after.locks.contains_key(&key.target))
            && facts.foreign_keys.iter().all(|key| key.target != oid)
    };
    told || facts.defaults.contains(&oid) || (facts.detached && references_detached())
}

/// All foreign keys, each with the name of the topmost key it is a part of: a partition's key may have a name of its own, and the
/// message names the one that was written.
fn foreign_keys(client: &mut Client) -> Result<Vec<ForeignKey>, Error> {
    let rows = client.simple_query(
        "WITH RECURSIVE up AS (
           SELECT oid, conname, conname AS top, conrelid, confrelid, conparentid FROM pg_catalog.pg_constraint WHERE contype = 'f'
           UNION ALL
           SELECT up.oid, up.conname, c.conname, up.conrelid, up.confrelid, c.conparentid
             FROM up JOIN pg_catalog.pg_constraint c ON c.oid = up.conparentid)
         SELECT conname, top, conrelid, confrelid FROM up WHERE conparentid = 0",
    )?;
    let mut keys = Vec::new();
    for message in rows {
        if let SimpleQueryMessage::Row(row) = message {
            keys.push(ForeignKey {
                name: text(&row, 0)?.to_owned(),
                top_name: text(&row, 1)?.to_owned(),
                table: number(&row, 2)?,
                target: number(&row, 3)?,
            });
        }
    }
    Ok(keys)
}

fn defaults(client: &mut Client) -> Result<BTreeSet<Oid>, Error> {
    let rows = client.simple_query(
        "SELECT DISTINCT below.relid::pg_catalog.oid
           FROM pg_catalog.pg_partitioned_table p, pg_catalog.pg_partition_tree(p.partdefid) below
          WHERE p.partdefid <> 0",
    )?;
    let mut defaults = BTreeSet::new();
    for message in rows {
        if let SimpleQueryMessage::Row(row) = message {
            defaults.insert(number(&row, 0)?);
        }
    }
    Ok(defaults)
}
