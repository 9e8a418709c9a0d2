//! `ALTER DOMAIN`; `src/backend/commands/typecmds.c`.

use super::columns::object_name;
use super::work::Work;
use crate::Refusal;
use crate::catalog::{Change, ColumnId, Domain, ObjectName, Relation, RelationId, TypeDefinition, TypeDefinitionKind};
use crate::effects::{LockMode, ScanReason};
use lockkeeper_syntax::ast::{
    AlterDomain, Constraint, ConstraintKind, CreateDomain, DomainChange, DomainClause, Name, ObjectKind,
};
use lockkeeper_syntax::{Arrange, Span};
use smol_str::{SmolStr, format_smolstr};

pub(super) fn alter(work: &mut Work<'_>, it: &AlterDomain) {
    let Some(name) = work.find_type(&it.name) else {
        match work.row_type(&it.name) {
            Some(_) => {
                let name = it.name.name.text.clone();
                work.refuse(Refusal::WrongKind { name, expected: "a domain" }, it.name.span());
            }
            None => work.refuse_missing_type(&it.name),
        }
        return;
    };
    let Some(definition) = work.catalog.type_definition(&name).cloned() else { return };
    let TypeDefinitionKind::Domain(mut domain) = definition.kind.clone() else {
        let refusal = Refusal::WrongKind { name: name.name, expected: "a domain" };
        work.refuse(refusal, it.name.span());
        return;
    };
    let span = work.statement.span;
    match &it.change {
        DomainChange::Default(default) => domain.default.clone_from(default),
        DomainChange::DropNotNull => domain.not_null = false,
        DomainChange::SetNotNull => {
            if !domain.not_null {
                verify(work, &name, ScanReason::NotNull, span);
                domain.not_null_name = None;
            }
            domain.not_null = true;
        }
        DomainChange::AddConstraint(constraint) => {
            if let ConstraintKind::NotNull { .. } = constraint.kind {
                if !work.version.since(17) {
                    let message = "unrecognized constraint subtype";
                    work.refuse(Refusal::Plain { sqlstate: "XX000", message }, constraint.span);
                }
                if !domain.not_null {
                    verify(work, &name, ScanReason::NotNull, span);
                    domain.not_null_name = constraint.name.as_ref().map(|it| it.text.clone());
                }
                domain.not_null = true;
            } else {
                let Some(own) = check_name(work, &name, &domain, constraint) else { return };
                if !constraint.not_valid {
                    let check = own.clone();
                    verify(work, &name, |_| ScanReason::Check(check.clone()), span);
                }
                domain.checks.push(own);
            }
        }
        DomainChange::DropConstraint { name: constraint, if_exists } => {
            if domain.checks.contains(&constraint.text) {
                domain.checks.retain(|it| *it != constraint.text);
            } else if is_not_null_constraint(work, &name, &domain, constraint) {
                domain.not_null = false;
            } else if !if_exists {
                refuse_missing(work, &name, constraint);
            }
        }
        DomainChange::ValidateConstraint(constraint) => {
            if !domain.checks.contains(&constraint.text) {
                refuse_missing(work, &name, constraint);
                return;
            }
            // Also what is valid already; see `AlterDomainValidateConstraint`.
            let check = constraint.text.clone();
            verify(work, &name, |_| ScanReason::Check(check.clone()), span);
        }
    }
    let kind = TypeDefinitionKind::Domain(domain);
    work.change(Change::Type { name, to: Some(Box::new(TypeDefinition { kind, ..definition })) });
}

/// From PostgreSQL 17 on `NOT NULL` of a domain is a constraint with a name.
fn is_not_null_constraint(work: &Work<'_>, domain: &ObjectName, it: &Domain, constraint: &Name) -> bool {
    let made_up = || object_name(&domain.name, None, "not_null");
    let name = it.not_null_name.clone().unwrap_or_else(made_up);
    work.version.since(17) && it.not_null && constraint.text == name
}

/// The name of a new check of a domain, written or made up; refuses one that another check has.
pub(super) fn check_name(work: &mut Work<'_>, domain: &ObjectName, it: &Domain, check: &Constraint) -> Option<SmolStr> {
    let Some(written) = &check.name else {
        let first = object_name(&domain.name, None, "check");
        let numbered = (1..).map(|number| object_name(&domain.name, None, &format_smolstr!("check{number}")));
        let free = |name: &SmolStr| !it.checks.contains(name) && !work.catalog.has_constraint(&domain.schema, name);
        return std::iter::once(first).chain(numbered).find(free);
    };
    if it.checks.contains(&written.text) {
        let table = Some(domain.name.clone());
        let refusal = Refusal::DuplicateObject { kind: ObjectKind::Constraint, name: written.text.clone(), table };
        work.refuse(refusal, written.span);
        return None;
    }
    Some(written.text.clone())
}

fn refuse_missing(work: &mut Work<'_>, domain: &ObjectName, constraint: &Name) {
    let table = Some(domain.name.clone());
    let refusal = Refusal::MissingObject { kind: ObjectKind::Constraint, name: constraint.text.clone(), table };
    work.refuse(refusal, constraint.span);
}

/// Every table with a column of the domain is closed to writes and read in full; `validateDomainCheckConstraint`.
fn verify(work: &mut Work<'_>, domain: &ObjectName, why: impl Fn(SmolStr) -> ScanReason, span: Span) {
    for (table, column) in work.columns_of_domain(domain) {
        let used = &work.relation(table).columns[column];
        if used.data_type.dimensions > 0 {
            // `find_composite_type_dependencies`.
            let message = format!("cannot alter type \"{}\" because a column uses it", domain.name);
            work.refuse(Refusal::Unsupported { message }, span);
        }
        work.lock(table, LockMode::Share, span);
        let column = work.relation(table).columns[column].name.clone();
        work.scan(table, why(column), span);
    }
}

impl Work<'_> {
    /// The stored columns of a domain, those of domains over it too; `get_rels_with_domain`.
    fn columns_of_domain(&self, domain: &ObjectName) -> Vec<(RelationId, ColumnId)> {
        let mut names = vec![domain.clone()];
        let mut at = 0;
        while at < names.len() {
            let over = self.catalog.domains().filter(|(_, it)| it.base.name == names[at]);
            let over: Vec<ObjectName> = over.map(|(name, _)| name.clone()).filter(|it| !names.contains(it)).collect();
            names.extend(over);
            at += 1;
        }
        let of = |relation: &Relation| {
            relation.live_columns().find(|(_, it)| names.contains(&it.data_type.name)).map(|(at, _)| at)
        };
        let mut using: Vec<RelationId> =
            names.iter().flat_map(|it| self.catalog.typed(&it.name)).map(|(id, _)| id).collect();
        using.arrange_by(Ord::cmp);
        using.dedup();
        let stored = using.into_iter().filter(|id| self.relation(*id).has_storage());
        stored.filter_map(|id| Some((id, of(self.relation(id))?))).collect()
    }
}

/// What a domain cannot have, though the grammar takes it; `DefineDomain` in `src/backend/commands/typecmds.c`.
pub(super) fn check_clauses(work: &mut Work<'_>, it: &CreateDomain) {
    let (mut default, mut null, mut not_null) = (false, false, false);
    for (clause, span) in &it.clauses {
        let refusal = match clause {
            DomainClause::Default if default => Some(("42601", "multiple default expressions")),
            DomainClause::NotNull { .. } if null => Some(("42601", "conflicting NULL/NOT NULL constraints")),
            DomainClause::Null if not_null => Some(("42601", "conflicting NULL/NOT NULL constraints")),
            DomainClause::NotNull { .. } if not_null && work.version.since(18) => {
                Some(("42P17", "redundant NOT NULL constraint definition"))
            }
            DomainClause::NotNull { no_inherit: true } if work.version.since(18) => {
                Some(("42P17", "not-null constraints for domains cannot be marked NO INHERIT"))
            }
            DomainClause::Check { no_inherit: true } => {
                Some(("42P17", "check constraints for domains cannot be marked NO INHERIT"))
            }
            DomainClause::Unique => Some(("42601", "unique constraints not possible for domains")),
            DomainClause::PrimaryKey => Some(("42601", "primary key constraints not possible for domains")),
            DomainClause::Exclude => Some(("42601", "exclusion constraints not possible for domains")),
            DomainClause::ForeignKey => Some(("42601", "foreign key constraints not possible for domains")),
            DomainClause::Identity | DomainClause::Generated if work.version.since(18) => {
                Some(("0A000", "specifying GENERATED not supported for domains"))
            }
            DomainClause::Deferrability => {
                Some(("0A000", "specifying constraint deferrability not supported for domains"))
            }
            DomainClause::Enforcement if work.version.since(18) => {
                Some(("0A000", "specifying constraint enforceability not supported for domains"))
            }
            _ => None,
        };
        if let Some((sqlstate, message)) = refusal {
            work.refuse(Refusal::Plain { sqlstate, message }, *span);
        }
        default |= *clause == DomainClause::Default;
        null |= *clause == DomainClause::Null;
        not_null |= matches!(clause, DomainClause::NotNull { .. });
    }
}
