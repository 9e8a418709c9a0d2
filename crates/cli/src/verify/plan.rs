//! How the statements of a history are sent: the transactions of their tool, as the model follows them.

use crate::effects::timeline;
use crate::load::LoadedScript;
use lockkeeper_core::Settings;
use lockkeeper_model::StatementId;
use lockkeeper_model::record::record;
use lockkeeper_model::timeline::{OpenedBy, Options};
use lockkeeper_sources::alembic::HOLE;
use lockkeeper_syntax::{Body, Span, Statement};
use lockkeeper_verify::player::{Part, Turn, Wish};
use lockkeeper_verify::{Envelope, Sent};
use std::collections::HashMap;

/// Statements that are sent in one way, and which they are.
pub(crate) struct Planned<'a> {
    pub(crate) statements: Vec<StatementId>,
    pub(crate) part: Part<'a>,
}

/// What the statements are run for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To see what those that report do.
    Verify,
    /// To have run them. A refusal is passed over.
    Ground,
    /// To have run them. A refusal stands.
    Run,
}

/// The parts of the scripts, in order.
pub(crate) fn plan<'a>(scripts: &[&'a LoadedScript], settings: &Settings, purpose: Purpose) -> Vec<Planned<'a>> {
    let steps: Vec<_> = scripts.iter().map(|it| timeline(it, settings)).collect();
    // Who opens which transaction depends on the statements alone, not on what becomes of them.
    let record = record(&steps, &Options { version: settings.postgres, ..Options::default() }, &mut |_| {});
    let opened: HashMap<u32, OpenedBy> = record.transactions.iter().map(|it| (it.id, it.opened_by)).collect();
    let mut plan: Vec<Planned<'a>> = Vec::new();
    let mut last = None;
    for it in &record.statements {
        let script = it.id.script as usize;
        let key = match opened.get(&it.transaction) {
            Some(OpenedBy::Runner) => Key::Transaction(it.transaction),
            Some(OpenedBy::SingleQuery) if it.id.statement == 0 => Key::Query(script),
            _ if last == Some(Key::Query(script)) => Key::Query(script),
            _ => Key::Each(script),
        };
        if last != Some(key) {
            let new_session =
                plan.last().and_then(|it| it.statements.last()).is_none_or(|it| it.script as usize != script);
            let part = Part { envelope: key.envelope(), new_session, turns: Vec::new() };
            plan.push(Planned { statements: Vec::new(), part });
            last = Some(key);
        }
        let Some(planned) = plan.last_mut() else { continue };
        planned.statements.push(it.id);
        planned.part.turns.push(turn(scripts[script], it.id.statement as usize, purpose));
    }
    plan
}

/// What statements have in common that stand in one part.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Key {
    Transaction(u32),
    Query(usize),
    Each(usize),
}

impl Key {
    fn envelope(self) -> Envelope {
        match self {
            Key::Transaction(_) => Envelope::OneTransaction,
            Key::Query(_) => Envelope::OneQuery,
            Key::Each(_) => Envelope::EachByItself,
        }
    }
}

fn turn(it: &LoadedScript, at: usize, purpose: Purpose) -> Turn<'_> {
    let script = &it.script;
    let statement = &script.parsed.statements[at];
    let sql = statement.span.of(&script.sql);
    let rows = match &statement.body {
        Body::Copy(copy) if copy.from => rows(&script.sql, statement.span),
        _ => None,
    };
    Turn { sent: Sent { sql, rows }, wish: wish(it, statement, purpose) }
}

fn wish(it: &LoadedScript, statement: &Statement, purpose: Purpose) -> Wish {
    let holes = &it.script.parsed.holes;
    let is_made_up = || statement.span.of(&it.script.sql).contains(HOLE);
    if holes.iter().any(|hole| statement.span.contains(*hole)) || is_made_up() {
        return Wish::Skip;
    }
    match purpose {
        Purpose::Verify if !it.reports => Wish::Apply,
        Purpose::Verify if statement.possible => Wish::ObservePerhaps,
        Purpose::Verify => Wish::Observe,
        Purpose::Run if !statement.possible => Wish::Run,
        Purpose::Run | Purpose::Ground => Wish::Apply,
    }
}

/// The rows behind `COPY … FROM stdin`: the lines up to `\.`, if there is such a line.
fn rows(sql: &str, statement: Span) -> Option<&str> {
    let rest = &sql[statement.end as usize..];
    let rest = &rest[rest.find('\n')? + 1..];
    let end = rest.starts_with("\\.").then_some(0).or_else(|| rest.find("\n\\.").map(|it| it + 1))?;
    Some(&rest[..end])
}
