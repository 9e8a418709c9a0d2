//! Reading the locks of a statement that cannot run in a transaction.
//!
//! Such a statement runs in several transactions of its own; looking at it while it runs freely would show whatever it happens to hold.
//! Instead, other sessions hold a *gate* on every table in question: all eight lock modes at once, weakest first, each after a savepoint.
//! The statement stops at the first table that it wants, in the mode that it wants, and is read at leisure. Then that gate gives
//! back just enough modes to let the request through. It still stops any stronger request for the same table, and it is still a
//! transaction that `CREATE`, `DROP` and `REINDEX INDEX CONCURRENTLY` and `DETACH CONCURRENTLY` wait for between their phases; there it
//! hands over to a weaker gate of another session. So the statement is seen at every step that takes it further, and no step depends on
//! how fast anybody is.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use postgres::error::SqlState;
use postgres::{Client, SimpleQueryMessage};

use crate::Error;
use crate::lock_mode::LockMode;
use crate::look::{Look, Oid, number, text};
use crate::observe::RelationKind;
use crate::scratch::Scratch;

/// How long a statement may take in all, including its work.
const DEADLINE: Duration = Duration::from_secs(60);

/// Between two looks at a statement that has not stopped yet.
const PAUSE: Duration = Duration::from_millis(1);

/// How long a gate waits for its place. Only a transaction that the script has prepared can hold it: no session does.
const PLACE: Duration = Duration::from_secs(2);

/// Every gate is a session. Tables beyond this number are seen only as far as they are held while the statement stops at
/// another one; so are those for which the server has no sessions.
const GATES_MAX: usize = 200;

/// How a gated statement ended, and what it asked for on its way.
#[derive(Debug)]
pub(crate) struct Gated {
    pub(crate) answer: Result<(), postgres::Error>,
    /// The strongest mode asked for on each relation, in any of its transactions.
    pub(crate) locks: BTreeMap<Oid, LockMode>,
}

/// Runs `sql` in `client`, outside a transaction, through gates on the tables that it may touch.
pub(crate) fn run(
    scratch: &Scratch,
    client: &mut Client,
    sql: &str,
    words: &[String],
    before: &Look,
) -> Result<Gated, Error> {
    let mut watcher = Watcher { pid: backend_pid(client)?, client: scratch.connect()? };
    let mut gates = Vec::new();
    for table in gated_tables(client, words, before)?.into_iter().take(scratch.sessions()) {
        gates.extend(Gate::open(scratch, before, table)?);
    }
    let (sender, receiver) = channel();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // Nobody listens any more only after the observation has failed.
            let _ = sender.send(client.batch_execute(sql));
        });
        let walked = walk(scratch, before, &mut watcher, &mut gates, &receiver);
        if !matches!(walked, Ok(Some(_))) {
            // The thread has to end before this scope does.
            gates.clear();
            let _ = watcher.cancel();
        }
        walked?.ok_or_else(|| Error::Stuck { sql: sql.to_owned(), seconds: DEADLINE.as_secs() })
    })
}

/// Leads the statement from stop to stop. `None` if the deadline passes first.
fn walk(
    scratch: &Scratch,
    before: &Look,
    watcher: &mut Watcher,
    gates: &mut Vec<Gate>,
    answer: &Receiver<Result<(), postgres::Error>>,
) -> Result<Option<Gated>, Error> {
    let mut locks = BTreeMap::new();
    let deadline = Instant::now() + DEADLINE;
    while Instant::now() < deadline {
        match answer.recv_timeout(PAUSE) {
            Ok(answer) => return Ok(Some(Gated { answer, locks })),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return Ok(None),
        }
        let Some(stop) = watcher.stop()? else { continue };
        // A wait for anybody else, such as the watcher's own snapshot, is over by itself.
        let Some(at) = gates.iter().position(|it| stop.blockers.contains(&it.pid)) else { continue };
        for (oid, mode) in stop.locks {
            let strongest = locks.entry(oid).or_insert(mode);
            *strongest = mode.max(*strongest);
        }
        let gate = gates.swap_remove(at);
        gates.extend(match stop.wanted {
            Some(mode) => gate.let_through(mode)?,
            None => gate.hand_over(scratch, before)?,
        });
    }
    Ok(None)
}

/// A session that looks at the statement's session.
struct Watcher {
    client: Client,
    pid: i32,
}

/// The statement at a gate: it stays there until the gate moves.
struct Stop {
    /// Relation locks held and awaited.
    locks: Vec<(Oid, LockMode)>,
    /// The mode awaited on a relation; `None` if it waits for the end of a transaction.
    wanted: Option<LockMode>,
    blockers: Vec<i32>,
}

impl Watcher {
    fn stop(&mut self) -> Result<Option<Stop>, Error> {
        let pid = self.pid;
        let messages = self.client.simple_query(&format!(
            "SELECT l.granted, l.locktype, l.relation, l.mode
               FROM pg_catalog.pg_locks l
              WHERE l.pid = {pid} AND (l.locktype = 'relation' OR NOT l.granted)
                AND COALESCE(l.database = (SELECT d.oid FROM pg_catalog.pg_database d
                                            WHERE d.datname = pg_catalog.current_database()), true);
             SELECT pg_catalog.unnest(pg_catalog.pg_blocking_pids({pid}))"
        ))?;
        let mut stop = Stop { locks: Vec::new(), wanted: None, blockers: Vec::new() };
        let mut waits = false;
        for message in messages {
            let SimpleQueryMessage::Row(row) = message else { continue };
            if row.len() == 1 {
                stop.blockers.push(number(&row, 0)?);
                continue;
            }
            let waiting = text(&row, 0)? == "f";
            waits |= waiting;
            if text(&row, 1)? == "relation"
                && let Some(mode) = LockMode::from_pg_locks(text(&row, 3)?)
            {
                stop.locks.push((number(&row, 2)?, mode));
                if waiting {
                    stop.wanted = Some(mode);
                }
            }
        }
        Ok(waits.then_some(stop))
    }

    fn cancel(&mut self) -> Result<(), Error> {
        Ok(self.client.batch_execute(&format!("SELECT pg_catalog.pg_cancel_backend({})", self.pid))?)
    }
}

/// A session that holds lock modes on one table, weakest first, each after a savepoint.
struct Gate {
    client: Client,
    pid: i32,
    table: Oid,
    ladder: Vec<LockMode>,
}

impl Gate {
    /// `None` if a prepared transaction holds the table: what the statement wants of it, it will not get either.
    fn open(scratch: &Scratch, before: &Look, table: Oid) -> Result<Option<Self>, Error> {
        // LOCK TABLE refuses materialized views; to comment on one takes SHARE UPDATE EXCLUSIVE, which stops all that matters here.
        let ladder = match before.relations.get(&table).map(|it| it.kind) {
            Some(RelationKind::MaterializedView) => vec![LockMode::ShareUpdateExclusive],
            _ => LockMode::ALL.to_vec(),
        };
        Self::with(scratch, before, table, ladder)
    }

    fn with(scratch: &Scratch, before: &Look, table: Oid, ladder: Vec<LockMode>) -> Result<Option<Self>, Error> {
        let mut client = scratch.connect()?;
        let pid = backend_pid(&mut client)?;
        let mut sql = format!("BEGIN; SET LOCAL lock_timeout = {};", PLACE.as_millis());
        if let Some(relation) = before.relations.get(&table) {
            for (step, mode) in ladder.iter().enumerate() {
                sql += &format!("SAVEPOINT gate_{step};");
                sql += &match relation.kind {
                    RelationKind::MaterializedView => {
                        format!("COMMENT ON MATERIALIZED VIEW {} IS NULL;", relation.name)
                    }
                    _ => format!("LOCK TABLE ONLY {} IN {mode} MODE;", relation.name),
                };
            }
        }
        match client.batch_execute(&sql) {
            Err(error) if error.code() == Some(&SqlState::LOCK_NOT_AVAILABLE) => Ok(None),
            other => Ok(other.map(|()| Some(Self { client, pid, table, ladder }))?),
        }
    }

    /// Gives back the modes that stand in the way of `wanted`; `None` if nothing is left.
    fn let_through(mut self, wanted: LockMode) -> Result<Option<Self>, Error> {
        let keep = self.ladder.iter().position(|it| it.conflicts_with(wanted)).unwrap_or(self.ladder.len());
        if keep == 0 {
            self.client.batch_execute("ROLLBACK")?;
            return Ok(None);
        }
        if keep < self.ladder.len() {
            self.client.batch_execute(&format!("ROLLBACK TO SAVEPOINT gate_{keep}"))?;
            self.ladder.truncate(keep);
        }
        Ok(Some(self))
    }

    /// Ends the transaction that the statement waits for, with a weaker gate already in place if one can be. The modes up to
    /// ROW EXCLUSIVE get on with each other, stronger ones would have to wait for this gate.
    fn hand_over(mut self, scratch: &Scratch, before: &Look) -> Result<Option<Self>, Error> {
        let weaker = &self.ladder[..self.ladder.len() - 1];
        let fits = !weaker.is_empty() && self.ladder.iter().all(|it| *it <= LockMode::RowExclusive);
        let next = if fits { Self::with(scratch, before, self.table, weaker.to_vec())? } else { None };
        self.client.batch_execute("ROLLBACK")?;
        Ok(next)
    }
}

/// The tables that need a gate: those that the statement names, by themselves, by an index or by their schema, with their partition
/// trees and the other sides of their foreign keys; all if it names none.
fn gated_tables(client: &mut Client, words: &[String], before: &Look) -> Result<Vec<Oid>, Error> {
    let gateable = |oid: &Oid| {
        before.relations.get(oid).is_some_and(|it| {
            use RelationKind::{MaterializedView, PartitionedTable, Table};
            !it.temporary && matches!(it.kind, Table | PartitionedTable | MaterializedView)
        })
    };
    let named = |name: &String| words.iter().any(|it| it == name);
    let mut tables: BTreeSet<Oid> = before
        .relations
        .iter()
        .filter(|(_, it)| named(&it.bare_name) || (named(&it.schema) && words.iter().any(|it| it == "schema")))
        .map(|(oid, it)| it.table.unwrap_or(*oid))
        .filter(gateable)
        .collect();
    if tables.is_empty() {
        return Ok(before.relations.keys().copied().filter(gateable).take(GATES_MAX).collect());
    }
    let inherits = pairs(client, "SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits")?;
    let references = pairs(client, "SELECT conrelid, confrelid FROM pg_catalog.pg_constraint WHERE contype = 'f'")?;
    while let Some(more) = neighbours(&tables, &inherits) {
        tables.extend(more);
    }
    tables.extend(neighbours(&tables, &references).unwrap_or_default());
    Ok(tables.into_iter().filter(gateable).take(GATES_MAX).collect())
}

/// What the pairs add to the set; `None` if nothing.
fn neighbours(set: &BTreeSet<Oid>, pairs: &[(Oid, Oid)]) -> Option<BTreeSet<Oid>> {
    let ends = pairs.iter().flat_map(|(a, b)| [(a, b), (b, a)]);
    let more: BTreeSet<Oid> = ends.filter(|(a, b)| set.contains(a) && !set.contains(b)).map(|(_, b)| *b).collect();
    (!more.is_empty()).then_some(more)
}

fn pairs(client: &mut Client, sql: &str) -> Result<Vec<(Oid, Oid)>, Error> {
    let mut pairs = Vec::new();
    for message in client.simple_query(sql)? {
        if let SimpleQueryMessage::Row(row) = message {
            pairs.push((number(&row, 0)?, number(&row, 1)?));
        }
    }
    Ok(pairs)
}

fn backend_pid(client: &mut Client) -> Result<i32, Error> {
    for message in client.simple_query("SELECT pg_catalog.pg_backend_pid()")? {
        if let SimpleQueryMessage::Row(row) = message {
            return number(&row, 0);
        }
    }
    Err(Error::Answer("pg_backend_pid() has no row".to_owned()))
}
