//! Which folder a file's history lies in.
//!
//! Mostly it is the file's own. But some tools give each migration a folder, some keep the ways forwards and back in
//! sibling folders, and some people give each version a folder.

use crate::{alembic, path};

/// Folders that hold the way back.
const BACK: &[&str] = &["down", "downs", "undo", "rollback", "rollbacks", "revert"];
/// Folders that hold the way forwards; the last two are Graphile Migrate's.
const FORWARDS: &[&str] = &["up", "ups", "committed", "current"];
/// Files that are called alike in the folder of each migration.
const IN_OWN_FOLDER: &[&str] = &["up", "down", "migration", "migrate", "rollback", "undo", "revert"];

/// The folder of the history that a file belongs to, by its path alone.
pub fn of(path: &str) -> &str {
    if alembic::is_revision_path(path) {
        return alembic::home(path);
    }
    let (folder, name) = path::split(path);
    let stem = path::stem(name).to_ascii_lowercase();
    let folder = if IN_OWN_FOLDER.contains(&stem.as_str()) && !path::split(folder).1.is_empty() {
        path::split(folder).0
    } else {
        folder
    };
    let mut folder = flyway_location(folder, name).unwrap_or(folder);
    while is_part(path::split(folder).1) {
        folder = path::split(folder).0;
    }
    folder
}

/// Whether a folder of this name is a part of the history around it.
fn is_part(name: &str) -> bool {
    let among = |list: &[&str]| list.iter().any(|it| it.eq_ignore_ascii_case(name));
    !name.is_empty() && (path::is_version(name) || among(BACK) || among(FORWARDS))
}

/// Flyway looks for its files in all folders below a location; by default that is `db/migration`.
fn flyway_location<'a>(folder: &'a str, name: &str) -> Option<&'a str> {
    if !name.contains("__") {
        return None;
    }
    let at = folder.find("db/migration/").filter(|&it| it == 0 || folder.as_bytes()[it - 1] == b'/')?;
    Some(&folder[..at + "db/migration".len()])
}

/// Whether a key of a file in its home says that it leads back: `down/1.sql`, `revert/x.sql`.
pub(crate) fn leads_back(key: &str) -> bool {
    path::split(key).0.split('/').any(|it| BACK.iter().any(|word| word.eq_ignore_ascii_case(it)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_for_each_migration_version_or_direction_is_a_part() {
        let homes = [
            ("m/1.sql", "m"),
            ("1.sql", ""),
            ("prisma/migrations/20240101000000_x/migration.sql", "prisma/migrations"),
            ("migrations/2024-01-01-000000_x/up.sql", "migrations"),
            ("oss/postgres/0/01_x.up.sql", "oss/postgres"),
            ("versioned/v1.4/x.sql", "versioned"),
            ("db/down/1.sql", "db"),
            ("a/src/db/migration/2019/V1__x.sql", "a/src/db/migration"),
            ("a/src/db/migrations/V1__x.sql", "a/src/db/migrations"),
            ("up.sql", ""),
        ];
        for (path, home) in homes {
            assert_eq!(of(path), home, "{path}");
        }
    }

    #[test]
    fn the_key_tells_the_way_back() {
        assert!(leads_back("down/1.sql") && leads_back("revert/a/x.sql"));
        assert!(!leads_back("1_down.sql") && !leads_back("up/x.sql"));
    }
}
