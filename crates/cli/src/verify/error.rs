//! Why a run on a server ends without a report, or in the middle of one.

use lockkeeper_verify::Error;
use lockkeeper_verify::address::AddressError;

/// What went wrong around the statements. No message holds a password.
#[derive(Debug, thiserror::Error)]
pub(crate) enum VerifyError {
    #[error("{}", with_causes(.0))]
    Server(#[from] Error),
    #[error("{place}: {}", with_causes(.source))]
    Statement { place: String, source: Error },
    #[error(
        "no PostgreSQL server {wanted}was found{found}; name its programs with --pg-bin, or a server with --database-url"
    )]
    NoServer { wanted: String, found: String },
    #[error("the server is PostgreSQL {0}; versions 13 to 18 are known")]
    UnknownVersion(u32),
    #[error("the server cannot be reached as its address says: {0}")]
    Address(AddressError),
}

/// The message with those of its causes, which say what the server said.
fn with_causes(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(it) = cause {
        let more = it.to_string();
        if !text.contains(&more) {
            text = format!("{text}: {more}");
        }
        cause = it.source();
    }
    if text.contains("UnknownIssuer") {
        text.push_str("; `sslrootcert=FILE` in the address names the certificate of who has signed it");
    }
    if text.contains("permission denied to create database") {
        text.push_str("; the role needs CREATEDB for a scratch database");
    }
    text
}
