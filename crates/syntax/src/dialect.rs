//! Other dialects of SQL: what a text looks like that PostgreSQL cannot read.

/// A dialect that is told from PostgreSQL's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are the products' own")]
pub enum Dialect {
    MySql,
    Sqlite,
    TSql,
}

impl Dialect {
    /// Its name as people write it.
    pub fn name(self) -> &'static str {
        match self {
            Dialect::MySql => "MySQL",
            Dialect::Sqlite => "SQLite",
            Dialect::TSql => "T-SQL",
        }
    }
}

/// What only one dialect writes, in small letters.
const MARKS: &[(Dialect, &[&str])] = &[
    (
        Dialect::MySql,
        &[
            "`",
            "auto_increment",
            "engine=",
            "engine =",
            "unsigned",
            "modify column",
            "change column",
            "on duplicate key",
        ],
    ),
    (Dialect::Sqlite, &["autoincrement", "pragma ", "without rowid", "insert or "]),
    (
        Dialect::TSql,
        &["[", "nvarchar", "identity(", "identity (", "getdate()", "datetime2", "uniqueidentifier", "dbo."],
    ),
];

/// The dialect of a statement that PostgreSQL cannot read: one that has its marks and that its parser reads. Without the
/// feature `dialects` nobody knows.
pub fn looks_like(statement: &str) -> Option<Dialect> {
    let small = statement.to_ascii_lowercase();
    let marked = MARKS.iter().filter(|it| it.1.iter().any(|mark| small.contains(mark)));
    marked.map(|it| it.0).find(|it| reads(*it, statement))
}

/// Whether the parser of a dialect reads a statement.
#[cfg(feature = "dialects")]
pub(crate) fn reads(dialect: Dialect, statement: &str) -> bool {
    use sqlparser::dialect::{MsSqlDialect, MySqlDialect, SQLiteDialect};
    use sqlparser::parser::Parser;
    let read = match dialect {
        Dialect::MySql => Parser::parse_sql(&MySqlDialect {}, statement),
        Dialect::Sqlite => Parser::parse_sql(&SQLiteDialect {}, statement),
        Dialect::TSql => Parser::parse_sql(&MsSqlDialect {}, statement),
    };
    read.is_ok()
}

#[cfg(not(feature = "dialects"))]
pub(crate) fn reads(_: Dialect, _: &str) -> bool {
    false
}

#[cfg(all(test, feature = "dialects"))]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_postgresql_is_told_apart() {
        let cases = [
            ("CREATE TABLE `t` (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB", Some(Dialect::MySql)),
            ("ALTER TABLE t MODIFY COLUMN a BIGINT", Some(Dialect::MySql)),
            ("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", Some(Dialect::Sqlite)),
            ("PRAGMA foreign_keys = 1", Some(Dialect::Sqlite)),
            ("CREATE TABLE [dbo].[t] (id INT IDENTITY(1,1), name NVARCHAR(50))", Some(Dialect::TSql)),
            ("CREATE TABEL t (id int)", None),
        ];
        for (sql, dialect) in cases {
            assert_eq!(looks_like(sql), dialect, "{sql}");
        }
    }
}
