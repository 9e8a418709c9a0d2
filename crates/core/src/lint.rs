//! The one entry: scripts of one history in, a report out.

use crate::back::WaysBack;
use crate::choose::{Findings, one_per_effect};
use crate::effect::Deeds;
use crate::end::{End, EndFindings};
use crate::noted::{NoteFindings, Noted};
use crate::options::OptionValues;
use crate::placeholders::Placeholders;
use crate::report::StrongestLock;
use crate::rule::Check;
use crate::step::Step;
use crate::suppress::Suppressions;
use crate::{About, Finding, Problem, ProblemKind, RULES, Report, Rule, Settings, Severity};
use lockkeeper_model::Runner;
use lockkeeper_model::record::{Record, Recorder};
use lockkeeper_model::timeline::{self, History, Options, Script, Section, replay};
use lockkeeper_sources::{Direction, Framework, Note};
use lockkeeper_syntax::dialect::looks_like;
use lockkeeper_syntax::{Arrange, Body, Parsed};
use rustc_hash::FxHashSet;

/// One migration, or the part of it that goes one way.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Its path, for the `[[overrides]]` of the settings.
    pub path: &'a str,
    /// Its text. All spans are ranges of it.
    pub sql: &'a str,
    /// What the text says.
    pub parsed: &'a Parsed,
    /// Its tool.
    pub framework: Framework,
    /// What else its tool minds.
    pub notes: &'a [Note],
    /// How its tool sends it, before the settings have their say.
    pub runner: Runner,
    /// Where it goes on to send it in another way.
    pub sections: &'a [Section],
    /// The statements in front of which it sends something that is not read, by number; in order.
    pub unread: &'a [usize],
    /// Whether findings and problems of it are wanted; if not, it is only context.
    pub reports: bool,
    /// Whether it is not yet applied anywhere, and runs together with the others that are not.
    pub pending: bool,
    /// Whether it leads back. Such scripts stand behind all others, the newest first, and are judged on the schema that
    /// these leave.
    pub down: bool,
    /// What its tool takes for its version, which a script that leads back shares with the one that it undoes; empty if
    /// it has none.
    pub version: &'a str,
}

impl<'a> Input<'a> {
    /// A script that reports, without a tool.
    pub fn of(path: &'a str, sql: &'a str, parsed: &'a Parsed) -> Self {
        Input {
            path,
            sql,
            parsed,
            framework: Framework::Plain,
            notes: &[],
            runner: Runner::default(),
            sections: &[],
            unread: &[],
            reports: true,
            pending: false,
            down: false,
            version: "",
        }
    }

    /// The script as its tool sends it, once the settings have had their say.
    pub fn sent(&self, settings: &Settings) -> Script<'a> {
        Script {
            statements: &self.parsed.statements,
            runner: settings.runner.over(self.runner),
            // Who says how a file is wrapped says it of all of it.
            sections: if settings.runner.transaction.is_some() { &[] } else { self.sections },
            unread: self.unread,
            pending: self.pending,
            detour: self.down,
        }
    }
}

impl<'a> From<&'a lockkeeper_sources::Script> for Input<'a> {
    /// What was read of a file; it reports.
    fn from(it: &'a lockkeeper_sources::Script) -> Self {
        Input {
            runner: it.runner,
            framework: it.framework,
            notes: &it.notes,
            sections: &it.sections,
            unread: &it.unread,
            down: it.direction == Direction::Down,
            version: &it.version,
            ..Input::of(&it.path, &it.sql, &it.parsed)
        }
    }
}

/// Scripts with a history of their own.
#[derive(Clone, Copy, Debug)]
pub struct Root<'a> {
    /// In order of their application; where those that lead back stand is of no matter.
    pub scripts: &'a [Input<'a>],
    /// Whether the database may hold more than the scripts show, as for a single file or standard input.
    pub partial: bool,
}

/// Replays the scripts and says what is wrong with those that report.
pub fn lint(root: &Root<'_>, settings: &Settings) -> Report {
    lint_watched(root, settings, &mut || {})
}

/// As [`lint()`], and tells at the first statement of each script that it has come there.
pub fn lint_watched(root: &Root<'_>, settings: &Settings, watch: &mut dyn FnMut()) -> Report {
    let mut watch = |step: &timeline::Step<'_>| {
        if step.id.statement == 0 && step.inside.is_none() {
            watch();
        }
    };
    lint_seen(root, settings, &mut watch).0
}

/// As [`lint()`], and writes down what the history does as long as that is what the server would do: nothing where
/// something is refused, behind which rules go on as if it were mended, or where a script leads back.
pub fn lint_recorded(root: &Root<'_>, settings: &Settings) -> (Report, Option<Record>) {
    let mut recorder = Recorder::default();
    let (report, history) = lint_seen(root, settings, &mut |step| recorder.see(step));
    let real = recorder.is_real() && !root.scripts.iter().any(|it| it.down);
    (report, real.then(|| recorder.finish(history)))
}

/// `see` is shown each step but those of ways back that run together.
fn lint_seen(root: &Root<'_>, settings: &Settings, see: &mut dyn FnMut(&timeline::Step<'_>)) -> (Report, History) {
    let mut report = Report::default();
    let levels: Vec<Levels> = root.scripts.iter().map(|it| levels(it, settings)).collect();
    report.summary.files = root.scripts.iter().filter(|it| it.reports).count();
    report.summary.rules = (0..RULES.len()).filter(|rule| levels.iter().any(|it| it[*rule].is_some())).count();
    for input in root.scripts.iter().filter(|it| it.reports) {
        report.summary.statements += input.parsed.statements.len();
    }
    let (found, deeds, history) = replay_with_rules(root, settings, &levels, &mut report, see);
    let refused: FxHashSet<(usize, u32)> = found
        .iter()
        .flatten()
        .filter(|it| it.about == About::Failure)
        .map(|it| (it.script, it.statement.statement))
        .collect();
    for (at, input) in root.scripts.iter().enumerate().filter(|(_, it)| it.reports) {
        problems(at, input, &refused).for_each(|it| report.add_problem(it));
    }
    let mut suppressions: Vec<Suppressions> = root
        .scripts
        .iter()
        .map(|it| if it.reports { Suppressions::read(it.sql, it.parsed) } else { Suppressions::default() })
        .collect();
    let mut settings_met = FxHashSet::default();
    let placeholders = Placeholders::of(root.scripts);
    report.summary.strongest_lock.iter_mut().for_each(|it| placeholders.put_back(&mut it.relation));
    for statement in found {
        let mut left = statement;
        left.retain(|it| !suppressions[it.script].covers(it));
        // What is wrong with a setting is said once in its script.
        left.retain(|it| match it.about {
            About::Setting(place) => settings_met.insert((it.script, it.rule.name, place)),
            _ => true,
        });
        for mut finding in one_per_effect(left) {
            placeholders.restore(&mut finding);
            report.add_finding(finding);
        }
    }
    report.effects = deeds.of(&report.findings, &placeholders);
    for (at, (it, levels)) in suppressions.into_iter().zip(&levels).enumerate() {
        // Of the way back most rules say nothing.
        let speaks = |rule: &Rule| !root.scripts[at].down || matches!(rule.category, "data" | "tools");
        let on =
            |rule: &Rule| RULES.iter().zip(levels).any(|(it, level)| it == rule && level.is_some() && speaks(rule));
        report.unused_suppressions.extend(it.unused(at, on));
    }
    (report, history)
}

/// The severity of each rule for one script, in the order of the table; `None` where it is off.
type Levels = Vec<Option<Severity>>;

fn levels(input: &Input<'_>, settings: &Settings) -> Levels {
    RULES.iter().map(|rule| settings.level(rule, input.path).filter(|_| input.reports)).collect()
}

/// The rules that are asked at each statement of one script, with their severity there.
type Asked = Vec<(&'static Rule, Severity, fn(&Step<'_>, &mut Findings<'_>))>;

fn asked(levels: &Levels) -> Asked {
    let asked = RULES.iter().zip(levels).filter_map(|(rule, level)| match rule.check {
        Check::Step(check) => level.map(|severity| (rule, severity, check)),
        Check::Note(_) | Check::End(_) => None,
    });
    asked.collect()
}

/// What each statement gives cause for, before suppressions, statement by statement.
fn replay_with_rules(
    root: &Root<'_>,
    settings: &Settings,
    levels: &[Levels],
    report: &mut Report,
    see: &mut dyn FnMut(&timeline::Step<'_>),
) -> (Vec<Vec<Finding>>, Deeds, History) {
    let ways_back = WaysBack::of(root.scripts);
    let places = ways_back.order(root.scripts);
    let together = ways_back.together(root.scripts);
    let all = || places.iter().chain(&together);
    let scripts: Vec<Script<'_>> = all().map(|at| root.scripts[*at].sent(settings)).collect();
    let detour_from = Some(places.len());
    let options = Options { version: settings.postgres, partial: root.partial, detour_from, ..Options::default() };
    let mut found: Vec<Vec<Finding>> = Vec::new();
    let mut deeds = Deeds::default();
    let mut refused_behind_others: FxHashSet<(usize, u32)> = FxHashSet::default();
    let asked: Vec<Asked> = levels.iter().map(asked).collect();
    let history = replay(&scripts, &options, &mut |step| {
        if let Some(script) = (step.id.script as usize).checked_sub(places.len()) {
            refused_behind_others.extend(step.failure.map(|_| (together[script], step.id.statement)));
            return;
        }
        see(step);
        let mut step = Step::new(step, root.scripts, &places, &ways_back, settings);
        let script = step.script();
        if !root.scripts[script].reports {
            return;
        }
        if !root.scripts[script].down {
            deeds.see(&step);
            strongest_lock(&step).into_iter().for_each(|it| report.summary.meet(it));
        }
        let mut list = Vec::new();
        let mut own = Vec::new();
        for (rule, severity, check) in &asked[script] {
            step.options = OptionValues::of(settings, rule, root.scripts[script].path);
            check(&step, &mut Findings { rule, severity: *severity, step: &step, list: &mut own });
            // Most rules have nothing to say.
            if !own.is_empty() {
                own.retain_mut(|it| !step.allows_subject(it) && weigh(&step, it));
                list.append(&mut own);
            }
        }
        if step.effects.failure.is_some() {
            // What is refused does nothing else, whatever its words say.
            list.retain(|it| it.about == About::Failure);
        }
        list.retain(|it| ways_back.judge(it, root.scripts));
        if step.inside.is_some() {
            // No edit is offered inside a body: what it promises of a statement by itself does not hold there.
            list.iter_mut().for_each(|it| it.fix = None);
        }
        if !list.is_empty() {
            deeds.spoken_of();
            list.shrink_to_fit();
            found.push(list);
        }
    });
    let is_back = |it: &Finding| it.about == About::Failure && root.scripts[it.script].down;
    let fails = |it: &Finding| refused_behind_others.contains(&(it.script, it.statement.statement));
    found.iter_mut().for_each(|list| list.retain(|it| !is_back(it) || fails(it)));
    for (place, at) in places.iter().enumerate() {
        found.push(of_notes(&root.scripts[*at], (*at, place), &levels[*at]));
    }
    let end = End { catalog: &history.catalog, places: &places, scripts: root.scripts, settings };
    let found = with_end(found, at_end(&end, levels));
    (found, deeds, history)
}

/// What the notes of a script give cause for.
fn of_notes(script: &Input<'_>, (at, place): (usize, usize), levels: &Levels) -> Vec<Finding> {
    let mut list = Vec::new();
    for noted in Noted::all(script, at, place) {
        for (rule, level) in RULES.iter().zip(levels) {
            let (Some(severity), Check::Note(check)) = (*level, rule.check) else { continue };
            check(&noted, &mut NoteFindings { rule, severity, noted: &noted, list: &mut list });
        }
    }
    list
}

/// Adds to what is said of work on a table how large it is, where a live database was asked; false if the work is too short
/// to warn of.
fn weigh(step: &Step<'_>, finding: &mut Finding) -> bool {
    let (About::IndexBuild(table) | About::Scan(table) | About::Rewrite(table)) = finding.about else { return true };
    let Some(size) = step.size(table) else { return true };
    finding.message.push_str(&format!(" ({size})"));
    finding.severity == Severity::Error || !step.options.is_small(size)
}

/// What the end of the history gives cause for.
fn at_end(end: &End<'_>, levels: &[Levels]) -> Vec<Finding> {
    let mut list = Vec::new();
    for (at, rule) in RULES.iter().enumerate() {
        let Check::End(check) = rule.check else { continue };
        let severity: Vec<Option<Severity>> = levels.iter().map(|it| it[at]).collect();
        if severity.iter().any(Option::is_some) {
            check(end, &mut EndFindings { rule, severity, end, list: &mut list });
        }
    }
    list
}

/// Puts what the end gives cause for to the statements that it speaks of, and the ways back, which were looked at in
/// between, to where they stand.
fn with_end(found: Vec<Vec<Finding>>, at_end: Vec<Finding>) -> Vec<Vec<Finding>> {
    let mut all: Vec<Finding> = found.into_iter().flatten().chain(at_end).collect();
    let place = |it: &Finding| (it.script, it.statement);
    all.arrange_by_key(place);
    let mut by_statement: Vec<Vec<Finding>> = Vec::new();
    for finding in all {
        match by_statement.last_mut() {
            Some(list) if list.last().is_some_and(|it| place(it) == place(&finding)) => list.push(finding),
            _ => by_statement.push(vec![finding]),
        }
    }
    by_statement
}

/// What cannot be read of a script, but for the statements in it whose refusal is a finding.
fn problems<'a>(
    script: usize,
    input: &'a Input<'_>,
    refused: &'a FxHashSet<(usize, u32)>,
) -> impl Iterator<Item = Problem> + 'a {
    let of_text = input.parsed.problems.iter().map(move |it| {
        let kind = match it.kind {
            lockkeeper_syntax::ProblemKind::Decode => ProblemKind::Decode,
            lockkeeper_syntax::ProblemKind::TooLong => ProblemKind::Read,
        };
        Problem { kind, script, span: it.span, message: it.message.clone() }
    });
    let of_statements = input.parsed.statements.iter().enumerate().filter_map(move |(at, whole)| match &whole.body {
        Body::Unreadable(it) if it.template => {
            let message = match input.framework {
                Framework::Alembic => "a part of this statement is not known: the statement is not read",
                _ => "a template that is filled in when the migration runs: the statement is not read",
            };
            let message = message.to_owned();
            Some(Problem { kind: ProblemKind::Template, script, span: it.at, message })
        }
        Body::Unreadable(it) if !refused.contains(&(script, at as u32)) => {
            let text = whole.span.of(input.sql);
            let other = looks_like(text).map(|it| format!("; this looks like {}", it.name())).unwrap_or_default();
            Some(Problem { kind: ProblemKind::Syntax, script, span: it.at, message: format!("{}{other}", it.message) })
        }
        _ => None,
    });
    of_text.chain(of_statements)
}

/// The strongest lock of a statement on a relation that other sessions can meet.
fn strongest_lock(step: &Step<'_>) -> Option<StrongestLock> {
    if step.failure.is_some() {
        return None;
    }
    let effects = &step.timeline().effects;
    let met = effects.locks.iter().filter(|it| !step.is_new(it.relation));
    let locks = met.map(|it| StrongestLock {
        mode: it.mode,
        relation: step.name(it.relation).to_string(),
        script: step.script(),
        statement: step.id,
        rewrite: effects.rewrites.iter().any(|rewrite| rewrite.relation == it.relation),
        scan: effects.works_on(it.relation) && !effects.rewrites.iter().any(|rewrite| rewrite.relation == it.relation),
    });
    locks.reduce(|a, b| if a.weight() < b.weight() { b } else { a })
}
