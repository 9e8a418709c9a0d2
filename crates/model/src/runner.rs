//! How a migration tool sends a file to the server.

/// The profile of a migration tool. The default is `psql -f`: a new session a file, each statement by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Runner {
    /// What the tool wraps into a transaction of its own.
    pub transaction: Envelope,
    /// Whether the whole file goes to the server as one simple query. Several statements are then one transaction.
    pub single_query: bool,
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
