//! Findings that are accepted: written to a file once, left out of later reports.
//!
//! A line holds what a finding is known by: a fingerprint of its rule and of the statement's text, the rule, and the
//! path, which is there for people and to tell equal statements apart. Neither lines nor blanks nor comments count, so
//! a finding stays the same when others come and go around it, and when its file is renamed.

use lockkeeper_core::{Finding, Problem, Report};
use lockkeeper_report::fingerprint;
use lockkeeper_sources::Script;
use std::collections::{BTreeMap, BTreeSet};

/// The first line of a baseline.
const HEAD: &str = "# lockkeeper baseline 1: findings that are accepted";

/// What a finding is known by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    path: String,
    rule: String,
    fingerprint: u64,
}

/// The text of a baseline that accepts everything in the report.
pub(crate) fn write(report: &Report, scripts: &[&Script]) -> String {
    let mut keys: Vec<Key> = report.findings.iter().map(|it| of_finding(it, scripts)).collect();
    keys.extend(report.problems.iter().map(|it| of_problem(it, scripts)));
    keys.sort();
    let lines = keys.iter().map(|it| format!("{:016x} {} {}\n", it.fingerprint, it.rule, it.path));
    format!("{HEAD}\n{}", lines.collect::<String>())
}

/// Takes out of the report what the baseline accepts, or gives the number of its first line that is none.
pub(crate) fn subtract(report: &mut Report, scripts: &[&Script], baseline: &str) -> Result<(), usize> {
    let mut accepted = Accepted::read(baseline, scripts)?;
    // First what stands where it stood, so that a copy in a new file is not taken for it.
    let findings: Vec<Key> = report.findings.iter().map(|it| of_finding(it, scripts)).collect();
    let problems: Vec<Key> = report.problems.iter().map(|it| of_problem(it, scripts)).collect();
    let mut in_place = |keys: &[Key]| keys.iter().map(|it| accepted.take(it)).collect::<Vec<bool>>();
    let (mut finding, mut problem) = (in_place(&findings), in_place(&problems));
    for (done, key) in finding.iter_mut().zip(&findings).chain(problem.iter_mut().zip(&problems)) {
        *done = *done || accepted.take_moved(key);
    }
    let (mut finding, mut problem) = (finding.into_iter(), problem.into_iter());
    report.keep(|_| !finding.next().unwrap_or_default(), |_| !problem.next().unwrap_or_default());
    Ok(())
}

/// How often each key is accepted.
struct Accepted {
    in_place: BTreeMap<Key, usize>,
    /// Those of files that are no longer there, without their paths.
    moved: BTreeMap<(String, u64), usize>,
}

impl Accepted {
    fn read(baseline: &str, scripts: &[&Script]) -> Result<Self, usize> {
        let there: BTreeSet<&str> = scripts.iter().map(|it| it.path.as_str()).collect();
        let mut accepted = Accepted { in_place: BTreeMap::new(), moved: BTreeMap::new() };
        for (at, line) in baseline.lines().enumerate().filter(|it| !it.1.is_empty() && !it.1.starts_with('#')) {
            let mut words = line.splitn(3, ' ');
            let (Some(print), Some(rule), Some(path)) = (words.next(), words.next(), words.next()) else {
                return Err(at + 1);
            };
            let fingerprint = u64::from_str_radix(print, 16).map_err(|_| at + 1)?;
            let key = Key { path: path.to_owned(), rule: rule.to_owned(), fingerprint };
            if there.contains(path) {
                *accepted.in_place.entry(key).or_default() += 1;
            } else {
                *accepted.moved.entry((key.rule, key.fingerprint)).or_default() += 1;
            }
        }
        Ok(accepted)
    }

    fn take(&mut self, key: &Key) -> bool {
        take(self.in_place.get_mut(key))
    }

    fn take_moved(&mut self, key: &Key) -> bool {
        take(self.moved.get_mut(&(key.rule.clone(), key.fingerprint)))
    }
}

fn take(left: Option<&mut usize>) -> bool {
    match left {
        Some(left) if *left > 0 => {
            *left -= 1;
            true
        }
        _ => false,
    }
}

fn of_finding(it: &Finding, scripts: &[&Script]) -> Key {
    key(scripts[it.script], it.rule.name, fingerprint::finding(it, scripts))
}

fn of_problem(it: &Problem, scripts: &[&Script]) -> Key {
    key(scripts[it.script], it.kind.word(), fingerprint::problem(it, scripts))
}

fn key(script: &Script, rule: &str, fingerprint: u64) -> Key {
    Key { path: script.path.clone(), rule: rule.to_owned(), fingerprint }
}
