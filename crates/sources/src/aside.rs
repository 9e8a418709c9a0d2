//! Files of SQL that are no migrations: dumps, seeds, query files.

use crate::{engine, path};

/// Why a file is no part of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// It is for another database server.
    Engine(&'static str),
    /// A dump of a schema.
    Dump,
    /// Rows for development and tests.
    Seed,
    /// SQL of tests.
    Test,
    /// Queries that a program sends.
    Queries,
    /// A template that a program fills in and sends.
    Template,
    /// A check of what a migration did: sqitch's `verify`.
    Verification,
    /// Its baseline stands for migrations that are there too.
    Baseline,
    /// A piece that migrations include.
    Included,
    /// Not in the plan of its history.
    Unplanned,
    /// Its tool does not take its name for a migration's.
    NotTaken,
    /// A file for PostgreSQL has the same version, and the tool prefers that.
    Replaced,
    /// The tool runs it before or after migrations, each time.
    Callback,
    /// A migration in a programming language, of the framework named.
    Code(&'static str),
}

impl Reason {
    /// What the file is, in a few words.
    pub fn words(self) -> String {
        match self {
            Reason::Engine(name) => format!("for {name}"),
            Reason::Dump => "a dump of the schema".to_owned(),
            Reason::Seed => "rows for development or tests".to_owned(),
            Reason::Test => "SQL of tests".to_owned(),
            Reason::Queries => "queries of a program".to_owned(),
            Reason::Template => "a template that a program fills in".to_owned(),
            Reason::Verification => "a check of what a migration did".to_owned(),
            Reason::Baseline => "a baseline of migrations that are there too".to_owned(),
            Reason::Included => "a piece that migrations include".to_owned(),
            Reason::Unplanned => "not in the plan of its history".to_owned(),
            Reason::NotTaken => "no migration to its tool, by its name".to_owned(),
            Reason::Replaced => "replaced by a file of its version for PostgreSQL".to_owned(),
            Reason::Callback => "runs around migrations, each time".to_owned(),
            Reason::Code(name) => format!("a {name} migration, which is not read"),
        }
    }
}

/// Folders that hold rows for development and tests.
const SEED_FOLDERS: &[&str] = &["seed", "seeds", "fixtures", "testdata", "test-data", "sample_data", "sample-data"];
/// Folders that hold tests, at any depth.
const TEST_FOLDERS: &[&str] = &["test", "tests", "testing", "__tests__", "spec", "sqltest", "pgtap", "e2e"];
/// Folders that hold queries.
const QUERY_FOLDERS: &[&str] = &["queries", "query"];
/// Names of dumps, without ending.
const DUMPS: &[&str] = &["structure", "schema", "dump", "schema_dump", "db_dump", "full_schema", "generated_schema"];

/// What a file is, if it is no migration. A name with a version belongs to a history whatever it holds: many begin
/// with a dump.
pub(crate) fn reason(path: &str, text: &str) -> Option<Reason> {
    let (_, name) = path::split(path);
    let stem = path::stem(name).to_ascii_lowercase();
    let stem = stem.as_str();
    let folder = path::last_folder(path).to_ascii_lowercase();
    if SEED_FOLDERS.contains(&folder.as_str()) {
        return Some(Reason::Seed);
    }
    if is_pgtap(text) {
        return Some(Reason::Test);
    }
    if is_template(text) {
        return Some(Reason::Template);
    }
    if has_version(stem) {
        return None;
    }
    if matches!(stem, "seed" | "seeds") || stem.starts_with("seed_") || stem.starts_with("seed-") {
        return Some(Reason::Seed);
    }
    let is_called_dump = stem == "latest" || stem.split(['-', '_', '.']).any(|it| it == "dump");
    if is_dump(text) || is_called_dump || DUMPS.contains(&stem) && text.len() > SHORT {
        return Some(Reason::Dump);
    }
    let (folders, _) = path::split(path);
    if folders.split('/').any(|it| TEST_FOLDERS.contains(&it)) {
        return Some(Reason::Test);
    }
    if let Some(name) = engine::of_texts(std::iter::once(text)) {
        return Some(Reason::Engine(name));
    }
    if is_query_file(text) || takes_parameters(text) || QUERY_FOLDERS.contains(&folder.as_str()) {
        return Some(Reason::Queries);
    }
    None
}

/// A `schema.sql` of a few lines may well be the migration itself.
const SHORT: usize = 4096;

fn has_version(stem: &str) -> bool {
    !crate::order::version(stem).is_empty() || stem.starts_with("r__")
}

/// Whether `pg_dump` wrote the text.
pub(crate) fn is_dump(text: &str) -> bool {
    let head = head(text, 400);
    head.contains("-- PostgreSQL database dump") || head.contains("-- PostgreSQL database cluster dump")
}

/// Whether the text names its queries for a generator: sqlc (`-- name: GetUser :one`), aiosql (`-- name: get_user^`),
/// HugSQL (`-- :name get-user :? :1`), PgTyped (`/* @name GetUser */`).
fn is_query_file(text: &str) -> bool {
    head(text, 8192).lines().any(|line| {
        let line = line.trim();
        line.strip_prefix("-- name:").is_some_and(|it| !it.trim().is_empty())
            || line.starts_with("-- :name ")
            || line.starts_with("/* name:")
            || line.starts_with("/* @name ")
            || line.strip_prefix("* @name ").is_some_and(|it| !it.contains(' '))
    })
}

/// Whether the text is a test of pgTAP.
fn is_pgtap(text: &str) -> bool {
    let starts = |line: &str| {
        let line = line.trim_start().to_ascii_lowercase();
        line.starts_with("select plan(")
            || line.starts_with("select no_plan(")
            || line.starts_with("select * from no_plan(")
    };
    text.contains("finish()") && text.lines().any(starts)
}

/// Whether the text has parameters that a program fills in, `$1` or `%s`, where no function or prepared
/// statement takes them.
fn takes_parameters(text: &str) -> bool {
    let upper = text.to_ascii_uppercase();
    if ["FUNCTION", "PROCEDURE", "PREPARE", "DO $"].iter().any(|it| upper.contains(it)) {
        return false;
    }
    let bytes = text.as_bytes();
    let (mut at, mut quote) = (0, None);
    while let Some(&byte) = bytes.get(at) {
        let rest = &bytes[at..];
        match (quote, byte) {
            (Some(open), _) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'-') if rest.starts_with(b"--") => {
                at += rest.iter().position(|it| *it == b'\n').unwrap_or(rest.len());
                continue;
            }
            (None, b'$') if rest.get(1).is_some_and(u8::is_ascii_digit) => return true,
            (None, b'%') if rest.starts_with(b"%s") && !rest.get(2).is_some_and(u8::is_ascii_alphanumeric) => {
                return true;
            }
            (None, _) => {}
        }
        at += 1;
    }
    false
}

/// Whether the text names tables as `@schema.table` or `@table`, for SqlRender of OHDSI to fill in, or asks for rows
/// with `{{ … }}` or `[[ … ]]` in it.
fn is_template(text: &str) -> bool {
    const BEFORE: &[&str] = &["FROM", "INTO", "JOIN", "TABLE", "EXISTS", "UPDATE", "VIEW", "REFERENCES"];
    let named = |at: usize| {
        let before = text[..at].trim_end();
        let word = before.rsplit(|it: char| !it.is_ascii_alphabetic()).next().unwrap_or_default();
        let rest = &text.as_bytes()[at + 1..];
        let is_name = rest.first().is_some_and(u8::is_ascii_alphabetic);
        let length = rest.iter().take_while(|it| it.is_ascii_alphanumeric() || **it == b'_').count();
        // Elsewhere an `@` before a name asks for the absolute value of it.
        let known = BEFORE.iter().any(|it| it.eq_ignore_ascii_case(word));
        let index = word.eq_ignore_ascii_case("ON") && rest.get(length) == Some(&b'.');
        is_name && before.len() < at && (known || index)
    };
    let line = |at: usize| &text[text[..at].rfind('\n').map_or(0, |it| it + 1)..at];
    // MySQL has variables.
    let foreign = engine::of_texts(std::iter::once(text)).is_some() || text.contains("SET @");
    let renders = text.match_indices('@').any(|(at, _)| named(at) && !line(at).contains("--"));
    renders && !foreign || (text.contains("{{") || text.contains("[[")) && only_asks(text)
}

/// Whether a text begins with a query, and nothing in it changes anything.
fn only_asks(text: &str) -> bool {
    const CHANGES: &[&str] =
        &["CREATE", "ALTER", "DROP", "INSERT", "UPDATE", "DELETE", "GRANT", "REVOKE", "TRUNCATE", "COMMENT", "DO"];
    let code = text.lines().map(|it| it.split("--").next().unwrap_or_default());
    let mut words = code.flat_map(|it| it.split(|it: char| !it.is_ascii_alphabetic())).filter(|it| !it.is_empty());
    let among = |list: &[&str], word: &str| list.iter().any(|it| it.eq_ignore_ascii_case(word));
    words.next().is_some_and(|it| among(&["SELECT", "WITH"], it)) && !words.any(|it| among(CHANGES, it))
}

/// The first `length` bytes, or as many as end with a character.
pub(crate) fn head(text: &str, length: usize) -> &str {
    let mut end = length.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_texts_tell() {
        let dump = "--\n-- PostgreSQL database dump\n--\n";
        assert_eq!(reason("db/structure.sql", dump), Some(Reason::Dump));
        assert_eq!(reason("db/0001_base.sql", dump), None);
        assert_eq!(reason("db/schema.sql", "CREATE TABLE t ();"), None);
        assert_eq!(reason("supabase/seed.sql", ""), Some(Reason::Seed));
        assert_eq!(reason("db/fixtures/users.sql", ""), Some(Reason::Seed));
        assert_eq!(reason("db/users.sql", "-- name: GetUser :one\nSELECT 1;"), Some(Reason::Queries));
        assert_eq!(reason("db/users.sql", "/* @name GetUser */\nSELECT 1;"), Some(Reason::Queries));
        assert_eq!(reason("db/names.sql", "-- name: \nSELECT 1;"), None);
        assert_eq!(reason("db/user.sql", "SELECT 1 FROM t WHERE id = $1;"), Some(Reason::Queries));
        assert_eq!(reason("db/user.sql", "SELECT 1 FROM t ORDER BY %s;"), Some(Reason::Queries));
        assert_eq!(reason("db/user.sql", "PREPARE q AS SELECT $1; SELECT '$1', 5 %sum; -- $2"), None);
        assert_eq!(reason("db/user.sql", "SELECT 1 FROM @results.people;"), Some(Reason::Template));
        assert_eq!(reason("ddl/01_user.sql", "CREATE TABLE @cdm.person (id int);"), Some(Reason::Template));
        assert_eq!(reason("q/1-x.sql", "-- of it\nSELECT 1 FROM t WHERE {{ since }}"), Some(Reason::Template));
        assert_eq!(reason("db/1_x.sql", "SELECT {{ f }}(); DROP TABLE t;"), None);
        assert_eq!(reason("db/01_user.sql", "-- FROM @a.b\nSELECT @t.a, x @> y.a FROM t WHERE a = @ b.c;"), None);
        assert_eq!(reason("db/user.sql", "UPDATE `t` SET a = 1;"), Some(Reason::Engine("MySQL")));
        assert_eq!(reason("db/routes-dump.sql", ""), Some(Reason::Dump));
        assert_eq!(reason("db/testdata/001_users.sql", ""), Some(Reason::Seed));
        assert_eq!(reason("db/01_x.sql", "BEGIN;\nSELECT plan(2);\nSELECT * FROM finish();"), Some(Reason::Test));
    }
}
