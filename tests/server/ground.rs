//! A database together with the history that has made it.

use crate::history::{History, Offer, Predicted};
use lockkeeper_model::schema::{SchemaObjects, schema as schema_of};
use lockkeeper_model::timeline::Section;
use lockkeeper_model::{Envelope as Wrapping, Runner, Version};
use lockkeeper_rules::document::Sending;
use lockkeeper_sources::Script;
use lockkeeper_syntax::ast::{Body, Statement, Transaction};
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
        self.learn_zone();
        let runs: Vec<_> = scripts.iter().map(|sql| self.send(sql, Sending::OneByOne)).collect();
        let mut predicted = self.history.predictions().into_iter();
        let ran = runs.into_iter().zip(scripts).map(|(run, sql)| {
            let statements = run?.statements;
            Ok(beside(sql, predicted.next().unwrap_or_default(), statements))
        });
        ran.collect()
    }

    /// Runs the scripts of a history one after the other, each as its tool would send it. `COPY` from and to the client is left out:
    /// nobody is there to answer.
    pub(crate) fn run_scripts(&mut self, scripts: &[Script]) -> Vec<Result<Vec<Ran>, Error>> {
        let mut runs = Vec::new();
        self.learn_zone();
        for script in scripts {
            let mut parsed = (*script.parsed).clone();
            let sections = &script.sections;
            if sections.is_empty() {
                parsed.statements.retain(|it| !copies_with_client(it));
            }
            let sent = sent(&script.sql, &parsed.statements, script.runner, sections);
            let texts: Vec<&str> = sent.iter().map(|(_, text)| *text).collect();
            let run = observe(&self.scratch, &texts, Envelope::EachByItself).map(|run| {
                let seen = run.statements.into_iter().zip(&sent).filter(|(_, (own, _))| *own);
                seen.map(|(it, _)| it).collect::<Vec<_>>()
            });
            let refused: Vec<bool> = match &run {
                Ok(seen) => seen.iter().map(|it| it.failure.is_some()).collect(),
                // What was not run has changed nothing.
                Err(_) => vec![true; parsed.statements.len()],
            };
            self.history.add_sent(&script.sql, parsed, script.runner, sections, &refused);
            runs.push(run);
        }
        let predicted = self.history.predictions();
        let ran = runs.into_iter().zip(predicted).zip(scripts);
        ran.map(|((run, predicted), script)| Ok(beside(&script.sql, predicted, run?))).collect()
    }

    /// Takes the zone of the server's sessions for known.
    fn learn_zone(&mut self) {
        let zone = self.scratch.connect().ok().and_then(|mut it| it.query_one("SHOW TimeZone", &[]).ok());
        self.history.time_zone = zone.map(|it| it.get(0));
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

    /// What the history has made.
    pub(crate) fn predicted_schema(&self) -> Vec<SchemaObjects> {
        schema_of(&self.history.catalog(), self.history.version())
    }

    /// Every object with its definition.
    pub(crate) fn schema(&self) -> Result<Vec<String>, Error> {
        schema(&mut self.scratch.connect()?)
    }
}

/// What a tool sends for a script: its statements (`true`), and those that the tool adds to begin and end transactions.
fn sent<'s>(sql: &'s str, statements: &[Statement], runner: Runner, sections: &[Section]) -> Vec<(bool, &'s str)> {
    let mut sent = Vec::new();
    let mut runner = runner;
    // Whether the transaction of the tool is open, and whether the script has ended it; the tool does not open another.
    let (mut open, mut left) = (false, false);
    // Whether the script has begun one of its own.
    let mut begun = false;
    for (at, statement) in statements.iter().enumerate() {
        let section = sections.iter().find(|it| it.from == at);
        let alone = runner.alone.takes(&statement.body);
        if open && (alone || section.is_some()) {
            sent.push((false, "COMMIT"));
            open = false;
        }
        if let Some(section) = section {
            (runner, left) = (section.runner, false);
        }
        let wraps = match runner.transaction {
            Wrapping::File | Wrapping::Run => !left,
            // The server opens another for what follows in the query.
            Wrapping::None => runner.single_query && statements.len() > 1 && !begun,
        };
        if wraps && !open && !alone {
            sent.push((false, "BEGIN"));
            open = true;
        }
        sent.push((true, statement.span.of(sql)));
        match &statement.body {
            Body::Transaction(Transaction::Commit { .. } | Transaction::Rollback { .. }) => {
                (open, left, begun) = (false, true, false);
            }
            // What a query begins does not end with it.
            Body::Transaction(Transaction::Begin | Transaction::Start) if runner.transaction == Wrapping::None => {
                (open, begun) = (false, true);
            }
            _ => {}
        }
    }
    if open {
        sent.push((false, "COMMIT"));
    }
    sent
}

fn copies_with_client(statement: &Statement) -> bool {
    matches!(&statement.body, Body::Copy(it) if it.with_client)
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
