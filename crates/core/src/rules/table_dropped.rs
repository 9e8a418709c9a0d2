//! A table goes, with its rows.

use crate::choose::Findings;
use crate::step::Step;
use crate::{About, say};
use lockkeeper_model::catalog::{Relation, RelationKind};
use lockkeeper_model::{DropReason, DroppedObject, RelationId};
use lockkeeper_syntax::ast::Body;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    for dropped in step.effects.drops.iter().filter(|it| it.how == DropReason::Named) {
        let DroppedObject::Relation(id) = dropped.object else { continue };
        let Some(relation) = step.get(id).filter(|it| it.is_table()) else { continue };
        if step.is_new(id) || is_cleared(step, relation) {
            continue;
        }
        let rows = match relation.kind {
            RelationKind::Foreign => "; its rows stay on the other server".to_owned(),
            RelationKind::Partitioned(_) => with_partitions(step, id),
            _ => " with all its rows".to_owned(),
        };
        let message = format!("{} `{}` is dropped{rows}", say::kind(relation), relation.name.short());
        let finding = found.report(About::Drop(dropped.object.clone()), dropped.span, message);
        finding.caption("running code that uses it fails from here on");
        if let Some((script, span)) = step.created_at(id) {
            finding.label(script, span, "created here");
        }
        let name = relation.name.short();
        finding.help(format!(
            "release code that does without `{name}`, then rename it for a while, and drop it in a later migration"
        ));
    }
}

/// Whether it only makes room for a table that the script creates: `DROP TABLE IF EXISTS` of what no migration has made.
fn is_cleared(step: &Step<'_>, relation: &Relation) -> bool {
    let if_exists = matches!(&step.statement.body, Body::Drop(it) if it.if_exists);
    if_exists && !relation.known() && step.made_again(relation)
}

fn with_partitions(step: &Step<'_>, id: RelationId) -> String {
    match step.timeline().catalog.partitions(id).as_slice() {
        [] => " with all its rows".to_owned(),
        [one] => format!(" with its partition `{}` and all rows", step.name(*one)),
        many => format!(" with its {} partitions and all their rows", many.len()),
    }
}
