//! What a revision file says.

use super::eval::{Gap, Interpreter, Kind, Sent, Surroundings};
use super::python::{self, Expr, Module, Stmt, span};
use super::remarks;
use super::text::{Places, Text};
use crate::{Note, NoteKind, RevisionNote};
use lockkeeper_syntax::Span;
use rustc_hash::FxHashSet;

/// A revision file, read. Made by [`revision`]; the chain and the rules read its facts, the history its scripts.
#[derive(Clone, Debug, Default)]
pub struct Revision {
    /// What it says of itself.
    pub facts: Facts,
    /// What `upgrade()` sends.
    pub up: Option<Direct>,
    /// What `downgrade()` sends.
    pub down: Option<Direct>,
    /// The first thing that is no Python.
    pub error: Option<Gap>,
}

/// What one function sends.
#[derive(Clone, Debug, Default)]
pub struct Direct {
    /// The statements, each with its semicolon.
    pub sql: String,
    /// From bytes of `sql` to bytes of the file.
    pub places: Places,
    /// The statements: their bytes in `sql`, the call that sends them, whether only a condition that is not known does.
    pub statements: Vec<SentStatement>,
    /// Where an `autocommit_block()` begins (`true`) or ends: bytes of `sql`.
    pub turns: Vec<(u32, bool)>,
    /// What is not understood: the comment in `sql` that says so, at its place among the statements.
    pub gaps: Vec<(Span, Gap)>,
    /// The comment at the top, which names the revision and its parents as Alembic does.
    pub title: Title,
    /// `:name` in raw SQL, which SQLAlchemy takes for a parameter, where no value is given.
    pub unbound: Vec<Named>,
    /// Calls that read the clock, so that what is sent depends on the day.
    pub clock: Vec<Span>,
    /// What else is worth knowing, at bytes of `sql`.
    pub notes: Vec<Note>,
}

/// `-- Running upgrade parent -> revision`: the bytes of the names in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Title {
    /// The revision.
    pub revision: Span,
    /// What it follows.
    pub parents: Vec<Span>,
    /// The words `Running upgrade`, which stand for the name of the function.
    pub function: Span,
    /// What the docstring says otherwise.
    pub documented: Span,
}

/// One call's SQL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentStatement {
    /// Bytes of the script.
    pub span: Span,
    /// Bytes of the file: the call that sends it.
    pub call: Span,
    /// Whether it is sent only under a condition that is not known.
    pub possible: bool,
}

/// A name, and where it stands in the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Named {
    /// The name.
    pub name: String,
    /// Bytes of the file.
    pub span: Span,
}

/// What a revision file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// `revision`.
    pub revision: Option<Named>,
    /// Whether `revision` is there, be it a string or not.
    pub has_revision: bool,
    /// `down_revision`: none for a base, several for a merge.
    pub down_revisions: Vec<Named>,
    /// Whether `down_revision` is there, be it None.
    pub has_down_revision: bool,
    /// `depends_on`.
    pub depends_on: Vec<Named>,
    /// `branch_labels`.
    pub branch_labels: Vec<Named>,
    /// Whether it has labels, be they strings or not.
    pub is_labelled: bool,
    /// `Revision ID:` of the docstring.
    pub documented_revision: Option<Named>,
    /// `Revises:` of the docstring.
    pub documented_parents: Vec<Named>,
    /// The line of the docstring that begins with `Revises:`.
    pub documented_at: Option<Span>,
    /// Where `upgrade` is defined.
    pub upgrade: Option<Span>,
    /// Where `downgrade` is defined.
    pub downgrade: Option<Span>,
    /// Whether `downgrade()` does nothing at all.
    pub downgrade_is_empty: bool,
}

/// Reads a revision file.
pub fn revision(text: &str, surroundings: &Surroundings) -> Revision {
    revision_with(text, surroundings, &[])
}

/// Reads a revision file of which notes are known already, at bytes of the file.
pub(super) fn revision_with(text: &str, surroundings: &Surroundings, known: &[Note]) -> Revision {
    let Some(module) = python::parse(text) else {
        let gap = Gap { message: "the file nests deeper than is read here".to_owned(), span: Span::default() };
        return Revision { error: Some(gap), ..Revision::default() };
    };
    let facts = facts(text, &module);
    let error = module.error.clone().map(|(message, span)| Gap { message, span });
    let run = |name: &str, at: Option<Span>| {
        let at = at?;
        let mut interpreter = Interpreter::load(text, &module, surroundings, "postgresql");
        if name == "upgrade" {
            for it in known {
                if let NoteKind::Revision(note) = &it.kind {
                    interpreter.remarks.insert(0, (0, note.clone(), it.span));
                }
            }
        }
        if let Some((message, span)) = module.error.clone().filter(|_| name == "upgrade") {
            interpreter.problem(span, format!("this is no Python: {message}"));
        }
        if !interpreter.direction(name, at) {
            return None;
        }
        if surroundings.sqlite {
            remark_sqlite(text, &module, surroundings, name, at, &mut interpreter);
        }
        Some(direct(interpreter, &module, &facts, name))
    };
    let mut up = run("upgrade", facts.upgrade);
    let mut down = run("downgrade", facts.downgrade);
    remarks::note(&facts, up.as_mut(), down.as_mut());
    Revision { facts, up, down, error }
}

fn direct(interpreter: Interpreter<'_>, module: &Module, facts: &Facts, name: &str) -> Direct {
    let Interpreter { file, sent, gaps, clock, unbound, mut remarks, .. } = interpreter;
    let partitions = |it: &Sent| it.sql.as_str().to_ascii_uppercase().contains("PARTITION OF");
    if sent.iter().any(partitions) {
        remarks.extend(clock.iter().map(|it| (0, RevisionNote::Clock, *it)));
    }
    remarks.sort_by_key(|it| it.0);
    let mut remarks = remarks.into_iter().peekable();
    let mut notes = Vec::new();
    let mut out = Text::default();
    let of_file = module.comments.iter().filter(|it| it.of(file).contains("ignore-file"));
    of_file.for_each(|it| directive(file, *it, &mut out));
    let title = titled(facts, name, &mut out);
    let mut gaps = gaps.into_iter().peekable();
    let mut said = Vec::new();
    let mut turns = Vec::new();
    let mut statements = Vec::with_capacity(sent.len());
    for (place, Sent { sql, call, possible, kind }) in sent.into_iter().enumerate() {
        while let Some((_, gap)) = gaps.next_if(|it| it.0 <= place) {
            said.push(say(gap, &mut out));
        }
        while let Some((_, note, span)) = remarks.next_if(|it| it.0 <= place) {
            notes.push(remark(note, span, &mut out));
        }
        if kind != Kind::Statement {
            turns.push((out.len() as u32, kind == Kind::Alone));
            continue;
        }
        comments_above(file, module, call, &mut out);
        let start = out.len() as u32;
        out.push(&sql);
        let span = Span::new(start, out.len() as u32);
        let last_line = sql.as_str().rsplit('\n').next().unwrap_or_default();
        // A comment at the end would swallow the semicolon.
        out.add(
            if last_line.contains("--") {
                "\n;"
            } else if last_line.ends_with(';') {
                ""
            } else {
                ";"
            },
            call,
        );
        comments_beside(file, module, call, &mut out);
        out.add("\n", call);
        statements.push(SentStatement { span, call, possible });
    }
    said.extend(gaps.map(|it| say(it.1, &mut out)));
    notes.extend(remarks.map(|(_, note, span)| remark(note, span, &mut out)));
    let (sql, parts) = out.into_parts();
    let places = Places::new(parts, sql.len());
    let unbound = unbound.into_iter().map(|(name, span)| Named { name, span }).collect();
    Direct { sql, places, statements, turns, gaps: said, title, unbound, clock, notes }
}

/// Writes the comment at the top. Every name in it stands for its literal in the file.
fn titled(facts: &Facts, name: &str, out: &mut Text) -> Title {
    let own = if name == "upgrade" { facts.upgrade } else { facts.downgrade };
    let at = own.or(facts.upgrade).or(facts.downgrade).unwrap_or_default();
    let add = |it: &Named, out: &mut Text| {
        let start = out.len() as u32;
        out.add(&it.name.replace(['\n', '\r'], " "), it.span);
        Span::new(start, out.len() as u32)
    };
    let mut title = Title::default();
    let start = out.len() as u32;
    out.add(&format!("-- Running {name} "), at);
    title.function = Span::new(start, out.len() as u32);
    for (place, parent) in facts.down_revisions.iter().enumerate() {
        out.add(if place > 0 { ", " } else { "" }, at);
        title.parents.push(add(parent, out));
    }
    if !facts.depends_on.is_empty() {
        out.add(" (with ", at);
        for (place, it) in facts.depends_on.iter().enumerate() {
            out.add(if place > 0 { ", " } else { "" }, at);
            add(it, out);
        }
        out.add(")", at);
    }
    out.add(" -> ", at);
    if let Some(revision) = &facts.revision {
        title.revision = add(revision, out);
    }
    out.add("\n", at);
    if let Some((text, span)) = remarks::stale(facts).filter(|_| name == "upgrade") {
        let start = out.len() as u32;
        out.add(&format!("-- docstring: {text}"), span);
        title.documented = Span::new(start, out.len() as u32);
        out.add("\n", span);
    }
    title
}

/// Runs a function once more as SQLite would have it, and takes over what that refuses.
fn remark_sqlite(
    text: &str,
    module: &Module,
    surroundings: &Surroundings,
    name: &str,
    at: Span,
    to: &mut Interpreter<'_>,
) {
    let mut other = Interpreter::load(text, module, surroundings, "sqlite");
    other.direction(name, at);
    let calls: FxHashSet<(u32, u32)> = other.sent.iter().map(|it| (it.call.start, it.call.end)).collect();
    for (place, sent) in to.sent.iter().enumerate() {
        if sent.kind == Kind::Statement && !calls.contains(&(sent.call.start, sent.call.end)) {
            to.remarks.push((place, RevisionNote::NotOnSqlite, sent.call));
        }
    }
    for (_, note, span) in other.remarks {
        if matches!(note, RevisionNote::RefusedBySqlite { .. } | RevisionNote::OnSqlite(_)) {
            let place = to.sent.iter().position(|it| it.call.start >= span.start || it.call.contains(span));
            to.remarks.push((place.unwrap_or(to.sent.len()), note, span));
        }
    }
}

/// Writes what is worth knowing as a comment, so that it has a place among the statements.
pub(super) fn remark(note: RevisionNote, source: Span, out: &mut Text) -> Note {
    let start = out.len() as u32;
    out.add(&format!("-- note: {}", note.words().replace(['\n', '\r'], " ")), source);
    let span = Span::new(start, out.len() as u32);
    out.add("\n", source);
    Note { kind: NoteKind::Revision(note), span }
}

/// Writes what is not understood as a comment.
fn say(gap: Gap, out: &mut Text) -> (Span, Gap) {
    let start = out.len() as u32;
    out.add(&format!("-- not understood: {}", gap.message.replace(['\n', '\r'], " ")), gap.span);
    let span = Span::new(start, out.len() as u32);
    out.add("\n", gap.span);
    (span, gap)
}

/// Comments of ours on the lines above a call become comments of the SQL, so that they say the same there.
fn comments_above(file: &str, module: &Module, call: Span, out: &mut Text) {
    let mut line = line_start(file, call.start);
    let mut found: Vec<Span> = Vec::new();
    while line > 0 {
        let above = line_start(file, line - 1);
        let text = Span::new(above, line).of(file);
        let Some(comment) = text.trim_start().strip_prefix('#') else { break };
        let start = line - (comment.len() as u32 + 1);
        found.extend(module.comments.iter().copied().find(|it| it.start == start));
        line = above;
    }
    for comment in found.into_iter().rev() {
        directive(file, comment, out);
    }
    for comment in module.comments.iter().filter(|it| call.contains(**it)) {
        directive(file, *comment, out);
    }
}

fn comments_beside(file: &str, module: &Module, call: Span, out: &mut Text) {
    let line_end = file[call.end as usize..].find('\n').map_or(file.len(), |it| it + call.end as usize) as u32;
    let first_end = file[call.start as usize..].find('\n').map_or(file.len(), |it| it + call.start as usize) as u32;
    let beside = |it: &&Span| it.start >= call.end && it.end <= line_end && first_end == line_end;
    if let Some(comment) = module.comments.iter().find(beside)
        && is_directive(comment.of(file))
    {
        out.add(" ", *comment);
        out.add("--", Span::new(comment.start, comment.start + 1));
        out.add_verbatim(&comment.of(file)[1..], comment.start + 1);
    }
}

fn is_directive(comment: &str) -> bool {
    comment.trim_start_matches('#').trim_start().starts_with("lockkeeper:")
}

fn directive(file: &str, comment: Span, out: &mut Text) {
    let text = comment.of(file);
    if is_directive(text) {
        out.add("--", Span::new(comment.start, comment.start + 1));
        out.add_verbatim(&text[1..], comment.start + 1);
        out.add("\n", comment);
    }
}

fn line_start(file: &str, at: u32) -> u32 {
    file[..at as usize].rfind('\n').map_or(0, |it| it as u32 + 1)
}

/// What a file says of itself, without running anything.
pub(crate) fn facts_of(text: &str) -> Facts {
    python::parse(text).map(|it| facts(text, &it)).unwrap_or_default()
}

impl Direct {
    /// What stands for a file without `upgrade()`.
    pub(crate) fn missing(facts: &Facts) -> Self {
        let mut out = Text::default();
        let title = titled(facts, "upgrade", &mut out);
        let mut gaps = Vec::new();
        if let Some(it) = &facts.revision {
            let message = "the revision has no `upgrade()`, so Alembic stops at it".to_owned();
            gaps.push(say(Gap { message, span: it.span }, &mut out));
        }
        let (sql, parts) = out.into_parts();
        let places = Places::new(parts, sql.len());
        Direct { sql, places, gaps, title, ..Direct::default() }
    }
}

fn facts(text: &str, module: &Module) -> Facts {
    let mut facts = Facts::default();
    for (at, statement) in module.body().iter().enumerate() {
        match statement {
            Stmt::Expr(it) if at == 0 => {
                if let Expr::StringLiteral(_) = &*it.value {
                    docstring(text, span(&*it.value), &mut facts);
                }
            }
            Stmt::Assign(it) => {
                for target in &it.targets {
                    if let Expr::Name(name) = target {
                        assigned(name.id.as_str(), &it.value, &mut facts);
                    }
                }
            }
            Stmt::AnnAssign(it) => {
                if let (Expr::Name(name), Some(value)) = (&*it.target, &it.value) {
                    assigned(name.id.as_str(), value, &mut facts);
                }
            }
            Stmt::FunctionDef(it) => match it.name.as_str() {
                "upgrade" => facts.upgrade = Some(span(&it.name)),
                "downgrade" => {
                    facts.downgrade = Some(span(&it.name));
                    facts.downgrade_is_empty = it.body.iter().all(is_nothing);
                }
                _ => {}
            },
            _ => {}
        }
    }
    facts
}

fn is_nothing(statement: &Stmt) -> bool {
    match statement {
        Stmt::Pass(_) => true,
        Stmt::Return(it) => it.value.is_none(),
        Stmt::Expr(it) => matches!(&*it.value, Expr::StringLiteral(_) | Expr::EllipsisLiteral(_)),
        _ => false,
    }
}

fn assigned(name: &str, value: &Expr, facts: &mut Facts) {
    match name {
        "revision" => {
            facts.has_revision = true;
            facts.revision = names(value).into_iter().next();
        }
        "down_revision" => {
            facts.has_down_revision = true;
            facts.down_revisions = names(value);
        }
        "depends_on" => facts.depends_on = names(value),
        "branch_labels" => {
            facts.is_labelled = !matches!(value, Expr::NoneLiteral(_));
            facts.branch_labels = names(value);
        }
        _ => {}
    }
}

/// The strings of a string, a tuple, a list or a set.
fn names(value: &Expr) -> Vec<Named> {
    match value {
        Expr::StringLiteral(it) => vec![Named { name: it.value.to_str().to_owned(), span: span(value) }],
        Expr::Tuple(it) => it.elts.iter().flat_map(names).collect(),
        Expr::List(it) => it.elts.iter().flat_map(names).collect(),
        Expr::Set(it) => it.elts.iter().flat_map(names).collect(),
        _ => Vec::new(),
    }
}

fn docstring(text: &str, at: Span, facts: &mut Facts) {
    let mut offset = at.start;
    for line in at.of(text).split_inclusive('\n') {
        let named = |rest: &str| -> Vec<Named> {
            let words = rest.split([',', ' ', '\t', '\r', '\n', '"', '\'']).filter(|it| !it.is_empty());
            words
                .map(|word| {
                    let start = offset + (word.as_ptr() as usize - line.as_ptr() as usize) as u32;
                    Named { name: word.to_owned(), span: Span::new(start, start + word.len() as u32) }
                })
                .collect()
        };
        if let Some((_, rest)) = line.split_once("Revision ID:") {
            facts.documented_revision = named(rest).into_iter().next();
        } else if let Some(rest) = line.trim_start().strip_prefix("Revises:") {
            facts.documented_parents = named(rest);
            facts.documented_parents.retain(|it| it.name != "None");
            let start = offset + (line.len() - line.trim_start().len()) as u32;
            facts.documented_at = Some(Span::new(start, offset + line.trim_end().len() as u32));
        }
        offset += line.len() as u32;
    }
}
