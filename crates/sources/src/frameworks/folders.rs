//! Frameworks that give each migration a folder: Prisma, Drizzle, diesel, Hasura.

use super::{Cut, Definition, FILE, Hints, QUERY, RUN, Role, by_folder, by_name};
use crate::order::{Group, Turn};
use crate::survey::{Home, HomeFile};
use crate::{Direction, Framework, Reason, path};
use lockkeeper_model::{Alone, Runner};
use lockkeeper_syntax::Span;

/// Prisma sends a file as one query. Since 7.4 it sends `CREATE INDEX CONCURRENTLY` by itself (prisma-engines #5767).
pub(super) const PRISMA: Definition = Definition {
    framework: Framework::Prisma,
    detect: |home| {
        let lock = home.beside("migration_lock.toml").map(|_| "migration_lock.toml".to_owned());
        lock.or_else(|| {
            has_file(home, "migration").then(|| "a folder with migration.sql for each migration".to_owned())
        })
    },
    role: |home, file| match home.beside("migration_lock.toml").and_then(|it| provider(it)) {
        Some(engine) => Role::Aside(Reason::Engine(engine)),
        None => in_folder(home, file),
    },
    cut: |text, direction, hints| {
        let alone = if hints.splits.unwrap_or(true) { Alone::IndexBuilds } else { Alone::Nothing };
        Cut::whole(text, direction, Runner { alone, ..QUERY })
    },
    judge: None,
};

/// Drizzle runs all that is pending in one transaction, cut at `--> statement-breakpoint`.
pub(super) const DRIZZLE: Definition = Definition {
    framework: Framework::Drizzle,
    detect: |home| {
        let journal = home.beside("meta/_journal.json").map(|_| "meta/_journal.json".to_owned());
        journal.or_else(|| {
            let config = ["drizzle.config.ts", "drizzle.config.js"].iter().find_map(|it| home.near(it, |_| true));
            config.filter(|_| has_file(home, "migration"))
        })
    },
    role: drizzle,
    cut: drizzle_cut,
    judge: None,
};

/// diesel wraps each folder, unless its `metadata.toml` says otherwise; then the file is one query.
pub(super) const DIESEL: Definition = Definition {
    framework: Framework::Diesel,
    detect: |home| {
        // Others have such folders too. Those of diesel bear the time in parts.
        let is_timed = |it: &HomeFile<'_>| it.key.contains('/') && is_dated(it.key);
        let named = || home.near("Cargo.toml", |it| it.contains("diesel"));
        let timed =
            || home.files.iter().any(is_timed).then(|| "folders as `2024-01-31-120000_x` with up.sql".to_owned());
        let why = home.near("diesel.toml", |_| true).or_else(named).or_else(timed);
        why.filter(|_| has_file(home, "up"))
    },
    role: in_folder,
    cut: |text, direction, hints| wrapped(text, direction, hints),
    judge: None,
};

/// Hasura wraps each migration; its folders bear the time in milliseconds.
pub(super) const HASURA: Definition = Definition {
    framework: Framework::Hasura,
    detect: |home| {
        let timed = home.files.iter().filter(|it| path::digits(it.key) == 13);
        let (folders, files): (Vec<_>, Vec<_>) = timed.partition(|it| it.key.contains('/'));
        let most = 2 * (folders.len() + files.len()) >= home.files.len();
        let config = || home.near("config.yaml", |it| it.contains("metadata_directory") || it.contains("hasura"));
        let in_folders = || {
            (!folders.is_empty() && folders.len() >= files.len())
                .then(|| "a folder with up.sql and a time in milliseconds for each migration".to_owned())
        };
        let in_files = || config().filter(|_| !files.is_empty());
        in_folders().or_else(in_files).filter(|_| most)
    },
    role: |home, file| {
        // Its first version had files without folders.
        if path::digits(file.key) == 13 { by_folder(home, file) } else { Role::Aside(Reason::NotTaken) }
    },
    cut: |text, direction, _| Cut::whole(text, direction, FILE),
    judge: None,
};

/// The role of a file whose tool looks into folders only: it takes no file that lies beside them.
fn in_folder(home: &Home<'_>, file: &HomeFile<'_>) -> Role {
    if file.key.contains('/') { by_folder(home, file) } else { Role::Aside(Reason::NotTaken) }
}

/// Whether folders below the home hold a file of this name.
fn has_file(home: &Home<'_>, stem: &str) -> bool {
    home.files.iter().any(|it| it.key.contains('/') && path::stem(it.name()).eq_ignore_ascii_case(stem))
}

/// Whether a name begins as `2024-01-31-120000_`.
fn is_dated(name: &str) -> bool {
    let head = name.split('_').next().unwrap_or_default();
    let parts: Vec<usize> = head.split('-').map(str::len).collect();
    matches!(parts[..], [4, 2, 2, 6 | 4]) && head.bytes().all(|it| it.is_ascii_digit() || it == b'-')
}

fn wrapped(text: &str, direction: Direction, hints: &Hints) -> Cut {
    let wrap = hints.transaction.unwrap_or(true);
    Cut::whole(text, direction, if wrap { FILE } else { QUERY })
}

/// The provider of a `migration_lock.toml`, if it is another server.
fn provider(lock: &str) -> Option<&'static str> {
    let line = lock.lines().find(|it| it.trim_start().starts_with("provider"))?;
    let value = line.split('"').nth(1)?;
    match crate::engine::of_word(value)? {
        crate::engine::Engine::Other(name) => Some(name),
        crate::engine::Engine::Postgres => None,
    }
}

/// The journal lists the files by name, in order.
fn drizzle(home: &Home<'_>, file: &HomeFile<'_>) -> Role {
    let Some(journal) = home.beside("meta/_journal.json") else { return in_folder(home, file) };
    let value = |key: &str| journal.split(&format!("\"{key}\"")).nth(1)?.split('"').nth(1);
    if let Some(crate::engine::Engine::Other(name)) = value("dialect").and_then(crate::engine::of_word) {
        return Role::Aside(Reason::Engine(name));
    }
    let tags: Vec<&str> = journal.split("\"tag\"").skip(1).filter_map(|it| it.split('"').nth(1)).collect();
    // A journal that knows few of the files is not what runs them.
    let known = home.files.iter().filter(|it| tags.contains(&path::stem(it.key))).count();
    if 2 * known < home.files.len() {
        return by_name(home, file);
    }
    match tags.iter().position(|it| *it == path::stem(file.key)) {
        Some(place) => Role::Up(Turn { group: Group::Listed, place, version: tags[place].to_owned() }),
        None => Role::Aside(Reason::Unplanned),
    }
}

fn drizzle_cut(text: &str, direction: Direction, _: &Hints) -> Cut {
    let mark = "--> statement-breakpoint";
    let breaks = text.match_indices(mark).map(|(at, _)| Span::new(at as u32, (at + mark.len()) as u32));
    Cut { breaks: breaks.collect(), ..Cut::whole(text, direction, RUN) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_provider_is_read() {
        assert_eq!(provider("# note\nprovider = \"sqlite\"\n"), Some("SQLite"));
        assert_eq!(provider("provider = \"postgresql\"\n"), None);
    }

    #[test]
    fn drizzle_cuts_at_its_marker() {
        let cut = drizzle_cut("a--> statement-breakpoint\nb;", Direction::Up, &Hints::default());
        assert_eq!(cut.breaks, [Span::new(1, 25)]);
    }
}
