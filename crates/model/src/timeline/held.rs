//! Transactions, and what they hold.

use crate::catalog::RelationId;
use crate::effects::{Effects, LockMode, StatementId};
use lockkeeper_syntax::ast::{Body, Statement};
use rustc_hash::FxHashMap;

/// The transaction of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TransactionInfo {
    /// Its number in the history, from 1.
    pub id: u32,
    /// Who opened it.
    pub opened_by: OpenedBy,
}

/// Who opened a transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenedBy {
    /// Nobody: the statement commits by itself.
    Statement,
    /// `BEGIN` in the file.
    File,
    /// The tool that runs the file.
    Runner,
    /// The server, because the file arrives as one simple query of several statements.
    SingleQuery,
}

/// What a transaction holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Held {
    /// The strongest mode per relation, in order of first acquisition.
    pub locks: Vec<HeldLock>,
    /// Tables with new rows that a deferred foreign key checks at the end.
    pub(super) pending: Vec<RelationId>,
    /// Whether it is not known what is checked when.
    pub(super) checks_unknown: bool,
    /// Tables whose file is new, and how many subtransactions deep it was made.
    files: FxHashMap<RelationId, usize>,
    /// How many subtransactions are open.
    depth: usize,
}

/// One lock that is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldLock {
    /// The relation.
    pub relation: RelationId,
    /// The strongest mode so far.
    pub mode: LockMode,
    /// The statement that took it in this mode.
    pub since: StatementId,
}

impl Held {
    /// The lock on `relation`, if any.
    pub fn on(&self, relation: RelationId) -> Option<HeldLock> {
        self.locks.iter().copied().find(|it| it.relation == relation)
    }

    pub(super) fn take(&mut self, relation: RelationId, mode: LockMode, since: StatementId) {
        match self.locks.iter_mut().find(|it| it.relation == relation) {
            Some(held) if held.mode >= mode => {}
            Some(held) => (held.mode, held.since) = (mode, since),
            None => self.locks.push(HeldLock { relation, mode, since }),
        }
    }

    /// How many subtransactions are open.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// A savepoint is set.
    pub(super) fn enter(&mut self) {
        self.depth += 1;
    }

    /// Savepoints are released: what they did is done by what is around them, `depth` deep.
    pub(super) fn leave(&mut self, depth: usize) {
        self.depth = depth;
        self.files.values_mut().for_each(|at| *at = depth.min(*at));
    }

    /// Notes the tables that a statement has written to a new file.
    pub(super) fn note_files(&mut self, effects: &Effects, created: &[RelationId]) {
        let written = effects.rewrites.iter().map(|it| it.relation).chain(created.iter().copied());
        self.files.extend(written.map(|it| (it, self.depth)));
    }

    /// `TRUNCATE` empties a file that its own subtransaction has made where it is; `ExecuteTruncateGuts` in
    /// `src/backend/commands/tablecmds.c`.
    pub(super) fn keep_files(&self, statement: &Statement, effects: &mut Effects) {
        if matches!(statement.body, Body::Truncate(_)) {
            effects.rewrites.retain(|it| self.files.get(&it.relation) != Some(&self.depth));
        }
    }
}
