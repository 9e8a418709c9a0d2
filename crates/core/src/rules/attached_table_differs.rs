//! A table is attached that is not made like its partitioned table.

use crate::choose::Findings;
use crate::clause;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_model::Refusal;
use lockkeeper_model::catalog::{NotNull, Relation};
use lockkeeper_syntax::ast::{ActionKind, QualifiedName, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::AttachedTableDiffers) else { return };
    let Refusal::AttachedDiffers { column, .. } = &failure.refusal else { return };
    let finding = found.refusal(failure);
    let Some(parent) = clause::target(&step.statement.body).and_then(|it| Some(step.find(it)?.1)) else { return };
    let Some((name, child)) = child(step) else { return };
    let Some(column) = column else {
        finding.help("a partition has the columns, checks and not-null constraints of its parent, and no other parent");
        return;
    };
    let (above, below) = (parent.column(column), child.column(column));
    for (column, relation) in [(above, parent), (below, child)] {
        if let Some(column) = column {
            let (script, span) = step.locate(column.place);
            finding.label(script, span, format!("{} in `{}`", column.data_type.sql(), relation.name.short()));
        }
    }
    let quoted_name = quoted(column);
    let mend = match (above, below) {
        (None, _) => format!("DROP COLUMN {quoted_name}"),
        (Some(above), None) => {
            let not_null = if above.not_null == NotNull::Yes { " NOT NULL" } else { "" };
            format!("ADD COLUMN {quoted_name} {}{not_null}", above.data_type.sql())
        }
        (Some(above), Some(below)) if above.data_type != below.data_type => {
            let new = above.data_type.sql();
            format!("ALTER COLUMN {quoted_name} TYPE {new} USING {quoted_name}::{new}")
        }
        (Some(above), Some(below)) if above.not_null == NotNull::Yes && below.not_null == NotNull::No => {
            format!("ALTER COLUMN {quoted_name} SET NOT NULL")
        }
        _ => return,
    };
    finding.help("make it like the parent first, while nobody uses it");
    finding.instead(format!("ALTER TABLE {name} {mend};\n{};", step.statement_text()));
}

fn child<'a>(step: &Step<'a>) -> Option<(&'a QualifiedName, &'a Relation)> {
    let name = clause::actions(&step.timeline().statement.body).iter().find_map(|it| match &it.kind {
        ActionKind::AttachPartition { child, .. } => Some(child),
        _ => None,
    })?;
    Some((name, step.find(name)?.1))
}
