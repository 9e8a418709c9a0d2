//! Flyway and refinery: `V1_2__name.sql`.

use super::{BARE, Cut, Definition, FILE, Hints, Judged, Role};
use crate::note::{Note, NoteKind};
use crate::order::{Group, Turn};
use crate::survey::{Home, HomeFile};
use crate::{Framework, Reason, path};
use lockkeeper_syntax::ast::{Body, ReindexTarget};

/// Flyway wraps each file, unless its parser meets a statement that refuses to run in a transaction, or the file's
/// `.sql.conf` says so; see `PostgreSQLParser.java` of Flyway.
pub(super) const FLYWAY: Definition = Definition {
    framework: Framework::Flyway,
    detect: |home| named(home, |name| Kind::of(name).is_some()),
    role,
    cut: |text, direction, hints: &Hints| {
        let runner = if hints.transaction == Some(false) { BARE } else { FILE };
        Cut::whole(text, direction, runner)
    },
    judge: Some(judge),
};

/// refinery wraps each file. It has no way back: `U` is a version like `V`, but may come out of order.
pub(super) const REFINERY: Definition = Definition {
    framework: Framework::Refinery,
    detect: |home| {
        let crate_names_it = home.near("Cargo.toml", |it| it.contains("refinery"));
        crate_names_it
            .filter(|_| named(home, |name| matches!(Kind::of(name), Some((Kind::Versioned | Kind::Undo, _)))).is_some())
    },
    role: |_, file| match Kind::of(file.name()) {
        Some((_, version)) => Role::Up(Turn { group: Group::Versioned, place: 0, version: version.to_owned() }),
        None => unnamed(file.name()),
    },
    cut: |text, direction, _| Cut::whole(text, direction, FILE),
    judge: None,
};

/// What a name says to Flyway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Versioned,
    Undo,
    Baseline,
    Repeatable,
}

impl Kind {
    /// The kind and the version of a name: `V1.2__x.sql`, `U1.2__x.sql`, `B3__x.sql`, `R__x.sql`.
    fn of(name: &str) -> Option<(Kind, &str)> {
        let (head, _) = path::stem(name).split_once("__").or_else(|| {
            // The description may be missing: `V1.sql`.
            let stem = path::stem(name);
            (stem.starts_with('V') && path::is_version(stem)).then_some((stem, ""))
        })?;
        let kind = match head.chars().next()? {
            'V' => Kind::Versioned,
            'U' => Kind::Undo,
            'B' => Kind::Baseline,
            'R' => return (head == "R").then_some((Kind::Repeatable, "")),
            _ => return None,
        };
        let version = &head[1..];
        (version.starts_with(|it: char| it.is_ascii_digit()) && path::is_version(version)).then_some((kind, version))
    }
}

/// Whether at least half of the files have such names.
fn named(home: &Home<'_>, test: fn(&str) -> bool) -> Option<String> {
    let found = home.files.iter().filter(|it| test(it.name())).count();
    let all = home.files.len();
    (found > 0 && 2 * found >= all)
        .then(|| format!("names as `{}`", home.files.iter().find(|it| test(it.name())).map_or("", |it| it.name())))
}

fn role(home: &Home<'_>, file: &HomeFile<'_>) -> Role {
    let turn = |group, version: &str| Turn { group, place: 0, version: version.to_owned() };
    match Kind::of(file.name()) {
        Some((Kind::Versioned, version)) => Role::Up(turn(Group::Versioned, version)),
        Some((Kind::Undo, version)) => Role::Down(turn(Group::Versioned, version)),
        Some((Kind::Repeatable, _)) => Role::Up(turn(Group::Repeatable, "")),
        // A new database gets the baseline in place of all versions up to its own. Where these are there, they tell more.
        Some((Kind::Baseline, version)) => {
            let covered = |it: &HomeFile<'_>| matches!(Kind::of(it.name()), Some((Kind::Versioned, other)) if crate::order::versions(other, version).is_le());
            if home.files.iter().any(covered) {
                Role::Aside(Reason::Baseline)
            } else {
                Role::Up(turn(Group::Versioned, version))
            }
        }
        None => unnamed(file.name()),
    }
}

/// What a file is whose name is none of a migration: one that means to be passed over, or means to be run.
fn unnamed(name: &str) -> Role {
    let lower = name.to_ascii_lowercase();
    if ["before", "after", "createschema"].iter().any(|it| lower.starts_with(it)) {
        return Role::Aside(Reason::Callback);
    }
    let bare = lower.strip_prefix(['v', 'u', 'b', 'r']).unwrap_or(&lower);
    if path::digits(bare) > 0 || lower.starts_with("r_") { Role::PassedOver } else { Role::Aside(Reason::NotTaken) }
}

/// One statement that Flyway knows to refuse a transaction, and it sends the whole file without one. It refuses to mix
/// such statements with others, unless `mixed` is set.
fn judge(script: &mut Judged<'_>) {
    let statements = &script.parsed.statements;
    let Some(first) = statements.iter().find(|it| is_untransactional(&it.body)) else { return };
    *script.runner = BARE;
    if script.hints.transaction.is_none() && statements.iter().any(|it| !is_untransactional(&it.body)) {
        script.notes.push(Note { kind: NoteKind::Mixed, span: first.span });
    }
}

/// The statements of `PostgreSQLParser.java`, `detectCanExecuteInTransaction`. It does not know them all.
fn is_untransactional(body: &Body) -> bool {
    match body {
        Body::CreateIndex(_) | Body::Drop(_) => body.concurrently().is_some(),
        Body::Reindex(it) => {
            matches!(it.target, ReindexTarget::Schema(_) | ReindexTarget::Database | ReindexTarget::System)
        }
        _ => {
            let tags =
                ["ALTER SYSTEM", "VACUUM", "DISCARD ALL", "CREATE DATABASE", "DROP DATABASE", "CREATE TABLESPACE"];
            let more = ["DROP TABLESPACE", "CREATE SUBSCRIPTION", "DROP SUBSCRIPTION"];
            body.tag().is_some_and(|it| tags.contains(&it) || more.contains(&it))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_names_are_passed_over_and_some_by_mistake() {
        for name in ["V1_a.sql", "v2__a.sql", "3__a.sql", "R_views.sql"] {
            assert_eq!(unnamed(name), Role::PassedOver, "{name}");
        }
        assert_eq!(unnamed("afterMigrate.sql"), Role::Aside(Reason::Callback));
        assert_eq!(unnamed("views.sql"), Role::Aside(Reason::NotTaken));
    }

    #[test]
    fn names_have_a_kind_and_a_version() {
        let names = [
            ("V1__a.sql", Some((Kind::Versioned, "1"))),
            ("V1_2.3__a.sql", Some((Kind::Versioned, "1_2.3"))),
            ("U2__a.sql", Some((Kind::Undo, "2"))),
            ("B3__a.sql", Some((Kind::Baseline, "3"))),
            ("R__views.sql", Some((Kind::Repeatable, ""))),
            ("V0001.x.postgres.up.sql", None),
            ("Very__odd.sql", None),
            ("001_a.sql", None),
        ];
        for (name, kind) in names {
            assert_eq!(Kind::of(name), kind, "{name}");
        }
    }
}
