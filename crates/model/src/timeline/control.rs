//! Transaction control: what it is refused for, and what it does.

use super::{End, Fold, Open, OpenedBy, Savepoint};
use crate::Refusal;
use crate::catalog::Change;
use crate::effects::{Effects, Failure};
use crate::interpret::Interpretation;
use lockkeeper_syntax::ast::{Body, Persistence, Statement, Transaction};

impl Fold {
    /// What transaction control does as a statement: it locks nothing, but it can be refused.
    pub(super) fn transaction_control(&self, statement: &Statement, control: &Transaction) -> Interpretation {
        let refusal = match (control, &self.open) {
            (Transaction::Savepoint(_), None) => Some(Refusal::OutsideTransaction { what: "SAVEPOINT" }),
            (Transaction::Release(_), None) => Some(Refusal::OutsideTransaction { what: "RELEASE SAVEPOINT" }),
            (Transaction::RollbackTo(_), None) => Some(Refusal::OutsideTransaction { what: "ROLLBACK TO SAVEPOINT" }),
            (Transaction::Release(name) | Transaction::RollbackTo(name), Some(open))
                if !open.savepoints.iter().any(|it| it.name == name.text) =>
            {
                Some(Refusal::NoSuchSavepoint { name: name.text.clone() })
            }
            (Transaction::Prepare, Some(open)) if self.made_temporary(open) => {
                let message = "cannot PREPARE a transaction that has operated on temporary objects";
                Some(Refusal::Plain { sqlstate: "0A000", message })
            }
            (Transaction::CommitPrepared, Some(_)) => Some(Refusal::InsideTransaction { what: "COMMIT PREPARED" }),
            (Transaction::RollbackPrepared, Some(_)) => Some(Refusal::InsideTransaction { what: "ROLLBACK PREPARED" }),
            _ => None,
        };
        let failure = refusal.map(|refusal| Failure { refusal, span: statement.span, caused_by: None });
        Interpretation { effects: Effects { failure, ..Effects::default() }, ..Interpretation::default() }
    }

    fn made_temporary(&self, open: &Open) -> bool {
        open.undo.iter().any(|it| {
            let Change::Relation { id, to: None } = it else { return false };
            self.catalog.get(*id).is_some_and(|it| it.persistence == Persistence::Temporary)
        })
    }

    pub(super) fn obey(&mut self, control: &Transaction) {
        match control {
            Transaction::Begin | Transaction::Start => match &mut self.open {
                // BEGIN in a transaction block is only warned of; a simple query's own transaction becomes a block.
                Some(open) if open.info.opened_by == OpenedBy::SingleQuery => open.info.opened_by = OpenedBy::File,
                Some(_) => {}
                None => {
                    self.transactions -= 1;
                    self.begin(OpenedBy::File);
                }
            },
            Transaction::Commit { chain } => self.finish(End::Commit, *chain),
            Transaction::Rollback { chain } => self.finish(End::Rollback, *chain),
            Transaction::Prepare => self.finish(End::Commit, false),
            Transaction::CommitPrepared | Transaction::RollbackPrepared => {}
            Transaction::Savepoint(name) => {
                let session = self.session.clone();
                if let Some(open) = &mut self.open {
                    let (undo, held, failed) = (open.undo.len(), open.held.clone(), open.failed);
                    open.savepoints.push(Savepoint { name: name.text.clone(), undo, held, session, failed });
                    open.held.enter();
                }
            }
            Transaction::Release(name) => {
                if let Some(open) = &mut self.open
                    && let Some(at) = open.savepoints.iter().rposition(|it| it.name == name.text)
                {
                    open.savepoints.truncate(at);
                    open.held.leave(at);
                }
            }
            Transaction::RollbackTo(name) => self.rollback_to(&name.text),
        }
    }

    fn finish(&mut self, how: End, chain: bool) {
        let Some(open) = &self.open else { return };
        self.left |= open.info.opened_by == OpenedBy::Runner;
        self.end(Some(how));
        if chain {
            self.begin(OpenedBy::File);
        }
    }

    fn rollback_to(&mut self, name: &str) {
        let Some(open) = &mut self.open else { return };
        let Some(at) = open.savepoints.iter().rposition(|it| it.name == name) else { return };
        open.savepoints.truncate(at + 1);
        let savepoint = &open.savepoints[at];
        // Locks that were taken after the savepoint are released; see "Explicit Locking" in the manual.
        open.held = savepoint.held.clone();
        open.held.enter();
        open.failed = savepoint.failed;
        self.session = savepoint.session.clone();
        let changes = open.undo.split_off(savepoint.undo);
        self.undo(changes);
    }
}

/// Whether the statement is obeyed even in an aborted transaction.
pub(super) fn ends_transaction(body: &Body) -> bool {
    matches!(
        body,
        Body::Transaction(
            Transaction::Commit { .. }
                | Transaction::Rollback { .. }
                | Transaction::RollbackTo(_)
                | Transaction::Prepare
        )
    )
}
