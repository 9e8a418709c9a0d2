//! The migrations so far, and what is predicted of the next one.

use lockkeeper_core::{Fix, Input, Root, Settings, lint};
use lockkeeper_model::record::{StatementRecord, record};
use lockkeeper_model::timeline::{Options, Script};
use lockkeeper_model::{Envelope, ObjectName, Runner, Version};
use lockkeeper_rules::document::Sending;
use lockkeeper_syntax::{Parsed, Span, parse};
use lockkeeper_verify::{Claim, LockMode};

/// Scripts in the order of their application.
#[derive(Clone)]
pub(crate) struct History {
    version: Version,
    scripts: Vec<(String, Parsed, Runner)>,
}

/// A statement and what is predicted of it, views, indexes and new relations included.
pub(crate) struct Predicted {
    pub(crate) span: Span,
    pub(crate) claim: Claim,
}

/// A fix that a rule offers.
pub(crate) struct Offer {
    /// The rule.
    pub(crate) rule: &'static str,
    /// The place of the statement that it mends.
    pub(crate) statement: usize,
    pub(crate) fix: Fix,
}

impl History {
    pub(crate) fn new(version: Version) -> Self {
        Self { version, scripts: Vec::new() }
    }

    /// Adds a script and predicts what it does, statement by statement.
    pub(crate) fn add(&mut self, sql: &str, sending: Sending) -> Vec<Predicted> {
        self.scripts.push((sql.to_owned(), parse(sql), runner(sending)));
        let last = self.scripts.len() - 1;
        let scripts: Vec<Script<'_>> = self
            .scripts
            .iter()
            .map(|(_, parsed, runner)| Script { statements: &parsed.statements, runner: *runner, pending: false })
            .collect();
        let options = Options { version: self.version, partial: false };
        let statements = record(&scripts, &options, &mut |_| {}).statements;
        let of_last = statements.into_iter().filter(|it| it.id.script as usize == last);
        of_last.map(|it| Predicted { span: it.span, claim: claim(&it) }).collect()
    }

    /// Takes out of the last script what the server has refused. In one transaction nothing of the others remains either.
    pub(crate) fn forget(&mut self, refused: &[bool], sending: Sending) {
        let Some((_, parsed, _)) = self.scripts.last_mut() else { return };
        if refused.contains(&true) && sending != Sending::OneByOne {
            parsed.statements.clear();
        }
        let mut refused = refused.iter();
        parsed.statements.retain(|_| refused.next() != Some(&true));
    }

    /// The fixes of what the rules would report in `sql`, were it the next script.
    pub(crate) fn offers(&self, sql: &str, sending: Sending) -> Vec<Offer> {
        let next = (sql.to_owned(), parse(sql), runner(sending));
        let inputs: Vec<Input<'_>> = self
            .scripts
            .iter()
            .map(|it| (it, false))
            .chain([(&next, true)])
            .map(|((sql, parsed, runner), reports)| Input {
                path: "example.sql",
                sql,
                parsed,
                runner: *runner,
                reports,
                pending: false,
                down: false,
            })
            .collect();
        let settings = Settings { postgres: self.version, ..Settings::default() };
        let findings = lint(&Root { scripts: &inputs, partial: false }, &settings).findings;
        let offer = |it: lockkeeper_core::Finding| {
            Some(Offer { rule: it.rule.name, statement: it.statement.statement as usize, fix: it.fix? })
        };
        findings.into_iter().filter_map(offer).collect()
    }
}

fn runner(sending: Sending) -> Runner {
    match sending {
        Sending::Transaction => Runner { transaction: Envelope::File, ..Runner::default() },
        Sending::OneByOne => Runner::default(),
        Sending::OneQuery => Runner { single_query: true, ..Runner::default() },
    }
}

/// The prediction as a claim. It speaks of ROW SHARE too.
fn claim(record: &StatementRecord) -> Claim {
    let mode = |it: lockkeeper_model::LockMode| -> LockMode {
        it.to_string().parse().expect("both name modes as the manual does")
    };
    let names = |all: &[ObjectName]| all.iter().map(ObjectName::to_string).collect();
    Claim {
        locks: record.locks.iter().map(|it| (it.relation.to_string(), mode(it.mode))).collect(),
        weakest: LockMode::RowShare,
        rewrites: names(&record.rewrites),
        scans: names(&record.scans),
        index_builds: names(&record.index_builds),
        sqlstate: record.failure.as_ref().map(|it| it.refusal.sqlstate().to_owned()),
    }
}
