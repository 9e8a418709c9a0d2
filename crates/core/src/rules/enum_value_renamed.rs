//! A value of an enum that code uses gets another name.

use crate::About;
use crate::choose::Findings;
use crate::step::Step;
use lockkeeper_syntax::ast::{Body, EnumChange};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::AlterEnum(alter) = &step.statement.body else { return };
    let EnumChange::Rename { from, to } = &alter.change else { return };
    let made = step.find_type(&alter.name).map(|it| it.place.statement);
    if step.failure.is_some() || made.is_some_and(|it| step.is_new_place(it)) {
        return;
    }
    let message = format!(
        "the value '{}' of `{}` becomes '{}', and code that writes or compares the old one fails",
        from.label, alter.name, to.label
    );
    let finding = found.report(About::Name, from.span, message);
    finding.caption("running code still says this value");
    finding.help("add the new value, let the code use both, change the rows, and leave the old value alone");
    finding.instead(format!("ALTER TYPE {} ADD VALUE '{}';", alter.name, to.label.replace('\'', "''")));
}
