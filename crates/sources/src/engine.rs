//! Files for other database servers, by name and by what only such servers understand.

use crate::path;

/// A database server that a word names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Engine {
    /// PostgreSQL itself.
    Postgres,
    /// Another one, by its name.
    Other(&'static str),
}

/// Words in names of files and folders that say for which server they are.
const WORDS: &[(&str, Engine)] = &[
    ("postgres", Engine::Postgres),
    ("postgresql", Engine::Postgres),
    ("pg", Engine::Postgres),
    ("mysql", Engine::Other("MySQL")),
    ("mariadb", Engine::Other("MariaDB")),
    ("sqlite", Engine::Other("SQLite")),
    ("sqlite3", Engine::Other("SQLite")),
    ("mssql", Engine::Other("SQL Server")),
    ("sqlserver", Engine::Other("SQL Server")),
    ("oracle", Engine::Other("Oracle")),
    ("cockroach", Engine::Other("CockroachDB")),
    ("cockroachdb", Engine::Other("CockroachDB")),
    ("crdb", Engine::Other("CockroachDB")),
    ("clickhouse", Engine::Other("ClickHouse")),
    ("h2", Engine::Other("H2")),
    ("hsqldb", Engine::Other("HSQLDB")),
    ("derby", Engine::Other("Derby")),
    ("db2", Engine::Other("Db2")),
    ("duckdb", Engine::Other("DuckDB")),
    ("spanner", Engine::Other("Spanner")),
    ("snowflake", Engine::Other("Snowflake")),
    ("bigquery", Engine::Other("BigQuery")),
    ("tidb", Engine::Other("TiDB")),
    ("cassandra", Engine::Other("Cassandra")),
];

/// The server that a word names.
pub(crate) fn of_word(word: &str) -> Option<Engine> {
    WORDS.iter().find(|it| it.0.eq_ignore_ascii_case(word)).map(|it| it.1)
}

/// The server that a path names: a word of the file's name between dots or at its end (`x.mysql.up.sql`,
/// `x_sqlite.sql`, `x.sql.sqlite`), or else the innermost folder that is called after one, or ends in such a name.
pub(crate) fn of_path(path: &str) -> Option<Engine> {
    let (folder, name) = path::split(path);
    let words = name.split('.').skip(1);
    let last = path::stem(name).rsplit(['_', '-']).next().filter(|it| it.len() < name.len() && it.len() > 2);
    // `sqlite_schema.sql`, but not what names a thing that is called alike: `oracle_prices.sql`.
    let first = path::stem(name).split(['_', '-']).next().filter(|it| it.len() < path::stem(name).len());
    let first = first.filter(|it| ["sql", "click", "roach"].iter().any(|word| it.to_ascii_lowercase().contains(word)));
    let named = words.chain(last).chain(first).find_map(of_word);
    named.or_else(|| folder.rsplit('/').find_map(of_folder))
}

/// Folders are called after a server (`mysql`), or bear its name at either end (`clickhouse_migrations`, `riversqlite`).
fn of_folder(name: &str) -> Option<Engine> {
    let lower = name.to_ascii_lowercase();
    let part = |at: Option<&str>| at.filter(|it| it.len() > 2).and_then(of_word);
    let cut = || lower.split(['-', '_', '.']);
    let glued = || WORDS.iter().find(|it| it.0.len() > 4 && lower.ends_with(it.0)).map(|it| it.1);
    of_word(name).or_else(|| part(cut().next_back())).or_else(|| part(cut().next())).or_else(glued)
}

/// What other servers understand and PostgreSQL refuses, in capitals.
const FOREIGN: &[(&str, Engine)] = &[
    ("AUTO_INCREMENT", Engine::Other("MySQL")),
    ("ENGINE=INNODB", Engine::Other("MySQL")),
    ("ENGINE = INNODB", Engine::Other("MySQL")),
    ("CREATE TABLE `", Engine::Other("MySQL")),
    ("CREATE TABLE IF NOT EXISTS `", Engine::Other("MySQL")),
    ("ALTER TABLE `", Engine::Other("MySQL")),
    ("INSERT INTO `", Engine::Other("MySQL")),
    ("UPDATE `", Engine::Other("MySQL")),
    ("AUTOINCREMENT", Engine::Other("SQLite")),
    ("PRAGMA ", Engine::Other("SQLite")),
    ("WITHOUT ROWID", Engine::Other("SQLite")),
    ("ENGINE = MERGETREE", Engine::Other("ClickHouse")),
    ("MERGETREE", Engine::Other("ClickHouse")),
    (" ON CLUSTER ", Engine::Other("ClickHouse")),
    ("NVARCHAR(MAX)", Engine::Other("SQL Server")),
    ("INTO #", Engine::Other("SQL Server")),
    ("FROM #", Engine::Other("SQL Server")),
    ("CREATE TABLE #", Engine::Other("SQL Server")),
    ("VARCHAR2(", Engine::Other("Oracle")),
];

/// What PostgreSQL understands and most others refuse, in capitals.
const OWN: &[&str] = &[
    "$$",
    "SERIAL",
    "JSONB",
    "TIMESTAMPTZ",
    "PLPGSQL",
    "CONCURRENTLY",
    "BYTEA",
    "::",
    "CREATE EXTENSION",
    " USING GIN",
];

/// So many texts of a history are looked at, evenly spread, and so much of each.
const SAMPLE: usize = 24;
const LENGTH: usize = 8192;

/// The server that most of the texts which tell anything are written for, if that is another one.
pub(crate) fn of_texts<'a>(texts: impl ExactSizeIterator<Item = &'a str>) -> Option<&'static str> {
    let (mut own, mut foreign) = (0_usize, Vec::new());
    let step = texts.len().div_ceil(SAMPLE).max(1);
    for text in texts.step_by(step) {
        let text = crate::aside::head(text, LENGTH).to_ascii_uppercase();
        let is_own = OWN.iter().any(|it| text.contains(it));
        match FOREIGN.iter().find(|it| text.contains(it.0)) {
            // What speaks to both, such as a changelog of Liquibase, tells nothing.
            Some(_) if is_own => {}
            Some((_, Engine::Other(name))) => foreign.push(*name),
            Some((_, Engine::Postgres)) | None => own += usize::from(is_own),
        }
    }
    (foreign.len() > own).then(|| foreign[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn other(path: &str) -> Option<&'static str> {
        match of_path(path) {
            Some(Engine::Other(name)) => Some(name),
            Some(Engine::Postgres) | None => None,
        }
    }

    #[test]
    fn a_word_between_dots_or_a_folder_names_the_server() {
        assert_eq!(other("m/1_x.mysql.up.sql"), Some("MySQL"));
        assert_eq!(other("m/1_x.sql.sqlite"), Some("SQLite"));
        assert_eq!(other("m/sqlite/1_x.up.sql"), Some("SQLite"));
        assert_eq!(other("clickhouse/migrations/1_x.up.sql"), Some("ClickHouse"));
        assert_eq!(other("riversqlite/main/1_x.up.sql"), Some("SQLite"));
        assert_eq!(other("m/1_mysql_import.sql"), None);
        assert_eq!(other("ddl/sqlite_schema.sql"), Some("SQLite"));
        assert_eq!(other("ddl/oracle_prices.sql"), None);
    }

    #[test]
    fn the_innermost_name_counts() {
        assert_eq!(of_path("mysql/postgres/1.sql"), Some(Engine::Postgres));
        assert_eq!(of_path("sqlite/1_x.postgres.sql"), Some(Engine::Postgres));
    }

    #[test]
    fn the_texts_have_a_say_where_no_name_does() {
        let mysql = "create table t (id int auto_increment);";
        assert_eq!(of_texts([mysql, "SELECT 1"].into_iter()), Some("MySQL"));
        assert_eq!(of_texts([mysql, "CREATE TABLE t (at timestamptz)"].into_iter()), None);
        assert_eq!(of_texts([format!("{mysql} SELECT now()::date").as_str()].into_iter()), None);
    }
}
