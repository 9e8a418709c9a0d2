//! Long work that a clause asks for, grouped by the table that the statement names: what is done to the partitions of
//! one partitioned table is one piece of work.

use crate::say;
use crate::step::Step;
use lockkeeper_model::catalog::RelationId;
use lockkeeper_model::{LockMode, RewriteReason, ScanReason};
use lockkeeper_syntax::Span;

/// Rows that are read or written while others wait.
pub(crate) struct Work {
    /// The table that the statement names.
    pub(crate) table: RelationId,
    /// The tables whose rows they are: the table itself, or its partitions.
    pub(crate) leaves: Vec<RelationId>,
    /// The clause that asks for it.
    pub(crate) span: Span,
    /// The strongest lock that the statement itself takes on them.
    pub(crate) mode: LockMode,
}

/// The scans of one kind that keep others waiting by the statement's own lock. `wanted` gives what the work is about.
pub(crate) fn scans<'a, T>(step: &Step<'a>, wanted: impl Fn(&'a ScanReason) -> Option<T>) -> Vec<(Work, T)> {
    let all = step.timeline().effects.scans.iter();
    grouped(step, all.filter_map(|it| Some((it.relation, it.span, wanted(&it.why)?))))
}

/// The same for rewrites.
pub(crate) fn rewrites<'a, T>(step: &Step<'a>, wanted: impl Fn(&'a RewriteReason) -> Option<T>) -> Vec<(Work, T)> {
    let all = step.timeline().effects.rewrites.iter();
    grouped(step, all.filter_map(|it| Some((it.relation, it.span, wanted(&it.why)?))))
}

fn grouped<T>(step: &Step<'_>, items: impl Iterator<Item = (RelationId, Span, T)>) -> Vec<(Work, T)> {
    let mut groups: Vec<(Work, T)> = Vec::new();
    for (relation, span, about) in items {
        let Some(mode) = step.effects.lock_on(relation).map(|it| it.mode) else { continue };
        if step.is_quiet(relation) {
            continue;
        }
        let table = topmost(step, relation);
        match groups.iter_mut().find(|(it, _)| it.table == table && it.span == span) {
            Some((group, _)) => {
                group.leaves.push(relation);
                group.mode = group.mode.max(mode);
            }
            None => groups.push((Work { table, leaves: vec![relation], span, mode }, about)),
        }
    }
    groups.retain(|(it, _)| it.mode.blocks_writes() && !it.leaves.iter().all(|it| step.is_small(*it)));
    groups
}

/// The highest partitioned table above `table` that the statement locks too: the one that it names.
pub(crate) fn topmost(step: &Step<'_>, table: RelationId) -> RelationId {
    let mut top = table;
    while let Some(parent) = step.get(top).and_then(|it| it.partition_of.as_ref()).map(|it| it.parent)
        && step.effects.lock_on(parent).is_some()
    {
        top = parent;
    }
    top
}

/// The partitioned table at the top of the tree that `table` belongs to; the table itself where there is none.
pub(crate) fn root_of(step: &Step<'_>, table: RelationId) -> RelationId {
    let mut top = table;
    while let Some(of) = step.get(top).and_then(|it| it.partition_of.as_ref()) {
        top = of.parent;
    }
    top
}

/// What a rewrite does, for a caption.
pub(crate) const REWRITES: &str = "rewrites the table and all its indexes";

impl Work {
    /// The strongest lock on the table while the work lasts, or on its partitions where the table itself has none.
    pub(crate) fn lock(&self, step: &Step<'_>) -> LockMode {
        step.lock_on(self.table).unwrap_or(self.mode)
    }

    /// "writes to `events` wait".
    pub(crate) fn waiting(&self, step: &Step<'_>) -> String {
        format!("{} `{}` wait", say::accesses(self.lock(step).blocks()), step.name(self.table))
    }

    /// "SHARE on `events` until commit; reads every row".
    pub(crate) fn caption(&self, step: &Step<'_>, does: &str) -> String {
        format!("{} on `{}` until commit; {does}", self.lock(step), step.name(self.table))
    }

    /// "reads every row", "reads every row of 12 tables".
    pub(crate) fn reads(&self) -> String {
        match self.leaves.len() {
            1 => "reads every row".to_owned(),
            many => format!("reads every row of {many} tables"),
        }
    }
}
