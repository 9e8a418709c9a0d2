//! What rules do to writes.

use super::RelationId;
use lockkeeper_syntax::ast::{Expr, WriteKind};

/// What a rule does beside a write of its relation, or in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The write that it waits for; none of a rule `ON SELECT`.
    pub event: Option<WriteKind>,
    /// Whether the write itself never takes place: `INSTEAD`, without a condition.
    pub replaces: bool,
    /// Whether it has commands: not so `DO NOTHING`.
    pub acts: bool,
    /// Whether it is on: not so after `DISABLE RULE`.
    pub enabled: bool,
    /// What its commands write.
    pub writes: Vec<RuleWrite>,
}

/// A command of a rule that writes.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleWrite {
    /// The relation.
    pub relation: RelationId,
    /// `ONLY`.
    pub only: bool,
    /// What it does.
    pub kind: WriteKind,
    /// The `WHERE` of an `UPDATE` or `DELETE`.
    pub condition: Option<Expr>,
}
