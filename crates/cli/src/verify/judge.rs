//! What a server did, held against what is predicted of a history that the server has run like this.

use super::VerifyError;
use crate::effects::timeline;
use crate::load::LoadedScript;
use lockkeeper_core::Settings;
use lockkeeper_model::ledgers;
use lockkeeper_model::record::{Record, StatementRecord, record};
use lockkeeper_model::timeline::{Failures, Options, Step};
use lockkeeper_model::{ObjectName, StatementId};
use lockkeeper_report::{Difference, Done, Growth, LeftOut, Refused, Verified, VerifiedStatement};
use lockkeeper_sources::Unit;
use lockkeeper_syntax::Body;
use lockkeeper_verify::compare::WorkKind;
use lockkeeper_verify::player::{LeftOut as Why, Outcome};
use lockkeeper_verify::{Claim, Error, LockMode, Mismatch, Observation, compare};
use std::collections::{BTreeMap, BTreeSet};

/// What became of the statements so far.
#[derive(Default)]
pub(crate) struct Judged {
    outcomes: BTreeMap<StatementId, Outcome>,
    /// Where it stopped: the first statement without an outcome.
    next: Option<StatementId>,
}

impl Judged {
    /// Enters what became of the statements of a part.
    pub(crate) fn add(&mut self, statements: &[StatementId], outcomes: &mut Vec<Outcome>) {
        self.next = statements.get(outcomes.len()).copied();
        self.outcomes.extend(statements.iter().copied().zip(outcomes.drain(..)));
    }

    /// The error with the place of the statement at which it came up.
    pub(crate) fn stopped(&self, scripts: &[&LoadedScript], source: Error) -> VerifyError {
        let Some(id) = self.next else { return VerifyError::Server(source) };
        let script = &scripts[id.script as usize].script;
        let span = script.parsed.statements[id.statement as usize].span;
        let at = script.range(span, Unit::Bytes).start;
        VerifyError::Statement { place: format!("{}:{}:{}", script.path, at.line, at.column), source }
    }

    /// Predicts the history as the server has run it, and enters each statement that was asked about.
    pub(crate) fn report<'a>(
        &self,
        scripts: &[&'a LoadedScript],
        settings: &Settings,
        (time_zone, rows): (Option<&str>, Option<u32>),
        verified: &mut Verified<'a>,
    ) -> Record {
        let mut unseen = Unseen::default();
        let record = self.predict(scripts, settings, time_zone, &mut unseen);
        let predicted: BTreeMap<StatementId, &StatementRecord> =
            record.statements.iter().map(|it| (it.id, it)).collect();
        verified.notes.extend(unseen.note());
        for (id, outcome) in &self.outcomes {
            let loaded = scripts[id.script as usize];
            let script = &loaded.script;
            let statement = &script.parsed.statements[id.statement as usize];
            match outcome {
                Outcome::Ran(_) if !loaded.reports => verified.ground += 1,
                Outcome::Ran(seen) => {
                    let Some(record) = predicted.get(id) else { continue };
                    let claim = Claim::from(*record);
                    // What runs perhaps is predicted to do perhaps; that cannot be held against it.
                    let mut mismatches = if statement.possible { Vec::new() } else { compare(&claim, seen) };
                    mismatches.retain(|it| {
                        !waits_for_rows(it, &statement.body)
                            && !unseen.explains(*id, it)
                            && !is_of_tool(it)
                            && !is_parsed_first(it)
                    });
                    verified.statements.push(VerifiedStatement {
                        script,
                        span: statement.span,
                        kind: record.kind,
                        seen: done(seen),
                        predicted: said(record, seen),
                        mismatches: mismatches.iter().filter_map(difference).collect(),
                        elapsed: seen.elapsed,
                        rows: seen.rows,
                        growth: growth(seen, rows, &statement.body),
                    });
                }
                Outcome::LeftOut(why) => {
                    let (kind, message) = reason(why);
                    verified.left_out.push(LeftOut {
                        script,
                        span: statement.span,
                        ground: !loaded.reports,
                        kind,
                        message,
                    });
                }
            }
        }
        record
    }

    /// The record of the history as the server has run it. `unseen` takes in what the prediction cannot know.
    fn predict(
        &self,
        scripts: &[&LoadedScript],
        settings: &Settings,
        time_zone: Option<&str>,
        unseen: &mut Unseen,
    ) -> Record {
        let steps: Vec<_> = scripts.iter().map(|it| timeline(it, settings)).collect();
        let refused = |it: &Outcome| matches!(it, Outcome::Ran(seen) if seen.failure.is_some());
        let left_out = |it: &Outcome| matches!(it, Outcome::LeftOut(_));
        let those = |wanted: &dyn Fn(&Outcome) -> bool| -> BTreeSet<StatementId> {
            self.outcomes.iter().filter(|it| wanted(it.1)).map(|it| *it.0).collect()
        };
        let options = Options {
            version: settings.postgres,
            // The database was empty, whatever else there is elsewhere.
            partial: false,
            failures: Failures::Seen(those(&refused)),
            left_out: those(&left_out),
            time_zone: time_zone.map(Into::into),
            ..Options::default()
        };
        record(&steps, &options, &mut |step| {
            if let (None, Some(Outcome::Ran(seen))) = (step.inside, self.outcomes.get(&step.id)) {
                unseen.look(step, seen);
            }
        })
    }
}

/// Relations that the history does not show: code that is not followed has made them, such as partitions named by the date.
#[derive(Default)]
struct Unseen {
    relations: BTreeMap<StatementId, BTreeSet<String>>,
    all: BTreeSet<String>,
}

impl Unseen {
    /// Looks for them among what a statement meets.
    fn look(&mut self, step: &Step<'_>, seen: &Observation) {
        let met = seen.locks.iter().map(|it| &it.relation).chain(&seen.rewrites).chain(&seen.scans);
        let unknown = |it: &&String| step.catalog.relation(&object_name(it)).is_none();
        let unknown: BTreeSet<String> = met.filter(unknown).cloned().collect();
        if !unknown.is_empty() {
            self.all.extend(unknown.iter().cloned());
            self.relations.insert(step.id, unknown);
        }
    }

    /// Whether the mismatch is about one of them, or about an index of one.
    fn explains(&self, id: StatementId, mismatch: &Mismatch) -> bool {
        let Some(unknown) = self.relations.get(&id) else { return false };
        match mismatch {
            Mismatch::LockNotClaimed { relation, .. } => unknown.contains(relation),
            Mismatch::WorkNotClaimed(WorkKind::IndexBuild, _) => true,
            Mismatch::WorkNotClaimed(_, name) => unknown.contains(name),
            _ => false,
        }
    }

    /// A sentence for the report, if there are any.
    fn note(&self) -> Option<String> {
        const SHOWN: usize = 5;
        let names: Vec<&str> = self.all.iter().take(SHOWN).map(String::as_str).collect();
        let more = self.all.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (!names.is_empty())
            .then(|| format!("made by code that is not followed, and not compared: {}{more}", names.join(", ")))
    }
}

/// Reads `schema.name`, each part quoted where SQL wants quotes.
fn object_name(text: &str) -> ObjectName {
    let mut parts = vec![String::new()];
    let (mut quoted, mut before) = (false, ' ');
    for it in text.chars() {
        match it {
            '"' => {
                // A doubled quote stands for itself.
                if !quoted && before == '"' {
                    parts.last_mut().into_iter().for_each(|part| part.push('"'));
                }
                quoted = !quoted;
            }
            '.' if !quoted => parts.push(String::new()),
            _ => parts.last_mut().into_iter().for_each(|part| part.push(it)),
        }
        before = it;
    }
    let name = parts.pop().unwrap_or_default();
    ObjectName::new(parts.pop().unwrap_or_default(), name)
}

/// What the server did, without what the transaction held before and what nobody can wait for.
fn done(seen: &Observation) -> Done {
    let counts = |it: &&lockkeeper_verify::SeenLock| {
        it.mode >= LockMode::RowShare && !seen.new.contains(&it.relation) && !seen.held.contains(it)
    };
    let old = |names: &[String]| names.iter().filter(|it| !seen.new.contains(it)).cloned().collect();
    Done {
        locks: seen.locks.iter().filter(counts).map(|it| (it.relation.clone(), it.mode.to_string())).collect(),
        rewrites: old(&seen.rewrites),
        scans: old(&seen.scans),
        index_builds: old(&seen.index_builds),
        failure: seen.failure.as_ref().map(|it| Refused {
            sqlstate: it.sqlstate.clone(),
            message: it.message.clone(),
            aborted: it.sqlstate == "25P02",
        }),
    }
}

/// What is predicted, in the same shape.
fn said(record: &StatementRecord, seen: &Observation) -> Done {
    let names = |all: &[lockkeeper_model::ObjectName]| -> Vec<String> {
        all.iter().map(ToString::to_string).filter(|it| !seen.new.contains(it)).collect()
    };
    let held = |relation: &str, mode: LockMode| seen.held.iter().any(|it| it.relation == relation && it.mode >= mode);
    let locks = record.locks.iter().map(|it| (it.relation.to_string(), LockMode::from(it.mode)));
    let locks = locks.filter(|(relation, mode)| !seen.new.contains(relation) && !held(relation, *mode));
    Done {
        locks: locks.map(|(relation, mode)| (relation, mode.to_string())).collect(),
        rewrites: names(&record.rewrites),
        scans: names(&record.scans),
        index_builds: names(&record.index_builds),
        failure: record.failure.as_ref().map(|it| Refused {
            sqlstate: it.refusal.sqlstate().to_owned(),
            message: it.refusal.message(),
            aborted: it.refusal.sqlstate() == "25P02",
        }),
    }
}

/// How the time grows, by what the server did. That rows are not read shows only where there are rows.
fn growth(seen: &Observation, rows: Option<u32>, body: &Body) -> Option<Growth> {
    if seen.failure.is_some() {
        return None;
    }
    if [&seen.rewrites, &seen.scans, &seen.index_builds].iter().any(|it| !it.is_empty()) {
        return Some(Growth::Rows);
    }
    let (touched, rows) = seen.rows.zip(rows.filter(|it| *it > 1))?;
    // A few rows are read by keys, or in small tables that the tool keeps.
    match touched {
        0 if works_on_rows(body) => None,
        it if it >= u64::from(rows) / 2 => Some(Growth::Rows),
        _ => Some(Growth::Constant),
    }
}

/// Whether the statement is about rows, or runs code that may be.
fn works_on_rows(body: &Body) -> bool {
    matches!(
        body,
        Body::Write(_) | Body::Copy(_) | Body::CreateTableAs(_) | Body::Select(_) | Body::Do(_) | Body::Call(_)
    )
}

/// Whether the statement is refused either way: in an aborted transaction the server parses a statement before it passes it over.
fn is_parsed_first(mismatch: &Mismatch) -> bool {
    matches!(mismatch, Mismatch::OtherFailure { claimed, seen } if claimed == "25P02" && seen.sqlstate == "42601")
}

/// Whether a lock was not taken because only the migration tool makes the table, before its first migration.
fn is_of_tool(mismatch: &Mismatch) -> bool {
    let Mismatch::LockNotTaken { relation, seen: None, .. } = mismatch else { return false };
    ledgers::is_of_tool(&object_name(relation).name)
}

/// Whether a lock was not taken because no row was there that would have asked for it: foreign keys lock the other table row by
/// row, and cascades go on only from a row.
fn waits_for_rows(mismatch: &Mismatch, body: &Body) -> bool {
    works_on_rows(body)
        && matches!(mismatch, Mismatch::LockNotTaken { claimed, .. } if *claimed <= LockMode::RowExclusive)
}

/// A mismatch by its kind. What the rows decide need not be predicted.
fn difference(mismatch: &Mismatch) -> Option<Difference> {
    let kind = match mismatch {
        Mismatch::LockNotClaimed { .. } => "lock-not-predicted",
        Mismatch::LockNotTaken { .. } => "lock-not-taken",
        Mismatch::WorkNotClaimed(WorkKind::Rewrite, _) => "rewrite-not-predicted",
        Mismatch::WorkNotClaimed(WorkKind::Scan, _) => "scan-not-predicted",
        Mismatch::WorkNotClaimed(WorkKind::IndexBuild, _) => "index-build-not-predicted",
        Mismatch::WorkNotDone(WorkKind::Rewrite, _) => "rewrite-not-done",
        Mismatch::WorkNotDone(WorkKind::Scan, _) => "scan-not-done",
        Mismatch::WorkNotDone(WorkKind::IndexBuild, _) => "index-build-not-done",
        Mismatch::FailureNotClaimed(seen) if seen.depends_on_rows() => return None,
        Mismatch::FailureNotClaimed(_) => "failure-not-predicted",
        Mismatch::DidNotFail { .. } => "failure-not-seen",
        Mismatch::OtherFailure { .. } => "other-failure",
    };
    Some(Difference { kind, message: mismatch.to_string() })
}

/// Why a statement was left out: the kind, and a sentence.
fn reason(why: &Why) -> (&'static str, String) {
    match why {
        Why::Beyond(reach) => (
            "beyond-the-database",
            format!("reaches beyond the scratch database ({reach}); --allow-cluster-wide runs it all the same"),
        ),
        Why::Lacks(lack, failure) => ("lacking-on-the-server", format!("{lack}: {failure}")),
        Why::NeedsLeftOut(failure) => ("needs-what-was-left-out", format!("needs what was left out: {failure}")),
        Why::Refused(failure) => {
            ("refused-in-the-history", format!("the server refuses it, and it is passed over: {failure}"))
        }
        Why::RefusedPerhaps(failure) => (
            "refused-under-a-condition",
            format!("runs under a condition that is not known, and is refused here: {failure}"),
        ),
        Why::NotKnown => ("not-known", "what the tool would send is not known".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_as_they_are_quoted() {
        let parts = |text: &str| {
            let name = object_name(text);
            (name.schema.to_string(), name.name.to_string())
        };
        assert_eq!(parts("public.users"), ("public".to_owned(), "users".to_owned()));
        assert_eq!(parts("app.\"a.\"\"b\""), ("app".to_owned(), "a.\"b".to_owned()));
    }
}
