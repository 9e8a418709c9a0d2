//! What is known of each framework, as data and small functions. [`ALL`] is asked from the top.

mod atlas;
mod files;
mod flyway;
mod folders;
mod generated;
pub(crate) mod liquibase;
mod listed;
mod marked;
pub(crate) mod numbered;
pub(crate) mod strict;
pub(crate) mod yoyo;

pub(crate) use liquibase::CHANGELOGS;

use crate::home::leads_back;
use crate::note::Note;
use crate::order::{Group, Turn, version};
use crate::survey::{Home, HomeFile};
use crate::{Direction, Framework, Reason, path};
use lockkeeper_model::{Alone, Envelope, Runner};
use lockkeeper_syntax::{Parsed, Span};

/// A framework: how it is recognised, what its files are, how it sends them.
pub(crate) struct Definition {
    pub(crate) framework: Framework,
    /// Why the files of a folder are this framework's, if they are.
    pub(crate) detect: fn(&Home<'_>) -> Option<String>,
    /// What one of these files is.
    pub(crate) role: fn(&Home<'_>, &HomeFile<'_>) -> Role,
    /// How a text is cut, and how each part is sent.
    pub(crate) cut: fn(&str, Direction, &Hints) -> Cut,
    /// What the parsed statements change about it.
    pub(crate) judge: Option<fn(&mut Judged<'_>)>,
}

/// A script that is parsed, for a last look.
pub(crate) struct Judged<'a> {
    /// The file.
    pub(crate) text: &'a str,
    /// What of it runs.
    pub(crate) sql: &'a str,
    pub(crate) parsed: &'a Parsed,
    pub(crate) hints: &'a Hints,
    pub(crate) runner: &'a mut Runner,
    pub(crate) notes: &'a mut Vec<Note>,
}

/// What a file is to its framework.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    Up(Turn),
    Down(Turn),
    Aside(Reason),
    /// Its name begins with a version, but the tool does not take it for a migration's.
    PassedOver,
}

/// What other files say about one file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hints {
    /// Whether the tool is told to wrap the file into a transaction: Flyway's `.sql.conf`, diesel's `metadata.toml`,
    /// Liquibase's changelog.
    pub transaction: Option<bool>,
    /// Whether the tool, in the version at hand, sends `CREATE INDEX CONCURRENTLY` by itself; for Liquibase, whether it is
    /// told to send statement by statement.
    pub splits: Option<bool>,
    /// Whether the tool does not take it for a migration, so that nothing of it runs.
    pub passed_over: bool,
    /// Whether the project cuts the text into statements itself, and not the tool whose markers it has.
    pub cut_by_project: bool,
}

/// A text cut into what runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Cut {
    /// What runs in either direction, in order.
    pub(crate) parts: Vec<Part>,
    /// Lines that end a statement, whether it has a semicolon or not.
    pub(crate) breaks: Vec<Span>,
    pub(crate) notes: Vec<Note>,
}

/// A part of a text that runs in one direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) direction: Direction,
    /// Without the marker that it begins with.
    pub(crate) span: Span,
    pub(crate) runner: Runner,
}

impl Cut {
    /// The whole text in one direction.
    pub(crate) fn whole(text: &str, direction: Direction, runner: Runner) -> Cut {
        let span = Span::new(0, text.len() as u32);
        Cut { parts: vec![Part { direction, span, runner }], ..Cut::default() }
    }
}

/// Each statement by itself.
pub(crate) const BARE: Runner = profile(Envelope::None, false);
/// The file in a transaction.
pub(crate) const FILE: Runner = profile(Envelope::File, false);
/// All files that run together in one transaction.
pub(crate) const RUN: Runner = profile(Envelope::Run, false);
/// The file as one query.
pub(crate) const QUERY: Runner = profile(Envelope::None, true);
const fn profile(transaction: Envelope, single_query: bool) -> Runner {
    Runner { transaction, single_query, alone: Alone::Nothing, lock_timeout: None, statement_timeout: None }
}

/// All frameworks. The first that recognises its files has them: what only one tool has comes before what several share.
pub(crate) static ALL: &[Definition] = &[
    listed::SQITCH,
    folders::DRIZZLE,
    folders::PRISMA,
    liquibase::LIQUIBASE,
    marked::GOOSE,
    marked::SQL_MIGRATE,
    marked::DBMATE,
    marked::TERN,
    marked::NODE_PG_MIGRATE,
    files::SUPABASE,
    files::GRAPHILE,
    folders::HASURA,
    folders::DIESEL,
    flyway::REFINERY,
    flyway::FLYWAY,
    numbered::RIVER,
    numbered::POP,
    numbered::SQLX,
    numbered::GOLANG_MIGRATE,
    atlas::ATLAS,
    files::POSTGRES_MIGRATIONS,
    yoyo::YOYO,
    generated::PG_DUMP,
    generated::ALEMBIC,
    generated::DJANGO,
    PLAIN,
];

/// Files of SQL without a framework.
const PLAIN: Definition =
    Definition { framework: Framework::Plain, detect: |_| Some(String::new()), role: by_name, cut: bare, judge: None };

/// The definition of a framework.
pub(crate) fn definition(framework: Framework) -> &'static Definition {
    ALL.iter().find(|it| it.framework == framework).unwrap_or(&PLAIN)
}

/// Each statement by itself.
pub(crate) fn bare(text: &str, direction: Direction, _: &Hints) -> Cut {
    Cut::whole(text, direction, BARE)
}

/// The role that the name alone tells: direction and version.
pub(crate) fn by_name(home: &Home<'_>, file: &HomeFile<'_>) -> Role {
    let turn = Turn::of(file.key);
    if leads_back(file.key) || direction_of_name(file.name()) == Direction::Down || undoes_sibling(home, file) {
        Role::Down(turn)
    } else {
        Role::Up(turn)
    }
}

/// The role that the name tells, where a file with a version has to be named like the others.
pub(crate) fn by_strict_name(home: &Home<'_>, file: &HomeFile<'_>, named: fn(&str) -> bool) -> Role {
    let name = file.name();
    if named(name) || path::digits(name) == 0 {
        return by_name(home, file);
    }
    Role::PassedOver
}

/// Whether a path says nothing of a way back.
pub fn leads_forwards(path: &str) -> bool {
    let (folder, name) = path::split(path);
    let stem = path::stem(name);
    let ends_so = BACK_ENDINGS.iter().any(|it| stem.ends_with(it));
    !leads_back(&path::join(path::split(folder).1, name)) && direction_of_name(name) == Direction::Up && !ends_so
}

/// Ends of names that lead back, where a sibling without leads forwards.
const BACK_ENDINGS: &[&str] = &["_down", "-down", "_rollback", "_undo", "_revert"];

/// The direction that a name tells: `x.down.sql`, `x.undo.sql` and `down.sql` lead back.
pub(crate) fn direction_of_name(name: &str) -> Direction {
    let word = path::stem(name).rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
    if matches!(word.as_str(), "down" | "undo" | "rollback" | "revert") { Direction::Down } else { Direction::Up }
}

/// Whether `x_down.sql` stands beside `x_up.sql` or `x.sql`.
fn undoes_sibling(home: &Home<'_>, file: &HomeFile<'_>) -> bool {
    let stem = path::stem(file.key);
    BACK_ENDINGS.iter().any(|ending| {
        let Some(before) = stem.strip_suffix(ending) else { return false };
        let sibling = |key: &str| {
            let other = path::stem(key);
            other == before || other.strip_prefix(before).is_some_and(|it| matches!(it, "_up" | "-up"))
        };
        home.files.iter().any(|it| sibling(it.key))
    })
}

/// The role of a file in a folder of its own, whose name begins with the version.
pub(crate) fn by_folder(home: &Home<'_>, file: &HomeFile<'_>) -> Role {
    let Some((folder, _)) = file.key.split_once('/') else { return by_name(home, file) };
    // diesel leaves the dashes of a version out.
    let version = folder.split('_').next().unwrap_or_default().replace('-', "");
    let turn = Turn { group: Group::Versioned, place: 0, version };
    match by_name(home, file) {
        Role::Up(_) => Role::Up(turn),
        Role::Down(_) => Role::Down(turn),
        aside => aside,
    }
}

/// A turn by the version at the start of the file's own name.
pub(crate) fn by_number(key: &str) -> Turn {
    let found = version(path::split(key).1);
    let group = if found.is_empty() { Group::Named } else { Group::Versioned };
    Turn { group, place: 0, version: found.to_owned() }
}
