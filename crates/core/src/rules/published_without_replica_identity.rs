//! A publication of a table whose rows nothing tells apart for subscribers.

use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use crate::{About, say};
use lockkeeper_model::RelationId;
use lockkeeper_model::catalog::{Relation, RelationKind, ReplicaIdentity};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{self, ActionKind, Body, Persistence, Publication, PublicationChange};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::Publication(publication) = &step.timeline().statement.body else { return };
    let adds = match publication.change {
        PublicationChange::Create | PublicationChange::Add | PublicationChange::Set => true,
        PublicationChange::Drop => false,
    };
    if !adds || only_inserts(publication) {
        return;
    }
    let named = publication.tables.iter().filter_map(|it| Some((step.find(&it.name)?, it.name.span())));
    for ((id, table), span) in named.filter(|((id, table), _)| lacks_identity(step, *id, table)) {
        let name = table.name.short();
        let message = format!(
            "`{name}` is published, and nothing tells its rows apart: no row of it can be changed or deleted any more"
        );
        let finding = found.report(About::Meaning(span), span, message);
        finding.caption("accepted now; each UPDATE and DELETE is refused from here on");
        if let Some((script, place)) = step.created_at(id) {
            finding.label(script, place, "created without a primary key");
        }
        finding.help("give it a primary key first, or a unique index over required columns as its REPLICA IDENTITY");
    }
    if publication.all_tables {
        all_tables(step, publication, found);
    }
}

/// `FOR ALL TABLES`.
fn all_tables(step: &Step<'_>, publication: &Publication, found: &mut Findings<'_>) {
    let permanent = |it: &Relation| it.is_table() && it.persistence == Persistence::Permanent;
    let all = step.timeline().catalog.relations();
    let lacking: Vec<_> =
        all.filter(|(id, it)| permanent(it) && lacks_identity(step, *id, it)).map(|(_, it)| it.name.short()).collect();
    let Some((first, rest)) = lacking.split_first() else { return };
    let more = if rest.len() > 2 { format!(" and {} more", rest.len() - 2) } else { String::new() };
    let shown = say::names(std::iter::once(first).chain(rest.iter().take(2)));
    let span: Span = publication.name.span;
    let message = format!(
        "all tables are published, and nothing tells the rows of {shown}{more} apart: none of them can be changed or deleted any more"
    );
    let finding = found.report(About::Meaning(span), span, message);
    finding.caption("accepted now; each UPDATE and DELETE is refused from here on");
    finding.help("give them primary keys first, or name the tables that are to be published");
}

/// Whether it publishes nothing but rows that are added: `publish = 'insert'`.
fn only_inserts(publication: &Publication) -> bool {
    publication.publish.as_ref().is_some_and(|it| !it.contains("update") && !it.contains("delete"))
}

/// Whether it is certain that rows of the table cannot be named, now and after what follows in the script;
/// `CheckCmdReplicaIdentity` in `src/backend/executor/execReplication.c`.
fn lacks_identity(step: &Step<'_>, id: RelationId, table: &Relation) -> bool {
    let lacks = match table.replica_identity {
        ReplicaIdentity::Default => table.complete && table.primary_key().is_none(),
        ReplicaIdentity::Nothing => true,
        ReplicaIdentity::Full | ReplicaIdentity::Index => false,
    };
    let is_table = matches!(table.kind, RelationKind::Table | RelationKind::Partitioned(_));
    lacks && is_table && !gets_identity(step, id)
}

fn gets_identity(step: &Step<'_>, id: RelationId) -> bool {
    step.later().iter().any(|it| {
        let same = clause::target(&it.body).and_then(|it| step.find(it)).is_some_and(|it| it.0 == id);
        let gives = |it: &ast::Action| match &it.kind {
            ActionKind::ReplicaIdentity(_) => true,
            ActionKind::AddConstraint { constraint } => {
                matches!(&constraint.kind, ast::ConstraintKind::Unique(key) if key.primary)
            }
            _ => false,
        };
        same && clause::actions(&it.body).iter().any(gives)
    })
}
