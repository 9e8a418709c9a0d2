//! `INSERT`, `UPDATE`, `DELETE`, `MERGE`, `COPY`.

use super::cx::Cx;
use super::expr::join;
use super::query::settle;
use crate::ast::{Copy, Expr, Home, Name, OnConflict, Query, Write, WriteKind};
use crate::token::Kind;
use crate::tree as pb;
use crate::tree::AnyNode as N;

impl Cx<'_> {
    /// The write that a node is, if it is one.
    pub(super) fn write(&self, node: N<'_>) -> Option<Write> {
        match node {
            N::InsertStmt(it) => Some(self.insert(it)),
            N::UpdateStmt(it) => Some(self.update(it)),
            N::DeleteStmt(it) => Some(self.delete(it)),
            N::MergeStmt(it) => Some(self.merge(it)),
            _ => None,
        }
    }

    fn insert(&self, node: &pb::InsertStmt) -> Write {
        let mut query = Query::default();
        let mut values = None;
        let mut on_conflict = None;
        self.gather(&mut query, |query| {
            self.with(node.with_clause.get(), query);
            if let Some(N::SelectStmt(select)) = node.select_stmt.get().and_then(|it| it.node()) {
                let width = match select.values_lists.first().and_then(|it| it.node()) {
                    Some(N::List(row)) => row.len(),
                    _ => 0,
                };
                let start = query.expressions.len();
                values = (width > 0).then(|| (width, start..start + width * select.values_lists.len()));
                query.first = self.select_into(select, query, true, None);
            }
            on_conflict = node.on_conflict_clause.get().map(|it| self.on_conflict(it, query));
            self.returning(node.returning_clause.get(), query);
            settle(query, Home::Untold);
        });
        Write {
            kind: WriteKind::Insert,
            table: self.relation_name_or_empty(node.relation.get()),
            alias: node.relation.get().and_then(|it| self.alias(it)),
            plain: false,
            columns: self.target_columns(&node.cols),
            condition: None,
            every_row: false,
            values,
            overriding: matches!(
                node.r#override.get(),
                pb::OverridingKind::OverridingUserValue | pb::OverridingKind::OverridingSystemValue
            ),
            on_conflict,
            query,
        }
    }

    fn update(&self, node: &pb::UpdateStmt) -> Write {
        let mut query = Query::default();
        let mut condition = None;
        let mut values = None;
        self.gather(&mut query, |query| {
            self.with(node.with_clause.get(), query);
            let start = query.expressions.len();
            self.assignments(&node.target_list, query);
            let width = query.expressions.len() - start;
            values = (width == node.target_list.len()).then(|| (width, start..start + width));
            self.read_from(&node.from_clause, query, None);
            condition = node.where_clause.get().map(|it| self.expr(it));
            query.expressions.extend(condition.clone());
            self.returning(node.returning_clause.get(), query);
        });
        Write {
            kind: WriteKind::Update,
            table: self.relation_name_or_empty(node.relation.get()),
            alias: node.relation.get().and_then(|it| self.alias(it)),
            plain: node.with_clause.is_none() && node.from_clause.is_empty(),
            columns: self.target_columns(&node.target_list),
            every_row: condition.as_ref().is_none_or(Expr::is_true),
            condition,
            values,
            overriding: false,
            on_conflict: None,
            query,
        }
    }

    fn delete(&self, node: &pb::DeleteStmt) -> Write {
        let mut query = Query::default();
        let mut condition = None;
        self.gather(&mut query, |query| {
            self.with(node.with_clause.get(), query);
            self.read_from(&node.using_clause, query, None);
            condition = node.where_clause.get().map(|it| self.expr(it));
            query.expressions.extend(condition.clone());
            self.returning(node.returning_clause.get(), query);
        });
        Write {
            kind: WriteKind::Delete,
            table: self.relation_name_or_empty(node.relation.get()),
            alias: node.relation.get().and_then(|it| self.alias(it)),
            plain: node.with_clause.is_none() && node.using_clause.is_empty(),
            columns: Vec::new(),
            every_row: condition.as_ref().is_none_or(Expr::is_true),
            condition,
            values: None,
            overriding: false,
            on_conflict: None,
            query,
        }
    }

    fn merge(&self, node: &pb::MergeStmt) -> Write {
        let mut query = Query::default();
        let mut columns = Vec::new();
        self.gather(&mut query, |query| {
            self.with(node.with_clause.get(), query);
            node.source_relation.iter().for_each(|it| self.read_from_item(it, query, None));
            query.expressions.extend(node.join_condition.iter().map(|it| self.expr(it)));
            for when in &node.merge_when_clauses {
                let Some(N::MergeWhenClause(when)) = when.node() else { continue };
                if when.match_kind == 1 {
                    self.note_newer("WHEN NOT MATCHED BY SOURCE", 17, self.word_span("source"));
                }
                query.expressions.extend(when.condition.iter().map(|it| self.expr(it)));
                self.assignments(&when.target_list, query);
                query.expressions.extend(self.exprs(&when.values));
                columns.extend(self.target_columns(&when.target_list));
            }
            if node.returning_clause.is_some() {
                self.note_newer("MERGE … RETURNING", 17, self.word_span("returning"));
            }
            self.returning(node.returning_clause.get(), query);
        });
        Write {
            kind: WriteKind::Merge,
            table: self.relation_name_or_empty(node.relation.get()),
            alias: node.relation.get().and_then(|it| self.alias(it)),
            plain: false,
            columns,
            condition: None,
            every_row: false,
            values: None,
            overriding: false,
            on_conflict: None,
            query,
        }
    }

    /// The columns of `(a, b)` or of `SET a = …`.
    fn target_columns(&self, targets: &[pb::Node]) -> Vec<Name> {
        let target = |it: &pb::Node| match it.node() {
            Some(N::ResTarget(it)) => Some(self.name(&it.name, self.place_or_start(it.location))),
            _ => None,
        };
        targets.iter().filter_map(target).collect()
    }

    /// The values of `SET a = …`.
    fn assignments(&self, targets: &[pb::Node], query: &mut Query) {
        for target in targets {
            let Some(N::ResTarget(target)) = target.node() else { continue };
            // `(a, b) = (SELECT …)` repeats its source for each column.
            let repeated = match target.val.get().and_then(|it| it.node()) {
                Some(N::MultiAssignRef(it)) => it.colno > 1,
                _ => false,
            };
            if !repeated {
                query.expressions.extend(target.val.iter().map(|it| self.expr(it)));
            }
        }
    }

    fn returning(&self, node: Option<&pb::ReturningClause>, query: &mut Query) {
        for target in node.iter().flat_map(|it| &it.exprs) {
            if let Some(N::ResTarget(target)) = target.node() {
                query.expressions.extend(target.val.iter().map(|it| self.expr(it)));
            }
        }
    }

    /// `ON CONFLICT`; the values and condition of its `DO UPDATE` join the query.
    fn on_conflict(&self, node: &pb::OnConflictClause, query: &mut Query) -> OnConflict {
        let start = self.place_or_start(node.location);
        let infer = node.infer.get();
        let open = start + 2;
        let target = infer.map_or_else(Vec::new, |it| {
            if it.index_elems.is_empty() { Vec::new() } else { self.index_elements(&it.index_elems, open) }
        });
        let constraint = infer.filter(|it| !it.conname.is_empty());
        let update = node.action.get() == pb::OnConflictAction::OnconflictUpdate;
        let returning = self.find(self.from(start), Kind::Returning).unwrap_or(self.tokens.len());
        let close = self.partner_outside(start).unwrap_or(self.tokens.len());
        let at = join(&(start..start + 2), &(start..returning.min(close)));
        if update {
            self.assignments(&node.target_list, query);
            query.expressions.extend(node.where_clause.iter().map(|it| self.expr(it)));
        }
        OnConflict {
            target,
            predicate: infer.and_then(|it| it.where_clause.get()).map(|it| self.expr(it)),
            constraint: constraint.map(|it| self.name_in(&it.conname, open..self.tokens.len())),
            update: update.then(|| self.target_columns(&node.target_list)),
            span: self.span(&at),
        }
    }

    /// The bracket that closes the group in which the token at `at` stands.
    fn partner_outside(&self, at: usize) -> Option<usize> {
        self.top(self.from(at)).find(|&it| self.partner(it) < at)
    }

    pub(super) fn copy(&self, node: &pb::CopyStmt) -> Copy {
        Copy {
            table: node.relation.get().map(|it| self.relation(it)),
            from: node.is_from,
            query: node.query.get().map(|it| self.query(Some(it))),
            with_client: node.filename.is_empty(),
        }
    }
}
