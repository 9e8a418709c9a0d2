//! A table or view that code uses gets another name or schema.

use crate::About;
use crate::choose::Findings;
use crate::say;
use crate::step::Step;
use lockkeeper_model::catalog::{Relation, RelationKind};
use lockkeeper_syntax::ast::{Body, QualifiedName, RenamedPart};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let (object, to) = match &step.statement.body {
        Body::Rename(it) if it.part == RenamedPart::Itself => (&it.object, it.to.to_string()),
        Body::SetSchema(it) => (&it.object, format!("{}.{}", it.to, it.object.name)),
        _ => return,
    };
    let Some((id, relation)) = step.find(object) else { return };
    if !is_queried(relation) || step.is_new(id) || taken_over(step, object) || step.effects.skipped {
        return;
    }
    let name = relation.name.short();
    let message = format!("{} `{name}` becomes `{to}`, and code that uses the old name fails", say::kind(relation));
    let finding = found.report(About::Name, object.span(), message);
    finding.caption("running code still says this name");
    if let Some((script, span)) = step.created_at(id) {
        finding.label(script, span, "created here");
    }
    finding.help("leave a view of the old name behind in the same transaction, and drop it once no code uses it");
    finding.instead(format!("{};\nCREATE VIEW {object} AS SELECT * FROM {to};", step.statement_text()));
}

/// Whether queries name it.
fn is_queried(relation: &Relation) -> bool {
    match relation.kind {
        RelationKind::Table
        | RelationKind::Partitioned(_)
        | RelationKind::Foreign
        | RelationKind::View(_)
        | RelationKind::MaterializedView(_) => true,
        RelationKind::Index(_) | RelationKind::Sequence(_) | RelationKind::Composite => false,
    }
}

/// Whether a later statement of the script gives the old name to something else, as a view that stands in for it.
fn taken_over(step: &Step<'_>, old: &QualifiedName) -> bool {
    let same = |it: &QualifiedName| it.name == old.name && (it.schema == old.schema || it.schema.is_none());
    step.later().iter().any(|it| match &it.body {
        Body::CreateView(it) => same(&it.name),
        Body::CreateTable(it) => same(&it.name),
        Body::CreateTableAs(it) => same(&it.name),
        Body::Rename(it) => it.part == RenamedPart::Itself && it.to == old.name,
        _ => false,
    })
}
