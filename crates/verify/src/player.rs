//! Migrations on a scratch database, as their tool sends them, with what stands in their way left out.

use std::collections::BTreeSet;

use crate::Error;
use crate::lacking::{Lack, lack, misses_a_name};
use crate::observe::{Envelope, Observation, SeenFailure, one_query};
use crate::reach::{Reach, beyond};
use crate::scratch::Scratch;
use crate::session::{Sent, Session};
use crate::words::{Kind, kind, words};

/// Statements that are sent in one way.
#[derive(Debug, Clone)]
pub struct Part<'a> {
    /// How.
    pub envelope: Envelope,
    /// Whether it begins in a new session.
    pub new_session: bool,
    /// The statements.
    pub turns: Vec<Turn<'a>>,
}

impl Part<'_> {
    /// Whether it is to be known of any of the statements what it does.
    pub fn observes(&self) -> bool {
        self.turns.iter().any(|it| matches!(it.wish, Wish::Observe | Wish::ObservePerhaps))
    }
}

/// A statement and what is wanted of it.
#[derive(Debug, Clone, Copy)]
pub struct Turn<'a> {
    /// The statement.
    pub sent: Sent<'a>,
    /// What is wanted.
    pub wish: Wish,
}

/// What is wanted of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// To know what it does. A refusal stands as its tool would meet it.
    Observe,
    /// The same, but it runs only under a condition that is not known: a refusal means nothing.
    ObservePerhaps,
    /// Only that it has run. A refusal stands.
    Run,
    /// Only that it has run, as part of the ground for others. A refusal is passed over.
    Apply,
    /// Nothing, since what would be sent is not known.
    Skip,
}

/// What became of a statement.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The server ran or refused it.
    Ran(Box<Observation>),
    /// It has changed nothing, and the rest goes on without it.
    LeftOut(LeftOut),
}

/// Why a statement was left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOut {
    /// It reaches beyond the scratch database.
    Beyond(Reach),
    /// The server lacks what it needs.
    Lacks(Lack, SeenFailure),
    /// It needs what an earlier statement would have made that was left out.
    NeedsLeftOut(SeenFailure),
    /// The server refuses it, and it is only part of the ground.
    Refused(SeenFailure),
    /// The server refuses it, and whether it runs depends on a condition that is not known.
    RefusedPerhaps(SeenFailure),
    /// What its tool would send is not known.
    NotKnown,
}

/// What the player may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Run what reaches beyond the database.
    pub cluster_wide: bool,
    /// Make roles that are missing; only on a server that is thrown away.
    pub make_roles: bool,
}

/// Runs parts one after the other on a scratch database.
pub struct Player<'a> {
    scratch: &'a Scratch,
    limits: Limits,
    session: Option<Session<'a>>,
    /// Whether the open session looks.
    observes: bool,
    /// Whether something was left out that others may need.
    lacking: bool,
    roles: BTreeSet<String>,
}

impl<'a> Player<'a> {
    /// Nothing has run yet.
    pub fn new(scratch: &'a Scratch, limits: Limits) -> Self {
        Self { scratch, limits, session: None, observes: false, lacking: false, roles: BTreeSet::new() }
    }

    /// The roles that were missing and were made, in order of name.
    pub fn made_roles(&self) -> impl Iterator<Item = &str> {
        self.roles.iter().map(String::as_str)
    }

    /// Ends the session, so that nobody is connected to the database. What is not committed is gone.
    pub fn end_session(&mut self) {
        self.session = None;
    }

    /// Runs a part and adds to `outcomes` one for each of its statements.
    ///
    /// # Errors
    /// As [`observe`](crate::observe()); `outcomes` then ends before the statement at fault.
    pub fn play(&mut self, part: &Part<'_>, outcomes: &mut Vec<Outcome>) -> Result<(), Error> {
        if part.new_session {
            self.session = None;
        }
        let observes = part.observes();
        if part.envelope == Envelope::OneQuery && observes && self.is_exact(part) {
            return self.play_query(part, outcomes);
        }
        self.ready(observes)?;
        let in_transaction = part.envelope != Envelope::EachByItself && part.turns.len() > 1
            || part.envelope == Envelope::OneTransaction;
        if in_transaction {
            self.send("BEGIN")?;
        }
        for (at, turn) in part.turns.iter().enumerate() {
            // Behind a COMMIT in it a query goes on in a transaction of its own again.
            let goes_on = in_transaction && part.envelope == Envelope::OneQuery && at > 0;
            if let Some(session) = self.session.as_mut().filter(|_| goes_on) {
                session.enter_block()?;
            }
            let outcome = self.turn(turn)?;
            outcomes.push(outcome);
        }
        let open = self.session.as_ref().is_some_and(Session::in_block);
        if in_transaction
            && open
            && let Some(failure) = self.send("COMMIT")?.failure
        {
            fail_last(outcomes, failure);
        }
        Ok(())
    }

    /// Whether the part can only be judged by really sending it as one query: it steers transactions. Everything else does in a
    /// block what it does in the query's own transaction.
    fn is_exact(&self, part: &Part<'_>) -> bool {
        let steers =
            |it: &Turn<'_>| !matches!(kind(&words(it.sent.sql)), Kind::Ordinary | Kind::Setting | Kind::CopyFromStdin);
        let plain =
            |it: &Turn<'_>| it.wish == Wish::Observe && it.sent.rows.is_none() && self.reach(it.sent.sql).is_none();
        let whole = part.turns.iter().all(plain);
        whole && part.turns.len() > 1 && part.turns.iter().any(steers)
    }

    fn play_query(&mut self, part: &Part<'_>, outcomes: &mut Vec<Outcome>) -> Result<(), Error> {
        self.session = None;
        let statements: Vec<&str> = part.turns.iter().map(|it| it.sent.sql).collect();
        let run = one_query(self.scratch, &statements)?;
        outcomes.extend(run.statements.into_iter().map(|it| Outcome::Ran(Box::new(it))));
        Ok(())
    }

    /// A session that looks, or need not.
    fn ready(&mut self, observes: bool) -> Result<(), Error> {
        if self.session.is_none() || self.observes != observes {
            let open = if observes { Session::open } else { Session::unobserved };
            self.session = Some(open(self.scratch)?);
            self.observes = observes;
        }
        Ok(())
    }

    fn reach(&self, sql: &str) -> Option<Reach> {
        if self.limits.cluster_wide { None } else { beyond(sql) }
    }

    fn turn(&mut self, turn: &Turn<'_>) -> Result<Outcome, Error> {
        let left_out = match (turn.wish, self.reach(turn.sent.sql)) {
            (Wish::Skip, _) => Some(LeftOut::NotKnown),
            (_, Some(reach)) => Some(LeftOut::Beyond(reach)),
            (_, None) => None,
        };
        if let Some(left_out) = left_out {
            self.lacking = true;
            return Ok(Outcome::LeftOut(left_out));
        }
        loop {
            let lacking = self.lacking;
            let mut why = None;
            let mut forgives = |failure: &SeenFailure| {
                why = forgiven(turn, failure, lacking);
                why.is_some()
            };
            let Some(session) = &mut self.session else { return Err(Error::Answer("no session is open".to_owned())) };
            let (observation, _) = session.try_run(turn.sent, &mut forgives)?;
            match why {
                None => return Ok(Outcome::Ran(Box::new(observation))),
                Some(LeftOut::Lacks(Lack::Role(role), _)) if self.limits.make_roles && !self.roles.contains(&role) => {
                    self.make_role(role)?;
                }
                Some(left_out) => {
                    self.lacking |= !matches!(left_out, LeftOut::RefusedPerhaps(_));
                    return Ok(Outcome::LeftOut(left_out));
                }
            }
        }
    }

    /// Roles are the server's, so another session can make one while this one is in a transaction.
    fn make_role(&mut self, role: String) -> Result<(), Error> {
        let quoted = role.replace('"', "\"\"");
        self.scratch.connect()?.batch_execute(&format!("CREATE ROLE \"{quoted}\""))?;
        self.roles.insert(role);
        Ok(())
    }

    fn send(&mut self, sql: &str) -> Result<Observation, Error> {
        match &mut self.session {
            Some(session) => session.run(sql.into()),
            None => Err(Error::Answer("no session is open".to_owned())),
        }
    }
}

/// Why a refusal is no fault of the migration, if it is none.
fn forgiven(turn: &Turn<'_>, failure: &SeenFailure, lacking: bool) -> Option<LeftOut> {
    // In an aborted transaction nothing is to be forgiven any more.
    if failure.sqlstate == "25P02" {
        return None;
    }
    if let Some(lack) = lack(turn.sent.sql, failure) {
        return Some(LeftOut::Lacks(lack, failure.clone()));
    }
    // undefined_parameter: the tool sends values beside the text.
    if failure.sqlstate == "42P02" {
        return Some(LeftOut::NotKnown);
    }
    if lacking && (misses_a_name(failure) || failure.depends_on_rows()) {
        return Some(LeftOut::NeedsLeftOut(failure.clone()));
    }
    match turn.wish {
        Wish::Apply => Some(LeftOut::Refused(failure.clone())),
        Wish::ObservePerhaps => Some(LeftOut::RefusedPerhaps(failure.clone())),
        Wish::Observe | Wish::Run | Wish::Skip => None,
    }
}

/// A COMMIT that fails has undone what the last statement did too.
fn fail_last(outcomes: &mut [Outcome], failure: SeenFailure) {
    if let Some(Outcome::Ran(last)) = outcomes.last_mut() {
        last.failure = Some(failure);
    }
}
