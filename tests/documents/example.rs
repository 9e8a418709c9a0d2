//! The examples of a section as a history, in which what the server refuses leaves nothing behind.

use lockkeeper_core::{Input, Level, Root, Rule, RuleSetting, Settings, lint};
use lockkeeper_model::catalog::RelationKind;
use lockkeeper_model::timeline::{Options, Script as Replayed, Step, replay};
use lockkeeper_model::{Envelope, LockMode, Runner, Version};
use lockkeeper_rules::document::{Block, Sending};
use lockkeeper_sources::{Framework, Note, Reading, Script, Source, Text, read};
use lockkeeper_syntax::{Parsed, Span, parse};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The migrations so far.
pub(crate) struct History {
    version: Version,
    /// The document's rule: it is on also where it is off by default.
    rule: &'static Rule,
    scripts: Vec<Sent>,
}

/// A migration as its tool sends it.
struct Sent {
    sql: String,
    parsed: Parsed,
    runner: Runner,
    framework: Framework,
    notes: Vec<Note>,
}

impl Sent {
    /// The block as it stands, or as the tool reads it that it names.
    fn of(block: &Block<'_>) -> Self {
        let Some(tool) = block.tool else {
            let runner = match block.sending {
                Sending::Transaction => Runner { transaction: Envelope::File, ..Runner::default() },
                Sending::OneByOne => Runner::default(),
                Sending::OneQuery => Runner { single_query: true, ..Runner::default() },
            };
            let (sql, parsed) = (block.text.to_owned(), parse(block.text));
            return Sent { sql, parsed, runner, framework: Framework::Plain, notes: Vec::new() };
        };
        let framework = Framework::of_word(tool).unwrap_or_else(|| panic!("line {}: no tool `{tool}`", block.line));
        let source = Source { path: "1_example.sql".to_owned(), bytes: block.text.as_bytes().to_vec() };
        let scripts = read(&Text::new(&source), &Reading { framework, ..Reading::default() });
        let script = scripts.into_iter().next().unwrap_or_else(|| panic!("line {}: nothing runs", block.line));
        let Script { sql, parsed, runner, notes, .. } = script;
        Sent { sql: sql.to_string(), parsed: Arc::unwrap_or_clone(parsed), runner, framework, notes }
    }
}

/// What the prediction says of one statement, in the names of the markers.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    /// The statement.
    pub(crate) span: Span,
    /// The rules that fire.
    pub(crate) findings: BTreeSet<String>,
    /// The strongest mode per relation that is held afterwards, with what was held before.
    pub(crate) locks: Vec<Lock>,
    pub(crate) scans: Vec<Work>,
    pub(crate) rewrites: Vec<Work>,
    pub(crate) index_builds: Vec<Work>,
    /// Whether the server never gets to it, because a statement before it in the block failed.
    pub(crate) skipped: bool,
    /// SQLSTATE and message.
    pub(crate) failure: Option<(String, String)>,
}

/// A relation under a lock.
#[derive(Debug)]
pub(crate) struct Lock {
    pub(crate) relation: String,
    /// What the statement takes.
    pub(crate) taken: Option<LockMode>,
    /// What the transaction held before it.
    pub(crate) before: Option<LockMode>,
    /// Whether a document may be silent about it: nobody can wait for it, or nobody minds.
    pub(crate) silent: bool,
}

/// A relation that is worked on.
#[derive(Debug)]
pub(crate) struct Work {
    pub(crate) relation: String,
    /// Whether a document may be silent about it.
    pub(crate) silent: bool,
}

impl History {
    pub(crate) fn new(version: Version, rule: &'static Rule) -> Self {
        Self { version, rule, scripts: Vec::new() }
    }

    /// Adds the block as the next migration and says what it does, statement by statement.
    pub(crate) fn run(&mut self, block: &Block<'_>) -> Vec<Outcome> {
        self.scripts.push(Sent::of(block));
        let outcomes = self.last();
        self.forget_failures(&outcomes, block.sending);
        outcomes
    }

    /// Says what the block would do in place of the last migration, which stays.
    pub(crate) fn run_instead(&mut self, block: &Block<'_>) -> Vec<Outcome> {
        let last = self.scripts.pop();
        let outcomes = self.run(block);
        self.scripts.pop();
        self.scripts.extend(last);
        outcomes
    }

    fn last(&self) -> Vec<Outcome> {
        let at = self.scripts.len() - 1;
        let parsed = &self.scripts[at].parsed;
        let mut outcomes: Vec<Outcome> =
            parsed.statements.iter().map(|it| Outcome { span: it.span, ..Outcome::default() }).collect();
        let scripts: Vec<Replayed<'_>> =
            self.scripts.iter().map(|it| Replayed::new(&it.parsed.statements, it.runner)).collect();
        let options = Options { version: self.version, ..Options::default() };
        replay(&scripts, &options, &mut |step| {
            if step.id.script as usize == at {
                outcomes[step.id.statement as usize].absorb(describe(step));
            }
        });
        let inputs: Vec<Input<'_>> = self
            .scripts
            .iter()
            .enumerate()
            .map(|(number, it)| Input {
                runner: it.runner,
                framework: it.framework,
                notes: &it.notes,
                reports: number == at,
                ..Input::of("example.sql", &it.sql, &it.parsed)
            })
            .collect();
        let rules = vec![RuleSetting::level(self.rule, Level::On(self.rule.severity))];
        let settings = Settings { postgres: self.version, rules, ..Settings::default() };
        let report = lint(&Root { scripts: &inputs, partial: false }, &settings);
        for finding in report.findings {
            outcomes[finding.statement.statement as usize].findings.insert(finding.rule.name.to_owned());
        }
        outcomes
    }

    /// A failed statement changes nothing; in a transaction, neither do those beside it.
    fn forget_failures(&mut self, outcomes: &[Outcome], sending: Sending) {
        if outcomes.iter().all(|it| it.failure.is_none()) {
            return;
        }
        let Some(Sent { parsed, .. }) = self.scripts.last_mut() else { return };
        match sending {
            Sending::Transaction | Sending::OneQuery => parsed.statements.clear(),
            Sending::OneByOne => {
                let mut failed = outcomes.iter().map(|it| it.failure.is_some());
                parsed.statements.retain(|_| !failed.next().unwrap_or_default());
            }
        }
    }
}

/// What one statement does; for one inside another, what it adds to that.
pub(crate) fn describe(step: &Step<'_>) -> Outcome {
    let mut outcome = Outcome { span: step.statement.span, ..Outcome::default() };
    if let Some(failure) = step.failure {
        outcome.skipped = failure.caused_by.is_some_and(|it| it.script == step.id.script);
        outcome.failure = Some((failure.refusal.sqlstate().to_owned(), failure.refusal.message()));
        return outcome;
    }
    let name = |id| step.catalog.get(id).map_or_else(|| format!("{id:?}"), |it| it.name.short_with_temporary());
    let own = |id| step.effects.lock_on(id).map(|it| it.mode);
    let mut met: Vec<_> = step.effects.locks.iter().map(|it| it.relation).collect();
    if step.inside.is_none() {
        met.extend(step.held.locks.iter().map(|it| it.relation).filter(|it| own(*it).is_none()));
    }
    for id in met {
        let kind = step.catalog.get(id).map(|it| &it.kind);
        let unseen = matches!(kind, Some(RelationKind::View(_) | RelationKind::Index(_))) && step.inside.is_none();
        let before = step.held.on(id).map(|it| it.mode).filter(|_| step.inside.is_none());
        outcome.locks.push(Lock { relation: name(id), taken: own(id), before, silent: unseen || step.is_new(id) });
    }
    let work = |id| Work { relation: name(id), silent: step.is_new(id) };
    outcome.scans = step.effects.scans.iter().map(|it| work(it.relation)).collect();
    outcome.rewrites = step.effects.rewrites.iter().map(|it| work(it.relation)).collect();
    let builds = step.effects.index_builds.iter();
    outcome.index_builds =
        builds.map(|it| Work { relation: it.index.short_with_temporary(), silent: step.is_new(it.table) }).collect();
    outcome
}

impl Outcome {
    /// Adds what another statement does.
    pub(crate) fn absorb(&mut self, other: Outcome) {
        self.skipped |= other.skipped;
        self.failure = self.failure.take().or(other.failure);
        for lock in other.locks {
            match self.locks.iter_mut().find(|it| it.relation == lock.relation) {
                Some(it) => it.taken = it.taken.max(lock.taken),
                None => self.locks.push(lock),
            }
        }
        self.scans.extend(other.scans);
        self.rewrites.extend(other.rewrites);
        self.index_builds.extend(other.index_builds);
    }
}

/// Names as the markers write them: without `public`, but with `pg_temp`.
trait MarkerName {
    fn short_with_temporary(&self) -> String;
}

impl MarkerName for lockkeeper_model::ObjectName {
    fn short_with_temporary(&self) -> String {
        match self.schema.as_str() {
            "public" => self.short().to_string(),
            _ => self.to_string(),
        }
    }
}
