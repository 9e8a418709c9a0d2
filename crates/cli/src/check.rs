//! `lockkeeper check`.

use crate::args::{CheckArgs, CheckFormat, CheckOutputArgs, FailOn, InputArgs, LintArgs, ReportTo};
use crate::config::{self, Config};
use crate::edited::Edited;
use crate::host::Host;
use crate::load::{LoadedHistory, load, on_threads};
use crate::progress::Steps;
use crate::split::{self, Split};
use crate::{CliError, Outcome, applied, baseline, describe, effects, mend, output, path, since};
use lockkeeper_core::{Input, Problem, ProblemKind, Report, Root, Safety, Severity, lint_watched};
use lockkeeper_report::{
    Checked, Counting, check_blocks, check_human, check_json, github, gitlab, junit, markdown, rdjson, sarif,
};
use lockkeeper_sources::{Direction, Script};
use lockkeeper_syntax::Span;
use std::collections::BTreeSet;
use std::path::Path;

/// Lints what the arguments name and delivers the report.
pub(crate) fn run(args: &CheckArgs, host: &dyn Host) -> Result<Outcome, CliError> {
    if args.output.formats.iter().filter(|it| it.file.is_none()).count() > 1 {
        return Err(CliError::TwoReports);
    }
    let wanted = mend::wanted(&args.fixes, &args.lint.input)?;
    let mut linted = Linted::new(&args.lint, host)?;
    if let Some(file) = &args.write_baseline {
        let failed = |source| CliError::Write { path: path::shown(file), source };
        host.write(file, baseline::write(&linted.report, &linted.scripts()).as_bytes()).map_err(failed)?;
        return Ok(outcome(&linted.report, FailOn::Never));
    }
    linted.accept(args.lint.baseline.as_deref(), host)?;
    if let Some(wanted) = wanted {
        let mut edited = Edited::new(host);
        let fixes = if args.fixes.mends() { linted.mend(wanted, &args.lint, &mut edited)? } else { 0 };
        let mended = edited.files().len();
        let mut split = Split::default();
        if args.fixes.fix_split {
            linted.split(&mut split, &args.lint, &mut edited)?;
        }
        if args.fixes.diff {
            output::deliver(&mend::differences(&edited, host), args.output.output.as_deref(), host)?;
            host.stderr(&split.reasons());
            return Ok(if fixes + split.statements == 0 { Outcome::Clean } else { Outcome::Findings });
        }
        mend::write(&edited, host)?;
        if !args.lint.input.quiet {
            if fixes > 0 {
                host.stderr(&mend::summary(fixes, mended));
            }
            host.stderr(&split.summary());
        }
    }
    let scripts = linted.scripts();
    let old = if linted.narrowed || args.lint.baseline.is_some() {
        None
    } else {
        merged(&linted.report, &scripts, &args.lint.input, host)
    };
    let closing = mend::offer(&linted.report).into_iter().chain(old).collect::<String>();
    let closing = (!args.lint.input.quiet).then_some(closing.as_str());
    for to in &args.output.formats {
        deliver(to, linted.checked(&scripts), closing, &args.output, host)?;
    }
    Ok(outcome(&linted.report, args.fail_on))
}

/// What was read, and what is to be said of it.
pub(crate) struct Linted {
    pub(crate) config: Config,
    pub(crate) histories: Vec<LoadedHistory>,
    pub(crate) report: Report,
    /// Whether only what changed reports.
    narrowed: bool,
}

impl Linted {
    /// Reads and lints what the arguments name; the baseline is still to be taken out.
    pub(crate) fn new(args: &LintArgs, host: &dyn Host) -> Result<Self, CliError> {
        let mut config = config::load(&args.input, host)?;
        config.settings.select(args.select.iter().map(String::as_str)).map_err(CliError::UnknownRule)?;
        config.settings.ignore(args.ignore.iter().map(String::as_str)).map_err(CliError::UnknownRule)?;
        let reference = since::reference(&args.since, &args.input, &config, host)?;
        let mut loaded = load(&args.input, &config, reference.as_ref(), host)?;
        if let Some(file) = &args.facts {
            let facts = applied::read(file, host)?;
            config.settings.tables.sizes = applied::sizes(&facts);
            applied::narrow(&mut loaded.histories, &facts, host);
        }
        let read = host.elapsed();
        if args.input.explains_sources() {
            host.stderr(&describe::sources(&loaded, &config));
        }
        let report = lint_all(&loaded.histories, &config, args.input.quiet, host);
        if args.input.shows_stats() {
            host.stderr(&describe::stats(&loaded.histories, read, host.elapsed()));
            host.stderr(&describe::rule_counts(&report));
        }
        Ok(Linted {
            config,
            histories: loaded.histories,
            report,
            narrowed: reference.is_some() || args.facts.is_some(),
        })
    }

    /// Takes out what the baseline accepts, if there is one.
    pub(crate) fn accept(&mut self, baseline: Option<&Path>, host: &dyn Host) -> Result<(), CliError> {
        let Some(file) = baseline else { return Ok(()) };
        let shown = || path::shown(file);
        let bytes = host.read(file).map_err(|source| CliError::Baseline { path: shown(), source })?;
        let text = String::from_utf8_lossy(&bytes);
        baseline::subtract(&mut self.report, &scripts(&self.histories), &text)
            .map_err(|line| CliError::NoBaseline { path: shown(), line })
    }

    /// Mends what is wanted in `edited` until nothing is left that could be, and becomes what is to be said then.
    fn mend(&mut self, wanted: Safety, args: &LintArgs, edited: &mut Edited<'_>) -> Result<usize, CliError> {
        // What is told about the sources is told once.
        let input = InputArgs { explain_sources: false, stats: false, verbose: false, ..args.input.clone() };
        let args = LintArgs { input, ..args.clone() };
        let mut fixes = 0;
        for _ in 0..mend::ROUNDS {
            let mended = mend::mend(&self.report, &self.scripts(), wanted, edited);
            if mended.fixes == 0 {
                break;
            }
            fixes += mended.fixes;
            mended.files.into_iter().for_each(|(file, bytes)| edited.put(Path::new(&file), bytes));
            *self = Linted::new(&args, edited)?;
            self.accept(args.baseline.as_deref(), edited)?;
        }
        Ok(fixes)
    }

    /// Takes statements apart in `edited`, one after the other, until none is left that could be.
    fn split(&mut self, split: &mut Split, args: &LintArgs, edited: &mut Edited<'_>) -> Result<(), CliError> {
        let input = InputArgs { explain_sources: false, stats: false, verbose: false, ..args.input.clone() };
        let args = LintArgs { input, ..args.clone() };
        while split.statements < split::MOST && split.one(self, edited) {
            *self = Linted::new(&args, edited)?;
            self.accept(args.baseline.as_deref(), edited)?;
        }
        Ok(())
    }

    /// The scripts, in the order in which the report counts them.
    pub(crate) fn scripts(&self) -> Vec<&Script> {
        scripts(&self.histories)
    }

    /// What the forms of the report are made of.
    pub(crate) fn checked<'a>(&'a self, scripts: &'a [&'a Script]) -> Checked<'a> {
        Checked { report: &self.report, scripts, version: self.config.settings.postgres }
    }
}

fn scripts(histories: &[LoadedHistory]) -> Vec<&Script> {
    histories.iter().flat_map(|it| &it.scripts).map(|it| &it.script).collect()
}

/// Writes the report in one of its forms. The one for people ends with a summary and `closing`, if that is given.
fn deliver(
    to: &ReportTo,
    checked: Checked<'_>,
    closing: Option<&str>,
    args: &CheckOutputArgs,
    host: &dyn Host,
) -> Result<(), CliError> {
    let file = to.file.as_deref().or(args.output.as_deref());
    let text = match to.format {
        CheckFormat::Human => {
            let look = output::look(args.color, file.is_some(), host);
            closing.map_or_else(|| check_blocks(checked, look), |closing| check_human(checked, look) + closing)
        }
        CheckFormat::Json => check_json(checked, Counting::default()),
        CheckFormat::Sarif => sarif(checked),
        CheckFormat::Github => github(checked),
        CheckFormat::Gitlab => gitlab(checked),
        CheckFormat::Junit => junit(checked),
        CheckFormat::Rdjson => rdjson(checked),
        CheckFormat::Markdown => markdown(checked),
    };
    output::deliver(&text, file, host)
}

/// On the first run over an old repository most findings lie in files that nobody will change any more: says how many,
/// and what to do about them.
fn merged(report: &Report, scripts: &[&Script], input: &InputArgs, host: &dyn Host) -> Option<String> {
    let all = report.findings.len() + report.problems.len();
    if all == 0 {
        return None;
    }
    let branch = since::default_branch(input, host)?;
    let is_old = |script: usize| branch.has(&scripts[script].path, host);
    let old = report.findings.iter().filter(|it| is_old(it.script)).count()
        + report.problems.iter().filter(|it| is_old(it.script)).count();
    let name = &branch.name;
    (old > 0).then(|| {
        format!("{old} of {all} lie in files already on `{name}`: `--since {name}` leaves them out, `--write-baseline FILE` accepts them.\n")
    })
}

/// The report of all histories as one.
pub(crate) fn lint_all(histories: &[LoadedHistory], config: &Config, quiet: bool, host: &dyn Host) -> Report {
    let mut all = Report::default();
    let mut offset = 0;
    let steps = effects::replaying(histories, quiet, host);
    let reports = on_threads(histories, host, |it| lint_one(it, config, &steps, host));
    for (history, mut report) in histories.iter().zip(reports) {
        for finding in &mut report.findings {
            finding.fix.take_if(|_| !history.scripts[finding.script].script.is_written());
        }
        for (script, it) in history.scripts.iter().enumerate().filter(|(_, it)| it.reports) {
            if let Some(message) = &it.unread {
                let message = message.clone();
                report.add_problem(Problem { kind: ProblemKind::Read, script, span: Span::default(), message });
            }
        }
        for (script, it) in history.scripts.iter().enumerate().filter(|it| it.1.reports) {
            for (span, message) in &it.script.gaps {
                let (kind, span, message) = (ProblemKind::Extract, *span, message.clone());
                report.add_problem(Problem { kind, script, span, message });
            }
        }
        // What is said of a migration that has run elsewhere is said though nothing else of it is.
        for (script, it) in history.scripts.iter().enumerate() {
            for (span, message) in &it.mistakes {
                let (kind, span, message) = (ProblemKind::Chain, *span, message.clone());
                report.add_problem(Problem { kind, script, span, message });
            }
        }
        all.absorb(report, offset);
        offset += history.scripts.len();
    }
    all.problems.sort_by_key(|it| (it.script, it.span.start));
    // The way back is no migration of its own, whether it stands in the same file or beside it.
    let reporting = histories.iter().flat_map(|it| &it.scripts).filter(|it| it.reports);
    let reporting = reporting.filter(|it| it.script.direction == Direction::Up && !it.script.beside);
    all.summary.files = reporting.map(|it| it.script.path.as_str()).collect::<BTreeSet<_>>().len();
    all
}

fn lint_one(history: &LoadedHistory, config: &Config, steps: &Steps<'_>, host: &dyn Host) -> Report {
    let paths: Vec<String> = history.scripts.iter().map(|it| in_config(&it.script.path, config, host)).collect();
    let scripts: Vec<Input<'_>> =
        history.scripts.iter().zip(&paths).map(|(it, path)| Input { path, ..it.input() }).collect();
    lint_watched(&Root { scripts: &scripts, partial: history.partial }, &config.settings, &mut || steps.step())
}

/// The path as the configuration's globs see it: from its folder.
fn in_config(shown: &str, config: &Config, host: &dyn Host) -> String {
    let (Some(folder), Ok(current)) = (&config.folder, host.current_dir()) else { return shown.to_owned() };
    let absolute = path::absolute(Path::new(shown), &current);
    absolute.strip_prefix(folder).map_or_else(|_| shown.to_owned(), path::shown)
}

fn outcome(report: &Report, fail_on: FailOn) -> Outcome {
    if report.problems.iter().any(|it| matches!(it.kind, ProblemKind::Read | ProblemKind::Decode)) {
        return Outcome::Failed;
    }
    let least = match fail_on {
        FailOn::Error => Severity::Error,
        FailOn::Warning => Severity::Warning,
        FailOn::Info => Severity::Info,
        FailOn::Never => return Outcome::Clean,
    };
    if report.worst().is_some_and(|it| it >= least) { Outcome::Findings } else { Outcome::Clean }
}
