//! A history written down: what each statement does and what each transaction holds, with names instead of ids.

use crate::effects::{Assumption, Effects, Failure, Lock, LockMode, StatementId};
use crate::timeline::{Failures, History, Inside, OpenedBy, Options, Script, Step, replay};
use crate::{Catalog, ObjectName, Origin, RelationId};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Body, Transaction};

/// What a history does, in order.
#[derive(Debug)]
pub struct Record {
    /// Each statement.
    pub statements: Vec<StatementRecord>,
    /// Each transaction; a statement that commits by itself is one.
    pub transactions: Vec<TransactionRecord>,
    /// The schema at the end.
    pub history: History,
}

/// What one statement does on the server.
#[derive(Clone, Debug, PartialEq)]
pub struct StatementRecord {
    /// Which.
    pub id: StatementId,
    /// Where it stands in its script.
    pub span: Span,
    /// Its command tag; none for text that does not parse.
    pub kind: Option<&'static str>,
    /// The number of its transaction.
    pub transaction: u32,
    /// Whether it runs only under a condition that is not known.
    pub possible: bool,
    /// Its locks.
    pub locks: Vec<LockRecord>,
    /// Relations that get a new file.
    pub rewrites: Vec<ObjectName>,
    /// Tables that are read in full to verify them.
    pub scans: Vec<ObjectName>,
    /// Indexes that are built.
    pub index_builds: Vec<ObjectName>,
    /// The statements inside a body that it runs.
    pub inside: Vec<Span>,
    /// What the server says, if it refuses.
    pub failure: Option<Failure>,
    /// What the prediction rests on.
    pub assumed: Vec<Assumption>,
}

/// A lock of a statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LockRecord {
    /// The relation.
    pub relation: ObjectName,
    /// The mode.
    pub mode: LockMode,
    /// Whether the same script created the relation, so that nobody uses it yet.
    pub new: bool,
}

/// What one transaction holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransactionRecord {
    /// Its number, from 1.
    pub id: u32,
    /// Who opened it.
    pub opened_by: OpenedBy,
    /// How many statements it has, `BEGIN` and `COMMIT` included.
    pub statements: u32,
    /// Its locks, in order of acquisition.
    pub held: Vec<HeldRecord>,
}

/// A lock from the statement that takes it to the one that lets it go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldRecord {
    /// The relation.
    pub relation: ObjectName,
    /// The mode.
    pub mode: LockMode,
    /// The number of the statement that takes it, from 1, within the transaction.
    pub from: u32,
    /// The number of the last statement during which it is held.
    pub to: u32,
}

/// Replays a history as the server would run it, so that a refused statement changes nothing, and writes down what it
/// does. `also` sees each step as well.
pub fn record(scripts: &[Script<'_>], options: &Options, also: &mut dyn FnMut(&Step<'_>)) -> Record {
    let statements = scripts.iter().map(|it| it.statements.len()).sum();
    let mut recorder = Recorder { statements: Statements(Vec::with_capacity(statements)), ..Recorder::default() };
    let mut options = options.clone();
    if options.failures == Failures::Mended {
        options.failures = Failures::Real;
    }
    let history = replay(scripts, &options, &mut |step| {
        recorder.see(step);
        also(step);
    });
    recorder.finish(history)
}

/// Writes down what a history does while somebody replays it.
#[derive(Debug, Default)]
pub struct Recorder {
    statements: Statements,
    transactions: Vec<TransactionRecord>,
    /// See [`Recorder::is_real`].
    mended: bool,
}

impl Recorder {
    /// Takes in the next step.
    pub fn see(&mut self, step: &Step<'_>) {
        let alone = step.inside.is_none() && step.transaction.opened_by == OpenedBy::Statement;
        let unread = matches!(step.statement.body, Body::Unreadable(_));
        self.mended |= step.failure.is_some() && !(unread && alone);
        self.statements.see(step);
        hold(step, &mut self.transactions);
    }

    /// Whether the server would have gone on in the same way, even if failures were mended: nothing was refused but
    /// text that does not parse, which changes nothing where it is a transaction of its own.
    pub fn is_real(&self) -> bool {
        !self.mended
    }

    /// The record, with the schema at the end.
    pub fn finish(mut self, history: History) -> Record {
        for transaction in &mut self.transactions {
            close(transaction, transaction.statements);
        }
        Record { statements: self.statements.0, transactions: self.transactions, history }
    }
}

/// Writes down what statements do while a history is replayed.
#[derive(Clone, Debug, Default)]
pub struct Statements(pub Vec<StatementRecord>);

impl Statements {
    /// Takes in the next step. What happens inside a statement belongs to it.
    pub fn see(&mut self, step: &Step<'_>) {
        match step.inside {
            Some(inside) => self.0.last_mut().into_iter().for_each(|outer| add(outer, step, inside)),
            None => self.0.push(statement(step)),
        }
    }
}

fn statement(step: &Step<'_>) -> StatementRecord {
    let nothing = Effects::default();
    let effects = if step.failure.is_some() { &nothing } else { step.effects };
    let name = |id: RelationId| name_of(step.catalog, id);
    let lock =
        |it: &Lock| Some(LockRecord { relation: name(it.relation)?, mode: it.mode, new: step.is_new(it.relation) });
    let mut locks: Vec<LockRecord> = effects.locks.iter().filter_map(lock).collect();
    // A long script has as many of these lists as statements.
    locks.shrink_to_fit();
    StatementRecord {
        id: step.id,
        span: step.statement.span,
        kind: step.statement.body.tag(),
        transaction: step.transaction.id,
        possible: step.statement.possible,
        locks,
        rewrites: effects.rewrites.iter().filter_map(|it| name(it.relation)).collect(),
        scans: effects.scans.iter().filter_map(|it| name(it.relation)).collect(),
        index_builds: effects.index_builds.iter().map(|it| it.index.clone()).collect(),
        inside: Vec::new(),
        failure: step.failure.cloned(),
        assumed: step.effects.assumed.clone(),
    }
}

/// Adds to a statement what one inside it does.
fn add(outer: &mut StatementRecord, step: &Step<'_>, inside: Inside) {
    if outer.failure.is_some() {
        return;
    }
    if step.statement.span != outer.span {
        outer.inside.push(step.statement.span);
    }
    outer.possible |= inside.possible;
    let inner = statement(step);
    if inner.failure.is_some() {
        outer.locks.clear();
        [&mut outer.rewrites, &mut outer.scans, &mut outer.index_builds].into_iter().for_each(Vec::clear);
        outer.failure = inner.failure;
        return;
    }
    // What the statement itself has made did not exist before it.
    let own = |name: &ObjectName| {
        let place = step.catalog.relation(name).map(|(_, it)| it.origin);
        matches!(place, Some(Origin::Created(place)) if place.statement == step.id)
    };
    for lock in inner.locks.into_iter().filter(|it| !own(&it.relation)) {
        match outer.locks.iter_mut().find(|it| it.relation == lock.relation) {
            Some(held) => held.mode = held.mode.max(lock.mode),
            None => outer.locks.push(lock),
        }
    }
    let merge = |all: &mut Vec<ObjectName>, more: Vec<ObjectName>| {
        for name in more {
            if !own(&name) && !all.contains(&name) {
                all.push(name);
            }
        }
    };
    merge(&mut outer.rewrites, inner.rewrites);
    merge(&mut outer.scans, inner.scans);
    merge(&mut outer.index_builds, inner.index_builds);
    outer.scans.retain(|it| !outer.rewrites.contains(it));
    for it in inner.assumed {
        if !outer.assumed.contains(&it) {
            outer.assumed.push(it);
        }
    }
}

fn name_of(catalog: &Catalog, id: RelationId) -> Option<ObjectName> {
    catalog.get(id).map(|it| it.name.clone())
}

/// Enters the statement's locks into its transaction.
fn hold(step: &Step<'_>, transactions: &mut Vec<TransactionRecord>) {
    if transactions.last().is_none_or(|it| it.id != step.transaction.id) {
        transactions.push(TransactionRecord {
            id: step.transaction.id,
            opened_by: step.transaction.opened_by,
            statements: 0,
            held: Vec::new(),
        });
    }
    let Some(transaction) = transactions.last_mut() else { return };
    if step.inside.is_none() {
        transaction.statements += 1;
    }
    let number = transaction.statements;
    if let Body::Transaction(Transaction::RollbackTo(_)) = &step.statement.body {
        release(step, transaction, number);
    }
    if step.failure.is_some() {
        // Of a statement that fails inside, nothing stays.
        transaction.held.retain(|it| it.from != number || step.inside.is_none());
        return;
    }
    if transaction.held.is_empty() {
        // Most transactions are one statement.
        transaction.held.reserve_exact(step.effects.locks.len());
    }
    for lock in &step.effects.locks {
        let Some(relation) = name_of(step.catalog, lock.relation) else { continue };
        let held = transaction.held.iter().any(|it| it.relation == relation && it.mode >= lock.mode && it.to == 0);
        if !held {
            transaction.held.push(HeldRecord { relation, mode: lock.mode, from: number, to: 0 });
        }
    }
}

/// Ends what was taken since the savepoint.
fn release(step: &Step<'_>, transaction: &mut TransactionRecord, number: u32) {
    let Some(kept) = step.kept else { return };
    for held in transaction.held.iter_mut().filter(|it| it.to == 0) {
        let keeps = kept
            .locks
            .iter()
            .any(|it| it.mode >= held.mode && name_of(step.catalog, it.relation).is_some_and(|it| it == held.relation));
        if !keeps {
            held.to = number;
        }
    }
}

fn close(transaction: &mut TransactionRecord, last: u32) {
    for held in &mut transaction.held {
        if held.to == 0 {
            held.to = last;
        }
    }
}
