//! Examples that are files of a project: revisions of Alembic, what stands around them, and files of SQL whose names count.

use crate::example::{Outcome, describe};
use lockkeeper_core::{Input, Level, Root, Rule, RuleSetting, Settings, lint};
use lockkeeper_model::Version;
use lockkeeper_model::timeline::{Options, replay};
use lockkeeper_rules::document::{Block, Language};
use lockkeeper_sources::{Direction, File, Script, Source, Survey, Text, survey};
use lockkeeper_syntax::Span;
use std::ops::Range;

/// The files so far, the newest last.
#[derive(Default)]
pub(crate) struct Project {
    files: Vec<(String, String)>,
    revisions: usize,
}

/// What happens between two groups of markers.
pub(crate) struct Region {
    /// Bytes of the block, the markers not included.
    pub(crate) text: Range<usize>,
    pub(crate) outcome: Outcome,
}

/// Whether an example is a file of a project.
pub(crate) fn is_file(block: &Block<'_>) -> bool {
    block.language != Language::Sql || block.path.is_some()
}

impl Project {
    /// Adds the file of a block, or puts it in place of one of the same path.
    pub(crate) fn add(&mut self, block: &Block<'_>) {
        let path = match block.path {
            Some("env.py") => "migrations/env.py".to_owned(),
            Some(name) if block.language == Language::Sql => format!("migrations/{name}"),
            Some(path) => path.to_owned(),
            None => {
                self.revisions += 1;
                format!("migrations/versions/{:04}.py", self.revisions)
            }
        };
        self.files.retain(|it| it.0 != path);
        self.files.push((path, block.text.to_owned()));
    }

    /// Takes the newest file out again: what the server refuses leaves nothing behind.
    pub(crate) fn forget(&mut self) {
        self.files.pop();
    }

    /// What the newest file does and what is said of it, region by region.
    pub(crate) fn last(&self, block: &Block<'_>, version: Version, rule: &'static Rule) -> Vec<Region> {
        let Some((newest, _)) = self.files.last() else { return Vec::new() };
        let scripts = self.scripts();
        let mut regions = regions(block);
        let mut at = |script: &Script, span: Span, note: &mut dyn FnMut(&mut Outcome)| {
            let place = script.place(span).start as usize;
            let found = regions.iter_mut().rfind(|it| it.text.start <= place);
            note(&mut found.expect("a region begins at the first byte").outcome);
        };
        let ups: Vec<&Script> = scripts.iter().filter(|it| it.direction == Direction::Up).collect();
        let settings = Settings { postgres: version, ..Settings::default() };
        let sent: Vec<_> = ups.iter().map(|it| Input::from(*it).sent(&settings)).collect();
        let options = Options { version, ..Options::default() };
        replay(&sent, &options, &mut |step| {
            let script = ups[step.id.script as usize];
            if script.path == *newest {
                at(script, step.statement.span, &mut |it| it.absorb(describe(step)));
            }
        });
        let inputs: Vec<Input<'_>> =
            scripts.iter().map(|it| Input { reports: it.path == *newest, ..Input::from(it) }).collect();
        let rules = vec![RuleSetting::level(rule, Level::On(rule.severity))];
        let settings = Settings { rules, ..settings };
        for finding in lint(&Root { scripts: &inputs, partial: false }, &settings).findings {
            let name = finding.rule.name.to_owned();
            at(&scripts[finding.script], finding.span, &mut |it| _ = it.findings.insert(name.clone()));
        }
        regions
    }

    /// The scripts of all files, as a survey finds them.
    fn scripts(&self) -> Vec<Script> {
        let files = self.files.iter().map(|(path, text)| File { path, within: path, text, named: false });
        let Survey { roots, .. } = survey(&files.collect::<Vec<_>>());
        let read = |file: usize| {
            let (path, text) = &self.files[file];
            Text::new(&Source { path: path.clone(), bytes: text.as_bytes().to_vec() })
        };
        let scripts = roots.iter().flat_map(|root| root.up.iter().chain(&root.down));
        scripts.flat_map(|it| it.read(&read(it.file))).collect()
    }
}

/// The pieces of a block that its groups of markers end.
fn regions(block: &Block<'_>) -> Vec<Region> {
    let mut regions = Vec::new();
    let (mut start, mut at, mut in_markers) = (0, 0, false);
    for line in block.text.split_inclusive('\n') {
        let is_marker = line.starts_with(block.language.marker());
        if is_marker && !in_markers {
            regions.push(Region { text: start..at, outcome: Outcome::default() });
        }
        if !is_marker && in_markers {
            start = at;
        }
        in_markers = is_marker;
        at += line.len();
    }
    let start = if in_markers { at } else { start };
    regions.push(Region { text: start..at, outcome: Outcome::default() });
    regions
}
