//! A foreign key of a partitioned table that is `NOT VALID` or said of `ONLY` the parent.

use crate::choose::Findings;
use crate::clause;
use crate::refusals::Reporter;
use crate::step::Step;
use crate::{About, Where};
use lockkeeper_model::Refusal;
use lockkeeper_syntax::ast::Body;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::ForeignKeyOnPartitioned) else { return };
    let Some(target) = clause::target(&step.statement.body) else {
        found.refusal(failure);
        return;
    };
    let only = matches!(failure.refusal, Refusal::ForeignKeyOnlyOnPartitioned { .. });
    let message = match only {
        true => format!("a foreign key of the partitioned table `{target}` cannot leave out its partitions"),
        false => format!("a foreign key of the partitioned table `{target}` cannot be NOT VALID before PostgreSQL 18"),
    };
    let relation = step.find(target);
    let finding = found.report(About::Failure, failure.span, message);
    finding.caption(step.refuses(failure));
    if let Some((_, key)) = relation.and_then(|(_, it)| Some((it, it.partition_key()?))) {
        let (script, span) = step.locate(key.place);
        finding.label(script, span, format!("`{target}` is partitioned here"));
    }
    if only {
        if let Body::AlterTable(alter) = &step.statement.body {
            let constraint = step.text(failure.span);
            let add = if constraint.starts_with("ADD") { constraint.to_owned() } else { format!("ADD {constraint}") };
            finding.help("leave out ONLY");
            finding.instead(format!("ALTER TABLE {} {add};", alter.relation.name));
        }
        return;
    }
    let partitions = relation.map(|(id, _)| step.timeline().catalog.partitions(id)).unwrap_or_default();
    let text = step.text(failure.span);
    let clause = if text.starts_with("ADD") { text.to_owned() } else { format!("ADD {text}") };
    let mut lines = Vec::new();
    for partition in partitions.iter().take(2) {
        lines.push(format!("ALTER TABLE {} {clause};", step.name(*partition)));
        if let Some(name) = constraint_name(step, failure.span) {
            lines.push(format!("ALTER TABLE {} VALIDATE CONSTRAINT {name};", step.name(*partition)));
        }
    }
    if partitions.len() > 2 {
        lines.push("-- and the same for the other partitions".to_owned());
    }
    lines.push(format!("ALTER TABLE {target} {};", without_not_valid(&clause)));
    finding.help(
        "add the foreign key to each partition NOT VALID and validate it there; \
         the foreign key of the parent then takes those over and reads nothing",
    );
    finding.instead_in(Where::EachAlone, lines.join("\n"));
}

fn constraint_name(step: &Step<'_>, span: lockkeeper_syntax::Span) -> Option<String> {
    match clause::at(&step.statement.body, span) {
        clause::Clause::Constraint { constraint, .. } => constraint.name.as_ref().map(ToString::to_string),
        _ => None,
    }
}

/// The clause without its last two words; the grammar lets attributes stand in any order, so only where they are last.
fn without_not_valid(clause: &str) -> &str {
    let lower = clause.to_ascii_lowercase();
    let shorter = lower.strip_suffix("valid").map(str::trim_end).and_then(|it| it.strip_suffix("not"));
    shorter.map_or(clause, |it| clause[..it.len()].trim_end())
}
