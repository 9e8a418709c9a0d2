//! A foreign key between columns whose types cannot be compared.

use crate::choose::Findings;
use crate::clause;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_model::Refusal;
use lockkeeper_syntax::ast::quoted;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::ForeignKeyTypesDiffer) else { return };
    let Refusal::ForeignKeyTypes { column, referenced, left, right, .. } = &failure.refusal else { return };
    let Some(key) = clause::at(&step.statement.body, failure.span).foreign_key() else {
        found.refusal(failure);
        return;
    };
    let target = &key.references;
    let own = clause::target(&step.statement.body);
    let message = format!(
        "`{}` is {left} and `{}` of `{target}` is {right}: there is no `=` between them",
        quoted(column),
        quoted(referenced)
    );
    let finding = found.refused(failure, message);
    let place = step.find(target).and_then(|(_, it)| it.column(referenced)).map(|it| step.locate(it.place));
    if let Some((script, span)) = place {
        finding.label(script, span, format!("{right} here"));
    }
    let before = own.and_then(|it| Some((it, step.find(it)?.1)));
    match before {
        Some((table, relation)) => {
            if let Some(known) = relation.column(column) {
                let (script, span) = step.locate(known.place);
                finding.label(script, span, format!("{left} here"));
            }
            let column = quoted(column);
            finding.help("give the referencing column the type of the key; that rewrites its table, so do it before the table is large");
            finding.instead(format!(
                "ALTER TABLE {table} ALTER COLUMN {column} TYPE {right} USING {column}::{right};\n{};",
                step.statement_text()
            ));
        }
        None => {
            finding.help(format!("declare `{}` as {right}", quoted(column)));
        }
    }
}
