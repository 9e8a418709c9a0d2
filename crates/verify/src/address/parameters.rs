//! The parameters of a connection string that the client library does not know.

use std::path::PathBuf;

use super::AddressError;
use super::tls::Mode;

/// What a connection string says of TLS.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Secured {
    pub(super) mode: Option<Mode>,
    /// Whose certificates are trusted: a file, or `system`.
    pub(super) root: Option<PathBuf>,
    pub(super) certificate: Option<PathBuf>,
    pub(super) key: Option<PathBuf>,
}

/// What frameworks write into the address for themselves.
const OF_FRAMEWORKS: &[&str] = &[
    "connection_limit",
    "gssencmode",
    "pgbouncer",
    "pool_timeout",
    "prepared_statements",
    "schema",
    "socket_timeout",
    "sslcompression",
    "sslsni",
    "statement_cache_size",
];

impl Secured {
    /// Takes in a parameter; false if it is none of TLS.
    fn take(&mut self, name: &str, value: &str) -> Result<bool, AddressError> {
        match name {
            "sslmode" => self.mode = Some(mode(value)?),
            "sslrootcert" => self.root = Some(value.into()),
            "sslcert" => self.certificate = Some(value.into()),
            "sslkey" => self.key = Some(value.into()),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// The same, with what is not said from the environment.
    pub(super) fn or_from(self, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, AddressError> {
        let path = |own: Option<PathBuf>, name: &str| own.or_else(|| variable(name).map(Into::into));
        Ok(Self {
            mode: match self.mode {
                Some(mode) => Some(mode),
                None => variable("PGSSLMODE").map(|it| mode(&it)).transpose()?,
            },
            root: path(self.root, "PGSSLROOTCERT"),
            certificate: path(self.certificate, "PGSSLCERT"),
            key: path(self.key, "PGSSLKEY"),
        })
    }
}

fn mode(value: &str) -> Result<Mode, AddressError> {
    Ok(match value {
        "disable" => Mode::Disable,
        "allow" | "prefer" => Mode::Prefer,
        "require" => Mode::Require,
        "verify-ca" => Mode::VerifyCa,
        "verify-full" => Mode::VerifyFull,
        _ => {
            let known = "disable, allow, prefer, require, verify-ca, verify-full";
            return Err(AddressError::Syntax(format!("`sslmode` is one of {known}")));
        }
    })
}

/// A connection string without what is said of TLS and what is none of the server's, and what is said of TLS.
pub(super) fn split(text: &str) -> Result<(String, Secured), AddressError> {
    match text.split_once("://") {
        Some((scheme, rest)) => split_url(scheme, rest),
        None => split_pairs(text),
    }
}

fn split_url(scheme: &str, rest: &str) -> Result<(String, Secured), AddressError> {
    // SQLAlchemy names its driver: postgresql+psycopg2.
    let scheme = scheme.split('+').next().unwrap_or(scheme);
    let (head, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut secured = Secured::default();
    let mut kept = Vec::new();
    for pair in query.split('&').filter(|it| !it.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        if !secured.take(name, &decoded(value))? && !OF_FRAMEWORKS.contains(&name) {
            kept.push(pair);
        }
    }
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    Ok((format!("{scheme}://{head}{query}"), secured))
}

/// A value of a URL without its percent signs.
fn decoded(value: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        let code =
            tail.get(..2).and_then(|it| std::str::from_utf8(it).ok()).and_then(|it| u8::from_str_radix(it, 16).ok());
        match code.filter(|_| *first == b'%') {
            Some(code) => (bytes.push(code), rest = &tail[2..]),
            None => (bytes.push(*first), rest = tail),
        };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `host=db port='5432'`.
fn split_pairs(text: &str) -> Result<(String, Secured), AddressError> {
    let mut secured = Secured::default();
    let mut kept = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let Some((name, tail)) = rest.split_once('=') else {
            return Err(AddressError::Syntax("a parameter has no value".to_owned()));
        };
        let (name, tail) = (name.trim(), tail.trim_start());
        let length = value_length(tail);
        let written = &tail[..length];
        let inner = written.strip_prefix('\'').and_then(|it| it.strip_suffix('\'')).unwrap_or(written);
        if !secured.take(name, &inner.replace("\\'", "'").replace("\\\\", "\\"))? && !OF_FRAMEWORKS.contains(&name) {
            kept.push(format!("{name}={written}"));
        }
        rest = tail[length..].trim_start();
    }
    Ok((kept.join(" "), secured))
}

/// How far a value goes: up to a blank, or to the quote that closes it.
fn value_length(text: &str) -> usize {
    let quoted = text.starts_with('\'');
    let mut escaped = false;
    for (at, it) in text.char_indices().skip(usize::from(quoted)) {
        match it {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '\'' if quoted => return at + 1,
            _ if !quoted && it.is_whitespace() => return at,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_tls_is_taken_out() {
        let url =
            "postgresql+asyncpg://a:b@h/d?sslmode=verify-full&application_name=x&sslrootcert=%2Fetc%2Fca.crt&schema=s";
        let secured = Secured { mode: Some(Mode::VerifyFull), root: Some("/etc/ca.crt".into()), ..Secured::default() };
        assert_eq!(split(url).ok(), Some(("postgresql://a:b@h/d?application_name=x".to_owned(), secured)));
        let pairs = "host=h sslkey = '/a b/it\\'s.key' password='a b'  sslmode=disable";
        let secured = Secured { mode: Some(Mode::Disable), key: Some("/a b/it's.key".into()), ..Secured::default() };
        assert_eq!(split(pairs).ok(), Some(("host=h password='a b'".to_owned(), secured)));
    }
}
