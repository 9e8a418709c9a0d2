//! The type of a column changes that a view, trigger or generated column is built on.

use crate::choose::Findings;
use crate::clause;
use crate::refusals::Reporter;
use crate::say;
use crate::step::Step;
use lockkeeper_model::catalog::{ColumnId, PartKind, Relation, RelationKind};
use lockkeeper_model::{Refusal, RelationId};
use lockkeeper_syntax::ast::quoted;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::TypeChangeBlockedByDependents) else { return };
    let Refusal::ColumnUsed { column, .. } = &failure.refusal else { return };
    let known = clause::target(&step.statement.body).and_then(|it| step.find(it));
    let Some((id, relation)) = known else {
        found.refusal(failure);
        return;
    };
    let users = users(step, id, relation, column);
    if users.is_empty() {
        found.refusal(failure);
        return;
    }
    let message = format!(
        "the type of `{}` of `{}` cannot change while {} {} it",
        quoted(column),
        relation.name.short(),
        say::list(users.iter().map(|it| &it.name)),
        if users.len() == 1 { "uses" } else { "use" },
    );
    let finding = found.refused(failure, message);
    for user in &users {
        if let Some((script, span)) = user.place {
            finding.label(script, span, format!("{} is created here", user.name));
        }
    }
    let drops: Vec<&str> = users.iter().map(|it| it.drop.as_str()).collect();
    finding.help("in one transaction drop what uses the column, change the type, and create it again");
    finding.instead(format!(
        "{}\n{};\n-- and create {} again",
        drops.join("\n"),
        step.statement_text(),
        if users.len() == 1 { "it" } else { "them" }
    ));
}

/// Something that is built on the column.
struct User {
    name: String,
    drop: String,
    place: Option<(usize, lockkeeper_syntax::Span)>,
}

fn users(step: &Step<'_>, table: RelationId, relation: &Relation, column: &str) -> Vec<User> {
    let Some(at) = relation.column_id(column) else { return Vec::new() };
    let own = relation.name.short();
    let views = step.timeline().catalog.views(table).into_iter().filter(|it| reads(step, *it, table, at));
    let views = views.filter_map(|it| {
        let view = step.get(it)?;
        let name = view.name.short();
        let kind = if matches!(view.kind, RelationKind::MaterializedView(_)) { "MATERIALIZED VIEW" } else { "VIEW" };
        Some(User {
            name: format!("the {} `{name}`", say::kind(view)),
            drop: format!("DROP {kind} {name};"),
            place: step.created_at(it),
        })
    });
    let parts = relation.parts.iter().filter(|it| it.columns.contains(&at)).filter_map(|it| {
        let (word, sql) = match it.kind {
            PartKind::Trigger => ("trigger", "TRIGGER"),
            PartKind::Rule => ("rule", "RULE"),
            PartKind::Policy => ("policy", "POLICY"),
            PartKind::Statistics | PartKind::Publication => return None,
        };
        let name = quoted(&it.name);
        Some(User { name: format!("the {word} `{name}`"), drop: format!("DROP {sql} {name} ON {own};"), place: None })
    });
    let generated = relation.live_columns().filter(|(_, it)| {
        it.generated.is_some() && it.default.as_ref().is_some_and(|it| it.columns().iter().any(|it| it.text == column))
    });
    let generated = generated.map(|(_, it)| {
        let name = quoted(&it.name);
        let place = Some(step.locate(it.place));
        User {
            name: format!("the generated column `{name}`"),
            drop: format!("ALTER TABLE {own} DROP COLUMN {name};"),
            place,
        }
    });
    views.chain(parts).chain(generated).collect()
}

fn reads(step: &Step<'_>, view: RelationId, table: RelationId, at: ColumnId) -> bool {
    let Some(RelationKind::View(sources) | RelationKind::MaterializedView(sources)) = step.get(view).map(|it| &it.kind)
    else {
        return false;
    };
    sources.iter().any(|it| it.relation == table && it.columns.as_ref().is_none_or(|it| it.contains(&at)))
}
