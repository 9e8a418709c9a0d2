//! New migrations behind one that is there: what their files are called, and what their tool wants to read in them.

use crate::{Framework, path};

/// A file of a migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewFile {
    /// Its path, in the form of those that are there.
    pub path: String,
    /// Its text.
    pub text: String,
}

/// What a migration consists of.
#[derive(Clone, Copy, Debug)]
pub struct Parts<'a> {
    /// What runs forwards.
    pub up: &'a str,
    /// What runs back, where that stands in the same file; `None` where the file says nothing of it.
    pub down: Option<&'a str>,
    /// Whether it may run in a transaction.
    pub transaction: bool,
}

/// The first line of what leads back, for a tool that keeps both ways in one file.
pub fn down_marker(framework: Framework) -> Option<&'static str> {
    match framework {
        Framework::Goose => Some("-- +goose Down"),
        Framework::SqlMigrate => Some("-- +migrate Down"),
        Framework::Dbmate => Some("-- migrate:down"),
        Framework::Tern => Some("---- create above / drop below ----"),
        _ => None,
    }
}

/// The files of a migration at `path`, a name of the tool's own; `None` where it has no way to be told to run outside of a
/// transaction.
pub fn written(framework: Framework, path: &str, parts: Parts<'_>) -> Option<Vec<NewFile>> {
    let Parts { up, down, transaction } = parts;
    let up = up.trim_matches('\n');
    let back =
        |marker: &str| down.map(|it| format!("\n{marker}\n{}\n", it.trim_matches('\n')).replace("\n\n\n", "\n\n"));
    let with_back = |text: String, marker: &str| text + &back(marker).unwrap_or_default();
    let unless = |plain: &'static str, marked: &'static str| if transaction { plain } else { marked };
    let mut beside = Vec::new();
    let (folder, name) = path::split(path);
    let text = match framework {
        Framework::Goose => {
            with_back(format!("{}-- +goose Up\n{up}\n", unless("", "-- +goose NO TRANSACTION\n")), "-- +goose Down")
        }
        Framework::SqlMigrate => {
            let marker = unless("-- +migrate Down", "-- +migrate Down notransaction");
            with_back(format!("-- +migrate Up{}\n{up}\n", unless("", " notransaction")), marker)
        }
        Framework::Dbmate => {
            let marker = unless("-- migrate:down", "-- migrate:down transaction:false");
            with_back(format!("-- migrate:up{}\n{up}\n", unless("", " transaction:false")), marker)
        }
        Framework::Tern => {
            let head = unless("", "---- tern: disable-tx ----\n");
            with_back(format!("{head}{up}\n"), "---- create above / drop below ----")
        }
        Framework::Atlas => format!("{}{up}\n", unless("", "-- atlas:txmode none\n\n")),
        Framework::PostgresMigrations => {
            format!("{}{up}\n", unless("", "-- postgres-migrations disable-transaction\n"))
        }
        Framework::Sqlx => format!("{}{up}\n", unless("", "-- no-transaction\n")),
        Framework::Diesel => {
            if !transaction {
                let text = "run_in_transaction = false\n".to_owned();
                beside.push(NewFile { path: path::join(folder, "metadata.toml"), text });
            }
            format!("{up}\n")
        }
        Framework::Flyway => {
            if !transaction {
                let text = "executeInTransaction=false\n".to_owned();
                beside.push(NewFile { path: path::join(folder, &format!("{name}.conf")), text });
            }
            format!("{up}\n")
        }
        // These wrap nothing, or send by itself what refuses a transaction.
        Framework::Plain | Framework::GolangMigrate | Framework::Prisma | Framework::Supabase => format!("{up}\n"),
        Framework::Refinery if transaction => format!("{up}\n"),
        Framework::Refinery
        | Framework::Alembic
        | Framework::AlembicSql
        | Framework::DjangoSql
        | Framework::Drizzle
        | Framework::GraphileMigrate
        | Framework::Hasura
        | Framework::Liquibase
        | Framework::NodePgMigrate
        | Framework::PgDump
        | Framework::Pop
        | Framework::River
        | Framework::Sqitch
        | Framework::Yoyo => return None,
    };
    beside.insert(0, NewFile { path: path.to_owned(), text });
    Some(beside)
}

/// The path of the next migration behind `path`, with another number and `part` in its name. `taken`: the paths of all that
/// the tool runs. `None` where the name has no number, or the next number is taken.
pub fn next_path(path: &str, taken: &[&str]) -> Option<String> {
    let name = Numbered::of(path)?;
    let all = taken.iter().copied().filter_map(Numbered::of);
    let others: Vec<Numbered<'_>> = all.filter(|it| it.home == name.home && it.before == name.before).collect();
    let later = others.iter().filter(|it| it.order() > name.order()).map(Numbered::order).min();
    let fits = |it: &str| later.as_ref().is_none_or(|later| order(it) < *later);
    let plain = incremented(name.number);
    // Flyway has numbers between numbers.
    let number = if fits(&plain) {
        plain
    } else {
        let between = format!("{}.1", name.number);
        (name.before.ends_with('V') && fits(&between)).then_some(between)?
    };
    let (words, part) = match name.words.rsplit_once("_part_") {
        Some((words, part)) if !part.is_empty() && path::digits(part) == part.len() => {
            (words, part.parse().unwrap_or(1))
        }
        _ => (name.words, 1),
    };
    Some(format!("{}{}{number}{words}_part_{}{}", name.home, name.before, part + 1, name.after))
}

/// A path whose last telling name begins with a number.
struct Numbered<'a> {
    /// What is before the name.
    home: &'a str,
    /// What of the name is before the number: `V`.
    before: &'a str,
    number: &'a str,
    /// What is behind it: `_create_users`.
    words: &'a str,
    /// What follows these: `.up.sql`, `/migration.sql`.
    after: &'a str,
}

impl<'a> Numbered<'a> {
    fn of(path: &'a str) -> Option<Self> {
        let (folder, file) = path::split(path);
        let starts = |it: &str| path::digits(it.strip_prefix(['V', 'U']).unwrap_or(it)) > 0;
        // `20240101_x/up.sql`, `20240101_x/migration.sql`: the folder bears the number.
        let (start, end) = if starts(file) {
            (path.len() - file.len(), path.len() - file.len() + file.find('.').unwrap_or(file.len()))
        } else {
            let last = path::split(folder).1;
            (starts(last) && !last.is_empty()).then_some((folder.len() - last.len(), folder.len()))?
        };
        let (home, name) = (&path[..start], &path[start..]);
        let letter = name.chars().next().filter(|it| matches!(it, 'V' | 'U')).map_or(0, char::len_utf8);
        let versioned = letter > 0;
        let is_digit = |it: char| it.is_ascii_digit();
        let goes_on = |it: char| is_digit(it) || (versioned && matches!(it, '.' | '_')) || (!versioned && it == '-');
        let rest = &name[letter..];
        let number = match rest.split_once("__").filter(|_| versioned) {
            Some((number, _)) => number,
            None => rest[..rest.find(|it| !goes_on(it)).unwrap_or(rest.len())].trim_end_matches(['.', '-', '_']),
        };
        // The dots of a version are no ending.
        let from = start + letter + number.len();
        let end = if versioned { from + path[from..].find('.').unwrap_or(path.len() - from) } else { end };
        (path::digits(number) > 0 && from <= end).then(|| Numbered {
            home,
            before: &name[..letter],
            number,
            words: &path[from..end],
            after: &path[end..],
        })
    }

    fn order(&self) -> Vec<u64> {
        order(self.number)
    }
}

fn order(number: &str) -> Vec<u64> {
    number.split(['.', '_', '-']).map(|it| it.parse().unwrap_or(u64::MAX)).collect()
}

/// The next number, as wide as the last; what looks like a time goes on by a second.
fn incremented(number: &str) -> String {
    let at = number.rfind(|it: char| !it.is_ascii_digit()).map_or(0, |it| it + 1);
    let (head, last) = number.split_at(at);
    let value: u64 = last.parse().unwrap_or(0);
    let next = if last.len() == 14 { next_second(value) } else { value + 1 };
    format!("{head}{next:0width$}", width = last.len())
}

/// The second behind `YYYYMMDDhhmmss`; at the end of a day just the next number.
fn next_second(time: u64) -> u64 {
    let (second, minute, hour) = (time % 100, time / 100 % 100, time / 10_000 % 100);
    match (hour, minute, second) {
        (0..=23, 0..=59, 0..=58) => time + 1,
        (0..=23, 0..=58, 59) => time - 59 + 100,
        (0..=22, 59, 59) => time - 5959 + 10_000,
        _ => time + 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_name_is_the_tools_own() {
        let next = |path: &str, taken: &[&str]| next_path(path, taken).unwrap_or_default();
        assert_eq!(next("db/0007_users.sql", &["db/0007_users.sql", "db/0006_x.sql"]), "db/0008_users_part_2.sql");
        assert_eq!(next("db/0008_users_part_2.sql", &[]), "db/0009_users_part_3.sql");
        assert_eq!(next("db/0007_users.sql", &["db/0008_x.sql"]), "", "sequential numbers leave no room");
        assert_eq!(next("m/000003_a.up.sql", &["m/000003_a.down.sql"]), "m/000004_a_part_2.up.sql");
        assert_eq!(next("m/20240101120059_a.sql", &["m/20240102000000_b.sql"]), "m/20240101120100_a_part_2.sql");
        assert_eq!(next("p/20240101120000_a/migration.sql", &[]), "p/20240101120001_a_part_2/migration.sql");
        assert_eq!(next("2024-01-01-000000_a/up.sql", &[]), "2024-01-01-000001_a_part_2/up.sql");
        assert_eq!(next("V7__a.sql", &["V6__b.sql"]), "V8__a_part_2.sql");
        assert_eq!(next("V7__a.sql", &["V8__b.sql"]), "V7.1__a_part_2.sql");
        assert_eq!(next("V1_2__a.sql", &[]), "V1_3__a_part_2.sql");
        assert_eq!(next("V1.2__a.sql", &["V1.3__b.sql"]), "V1.2.1__a_part_2.sql");
        assert_eq!(next("db/users.sql", &[]), "", "without a number nothing says where it belongs");
    }

    #[test]
    fn a_tool_is_told_in_its_own_words() {
        let text = |framework, transaction, down| {
            let parts = Parts { up: "SELECT 1;", down, transaction };
            let files = written(framework, "1_a/up.sql", parts).unwrap_or_default();
            files.iter().map(|it| format!("{}: {}", it.path, it.text)).collect::<Vec<_>>().join("|")
        };
        assert_eq!(
            text(Framework::Goose, false, Some("")),
            "1_a/up.sql: -- +goose NO TRANSACTION\n-- +goose Up\nSELECT 1;\n\n-- +goose Down\n\n"
        );
        assert_eq!(text(Framework::Goose, true, None), "1_a/up.sql: -- +goose Up\nSELECT 1;\n");
        assert_eq!(
            text(Framework::Diesel, false, None),
            "1_a/up.sql: SELECT 1;\n|1_a/metadata.toml: run_in_transaction = false\n"
        );
        assert_eq!(text(Framework::Refinery, false, None), "");
        assert_eq!(text(Framework::Sqlx, false, None), "1_a/up.sql: -- no-transaction\nSELECT 1;\n");
    }
}
