//! A new label of an enum is used before the transaction commits that adds it.

use crate::Where;
use crate::choose::Findings;
use crate::refusals::Reporter;
use crate::step::Step;
use lockkeeper_model::Refusal;
use lockkeeper_model::timeline::OpenedBy;
use lockkeeper_syntax::ast::{Body, EnumChange};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Some(failure) = step.refusal(Reporter::EnumValueUsedInSameTransaction) else { return };
    let Refusal::EnumValueInOpenTransaction { label, enum_name } = &failure.refusal else { return };
    let message = format!("'{label}' of `{enum_name}` cannot be used before the transaction commits that adds it");
    let finding = found.refused(failure, message);
    let added = step.earlier().iter().find(|it| match &it.body {
        Body::AlterEnum(it) => matches!(&it.change, EnumChange::Add { value, .. } if value.label == *label),
        _ => false,
    });
    if let Some(added) = added {
        finding.label(step.script(), added.span, "added here");
        let sql = format!("{};\n{};", step.text(added.span), step.statement_text());
        finding.instead_in(Where::AfterTheFirst, sql);
    }
    let whole = match step.transaction.opened_by {
        OpenedBy::SingleQuery => "the file is sent as one query, which is one transaction",
        OpenedBy::Runner => "the migration tool runs the file in one transaction",
        OpenedBy::File | OpenedBy::Statement => "both stand in one transaction",
    };
    finding.note(whole);
    finding.help("add the value in a migration of its own, and use it in the next");
}
