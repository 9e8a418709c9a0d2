//! How a server is reached: where it is, as whom, and how the connection is secured.

mod parameters;
mod tls;

use std::fmt;
use std::str::FromStr;

use postgres::config::Host;
use postgres::{Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::Error;

/// The way to a server.
#[derive(Clone)]
pub struct Address {
    config: Config,
    /// What secures the connection; none where it is not to be secured.
    tls: Option<MakeRustlsConnect>,
}

/// Why a text leads to no server.
#[derive(Debug, thiserror::Error)]
pub enum AddressError {
    /// It is not written as libpq reads it. The message quotes no value.
    #[error("{0}")]
    Syntax(String),
    /// A certificate or key that it names cannot be used.
    #[error("{path}: {message}")]
    Certificate {
        /// The file.
        path: String,
        /// Why.
        message: String,
    },
    /// TLS cannot be set up on this machine.
    #[error("the certificates of this machine cannot be used: {0}")]
    Tls(String),
}

impl Address {
    /// Reads a connection string as libpq does, and as the drivers of SQLAlchemy and Prisma want it written. `variable` gives a variable
    /// of the environment: `PGPASSWORD`, `PGSSLMODE`, `PGSSLROOTCERT`, `PGSSLCERT`, `PGSSLKEY` stand in for what the string does not say.
    ///
    /// # Errors
    /// If it is no connection string, or names certificates that cannot be used. No message holds a password.
    pub fn read(text: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Self, AddressError> {
        let (rest, secured) = parameters::split(text)?;
        let secured = secured.or_from(variable)?;
        let mut config = Config::from_str(&rest).map_err(|error| {
            // The message speaks of the grammar and quotes nothing but a key.
            AddressError::Syntax(
                std::error::Error::source(&error).map_or_else(|| error.to_string(), ToString::to_string),
            )
        })?;
        if config.get_password().is_none()
            && let Some(password) = variable("PGPASSWORD")
        {
            config.password(password);
        }
        if config.get_application_name().is_none() {
            config.application_name("lockkeeper");
        }
        let mode = secured.mode.unwrap_or(tls::Mode::Prefer);
        config.ssl_mode(mode.of_client());
        Ok(Self { config, tls: tls::connector(mode, &secured, variable)? })
    }

    /// A new session.
    ///
    /// # Errors
    /// `Server` if the server cannot be reached, lets nobody in, or is not the one whose certificate is trusted.
    pub fn connect(&self) -> Result<Client, Error> {
        Ok(match &self.tls {
            Some(tls) => self.config.connect(tls.clone())?,
            None => self.config.connect(NoTls)?,
        })
    }

    /// The same with other settings of the session.
    pub(crate) fn with(&self, change: impl FnOnce(&mut Config)) -> Self {
        let mut address = self.clone();
        change(&mut address.config);
        address
    }

    /// Host and port, and nothing else.
    pub fn place(&self) -> String {
        let host = match self.config.get_hosts().first() {
            Some(Host::Tcp(name)) => name.clone(),
            #[cfg(unix)]
            Some(Host::Unix(folder)) => folder.display().to_string(),
            None => "localhost".to_owned(),
        };
        self.config.get_ports().first().map_or_else(|| host.clone(), |port| format!("{host}:{port}"))
    }
}

/// A server that is reached without TLS, such as one behind a socket.
impl From<&Config> for Address {
    fn from(config: &Config) -> Self {
        Self { config: config.clone(), tls: None }
    }
}

impl From<&Address> for Address {
    fn from(address: &Address) -> Self {
        address.clone()
    }
}

/// The password stays out of what is printed.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Address")
            .field("place", &self.place())
            .field("tls", &self.tls.is_some())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Address, AddressError> {
        Address::read(text, &|_| None)
    }

    #[test]
    fn what_libpq_and_frameworks_write_is_read() {
        for text in [
            "postgresql://app:secret@db.example:6432/shop?sslmode=verify-full",
            "postgresql+psycopg2://app@db.example:6432/shop?sslmode=verify-ca",
            "postgres://app@db.example:6432/shop?schema=public&connection_limit=5",
            "host=db.example port=6432 user='app' sslmode='require'",
        ] {
            assert_eq!(read(text).map(|it| it.place()).ok().as_deref(), Some("db.example:6432"), "{text}");
        }
    }

    #[test]
    fn errors_quote_no_value() {
        for text in
            ["postgresql://app:secret@db/shop?sslmode=secret", "host=db password=secret nonsense=secret", "secret"]
        {
            let error = read(text).err().map(|it| it.to_string()).unwrap_or_default();
            assert!(!error.is_empty() && !error.contains("secret"), "{error}");
        }
    }

    #[test]
    fn a_certificate_that_is_not_there_is_named() {
        let error = read("postgresql://db/shop?sslmode=verify-full&sslrootcert=/no/such.crt").err();
        assert!(error.is_some_and(|it| it.to_string().starts_with("/no/such.crt: ")));
    }

    #[test]
    fn nothing_of_an_address_that_is_printed_is_secret() {
        let printed = read("postgresql://app:secret@db/shop").map(|it| format!("{it:?}"));
        assert_eq!(printed.ok().as_deref(), Some("Address { place: \"db:5432\", tls: true, .. }"));
    }
}
