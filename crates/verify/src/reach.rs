//! Statements that reach beyond their database: on somebody's server they are not run unasked.
//!
//! The words of bodies and strings count too, since dynamic SQL hides in them; a comment does not. So a text that merely speaks of
//! `create role` counts as well, which is the safe side. Code that puts such words together at run time is not seen.

use std::fmt;

use crate::words::{all_words, words};

/// What a statement reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Roles and who is a member of which.
    Roles,
    /// Settings of the server, its processes, its log.
    Server,
    /// Tablespaces.
    Tablespaces,
    /// Databases.
    Databases,
    /// Subscriptions, replication slots and origins.
    Replication,
    /// Programs on the server's machine.
    Programs,
    /// Files on the server's machine.
    Files,
    /// Other servers.
    OtherServers,
    /// Transactions that outlive their session.
    PreparedTransactions,
}

impl fmt::Display for Reach {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Roles => "roles",
            Self::Server => "the server itself",
            Self::Tablespaces => "tablespaces",
            Self::Databases => "databases",
            Self::Replication => "replication",
            Self::Programs => "programs on the server",
            Self::Files => "files on the server",
            Self::OtherServers => "other servers",
            Self::PreparedTransactions => "transactions that outlive the session",
        })
    }
}

/// Functions that reach beyond the database.
const FUNCTIONS: &[(&str, Reach)] = &[
    ("pg_read_file", Reach::Files),
    ("pg_read_binary_file", Reach::Files),
    ("pg_ls_dir", Reach::Files),
    ("pg_stat_file", Reach::Files),
    ("pg_file_write", Reach::Files),
    ("pg_file_unlink", Reach::Files),
    ("pg_file_rename", Reach::Files),
    ("lo_import", Reach::Files),
    ("lo_export", Reach::Files),
    ("pg_reload_conf", Reach::Server),
    ("pg_rotate_logfile", Reach::Server),
    ("pg_terminate_backend", Reach::Server),
    ("pg_cancel_backend", Reach::Server),
    ("pg_switch_wal", Reach::Server),
    ("pg_promote", Reach::Server),
    ("pg_create_restore_point", Reach::Server),
    ("pg_create_physical_replication_slot", Reach::Replication),
    ("pg_create_logical_replication_slot", Reach::Replication),
    ("pg_drop_replication_slot", Reach::Replication),
    ("pg_replication_origin_create", Reach::Replication),
    ("pg_replication_origin_drop", Reach::Replication),
    ("dblink", Reach::OtherServers),
    ("dblink_connect", Reach::OtherServers),
    ("dblink_exec", Reach::OtherServers),
];

/// What the statement reaches beyond its database, if anything.
pub fn beyond(sql: &str) -> Option<Reach> {
    let own = words(sql);
    let all = all_words(sql);
    let called = FUNCTIONS.iter().find(|(name, _)| all.iter().any(|it| it == name)).map(|(_, reach)| *reach);
    called.or_else(|| (0..all.len()).find_map(|at| at_word(&all[at..]))).or_else(|| own_reach(&own))
}

/// What can be told only of the statement as a whole.
fn own_reach(words: &[String]) -> Option<Reach> {
    let has = |word: &str| words.iter().any(|it| it == word);
    match words.first()?.as_str() {
        "copy" if !has("stdin") && !has("stdout") => Some(Reach::Files),
        // Membership; privileges are granted ON something.
        "grant" | "revoke" if !has("on") => Some(Reach::Roles),
        "load" => Some(Reach::Files),
        "prepare" if words.get(1).is_some_and(|it| it == "transaction") => Some(Reach::PreparedTransactions),
        _ => None,
    }
}

/// What the words from one on say, wherever they stand.
fn at_word(words: &[String]) -> Option<Reach> {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let is_change = matches!(word(0), "create" | "alter" | "drop");
    match (word(0), word(1)) {
        ("reassign" | "drop", "owned") => Some(Reach::Roles),
        ("alter", "system") => Some(Reach::Server),
        ("copy", _) if words.iter().take(40).any(|it| it == "program") => Some(Reach::Programs),
        ("import", "foreign") => Some(Reach::OtherServers),
        (_, "user") if is_change && word(2) == "mapping" => None,
        (_, "role" | "user" | "group") if is_change => Some(Reach::Roles),
        (_, "tablespace") if is_change => Some(Reach::Tablespaces),
        (_, "database") if is_change || word(0) == "on" => Some(Reach::Databases),
        (_, "subscription") if is_change => Some(Reach::Replication),
        ("set", "tablespace") => Some(Reach::Tablespaces),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_outside_the_database_is_told() {
        for (sql, reach) in [
            ("CREATE ROLE app", Reach::Roles),
            ("do $$ begin\n create user app; end $$", Reach::Roles),
            ("DO $x$ BEGIN EXECUTE 'ALTER ROLE app SET a = b'; END $x$", Reach::Roles),
            ("GRANT readers TO app", Reach::Roles),
            ("DROP OWNED BY app", Reach::Roles),
            ("ALTER SYSTEM SET work_mem = '1MB'", Reach::Server),
            ("SELECT pg_reload_conf()", Reach::Server),
            ("ALTER DATABASE shop SET timezone = 'UTC'", Reach::Databases),
            ("COMMENT ON DATABASE shop IS 'x'", Reach::Databases),
            ("CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", Reach::Replication),
            ("COPY t FROM PROGRAM 'curl x'", Reach::Programs),
            ("COPY t (a) FROM '/etc/passwd'", Reach::Files),
            ("PREPARE TRANSACTION 'x'", Reach::PreparedTransactions),
        ] {
            assert_eq!(beyond(sql).map(|it| it.to_string()), Some(reach.to_string()), "{sql}");
        }
    }

    #[test]
    fn what_stays_in_the_database_is_not_told() {
        for sql in [
            "CREATE TABLE roles (a int) -- create role",
            "GRANT SELECT ON t TO app",
            "COPY t FROM stdin",
            "CREATE USER MAPPING FOR app SERVER s",
            "ALTER TABLE t OWNER TO app",
            "CREATE INDEX i ON t (a) TABLESPACE pg_default",
            "PREPARE p AS SELECT 1",
        ] {
            assert_eq!(beyond(sql), None, "{sql}");
        }
    }
}
