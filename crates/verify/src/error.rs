//! What can go wrong around a statement; what the statement itself does wrong is a [`SeenFailure`](crate::SeenFailure).

use std::io;
use std::path::PathBuf;

/// Why a server could not be started or a statement could not be observed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A program of the server could not be run at all.
    #[error("{program}: cannot be run")]
    Program {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// `initdb` failed, or the server stopped before it took connections.
    #[error("PostgreSQL {major} in {bin_dir} does not start: {log}")]
    Start {
        /// The major version.
        major: u32,
        /// The folder of its programs.
        bin_dir: PathBuf,
        /// The end of what it printed.
        log: String,
    },
    /// A file or folder of the throwaway cluster could not be made.
    #[error("{path}: cannot be prepared for a throwaway cluster")]
    Folder {
        /// The file or folder.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The server could not be reached, or went away.
    #[error("the server cannot be asked: {0}")]
    Server(#[from] postgres::Error),
    /// The server lacks room, memory or sessions, cannot read its files, or is being stopped: that says nothing of the statement.
    #[error("the server cannot go on: {message} ({sqlstate})")]
    Exhausted {
        /// The server's code.
        sqlstate: String,
        /// The server's message.
        message: String,
    },
    /// A statement that the preparation relies on was refused.
    #[error("the preparing statement failed: {message} ({sqlstate}): {sql}")]
    Setup {
        /// The statement.
        sql: String,
        /// The server's code.
        sqlstate: String,
        /// The server's message.
        message: String,
    },
    /// A statement waited for something that the observer does not hold.
    #[error("the statement still waits after {seconds} s: {sql}")]
    Stuck {
        /// The statement.
        sql: String,
        /// How long it was given.
        seconds: u64,
    },
    /// `COPY … FROM STDIN` has its rows beside the statement, not in it.
    #[error("rows from standard input cannot be sent: {sql}")]
    CopyFromStdin {
        /// The statement.
        sql: String,
    },
    /// The server answered a catalog query in a shape that no known version has.
    #[error("unexpected answer to a catalog query: {0}")]
    Answer(String),
}
