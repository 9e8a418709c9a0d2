//! What was claimed against what was seen, both ways: a lock we missed hides a danger, a lock we invented is a false alarm.

use std::collections::BTreeMap;
use std::fmt;

use crate::lock_mode::LockMode;
use crate::observe::{Observation, RelationKind, SeenFailure};

/// What somebody says that one statement does: the markers of a document, or a prediction.
///
/// A name without schema is one in `public`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// Relations and the mode that the statement takes on each, whether or not the transaction holds as much already.
    pub locks: Vec<(String, LockMode)>,
    /// The weakest mode that the claim speaks of: about weaker ones its silence says nothing.
    pub weakest: LockMode,
    /// Tables and materialized views that get a new file.
    pub rewrites: Vec<String>,
    /// Tables that are verified row by row.
    pub scans: Vec<String>,
    /// Indexes that are built.
    pub index_builds: Vec<String>,
    /// The error, if the server refuses the statement. Then nothing else takes place, and nothing else is compared.
    pub sqlstate: Option<String>,
}

impl Claim {
    /// The claim of silence: no lock of `weakest` or stronger, no work, no error.
    pub fn nothing_from(weakest: LockMode) -> Self {
        Self {
            locks: Vec::new(),
            weakest,
            rewrites: Vec::new(),
            scans: Vec::new(),
            index_builds: Vec::new(),
            sqlstate: None,
        }
    }
}

/// A kind of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorkKind {
    /// A new file of a table or materialized view.
    Rewrite,
    /// A table verified row by row.
    Scan,
    /// An index built.
    IndexBuild,
}

/// One way in which a claim and the server differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mismatch {
    /// The transaction holds a stronger lock than was claimed.
    LockNotClaimed {
        /// The relation.
        relation: String,
        /// What the claim leads to, if anything.
        claimed: Option<LockMode>,
        /// What is held.
        seen: LockMode,
    },
    /// The transaction holds a weaker lock than was claimed, or none.
    LockNotTaken {
        /// The relation.
        relation: String,
        /// What was claimed.
        claimed: LockMode,
        /// What is held, if anything.
        seen: Option<LockMode>,
    },
    /// The server did work that was not expected.
    WorkNotClaimed(WorkKind, String),
    /// The claimed work was not done.
    WorkNotDone(WorkKind, String),
    /// The server refused what was claimed to work.
    FailureNotClaimed(SeenFailure),
    /// The server accepted what was claimed to fail.
    DidNotFail {
        /// The SQLSTATE claimed.
        claimed: String,
    },
    /// The server refused it for another reason.
    OtherFailure {
        /// The SQLSTATE claimed.
        claimed: String,
        /// The server's answer.
        seen: SeenFailure,
    },
}

/// Compares a claim with what a server did. Empty if they agree.
///
/// Locks: what is held afterwards must be what was held before or what is claimed, whichever is stronger. Unclaimed locks on views and indexes
/// are passed over, as are unclaimed locks and work on [new](Observation::new) relations: nobody can wait for them. What is
/// claimed must be true anywhere.
pub fn compare(claim: &Claim, seen: &Observation) -> Vec<Mismatch> {
    match (&claim.sqlstate, &seen.failure) {
        (Some(claimed), Some(failure)) if *claimed == failure.sqlstate => return Vec::new(),
        (Some(claimed), Some(failure)) => {
            return vec![Mismatch::OtherFailure { claimed: claimed.clone(), seen: failure.clone() }];
        }
        (Some(claimed), None) => return vec![Mismatch::DidNotFail { claimed: claimed.clone() }],
        (None, Some(failure)) => return vec![Mismatch::FailureNotClaimed(failure.clone())],
        (None, None) => {}
    }
    let mut mismatches = compare_locks(claim, seen);
    for (kind, claimed, done) in [
        (WorkKind::Rewrite, &claim.rewrites, &seen.rewrites),
        (WorkKind::Scan, &claim.scans, &seen.scans),
        (WorkKind::IndexBuild, &claim.index_builds, &seen.index_builds),
    ] {
        let claimed: Vec<String> = claimed.iter().map(|it| qualified(it)).collect();
        let unclaimed = done.iter().filter(|it| !claimed.contains(it) && !seen.new.contains(it));
        mismatches.extend(unclaimed.map(|it| Mismatch::WorkNotClaimed(kind, it.clone())));
        let undone = claimed.iter().filter(|it| !done.contains(it));
        mismatches.extend(undone.map(|it| Mismatch::WorkNotDone(kind, it.clone())));
    }
    mismatches
}

/// One relation: what was held before or is claimed, the claim alone, and what is held after.
#[derive(Default)]
struct Sides {
    expected: Option<LockMode>,
    claimed: bool,
    after: Option<LockMode>,
    /// Neither view nor index, and not new.
    counts: bool,
}

fn compare_locks(claim: &Claim, seen: &Observation) -> Vec<Mismatch> {
    let mut relations: BTreeMap<String, Sides> = BTreeMap::new();
    for lock in &seen.held {
        relations.entry(lock.relation.clone()).or_default().expected = Some(lock.mode);
    }
    // Of a statement that runs in transactions of its own nobody sees what it holds of tables that no gate can stop it at.
    let unseen = |relation: &str| seen.elapsed.is_none() && relation.starts_with("pg_temp.");
    for (relation, mode) in claim.locks.iter().filter(|(it, _)| !unseen(it)) {
        let sides = relations.entry(qualified(relation)).or_default();
        sides.expected = sides.expected.max(Some(*mode));
        sides.claimed = true;
    }
    for lock in &seen.locks {
        let sides = relations.entry(lock.relation.clone()).or_default();
        sides.after = Some(lock.mode);
        sides.counts = blocks_somebody(lock.kind) && !seen.new.contains(&lock.relation);
    }
    let mut mismatches = Vec::new();
    for (relation, sides) in relations {
        let from_weakest = |it: Option<LockMode>| it.filter(|mode| *mode >= claim.weakest);
        let (expected, after) = (from_weakest(sides.expected), from_weakest(sides.after));
        match (expected, after) {
            (claimed, Some(seen)) if Some(seen) > claimed && (sides.claimed || sides.counts) => {
                mismatches.push(Mismatch::LockNotClaimed { relation, claimed, seen });
            }
            (Some(claimed), seen) if seen < Some(claimed) && sides.claimed => {
                mismatches.push(Mismatch::LockNotTaken { relation, claimed, seen });
            }
            _ => {}
        }
    }
    mismatches
}

/// Tables of any kind and sequences: what other sessions read and write.
fn blocks_somebody(kind: RelationKind) -> bool {
    use RelationKind::*;
    match kind {
        Table | PartitionedTable | MaterializedView | ForeignTable | Sequence => true,
        View | Index | PartitionedIndex => false,
    }
}

/// The name with its schema: `public` unless there is a dot outside quotes.
fn qualified(name: &str) -> String {
    let mut quoted = false;
    let dot = name.chars().any(|c| {
        quoted ^= c == '"';
        c == '.' && !quoted
    });
    if dot { name.to_owned() } else { format!("public.{name}") }
}

impl WorkKind {
    fn article(self) -> &'static str {
        match self {
            Self::Rewrite | Self::Scan => "a",
            Self::IndexBuild => "an",
        }
    }
}

impl fmt::Display for WorkKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Rewrite => "rewrite",
            Self::Scan => "scan",
            Self::IndexBuild => "index build",
        })
    }
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let or_none = |mode: &Option<LockMode>| mode.map_or("no lock", LockMode::as_str);
        match self {
            Self::LockNotClaimed { relation, claimed, seen } => {
                write!(f, "{relation}: the server holds {seen}, expected was {}", or_none(claimed))
            }
            Self::LockNotTaken { relation, claimed, seen } => {
                write!(f, "{relation}: expected was {claimed}, the server holds {}", or_none(seen))
            }
            Self::WorkNotClaimed(kind, name) => write!(f, "{name}: {} {kind} that was not expected", kind.article()),
            Self::WorkNotDone(kind, name) => {
                write!(f, "{name}: {} {kind} was expected, the server did none", kind.article())
            }
            Self::FailureNotClaimed(seen) => write!(f, "the server refuses it: {seen}"),
            Self::DidNotFail { claimed } => write!(f, "error {claimed} was expected, the server accepts it"),
            Self::OtherFailure { claimed, seen } => write!(f, "error {claimed} was expected, the server says: {seen}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::SeenLock;

    fn lock(relation: &str, mode: LockMode) -> SeenLock {
        SeenLock { relation: relation.to_owned(), kind: RelationKind::Table, mode }
    }

    fn claim(locks: &[(&str, LockMode)]) -> Claim {
        let locks = locks.iter().map(|(name, mode)| ((*name).to_owned(), *mode)).collect();
        Claim { locks, ..Claim::nothing_from(LockMode::ShareUpdateExclusive) }
    }

    fn texts(claim: &Claim, seen: &Observation) -> Vec<String> {
        compare(claim, seen).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn differences_are_found_both_ways() {
        let seen = Observation {
            locks: vec![lock("public.a", LockMode::AccessExclusive), lock("public.b", LockMode::Share)],
            scans: vec!["public.a".to_owned()],
            ..Observation::default()
        };
        let mut claim = claim(&[("b", LockMode::AccessExclusive), ("c", LockMode::Share)]);
        claim.rewrites.push("a".to_owned());
        assert_eq!(
            texts(&claim, &seen),
            [
                "public.a: the server holds ACCESS EXCLUSIVE, expected was no lock",
                "public.b: expected was ACCESS EXCLUSIVE, the server holds SHARE",
                "public.c: expected was SHARE, the server holds no lock",
                "public.a: a rewrite was expected, the server did none",
                "public.a: a scan that was not expected",
            ]
        );
    }

    #[test]
    fn what_was_held_before_needs_no_claim_and_hides_a_weaker_one() {
        let held = vec![lock("public.a", LockMode::AccessExclusive)];
        let seen = Observation { held: held.clone(), locks: held, ..Observation::default() };
        assert_eq!(texts(&claim(&[]), &seen), [""; 0]);
        assert_eq!(texts(&claim(&[("a", LockMode::Share)]), &seen), [""; 0]);
    }

    #[test]
    fn weak_locks_count_only_if_the_claim_speaks_of_them() {
        let seen = Observation { locks: vec![lock("public.a", LockMode::RowShare)], ..Observation::default() };
        assert_eq!(texts(&claim(&[]), &seen), [""; 0]);
        assert_eq!(
            texts(&Claim::nothing_from(LockMode::RowShare), &seen),
            ["public.a: the server holds ROW SHARE, expected was no lock"]
        );
    }

    #[test]
    fn new_relations_views_and_indexes_may_be_left_out_but_not_misstated() {
        let view = SeenLock { kind: RelationKind::View, ..lock("public.v", LockMode::AccessExclusive) };
        let seen = Observation {
            locks: vec![lock("public.t", LockMode::AccessExclusive), view],
            new: vec!["public.t".to_owned(), "public.i".to_owned()],
            index_builds: vec!["public.i".to_owned()],
            ..Observation::default()
        };
        assert_eq!(texts(&claim(&[]), &seen), [""; 0]);
        assert_eq!(
            texts(&claim(&[("t", LockMode::Share), ("v", LockMode::Share)]), &seen),
            [
                "public.t: the server holds ACCESS EXCLUSIVE, expected was SHARE",
                "public.v: the server holds ACCESS EXCLUSIVE, expected was SHARE",
            ]
        );
    }

    #[test]
    fn an_error_is_compared_alone() {
        let failure = SeenFailure { sqlstate: "0A000".into(), message: "no".into(), detail: None, position: None };
        let seen = Observation { failure: Some(failure), ..Observation::default() };
        let mut refused = claim(&[("a", LockMode::Share)]);
        assert_eq!(texts(&refused, &seen), ["the server refuses it: no (0A000)"]);
        refused.sqlstate = Some("42P16".to_owned());
        assert_eq!(texts(&refused, &seen), ["error 42P16 was expected, the server says: no (0A000)"]);
        assert_eq!(texts(&refused, &Observation::default()), ["error 42P16 was expected, the server accepts it"]);
        refused.sqlstate = Some("0A000".to_owned());
        assert_eq!(texts(&refused, &seen), [""; 0]);
    }

    #[test]
    fn names_without_schema_are_in_public() {
        assert_eq!(qualified("a"), "public.a");
        assert_eq!(qualified("app.a"), "app.a");
        assert_eq!(qualified("\"a.b\""), "public.\"a.b\"");
        assert_eq!(qualified("app.\"a.b\""), "app.\"a.b\"");
    }
}
