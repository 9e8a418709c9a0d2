//! A database together with the history that has made it.

use crate::history::{History, Offer, Predicted};
use lockkeeper_model::Version;
use lockkeeper_rules::document::Sending;
use lockkeeper_syntax::{Span, parse};
use lockkeeper_verify::{Claim, Cluster, Envelope, Error, Observation, Run, Scratch, SeenFailure, observe, schema};

/// The same migrations on a server and in the model.
pub(crate) struct Ground {
    scratch: Scratch,
    history: History,
}

/// A statement after it has run.
pub(crate) struct Ran {
    /// Where it stands in its script.
    pub(crate) span: Span,
    pub(crate) sql: String,
    pub(crate) predicted: Claim,
    pub(crate) seen: Observation,
}

impl Ground {
    /// An empty database.
    pub(crate) fn new(cluster: &Cluster, version: Version) -> Result<Self, Error> {
        Ok(Self { scratch: Scratch::create(cluster.config())?, history: History::new(version) })
    }

    pub(crate) fn copy(&self) -> Result<Self, Error> {
        Ok(Self { scratch: self.scratch.copy()?, history: self.history.clone() })
    }

    /// Runs a script as the next migration. The second value is the error of its commit, if any.
    pub(crate) fn run(&mut self, sql: &str, sending: Sending) -> Result<(Vec<Ran>, Option<SeenFailure>), Error> {
        let Run { statements, commit } = self.send(sql, sending)?;
        let predicted = self.history.predictions().pop().unwrap_or_default();
        Ok((beside(sql, predicted, statements), commit))
    }

    /// Runs scripts one after the other, as `psql -f` would send them. Of one that cannot be run there is the reason.
    pub(crate) fn run_all(&mut self, scripts: &[&str]) -> Vec<Result<Vec<Ran>, Error>> {
        let runs: Vec<_> = scripts.iter().map(|sql| self.send(sql, Sending::OneByOne)).collect();
        let mut predicted = self.history.predictions().into_iter();
        let ran = runs.into_iter().zip(scripts).map(|(run, sql)| {
            let statements = run?.statements;
            Ok(beside(sql, predicted.next().unwrap_or_default(), statements))
        });
        ran.collect()
    }

    /// Runs a script on the server and enters it into the history, with what the server refused.
    fn send(&mut self, sql: &str, sending: Sending) -> Result<Run, Error> {
        let parsed = parse(sql);
        let statements: Vec<&str> = parsed.statements.iter().map(|it| it.span.of(sql)).collect();
        let envelope = match sending {
            Sending::Transaction => Envelope::OneTransaction,
            Sending::OneQuery => Envelope::OneQuery,
            Sending::OneByOne => Envelope::EachByItself,
        };
        let run = observe(&self.scratch, &statements, envelope)?;
        let mut refused: Vec<bool> = run.statements.iter().map(|it| it.failure.is_some()).collect();
        if let (Some(last), true) = (refused.last_mut(), run.commit.is_some()) {
            *last = true;
        }
        self.history.add(sql, parsed, sending, &refused);
        Ok(run)
    }

    /// The fixes that the rules offer for a script, were it the next migration.
    pub(crate) fn offers(&self, sql: &str, sending: Sending) -> Vec<Offer> {
        self.history.offers(sql, sending)
    }

    /// Every object with its definition.
    pub(crate) fn schema(&self) -> Result<Vec<String>, Error> {
        schema(&mut self.scratch.connect()?)
    }
}

/// Each prediction beside what was seen.
fn beside(sql: &str, predicted: Vec<Predicted>, seen: Vec<Observation>) -> Vec<Ran> {
    let ran = predicted.into_iter().zip(seen).map(|(it, seen)| Ran {
        span: it.span,
        sql: it.span.of(sql).to_owned(),
        predicted: it.claim,
        seen,
    });
    ran.collect()
}
