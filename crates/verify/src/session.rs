//! A session that runs the statements of a script one by one and looks before and after each, or only runs them.

use std::collections::BTreeSet;
use std::io::Write;
use std::time::{Duration, Instant};

use postgres::Client;
use postgres::error::ErrorPosition;

use crate::Error;
use crate::gate;
use crate::look::{Look, Oid, named};
use crate::observe::{Observation, SeenFailure, SeenLock};
use crate::scratch::{Messages, Scratch};
use crate::words::{Kind, kind, words};
use crate::work::{Work, work};

/// Whether a transaction block is open. Read off the statements: the server cannot be asked without taking the snapshot that
/// `SET TRANSACTION` must come before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Block {
    None,
    Open,
    /// Open, but every statement up to `ROLLBACK` fails (25P02), ours too.
    Aborted,
}

/// A statement as it is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent<'a> {
    /// Its text.
    pub sql: &'a str,
    /// The rows behind a `COPY … FROM STDIN`.
    pub rows: Option<&'a str>,
}

impl<'a> From<&'a str> for Sent<'a> {
    fn from(sql: &'a str) -> Self {
        Self { sql, rows: None }
    }
}

/// The savepoint from which an open transaction goes on behind a statement that is forgiven.
const GUARD: &str = "lockkeeper_guard";

/// A session with a scratch database.
pub(crate) struct Session<'a> {
    scratch: &'a Scratch,
    client: Client,
    messages: Messages,
    block: Block,
    /// What the open block holds.
    held: Vec<SeenLock>,
    /// What existed before the script.
    at_start: BTreeSet<Oid>,
    /// Whether it looks before and after each statement; else it only runs them.
    observes: bool,
}

/// What came back for one statement.
type Answer = Result<(), SeenFailure>;

impl<'a> Session<'a> {
    pub(crate) fn open(scratch: &'a Scratch) -> Result<Self, Error> {
        let (mut client, messages) = scratch.connect_with_messages()?;
        let at_start = Look::take(&mut client)?.relations.into_keys().collect();
        Ok(Self { scratch, client, messages, block: Block::None, held: Vec::new(), at_start, observes: true })
    }

    /// A session that only runs what it is given, such as migrations that are not asked about.
    pub(crate) fn unobserved(scratch: &'a Scratch) -> Result<Self, Error> {
        let (client, messages) = scratch.connect_with_messages()?;
        let (held, at_start) = (Vec::new(), BTreeSet::new());
        Ok(Self { scratch, client, messages, block: Block::None, held, at_start, observes: false })
    }

    pub(crate) fn in_block(&self) -> bool {
        self.block != Block::None
    }

    /// Opens a transaction, unless one is open.
    pub(crate) fn enter_block(&mut self) -> Result<(), Error> {
        if !self.in_block() {
            self.run("BEGIN".into())?;
        }
        Ok(())
    }

    /// Runs one statement of the script as its author would see it run.
    pub(crate) fn run(&mut self, sent: Sent<'_>) -> Result<Observation, Error> {
        let words = words(sent.sql);
        let kind = match kind(&words) {
            Kind::CopyFromStdin if sent.rows.is_some() => Kind::Ordinary,
            kind => kind,
        };
        match (kind, self.block) {
            (Kind::CopyFromStdin, _) => Err(Error::CopyFromStdin { sql: sent.sql.to_owned() }),
            (kind @ (Kind::Begin | Kind::End | Kind::EndAndChain | Kind::RollbackTo | Kind::Setting), _) => {
                self.control(sent, kind)
            }
            (Kind::NeedsBlock, Block::None) | (Kind::Ordinary | Kind::NeedsBlock, Block::Aborted) => self.unseen(sent),
            (Kind::Ordinary, Block::None) if !self.observes => self.unseen(sent),
            (Kind::Ordinary | Kind::NeedsBlock, Block::Open) => self.in_open_block(sent, &words),
            (Kind::Ordinary, Block::None) => self.by_itself(sent, &words),
        }
    }

    /// Runs a statement that need not succeed: where `forgives` says so of its failure, an open transaction goes on as if it had
    /// not been sent. The second value says whether it was forgiven.
    pub(crate) fn try_run(
        &mut self,
        sent: Sent<'_>,
        forgives: &mut dyn FnMut(&SeenFailure) -> bool,
    ) -> Result<(Observation, bool), Error> {
        let guarded = self.block == Block::Open && kind(&words(sent.sql)) == Kind::Ordinary;
        if guarded {
            self.client.batch_execute(&format!("SAVEPOINT {GUARD}"))?;
        }
        let observation = self.run(sent)?;
        let forgiven = observation.failure.as_ref().is_some_and(forgives);
        if guarded && forgiven {
            self.client.batch_execute(&format!("ROLLBACK TO SAVEPOINT {GUARD}"))?;
            self.block = Block::Open;
            if self.observes {
                let look = self.look()?;
                self.held = look.locks_on(&look);
            }
        }
        if guarded && (forgiven || observation.failure.is_none()) {
            self.client.batch_execute(&format!("RELEASE SAVEPOINT {GUARD}"))?;
        }
        Ok((observation, forgiven))
    }

    /// Statements that steer the transaction or the settings, sent as they are.
    fn control(&mut self, sent: Sent<'_>, kind: Kind) -> Result<Observation, Error> {
        let held = std::mem::take(&mut self.held);
        let mut observation = self.unseen(sent)?;
        let worked = observation.failure.is_none();
        self.block = match (kind, self.block) {
            (Kind::Begin, Block::None) if worked => Block::Open,
            // A COMMIT that fails has rolled back; AND CHAIN outside a block is refused and opens none.
            (Kind::EndAndChain, Block::Open | Block::Aborted) if worked => Block::Open,
            (Kind::End | Kind::EndAndChain, _) => Block::None,
            (Kind::RollbackTo, Block::Aborted) if worked => Block::Open,
            (_, Block::Open) if !worked => Block::Aborted,
            (_, block) => block,
        };
        if self.block == Block::Aborted {
            self.held = held;
            return Ok(observation);
        }
        if self.block != Block::Open || matches!(kind, Kind::EndAndChain) || !worked || !self.observes {
            return Ok(observation);
        }
        observation.held.clone_from(&held);
        observation.locks = if kind == Kind::RollbackTo {
            let look = self.look()?;
            let added = look.relations.iter().filter(|(oid, _)| !self.at_start.contains(oid));
            observation.new = added.map(|(_, it)| it.name.clone()).collect();
            look.locks_on(&look)
        } else {
            held
        };
        self.held.clone_from(&observation.locks);
        Ok(observation)
    }

    /// Sends a statement that cannot hold locks afterwards.
    fn unseen(&mut self, sent: Sent<'_>) -> Result<Observation, Error> {
        let (answer, elapsed) = self.send(sent)?;
        Ok(Observation { failure: answer.err(), elapsed: Some(elapsed), ..Observation::default() })
    }

    fn in_open_block(&mut self, sent: Sent<'_>, words: &[String]) -> Result<Observation, Error> {
        if !self.observes {
            let observation = self.unseen(sent)?;
            if observation.failure.is_some() {
                self.block = Block::Aborted;
            }
            return Ok(observation);
        }
        let before = self.look()?;
        let (answer, elapsed) = self.send(sent)?;
        if let Err(failure) = answer {
            self.block = Block::Aborted;
            // What was locked before stays so if a savepoint is gone back to.
            self.held = before.locks_on(&before);
            return Ok(failed(failure, Some(elapsed)));
        }
        self.observation(words, &before, elapsed)
    }

    /// `BEGIN`, the statement, a look, `COMMIT`: the same locks and the same work as in autocommit, but still to be seen.
    fn by_itself(&mut self, sent: Sent<'_>, words: &[String]) -> Result<Observation, Error> {
        self.client.batch_execute("BEGIN")?;
        let before = self.look()?;
        let (answer, elapsed) = self.send(sent)?;
        match answer {
            Ok(()) => {
                let observation = self.observation(words, &before, elapsed)?;
                self.held.clear();
                let (commit, _) = self.send("COMMIT".into())?;
                Ok(commit.err().map_or(observation, |failure| failed(failure, Some(elapsed))))
            }
            Err(failure) => {
                self.client.batch_execute("ROLLBACK")?;
                // active_sql_transaction: not in a transaction block; invalid_transaction_termination: a procedure that commits.
                if matches!(failure.sqlstate.as_str(), "25001" | "2D000") {
                    self.outside_transaction(sent.sql, words)
                } else {
                    Ok(failed(failure, Some(elapsed)))
                }
            }
        }
    }

    fn outside_transaction(&mut self, sql: &str, words: &[String]) -> Result<Observation, Error> {
        let before = self.look()?;
        let gated = gate::run(self.scratch, &mut self.client, sql, words, &before)?;
        let messages = self.messages.take();
        if let Err(error) = gated.answer {
            return Ok(failed(seen_failure(error)?, None));
        }
        let after = self.look()?;
        let work = work(&mut self.client, words, &before, &after, &messages, false)?;
        Ok(self.describe(&before, &after, named(&gated.locks, &before), &work))
    }

    fn observation(&mut self, words: &[String], before: &Look, elapsed: Duration) -> Result<Observation, Error> {
        let messages = self.messages.take();
        let after = self.look()?;
        let work = work(&mut self.client, words, before, &after, &messages, true)?;
        let mut observation = self.describe(before, &after, after.locks_on(before), &work);
        observation.held = before.locks_on(before);
        observation.elapsed = Some(elapsed);
        observation.rows = Some(after.rows_since(before));
        // Under the names of now: the statement may have renamed them.
        self.held = after.locks_on(&after);
        Ok(observation)
    }

    fn describe(&self, before: &Look, after: &Look, locks: Vec<SeenLock>, work: &Work) -> Observation {
        let before_name = |oid: &Oid| before.relations.get(oid).map(|it| it.name.clone());
        let after_name = |oid: &Oid| after.relations.get(oid).map(|it| it.name.clone());
        let is_new = |oid: Oid| {
            let relation = before.relations.get(&oid).or_else(|| after.relations.get(&oid));
            let owner = relation.and_then(|it| it.table).unwrap_or(oid);
            !self.at_start.contains(&owner) || relation.is_some_and(|it| it.temporary)
        };
        let new_relations = before.relations.keys().filter(|oid| is_new(**oid)).filter_map(before_name);
        let new_indexes =
            work.index_builds.iter().filter(|(_, table)| is_new(*table)).filter_map(|(oid, _)| after_name(oid));
        let mut observation = Observation {
            rewrites: work.rewrites.iter().filter_map(before_name).collect(),
            scans: work.scans.iter().filter_map(before_name).collect(),
            index_builds: work.index_builds.iter().filter_map(|(oid, _)| after_name(oid)).collect(),
            ..Observation::default()
        };
        let named = |name: &String| {
            locks.iter().any(|it| it.relation == *name)
                || [&observation.rewrites, &observation.scans, &observation.index_builds]
                    .iter()
                    .any(|it| it.contains(name))
        };
        let new: BTreeSet<String> = new_relations.chain(new_indexes).filter(named).collect();
        observation.new = new.into_iter().collect();
        observation.locks = locks;
        for names in [&mut observation.rewrites, &mut observation.scans, &mut observation.index_builds] {
            names.sort();
        }
        observation
    }

    fn look(&mut self) -> Result<Look, Error> {
        let look = Look::take(&mut self.client);
        self.messages.take();
        look
    }

    fn send(&mut self, sent: Sent<'_>) -> Result<(Answer, Duration), Error> {
        self.messages.take();
        let start = Instant::now();
        let answer = match sent.rows {
            None => self.client.batch_execute(sent.sql),
            Some(rows) => copy(&mut self.client, sent.sql, rows),
        };
        let elapsed = start.elapsed();
        let answer = match answer {
            Ok(()) => Ok(()),
            Err(error) => Err(seen_failure(error)?),
        };
        Ok((answer, elapsed))
    }
}

/// Sends `COPY … FROM STDIN` with its rows.
fn copy(client: &mut Client, sql: &str, rows: &str) -> Result<(), postgres::Error> {
    let mut writer = client.copy_in(sql)?;
    // Where the server refuses the rows meanwhile, `finish` has its words.
    let _ = writer.write_all(rows.as_bytes());
    writer.finish().map(|_| ())
}

fn failed(failure: SeenFailure, elapsed: Option<Duration>) -> Observation {
    Observation { failure: Some(failure), elapsed, ..Observation::default() }
}

/// Codes of what a server lacks for any statement; of insufficient_resources (class 53) all are.
const EXHAUSTED: &[&str] = &["57P01", "57P02", "57P03", "58030"];

/// The server's refusal; anything else is an error of the connection.
pub(crate) fn seen_failure(error: postgres::Error) -> Result<SeenFailure, Error> {
    let Some(refused) = error.as_db_error() else { return Err(Error::Server(error)) };
    let sqlstate = refused.code().code();
    if sqlstate.starts_with("53") || EXHAUSTED.contains(&sqlstate) {
        return Err(Error::Exhausted { sqlstate: sqlstate.to_owned(), message: refused.message().to_owned() });
    }
    let position = match refused.position() {
        Some(ErrorPosition::Original(at)) => Some(*at),
        Some(ErrorPosition::Internal { .. }) | None => None,
    };
    Ok(SeenFailure {
        sqlstate: sqlstate.to_owned(),
        message: refused.message().to_owned(),
        detail: refused.detail().map(str::to_owned),
        position,
    })
}
