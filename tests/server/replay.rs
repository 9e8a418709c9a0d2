//! Real histories, statement by statement, on a server and in the model: `LOCKKEEPER_REPLAY` names a folder that holds a
//! folder for each history, whose `.sql` files run in the order of their names, each as `psql -f` would send it.

use crate::ground::{Ground, Ran};
use lockkeeper_model::Version;
use lockkeeper_verify::{Cluster, Mismatch, compare};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

/// The folder to replay, if one is named.
pub(crate) fn folder() -> Option<PathBuf> {
    std::env::var_os("LOCKKEEPER_REPLAY").map(PathBuf::from)
}

/// How a prediction was wrong, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// The server accepts what was predicted to fail.
    FalseFailure,
    /// A lock or work that the server does not do, or the other way round.
    Effect,
    /// The server refuses it for another reason.
    OtherFailure,
    /// The server refuses what was predicted to work.
    MissedFailure,
}

/// The worst fault of a statement. What depends on the rows need not be predicted.
pub(crate) fn fault(ran: &Ran) -> Option<(Fault, Vec<Mismatch>)> {
    let mismatches = compare(&ran.predicted, &ran.seen);
    let worst = mismatches.iter().filter_map(|it| match it {
        Mismatch::DidNotFail { .. } => Some(Fault::FalseFailure),
        Mismatch::FailureNotClaimed(seen) if seen.depends_on_rows() => None,
        Mismatch::FailureNotClaimed(_) => Some(Fault::MissedFailure),
        Mismatch::OtherFailure { .. } => Some(Fault::OtherFailure),
        Mismatch::LockNotClaimed { .. }
        | Mismatch::LockNotTaken { .. }
        | Mismatch::WorkNotClaimed(..)
        | Mismatch::WorkNotDone(..) => Some(Fault::Effect),
    });
    worst.min().map(|it| (it, mismatches))
}

/// What came of all histories on one server.
#[derive(Default)]
pub(crate) struct Report {
    statements: usize,
    refused: usize,
    faults: BTreeMap<Fault, Vec<String>>,
    unread: Vec<String>,
}

impl Report {
    /// The figures, then what differs, worst first.
    pub(crate) fn text(&self, cluster: &Cluster) -> String {
        let Self { statements, refused, faults, unread } = self;
        let mut text = format!("{}: {statements} statements, {refused} refused", cluster.server());
        for (fault, all) in faults {
            let _ = write!(text, ", {} {fault:?}", all.len());
        }
        text.push('\n');
        unread.iter().for_each(|it| text += &format!("not run: {it}\n"));
        for (fault, all) in faults {
            all.iter().for_each(|it| text += &format!("{fault:?} {it}\n"));
        }
        text
    }

    /// Whether the model says what the server does.
    pub(crate) fn is_clean(&self) -> bool {
        self.faults.is_empty()
    }

    fn enter(&mut self, path: &Path, sql: &str, ran: &Ran) {
        self.statements += 1;
        self.refused += usize::from(ran.seen.failure.is_some());
        let Some((fault, mismatches)) = fault(ran) else { return };
        let line = 1 + sql[..ran.span.start as usize].matches('\n').count();
        let words: Vec<&str> = ran.sql.split_whitespace().collect();
        let mut text = format!("{}:{line}: {}", path.display(), words.join(" ").chars().take(300).collect::<String>());
        mismatches.iter().for_each(|it| text += &format!("\n    {it}"));
        self.faults.entry(fault).or_default().push(text);
    }
}

/// Replays each history below `folder`.
pub(crate) fn run(folder: &Path, cluster: &Cluster) -> Report {
    let mut report = Report::default();
    let Some(version) = u8::try_from(cluster.server().major).ok().and_then(Version::new) else { return report };
    for history in entries(folder).into_iter().filter(|it| it.is_dir()) {
        let files: Vec<(PathBuf, String)> = entries(&history)
            .into_iter()
            .filter(|it| it.extension().is_some_and(|it| it == "sql"))
            .filter_map(|it| fs::read_to_string(&it).ok().map(|text| (it, text)))
            .collect();
        let mut ground = match Ground::new(cluster, version) {
            Ok(ground) => ground,
            Err(error) => {
                report.unread.push(format!("{}: {error}", history.display()));
                continue;
            }
        };
        let texts: Vec<&str> = files.iter().map(|(_, text)| text.as_str()).collect();
        for ((path, sql), ran) in files.iter().zip(ground.run_all(&texts)) {
            match ran {
                Ok(ran) => ran.iter().for_each(|it| report.enter(path, sql, it)),
                Err(error) => report.unread.push(format!("{}: {error}", path.display())),
            }
        }
    }
    report
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder).into_iter().flatten().flatten().map(|it| it.path()).collect();
    entries.sort();
    entries
}
