//! A session that runs the statements of a script one by one and looks before and after each.

use std::collections::BTreeSet;
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

pub(crate) struct Session<'a> {
    scratch: &'a Scratch,
    client: Client,
    messages: Messages,
    block: Block,
    /// What the open block holds.
    held: Vec<SeenLock>,
    /// What existed before the script.
    at_start: BTreeSet<Oid>,
}

/// What came back for one statement.
type Answer = Result<(), SeenFailure>;

impl<'a> Session<'a> {
    pub(crate) fn open(scratch: &'a Scratch) -> Result<Self, Error> {
        let (mut client, messages) = scratch.connect_with_messages()?;
        let at_start = Look::take(&mut client)?.relations.into_keys().collect();
        Ok(Self { scratch, client, messages, block: Block::None, held: Vec::new(), at_start })
    }

    pub(crate) fn in_block(&self) -> bool {
        self.block != Block::None
    }

    /// Runs one statement of the script as its author would see it run.
    pub(crate) fn run(&mut self, sql: &str) -> Result<Observation, Error> {
        let words = words(sql);
        match (kind(&words), self.block) {
            (Kind::CopyFromStdin, _) => Err(Error::CopyFromStdin { sql: sql.to_owned() }),
            (kind @ (Kind::Begin | Kind::End | Kind::EndAndChain | Kind::RollbackTo | Kind::Setting), _) => {
                self.control(sql, kind)
            }
            (Kind::NeedsBlock, Block::None) | (Kind::Ordinary | Kind::NeedsBlock, Block::Aborted) => self.unseen(sql),
            (Kind::Ordinary | Kind::NeedsBlock, Block::Open) => self.in_open_block(sql, &words),
            (Kind::Ordinary, Block::None) => self.by_itself(sql, &words),
        }
    }

    /// Statements that steer the transaction or the settings, sent as they are.
    fn control(&mut self, sql: &str, kind: Kind) -> Result<Observation, Error> {
        let held = std::mem::take(&mut self.held);
        let mut observation = self.unseen(sql)?;
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
        if self.block != Block::Open || matches!(kind, Kind::EndAndChain) || !worked {
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
    fn unseen(&mut self, sql: &str) -> Result<Observation, Error> {
        let (answer, elapsed) = self.send(sql)?;
        Ok(Observation { failure: answer.err(), elapsed: Some(elapsed), ..Observation::default() })
    }

    fn in_open_block(&mut self, sql: &str, words: &[String]) -> Result<Observation, Error> {
        let before = self.look()?;
        let (answer, elapsed) = self.send(sql)?;
        if let Err(failure) = answer {
            self.block = Block::Aborted;
            self.held.clear();
            return Ok(failed(failure, Some(elapsed)));
        }
        self.observation(words, &before, elapsed)
    }

    /// `BEGIN`, the statement, a look, `COMMIT`: the same locks and the same work as in autocommit, but still to be seen.
    fn by_itself(&mut self, sql: &str, words: &[String]) -> Result<Observation, Error> {
        self.client.batch_execute("BEGIN")?;
        let before = self.look()?;
        let (answer, elapsed) = self.send(sql)?;
        match answer {
            Ok(()) => {
                let observation = self.observation(words, &before, elapsed)?;
                self.held.clear();
                let (commit, _) = self.send("COMMIT")?;
                Ok(commit.err().map_or(observation, |failure| failed(failure, Some(elapsed))))
            }
            Err(failure) => {
                self.client.batch_execute("ROLLBACK")?;
                // active_sql_transaction: not in a transaction block; invalid_transaction_termination: a procedure that commits.
                if matches!(failure.sqlstate.as_str(), "25001" | "2D000") {
                    self.outside_transaction(sql, words)
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

    fn send(&mut self, sql: &str) -> Result<(Answer, Duration), Error> {
        self.messages.take();
        let start = Instant::now();
        let answer = self.client.batch_execute(sql);
        let elapsed = start.elapsed();
        let answer = match answer {
            Ok(()) => Ok(()),
            Err(error) => Err(seen_failure(error)?),
        };
        Ok((answer, elapsed))
    }
}

fn failed(failure: SeenFailure, elapsed: Option<Duration>) -> Observation {
    Observation { failure: Some(failure), elapsed, ..Observation::default() }
}

/// The server's refusal; anything else is an error of the connection.
fn seen_failure(error: postgres::Error) -> Result<SeenFailure, Error> {
    let Some(refused) = error.as_db_error() else { return Err(Error::Server(error)) };
    let position = match refused.position() {
        Some(ErrorPosition::Original(at)) => Some(*at),
        Some(ErrorPosition::Internal { .. }) | None => None,
    };
    Ok(SeenFailure {
        sqlstate: refused.code().code().to_owned(),
        message: refused.message().to_owned(),
        detail: refused.detail().map(str::to_owned),
        position,
    })
}
