//! Frameworks with a file for each migration and their own way to say how it is sent: Supabase, Graphile Migrate,
//! postgres-migrations.

use super::{Cut, Definition, FILE, QUERY, Role, by_name, by_number, by_strict_name, strict};
use crate::marks::Mark;
use crate::order::{Group, Turn};
use crate::{Framework, Reason, path};
use lockkeeper_model::{Alone, Runner};

/// Supabase sends a file as one batch, an implicit transaction. Since 2.109 it sends by itself what refuses one.
pub(super) const SUPABASE: Definition = Definition {
    framework: Framework::Supabase,
    detect: |home| {
        let folder = home.folder == "supabase/migrations" || home.folder.ends_with("/supabase/migrations");
        folder.then(|| "the folder supabase/migrations".to_owned())
    },
    // The CLI takes what `([0-9]+)_(.*)\.sql` names.
    role: |home, file| by_strict_name(home, file, path::is_numbered),
    cut: |text, direction, hints| {
        let alone = if hints.splits.unwrap_or(true) { Alone::Refusing } else { Alone::Nothing };
        Cut::whole(text, direction, Runner { alone, ..QUERY })
    },
    judge: None,
};

/// Graphile Migrate wraps each file, unless it begins with `--! no-transaction` below its headers; see `header.ts`.
pub(super) const GRAPHILE: Definition = Definition {
    framework: Framework::GraphileMigrate,
    detect: |home| {
        let marked = home.files.iter().any(|it| it.marks.has(Mark::GraphileHeader));
        marked.then(|| "`--! Previous:` at the start of files".to_owned())
    },
    role: |_, file| {
        // What is committed comes first; `current.sql` or the files of `current/` are still being written.
        let current = file.key == "current.sql" || file.key.starts_with("current/");
        let committed = file.key.starts_with("committed/") || file.marks.has(Mark::GraphileHeader);
        match (current, committed) {
            (true, _) => Role::Up(Turn { group: Group::Named, ..by_number(file.key) }),
            (false, true) => Role::Up(Turn { group: Group::Versioned, ..by_number(file.key) }),
            (false, false) => Role::Aside(Reason::NotTaken),
        }
    },
    cut: |text, direction, _| {
        let (opted_out, notes) = strict::graphile(text);
        Cut { notes, ..Cut::whole(text, direction, if opted_out { QUERY } else { FILE }) }
    },
    judge: None,
};

/// postgres-migrations wraps each file, unless a comment says otherwise; then it is one query.
pub(super) const POSTGRES_MIGRATIONS: Definition = Definition {
    framework: Framework::PostgresMigrations,
    detect: |home| {
        let marked = home.files.iter().any(|it| it.marks.has(Mark::PostgresMigrations));
        let why = marked.then(|| "`-- postgres-migrations` comments".to_owned());
        let named = || home.near("package.json", |it| it.contains("\"postgres-migrations\""));
        why.or_else(named).filter(|_| home.files.iter().any(|it| path::digits(it.name()) > 0))
    },
    role: by_name,
    cut: |text, direction, _| {
        let opted_out = crate::marks::Marks::of(text).has(Mark::PostgresMigrations);
        Cut::whole(text, direction, if opted_out { QUERY } else { FILE })
    },
    judge: None,
};
