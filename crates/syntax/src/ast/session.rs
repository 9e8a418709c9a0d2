//! Transactions and settings.

use super::Name;
use crate::Span;

/// Transaction control.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Transaction {
    /// `BEGIN`.
    Begin,
    /// `START TRANSACTION`.
    Start,
    /// `COMMIT`, `END`; with `AND CHAIN`.
    Commit {
        /// `AND CHAIN`.
        chain: bool,
    },
    /// `ROLLBACK`, `ABORT`; with `AND CHAIN`.
    Rollback {
        /// `AND CHAIN`.
        chain: bool,
    },
    /// `SAVEPOINT name`.
    Savepoint(Name),
    /// `RELEASE name`.
    Release(Name),
    /// `ROLLBACK TO name`.
    RollbackTo(Name),
    /// `PREPARE TRANSACTION`.
    Prepare,
    /// `COMMIT PREPARED`.
    CommitPrepared,
    /// `ROLLBACK PREPARED`.
    RollbackPrepared,
}

impl Transaction {
    /// The command tag.
    pub fn tag(&self) -> &'static str {
        match self {
            Transaction::Begin => "BEGIN",
            Transaction::Start => "START TRANSACTION",
            Transaction::Commit { .. } => "COMMIT",
            Transaction::Rollback { .. } | Transaction::RollbackTo(_) => "ROLLBACK",
            Transaction::Savepoint(_) => "SAVEPOINT",
            Transaction::Release(_) => "RELEASE",
            Transaction::Prepare => "PREPARE TRANSACTION",
            Transaction::CommitPrepared => "COMMIT PREPARED",
            Transaction::RollbackPrepared => "ROLLBACK PREPARED",
        }
    }
}

/// `SET`, `RESET`, and `SELECT set_config(…)` with constant arguments is a query that holds a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// The setting, lower case, as `lock_timeout`; empty for `RESET ALL`.
    pub name: String,
    /// What becomes of it.
    pub value: SetValue,
    /// `LOCAL`.
    pub local: bool,
    /// The whole statement's values, for messages.
    pub value_span: Span,
}

/// The new value of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SetValue {
    /// The listed values, without quotes.
    To(Vec<String>),
    /// `DEFAULT`, `RESET`.
    Default,
    /// `RESET ALL`.
    ResetAll,
    /// `FROM CURRENT`.
    Current,
    /// `SET TRANSACTION …`, `SET SESSION CHARACTERISTICS …`.
    Transaction,
}

impl Set {
    /// The command tag.
    pub fn tag(&self) -> &'static str {
        match self.value {
            SetValue::ResetAll => "RESET",
            _ => "SET",
        }
    }
}
