//! The migrations so far, and what is predicted of the next one.

use lockkeeper_core::{Fix, Input, Root, Settings, lint};
use lockkeeper_model::record::{Record, record};
use lockkeeper_model::timeline::{Failures, Options, Script, Section};
use lockkeeper_model::{Catalog, Envelope, Runner, StatementId, Version};
use lockkeeper_rules::document::Sending;
use lockkeeper_syntax::{Parsed, Span, parse};
use lockkeeper_verify::Claim;
use std::collections::BTreeSet;

/// Scripts in the order of their application, with what a server said of them.
#[derive(Clone)]
pub(crate) struct History {
    version: Version,
    scripts: Vec<Entry>,
    /// The statements that the server refused.
    refused: BTreeSet<StatementId>,
    /// The `TimeZone` of a new session, where it counts as known.
    pub(crate) time_zone: Option<String>,
}

/// A script, and how it was sent.
#[derive(Clone)]
struct Entry {
    sql: String,
    parsed: Parsed,
    runner: Runner,
    sections: Vec<Section>,
}

impl Entry {
    fn script(&self) -> Script<'_> {
        Script { sections: &self.sections, ..Script::new(&self.parsed.statements, self.runner) }
    }
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
        Self { version, scripts: Vec::new(), refused: BTreeSet::new(), time_zone: None }
    }

    pub(crate) fn version(&self) -> Version {
        self.version
    }

    /// Adds a script that a server has run, and which of its statements it refused.
    pub(crate) fn add(&mut self, sql: &str, parsed: Parsed, sending: Sending, refused: &[bool]) {
        self.add_sent(sql, parsed, runner(sending), &[], refused);
    }

    /// As [`Self::add`], for a script that a tool sends in its own way.
    pub(crate) fn add_sent(
        &mut self,
        sql: &str,
        parsed: Parsed,
        runner: Runner,
        sections: &[Section],
        refused: &[bool],
    ) {
        let script = self.scripts.len() as u32;
        let places = refused.iter().zip(0..).filter(|(refused, _)| **refused);
        self.refused.extend(places.map(|(_, statement)| StatementId { script, statement }));
        self.scripts.push(Entry { sql: sql.to_owned(), parsed, runner, sections: sections.to_vec() });
    }

    /// What is predicted of each script, statement by statement. What the server refused before has changed nothing.
    pub(crate) fn predictions(&self) -> Vec<Vec<Predicted>> {
        let mut predictions: Vec<Vec<Predicted>> = self.scripts.iter().map(|_| Vec::new()).collect();
        for it in self.record().statements {
            predictions[it.id.script as usize].push(Predicted { span: it.span, claim: Claim::from(&it) });
        }
        predictions
    }

    /// The schema after it.
    pub(crate) fn catalog(&self) -> Catalog {
        self.record().history.catalog
    }

    fn record(&self) -> Record {
        let scripts: Vec<Script<'_>> = self.scripts.iter().map(Entry::script).collect();
        let failures = Failures::Seen(self.refused.clone());
        record(
            &scripts,
            &Options {
                version: self.version,
                partial: false,
                failures,
                time_zone: self.time_zone.as_deref().map(Into::into),
                ..Options::default()
            },
            &mut |_| {},
        )
    }

    /// The fixes of what the rules would report in `sql`, were it the next script.
    pub(crate) fn offers(&self, sql: &str, sending: Sending) -> Vec<Offer> {
        let next = Entry { sql: sql.to_owned(), parsed: parse(sql), runner: runner(sending), sections: Vec::new() };
        let inputs: Vec<Input<'_>> = self
            .scripts
            .iter()
            .map(|it| (it, false))
            .chain([(&next, true)])
            .map(|(it, reports)| Input { runner: it.runner, reports, ..Input::of("example.sql", &it.sql, &it.parsed) })
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
