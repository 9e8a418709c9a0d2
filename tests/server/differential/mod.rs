//! Random but meaningful sequences of statements on a server and in the model: success or SQLSTATE, locks, rewrites,
//! scans and index builds must be equal.

mod grammar;

use crate::fault::{Fault, fault};
use crate::ground::{Ground, Ran};
use grammar::{Grammar, Random};
use lockkeeper_model::Version;
use lockkeeper_syntax::ast::ActionKind;
use lockkeeper_syntax::{Body, parse};
use lockkeeper_verify::{Cluster, Error, Mismatch};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Statements behind the ground of each sequence.
const LENGTH: usize = 50;

/// One statement in so many may differ from its prediction, other than by failing where the model expects a failure.
const BOUND: usize = 200;

/// How many classes of difference are shrunk, beside those of the worst kinds; the others are counted.
const SHRUNK: usize = 8;

/// Each action of `ALTER TABLE` must be at least one in so many statements.
const SHARE: usize = 200;

/// What is run.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    /// How many statements, the ground's included.
    pub(crate) statements: usize,
    /// Where the sequence of random numbers begins.
    pub(crate) seed: u64,
}

impl Plan {
    /// `LOCKKEEPER_DIFFERENTIAL=STATEMENTS,SEED`, if it is set.
    pub(crate) fn from_environment() -> Option<Self> {
        let given = std::env::var("LOCKKEEPER_DIFFERENTIAL").ok()?;
        let (statements, seed) = given.split_once(',').unwrap_or((&given, ""));
        Some(Self { statements: statements.parse().unwrap_or(1_500), seed: seed.parse().unwrap_or(1) })
    }
}

/// What came of it on one server.
#[derive(Default)]
pub(crate) struct Outcome {
    statements: usize,
    kinds: BTreeMap<String, usize>,
    actions: BTreeMap<String, usize>,
    refused: BTreeMap<String, usize>,
    /// How often each class of difference was met, with the shortest sequence that shows the first.
    classes: BTreeMap<(Fault, String), (usize, String)>,
}

impl Outcome {
    /// Whether model and server agree as far as they have to: no false failure, and other differences within the bound.
    pub(crate) fn is_good(&self) -> bool {
        let count = |wanted: fn(&Fault) -> bool| -> usize {
            self.classes.iter().filter(|((fault, _), _)| wanted(fault)).map(|(_, (count, _))| count).sum()
        };
        count(|it| *it == Fault::FalseFailure) == 0 && count(|_| true) * BOUND <= self.statements
    }

    /// The figures, then each class of difference.
    pub(crate) fn text(&self, cluster: &Cluster) -> String {
        let refused: usize = self.refused.values().sum();
        let share = |part: usize| 100.0 * part as f64 / self.statements.max(1) as f64;
        let differ: usize = self.classes.values().map(|(count, _)| count).sum();
        let mut text = format!("{}: {} statements, {refused} refused", cluster.server(), self.statements);
        let _ = writeln!(text, " ({:.1} %), {differ} other than predicted ({:.2} %)", share(refused), share(differ));
        let list = |all: &BTreeMap<String, usize>| {
            let parts: Vec<String> = all.iter().map(|(name, count)| format!("{name} {count}")).collect();
            parts.join(", ")
        };
        let (kinds, actions, refused) = (list(&self.kinds), list(&self.actions), list(&self.refused));
        let _ = writeln!(text, "  by kind: {kinds}\n  by action: {actions}\n  by SQLSTATE: {refused}");
        for ((fault, class), (count, example)) in &self.classes {
            let _ = writeln!(text, "{fault:?}, {count} times: {class}\n{example}");
        }
        text
    }
}

/// Runs sequences until there are enough statements.
pub(crate) fn run(plan: Plan, cluster: &Cluster) -> Result<Outcome, Error> {
    let grammar = Grammar::read();
    let mut random = Random(plan.seed);
    let mut outcome = Outcome::default();
    let Some(version) = u8::try_from(cluster.server().major).ok().and_then(Version::new) else { return Ok(outcome) };
    while outcome.statements < plan.statements {
        let sequence = sequence(&grammar, &mut random);
        let ran = run_sequence(cluster, version, &sequence)?;
        for (at, it) in ran.iter().enumerate() {
            outcome.statements += 1;
            *outcome.kinds.entry(kind(&it.sql)).or_default() += 1;
            actions(&it.sql).into_iter().for_each(|it| *outcome.actions.entry(it).or_default() += 1);
            if let Some(failure) = &it.seen.failure {
                *outcome.refused.entry(failure.sqlstate.clone()).or_default() += 1;
            }
            let Some((fault, mismatches)) = fault(it) else { continue };
            let class = class(&it.sql, &mismatches);
            let shrink_it = fault <= Fault::Effect || outcome.classes.len() < SHRUNK;
            let entry = outcome.classes.entry((fault, class.clone())).or_default();
            entry.0 += 1;
            if entry.0 == 1 {
                entry.1 = match shrink_it {
                    true => shrink(cluster, version, &sequence[..=at], (fault, &class))?,
                    false => shown(std::slice::from_ref(&it.sql), &mismatches),
                };
            }
        }
    }
    Ok(outcome)
}

/// Some of the ground, then statements upon it.
fn sequence(grammar: &Grammar, random: &mut Random) -> Vec<String> {
    let ground = grammar.forms("ground").filter(|_| random.below(12) > 0).map(str::to_owned);
    let mut sequence: Vec<String> = ground.collect();
    sequence.extend((0..LENGTH).map(|_| grammar.expand("statement", random)));
    sequence
}

/// Runs the ground as a script of its own, so that the statements meet tables that others may use.
fn run_sequence(cluster: &Cluster, version: Version, sequence: &[String]) -> Result<Vec<Ran>, Error> {
    let grammar = Grammar::read();
    let of_ground = |it: &&String| grammar.forms("ground").any(|form| form == **it);
    let (ground, statements) = sequence.split_at(sequence.iter().take_while(of_ground).count());
    // The first script of a history may name what it does not show, so those that count are the others.
    let scripts = ["SELECT 1", &ground.join(";\n"), &statements.join(";\n")];
    let mut ran = Vec::new();
    for script in Ground::new(cluster, version)?.run_all(&scripts).into_iter().skip(1) {
        ran.extend(script?);
    }
    Ok(ran)
}

/// The statement's tag, with the action of an `ALTER TABLE`.
fn kind(sql: &str) -> String {
    let parsed = parse(sql);
    let Some(statement) = parsed.statements.first() else { return String::new() };
    match &statement.body {
        Body::AlterTable(it) if it.actions.len() == 1 => {
            format!("{} {}", it.kind.alter_tag(), name_of(&it.actions[0].kind))
        }
        other => other.tag().unwrap_or("unreadable").to_owned(),
    }
}

/// What differences have in common: the kind of statement and of mismatch, without names.
fn class(sql: &str, mismatches: &[Mismatch]) -> String {
    let all: BTreeSet<String> = mismatches.iter().map(kind_of).collect();
    format!("{} {}", kind(sql), all.into_iter().collect::<Vec<_>>().join(", "))
}

fn kind_of(mismatch: &Mismatch) -> String {
    match mismatch {
        Mismatch::LockNotClaimed { seen, .. } => format!("holds {seen} unpredicted"),
        Mismatch::LockNotTaken { claimed, .. } => format!("does not hold {claimed}"),
        Mismatch::WorkNotClaimed(kind, _) => format!("{kind} unpredicted"),
        Mismatch::WorkNotDone(kind, _) => format!("no {kind}"),
        Mismatch::FailureNotClaimed(seen) => format!("unpredicted {}", seen.sqlstate),
        Mismatch::DidNotFail { claimed } => format!("no {claimed}"),
        Mismatch::OtherFailure { claimed, seen } => format!("{} rather than {claimed}", seen.sqlstate),
    }
}

/// Leaves out every statement without which the last one still differs in the same way.
fn shrink(cluster: &Cluster, version: Version, sequence: &[String], wanted: (Fault, &str)) -> Result<String, Error> {
    let mut kept = sequence.to_vec();
    let mut chunk = kept.len() / 2;
    // Halves first, then ever smaller parts; the last statement stays.
    while chunk > 0 {
        let mut at = 0;
        while at + 1 < kept.len() {
            let mut fewer = kept.clone();
            fewer.drain(at..(at + chunk).min(kept.len() - 1));
            let ran = run_sequence(cluster, version, &fewer)?;
            let last = ran.last().and_then(|it| Some((it, fault(it)?)));
            if last.is_some_and(|(it, (fault, mismatches))| (fault, &*class(&it.sql, &mismatches)) == wanted) {
                kept = fewer;
            } else {
                at += chunk;
            }
        }
        chunk /= 2;
    }
    let last = run_sequence(cluster, version, &kept)?.pop();
    let mismatches = last.as_ref().and_then(fault).map(|(_, mismatches)| mismatches).unwrap_or_default();
    Ok(shown(&kept, &mismatches))
}

/// Statements, and how the last one differs.
fn shown(statements: &[String], mismatches: &[Mismatch]) -> String {
    let mut text = String::new();
    statements.iter().for_each(|it| text += &format!("    {it};\n"));
    mismatches.iter().for_each(|it| text += &format!("      {it}\n"));
    text
}

/// The names of the actions of an `ALTER TABLE` or its kin.
fn actions(sql: &str) -> Vec<String> {
    let parsed = parse(sql);
    let Some(Body::AlterTable(it)) = parsed.statements.first().map(|it| &it.body) else { return Vec::new() };
    it.actions.iter().map(|it| name_of(&it.kind)).collect()
}

fn name_of(action: &ActionKind) -> String {
    let text = format!("{action:?}");
    text.split(|it: char| !it.is_alphanumeric()).next().unwrap_or_default().to_owned()
}

#[test]
fn each_action_is_tried_often() {
    const STATEMENTS: usize = 20_000;
    let source = include_str!("../../../crates/syntax/src/ast/alter.rs");
    let kinds = source.split("pub enum ActionKind {").nth(1).and_then(|it| it.split("\n}").next()).unwrap_or_default();
    let variant = |line: &str| {
        let name = line.strip_prefix("    ")?.split([' ', ',', '(']).next()?;
        name.starts_with(|it: char| it.is_ascii_uppercase()).then(|| name.to_owned())
    };
    let mut counts: BTreeMap<String, usize> = kinds.lines().filter_map(variant).map(|it| (it, 0)).collect();
    assert!(counts.len() > 30, "the actions are written in another way: {counts:?}");
    let (grammar, mut random, mut statements) = (Grammar::read(), Random(1), 0);
    while statements < STATEMENTS {
        let sequence = sequence(&grammar, &mut random);
        statements += sequence.len();
        for name in sequence.iter().flat_map(|it| actions(it)) {
            *counts.entry(name).or_default() += 1;
        }
    }
    let rare: Vec<_> = counts.iter().filter(|(_, count)| **count * SHARE < statements).collect();
    assert!(rare.is_empty(), "of {statements} statements too few are {rare:?}");
}
