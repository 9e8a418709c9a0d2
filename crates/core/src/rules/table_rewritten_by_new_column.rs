//! A new column makes the server write every row anew while reads and writes wait.

use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use crate::work::{self, Work};
use crate::{About, Finding, Where, recipe};
use lockkeeper_model::RewriteReason;
use lockkeeper_model::catalog::{TypeDefinition, TypeDefinitionKind};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{ActionKind, ColumnConstraint, ColumnDef, GeneratedKind, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let columns = |why: &'_ RewriteReason| matches!(why, RewriteReason::NewColumn(_)).then_some(());
    for (work, ()) in work::rewrites(step, columns) {
        let Some(action) = clause::action_at(&step.statement.body, work.span) else { continue };
        let ActionKind::AddColumn { column, .. } = &action.kind else { continue };
        let (cause, span) = cause(step, column);
        let reason = cause.reason(&quoted(&column.name.text));
        let message = format!("{} while every row is written anew, because {reason}", work.waiting(step));
        let finding = found.report(About::Rewrite(work.table), span, message);
        finding.caption(work.caption(step, work::REWRITES));
        advise(step, finding, &work, column, cause);
    }
}

/// What makes each row need a value of its own.
#[derive(Clone, Copy)]
enum Cause {
    Sequence,
    Stored,
    Default,
    Domain,
}

impl Cause {
    fn reason(self, column: &impl std::fmt::Display) -> String {
        match self {
            Cause::Sequence => format!("each gets a number of its own for `{column}`"),
            Cause::Stored => format!("the generated column `{column}` is stored in it"),
            Cause::Default => format!("the default of `{column}` is volatile and computed for each"),
            Cause::Domain => format!("the type of `{column}` is a domain that has to be checked for each"),
        }
    }
}

fn cause(step: &Step<'_>, column: &ColumnDef) -> (Cause, Span) {
    if let Some(data_type) = column.data_type.as_ref().filter(|it| is_constrained(step, step.find_type(&it.name))) {
        return (Cause::Domain, data_type.span);
    }
    let serial = column.data_type.as_ref().filter(|it| it.serial).map(|it| (Cause::Sequence, it.span));
    let written = column.constraints.iter().find_map(|it| match it {
        ColumnConstraint::Identity(it) => Some((Cause::Sequence, it.span)),
        ColumnConstraint::Generated(it) => Some((Cause::Stored, it.span)),
        ColumnConstraint::Default(_, span) => Some((Cause::Default, *span)),
        ColumnConstraint::Null(_) | ColumnConstraint::Constraint(_) => None,
    });
    let of_type = || (Cause::Domain, column.data_type.as_ref().map_or(column.span, |it| it.span));
    serial.or(written).unwrap_or_else(of_type)
}

/// Whether a type is a domain whose conditions, or those of a domain below it, have to be checked.
fn is_constrained<'a>(step: &Step<'a>, mut definition: Option<&'a TypeDefinition>) -> bool {
    while let Some(TypeDefinitionKind::Domain(domain)) = definition.map(|it| &it.kind) {
        if domain.not_null || !domain.checks.is_empty() {
            return true;
        }
        definition = step.timeline().catalog.type_definition(&domain.base.name);
    }
    false
}

fn advise(step: &Step<'_>, finding: &mut Finding, work: &Work, column: &ColumnDef, cause: Cause) {
    let (table, name) = (step.name(work.table), quoted(&column.name.text));
    let data_type = column.data_type.as_ref().map(|it| step.text(it.span)).unwrap_or_default();
    match cause {
        Cause::Default => {
            let default = column.constraints.iter().find_map(|it| match it {
                ColumnConstraint::Default(expr, _) => Some(step.text(expr.span)),
                _ => None,
            });
            let default = default.unwrap_or_default();
            finding.help("add the column empty, give it the default for new rows, and fill the old ones in batches");
            finding.instead_in(
                Where::EachAlone,
                format!(
                    "ALTER TABLE {table} ADD COLUMN {name} {data_type};\n\
                     ALTER TABLE {table} ALTER COLUMN {name} SET DEFAULT {default};\n\
                     UPDATE {table} SET {name} = {default} WHERE {name} IS NULL; -- in batches"
                ),
            );
        }
        Cause::Sequence => {
            finding.help(
                "add a nullable bigint column, give it DEFAULT nextval() of a sequence of its own, fill the old rows in \
                 batches, and make it NOT NULL by a validated constraint",
            );
        }
        Cause::Stored if step.version.since(18) => {
            finding.help("a VIRTUAL generated column is computed when it is read and rewrites nothing");
            let generated = column.constraints.iter().find_map(|it| match it {
                ColumnConstraint::Generated(it) if it.kind == Some(GeneratedKind::Stored) => Some(it.span),
                _ => None,
            });
            if let Some(span) = generated {
                let text = step.text(span);
                let shorter = text[..text.len() - "STORED".len()].trim_end();
                finding.instead(recipe::rewrite(step, &[(span, &format!("{shorter} VIRTUAL"))]));
            }
        }
        Cause::Stored => {
            finding.help("add a plain column, keep it up to date by a trigger, and fill the old rows in batches");
        }
        Cause::Domain => {
            finding.help(format!(
                "give `{name}` the domain's base type, and the domain's condition as a check that is added NOT VALID and \
                 validated later"
            ));
        }
    }
}
