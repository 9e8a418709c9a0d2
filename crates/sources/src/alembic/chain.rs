//! The order of revisions: each names what it follows, and file names say nothing.

use super::revision::{Facts, Named};
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::Span;
use rustc_hash::FxHashMap;
use std::collections::BTreeSet;

/// Revisions in order. Made by [`chain`]; the history runs in its order, its mistakes are problems of kind `chain`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chain {
    /// The files in the order in which they run: places in the list given. Each is there once, whatever is wrong.
    pub order: Vec<usize>,
    /// Why Alembic would not run them.
    pub mistakes: Vec<Mistake>,
}

/// Why Alembic would not run a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The file: a place in the list given.
    pub file: usize,
    /// Bytes of that file.
    pub span: Span,
    /// What is wrong.
    pub kind: MistakeKind,
}

/// What can be wrong with a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MistakeKind {
    /// A file among the revisions names no revision; nothing can run then.
    NoRevision,
    /// `revision` is there, but is no string.
    UnknownName,
    /// No file is the revision that this one follows or depends on.
    UnknownParent(String),
    /// Two files are the same revision; the last one read wins.
    Duplicate(String),
    /// A revision follows itself, alone or by way of others.
    Circular(Vec<String>),
    /// More than one revision has none after it.
    Heads(Vec<String>),
    /// More than one revision has none before it.
    Bases(Vec<String>),
    /// The name is longer than the column that stores it.
    TooLong(String),
    /// The name has a letter that means something on Alembic's command line.
    IllegalLetter(String, char),
}

impl MistakeKind {
    /// What is wrong, in lower case and without final dot.
    pub fn message(&self) -> String {
        let listed = |names: &[String]| names.iter().map(|it| format!("`{it}`")).collect::<Vec<_>>().join(", ");
        match self {
            MistakeKind::NoRevision => {
                "no revision: Alembic loads every Python file of this folder and stops at one that names none"
                    .to_owned()
            }
            MistakeKind::UnknownName => "the revision is not written as a string, so its place is not known".to_owned(),
            MistakeKind::UnknownParent(name) => {
                format!("no file is the revision `{name}`, so every command of Alembic fails")
            }
            MistakeKind::Duplicate(name) => {
                format!("another file is the revision `{name}` too; Alembic takes the one that it reads last")
            }
            MistakeKind::Circular(names) => match names.as_slice() {
                [name] => format!("the revision `{name}` follows itself"),
                _ => format!("the revisions {} follow each other in a circle", listed(names)),
            },
            MistakeKind::Heads(names) => {
                format!("several revisions have none after them ({}), so `upgrade head` fails", listed(names))
            }
            MistakeKind::Bases(names) => format!("several revisions have none before them ({})", listed(names)),
            MistakeKind::TooLong(name) => {
                let length = name.chars().count();
                format!("the revision has {length} letters; the column that stores it, varchar(32), takes 32")
            }
            MistakeKind::IllegalLetter(name, letter) => {
                format!("the revision `{name}` has a `{letter}`, which Alembic does not allow")
            }
        }
    }
}

/// The longest name that `alembic_version.version_num` stores.
const LONGEST: usize = 32;

/// Letters that Alembic refuses in names (`alembic/script/revision.py`, `_revision_illegal_chars`).
const ILLEGAL: [char; 4] = ['@', '-', '+', ':'];

/// Orders revisions. The files come in the order in which ties are broken.
pub fn chain(files: &[&Facts]) -> Chain {
    let mut mistakes = Vec::new();
    let places = places(files, &mut mistakes);
    let parents = parents(files, &places, &mut mistakes);
    let order = ordered(files, &parents, &mut mistakes);
    ends(files, &places, &parents, &mut mistakes);
    mistakes.arrange_by_key(|it| (it.file, it.span.start));
    Chain { order, mistakes }
}

/// Which file is which revision.
fn places<'a>(files: &[&'a Facts], mistakes: &mut Vec<Mistake>) -> FxHashMap<&'a str, usize> {
    let mut places = FxHashMap::default();
    for (file, facts) in files.iter().enumerate() {
        let Some(Named { name, span }) = &facts.revision else {
            let kind = if facts.has_revision { MistakeKind::UnknownName } else { MistakeKind::NoRevision };
            mistakes.push(Mistake { file, span: Span::default(), kind });
            continue;
        };
        let mut wrong = |kind| mistakes.push(Mistake { file, span: *span, kind });
        if name.chars().count() > LONGEST {
            wrong(MistakeKind::TooLong(name.clone()));
        }
        if let Some(letter) = name.chars().find(|it| ILLEGAL.contains(it)) {
            wrong(MistakeKind::IllegalLetter(name.clone(), letter));
        }
        if places.insert(name.as_str(), file).is_some() {
            wrong(MistakeKind::Duplicate(name.clone()));
        }
    }
    places
}

/// What each file follows or depends on. A name may be cut short, and a dependency may be a label.
fn parents(files: &[&Facts], places: &FxHashMap<&str, usize>, mistakes: &mut Vec<Mistake>) -> Vec<Vec<usize>> {
    let labels: FxHashMap<&str, usize> = files
        .iter()
        .enumerate()
        .flat_map(|(at, it)| it.branch_labels.iter().map(move |label| (label.name.as_str(), at)))
        .collect();
    // The first letters of a name are enough on the command line alone.
    let find = |name: &str| places.get(name).or_else(|| labels.get(name)).copied();
    let mut all = Vec::with_capacity(files.len());
    for (file, facts) in files.iter().enumerate() {
        let mut found = Vec::new();
        for parent in facts.down_revisions.iter().chain(&facts.depends_on) {
            match find(&parent.name) {
                Some(place) => found.push(place),
                None => {
                    let kind = MistakeKind::UnknownParent(parent.name.clone());
                    mistakes.push(Mistake { file, span: parent.span, kind });
                }
            }
        }
        all.push(found);
    }
    all
}

/// Parents before children; of what is free, the first file first. A circle is broken at its first file.
fn ordered(files: &[&Facts], parents: &[Vec<usize>], mistakes: &mut Vec<Mistake>) -> Vec<usize> {
    let mut missing: Vec<usize> = parents.iter().map(Vec::len).collect();
    let mut children: Vec<Vec<usize>> = vec![Vec::new(); files.len()];
    for (child, parents) in parents.iter().enumerate() {
        parents.iter().for_each(|&it| children[it].push(child));
    }
    let mut free: BTreeSet<usize> = (0..files.len()).filter(|&it| missing[it] == 0).collect();
    let mut left: BTreeSet<usize> = (0..files.len()).collect();
    let mut order = Vec::with_capacity(files.len());
    while let Some(first) = left.first().copied() {
        let next = free.pop_first().unwrap_or_else(|| {
            let circle = circle(first, parents, &left);
            let start = circle.iter().copied().min().unwrap_or(first);
            let names = circle.iter().map(|&it| name(files[it])).collect();
            let span = files[start].down_revisions.first().map_or(Span::default(), |it| it.span);
            mistakes.push(Mistake { file: start, span, kind: MistakeKind::Circular(names) });
            start
        });
        left.remove(&next);
        order.push(next);
        for &child in &children[next] {
            missing[child] = missing[child].saturating_sub(1);
            if missing[child] == 0 && left.contains(&child) {
                free.insert(child);
            }
        }
    }
    order
}

/// A circle that is met by going back from `start` through files that are left.
fn circle(start: usize, parents: &[Vec<usize>], left: &BTreeSet<usize>) -> Vec<usize> {
    let mut path = vec![start];
    loop {
        let here = path[path.len() - 1];
        let Some(&parent) = parents[here].iter().find(|it| left.contains(it)) else { return path };
        if let Some(at) = path.iter().position(|&it| it == parent) {
            let mut circle = path.split_off(at);
            circle.reverse();
            return circle;
        }
        path.push(parent);
    }
}

fn name(facts: &Facts) -> String {
    facts.revision.as_ref().map(|it| it.name.clone()).unwrap_or_default()
}

/// Says where a chain has several heads or bases.
fn ends(files: &[&Facts], places: &FxHashMap<&str, usize>, parents: &[Vec<usize>], mistakes: &mut Vec<Mistake>) {
    let followed: BTreeSet<usize> = parents.iter().flatten().copied().collect();
    let is_revision = |it: &usize| files[*it].revision.as_ref().is_some_and(|named| places[named.name.as_str()] == *it);
    let heads: Vec<usize> = (0..files.len()).filter(is_revision).filter(|it| !followed.contains(it)).collect();
    // A label says that a branch is meant to have a head of its own.
    let labelled = files.iter().any(|it| it.is_labelled);
    // Each name that leads nowhere makes a head by itself.
    let cut = mistakes.iter().filter(|it| matches!(it.kind, MistakeKind::UnknownParent(_))).count();
    if heads.len() > 1 + cut && !labelled {
        let names: Vec<String> = heads.iter().map(|&it| name(files[it])).collect();
        for &file in &heads[1..] {
            let span = files[file].revision.as_ref().map_or(Span::default(), |it| it.span);
            mistakes.push(Mistake { file, span, kind: MistakeKind::Heads(names.clone()) });
        }
    }
    let bases: Vec<usize> = (0..files.len())
        .filter(is_revision)
        .filter(|&it| files[it].down_revisions.is_empty() && files[it].depends_on.is_empty())
        .collect();
    // Where all lead to one head, `upgrade head` runs them all.
    if bases.len() > 1 && heads.len() > 1 && !labelled {
        let names: Vec<String> = bases.iter().map(|&it| name(files[it])).collect();
        for &file in &bases[1..] {
            let span = files[file].revision.as_ref().map_or(Span::default(), |it| it.span);
            mistakes.push(Mistake { file, span, kind: MistakeKind::Bases(names.clone()) });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(revision: &str, parents: &[&str]) -> Facts {
        let named = |name: &str| Named { name: name.to_owned(), span: Span::default() };
        Facts {
            revision: Some(named(revision)),
            down_revisions: parents.iter().map(|it| named(it)).collect(),
            has_revision: true,
            ..Facts::default()
        }
    }

    fn order(files: &[Facts]) -> (Vec<usize>, Vec<MistakeKind>) {
        let chain = chain(&files.iter().collect::<Vec<_>>());
        (chain.order, chain.mistakes.into_iter().map(|it| it.kind).collect())
    }

    #[test]
    fn parents_run_before_their_children_whatever_the_files_are_called() {
        let files = [facts("c", &["b"]), facts("a", &[]), facts("b", &["a"])];
        assert_eq!(order(&files), (vec![1, 2, 0], vec![]));
    }

    #[test]
    fn a_merge_runs_after_all_that_it_joins() {
        let files = [facts("a", &[]), facts("m", &["l", "r"]), facts("l", &["a"]), facts("r", &["a"])];
        assert_eq!(order(&files), (vec![0, 2, 3, 1], vec![]));
    }

    #[test]
    fn a_circle_is_named_and_broken() {
        let (order, mistakes) = order(&[facts("a", &["b"]), facts("b", &["a"]), facts("c", &["b"])]);
        assert_eq!(order.len(), 3);
        assert!(matches!(&mistakes[0], MistakeKind::Circular(names) if names.len() == 2), "{mistakes:?}");
    }

    #[test]
    fn what_is_wrong_is_said_and_nothing_is_lost() {
        let long = "x".repeat(33);
        let files = [facts("a", &[]), facts("a", &["gone"]), facts("b-c", &["a"]), facts(&long, &[]), Facts::default()];
        let (order, mistakes) = order(&files);
        assert_eq!(order.len(), 5);
        let has = |wanted: &MistakeKind| mistakes.contains(wanted);
        assert!(has(&MistakeKind::UnknownParent("gone".to_owned())));
        assert!(has(&MistakeKind::Duplicate("a".to_owned())));
        assert!(has(&MistakeKind::IllegalLetter("b-c".to_owned(), '-')));
        assert!(has(&MistakeKind::TooLong(long)));
        assert!(has(&MistakeKind::NoRevision));
    }

    #[test]
    fn a_name_is_written_out_where_another_revision_follows_it() {
        let (_, mistakes) = order(&[facts("base_0", &[]), facts("b", &["base"])]);
        assert_eq!(mistakes, [MistakeKind::UnknownParent("base".to_owned())]);
    }

    #[test]
    fn two_heads_are_one_mistake() {
        let (_, mistakes) = order(&[facts("a", &[]), facts("b", &["a"]), facts("c", &["a"])]);
        assert_eq!(mistakes, [MistakeKind::Heads(vec!["b".to_owned(), "c".to_owned()])]);
    }
}
