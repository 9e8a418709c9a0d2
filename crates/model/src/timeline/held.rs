//! Transactions, and what they hold.

use crate::catalog::RelationId;
use crate::effects::{LockMode, StatementId};

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
}
