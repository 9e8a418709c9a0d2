//! The report of `verify`: what a server did with migrations, beside what was predicted.

mod human;
mod json;
mod markdown;

pub use human::human;
pub use json::json;
pub use markdown::markdown;

use lockkeeper_model::Version;
use lockkeeper_sources::Script;
use lockkeeper_syntax::Span;
use std::time::Duration;

/// What a server did.
#[derive(Clone, Debug)]
pub struct Verified<'a> {
    /// The major version.
    pub version: Version,
    /// The server as it names itself, as `PostgreSQL 17.2`.
    pub server: String,
    /// Where it ran, as `a throwaway cluster`.
    pub place: String,
    /// What else is to be known of the run.
    pub notes: Vec<String>,
    /// Why the run ended before its end; none if it did not.
    pub stopped: Option<String>,
    /// How many statements ran before as the ground for these.
    pub ground: usize,
    /// Each statement that was asked about and sent, in order.
    pub statements: Vec<VerifiedStatement<'a>>,
    /// Each statement that was not sent, or whose refusal was passed over.
    pub left_out: Vec<LeftOut<'a>>,
    /// Each row that was tried on a partitioned table; none if nobody asked.
    pub routing: Vec<RoutedRow>,
    /// Each `ON CONFLICT` that was tried; none if nobody asked.
    pub upserts: Vec<Upsert<'a>>,
    /// Each migration that was taken back and applied again; none if nobody asked.
    pub round_trips: Vec<RoundTrip<'a>>,
}

/// A statement that ran.
#[derive(Clone, Debug)]
pub struct VerifiedStatement<'a> {
    /// Its script.
    pub script: &'a Script,
    /// Where it stands there.
    pub span: Span,
    /// Its command tag; none for text that does not parse.
    pub kind: Option<&'static str>,
    /// What the server did.
    pub seen: Done,
    /// What was predicted.
    pub predicted: Done,
    /// How the two differ.
    pub mismatches: Vec<Difference>,
    /// How long the server took; none if it was made to wait.
    pub elapsed: Option<Duration>,
    /// How many rows it touched, as the server counts them.
    pub rows: Option<u64>,
    /// How the time grows, by the work that was measured; none if that does not tell.
    pub growth: Option<Growth>,
}

/// How the time of a statement grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Growth {
    /// It is the same however many rows there are.
    Constant,
    /// It grows with the rows.
    Rows,
}

impl Growth {
    /// `O(1)`, `O(rows)`.
    pub fn word(self) -> &'static str {
        match self {
            Growth::Constant => "O(1)",
            Growth::Rows => "O(rows)",
        }
    }
}

/// A row that was put through a partitioned table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoutedRow {
    /// The table.
    pub table: String,
    /// The values of its key.
    pub values: String,
    /// The partition that was predicted to take it.
    pub expected: Option<String>,
    /// The partition that was predicted not to take it.
    pub excluded: Option<String>,
    /// The partition that took it.
    pub seen: Option<String>,
    /// What the server said, if it refused.
    pub refused: Option<String>,
    /// Whether it went where it was predicted to go.
    pub right: bool,
}

/// An `ON CONFLICT` of a migration, or of a function that it makes.
#[derive(Clone, Debug)]
pub struct Upsert<'a> {
    /// Its script.
    pub script: &'a Script,
    /// The clause.
    pub span: Span,
    /// The table.
    pub table: String,
    /// `ON CONFLICT (id)`.
    pub target: String,
    /// What the server says, if it finds no unique index for it.
    pub refused: Option<String>,
}

/// What a statement does.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Each relation with the mode of the lock, from ROW SHARE up, without what the transaction held before.
    pub locks: Vec<(String, String)>,
    /// Relations that get a new file.
    pub rewrites: Vec<String>,
    /// Tables that are verified row by row.
    pub scans: Vec<String>,
    /// Indexes that are built.
    pub index_builds: Vec<String>,
    /// The refusal.
    pub failure: Option<Refused>,
}

/// What a server says when it refuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// Five characters.
    pub sqlstate: String,
    /// The message.
    pub message: String,
    /// Whether an earlier refusal has aborted the transaction, so that nothing of this statement was looked at.
    pub aborted: bool,
}

/// One way in which prediction and server differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// Its kind, one of those of the schema.
    pub kind: &'static str,
    /// A sentence.
    pub message: String,
}

/// A statement that was left out.
#[derive(Clone, Debug)]
pub struct LeftOut<'a> {
    /// Its script.
    pub script: &'a Script,
    /// Where it stands there.
    pub span: Span,
    /// Whether it is only part of the ground for those that were asked about.
    pub ground: bool,
    /// Why: one of the kinds of the schema.
    pub kind: &'static str,
    /// Why, as a sentence.
    pub message: String,
}

/// A migration that was applied, taken back and applied again.
#[derive(Clone, Debug)]
pub struct RoundTrip<'a> {
    /// The way back.
    pub script: &'a Script,
    /// What has to be run after the way back, so that the schema is what it was before the migration: SQL, a statement each.
    pub after_down: Vec<String>,
    /// What has to be run after the second way forwards, so that the schema is what it was after the first.
    pub after_up: Vec<String>,
    /// A statement of the round trip that the server refuses, and what it says.
    pub refused: Option<String>,
}

impl RoundTrip<'_> {
    /// Whether the schema was the same each time.
    pub fn is_equal(&self) -> bool {
        self.after_down.is_empty() && self.after_up.is_empty() && self.refused.is_none()
    }
}

/// How many of each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerifiedCounts {
    /// Statements that ran or were refused.
    pub statements: usize,
    /// Ways in which they differ from the prediction.
    pub mismatches: usize,
    /// Statements that the server refused, without those behind them in an aborted transaction.
    pub refused: usize,
    /// Statements that were asked about and left out.
    pub left_out: usize,
    /// Statements of the ground that were left out.
    pub ground_left_out: usize,
    /// Round trips.
    pub round_trips: usize,
    /// Round trips that do not lead back.
    pub unequal: usize,
    /// Rows that went elsewhere than predicted.
    pub astray: usize,
    /// `ON CONFLICT` clauses for which the server finds no unique index.
    pub conflicts: usize,
}

impl Verified<'_> {
    /// How many of each.
    pub fn counts(&self) -> VerifiedCounts {
        let refused = |it: &&VerifiedStatement<'_>| it.seen.failure.as_ref().is_some_and(|it| !it.aborted);
        VerifiedCounts {
            statements: self.statements.len(),
            mismatches: self.statements.iter().map(|it| it.mismatches.len()).sum(),
            refused: self.statements.iter().filter(refused).count(),
            left_out: self.left_out.iter().filter(|it| !it.ground).count(),
            ground_left_out: self.left_out.iter().filter(|it| it.ground).count(),
            round_trips: self.round_trips.len(),
            unequal: self.round_trips.iter().filter(|it| !it.is_equal()).count(),
            astray: self.routing.iter().filter(|it| !it.right).count(),
            conflicts: self.upserts.iter().filter(|it| it.refused.is_some()).count(),
        }
    }

    /// The last line: what ran where, and what came of it.
    fn summary(&self) -> String {
        use crate::summary::count;
        let counts = self.counts();
        let mut parts = Vec::new();
        let mut part = |number: usize, one: &str, many: &str| {
            if number > 0 {
                parts.push(format!("{number} {}", if number == 1 { one } else { many }));
            }
        };
        part(counts.mismatches, "mismatch", "mismatches");
        part(counts.refused, "refused", "refused");
        part(counts.left_out, "left out", "left out");
        part(counts.astray, "row goes elsewhere", "rows go elsewhere");
        part(counts.conflicts, "ON CONFLICT without a unique index", "ON CONFLICT without a unique index");
        part(counts.unequal, "round trip does not lead back", "round trips do not lead back");
        if self.stopped.is_some() {
            parts.push("stopped before the end".to_owned());
        }
        let result = if parts.is_empty() { "as predicted".to_owned() } else { parts.join(", ") };
        let trips = if counts.round_trips > 0 {
            format!(", {}", count(counts.round_trips, "round trip"))
        } else {
            String::new()
        };
        let tried: String = [(self.routing.len(), "sample row"), (self.upserts.len(), "ON CONFLICT target")]
            .iter()
            .filter(|it| it.0 > 0)
            .map(|(number, noun)| format!(", {}", count(*number, noun)))
            .collect();
        let looked = count(counts.statements, "statement");
        let ground = match (self.ground, counts.ground_left_out) {
            (0, 0) => String::new(),
            (ran, 0) => format!(" after {ran} of the history"),
            (ran, left_out) => format!(" after {ran} of the history ({left_out} more were left out)"),
        };
        format!("{looked}{ground}{tried}{trips} on {} in {}: {result}.\n", self.server, self.place)
    }
}
