//! The report of `effects`.

mod hover;
mod human;
mod json;

pub use hover::hover;
pub use human::human;
pub use json::{json, write_json};

use lockkeeper_model::record::{Record, StatementRecord, TransactionRecord};
use lockkeeper_model::{Assumption, StatementId, Version};
use lockkeeper_sources::Script;

/// What histories do, with what is needed to say where.
#[derive(Clone, Copy, Debug)]
pub struct Recorded<'a> {
    /// The histories.
    pub histories: &'a [RecordedHistory<'a>],
    /// The server.
    pub version: Version,
}

/// What one history does.
#[derive(Clone, Debug)]
pub struct RecordedHistory<'a> {
    /// Its record.
    pub record: &'a Record,
    /// Its scripts, in the order in which the record counts them, and whether each is asked about.
    pub scripts: Vec<(&'a Script, bool)>,
}

/// A statement that is asked about.
pub(crate) struct Shown<'a> {
    pub(crate) record: &'a StatementRecord,
    pub(crate) script: &'a Script,
    /// The number of its transaction among all histories.
    pub(crate) transaction: u32,
    /// The place among all statements shown, from 1, of the failure that causes its own.
    pub(crate) caused_by: Option<usize>,
}

/// What is asked about, of all histories.
pub(crate) struct Selection<'a> {
    pub(crate) statements: Vec<Shown<'a>>,
    /// Each transaction with its number among all histories.
    transactions: Vec<(u32, &'a TransactionRecord)>,
}

impl<'a> Selection<'a> {
    pub(crate) fn new(recorded: Recorded<'a>) -> Self {
        let mut all = Selection { statements: Vec::new(), transactions: Vec::new() };
        let mut earlier = 0;
        for history in recorded.histories {
            all.add(history, earlier);
            earlier += history.record.history.transactions;
        }
        all
    }

    fn add(&mut self, history: &'a RecordedHistory<'a>, earlier: u32) {
        let first = self.statements.len();
        let mut shown = vec![false; history.record.history.transactions as usize + 1];
        for record in &history.record.statements {
            let Some(&(script, true)) = history.scripts.get(record.id.script as usize) else { continue };
            shown.get_mut(record.transaction as usize).into_iter().for_each(|it| *it = true);
            // A record has its statements in the order of their ids.
            let place = |id: StatementId| self.statements[first..].binary_search_by_key(&id, |it| it.record.id).ok();
            let cause = record.failure.as_ref().and_then(|it| it.caused_by).and_then(place);
            self.statements.push(Shown {
                record,
                script,
                transaction: earlier + record.transaction,
                caused_by: cause.map(|it| first + it + 1),
            });
        }
        let of_shown = |it: &&TransactionRecord| shown.get(it.id as usize).is_some_and(|it| *it);
        let transactions = history.record.transactions.iter().filter(of_shown);
        self.transactions.extend(transactions.map(|it| (earlier + it.id, it)));
    }
}

/// What a prediction rests on, in words.
fn assumption(assumed: &Assumption) -> String {
    match assumed {
        Assumption::RelationExists(name) => format!("{name} exists with rows and traffic; no migration creates it"),
        Assumption::OpaqueCode => "the code that the statement runs is not read".to_owned(),
    }
}
