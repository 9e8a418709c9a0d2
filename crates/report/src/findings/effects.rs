//! What the statements do that findings speak of, each said once.

use lockkeeper_core::{Finding, Report};
use lockkeeper_model::StatementId;
use rustc_hash::FxHashMap;

/// Those that are still to be said.
pub(crate) struct Effects<'a>(FxHashMap<(usize, StatementId), &'a str>);

impl<'a> Effects<'a> {
    pub(crate) fn of(report: &'a Report) -> Self {
        Effects(report.effects.iter().map(|it| ((it.script, it.statement), it.text.as_str())).collect())
    }

    /// What the statement of the finding does, beneath the first finding that speaks of it.
    pub(crate) fn beneath(&mut self, finding: &Finding) -> Option<&'a str> {
        self.0.remove(&(finding.script, finding.statement))
    }
}
