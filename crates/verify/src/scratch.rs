//! A database of one's own on any server: made for a run, dropped after it.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use postgres::{Client, Config, NoTls};

use crate::Error;
use crate::words::{Kind, kind, words};

/// Scratch databases begin with this, so that leftovers can be told from other people's databases.
pub const DATABASE_PREFIX: &str = "lockkeeper_";

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A scratch database. Dropping it drops the database, whoever is still connected.
#[derive(Debug)]
pub struct Scratch {
    server: Config,
    name: String,
}

impl Scratch {
    /// Creates an empty database on the server that `server` leads to; the database named there is only connected to.
    ///
    /// # Errors
    /// `Server` if it cannot be reached or the role may not create databases.
    pub fn create(server: &Config) -> Result<Self, Error> {
        // template0: whatever the owner of a real server keeps in template1 must not be there.
        Self::create_like(server, "template0")
    }

    /// Creates a copy of this database, which nobody may be connected to.
    ///
    /// # Errors
    /// `Server` if somebody is, or the server cannot be reached.
    pub fn copy(&self) -> Result<Self, Error> {
        Self::create_like(&self.server, &self.name)
    }

    fn create_like(server: &Config, template: &str) -> Result<Self, Error> {
        let name = format!("{DATABASE_PREFIX}{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        server.connect(NoTls)?.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"))?;
        Ok(Self { server: server.clone(), name })
    }

    /// The name of the database.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A new session in the database.
    ///
    /// # Errors
    /// `Server` if it cannot be reached.
    pub fn connect(&self) -> Result<Client, Error> {
        Ok(self.server.clone().dbname(&self.name).connect(NoTls)?)
    }

    /// A new session whose messages (`DEBUG`, `NOTICE`, `WARNING`, …) are collected.
    pub(crate) fn connect_with_messages(&self) -> Result<(Client, Messages), Error> {
        let messages = Messages::default();
        let sink = messages.clone();
        let mut config = self.server.clone();
        config.dbname(&self.name).notice_callback(move |message| sink.push(message.message()));
        Ok((config.connect(NoTls)?, messages))
    }

    /// Runs statements that prepare the ground, each committed by itself, in one new session.
    ///
    /// # Errors
    /// `Setup` for the first statement that the server refuses.
    pub fn prepare<S: AsRef<str>>(&self, statements: &[S]) -> Result<(), Error> {
        let mut client = self.connect()?;
        for sql in statements.iter().map(AsRef::as_ref) {
            if kind(&words(sql)) == Kind::CopyFromStdin {
                return Err(Error::CopyFromStdin { sql: sql.to_owned() });
            }
            client.batch_execute(sql).map_err(|error| match error.as_db_error() {
                Some(refused) => Error::Setup {
                    sql: sql.to_owned(),
                    sqlstate: refused.code().code().to_owned(),
                    message: refused.message().to_owned(),
                },
                None => Error::Server(error),
            })?;
        }
        Ok(())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nobody to tell; a server that went away took the database along or keeps it under its telling name.
        if let Ok(mut client) = self.server.connect(NoTls) {
            let _ = client.batch_execute(&format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name));
        }
    }
}

/// The texts of the messages that a session has sent so far. They arrive before the answer to the statement that caused them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Messages(Arc<Mutex<Vec<String>>>);

impl Messages {
    fn push(&self, text: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text.to_owned());
    }

    /// Hands over what has come in since the last call.
    pub(crate) fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
