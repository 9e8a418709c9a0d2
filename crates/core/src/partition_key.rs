//! The partition key that a refusal speaks of, with its places.

use crate::clause;
use crate::step::Step;
use lockkeeper_model::catalog::Relation;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{QualifiedName, quoted};
use smol_str::SmolStr;

/// A partition key, from the statement itself or from the catalog.
pub(crate) struct PartitionKey {
    /// The partitioned table, as a user writes it.
    pub(crate) table: SmolStr,
    /// Whether that is the table that the statement makes, changes or indexes.
    pub(crate) own: bool,
    /// Its elements in order.
    pub(crate) elements: Vec<Element>,
}

/// An element of a partition key.
pub(crate) struct Element {
    /// The column; none if it is an expression.
    pub(crate) column: Option<SmolStr>,
    /// The script's place in the list given to `lint`.
    pub(crate) script: usize,
    /// Where it is written.
    pub(crate) span: Span,
}

impl PartitionKey {
    /// The key of the table that the statement makes or changes; of `table` where the refusal names another one, as
    /// for a partition that is partitioned again.
    pub(crate) fn of(step: &Step<'_>, table: Option<&str>) -> Option<PartitionKey> {
        let target = clause::target(&step.statement.body)?;
        if let Some(key) = Self::written(step, target).filter(|_| table.is_none_or(|it| it == target.name.text)) {
            return Some(key);
        }
        let of_target = || Some(step.find(target)?.1);
        let relation = match table {
            Some(name) => of_target().filter(|it| it.name.name == name).or_else(|| named(step, name)),
            None => of_target(),
        };
        let relation = relation?;
        Self::known(step, relation, of_target() == Some(relation))
    }

    fn written(step: &Step<'_>, target: &QualifiedName) -> Option<PartitionKey> {
        let by = clause::partition_by(&step.statement.body)?;
        let script = step.script();
        let elements =
            by.key.iter().map(|it| Element { column: it.column().map(|it| it.text.clone()), script, span: it.span });
        Some(PartitionKey { table: SmolStr::from(target.to_string()), own: true, elements: elements.collect() })
    }

    fn known(step: &Step<'_>, relation: &Relation, own: bool) -> Option<PartitionKey> {
        let key = relation.partition_key()?;
        let elements = key.elements.iter().map(|it| {
            let (script, _) = step.locate(key.place);
            Element { column: it.expr.as_column().map(|it| it.text.clone()), script, span: it.expr.span }
        });
        Some(PartitionKey { table: relation.name.short(), own, elements: elements.collect() })
    }

    /// The columns of the key that are not among `present`, in order; at least `named`.
    pub(crate) fn missing(&self, present: &[SmolStr], named: &str) -> Vec<SmolStr> {
        let columns = self.elements.iter().filter_map(|it| it.column.clone());
        columns.filter(|it| it == named || !present.contains(it)).collect()
    }
}

fn named<'a>(step: &Step<'a>, name: &str) -> Option<&'a Relation> {
    let mut all = step.timeline().catalog.relations().map(|(_, it)| it);
    all.find(|it| it.name.name == name && it.partition_key().is_some())
}

/// Column names for a message: `a` or `(a, b)`.
pub(crate) fn tuple(columns: &[SmolStr]) -> String {
    match columns {
        [one] => format!("`{}`", quoted(one)),
        many => format!("`({})`", crate::say::columns(many)),
    }
}
