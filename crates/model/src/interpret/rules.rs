//! Rules: made, and set off by writes.

use super::names::Expected;
use super::objects::sources;
use super::system::refuse_protected;
use super::work::Work;
use crate::Refusal;
use crate::catalog::{
    Change, ColumnId, Part, PartKind, Relation, RelationId, RelationKind, Rule, RuleWrite, ViewSource,
};
use crate::effects::LockMode;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{CreateRule, Expr, ExprKind, FiringState, Query, Write, WriteKind};
use smol_str::SmolStr;

/// `CREATE RULE`; `DefineQueryRewrite`. What its commands write is locked as by the commands themselves.
pub(super) fn create(work: &mut Work<'_>, it: &CreateRule) {
    let Some(table) = work.resolve_or_assume(&it.table, Expected::Relation, false) else { return };
    if refuse_protected(work, table, it.table.span()) {
        return;
    }
    work.lock(table, LockMode::AccessExclusive, work.statement.span);
    let relation = work.relation(table);
    let ruled = relation.is_table() || matches!(relation.kind, RelationKind::View(_));
    if relation.known() && matches!(relation.kind, RelationKind::MaterializedView(_)) {
        let message = "rules on materialized views are not supported";
        work.refuse(Refusal::Plain { sqlstate: "0A000", message }, it.table.span());
        return;
    }
    if relation.known() && (!ruled || matches!(relation.kind, RelationKind::Foreign)) {
        let name = relation.name.name.clone();
        work.refuse(Refusal::WrongKind { name, expected: "a table or view" }, it.table.span());
        return;
    }
    if it.event.is_none() && it.name.text == "_RETURN" && !work.version.since(16) && work.relation(table).is_table() {
        // Before PostgreSQL 16 an empty table becomes a view by its rule.
        let sources = sources(work, &it.actions);
        let relation = Relation { kind: RelationKind::View(sources), ..work.relation(table).clone() };
        work.change(Change::Relation { id: table, to: Some(Box::new(relation)) });
        return;
    }
    let mut written_to = Vec::new();
    // The commands are analysed, not run: of what they write only the named table is opened.
    for write in &it.actions.writes {
        super::queries::read_with(work, &write.query, &[&SmolStr::new_static("new"), &SmolStr::new_static("old")]);
        let outer = std::mem::replace(&mut work.reading, true);
        let target = work.resolve_or_assume(&write.table.name, Expected::Relation, false);
        work.reading = outer;
        if let Some(target) = target {
            work.lock(target, LockMode::RowExclusive, write.table.name.span());
            let (only, kind, condition) = (write.table.only, write.kind, write.condition.clone());
            written_to.push(RuleWrite { relation: target, only, kind, condition });
        }
    }
    let mut columns = Vec::new();
    let written = it.actions.writes.iter().flat_map(|it| &it.query.expressions);
    for expr in it.condition.iter().chain(&it.actions.expressions).chain(written) {
        columns.extend(row_columns(work, table, expr));
    }
    let uses = uses(work, table, &it.actions);
    let rule = Rule {
        event: it.event,
        replaces: it.instead && it.condition.is_none(),
        acts: !it.nothing,
        enabled: true,
        writes: written_to,
    };
    let part = Part { uses, rule: Some(rule), ..Part::new(it.name.text.clone(), PartKind::Rule, columns) };
    super::attached::add_part(work, table, part, &it.name, it.replace);
}

/// The columns of `old` and `new` in a rule.
fn row_columns(work: &Work<'_>, table: RelationId, expr: &Expr) -> Vec<ColumnId> {
    let mut columns = Vec::new();
    expr.walk(&mut |it| {
        if let ExprKind::Column(parts) = &it.kind
            && let [row, column] = parts.as_slice()
            && matches!(row.text.as_str(), "old" | "new")
        {
            columns.extend(work.relation(table).column_id(&column.text));
        }
    });
    columns
}

/// What a query reads and writes beside `own`.
fn uses(work: &Work<'_>, own: RelationId, query: &Query) -> Vec<ViewSource> {
    let mut uses = sources(work, query);
    for write in &query.writes {
        uses.extend(sources(work, &write.query));
        if let Some(relation) = work.find(&write.table.name) {
            let target = work.relation(relation);
            let columns = write.columns.iter().filter_map(|it| target.column_id(&it.text)).collect();
            uses.push(ViewSource { relation, columns: target.complete.then_some(columns), only: false, apart: true });
        }
    }
    uses.retain(|it| it.relation != own);
    uses
}

/// `ENABLE RULE`, `DISABLE RULE`.
pub(super) fn set_state(work: &mut Work<'_>, table: RelationId, name: &SmolStr, state: FiringState) {
    let mut parts = work.relation(table).parts.clone();
    let own = parts.iter_mut().find(|it| it.kind == PartKind::Rule && it.name == *name);
    if let Some(rule) = own.and_then(|it| it.rule.as_mut()) {
        // `REPLICA` is for a session that applies the changes of another server.
        rule.enabled = matches!(state, FiringState::Enable | FiringState::Always);
        work.change(Change::Parts { id: table, to: parts });
    }
}

impl Work<'_> {
    /// What the rules of a table do with a write of it; whether one of them takes its place. `RewriteQuery` in
    /// `src/backend/rewrite/rewriteHandler.c`.
    pub(super) fn fire_rules(&mut self, table: RelationId, it: &Write) -> bool {
        let span = it.table.name.span();
        let ruled = self.relation(table).parts.iter().filter_map(|it| it.rule.as_ref());
        if it.kind == WriteKind::Merge && ruled.into_iter().any(|it| it.event.is_some() && it.enabled) {
            let message = "MERGE is not supported for relations with rules";
            self.refuse(Refusal::Plain { sqlstate: "0A000", message }, span);
        }
        let never = it.condition.as_ref().filter(|it| super::referential::is_false(it));
        let replaced = self.fire(table, it.kind, never, span, &mut Vec::new());
        let (inserts, updates) = (self.rules_on(table, WriteKind::Insert), self.rules_on(table, WriteKind::Update));
        let in_conflict = inserts.iter().any(|it| it.acts) || !updates.is_empty();
        if it.on_conflict.is_some() && in_conflict && self.relation(table).is_table() {
            let message = "INSERT with ON CONFLICT clause cannot be used with table that has INSERT or UPDATE rules";
            self.refuse(Refusal::Plain { sqlstate: "0A000", message }, span);
        }
        replaced
    }

    fn rules_on(&self, table: RelationId, event: WriteKind) -> Vec<Rule> {
        let rules = self.relation(table).parts.iter().filter_map(|it| it.rule.as_ref());
        let fires = |it: &Rule| it.enabled && !*self.session.replica.get();
        rules.filter(|it| fires(it) && it.event == Some(event)).cloned().collect()
    }

    /// `never`: the condition of the first write, if no row satisfies it; it is put to the commands too.
    fn fire(
        &mut self,
        table: RelationId,
        event: WriteKind,
        never: Option<&Expr>,
        span: Span,
        met: &mut Vec<(RelationId, WriteKind)>,
    ) -> bool {
        let rules = self.rules_on(table, event);
        let replaced = rules.iter().any(|it| it.replaces);
        if !rules.iter().any(|it| it.acts) {
            return replaced;
        }
        if met.contains(&(table, event)) {
            let message = "infinite recursion detected in rules for relation";
            self.refuse(Refusal::Plain { sqlstate: "42P17", message }, span);
            return replaced;
        }
        met.push((table, event));
        for write in rules.into_iter().flat_map(|it| it.writes) {
            let RuleWrite { relation, only, kind, condition } = write;
            if self.catalog.get(relation).is_none() {
                continue;
            }
            self.lock(relation, LockMode::RowExclusive, span);
            if self.fire(relation, kind, never, span, met) || kind == WriteKind::Insert {
                continue;
            }
            for id in self.matched(relation, only, never.or(condition.as_ref())) {
                self.lock(id, LockMode::RowExclusive, span);
            }
        }
        met.pop();
        replaced
    }
}
