//! A foreign key to something that a foreign key cannot refer to.

use crate::choose::Findings;
use crate::clause;
use crate::refusals::Reporter;
use crate::say;
use crate::step::Step;
use lockkeeper_model::Refusal;

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::ForeignKeyTargetUnusable) else { return };
    let Some(key) = clause::at(&step.statement.body, failure.span).foreign_key() else {
        found.refusal(failure);
        return;
    };
    let target = &key.references;
    let found_target = step.find(target);
    match &failure.refusal {
        Refusal::ForeignKeyTargetDeferrable { .. } => {
            let message = format!("the key of `{target}` is deferrable, and no foreign key can refer to such a key");
            let finding = found.refused(failure, message);
            if let Some(key) = found_target.and_then(|(_, it)| it.live_constraints().find(|(_, it)| it.deferrable)) {
                let (script, span) = step.locate(key.1.place);
                finding.label(script, span, "deferrable here");
            }
            finding.help(format!("give `{target}` a unique key on these columns that is not deferrable"));
        }
        Refusal::ForeignKeyColumnCount => {
            let referenced = match key.referenced_columns.len() {
                0 => format!("the primary key of `{target}`"),
                1 => format!("one column of `{target}`"),
                many => format!("{many} columns of `{target}`"),
            };
            let own =
                if key.columns.len() == 1 { "one column".to_owned() } else { format!("{} columns", key.columns.len()) };
            let message = format!("the foreign key has {own}, and {referenced} has another number of them");
            found.refused(failure, message).help("name as many columns on both sides, in the same order");
        }
        Refusal::ForeignKeyToNonTable { .. } => {
            let what = found_target.map_or("no table", |(_, it)| say::kind(it));
            let message = format!("`{target}` is a {what}, and a foreign key refers to tables only");
            found.refused(failure, message).help("refer to the table that holds the rows");
        }
        _ => {
            let finding = found.refusal(failure);
            finding.help("rows that survive a crash or a session must not refer to rows that do not");
        }
    }
}
