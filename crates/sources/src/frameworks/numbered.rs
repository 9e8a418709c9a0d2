//! Frameworks whose files bear a number and mostly a direction: `20240101_x.up.sql`.

use super::{Cut, Definition, FILE, Hints, QUERY, Role, by_name, by_strict_name, direction_of_name, strict};
use crate::engine;
use crate::marks::Mark;
use crate::survey::{Home, HomeFile};
use crate::{Direction, Framework, Reason, path};

/// golang-migrate sends each file as one query and wraps nothing. go-pg's migrations have the same names, and wrap what
/// is called `x.tx.up.sql`.
pub(super) const GOLANG_MIGRATE: Definition = Definition {
    framework: Framework::GolangMigrate,
    detect: |home| {
        let sum = if home.beside("atlas.sum").is_some() { " and atlas.sum" } else { "" };
        both_ways(home).map(|why| why + sum)
    },
    role: |home, file| {
        if names_golang_migrate(home) { by_strict_name(home, file, is_golang_migrate) } else { by_name(home, file) }
    },
    cut: |text, direction, hints| {
        Cut::whole(text, direction, if hints.transaction == Some(true) { FILE } else { QUERY })
    },
    judge: None,
};

/// Several runners take such names. What golang-migrate refuses is told only where the module asks for it.
pub(crate) fn names_golang_migrate(home: &Home<'_>) -> bool {
    home.near("go.mod", |it| it.contains("golang-migrate/migrate")).is_some()
}

/// `^([0-9]+)_(.*)\.(up|down)\.(.*)$` in `source/parse.go`.
fn is_golang_migrate(name: &str) -> bool {
    path::is_numbered(name) && name.split('.').skip(1).any(|it| matches!(it, "up" | "down"))
}

/// sqlx wraps each file, unless its first bytes are `-- no-transaction`; then it is one query.
pub(super) const SQLX: Definition = Definition {
    framework: Framework::Sqlx,
    detect: |home| {
        let marked = home.files.iter().any(|it| it.marks.has(Mark::SqlxNoTransaction));
        let why = marked.then(|| "`-- no-transaction` at the start of a file".to_owned());
        let why = why.or_else(|| home.near("Cargo.toml", |it| it.contains("sqlx")));
        why.filter(|_| most(home, |it| path::is_numbered(it.name())))
    },
    role: by_name,
    cut: |text, direction, _| {
        let opted_out = text.starts_with("-- no-transaction");
        let cut = Cut::whole(text, direction, if opted_out { QUERY } else { FILE });
        Cut { notes: strict::sqlx(text), ..cut }
    },
    judge: None,
};

/// River wraps each version.
pub(super) const RIVER: Definition = Definition {
    framework: Framework::River,
    detect: |home| {
        let marked = home.files.iter().any(|it| it.marks.has(Mark::RiverTemplate));
        let made = || home.files.iter().any(|it| it.text.contains("TABLE") && it.text.contains("river_migration"));
        ((marked || made()) && both_ways(home).is_some()).then(|| "tables of River".to_owned())
    },
    role: by_name,
    cut: |text, direction, _| Cut::whole(text, direction, FILE),
    judge: None,
};

/// pop wraps each file, unless its name says `.autocommit.`; it fills in Go templates. Of two files of a version it runs
/// the one that names the server.
pub(super) const POP: Definition = Definition {
    framework: Framework::Pop,
    detect: |home| {
        let by_name = |it: &HomeFile<'_>| {
            let mut words = it.name().split('.').skip(1);
            words.any(|it| engine::of_word(it).is_some() || it == "autocommit") && it.name().ends_with(".sql")
        };
        let by_text = |it: &HomeFile<'_>| {
            it.text.contains("{{") && (it.text.contains(".Dialect") || it.text.contains(".Options"))
        };
        let why =
            home.near("go.mod", |it| it.contains("gobuffalo/pop") || it.contains("ory/pop") || it.contains("ory/x"));
        let templates = || home.files.iter().any(by_text).then(|| "templates of pop".to_owned());
        // Without a server in their names they are called as those of golang-migrate.
        let shared = || both_ways(home).is_some() && !names_golang_migrate(home);
        templates().or_else(|| why.filter(|_| home.files.iter().any(by_name) || shared()))
    },
    role: |home, file| if is_replaced(home, file) { Role::Aside(Reason::Replaced) } else { by_name(home, file) },
    cut: |text, direction, hints: &Hints| {
        Cut::whole(text, direction, if hints.transaction == Some(false) { QUERY } else { FILE })
    },
    judge: None,
};

/// Whether a file that names no server stands beside one of the same version and direction that names PostgreSQL; see
/// `sortAndFilter` in `popx`. Files for other servers are set aside before.
fn is_replaced(home: &Home<'_>, file: &HomeFile<'_>) -> bool {
    let names_server = |it: &str| it.split('.').skip(1).any(|it| engine::of_word(it).is_some());
    let version = |it: &str| it[..path::digits(it)].to_owned();
    let (name, own) = (file.name(), version(file.name()));
    let direction = direction_of_name(name);
    let replaces = |it: &HomeFile<'_>| {
        it.name().starts_with(&own)
            && names_server(it.name())
            && version(it.name()) == own
            && direction_of_name(it.name()) == direction
    };
    !own.is_empty() && !names_server(name) && home.files.iter().any(replaces)
}

/// Whether most files say in their names which way they lead.
fn both_ways(home: &Home<'_>) -> Option<String> {
    let word = |it: &HomeFile<'_>| path::stem(it.name()).rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered = |it: &HomeFile<'_>| {
        let says = word(it) == "up" || direction_of_name(it.name()) == Direction::Down;
        path::digits(it.name()) > 0 && says
    };
    let example = home.files.iter().find(|it| numbered(it) && word(it) == "up")?;
    most(home, numbered).then(|| format!("names as `{}`", example.name()))
}

fn most(home: &Home<'_>, test: impl Fn(&HomeFile<'_>) -> bool) -> bool {
    let found = home.files.iter().filter(|it| test(it)).count();
    found > 0 && 2 * found >= home.files.len()
}

/// Whether a name says a word between its dots: pop sends `x.autocommit.up.sql` without a transaction, go-pg sends
/// `x.tx.up.sql` in one.
pub(crate) fn says(name: &str, word: &str) -> bool {
    name.split('.').skip(1).any(|it| it == word)
}
