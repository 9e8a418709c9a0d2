//! What a server lacks that a migration takes for granted. Nobody's SQL is wrong then.

use std::fmt;

use lockkeeper_model::ledgers::is_of_tool;

use crate::observe::SeenFailure;
use crate::words::words;

/// What is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lack {
    /// An extension that is not installed on the machine.
    Extension(String),
    /// A role.
    Role(String),
    /// A tablespace.
    Tablespace(String),
    /// A procedural language.
    Language(String),
    /// A collation or a locale of the operating system.
    Collation,
    /// A library or file of the server's machine.
    File,
    /// A setting of the server, such as `wal_level` or `shared_preload_libraries`.
    Setting,
    /// A privilege of the role that runs the migration.
    Privilege,
    /// The table in which the migration tool notes what has run; it makes that itself before the first migration.
    Ledger(String),
}

impl fmt::Display for Lack {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Extension(name) => write!(f, "the server lacks the extension `{name}`"),
            Self::Role(name) => write!(f, "the server lacks the role `{name}`"),
            Self::Tablespace(name) => write!(f, "the server lacks the tablespace `{name}`"),
            Self::Language(name) => write!(f, "the server lacks the language `{name}`"),
            Self::Collation => f.write_str("the server lacks the collation"),
            Self::File => f.write_str("the server lacks the file"),
            Self::Setting => f.write_str("the server is set otherwise"),
            Self::Ledger(name) => write!(f, "the table `{name}` is made by the migration tool itself"),
            Self::Privilege => f.write_str("the role lacks the privilege"),
        }
    }
}

/// What the server lacks, if that is why it refuses the statement.
pub fn lack(sql: &str, failure: &SeenFailure) -> Option<Lack> {
    let words = words(sql);
    let name = || quoted(&failure.message).unwrap_or_default().to_owned();
    let says = |text: &str| failure.message.contains(text);
    let makes_extension =
        words.first().is_some_and(|it| it == "create") && words.get(1).is_some_and(|it| it == "extension");
    match failure.sqlstate.as_str() {
        "0A000" | "58P01" | "42704" | "55000" | "F0000" if makes_extension => {
            let own = words.iter().skip(2).find(|it| !matches!(it.as_str(), "if" | "not" | "exists"));
            Some(Lack::Extension(own.cloned().unwrap_or_default()))
        }
        "58P01" | "58P02" => Some(Lack::File),
        "42704" if says("role \"") => Some(Lack::Role(name())),
        "42704" if says("tablespace \"") => Some(Lack::Tablespace(name())),
        "42704" if says("language \"") => Some(Lack::Language(name())),
        "42704" if says("collation \"") => Some(Lack::Collation),
        "22023" if says("locale") => Some(Lack::Collation),
        "55000" if says("wal_level") || says("shared_preload_libraries") => Some(Lack::Setting),
        "55000" if says("max_prepared_transactions") || says("prepared transactions are disabled") => {
            Some(Lack::Setting)
        }
        "42501" => Some(Lack::Privilege),
        "42P01" => {
            let table = quoted(&failure.message)?.rsplit('.').next()?;
            is_of_tool(table).then(|| Lack::Ledger(table.to_owned()))
        }
        _ => None,
    }
}

/// Whether the failure says that a name is missing: what follows where something was left out.
pub(crate) fn misses_a_name(failure: &SeenFailure) -> bool {
    matches!(failure.sqlstate.as_str(), "42P01" | "42703" | "42704" | "42883" | "3F000")
}

/// The first name between quotes in a message.
fn quoted(message: &str) -> Option<&str> {
    message.split('"').nth(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(sql: &str, sqlstate: &str, message: &str) -> Option<Lack> {
        let (sqlstate, message) = (sqlstate.to_owned(), message.to_owned());
        lack(sql, &SeenFailure { sqlstate, message, detail: None, position: None })
    }

    #[test]
    fn what_is_missing_is_told_from_what_is_wrong() {
        let extension =
            of("CREATE EXTENSION IF NOT EXISTS \"postgis\"", "0A000", "extension \"postgis\" is not available");
        assert_eq!(extension, Some(Lack::Extension("postgis".to_owned())));
        let role = of("GRANT SELECT ON t TO app", "42704", "role \"app\" does not exist");
        assert_eq!(role, Some(Lack::Role("app".to_owned())));
        let ledger = of("DELETE FROM s._x", "42P01", "relation \"public._sqlx_migrations\" does not exist");
        assert_eq!(ledger, Some(Lack::Ledger("_sqlx_migrations".to_owned())));
        assert_eq!(of("DELETE FROM t", "42P01", "relation \"t\" does not exist"), None);
        assert_eq!(of("CREATE TABLE t (a geometry)", "42704", "type \"geometry\" does not exist"), None);
        assert_eq!(of("ALTER TABLE t ADD CHECK (f(a))", "0A000", "not supported"), None);
    }
}
