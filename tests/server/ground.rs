//! A database together with the history that has made it.

use crate::history::{History, Offer};
use lockkeeper_model::Version;
use lockkeeper_rules::document::Sending;
use lockkeeper_syntax::Span;
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
        let predicted = self.history.add(sql, sending);
        let text = |span: Span| &sql[span.start as usize..span.end as usize];
        let statements: Vec<&str> = predicted.iter().map(|it| text(it.span)).collect();
        let run = match sending {
            Sending::Transaction => observe(&self.scratch, &statements, Envelope::OneTransaction)?,
            Sending::OneQuery if statements.len() > 1 => self.one_query(sql, &statements)?,
            Sending::OneByOne | Sending::OneQuery => observe(&self.scratch, &statements, Envelope::EachByItself)?,
        };
        let refused: Vec<bool> = run.statements.iter().map(|it| it.failure.is_some()).collect();
        self.history.forget(&refused, sending);
        let ran = predicted.into_iter().zip(run.statements).map(|(it, seen)| Ran {
            span: it.span,
            sql: text(it.span).to_owned(),
            predicted: it.claim,
            seen,
        });
        Ok((ran.collect(), run.commit))
    }

    /// Several statements in one simple query run in one transaction, but cannot be seen one by one. So a transaction on a
    /// copy shows what each does, and the query itself shows whether the server accepts them.
    fn one_query(&self, sql: &str, statements: &[&str]) -> Result<Run, Error> {
        let mut run = observe(&self.scratch.copy()?, statements, Envelope::OneTransaction)?;
        let answer = self.scratch.connect()?.batch_execute(sql);
        let failed = run.statements.iter().position(|it| it.failure.is_some()).unwrap_or(statements.len() - 1);
        run.statements[failed].failure = match answer {
            Ok(()) => None,
            Err(error) => match error.as_db_error() {
                Some(refused) => Some(SeenFailure {
                    sqlstate: refused.code().code().to_owned(),
                    message: refused.message().to_owned(),
                    detail: refused.detail().map(str::to_owned),
                    position: None,
                }),
                None => return Err(Error::Server(error)),
            },
        };
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
