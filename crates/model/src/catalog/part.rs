//! What hangs on a relation beside its columns, indexes and constraints.

use super::{ColumnId, ObjectName, Relation, Rule, ViewSource};
use lockkeeper_syntax::ast::ObjectKind;
use smol_str::SmolStr;

/// A trigger, rule, policy, extended-statistics object, or place in a publication.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    /// Its name.
    pub name: SmolStr,
    /// The schema of statistics, which have one of their own.
    pub schema: Option<SmolStr>,
    /// Which of them.
    pub kind: PartKind,
    /// The columns of its relation that it names.
    pub columns: Vec<ColumnId>,
    /// What else it reads or writes: the commands of a rule, the subqueries of a policy.
    pub uses: Vec<ViewSource>,
    /// Whether it is a trigger `FOR EACH ROW`.
    pub row: bool,
    /// Whether it is a row trigger with transition tables, which no partition may have.
    pub transitions: bool,
    /// The function of a trigger, if the history made it.
    pub function: Option<ObjectName>,
    /// What a rule does.
    pub rule: Option<Rule>,
    /// Whether it is a partition's part of the trigger of its parent (`pg_trigger.tgparentid`).
    pub inherited: bool,
    /// What a publication sends of the table.
    pub sent: Sent,
}

/// What a publication sends of a table that it names; all of it where neither is written.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sent {
    /// The columns of the list, in no order.
    pub list: Option<Vec<ColumnId>>,
    /// Whether there is a condition.
    pub filtered: bool,
    /// The columns that the condition names.
    pub filter: Vec<ColumnId>,
}

impl Part {
    /// Whether it is the extended statistics called `name`.
    pub fn is_statistics(&self, name: &ObjectName) -> bool {
        self.kind == PartKind::Statistics && self.name == name.name && self.schema.as_ref() == Some(&name.schema)
    }

    /// A part that names columns of its relation and nothing else.
    pub fn new(name: SmolStr, kind: PartKind, columns: Vec<ColumnId>) -> Self {
        Self {
            name,
            schema: None,
            kind,
            columns,
            uses: Vec::new(),
            row: false,
            transitions: false,
            function: None,
            rule: None,
            inherited: false,
            sent: Sent::default(),
        }
    }
}

/// The kinds of [`Part`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs, reason = "the names are PostgreSQL's own")]
pub enum PartKind {
    Trigger,
    Rule,
    Policy,
    Statistics,
    Publication,
}

impl Relation {
    /// Its part of this kind and name.
    pub fn part(&self, kind: PartKind, name: &str) -> Option<&Part> {
        self.parts.iter().find(|it| it.kind == kind && it.name == name)
    }
}

impl PartKind {
    /// The kind of object that it is.
    pub fn object(self) -> ObjectKind {
        match self {
            PartKind::Trigger => ObjectKind::Trigger,
            PartKind::Rule => ObjectKind::Rule,
            PartKind::Policy => ObjectKind::Policy,
            PartKind::Statistics => ObjectKind::Statistics,
            PartKind::Publication => ObjectKind::Publication,
        }
    }
}
