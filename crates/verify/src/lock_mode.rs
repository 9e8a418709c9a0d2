//! The eight table-level lock modes, as the server shows them.

use std::fmt;
use std::str::FromStr;

/// A table-level lock mode. The order is the server's own numbering, weakest first
/// (manual, "Explicit Locking"; `lockdefs.h`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LockMode {
    /// Taken by `SELECT`.
    AccessShare,
    /// Taken by `SELECT … FOR UPDATE`.
    RowShare,
    /// Taken by `INSERT`, `UPDATE`, `DELETE`, `MERGE`.
    RowExclusive,
    /// Taken by `VACUUM`, `CREATE INDEX CONCURRENTLY`, `VALIDATE CONSTRAINT`.
    ShareUpdateExclusive,
    /// Taken by `CREATE INDEX`.
    Share,
    /// Taken by `CREATE TRIGGER`, `ADD FOREIGN KEY`.
    ShareRowExclusive,
    /// Taken by `REFRESH MATERIALIZED VIEW CONCURRENTLY`.
    Exclusive,
    /// Taken by `DROP TABLE`, `TRUNCATE` and most forms of `ALTER TABLE`.
    AccessExclusive,
}

impl LockMode {
    /// Every mode, weakest first.
    pub const ALL: [Self; 8] = [
        Self::AccessShare,
        Self::RowShare,
        Self::RowExclusive,
        Self::ShareUpdateExclusive,
        Self::Share,
        Self::ShareRowExclusive,
        Self::Exclusive,
        Self::AccessExclusive,
    ];

    /// The words of `LOCK TABLE … IN … MODE`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        }
    }

    /// Whether two sessions cannot hold these modes on one table at once (the manual's table "Conflicting Lock Modes").
    pub fn conflicts_with(self, other: Self) -> bool {
        use LockMode::*;
        let (weaker, stronger) = if self <= other { (self, other) } else { (other, self) };
        match weaker {
            AccessShare => stronger == AccessExclusive,
            RowShare => stronger >= Exclusive,
            RowExclusive => stronger >= Share,
            ShareUpdateExclusive => true,
            Share => stronger != Share,
            ShareRowExclusive | Exclusive | AccessExclusive => true,
        }
    }

    /// Reads the name in `pg_locks.mode`, such as `AccessExclusiveLock`. `SIReadLock` is a predicate lock and blocks nobody.
    pub(crate) fn from_pg_locks(mode: &str) -> Option<Self> {
        let words = mode.strip_suffix("Lock")?;
        Self::ALL
            .into_iter()
            .find(|it| it.as_str().chars().filter(|c| *c != ' ').eq(words.to_ascii_uppercase().chars()))
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text is none of the eight lock modes.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a lock mode")]
pub struct UnknownLockMode(String);

impl FromStr for LockMode {
    type Err = UnknownLockMode;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|it| it.as_str() == text).ok_or_else(|| UnknownLockMode(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_read_as_the_server_writes_them() {
        assert_eq!(LockMode::from_pg_locks("AccessExclusiveLock"), Some(LockMode::AccessExclusive));
        assert_eq!(LockMode::from_pg_locks("ShareUpdateExclusiveLock"), Some(LockMode::ShareUpdateExclusive));
        assert_eq!(LockMode::from_pg_locks("ShareLock"), Some(LockMode::Share));
        assert_eq!(LockMode::from_pg_locks("SIReadLock"), None);
        assert_eq!("ROW SHARE".parse(), Ok(LockMode::RowShare));
    }

    /// The table of the manual, one row a mode, `X` where the two conflict.
    #[test]
    fn conflicts_are_those_of_the_manual() {
        let manual = [".......X", "......XX", "....XXXX", "...XXXXX", "..XX.XXX", "..XXXXXX", ".XXXXXXX", "XXXXXXXX"];
        for (mode, row) in LockMode::ALL.into_iter().zip(manual) {
            let ours: String =
                LockMode::ALL.into_iter().map(|other| if mode.conflicts_with(other) { 'X' } else { '.' }).collect();
            assert_eq!(ours, row, "{mode}");
        }
    }
}
