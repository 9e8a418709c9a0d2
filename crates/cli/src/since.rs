//! `--since` and `--staged`: which files report, and what became of those that were merged before.

use crate::CliError;
use crate::args::{InputArgs, SinceArgs};
use crate::config::Config;
use crate::gather::{Content, Found};
use crate::git::{Change, Changes, Repository};
use crate::host::{Host, PathKind};
use crate::plan::PlannedFile;
use lockkeeper_sources::{
    Direction, Framework, Interest, Late, Script, Source, Text, called, home_of, interest, leads_forwards, read,
};
use lockkeeper_syntax::Span;
use std::path::{Path, PathBuf};

/// What the files are compared with.
pub(crate) struct Reference<'h> {
    repository: Repository<'h>,
    /// What the user calls it.
    name: String,
    /// The commit where the current branch left it.
    base: String,
    changes: Changes,
    /// What is staged, if only that reports.
    staged: Option<Changes>,
}

/// What a file is to the reference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// It is there, as it is here.
    Merged,
    /// It is not there.
    New,
    /// It is there, under this path, with another content.
    Edited(PathBuf),
}

/// The reference that the arguments or the configuration name, if they name one.
pub(crate) fn reference<'h>(
    args: &SinceArgs,
    input: &InputArgs,
    config: &Config,
    host: &'h dyn Host,
) -> Result<Option<Reference<'h>>, CliError> {
    let folder = &folder_of(input, host);
    // Where pre-commit runs on a range of commits, nothing is staged; it says where the range begins.
    let range = host.env("PRE_COMMIT_FROM_REF").filter(|it| args.staged && !it.is_empty());
    if args.staged && range.is_none() {
        let repository = Repository::around(folder, "--staged", host)?;
        let staged = repository.staged()?;
        // pre-commit runs a hook where nothing is staged only with --all-files or --files: then all are meant.
        if staged.is_empty() && host.env("PRE_COMMIT").is_some() {
            return Ok(None);
        }
        let staged = Some(staged);
        // Without a branch to compare with, nothing counts as merged.
        let name = repository.default_branch().unwrap_or_default();
        let base = repository.merge_base(&name).unwrap_or_default();
        let changes = if base.is_empty() { Changes::default() } else { repository.changes_since(&base)? };
        return Ok(Some(Reference { repository, name, base, changes, staged }));
    }
    let Some(name) = range.or_else(|| args.since.clone()).or_else(|| config.settings.history.since.clone()) else {
        return Ok(None);
    };
    let repository = Repository::around(folder, "--since", host)?;
    let base = repository.merge_base(&name)?;
    let changes = repository.changes_since(&base)?;
    Ok(Some(Reference { repository, name, base, changes, staged: None }))
}

/// The folder whose repository is meant: that of the first input.
fn folder_of(input: &InputArgs, host: &dyn Host) -> PathBuf {
    match input.paths.first().filter(|it| it.as_os_str() != "-") {
        Some(named) if matches!(host.kind(named), Ok(PathKind::Folder)) => named.clone(),
        Some(named) => crate::path::folder(named).to_owned(),
        None => PathBuf::from("."),
    }
}

impl Reference<'_> {
    /// Leaves only what changed among the files that report; what is staged is read from the index.
    pub(crate) fn narrow(&self, found: &mut [Found]) {
        let there = |it: &&mut Found| !matches!(it.content, Content::Unreadable(_));
        for file in found.iter_mut().filter(|it| it.reports).filter(there) {
            let path = Path::new(&file.absolute);
            file.reports = match self.staged.as_ref().unwrap_or(&self.changes).of(path) {
                None | Some(Change::Renamed { edited: false, .. }) => false,
                Some(Change::Added | Change::Edited | Change::Renamed { edited: true, .. }) => true,
            };
            if file.reports && self.staged.is_some() {
                file.content = match self.repository.content("", path) {
                    Some(bytes) => Content::Bytes(bytes),
                    None => continue,
                };
            }
        }
    }

    /// What a file is to the reference.
    pub(crate) fn state(&self, file: &Found) -> State {
        let path = Path::new(&file.absolute);
        if self.base.is_empty() {
            return State::New;
        }
        match self.changes.of(path) {
            None | Some(Change::Renamed { edited: false, .. }) => State::Merged,
            Some(Change::Added) => State::New,
            Some(Change::Edited) => State::Edited(path.to_owned()),
            Some(Change::Renamed { from, edited: true }) => State::Edited(from.clone()),
        }
    }

    /// What is wrong with a file that reports, beside its SQL: a place in its script, and the message.
    pub(crate) fn mistakes(&self, file: &PlannedFile, script: &Script, state: &State) -> Vec<(Span, String)> {
        let mut found = Vec::new();
        if script.direction == Direction::Down || file.entry.repeats {
            return found;
        }
        if let State::Edited(from) = state
            && let Some(bytes) = self.repository.content(&self.base, from)
        {
            let source = Source { path: script.path.clone(), bytes };
            let before =
                read(&Text::new(&source), &file.entry.reading).into_iter().find(|it| it.direction == Direction::Up);
            found.extend(before.and_then(|it| self.edited(&it, script)));
        }
        if let (State::New, Some(later)) = (state, &file.overtaken_by) {
            let first = script.parsed.statements.first().map_or(Span::default(), |it| it.span);
            found.push((first, self.late(&script.path, later, script.framework)));
        }
        found
    }

    /// The first statement that is not what it was.
    fn edited(&self, before: &Script, now: &Script) -> Option<(Span, String)> {
        let (old, new) = (words(before), words(now));
        // A changelog of Liquibase grows at its end.
        let grows = now.framework == Framework::Liquibase && new.starts_with(&old);
        if old == new || grows {
            return None;
        }
        let at = new.iter().zip(&old).take_while(|(a, b)| a == b).count();
        let statements = &now.parsed.statements;
        let span = statements.get(at).or(statements.last()).map_or(Span::default(), |it| it.span);
        let name = called(&now.path);
        let refuses = if now.framework.keeps_checksums() {
            format!("{} refuses to go on where it has run", now.framework.name())
        } else {
            "databases that have run it keep what it did then".to_owned()
        };
        Some((span, format!("`{name}` was edited after it was merged into `{}`: {refuses}", self.name)))
    }

    /// What is wrong with the history of a folder whose merged files are not all there any more: the path of one, and
    /// the message.
    pub(crate) fn removed(&self, folder: &str, framework: Framework) -> Option<(PathBuf, String)> {
        let is_migration = |it: &&PathBuf| {
            let path = crate::path::shown(it);
            let home = home_of(&path);
            let home = if framework == Framework::Sqitch { home.strip_suffix("/deploy").unwrap_or(home) } else { home };
            interest(&path) == Some(Interest::Sql) && home == folder && leads_forwards(&path)
        };
        let changes = self.staged.as_ref().unwrap_or(&self.changes);
        let mut removed = changes.removed().iter().filter(is_migration);
        let first = removed.next()?;
        let (named, others) = (format!("`{}`", called(&crate::path::shown(first))), removed.count());
        let (what, it, has, them) = match others {
            0 => (format!("{named} was"), "it", "has", "it"),
            1 => (format!("{named} and another file were"), "they", "have", "them"),
            _ => (format!("{named} and {others} other files were"), "they", "have", "them"),
        };
        let was = if others == 0 { "was" } else { "were" };
        let then = if framework.refuses_missing() {
            format!("{} refuses to go on where {it} {has} run", framework.name())
        } else {
            format!("databases that have run {them} keep what {it} did, and new ones never get it")
        };
        let name = &self.name;
        Some((first.clone(), format!("{what} removed after {it} {was} merged into `{name}`: {then}")))
    }

    fn late(&self, path: &str, later: &str, framework: Framework) -> String {
        let (name, later) = (called(path), called(later));
        let unless = framework.allows_late().map(|it| format!(" unless {it}")).unwrap_or_default();
        let what = match framework.late(name) {
            Late::Skipped => format!("{} never runs it where that one has run", framework.name()),
            Late::Refused => format!("{} refuses it where that one has run{unless}", framework.name()),
            Late::Runs => "where that one has run it comes after it, in a new database before it".to_owned(),
        };
        format!("`{name}` comes before `{later}`, which is already on `{}`: {what}", self.name)
    }
}

/// The branch that others start from.
pub(crate) struct DefaultBranch {
    pub(crate) name: String,
    changes: Changes,
}

/// The default branch of the repository around the input, if there is one.
pub(crate) fn default_branch(input: &InputArgs, host: &dyn Host) -> Option<DefaultBranch> {
    let repository = Repository::around(&folder_of(input, host), "check", host).ok()?;
    let name = repository.default_branch()?;
    let base = repository.merge_base(&name).ok()?;
    let changes = repository.changes_since(&base).ok()?;
    Some(DefaultBranch { name, changes })
}

impl DefaultBranch {
    /// Whether a file stands there as it stands here.
    pub(crate) fn has(&self, shown: &str, host: &dyn Host) -> bool {
        let Ok(current) = host.current_dir() else { return false };
        let file = crate::path::absolute(Path::new(shown), &current);
        shown != "<stdin>" && self.changes.of(&file).is_none()
    }
}

/// The statements without comments and blanks.
fn words(script: &Script) -> Vec<Vec<&str>> {
    let comments = &script.parsed.comments;
    let of = |span: Span| {
        let mut at = span.start;
        let mut words = Vec::new();
        for comment in comments.iter().filter(|it| span.contains(it.span)) {
            words.extend(Span::new(at, comment.span.start).of(&script.sql).split_ascii_whitespace());
            at = comment.span.end;
        }
        words.extend(Span::new(at, span.end).of(&script.sql).split_ascii_whitespace());
        words
    };
    script.parsed.statements.iter().map(|it| of(it.span)).collect()
}
