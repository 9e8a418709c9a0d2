//! Whether a script gives published tables what tells their rows apart.

use crate::clause;
use crate::step::Step;
use lockkeeper_model::RelationId;
use lockkeeper_syntax::ast::{self, ActionKind, Body, ConstraintKind, QualifiedName, ReplicaIdentity, Statement};

/// Whether this statement or a later one of the script gives the table a replica identity.
pub(crate) fn regains(step: &Step<'_>, id: RelationId) -> bool {
    let own = std::iter::once(step.timeline().statement);
    own.chain(step.later()).any(|it| {
        let target = clause::target(&it.body).and_then(|it| step.find(it));
        gets_identity(it) && target.is_some_and(|it| it.0 == id)
    })
}

/// Whether the statement gives a table a replica identity.
pub(crate) fn gets_identity(it: &Statement) -> bool {
    let gives = |it: &ast::Action| match &it.kind {
        ActionKind::ReplicaIdentity(it) => !matches!(it, ReplicaIdentity::Nothing | ReplicaIdentity::Default),
        _ => false,
    };
    makes_key(&it.body) || clause::actions(&it.body).iter().any(gives)
}

/// Whether the statement is about the table of this name.
pub(crate) fn is_about(it: &Statement, name: &QualifiedName) -> bool {
    clause::target(&it.body).is_some_and(|it| it.name.text == name.name.text)
}

/// Whether the statement makes a primary key. A deferrable one tells nothing apart; `RelationGetIndexList` in
/// `src/backend/utils/cache/relcache.c`.
pub(crate) fn makes_key(it: &Body) -> bool {
    let is_key =
        |it: &ast::Constraint| matches!(&it.kind, ConstraintKind::Unique(key) if key.primary) && !it.deferrable;
    clause::constraints(it).any(|(it, _)| is_key(it))
}
