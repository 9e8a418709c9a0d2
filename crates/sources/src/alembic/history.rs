//! Revision files to histories and scripts.

use super::chain::{MistakeKind, chain};
use super::environment::{Ini, env_script, ini, pyproject};
use super::eval::Surroundings;
use super::file_name;
use super::revision::{Direct, Facts, facts_of, revision};
use crate::frameworks::{BARE, FILE, RUN};
use crate::survey::{Entry, File, Interest, Reading, Root, interest};
use crate::{Direction, Framework, Hints, Note, NoteKind, RevisionNote, Script, Text, natural, path};
use lockkeeper_model::Runner;
use lockkeeper_model::timeline::Section;
use lockkeeper_syntax::{Span, parse};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The folder that Alembic keeps revisions in, unless it is told otherwise.
const FOLDER: &str = "versions";

/// Whether a path may be a revision's: a Python file in or below a folder `versions`.
pub(crate) fn is_revision_path(file: &str) -> bool {
    let (folder, name) = path::split(file);
    let hidden = name.starts_with("__init__") || name.starts_with(".#") || name == "env.py";
    name.ends_with(".py") && !hidden && folder.split('/').any(|it| it == FOLDER)
}

/// The folder that a revision's history lies in.
pub(crate) fn home(file: &str) -> &str {
    let folder = path::split(file).0;
    path::ancestors(folder).find(|it| path::split(it).1 == FOLDER).unwrap_or(folder)
}

/// Makes a history of the revisions of each folder.
pub(crate) fn roots(files: &[File<'_>], marker: impl Fn(&str) -> Option<String>) -> Vec<Root> {
    let mut homes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    let is_revision = |it: &File<'_>| {
        interest(it.path) == Some(Interest::Revision)
            || (it.named && it.path.ends_with(".py") && it.text.contains("revision"))
    };
    for (at, file) in files.iter().enumerate().filter(|it| is_revision(it.1)) {
        homes.entry(home(file.path)).or_default().push(at);
    }
    homes.into_iter().filter_map(|(folder, places)| root(folder, places, files, &marker)).collect()
}

fn root(
    folder: &str,
    mut places: Vec<usize>,
    files: &[File<'_>],
    marker: &impl Fn(&str) -> Option<String>,
) -> Option<Root> {
    places.sort_by(|&a, &b| natural(files[a].path, files[b].path));
    let facts: Vec<Facts> = places.iter().map(|&it| facts_of(files[it].text)).collect();
    if facts.iter().all(|it| !it.has_revision && !it.has_down_revision) {
        return None;
    }
    let env = marker(&path::join(path::split(folder).0, "env.py")).map(|it| env_script(&it)).unwrap_or_default();
    let hints = Hints { transaction: env.transaction_per_migration.then_some(true), ..Hints::default() };
    let surroundings = Arc::new(Surroundings { conventions: env.conventions });
    let chain = chain(&facts.iter().collect::<Vec<_>>());
    let names: Vec<(&str, &Facts)> = places.iter().map(|&it| files[it].path).zip(&facts).collect();
    let unusual = file_name::unusual(&names, template(folder, marker).as_deref());
    // Of a file by itself nothing is known of those that it follows.
    let whole = path::split(folder).1 == FOLDER || folder.split('/').any(|it| it == FOLDER);
    let up = chain.order.iter().map(|&at| {
        let mistakes = chain.mistakes.iter().filter(|it| it.file == at);
        let mistakes = mistakes.filter(|it| whole || !matches!(it.kind, MistakeKind::UnknownParent(_)));
        let named = facts[at].revision.as_ref().map(|it| it.span);
        let notes = named.zip(unusual[at].clone()).map(|(span, wanted)| {
            let kind = NoteKind::Revision(RevisionNote::FileName(wanted));
            Note { kind, span }
        });
        Entry {
            file: places[at],
            reading: Reading { framework: Framework::Alembic, direction: Direction::Up, hints },
            version: facts[at].revision.as_ref().map(|it| it.name.clone()).unwrap_or_default(),
            repeats: false,
            mistake: None,
            surroundings: Arc::clone(&surroundings),
            mistakes: mistakes.map(|it| (it.span, it.kind.message())).collect(),
            notes: notes.into_iter().collect(),
        }
    });
    Some(Root {
        folder: folder.to_owned(),
        framework: Framework::Alembic,
        why: "revisions that name what they follow".to_owned(),
        up: up.collect(),
        down: Vec::new(),
    })
}

/// `file_template` of the configuration around a folder.
fn template(folder: &str, marker: &impl Fn(&str) -> Option<String>) -> Option<String> {
    path::ancestors(folder).find_map(|it| {
        let of = |name: &str, read: fn(&str) -> Ini| marker(&path::join(it, name)).map(|text| read(&text));
        let ini = of("alembic.ini", ini).or_else(|| of("pyproject.toml", pyproject))?;
        Some(ini.alembic("file_template")?.value.clone())
    })
}

/// What a revision sends in each direction.
pub(crate) fn scripts(text: &Text, hints: &Hints, surroundings: &Surroundings) -> Vec<Script> {
    let read = revision(text.text(), surroundings);
    let runner = if hints.transaction == Some(true) { FILE } else { RUN };
    let up = read.up.unwrap_or_else(|| Direct::missing(&read.facts));
    let mut scripts = vec![script(text, up, Direction::Up, runner)];
    scripts.extend(read.down.map(|it| script(text, it, Direction::Down, runner)));
    scripts
}

fn script(text: &Text, direct: Direct, direction: Direction, runner: Runner) -> Script {
    let sql: Arc<str> = direct.sql.into();
    let mut parsed = parse(&sql);
    let mut sent = direct.statements.iter().peekable();
    for statement in &mut parsed.statements {
        // One call may send several statements.
        while sent.next_if(|it| it.span.end <= statement.span.start).is_some() {}
        statement.possible = sent.peek().is_some_and(|it| it.possible);
    }
    let first_at = |at: u32| parsed.statements.partition_point(|it| it.span.start < at);
    let sections = direct
        .turns
        .iter()
        .map(|&(at, alone)| Section { from: first_at(at), runner: if alone { BARE } else { runner } });
    let sections: Vec<Section> = sections.filter(|it| it.from < parsed.statements.len()).collect();
    let gaps = direct.gaps.into_iter().map(|(span, gap)| (span, gap.message)).collect();
    let places = Some(Arc::new(direct.places));
    text.script(sql, parsed, direction, runner, Made { sections, places, gaps, notes: direct.notes })
}

/// What a script has that a program made.
pub(crate) struct Made {
    pub(crate) sections: Vec<Section>,
    pub(crate) places: Option<Arc<super::Places>>,
    pub(crate) gaps: Vec<(Span, String)>,
    pub(crate) notes: Vec<Note>,
}
