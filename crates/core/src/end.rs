//! The end of a history, as rules see it: what no later migration has finished.

use crate::options::OptionValues;
use crate::{About, Finding, Input, Rule, Settings, Severity};
use lockkeeper_model::catalog::Relation;
use lockkeeper_model::{Catalog, ObjectName, Origin, Place, RelationId};
use lockkeeper_syntax::Span;
use smol_str::SmolStr;

/// The schema after the last script.
pub(crate) struct End<'a> {
    pub(crate) catalog: &'a Catalog,
    /// The place of each script of the history, as the caller of `lint` counts.
    pub(crate) places: &'a [usize],
    pub(crate) scripts: &'a [Input<'a>],
    pub(crate) settings: &'a Settings,
}

/// Where a rule puts what it has to say at the end.
pub(crate) struct EndFindings<'a> {
    pub(crate) rule: &'static Rule,
    /// The rule's severity for each of the scripts; none where it is off or the script does not report.
    pub(crate) severity: Vec<Option<Severity>>,
    pub(crate) end: &'a End<'a>,
    pub(crate) list: &'a mut Vec<Finding>,
}

impl<'a> End<'a> {
    /// A place of the history: the script, as the caller of `lint` counts, and the clause in it.
    pub(crate) fn locate(&self, place: Place) -> (usize, Span) {
        (self.places.get(place.statement.script as usize).copied().unwrap_or_default(), place.span)
    }

    /// The name of a relation as a user writes it.
    pub(crate) fn name(&self, id: RelationId) -> SmolStr {
        self.catalog.get(id).map_or_else(SmolStr::default, |it| it.name.short())
    }

    /// The tables that the history has made, the small ones left out.
    pub(crate) fn tables(&self) -> impl Iterator<Item = (RelationId, &'a Relation)> {
        self.catalog
            .relations()
            .filter(|(_, it)| it.is_table() && it.known() && !self.settings.tables.small.matches(&it.name))
    }

    /// Where a relation was created, if the history shows it.
    pub(crate) fn created_at(&self, id: RelationId) -> Option<Place> {
        match self.catalog.get(id)?.origin {
            Origin::Created(place) => Some(place),
            Origin::Assumed(_) => None,
        }
    }
}

impl EndFindings<'_> {
    /// What the settings tell the rule about the script of a clause.
    pub(crate) fn options(&self, place: Place) -> OptionValues<'_> {
        let script = self.end.scripts.get(self.end.locate(place).0);
        script.map(|it| OptionValues::of(self.end.settings, self.rule, it.path)).unwrap_or_default()
    }

    /// Says something about what a clause has left of a table; nothing if its script is only context.
    pub(crate) fn report(
        &mut self,
        table: &ObjectName,
        place: Place,
        message: impl Into<String>,
    ) -> Option<&mut Finding> {
        if self.options(place).allow(table) {
            return None;
        }
        let (script, span) = self.end.locate(place);
        let severity = self.severity.get(script).copied().flatten()?;
        let about = About::AtEnd(self.rule.name, span);
        let statement = (script, place.statement);
        self.list.push(Finding::new((self.rule, severity), statement, about, span, message));
        self.list.last_mut()
    }
}
