//! A prediction as a claim.

use lockkeeper_model::ObjectName;
use lockkeeper_model::record::StatementRecord;

use crate::compare::Claim;
use crate::lock_mode::LockMode;

/// What is predicted of a statement, views, indexes and new relations included. It speaks of ROW SHARE too.
impl From<&StatementRecord> for Claim {
    fn from(record: &StatementRecord) -> Self {
        let names = |all: &[ObjectName]| all.iter().map(ObjectName::to_string).collect();
        Self {
            locks: record.locks.iter().map(|it| (it.relation.to_string(), it.mode.into())).collect(),
            weakest: LockMode::RowShare,
            rewrites: names(&record.rewrites),
            scans: names(&record.scans),
            index_builds: names(&record.index_builds),
            sqlstate: record.failure.as_ref().map(|it| it.refusal.sqlstate().to_owned()),
        }
    }
}

impl From<lockkeeper_model::LockMode> for LockMode {
    fn from(mode: lockkeeper_model::LockMode) -> Self {
        use lockkeeper_model::LockMode::*;
        match mode {
            AccessShare => Self::AccessShare,
            RowShare => Self::RowShare,
            RowExclusive => Self::RowExclusive,
            ShareUpdateExclusive => Self::ShareUpdateExclusive,
            Share => Self::Share,
            ShareRowExclusive => Self::ShareRowExclusive,
            Exclusive => Self::Exclusive,
            AccessExclusive => Self::AccessExclusive,
        }
    }
}
