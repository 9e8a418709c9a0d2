//! A database of one's own on any server: made for a run, dropped after it.

use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use postgres::{Client, SimpleQueryMessage};

use crate::look::number;
use crate::words::{Kind, kind, words};
use crate::{Address, Error};

/// Scratch databases begin with this, so that leftovers can be told from other people's databases.
pub const DATABASE_PREFIX: &str = "lockkeeper_";

static COUNT: AtomicU32 = AtomicU32::new(0);

/// A scratch database. Dropping it drops the database, whoever is still connected.
pub struct Scratch {
    server: Address,
    name: String,
    /// Its application name tells others that the database is in use, whoever is connected to that. It ends with this process.
    _keeper: Client,
    /// How many sessions it is fair to open at once.
    sessions: usize,
}

impl Scratch {
    /// Creates an empty database on the server that `server` leads to; the database named there is only connected to.
    ///
    /// # Errors
    /// `Server` if it cannot be reached or the role may not create databases.
    pub fn create(server: impl Into<Address>) -> Result<Self, Error> {
        // template0: whatever the owner of a real server keeps in template1 must not be there.
        Self::create_like(&server.into(), "template0")
    }

    /// Creates a copy of this database, which nobody may be connected to.
    ///
    /// # Errors
    /// `Server` if somebody is, or the server cannot be reached.
    pub fn copy(&self) -> Result<Self, Error> {
        Self::create_like(&self.server, &self.name)
    }

    fn create_like(server: &Address, template: &str) -> Result<Self, Error> {
        // In containers every run may have the same number, so the time tells them apart too.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("{DATABASE_PREFIX}{}_{now}_{count}", std::process::id());
        let mut keeper = server
            .with(|it| {
                it.application_name(&name);
            })
            .connect()?;
        keeper.batch_execute(&format!("CREATE DATABASE {name} TEMPLATE {template}"))?;
        let sessions = allowed_sessions(&mut keeper)?;
        Ok(Self { server: server.clone(), name, _keeper: keeper, sessions })
    }

    /// How many sessions it is fair to open at once: half of what the server takes.
    pub(crate) fn sessions(&self) -> usize {
        self.sessions
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
        self.server
            .with(|it| {
                it.dbname(&self.name);
            })
            .connect()
    }

    /// A new session whose messages (`DEBUG`, `NOTICE`, `WARNING`, …) are collected.
    pub(crate) fn connect_with_messages(&self) -> Result<(Client, Messages), Error> {
        let messages = Messages::default();
        let sink = messages.clone();
        let listening = self.server.with(|it| {
            it.dbname(&self.name).notice_callback(move |message| sink.push(message.message()));
        });
        Ok((listening.connect()?, messages))
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

/// The password stays out of what is printed.
impl fmt::Debug for Scratch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Scratch").field("name", &self.name).finish_non_exhaustive()
    }
}

fn allowed_sessions(client: &mut Client) -> Result<usize, Error> {
    for message in client.simple_query("SHOW max_connections")? {
        if let SimpleQueryMessage::Row(row) = message {
            return Ok(number::<usize>(&row, 0)? / 2);
        }
    }
    Err(Error::Answer("max_connections has no value".to_owned()))
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nobody to tell; a server that went away took the database along or keeps it under its telling name.
        if let Ok(mut client) = self.server.connect() {
            let _ = remove(&self.server, &mut client, &self.name);
        }
    }
}

/// Drops a scratch database, whoever is connected to it and whatever is prepared in it.
pub(crate) fn remove(server: &Address, client: &mut Client, name: &str) -> Result<(), Error> {
    let drop = format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)");
    if client.batch_execute(&drop).is_ok() {
        return Ok(());
    }
    // Transactions left by PREPARE TRANSACTION keep a database; only a session in it can end them.
    let mut inside = server
        .with(|it| {
            it.dbname(name);
        })
        .connect()?;
    let prepared = "SELECT gid FROM pg_catalog.pg_prepared_xacts WHERE database = pg_catalog.current_database()";
    for row in inside.query(prepared, &[])? {
        let gid: String = row.get(0);
        inside.batch_execute(&format!("ROLLBACK PREPARED '{}'", gid.replace('\'', "''")))?;
    }
    std::mem::drop(inside);
    Ok(client.batch_execute(&drop)?)
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
