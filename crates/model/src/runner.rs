//! How a migration tool sends a file to the server.

use lockkeeper_syntax::Body;

/// The profile of a migration tool. The default is `psql -f`: a new session a file, each statement by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Runner {
    /// What the tool wraps into a transaction of its own.
    pub transaction: Envelope,
    /// Whether the whole file goes to the server as one simple query. Several statements are then one transaction.
    pub single_query: bool,
    /// What the tool sends by itself, outside of the transaction around the rest.
    pub alone: Alone,
    /// `lock_timeout` that the tool's connection sets, in milliseconds.
    pub lock_timeout: Option<u64>,
    /// `statement_timeout` that the tool's connection sets, in milliseconds.
    pub statement_timeout: Option<u64>,
}

/// What a tool wraps into one transaction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Envelope {
    /// Nothing: a statement commits by itself unless the file says `BEGIN`.
    #[default]
    None,
    /// Each file.
    File,
    /// All files that run together.
    Run,
}

/// Which statements a tool takes out of a file and sends by themselves: it commits what stands before, and goes on in a
/// new transaction with what follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Alone {
    /// None.
    #[default]
    Nothing,
    /// `CREATE INDEX CONCURRENTLY`.
    IndexBuilds,
    /// Whatever refuses to run in a transaction.
    Refusing,
}

impl Alone {
    /// Whether the tool sends this statement by itself.
    pub fn takes(self, body: &Body) -> bool {
        match self {
            Alone::Nothing => false,
            Alone::IndexBuilds => matches!(body, Body::CreateIndex(it) if it.concurrently.is_some()),
            Alone::Refusing => {
                body.concurrently().is_some() || matches!(body.tag(), Some("VACUUM" | "ALTER SYSTEM" | "CLUSTER"))
            }
        }
    }
}
