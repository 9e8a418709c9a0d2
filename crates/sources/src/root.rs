//! Which files form a history.

use crate::Direction;
use crate::order::{running, version};
use std::collections::BTreeMap;

/// A folder that directly holds migrations, with its files in the order in which they run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The folder, empty for the current one.
    pub folder: String,
    /// The files that lead forwards, in order: places in the list given to [`roots`].
    pub up: Vec<usize>,
    /// The files that lead back, in the order in which they are named.
    pub down: Vec<usize>,
}

/// Groups files by folder, orders each group, and parts the way back from the way forwards. Paths are written with `/`;
/// the roots come in the order of their folders.
pub fn roots(paths: &[&str]) -> Vec<Root> {
    let mut folders: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, path) in paths.iter().enumerate() {
        folders.entry(split(path).0).or_default().push(at);
    }
    folders.into_iter().map(|(folder, files)| root(folder, files, paths)).collect()
}

fn root(folder: &str, mut files: Vec<usize>, paths: &[&str]) -> Root {
    let name = |at: usize| split(paths[at]).1;
    files.sort_by(|&a, &b| running(name(a), name(b)));
    let forwards: Vec<&str> = files.iter().map(|&at| name(at)).filter(|it| it.starts_with('V')).map(version).collect();
    // Flyway's undo files bear the version that they undo. Elsewhere a leading U is a version of its own.
    let undoes = |name: &str| name.starts_with('U') && !version(name).is_empty() && forwards.contains(&version(name));
    let (down, up) = files.into_iter().partition(|&at| direction_of(paths[at]) == Direction::Down || undoes(name(at)));
    Root { folder: folder.to_owned(), up, down }
}

/// The direction that a path by itself tells: `x.down.sql`, `x.undo.sql`, `down.sql` and the files of a folder `down`
/// lead back.
pub fn direction_of(path: &str) -> Direction {
    let (folder, name) = split(path);
    let mut parts = name.split('.').rev().skip(1).map(str::to_ascii_lowercase);
    let back = |word: &str| matches!(word, "down" | "undo");
    let last_folder = folder.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    if parts.next().is_some_and(|it| back(&it)) || back(&last_folder) { Direction::Down } else { Direction::Up }
}

/// The folder and the name of a path.
fn split(path: &str) -> (&str, &str) {
    path.rsplit_once('/').unwrap_or(("", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `folder: up | down` for each root.
    fn found(paths: &[&str]) -> Vec<String> {
        let names = |files: &[usize]| files.iter().map(|&it| split(paths[it]).1).collect::<Vec<_>>().join(" ");
        roots(paths).iter().map(|it| format!("{}: {} | {}", it.folder, names(&it.up), names(&it.down))).collect()
    }

    #[test]
    fn each_folder_is_a_history_of_its_own() {
        assert_eq!(
            found(&["b/2.sql", "a/1.sql", "b/1.sql", "0.sql"]),
            [": 0.sql | ", "a: 1.sql | ", "b: 1.sql 2.sql | "]
        );
    }

    #[test]
    fn the_way_back_is_no_part_of_the_history() {
        assert_eq!(
            found(&["m/1_a.up.sql", "m/1_a.down.sql", "m/2_b.sql", "m/2_b.undo.sql", "m/down/1.sql", "m/3/down.sql"]),
            ["m: 1_a.up.sql 2_b.sql | 1_a.down.sql 2_b.undo.sql", "m/3:  | down.sql", "m/down:  | 1.sql"]
        );
    }

    #[test]
    fn a_leading_u_undoes_the_same_version_only() {
        assert_eq!(found(&["V1__a.sql", "U1__a.sql", "U2__b.sql"]), [": V1__a.sql U2__b.sql | U1__a.sql"]);
    }

    #[test]
    fn a_word_in_the_name_is_no_direction() {
        assert_eq!(direction_of("db/2_shut_down.sql"), Direction::Up);
        assert_eq!(direction_of("db/2_x.postgres.down.sql"), Direction::Down);
        assert_eq!(direction_of("db/V2__x.DOWN.sql"), Direction::Down);
    }
}
