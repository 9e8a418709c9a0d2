//! Rules, policies, extended statistics and comments: what hangs on a table.

use super::names::{Expected, Found};
use super::system::refuse_protected;
use super::work::Work;
use crate::Refusal;
use crate::catalog::{Change, ColumnId, ObjectName, Part, PartKind, RelationId, RelationKind};
use crate::effects::LockMode;
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::ast::{
    Comment, CreateStatistics, Expr, ExprKind, Name, ObjectKind, Persistence, Policy, QualifiedName,
};
use smol_str::SmolStr;

/// Hangs a part on a relation; refused if one of its kind has the name.
pub(super) fn add_part(work: &mut Work<'_>, table: RelationId, part: Part, name: &Name, replace: bool) {
    let mut parts = work.relation(table).parts.clone();
    let same = |it: &Part| it.kind == part.kind && it.name == part.name;
    // Whether a policy is still there is not certain where the history does not show all of its table.
    let certain = part.kind != PartKind::Policy || work.relation(table).complete;
    if parts.iter().any(same) && !replace && certain {
        let kind = part.kind.object();
        let table = Some(work.relation(table).name.name.clone());
        work.refuse(Refusal::DuplicateObject { kind, name: part.name, table }, name.span);
        return;
    }
    parts.retain(|it| !same(it));
    parts.push(part);
    work.change(Change::Parts { id: table, to: parts });
}

/// `CREATE POLICY`, `ALTER POLICY`; `src/backend/commands/policy.c`.
pub(super) fn policy(work: &mut Work<'_>, it: &Policy) {
    let Some(table) = work.resolve_or_assume(&it.table, Expected::Relation, false) else { return };
    if refuse_protected(work, table, it.table.span()) {
        return;
    }
    work.lock(table, LockMode::AccessExclusive, it.table.span());
    let relation = work.relation(table);
    if relation.known() && (!relation.is_table() || matches!(relation.kind, RelationKind::Foreign)) {
        let name = relation.name.name.clone();
        work.refuse(Refusal::WrongKind { name, expected: "a table" }, it.table.span());
        return;
    }
    let old = relation.parts.iter().find(|own| own.kind == PartKind::Policy && own.name == it.name.text).cloned();
    // The conditions are read before the name is looked up.
    let mut columns: Vec<ColumnId> = old.iter().flat_map(|it| it.columns.iter().copied()).collect();
    for expr in &it.conditions {
        columns.extend(own_columns(work, table, expr));
        work.check_condition(expr, table);
    }
    let relation = work.relation(table);
    if it.alter && old.is_none() {
        if relation.complete {
            let table = Some(relation.name.name.clone());
            let refusal = Refusal::MissingObject { kind: ObjectKind::Policy, name: it.name.text.clone(), table };
            work.refuse(refusal, it.name.span);
        }
        return;
    }
    super::queries::read(work, &it.reads);
    let own = super::scopes::meaning_over(work, table, it.conditions.iter());
    columns.extend(own.into_iter().filter(|it| it.relation == table).flat_map(|it| it.columns.unwrap_or_default()));
    columns.arrange_by(Ord::cmp);
    columns.dedup();
    let mut uses = super::scopes::meaning_over(work, table, it.conditions.iter());
    uses.retain(|it| it.relation != table);
    let part = Part { uses, ..Part::new(it.name.text.clone(), PartKind::Policy, columns) };
    add_part(work, table, part, &it.name, it.alter);
}

/// The columns of the table in a condition. Inside a subquery only a name with its table is certain to be one.
fn own_columns(work: &mut Work<'_>, table: RelationId, expr: &Expr) -> Vec<ColumnId> {
    let mut found = Vec::new();
    let mut left = vec![(expr, false)];
    while let Some((expr, inside)) = left.pop() {
        if let ExprKind::Column(parts) = &expr.kind
            && let [before @ .., column] = parts.as_slice()
        {
            let relation = work.relation(table);
            let own = before.last().map_or(!inside, |it| it.text == relation.name.name);
            let whole_row = before.is_empty() && column.text == relation.name.name;
            if own && !whole_row {
                found.extend(work.column(table, column));
            }
        }
        let inside = inside || matches!(expr.kind, ExprKind::Subquery(_));
        left.extend(expr.children().into_iter().map(|it| (it, inside)));
    }
    found
}

/// `CREATE STATISTICS`; `src/backend/commands/statscmds.c`.
pub(super) fn create_statistics(work: &mut Work<'_>, it: &CreateStatistics) {
    let [name] = it.tables.as_slice() else {
        let message = "only a single relation is allowed in CREATE STATISTICS";
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, work.statement.span);
        return;
    };
    let Some(table) = work.resolve_or_assume(&name.name, Expected::Relation, false) else { return };
    if refuse_protected(work, table, name.name.span()) {
        return;
    }
    work.lock(table, LockMode::ShareUpdateExclusive, name.name.span());
    let (plain, computed): (Vec<&Expr>, Vec<&Expr>) = it.elements.iter().partition(|it| it.as_column().is_some());
    // Expressions are understood before anything is asked; `transformStatsStmt`.
    if work.version.since(14) {
        computed.iter().for_each(|it| work.check_columns(table, it));
    }
    let relation = work.relation(table);
    if relation.known() && !relation.is_table() && !matches!(relation.kind, RelationKind::MaterializedView(_)) {
        let refusal = Refusal::WrongKind { name: relation.name.name.clone(), expected: "a table or materialized view" };
        work.refuse(refusal, name.name.span());
        return;
    }
    let own = match &it.name {
        Some(own) => work.new_name(own, Persistence::Permanent),
        None => statistics_name(work, table, it),
    };
    if work.statistics_in(&own).is_some() {
        if it.if_not_exists {
            work.effects.skipped = true;
        } else {
            let span = it.name.as_ref().map_or(work.statement.span, |it| it.span());
            work.refuse(Refusal::DuplicateObject { kind: ObjectKind::Statistics, name: own.name, table: None }, span);
        }
        return;
    }
    let mut columns: Vec<ColumnId> = Vec::new();
    for element in &it.elements {
        match element.as_column() {
            Some(name) if work.refuse_system_column(name, "statistics creation on system columns is not supported") => {
            }
            None if !work.version.since(14) => {
                let message = "only simple column references are allowed in CREATE STATISTICS";
                work.refuse(Refusal::Plain { sqlstate: "0A000", message }, element.span);
            }
            _ => element.columns().into_iter().for_each(|it| columns.extend(work.column(table, it))),
        }
    }
    if it.elements.len() > 8 {
        let message = "cannot have more than 8 columns in statistics";
        work.refuse(Refusal::Plain { sqlstate: "54011", message }, work.statement.span);
    } else if it.elements.len() < 2 && computed.is_empty() {
        let message = "extended statistics require at least 2 columns";
        work.refuse(Refusal::Plain { sqlstate: "42P17", message }, work.statement.span);
    }
    let twice = |all: &[&Expr]| (1..all.len()).any(|at| all[..at].contains(&all[at]));
    let message = match (twice(&plain), twice(&computed)) {
        (true, _) => Some("duplicate column name in statistics definition"),
        (false, true) => Some("duplicate expression in statistics definition"),
        (false, false) => None,
    };
    if let Some(message) = message {
        work.refuse(Refusal::Plain { sqlstate: "42701", message }, work.statement.span);
    }
    let mut parts = work.relation(table).parts.clone();
    parts.push(Part { schema: Some(own.schema), ..Part::new(own.name, PartKind::Statistics, columns) });
    work.change(Change::Parts { id: table, to: parts });
}

/// The name that the server makes up; `ChooseExtendedStatisticName`.
fn statistics_name(work: &Work<'_>, table: RelationId, it: &CreateStatistics) -> ObjectName {
    let columns: Vec<&str> =
        it.elements.iter().map(|it| it.as_column().map_or("expr", |it| it.text.as_str())).collect();
    let relation = work.relation(table);
    let free = |label: &str| {
        let name = super::columns::object_name(&relation.name.name, Some(&columns.join("_")), label);
        ObjectName { schema: relation.name.schema.clone(), name }
    };
    let first = free("stat");
    let numbered = (1..).map(|number| free(&format!("stat{number}")));
    let mut all = std::iter::once(first.clone()).chain(numbered);
    all.find(|it| work.statistics_in(it).is_none()).unwrap_or(first)
}

impl Work<'_> {
    /// The relation that the extended statistics called `name` are of.
    pub(super) fn statistics_in(&self, name: &ObjectName) -> Option<RelationId> {
        self.catalog.relations().find(|(_, it)| it.parts.iter().any(|it| it.is_statistics(name))).map(|(id, _)| id)
    }

    /// The extended statistics behind a name, by search path, with their relation.
    pub(super) fn statistics(&self, name: &QualifiedName) -> Option<(RelationId, ObjectName)> {
        let inside = |schema: &SmolStr| {
            let full = ObjectName { schema: schema.clone(), name: name.name.text.clone() };
            Some((self.statistics_in(&full)?, full))
        };
        match &name.schema {
            Some(schema) => inside(&schema.text),
            None => self.search_path().find_map(inside),
        }
    }
}

/// `COMMENT` waits for whoever changes the relation; `get_object_address` with SHARE UPDATE EXCLUSIVE.
pub(super) fn comment(work: &mut Work<'_>, it: &Comment) {
    let Some(name) = &it.relation else { return };
    let expected = match it.kind {
        ObjectKind::Table => Expected::Table,
        ObjectKind::View => Expected::View,
        ObjectKind::MaterializedView => Expected::MaterializedView,
        ObjectKind::Sequence => Expected::Sequence,
        ObjectKind::ForeignTable => Expected::Foreign,
        // An index that the history does not show cannot be entered without its table.
        ObjectKind::Index => {
            work.resolve(name, Expected::Index, false);
            return;
        }
        ObjectKind::Constraint | ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy => {
            return comment_on_part(work, it, name);
        }
        _ => Expected::Relation,
    };
    if work.find(name).is_none() && work.composite(name).is_some() {
        return;
    }
    let Some(relation) = work.resolve_or_assume(name, expected, false) else { return };
    work.lock(relation, LockMode::ShareUpdateExclusive, name.span());
    if let Some(column) = &it.column {
        work.column(relation, column);
    }
}

/// What is a part of a relation is looked up under `ACCESS SHARE`; `get_object_address_relobject`.
fn comment_on_part(work: &mut Work<'_>, it: &Comment, name: &QualifiedName) {
    let (Found::Known(table), Some(own)) = (work.resolve(name, Expected::Relation, false), &it.column) else { return };
    let relation = work.relation(table);
    let there = match it.kind {
        ObjectKind::Trigger => relation.part(PartKind::Trigger, &own.text).is_some(),
        ObjectKind::Rule => own.text == "_RETURN" || relation.part(PartKind::Rule, &own.text).is_some(),
        ObjectKind::Policy => relation.part(PartKind::Policy, &own.text).is_some(),
        _ => relation.constraint(&own.text).is_some(),
    };
    if relation.complete && !there {
        let table = Some(relation.name.name.clone());
        let refusal = Refusal::MissingObject { kind: it.kind, name: own.text.clone(), table };
        work.refuse(refusal, own.span);
    }
}
