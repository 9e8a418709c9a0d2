//! Queries: what a `SELECT` names.

use super::cx::Cx;
use super::name::string;
use super::operator::raw;
use crate::ast::{
    CommonTable, Expr, ExprKind, FromItem, Home, Name, Output, Query, RowLock, Select, SelectOutput, Source,
    SourceKind, UsingAlias, Within,
};
use crate::token::{Kind, mark};
use crate::tree as pb;
use crate::tree::AnyNode as N;
use smol_str::{SmolStr, format_smolstr};

impl Cx<'_> {
    /// The query of a statement: a `SELECT` or what `EXPLAIN`, `COPY` and their like allow in its place.
    pub(super) fn query(&self, node: Option<&pb::Node>) -> Query {
        match node.and_then(|it| it.node()) {
            Some(N::SelectStmt(select)) => self.select(select),
            Some(other) => {
                let mut query = Query::default();
                query.writes.extend(self.write(other));
                query
            }
            None => Query::default(),
        }
    }

    /// The `SELECT`.
    pub(super) fn select(&self, node: &pb::SelectStmt) -> Query {
        let mut query = Query::default();
        self.gather(&mut query, |query| query.first = self.select_into(node, query, true, None));
        query.plain =
            node.with_clause.is_none() && node.larg.is_none() && node.from_clause.iter().all(is_table_by_name);
        let lists = [&node.distinct_clause, &node.group_clause];
        let nodes = [&node.having_clause, &node.limit_offset, &node.limit_count];
        query.reshaped = lists.iter().any(|it| !it.is_empty()) || nodes.iter().any(|it| it.is_some());
        query
    }

    /// A query inside an expression; the query around it counts its relations too. It has no outputs: they would repeat
    /// its expressions, twice as often with every level.
    pub(super) fn subquery(&self, node: Option<&pb::Node>) -> Query {
        let mut query = Query::default();
        if let Some(N::SelectStmt(select)) = node.and_then(|it| it.node()) {
            self.gather(&mut query, |query| query.first = self.select_into(select, query, false, None));
        }
        let inner = query.relations.iter().map(|it| FromItem { apart: true, ..it.clone() });
        self.inner_relations.borrow_mut().extend(inner);
        query
    }

    /// Runs `work`, then adds to the query the relations of the subqueries in its expressions.
    pub(super) fn gather(&self, query: &mut Query, work: impl FnOnce(&mut Query)) {
        let mark = self.inner_relations.borrow().len();
        let scope = self.ctes.borrow().len();
        work(query);
        self.ctes.borrow_mut().truncate(scope);
        query.relations.extend(self.inner_relations.borrow_mut().drain(mark..));
        query.newer = self.newer.get();
    }

    /// Gives the number of its first `SELECT`. What stands before it in the query belongs elsewhere already.
    pub(super) fn select_into(
        &self,
        node: &pb::SelectStmt,
        query: &mut Query,
        outermost: bool,
        within: Option<Within>,
    ) -> u32 {
        let scope = self.ctes.borrow().len();
        let first = self.deeper(|| self.select_parts(node, query, outermost, within));
        self.ctes.borrow_mut().truncate(scope);
        first.unwrap_or_else(|| {
            query.expressions.push(self.empty_expr(&(0..0)));
            settle(query, Home::Untold);
            query.selects.push(Select::default());
            query.selects.len() as u32 - 1
        })
    }

    fn select_parts(&self, node: &pb::SelectStmt, query: &mut Query, outermost: bool, within: Option<Within>) -> u32 {
        self.with_within(node.with_clause.get(), query, within);
        // A thousand UNION ALL lean to the left; only their right sides are a level deeper.
        let mut left = node;
        let mut rights = Vec::new();
        while let (Some(larg), Some(rarg)) = (left.larg.get(), left.rarg.get()) {
            rights.push((left, rarg));
            left = larg;
            if left.with_clause.is_some() {
                break;
            }
        }
        let of_arms = rights.iter().filter_map(|(_, right)| Some(&right.locking_clause).filter(|it| !it.is_empty()));
        let united: Vec<&pb::List> = match rights.is_empty() {
            true => Vec::new(),
            false => rights
                .iter()
                .map(|(union, _)| &union.locking_clause)
                .chain([&left.locking_clause])
                .chain(of_arms)
                .collect(),
        };
        let first = if rights.is_empty() {
            self.plain_select(node, query, outermost, within)
        } else {
            self.select_into(left, query, outermost, within)
        };
        for (union, right) in rights.into_iter().rev() {
            self.select_into(right, query, false, within);
            self.tail(union, query);
            settle(query, Home::Untold);
            query.selects[first as usize].shape = Some("UNION/INTERSECT/EXCEPT");
        }
        for clauses in united {
            self.note_row_locks(clauses, query, first, true);
        }
        first
    }

    /// A `SELECT` or `VALUES` without set operation.
    fn plain_select(&self, node: &pb::SelectStmt, query: &mut Query, outermost: bool, within: Option<Within>) -> u32 {
        let own = query.selects.len() as u32;
        let before = query.relations.len();
        query.selects.push(Select { within, shape: shape(node), ..Select::default() });
        // DISTINCT without ON is a list of one empty node.
        let distinct = node.distinct_clause.iter().filter(|it| it.is_some());
        let start = query.expressions.len() as u32;
        query.expressions.extend(distinct.map(|it| self.expr(it)));
        if query.expressions.len() as u32 > start {
            query.selects[own as usize].distinct = start..query.expressions.len() as u32;
        }
        for target in &node.target_list {
            let Some(N::ResTarget(target)) = target.node() else { continue };
            let expr = self.expr_or_empty(target.val.get());
            let output = match &expr.kind {
                ExprKind::Star(parts) => SelectOutput::Star(parts.last().map(|it| it.text.clone())),
                _ if target.name.is_empty() => SelectOutput::Named(made_up_name(target.val.get()).unwrap_or_default()),
                _ => SelectOutput::Named(SmolStr::new(&*target.name)),
            };
            query.selects[own as usize].outputs.push(output);
            if outermost {
                query.outputs.push(Output { name: self.output_name(target, &expr), expr: expr.clone() });
            }
            query.expressions.push(expr);
        }
        self.read_from(&node.from_clause, query, Some(own));
        query.expressions.extend(node.where_clause.iter().map(|it| self.expr(it)));
        let start = query.expressions.len() as u32;
        query.expressions.extend(self.exprs(&node.group_clause));
        query.selects[own as usize].grouped = start..query.expressions.len() as u32;
        query.expressions.extend(node.having_clause.iter().map(|it| self.expr(it)));
        for window in &node.window_clause {
            if let Some(N::WindowDef(window)) = window.node() {
                self.window(window, &mut query.expressions);
            }
        }
        for row in &node.values_lists {
            if let Some(N::List(row)) = row.node() {
                query.expressions.extend(self.exprs(row));
            }
        }
        if let Some(N::List(row)) = node.values_lists.first().and_then(|it| it.node()) {
            let name = |number: usize| SelectOutput::Named(format_smolstr!("column{number}"));
            query.selects[own as usize].outputs = (1..=row.len()).map(name).collect();
        }
        let start = query.expressions.len() as u32;
        self.tail(node, query);
        self.note_row_locks(&node.locking_clause, query, own, false);
        lock_rows(node, query, own, before);
        query.selects[own as usize].sort_keys = start..start + node.sort_clause.len() as u32;
        settle(query, Home::Select(own));
        own
    }

    fn note_row_locks(&self, clauses: &pb::List, query: &mut Query, select: u32, united: bool) {
        for clause in clauses {
            let Some(N::LockingClause(clause)) = clause.node() else { continue };
            let of = || {
                clause.locked_rels.iter().filter_map(|it| match it.node() {
                    Some(N::RangeVar(it)) => Some(it),
                    _ => None,
                })
            };
            query.row_locks.push(RowLock {
                clause: match clause.strength {
                    1 => "FOR KEY SHARE",
                    2 => "FOR SHARE",
                    3 => "FOR NO KEY UPDATE",
                    _ => "FOR UPDATE",
                },
                select,
                of: of().map(|it| SmolStr::new(&*it.relname)).collect(),
                qualified: of().any(|it| !it.schemaname.is_empty()),
                united,
                span: self.word_span("for"),
            });
        }
    }

    /// What may follow a set operation too: `ORDER BY`, `LIMIT`.
    fn tail(&self, node: &pb::SelectStmt, query: &mut Query) {
        for sort in &node.sort_clause {
            self.sort_key(sort, &mut query.expressions);
        }
        query.expressions.extend(node.limit_count.iter().map(|it| self.expr(it)));
        query.expressions.extend(node.limit_offset.iter().map(|it| self.expr(it)));
    }

    /// The common table expressions: their names come into scope, what they read and write becomes the query's.
    pub(super) fn with(&self, node: Option<&pb::WithClause>, query: &mut Query) {
        self.with_within(node, query, None);
    }

    /// As [`Self::with`], of a subquery in a `FROM`: what that sees from outside, they see too.
    fn with_within(&self, node: Option<&pb::WithClause>, query: &mut Query, within: Option<Within>) {
        let Some(with) = node else { return };
        let ctes = || {
            with.ctes.iter().filter_map(|it| match it.node() {
                Some(N::CommonTableExpr(it)) => Some(it),
                _ => None,
            })
        };
        if with.recursive {
            self.ctes.borrow_mut().extend(ctes().map(|it| SmolStr::new(&*it.ctename)));
        }
        for cte in ctes() {
            let before = query.relations.len();
            let select = match cte.ctequery.get().and_then(|it| it.node()) {
                Some(N::SelectStmt(select)) => Some(self.select_into(select, query, false, within)),
                Some(write) => {
                    query.writes.extend(self.write(write));
                    None
                }
                None => None,
            };
            query.relations[before..].iter_mut().for_each(|it| it.apart = true);
            let name = SmolStr::new(&*cte.ctename);
            self.ctes.borrow_mut().push(name.clone());
            if cte.search_clause.is_some() {
                self.note_newer("SEARCH", 14, self.word_span("search"));
            }
            if cte.cycle_clause.is_some() {
                self.note_newer("CYCLE", 14, self.word_span("cycle"));
            }
            // They add columns.
            let select = select.filter(|_| !cte.search_clause.is_some() && !cte.cycle_clause.is_some());
            query.common.push(CommonTable { name, columns: texts(&cte.aliascolnames), select });
        }
    }

    /// A `FROM` list, of the `SELECT` that `of` numbers if it is one's.
    pub(super) fn read_from(&self, nodes: &[pb::Node], query: &mut Query, of: Option<u32>) {
        for node in nodes {
            self.read_from_item(node, query, of);
        }
    }

    /// One element of a `FROM` list.
    pub(super) fn read_from_item(&self, node: &pb::Node, query: &mut Query, of: Option<u32>) {
        match node.node() {
            Some(N::RangeVar(range)) => {
                let cte = range.schemaname.is_empty() && self.ctes.borrow().iter().any(|it| *it == *range.relname);
                let kind = if cte {
                    SourceKind::Common(SmolStr::new(&*range.relname))
                } else {
                    let (relation, alias) = (self.relation_name(range), self.alias(range));
                    query.relations.push(FromItem { relation, alias, apart: false, locked: false });
                    SourceKind::Relation(query.relations.len() as u32 - 1)
                };
                add_source(query, of, kind, range.alias.get());
            }
            Some(N::RangeSubselect(it)) => {
                if let Some(N::SelectStmt(select)) = it.subquery.get().and_then(|it| it.node()) {
                    // What was written so far is the `SELECT`'s around it.
                    settle(query, of.map_or(Home::Untold, Home::Select));
                    let start = query.expressions.len();
                    let within = of.map(|select| Within { select, before: sources(query, of), lateral: it.lateral });
                    let first = self.select_into(select, query, false, within);
                    if it.alias.is_none() {
                        let span = query.expressions.get(start).map_or(self.token_span(0), |it| it.span);
                        self.note_newer("a subquery in FROM without an alias", 16, span);
                    }
                    add_source(query, of, SourceKind::Select(first), it.alias.get());
                }
            }
            Some(N::JoinExpr(join)) => self.join(join, query, of),
            Some(N::RangeFunction(it)) => {
                settle_select(query, of);
                for function in &it.functions {
                    let Some(N::List(pair)) = function.node() else { continue };
                    query.expressions.extend(pair.first().filter(|it| it.is_some()).map(|it| self.expr(it)));
                }
                settle_sources(query, of, 0);
                add_source(query, of, SourceKind::Rows, it.alias.get());
            }
            Some(N::RangeTableSample(it)) => {
                it.relation.iter().for_each(|it| self.read_from_item(it, query, of));
                query.expressions.extend(self.exprs(&it.args));
            }
            Some(N::RangeTableFunc(it)) => {
                let parts = [it.docexpr.get(), it.rowexpr.get()];
                query.expressions.extend(parts.into_iter().flatten().map(|it| self.expr(it)));
                add_source(query, of, SourceKind::Rows, None);
            }
            Some(N::JsonTable(it)) => {
                query.expressions.extend(raw(it.context_item.get()).map(|it| self.expr(it)));
                query.expressions.extend(self.exprs(&it.passing));
                add_source(query, of, SourceKind::Rows, None);
            }
            _ => {}
        }
    }

    /// A join; a long chain leans to the left.
    fn join(&self, node: &pb::JoinExpr, query: &mut Query, of: Option<u32>) {
        let mut chain = vec![node];
        let mut left = node.larg.get();
        while let Some(N::JoinExpr(join)) = left.and_then(|it| it.node()) {
            chain.push(join);
            left = join.larg.get();
        }
        let before = sources(query, of);
        left.iter().for_each(|it| self.read_from_item(it, query, of));
        for join in chain.into_iter().rev() {
            if let Some(right) = join.rarg.get() {
                self.deeper(|| self.read_from_item(right, query, of));
            }
            settle_select(query, of);
            query.expressions.extend(join.quals.iter().map(|it| self.expr(it)));
            settle_sources(query, of, before);
            let Some(select) = of.map(|it| &mut query.selects[it as usize]) else { continue };
            let columns = texts(&join.using_clause);
            for column in &columns {
                // A later join may use what an earlier one has made.
                if !select.merged.contains(column) {
                    select.merged.push(column.clone());
                }
            }
            if let Some(alias) = join.join_using_alias.get() {
                self.note_newer("an alias behind USING", 14, self.word_span("using"));
                select.using_aliases.push(UsingAlias { alias: SmolStr::new(&*alias.aliasname), columns });
            }
            select.natural |= join.is_natural;
            if let Some(alias) = join.alias.get() {
                // The name of a join hides those of its tables.
                for source in &mut select.sources[before as usize..] {
                    source.alias = Some(SmolStr::new(&*alias.aliasname));
                    if !alias.colnames.is_empty() {
                        source.kind = SourceKind::Rows;
                    }
                }
            }
        }
    }

    /// The alias written behind a relation.
    pub(super) fn alias(&self, range: &pb::RangeVar) -> Option<Name> {
        let alias = range.alias.get()?;
        let end = self.relation_end(Some(range));
        Some(self.name_in(&alias.aliasname, end..(end + 4).min(self.tokens.len())))
    }

    /// One key of an `ORDER BY`.
    pub(super) fn sort_key(&self, node: &pb::Node, found: &mut Vec<Expr>) {
        if let Some(N::SortBy(sort)) = node.node() {
            found.extend(sort.node.iter().map(|it| self.expr(it)));
        }
    }

    /// The expressions of a window.
    pub(super) fn window(&self, node: &pb::WindowDef, found: &mut Vec<Expr>) {
        found.extend(self.exprs(&node.partition_clause));
        node.order_clause.iter().for_each(|it| self.sort_key(it, found));
        found.extend([node.start_offset.get(), node.end_offset.get()].into_iter().flatten().map(|it| self.expr(it)));
    }

    /// The name of an output column: the one written behind it, or the one the server makes up.
    fn output_name(&self, target: &pb::ResTarget, expr: &Expr) -> Option<Name> {
        if target.name.is_empty() {
            return made_up_name(target.val.get()).map(|text| Name { text, span: expr.span });
        }
        let mut at = self.tokens.partition_point(|it| it.end <= expr.span.end);
        while self.is(at, mark::CLOSE) {
            at += 1;
        }
        if self.is(at, Kind::As) {
            at += 1;
        }
        Some(self.name(&target.name, at))
    }
}

/// The name that the server gives to an unnamed output (`FigureColname` in `parse_target.c`); none for a star.
fn made_up_name(node: Option<&pb::Node>) -> Option<SmolStr> {
    if let Some(N::ColumnRef(it)) = node.and_then(|it| it.node())
        && it.fields.last().is_some_and(|it| string(it).is_none())
    {
        return None;
    }
    Some(figured_name(node).map_or(SmolStr::new_static("?column?"), |(name, _)| name))
}

/// The name, and whether it is strong enough to win over that of a cast around it.
pub(super) fn figured_name(node: Option<&pb::Node>) -> Option<(SmolStr, bool)> {
    let last = |names: &[pb::Node]| names.iter().rev().find_map(string).map(SmolStr::new);
    let strong = |name: &'static str| Some((SmolStr::new_static(name), true));
    match node?.node()? {
        N::ColumnRef(it) => last(&it.fields).map(|it| (it, true)),
        N::AIndirection(it) => last(&it.indirection).map(|it| (it, true)).or_else(|| figured_name(it.arg.get())),
        N::FuncCall(it) => last(&it.funcname).map(|it| (it, true)),
        N::AExpr(it) if it.kind.get() == pb::AExprKind::AexprNullif => strong("nullif"),
        N::TypeCast(it) => match figured_name(it.arg.get()) {
            Some((name, true)) => Some((name, true)),
            weak => it.type_name.get().and_then(|it| last(&it.names)).map(|it| (it, false)).or(weak),
        },
        N::CollateClause(it) => figured_name(it.arg.get()),
        N::GroupingFunc(_) => strong("grouping"),
        N::MergeSupportFunc(_) => strong("merge_action"),
        N::SubLink(it) => match it.sub_link_type.get() {
            pb::SubLinkType::ExistsSublink => strong("exists"),
            pb::SubLinkType::ArraySublink => strong("array"),
            pb::SubLinkType::ExprSublink => match it.subselect.get()?.node()? {
                N::SelectStmt(select) => match select.target_list.first()?.node()? {
                    N::ResTarget(target) if target.name.is_empty() => figured_name(target.val.get()),
                    N::ResTarget(target) => Some((SmolStr::new(&*target.name), true)),
                    _ => None,
                },
                _ => None,
            },
            _ => None,
        },
        N::CaseExpr(it) => match figured_name(it.defresult.get()) {
            Some((name, true)) => Some((name, true)),
            _ => Some((SmolStr::new_static("case"), false)),
        },
        N::AArrayExpr(_) => strong("array"),
        N::RowExpr(_) => strong("row"),
        N::CoalesceExpr(_) => strong("coalesce"),
        N::MinMaxExpr(it) => strong(if it.op.get() == pb::MinMaxOp::IsGreatest { "greatest" } else { "least" }),
        N::XmlExpr(it) => strong(match it.op.get() {
            pb::XmlExprOp::IsXmlconcat => "xmlconcat",
            pb::XmlExprOp::IsXmlelement => "xmlelement",
            pb::XmlExprOp::IsXmlforest => "xmlforest",
            pb::XmlExprOp::IsXmlparse => "xmlparse",
            pb::XmlExprOp::IsXmlpi => "xmlpi",
            pb::XmlExprOp::IsXmlroot => "xmlroot",
            pb::XmlExprOp::IsXmlserialize => "xmlserialize",
            pb::XmlExprOp::Undefined | pb::XmlExprOp::IsDocument => return None,
        }),
        N::XmlSerialize(_) => strong("xmlserialize"),
        N::JsonParseExpr(_) => strong("json"),
        N::JsonScalarExpr(_) => strong("json_scalar"),
        N::JsonSerializeExpr(_) => strong("json_serialize"),
        N::JsonObjectConstructor(_) => strong("json_object"),
        N::JsonArrayConstructor(_) | N::JsonArrayQueryConstructor(_) => strong("json_array"),
        N::JsonObjectAgg(_) => strong("json_objectagg"),
        N::JsonArrayAgg(_) => strong("json_arrayagg"),
        N::JsonFuncExpr(it) => strong(match it.op.get() {
            pb::JsonExprOp::JsonExistsOp => "json_exists",
            pb::JsonExprOp::JsonQueryOp => "json_query",
            pb::JsonExprOp::JsonValueOp => "json_value",
            pb::JsonExprOp::Undefined | pb::JsonExprOp::JsonTableOp => return None,
        }),
        N::SqlValueFunction(it) => sql_value_name(it.op.get()).map(|it| (SmolStr::new_static(it), true)),
        _ => None,
    }
}

/// The column name of `CURRENT_DATE` and its like.
fn sql_value_name(op: pb::SqlValueFunctionOp) -> Option<&'static str> {
    use pb::SqlValueFunctionOp as Op;
    Some(match op {
        Op::SqlvalueFunctionOpUndefined => return None,
        Op::SvfopCurrentDate => "current_date",
        Op::SvfopCurrentTime | Op::SvfopCurrentTimeN => "current_time",
        Op::SvfopCurrentTimestamp | Op::SvfopCurrentTimestampN => "current_timestamp",
        Op::SvfopLocaltime | Op::SvfopLocaltimeN => "localtime",
        Op::SvfopLocaltimestamp | Op::SvfopLocaltimestampN => "localtimestamp",
        Op::SvfopCurrentRole => "current_role",
        Op::SvfopCurrentUser => "current_user",
        Op::SvfopUser => "user",
        Op::SvfopSessionUser => "session_user",
        Op::SvfopCurrentCatalog => "current_catalog",
        Op::SvfopCurrentSchema => "current_schema",
    })
}

/// The first clause by which the rows of a `SELECT` are not those that it reads; `CheckSelectLocking`.
fn shape(node: &pb::SelectStmt) -> Option<&'static str> {
    if !node.values_lists.is_empty() {
        Some("VALUES")
    } else if !node.distinct_clause.is_empty() {
        Some("DISTINCT clause")
    } else if !node.group_clause.is_empty() {
        Some("GROUP BY clause")
    } else if node.having_clause.is_some() {
        Some("HAVING clause")
    } else {
        None
    }
}

/// Marks what `FOR UPDATE` and its like mean: of what the `SELECT` reads, which was added since, all or what is named.
/// Neither common tables nor subqueries in expressions are reached; `transformLockingClause`.
fn lock_rows(node: &pb::SelectStmt, query: &mut Query, own: u32, before: usize) {
    for clause in &node.locking_clause {
        let Some(N::LockingClause(clause)) = clause.node() else { continue };
        if clause.locked_rels.is_empty() {
            query.relations[before..].iter_mut().filter(|it| !it.apart).for_each(|it| it.locked = true);
        }
        for name in &clause.locked_rels {
            if let Some(N::RangeVar(name)) = name.node() {
                lock_named(query, own, Some(&name.relname));
            }
        }
    }
}

/// Marks the relations of the source of this name, of all when there is none.
fn lock_named(query: &mut Query, select: u32, name: Option<&str>) {
    for at in 0..query.selects[select as usize].sources.len() {
        let source = &query.selects[select as usize].sources[at];
        let is = |alias: &str| name.is_none_or(|it| it == alias);
        match source.kind {
            SourceKind::Relation(it) => {
                let alias = source.alias.clone();
                let item = &mut query.relations[it as usize];
                item.locked |= is(alias.as_ref().unwrap_or(&item.relation.name.name.text));
            }
            SourceKind::Select(inner) if is(source.alias.as_deref().unwrap_or_default()) => {
                lock_named(query, inner, None)
            }
            SourceKind::Select(_) | SourceKind::Common(_) | SourceKind::Rows => {}
        }
    }
}

/// The expressions that were added since belong there.
pub(super) fn settle(query: &mut Query, home: Home) {
    query.homes.resize(query.expressions.len(), home);
}

/// How many sources the `SELECT` has so far.
fn sources(query: &Query, of: Option<u32>) -> u32 {
    of.and_then(|it| query.selects.get(it as usize)).map_or(0, |it| it.sources.len() as u32)
}

/// The expressions that were added since belong to the `SELECT` as a whole, if they are one's.
fn settle_select(query: &mut Query, of: Option<u32>) {
    if let Some(select) = of {
        settle(query, Home::Select(select));
    }
}

/// The expressions that were added since see the sources so far, from the one numbered `start` on.
fn settle_sources(query: &mut Query, of: Option<u32>, start: u32) {
    if let Some(select) = of {
        settle(query, Home::Sources { select, start, end: sources(query, of) });
    }
}

fn add_source(query: &mut Query, of: Option<u32>, kind: SourceKind, alias: Option<&pb::Alias>) {
    let Some(select) = of.and_then(|it| query.selects.get_mut(it as usize)) else { return };
    let columns = alias.map_or_else(Vec::new, |it| texts(&it.colnames));
    select.sources.push(Source { kind, alias: alias.map(|it| SmolStr::new(&*it.aliasname)), columns });
}

/// The names of a list.
fn texts(names: &[pb::Node]) -> Vec<SmolStr> {
    names.iter().filter_map(string).map(SmolStr::new).collect()
}

/// Whether an item of `FROM` is a table, or a join of tables, whose columns keep their names.
fn is_table_by_name(node: &pb::Node) -> bool {
    let renames = |alias: Option<&pb::Alias>| alias.is_some_and(|it| !it.colnames.is_empty());
    match node.node() {
        Some(N::RangeVar(it)) => !renames(it.alias.get()),
        Some(N::JoinExpr(it)) => {
            it.alias.is_none() && [it.larg.get(), it.rarg.get()].into_iter().flatten().all(is_table_by_name)
        }
        _ => false,
    }
}
