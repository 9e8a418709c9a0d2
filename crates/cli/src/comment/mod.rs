//! `lockkeeper comment`: what `check` says, where a change is reviewed.
//!
//! One comment on the whole change, whose text `report` makes, written over at each run, and comments on changed lines.
//! All is made of plain data; `talk` alone sends requests. Whatever the forge says, the job goes on: a comment is no test.

mod diff;
mod forge;
mod github;
mod gitlab;
mod notes;
mod place;
mod suggestion;
mod talk;

use crate::args::{CommentArgs, ForgeName};
use crate::check::Linted;
use crate::effects::recorded_json;
use crate::host::Host;
use crate::{CliError, Outcome, output, path};
use diff::ChangedFile;
use forge::{Commits, List};
use lockkeeper_link::{File, PLAYGROUND, Shared, encode};
use lockkeeper_report::comment::{self, Effects, Item, Report, Summary, items};
use lockkeeper_report::{Annotation, Counting, check_json, github_annotation};
use notes::Notes;
use place::Place;
use std::path::{Path, PathBuf};
use talk::{Talk, TalkError};

/// What is said, from files or from a run of its own.
struct Material {
    report: Report,
    effects: Option<Effects>,
}

/// Comments on a change, or says why it cannot; only unusable arguments and reports are failures.
pub(crate) fn run(args: &CommentArgs, host: &dyn Host) -> Result<Outcome, CliError> {
    let material = material(args, host)?;
    let items = items(&material.report);
    let root = Root::new(host);
    let voice = Voice { args, material: &material, items: &items, root: &root, host };
    if args.dry_run {
        let (text, _) = voice.summary(None, &Commits::default(), &[], &vec![false; items.len()]);
        output::stdout(&text, host)?;
        return Ok(Outcome::Clean);
    }
    let Some(forge) = place::forge(args, host) else { return Err(CliError::NoForge) };
    let place = match place::place(forge, args, host) {
        Ok(place) => place,
        Err(missing) => {
            host.stderr(&format!("nothing is commented: {missing}\n"));
            return Ok(Outcome::Clean);
        }
    };
    let done = match place::token(forge, host) {
        Some(token) => voice.speak(&Talk { place: &place, token: &token, host }).map_err(|error| error.to_string()),
        None => Err(format!("there is no token in {}", place::token_names(forge).join(" or "))),
    };
    if let Err(error) = done {
        host.stderr(&format!("warning: not everything was written: {error}\n"));
        voice.annotate(forge)?;
    }
    Ok(Outcome::Clean)
}

/// Reads the saved reports, or makes them.
fn material(args: &CommentArgs, host: &dyn Host) -> Result<Material, CliError> {
    let saved = |file: &PathBuf| {
        let shown = path::shown(file);
        let failed = |source| CliError::ReadReport { path: shown.clone(), source };
        let text = host.read(file).map_err(failed).map(|it| String::from_utf8_lossy(&it).into_owned())?;
        Ok::<_, CliError>((shown, text))
    };
    let Some(file) = &args.report else {
        let mut linted = Linted::new(&args.lint, host)?;
        linted.accept(args.lint.baseline.as_deref(), host)?;
        let scripts = linted.scripts();
        let check = check_json(linted.checked(&scripts), Counting::default());
        let effects = recorded_json(&linted.histories, &linted.config.settings, host);
        let own = |message| CliError::NoReport { path: "its own report".to_owned(), message };
        let (report, effects) = (comment::check(&check).map_err(own)?, comment::effects(&effects).map_err(own)?);
        return Ok(Material { report, effects: Some(effects) });
    };
    let (path, text) = saved(file)?;
    let report = comment::check(&text).map_err(|message| CliError::NoReport { path, message })?;
    let effects = args.effects.as_ref().map(saved).transpose()?;
    let effects =
        effects.map(|(path, text)| comment::effects(&text).map_err(|message| CliError::NoReport { path, message }));
    Ok(Material { report, effects: effects.transpose()? })
}

/// The folder of the checkout, to which the forge's paths are relative.
struct Root {
    current: PathBuf,
    top: PathBuf,
}

impl Root {
    fn new(host: &dyn Host) -> Self {
        let current = host.current_dir().unwrap_or_default();
        let asked = host.git(Path::new("."), &["rev-parse", "--show-toplevel"]).ok().filter(|it| it.success);
        let top = asked.map(|it| PathBuf::from(String::from_utf8_lossy(&it.stdout).trim_end()));
        Root { top: top.unwrap_or_else(|| current.clone()), current }
    }

    /// A path of the report as the forge knows it.
    fn in_repository(&self, shown: &str) -> String {
        let absolute = path::absolute(Path::new(shown), &self.current);
        path::shown(absolute.strip_prefix(&self.top).unwrap_or(Path::new(shown)))
    }
}

/// Who says it all.
struct Voice<'a> {
    args: &'a CommentArgs,
    material: &'a Material,
    items: &'a [Item<'a>],
    root: &'a Root,
    host: &'a dyn Host,
}

impl Voice<'_> {
    /// Reads what is there, then writes what is new.
    fn speak(&self, talk: &Talk<'_>) -> Result<(), TalkError> {
        let commits = talk.commits()?;
        let files = talk.files()?;
        let comments = talk.comments(List::Comments)?;
        let there = talk.comments(List::Notes)?;
        let changed = |shown: &str| {
            let path = self.root.in_repository(shown);
            files.iter().find(|it| it.path == path)
        };
        let text = |shown: &str| self.text(shown);
        let forge = talk.place.forge;
        let notes = Notes { run: &self.args.id, forge, changed: &changed, text: &text, there: &there };
        let (notes, said) = notes.new_ones(self.items);
        let requests = talk.place.comment_lines(&commits, &notes);
        let lines = requests.iter().try_for_each(|it| talk.ask(it).map(drop));
        // What stands at no line stands in the summary, with all that there is to say.
        let said = if lines.is_ok() { said } else { vec![false; said.len()] };
        let (body, worth) = self.summary(Some(talk.place), &commits, &files, &said);
        let mark = comment::mark(&self.args.id);
        // Where there is nothing to say, nothing is said for the first time.
        if worth || comments.iter().any(|it| it.body.starts_with(mark.trim_end())) {
            talk.say(&body, &mark, &comments)?;
        }
        lines
    }

    /// The comment on the whole change, and whether it says anything. Without a place every file counts as changed.
    fn summary(
        &self,
        place: Option<&Place>,
        commits: &Commits,
        files: &[ChangedFile],
        said: &[bool],
    ) -> (String, bool) {
        let in_repository = |shown: &str| self.root.in_repository(shown);
        let is_changed = |shown: &str| place.is_none() || files.iter().any(|it| it.path == in_repository(shown));
        let line_page = |shown: &str, line| place?.line_page(commits, &in_repository(shown), line);
        let playground = |shown: &str| self.playground(shown);
        let most = match place.map(|it| it.forge) {
            Some(ForgeName::Gitlab) => 1_000_000,
            Some(ForgeName::Github) | None => comment::MOST_ON_GITHUB,
        };
        let effects = self.material.effects.as_ref();
        let worth =
            !self.items.is_empty() || effects.is_some_and(|it| it.statements.iter().any(|it| is_changed(&it.path)));
        let summary = Summary {
            run: &self.args.id,
            report: &self.material.report,
            effects,
            is_changed: &is_changed,
            line_page: &line_page,
            playground: &playground,
            most,
        };
        (summary.text(self.items, said), worth)
    }

    /// The playground with a migration and the files that its findings point at.
    fn playground(&self, shown: &str) -> Option<String> {
        /// Longer addresses are cut off by some programs.
        const LONGEST: usize = 8_000;
        let page = self.args.playground.as_deref().unwrap_or(PLAYGROUND).trim_end_matches('#');
        if page.is_empty() {
            return None;
        }
        let findings = self.items.iter().filter(|it| it.path == shown).filter_map(|it| it.finding);
        let mut paths: Vec<&str> = findings.flat_map(|it| &it.labels).map(|it| it.path.as_str()).collect();
        paths.push(shown);
        paths.sort_unstable();
        paths.dedup();
        let file = |it: &&str| Some(File { path: (*it).to_owned(), text: self.text(it)? });
        let shared = Shared {
            files: paths.iter().filter_map(file).collect(),
            shown: paths.iter().position(|it| *it == shown)?,
            postgres: Some(self.material.report.postgres),
            tool: self.material.report.tool.version.clone(),
            ..Shared::default()
        };
        let link = format!("{page}#{}", encode(&shared));
        (shared.files.len() == paths.len() && link.len() <= LONGEST).then_some(link)
    }

    fn text(&self, shown: &str) -> Option<String> {
        self.host.read(Path::new(shown)).ok().and_then(|it| String::from_utf8(it).ok())
    }

    /// What remains without the right to comment: annotations of the job, which need none.
    fn annotate(&self, forge: ForgeName) -> Result<(), CliError> {
        if forge != ForgeName::Github {
            return Ok(());
        }
        let annotations = self.items.iter().map(|it| {
            github_annotation(Annotation {
                severity: it.severity,
                path: &self.root.in_repository(it.path),
                lines: (it.start.line, it.end.line),
                columns: (it.start.column, it.end.column),
                title: it.name,
                text: &it.text(),
            })
        });
        output::stdout(&annotations.collect::<String>(), self.host)
    }
}
