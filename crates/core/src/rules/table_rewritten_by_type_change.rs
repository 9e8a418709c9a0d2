//! A column gets another type, and rows are written, indexes built or constraints checked anew while others wait.

use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use crate::work::{self, Work};
use crate::{About, Finding, Where, say};
use lockkeeper_model::catalog::Column;
use lockkeeper_model::{IndexBuild, RewriteReason, ScanReason};
use lockkeeper_syntax::ast::{Action, ActionKind, Expr, Name, TypeName, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for action in clause::actions(&step.statement.body) {
        let ActionKind::SetType { column, data_type, using, .. } = &action.kind else { continue };
        let change = Change { action, column, data_type, using: using.as_ref() };
        let written = |why: &'_ RewriteReason| matches!(why, RewriteReason::TypeChange(_)).then_some(());
        for (work, ()) in work::rewrites(step, written).into_iter().filter(|(it, ())| it.span == action.span) {
            rewritten(step, found, &change, &work);
        }
        let checked = |why: &'_ ScanReason| match why {
            ScanReason::Check(name) => Some((name.clone(), "the check")),
            ScanReason::ForeignKey(name) => Some((name.clone(), "the foreign key")),
            _ => None,
        };
        for (work, (name, what)) in work::scans(step, checked).into_iter().filter(|(it, _)| it.span == action.span) {
            verified(step, found, &change, &work, &format!("{what} `{}`", quoted(&name)));
        }
        rebuilt(step, found, &change);
    }
}

struct Change<'a> {
    action: &'a Action,
    column: &'a Name,
    data_type: &'a TypeName,
    using: Option<&'a Expr>,
}

impl Change<'_> {
    /// "`price` becomes `numeric(10,3)`".
    fn says(&self, step: &Step<'_>) -> String {
        format!("`{}` becomes `{}`", self.column, step.text(self.data_type.span))
    }
}

fn rewritten(step: &Step<'_>, found: &mut Findings<'_>, change: &Change<'_>, work: &Work) {
    let message = format!("{} while every row is written anew, because {}", work.waiting(step), change.says(step));
    let finding = found.report(About::Rewrite(work.table), change.action.span, message);
    finding.caption(work.caption(step, work::REWRITES));
    if let Some(column) = old(step, work, change) {
        if let Some((script, span)) = column_place(step, column) {
            finding.label(script, span, format!("it is `{}` so far", column.data_type.sql()));
        }
        if cheaper(step, finding, change, work, column) {
            return;
        }
    }
    let name = &change.column.text;
    finding.help(format!(
        "add a second column of the new type, keep it equal to `{}` by a trigger, fill the old rows in batches, then \
         swap the names in one short transaction",
        quoted(name)
    ));
}

/// Another way to the same type that rewrites nothing.
fn cheaper(step: &Step<'_>, finding: &mut Finding, change: &Change<'_>, work: &Work, column: &Column) -> bool {
    let builtin = |it: &lockkeeper_model::ObjectName| it.schema == "pg_catalog";
    let new = change.data_type.name.name.text.as_str();
    let old = &column.data_type;
    let plain =
        change.using.is_none() && builtin(&old.name) && old.dimensions == 0 && change.data_type.array_dimensions == 0;
    let pair = (old.name.name.as_str(), new);
    let table = step.name(work.table);
    let name = quoted(&change.column.text);
    match (pair, change.data_type.modifiers.as_slice()) {
        (("timestamp", "timestamptz") | ("timestamptz", "timestamp"), _) if plain && old.modifiers.is_empty() => {
            finding.help(
                "if the stored times are meant as UTC, set the time zone first: from UTC to UTC nothing has to be written",
            );
            finding.instead(format!("SET TimeZone = 'UTC';\n{};", step.statement_text()));
            true
        }
        (("text" | "varchar", "varchar"), [limit]) if plain => {
            let check = quoted(&format!("{}_{}_length", plain_name(step, work), change.column.text)).to_string();
            finding
                .help("keep the type and limit the length by a check that is validated while reads and writes go on");
            finding.instead_in(
                Where::Later,
                format!(
                    "ALTER TABLE {table} ADD CONSTRAINT {check} CHECK (length({name}) <= {limit}) NOT VALID;\n\
                     ALTER TABLE {table} VALIDATE CONSTRAINT {check};"
                ),
            );
            true
        }
        _ => false,
    }
}

fn plain_name(step: &Step<'_>, work: &Work) -> smol_str::SmolStr {
    step.get(work.table).map(|it| it.name.name.clone()).unwrap_or_default()
}

fn old<'a>(step: &Step<'a>, work: &Work, change: &Change<'_>) -> Option<&'a Column> {
    step.get(work.table)?.column(&change.column.text)
}

fn column_place(step: &Step<'_>, column: &Column) -> Option<(usize, lockkeeper_syntax::Span)> {
    Some(step.locate(column.place)).filter(|(_, span)| span.end > span.start)
}

/// The rows stay, but a constraint on the column is checked for each of them.
fn verified(step: &Step<'_>, found: &mut Findings<'_>, change: &Change<'_>, work: &Work, what: &str) {
    let (waiting, change_made) = (work.waiting(step), change.says(step));
    let message = format!("{waiting} while {what} is verified for each row again, because {change_made}");
    let finding = found.report(About::Scan(work.table), change.action.span, message);
    finding.caption(work.caption(step, &work.reads()));
    finding.help("drop the constraint before the change, add it again NOT VALID after it, and validate it later");
}

/// The rows stay, but indexes that compute something from the column are built anew.
fn rebuilt(step: &Step<'_>, found: &mut Findings<'_>, change: &Change<'_>) {
    let builds = step.effects.index_builds.iter();
    let own = |it: &&IndexBuild| it.rebuild && it.span == change.action.span && !step.is_quiet(it.table);
    let builds: Vec<&IndexBuild> = builds.filter(own).filter(|it| !step.is_small(it.table)).collect();
    let Some(first) = builds.first() else { return };
    let table = work::topmost(step, first.table);
    let Some(mode) = step.lock_on(table).filter(|it| it.blocks_writes()) else { return };
    let names = say::names(builds.iter().map(|it| it.index.short()));
    let (noun, verb) = if builds.len() == 1 { ("index", "is") } else { ("indexes", "are") };
    let message = format!(
        "{} `{}` wait while the {noun} {names} {verb} built anew, because {}",
        say::accesses(mode.blocks()),
        step.name(table),
        change.says(step)
    );
    let finding = found.report(About::IndexBuild(table), change.action.span, message);
    finding.caption(format!("{mode} on `{}` until commit; reads every row for each index", step.name(table)));
    finding.help(format!("drop {names} concurrently before the change, and create it concurrently after it"));
}
