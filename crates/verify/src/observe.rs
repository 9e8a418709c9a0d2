//! What one statement did on a real server, as plain data: made by [`observe`], read by [`compare`](crate::compare()) and by whoever
//! wants to show it.
//!
//! Relations are named `schema.name`, each part quoted where SQL wants quotes; temporary ones are in `pg_temp`. Catalogs and
//! TOAST tables are left out: their locks and files are the server's own business.

use std::fmt;
use std::time::Duration;

use crate::lock_mode::LockMode;
use crate::scratch::Scratch;
use crate::session::{Session, seen_failure};
use crate::{Error, words};

/// How the statements of a script are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Envelope {
    /// `BEGIN`, all statements, `COMMIT`.
    OneTransaction,
    /// Every statement commits by itself, as `psql -f` sends them; the script may open transactions of its own.
    EachByItself,
    /// All statements as one simple query, which the server runs in one transaction of its own.
    OneQuery,
}

/// What a whole script did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// One for each statement, in order.
    pub statements: Vec<Observation>,
    /// The error of the `COMMIT` that ends [`Envelope::OneTransaction`], such as that of a deferred constraint.
    pub commit: Option<SeenFailure>,
}

/// What one statement did. A statement that failed did nothing: then only `failure` and `elapsed` are filled.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observation {
    /// What the transaction held before the statement; empty where the statement commits by itself.
    pub held: Vec<SeenLock>,
    /// What the transaction holds after the statement, on relations that existed before it: the strongest mode of each.
    /// For a statement that runs in several transactions of its own: the strongest that it asked for in any of them.
    pub locks: Vec<SeenLock>,
    /// Tables and materialized views that got a new file: rewritten, truncated, refreshed, moved to another tablespace.
    pub rewrites: Vec<String>,
    /// Tables that were read row by row to verify something, and neither got a new file nor an index. The referenced side of a
    /// foreign key is never listed. Outside a transaction only what the server logs is seen.
    pub scans: Vec<String>,
    /// Indexes that were built or built anew, on tables that existed before and got no new file.
    pub index_builds: Vec<String>,
    /// Those relations named above that nobody else can wait for: temporary ones, and those that an earlier statement of the same
    /// script created.
    pub new: Vec<String>,
    /// The server's answer if it was an error.
    pub failure: Option<SeenFailure>,
    /// Time from sending the statement to the answer; `None` if it was made to wait so that its locks could be read.
    pub elapsed: Option<Duration>,
    /// How many rows it read, added, changed or removed, as the server counts them; `None` outside a transaction.
    pub rows: Option<u64>,
}

/// A lock on a relation that existed before the statement.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SeenLock {
    /// Schema-qualified name before the statement.
    pub relation: String,
    /// What it is.
    pub kind: RelationKind,
    /// The strongest mode held.
    pub mode: LockMode,
}

/// What a relation is (`pg_class.relkind`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RelationKind {
    /// An ordinary table or a leaf partition.
    Table,
    /// A table with `PARTITION BY`.
    PartitionedTable,
    /// An index with a file.
    Index,
    /// An index of a partitioned table.
    PartitionedIndex,
    /// A sequence.
    Sequence,
    /// A view.
    View,
    /// A materialized view.
    MaterializedView,
    /// A foreign table.
    ForeignTable,
}

impl RelationKind {
    pub(crate) fn from_relkind(relkind: &str) -> Option<Self> {
        Some(match relkind {
            "r" => Self::Table,
            "p" => Self::PartitionedTable,
            "i" => Self::Index,
            "I" => Self::PartitionedIndex,
            "S" => Self::Sequence,
            "v" => Self::View,
            "m" => Self::MaterializedView,
            "f" => Self::ForeignTable,
            _ => return None,
        })
    }
}

/// An error of the server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenFailure {
    /// Five characters, such as `0A000`.
    pub sqlstate: String,
    /// The primary message.
    pub message: String,
    /// The line `DETAIL`, if any.
    pub detail: Option<String>,
    /// Where in the statement: characters from 1.
    pub position: Option<u32>,
}

impl SeenFailure {
    /// Whether the rows decide it, so that nobody can foresee it from the statements alone: a value out of range, a NULL, a missing
    /// or a double key, a row that fails a check or an exclusion.
    pub fn depends_on_rows(&self) -> bool {
        matches!(self.sqlstate.as_str(), "22003" | "23502" | "23503" | "23505" | "23514" | "23P01")
    }
}

impl fmt::Display for SeenFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.message, self.sqlstate)
    }
}

/// Runs the statements of a script in a new session of the scratch database and observes each.
///
/// A statement that by the server's answer cannot run in a transaction (25001, 2D000) runs outside, where
/// [`Envelope::EachByItself`] allows it; its locks are read while it is made to wait for other sessions.
///
/// # Errors
/// `Server` if the session breaks, `Stuck` if a statement waits for somebody else's lock, `CopyFromStdin` before anything is run.
/// An error of a statement is part of its [`Observation`].
pub fn observe<S: AsRef<str>>(scratch: &Scratch, statements: &[S], envelope: Envelope) -> Result<Run, Error> {
    let reads_rows = |sql: &&S| words::kind(&words::words(sql.as_ref())) == words::Kind::CopyFromStdin;
    if let Some(sql) = statements.iter().find(reads_rows) {
        return Err(Error::CopyFromStdin { sql: sql.as_ref().to_owned() });
    }
    if envelope == Envelope::OneQuery && statements.len() > 1 {
        return one_query(scratch, statements);
    }
    let mut session = Session::open(scratch)?;
    if envelope == Envelope::OneTransaction {
        session.run("BEGIN".into())?;
    }
    let statements = statements.iter().map(|sql| session.run(sql.as_ref().into())).collect::<Result<Vec<_>, _>>()?;
    let commit = if envelope == Envelope::OneTransaction && session.in_block() {
        session.run("COMMIT".into())?.failure
    } else {
        None
    };
    Ok(Run { statements, commit })
}

/// Runs statements in transactions as those of a simple query are: after a `COMMIT` in it the next one begins by itself.
fn as_one_query<S: AsRef<str>>(scratch: &Scratch, statements: &[S]) -> Result<Run, Error> {
    let mut session = Session::open(scratch)?;
    let mut seen = Vec::with_capacity(statements.len());
    for sql in statements {
        session.enter_block()?;
        seen.push(session.run(sql.as_ref().into())?);
    }
    let commit = if session.in_block() { session.run("COMMIT".into())?.failure } else { None };
    Ok(Run { statements: seen, commit })
}

/// The statements of one simple query cannot be seen one by one. So a transaction on a copy shows what each does, and the
/// query itself shows whether the server accepts them.
pub(crate) fn one_query<S: AsRef<str>>(scratch: &Scratch, statements: &[S]) -> Result<Run, Error> {
    let mut run = as_one_query(&scratch.copy()?, statements)?;
    let texts: Vec<&str> = statements.iter().map(AsRef::as_ref).collect();
    let answer = scratch.connect()?.batch_execute(&texts.join(";\n"));
    let failed = run.statements.iter().position(|it| it.failure.is_some()).unwrap_or(statements.len() - 1);
    run.statements[failed].failure = match answer {
        Ok(()) => None,
        Err(error) => Some(SeenFailure { position: None, ..seen_failure(error)? }),
    };
    Ok(run)
}
