//! What was run, and where the server disagrees: written for the author of a document.

use crate::ground::Ran;
use lockkeeper_verify::{Claim, Cluster, LockMode, Mismatch, Observation, compare};
use std::collections::BTreeMap;

/// What one server says of many statements.
pub(crate) struct Account {
    major: u32,
    blocks: usize,
    statements: usize,
    differences: Vec<Difference>,
}

/// A place and what differs there, to read.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Difference {
    path: String,
    line: usize,
    text: String,
}

impl Account {
    pub(crate) fn new(cluster: &Cluster) -> Self {
        Self { major: cluster.server().major, blocks: 0, statements: 0, differences: Vec::new() }
    }

    /// The version that is asked.
    pub(crate) fn major(&self) -> u8 {
        u8::try_from(self.major).unwrap_or(u8::MAX)
    }

    /// Enters that a block has run.
    pub(crate) fn count(&mut self, statements: usize) {
        self.blocks += 1;
        self.statements += statements;
    }

    /// Enters something that is not about one statement.
    pub(crate) fn complain(&mut self, path: &str, line: usize, text: String) {
        self.differences.push(Difference { path: path.to_owned(), line, text: format!("  {text}\n") });
    }

    /// Holds what is claimed, if anything is, and what is predicted against the server.
    pub(crate) fn compare(&mut self, path: &str, line: usize, claimed: Option<&Claim>, ran: &Ran) {
        let claims: Vec<Mismatch> = claimed.iter().flat_map(|it| compare(it, &ran.seen)).collect();
        let predictions = compare(&ran.predicted, &ran.seen);
        if claims.is_empty() && predictions.is_empty() {
            return;
        }
        let mut text = format!("  {}\n", ran.sql.split_whitespace().collect::<Vec<_>>().join(" "));
        claims.iter().for_each(|it| text += &format!("    claim: {it}\n"));
        predictions.iter().for_each(|it| text += &format!("    prediction: {it}\n"));
        text += &format!("      server     {}\n", seen(&ran.seen));
        if let Some(claimed) = claimed {
            text += &format!("      claimed    {}\n", said(claimed));
        }
        text += &format!("      predicted  {}\n", said(&ran.predicted));
        self.differences.push(Difference { path: path.to_owned(), line, text });
    }
}

/// One line: how much was run where.
pub(crate) fn summary(accounts: &[Account]) -> String {
    let blocks: usize = accounts.iter().map(|it| it.blocks).sum();
    let statements: usize = accounts.iter().map(|it| it.statements).sum();
    let majors: Vec<u32> = accounts.iter().map(|it| it.major).collect();
    format!("{blocks} blocks with {statements} statements run on PostgreSQL {}", ranges(&majors))
}

/// All differences by place, each with the versions on which it shows.
pub(crate) fn differences(accounts: &[Account]) -> String {
    let mut versions: BTreeMap<&Difference, Vec<u32>> = BTreeMap::new();
    for account in accounts {
        for difference in &account.differences {
            let majors = versions.entry(difference).or_default();
            if majors.last() != Some(&account.major) {
                majors.push(account.major);
            }
        }
    }
    let mut text = String::new();
    for (it, majors) in versions {
        text += &format!("\n{}:{}: on PostgreSQL {}\n{}", it.path, it.line, ranges(&majors), it.text);
    }
    text
}

/// `13-15, 17`.
fn ranges(majors: &[u32]) -> String {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for &major in majors {
        match ranges.last_mut() {
            Some((_, last)) if *last + 1 == major => *last = major,
            _ => ranges.push((major, major)),
        }
    }
    let words =
        ranges.iter().map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") });
    words.collect::<Vec<_>>().join(", ")
}

/// What a server did, in the words of the markers. Plain reading is left out.
fn seen(seen: &Observation) -> String {
    if let Some(failure) = &seen.failure {
        return format!("error {} {}", failure.sqlstate, failure.message);
    }
    let locks = seen.locks.iter().filter(|it| it.mode >= LockMode::RowShare);
    let locks = locks.map(|it| format!("{} {}", it.relation, it.mode));
    words(locks.collect(), &seen.rewrites, &seen.scans, &seen.index_builds)
}

fn said(claim: &Claim) -> String {
    if let Some(sqlstate) = &claim.sqlstate {
        return format!("error {sqlstate}");
    }
    let locks = claim.locks.iter().map(|(relation, mode)| format!("{relation} {mode}"));
    words(locks.collect(), &claim.rewrites, &claim.scans, &claim.index_builds)
}

fn words(locks: Vec<String>, rewrites: &[String], scans: &[String], builds: &[String]) -> String {
    let mut parts = Vec::new();
    for (kind, names) in [("lock", &locks[..]), ("rewrite", rewrites), ("scan", scans), ("index", builds)] {
        if !names.is_empty() {
            parts.push(format!("{kind}: {}", names.join(", ")));
        }
    }
    if parts.is_empty() { "nothing".to_owned() } else { parts.join("; ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbouring_versions_are_a_range() {
        assert_eq!(ranges(&[13, 14, 15, 17]), "13-15, 17");
        assert_eq!(ranges(&[18]), "18");
    }
}
