//! `--fix-split`: a statement that should not run beside others, or not in one go, becomes migrations of its own, in files
//! as its tool names and marks them.

use crate::check::Linted;
use crate::edited::Edited;
use crate::host::Host;
use lockkeeper_core::{Finding, Piece, PieceFile, Replaced};
use lockkeeper_sources::{Direction, Framework, Parts, Script, down_marker, next_path, written};
use lockkeeper_syntax::ast::{Body, Statement, Transaction};
use lockkeeper_syntax::parse;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// What was split, and what was not.
#[derive(Debug, Default)]
pub(crate) struct Split {
    /// How many statements were taken apart.
    pub(crate) statements: usize,
    /// The files that are new.
    pub(crate) files: Vec<PathBuf>,
    /// Why others were not: the file, and the reason.
    pub(crate) left: BTreeSet<(String, String)>,
}

/// Splits are made one by one, as each moves what stands behind it.
pub(crate) const MOST: usize = 500;

impl Split {
    /// Takes the first statement apart that can be; gives whether there was one.
    pub(crate) fn one(&mut self, linted: &Linted, edited: &mut Edited<'_>) -> bool {
        let scripts = linted.scripts();
        for finding in &linted.report.findings {
            let script = scripts[finding.script];
            let Some(migrations) = steps(finding, script) else { continue };
            match files(finding, &migrations, script, &scripts, edited) {
                Ok(files) => {
                    for (path, text) in files {
                        if edited.kind(&path).is_err() {
                            self.files.push(path.clone());
                        }
                        edited.put(&path, text.into_bytes());
                    }
                    self.statements += 1;
                    return true;
                }
                Err(reason) => {
                    self.left.insert((script.path.clone(), reason));
                }
            }
        }
        false
    }

    /// What was done, for standard error.
    pub(crate) fn summary(&self) -> String {
        let plural = |count: usize, noun: &str| format!("{count} {noun}{}", if count == 1 { "" } else { "s" });
        let mut out = String::new();
        if self.statements > 0 {
            let (statements, files) = (plural(self.statements, "statement"), plural(self.files.len(), "new file"));
            out += &format!("split {statements}: {files}\n");
        }
        out + &self.reasons()
    }

    /// What was not done, and why.
    pub(crate) fn reasons(&self) -> String {
        self.left.iter().map(|(path, reason)| format!("not split: {path}: {reason}\n")).collect()
    }
}

/// A migration of those that take the place of a statement.
#[derive(Clone, Debug)]
struct Migration {
    sql: String,
    /// Whether it may run in a transaction; if not it must stand alone.
    transaction: bool,
}

/// The steps of a recipe that takes the place of the whole statement and says all of it.
fn steps(finding: &Finding, script: &Script) -> Option<Vec<Migration>> {
    let instead = finding.instead.as_ref()?;
    let statement = script.parsed.statements.get(finding.statement.statement as usize)?;
    if instead.replaces(statement) != Replaced::Statement {
        return None;
    }
    let step = |it: Piece| {
        let parsed = parse(&it.sql);
        // A comment stands for what a person has to fill in.
        let whole = parsed.comments.is_empty() && parsed.problems.is_empty() && !parsed.statements.is_empty();
        let readable = parsed.statements.iter().all(|it| !matches!(it.body, Body::Unreadable(_)));
        let transaction = match it.file {
            PieceFile::Same => true,
            PieceFile::Before => false,
            PieceFile::After { transaction } => transaction,
        };
        (whole && readable).then_some(Migration { sql: it.sql, transaction })
    };
    let steps: Option<Vec<Migration>> = instead.pieces().into_iter().map(step).collect();
    steps.filter(|it| !it.is_empty())
}

/// The files that the split makes or changes, or why it cannot be made.
fn files(
    finding: &Finding,
    migrations: &[Migration],
    script: &Script,
    all: &[&Script],
    host: &dyn Host,
) -> Result<Vec<(PathBuf, String)>, String> {
    let tool = script.framework.name();
    let no_way =
        || format!("{tool} is not told by a file to run it outside of a transaction, or keeps its files in a list");
    if !script.is_written() || script.direction == Direction::Down {
        return Err(format!("no files are written for {tool}; the recipe says what goes where"));
    }
    let statements = &script.parsed.statements;
    let at = finding.statement.statement as usize;
    let raw = host.read(Path::new(&script.path)).ok().and_then(|it| String::from_utf8(it).ok());
    let raw = raw.filter(|it| it.len() == script.sql.len()).ok_or_else(|| "it is not plain UTF-8".to_owned())?;
    let (Some(statement), before, after) = (statements.get(at), &statements[..at], &statements[at + 1..]) else {
        return Err("the statement is not there".to_owned());
    };
    check_surroundings(before, &raw[..statement.span.start as usize])?;
    let cut = Cut::of(&raw, script.framework, statement, after);
    let plan = Plan::of(migrations, &cut, before, after, &raw)?;
    let has_tail = down_marker(script.framework).is_some() && !cut.tail.is_empty();
    let mut out: Vec<(PathBuf, String)> = Vec::new();
    let mut make = |path: &str, up: &str, down: Option<&str>, transaction: bool| {
        let made = written(script.framework, path, Parts { up, down, transaction }).ok_or_else(no_way)?;
        out.extend(made.into_iter().map(|it| (PathBuf::from(it.path), it.text)));
        Ok::<(), String>(())
    };
    if !plan.keeps_head {
        let tail = has_tail.then(|| cut.tail.split_once('\n').map_or("", |it| it.1));
        make(&script.path, &plan.first.sql, tail, plan.first.transaction)?;
    }
    let mut taken: Vec<String> = all.iter().map(|it| it.path.clone()).collect();
    let mut last = script.path.clone();
    let is_there = |path: &str| taken.iter().any(|it| it == path) || host.kind(Path::new(path)).is_ok();
    let two_ways = back_of(&script.path).is_some_and(|it| is_there(&it));
    let note = "-- undone with the migration that this was part of";
    let mut backs = Vec::new();
    for step in &plan.steps {
        let known: Vec<&str> = taken.iter().map(String::as_str).collect();
        let path = next_path(&last, &known).filter(|it| host.kind(Path::new(it)).is_err());
        let path = path.ok_or_else(|| "no number is free behind it".to_owned())?;
        make(&path, &step.sql, has_tail.then_some(note), step.transaction)?;
        backs.extend(back_of(&path).filter(|_| two_ways).map(|it| (PathBuf::from(it), format!("{note}\n"))));
        taken.push(path.clone());
        last = path;
    }
    if plan.keeps_head {
        let tail = if cut.tail.is_empty() { String::new() } else { format!("\n{}", cut.tail) };
        out.push((PathBuf::from(&script.path), format!("{}\n{tail}", plan.first.sql)));
    }
    out.extend(backs);
    Ok(out)
}

/// What becomes of a file: what stays in it, and the migrations behind it.
struct Plan {
    /// Whether the head of the file stays as it is.
    keeps_head: bool,
    first: Migration,
    steps: Vec<Migration>,
}

impl Plan {
    fn of(
        migrations: &[Migration],
        cut: &Cut<'_>,
        before: &[Statement],
        after: &[Statement],
        raw: &str,
    ) -> Result<Self, String> {
        let mut steps = migrations.to_vec();
        let open = is_open(before);
        let keeps_head = before.iter().any(|it| does_something(&it.body));
        let first = match steps.first() {
            Some(it) if keeps_head && steps.len() > 1 && it.transaction => {
                let sql = format!("{}\n\n{}", cut.before.trim_end(), it.sql);
                steps.remove(0);
                Migration { sql, transaction: true }
            }
            Some(_) if keeps_head => Migration { sql: cut.before.trim_end().to_owned(), transaction: true },
            Some(it) if steps.len() > 1 || !it.transaction => {
                let mut first = steps.remove(0);
                first.sql.insert_str(0, &comments(cut.before));
                first
            }
            _ => return Err("the statement is alone already".to_owned()),
        };
        let mut plan = Plan { keeps_head, first, steps };
        let rest = after.iter().any(|it| does_something(&it.body)).then(|| cut.after.trim());
        // Rows are validated at any time; what stands behind need not wait for it.
        let waits_for_none = plan.steps.iter().all(|it| it.sql.contains(" VALIDATE CONSTRAINT "));
        match rest {
            Some(rest) if waits_for_none && plan.first.transaction => plan.first.sql += &format!("\n\n{rest}"),
            Some(rest) => {
                let sql = if open { format!("BEGIN;\n\n{rest}") } else { rest.to_owned() };
                plan.steps.push(Migration { sql, transaction: true });
                if open && plan.keeps_head {
                    plan.first.sql += "\n\nCOMMIT;";
                }
            }
            None if open && plan.keeps_head => plan.first.sql += "\n\nCOMMIT;",
            None => {}
        }
        // Settings of the session hold for the file that they stand in.
        let settings = before.iter().filter(|it| matches!(it.body, Body::Set(_))).map(|it| it.span.of(raw));
        let settings: String = settings.map(|it| format!("{it};\n")).collect();
        let own = (!plan.keeps_head).then_some(&mut plan.first);
        own.into_iter()
            .chain(&mut plan.steps)
            .filter(|it| it.transaction && !it.sql.starts_with("BEGIN"))
            .for_each(|it| it.sql.insert_str(0, &settings));
        Ok(plan)
    }
}

/// Whether the statements leave a transaction open that one of them opened.
fn is_open(statements: &[Statement]) -> bool {
    let control = statements.iter().rev().find_map(|it| match &it.body {
        Body::Transaction(it) => Some(it),
        _ => None,
    });
    matches!(control, Some(Transaction::Begin | Transaction::Start))
}

/// Whether it is more than a setting or the bounds of a transaction.
fn does_something(body: &Body) -> bool {
    !matches!(body, Body::Transaction(_) | Body::Set(_))
}

/// What must not be left behind in another file.
fn check_surroundings(before: &[Statement], raw: &str) -> Result<(), String> {
    let sets = |names: &[&str]| {
        before.iter().any(|it| {
            let words = it.span.of(raw).to_ascii_lowercase();
            matches!(it.body, Body::Set(_)) && names.iter().any(|it| words.contains(it))
        })
    };
    if sets(&["search_path", "role", "session authorization"]) {
        return Err("it sets `search_path` or the role, which a new file would not have".to_owned());
    }
    if before.iter().any(|it| matches!(it.body, Body::Transaction(Transaction::Savepoint(_)))) {
        return Err("it sets savepoints".to_owned());
    }
    let begun = raw.matches("StatementBegin").count();
    if begun > raw.matches("StatementEnd").count() {
        return Err("the statement stands between StatementBegin and StatementEnd".to_owned());
    }
    Ok(())
}

/// The comments above the first statement that are no words to a tool.
fn comments(head: &str) -> String {
    const OF_TOOLS: &[&str] = &["+goose", "+migrate", "migrate:", "no-transaction", "disable-t", "atlas:", "BEGIN"];
    let plain =
        head.lines().filter(|it| it.trim_start().starts_with("--") && !OF_TOOLS.iter().any(|word| it.contains(word)));
    plain.map(|it| format!("{it}\n")).collect()
}

/// A file, cut at a statement.
struct Cut<'a> {
    before: &'a str,
    after: &'a str,
    /// What leads back, with the line that says so.
    tail: &'a str,
}

impl<'a> Cut<'a> {
    fn of(raw: &'a str, framework: Framework, statement: &Statement, after: &[Statement]) -> Self {
        let behind = |at: u32| {
            let rest = raw[at as usize..].trim_start();
            if rest.starts_with(';') { raw.len() - rest.len() + 1 } else { at as usize }
        };
        let end = behind(statement.span.end);
        let last = after.last().map_or(end, |it| behind(it.span.end));
        let plain = |line: &str| line.trim_start_matches(['-', ' ']).to_ascii_lowercase();
        let marker = down_marker(framework).map(plain);
        let mut lines = raw[last..].split_inclusive('\n').scan(last, |at, line| {
            let here = *at;
            *at += line.len();
            Some((here, line))
        });
        let is_marker = |line: &str| marker.as_ref().is_some_and(|it| plain(line).starts_with(it.as_str()));
        let tail = lines.find(|(_, line)| is_marker(line)).map_or(raw.len(), |it| it.0);
        Cut { before: &raw[..statement.span.start as usize], after: &raw[end..tail], tail: &raw[tail..] }
    }
}

/// The file that leads back, of a tool that has one for each way.
fn back_of(path: &str) -> Option<String> {
    let (head, name) = path.rsplit_once('/').map_or(("", path), |it| it);
    let slash = if head.is_empty() { "" } else { "/" };
    match name {
        "up.sql" => Some(format!("{head}{slash}down.sql")),
        _ => Some(format!("{head}{slash}{}.down.sql", name.strip_suffix(".up.sql")?)),
    }
}
