//! The migrations so far, and what is predicted of the next one.

use lockkeeper_core::{Fix, Input, Root, Settings, lint};
use lockkeeper_model::record::record;
use lockkeeper_model::timeline::{Failures, Options, Script};
use lockkeeper_model::{Envelope, Runner, StatementId, Version};
use lockkeeper_rules::document::Sending;
use lockkeeper_syntax::{Parsed, Span, parse};
use lockkeeper_verify::Claim;
use std::collections::BTreeSet;

/// Scripts in the order of their application, with what a server said of them.
#[derive(Clone)]
pub(crate) struct History {
    version: Version,
    scripts: Vec<(String, Parsed, Runner)>,
    /// The statements that the server refused.
    refused: BTreeSet<StatementId>,
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
        Self { version, scripts: Vec::new(), refused: BTreeSet::new() }
    }

    /// Adds a script that a server has run, and which of its statements it refused.
    pub(crate) fn add(&mut self, sql: &str, parsed: Parsed, sending: Sending, refused: &[bool]) {
        let script = self.scripts.len() as u32;
        let places = refused.iter().zip(0..).filter(|(refused, _)| **refused);
        self.refused.extend(places.map(|(_, statement)| StatementId { script, statement }));
        self.scripts.push((sql.to_owned(), parsed, runner(sending)));
    }

    /// What is predicted of each script, statement by statement. What the server refused before has changed nothing.
    pub(crate) fn predictions(&self) -> Vec<Vec<Predicted>> {
        let scripts: Vec<Script<'_>> = self
            .scripts
            .iter()
            .map(|(_, parsed, runner)| Script {
                statements: &parsed.statements,
                runner: *runner,
                sections: &[],
                pending: false,
                detour: false,
            })
            .collect();
        let failures = Failures::Seen(self.refused.clone());
        let options = Options { version: self.version, partial: false, failures, ..Options::default() };
        let mut predictions: Vec<Vec<Predicted>> = scripts.iter().map(|_| Vec::new()).collect();
        for it in record(&scripts, &options, &mut |_| {}).statements {
            predictions[it.id.script as usize].push(Predicted { span: it.span, claim: Claim::from(&it) });
        }
        predictions
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
                runner: *runner,
                reports,
                ..Input::of("example.sql", sql, parsed)
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
