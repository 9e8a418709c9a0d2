//! A constraint of a domain is verified in every table that uses it while writes wait.

use crate::choose::Findings;
use crate::step::Step;
use crate::work::{self, Work};
use crate::{About, Edit, Finding, Safety, recipe, say};
use lockkeeper_syntax::ast::{AlterDomain, Body, DomainChange};

pub(crate) fn check(step: &Step<'_>, found: &mut Findings<'_>) {
    let Body::AlterDomain(domain) = &step.statement.body else { return };
    let works: Vec<Work> = work::scans(step, |_| Some(())).into_iter().map(|(work, ())| work).collect();
    let Some(first) = works.first() else { return };
    let lock = first.lock(step);
    let tables = say::names(works.iter().map(|it| step.name(it.table)));
    let accesses = say::accesses(lock.blocks());
    let message = format!("{accesses} {tables} wait while each row is checked against the domain `{}`", domain.name);
    let finding = found.report(About::Scan(first.table), domain.name.span(), message);
    let many = if works.len() == 1 { "this table".to_owned() } else { format!("{} tables", works.len()) };
    finding.caption(format!("{lock} on {many} until commit; reads every row"));
    advise(step, domain, finding);
}

fn advise(step: &Step<'_>, domain: &AlterDomain, finding: &mut Finding) {
    let DomainChange::AddConstraint(_) = &domain.change else {
        finding.help("put the constraint on the columns, table by table, where it can be validated while writes go on");
        return;
    };
    finding.help(
        "add it NOT VALID, which reads nothing, and leave it so: to validate it stops the same writes. \
         Or put the check on the columns, where it can be validated while writes go on",
    );
    let edits = vec![Edit::insert(step.statement.span.end, " NOT VALID")];
    finding.instead(recipe::edited(step, &edits));
    finding.fix(Safety::Unsafe, "add it NOT VALID", edits);
}
