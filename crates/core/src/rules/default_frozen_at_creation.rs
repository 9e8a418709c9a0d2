//! `DEFAULT 'now'`: the moment at which the default is set, for ever.

use crate::choose::Findings;
use crate::clause;
use crate::step::Step;
use crate::{About, Edit, Safety, recipe};
use lockkeeper_syntax::ast::{ActionKind, ColumnConstraint, ColumnDef, Constant, Expr, ExprKind, TypeName, quoted};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let body = &step.timeline().statement.body;
    for column in clause::columns(body) {
        of_definition(step, column, found);
    }
    for action in clause::actions(body) {
        let ActionKind::SetDefault { column, expr } = &action.kind else { continue };
        let known = clause::target(body).and_then(|it| step.find(it)?.1.column(&column.text));
        let of_column = known.filter(|it| it.data_type.name.schema == "pg_catalog" && it.data_type.dimensions == 0);
        report(step, &column.text, of_column.map(|it| it.data_type.name.name.as_str()), expr, found);
    }
}

fn of_definition(step: &Step<'_>, column: &ColumnDef, found: &mut Findings<'_>) {
    let data_type = column.data_type.as_ref().and_then(type_name);
    for constraint in &column.constraints {
        if let ColumnConstraint::Default(expr, _) = constraint {
            report(step, &column.name.text, data_type, expr, found);
        }
    }
}

fn type_name(written: &TypeName) -> Option<&str> {
    (written.array_dimensions == 0).then_some(written.name.name.text.as_str())
}

fn report(step: &Step<'_>, column: &str, data_type: Option<&str>, expr: &Expr, found: &mut Findings<'_>) {
    let (word, of) = match &expr.kind {
        ExprKind::Constant(Constant::String(word)) => (word, data_type),
        // The cast of a literal is done when the default is set, like the literal of the column's own type.
        ExprKind::Cast { value, to } => match &value.kind {
            ExprKind::Constant(Constant::String(word)) => (word, type_name(to)),
            _ => return,
        },
        _ => return,
    };
    let Some(moving) = of.and_then(|of| moving(word, of)) else { return };
    let message =
        format!("each row gets the moment at which this default is set into `{}`, not its own", quoted(column));
    let finding = found.report(About::Meaning(expr.span), expr.span, message);
    finding.caption("is turned into a fixed value at once");
    finding.help(format!("{moving} is computed for each row"));
    let edits = vec![Edit { span: expr.span, text: moving.to_owned() }];
    finding.instead(recipe::edited(step, &edits));
    finding.fix(Safety::Unsafe, format!("write {moving}"), edits);
}

/// What to write for a word that the input functions of dates and times understand as the present;
/// "Special Values" in the manual.
fn moving(word: &str, data_type: &str) -> Option<&'static str> {
    let known = ["now", "today", "tomorrow", "yesterday"];
    let word = known.into_iter().find(|it| word.trim().eq_ignore_ascii_case(it))?;
    Some(match (data_type, word) {
        ("date", "now" | "today") => "CURRENT_DATE",
        ("date", "tomorrow") => "CURRENT_DATE + 1",
        ("date", "yesterday") => "CURRENT_DATE - 1",
        ("timestamptz", "now") => "now()",
        ("timestamp", "now") => "LOCALTIMESTAMP",
        ("time", "now") => "LOCALTIME",
        ("timetz", "now") => "CURRENT_TIME",
        ("timestamptz" | "timestamp", "today") => "CURRENT_DATE",
        ("timestamptz" | "timestamp", "tomorrow") => "CURRENT_DATE + 1",
        ("timestamptz" | "timestamp", "yesterday") => "CURRENT_DATE - 1",
        _ => return None,
    })
}
