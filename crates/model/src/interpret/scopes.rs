//! Which columns of which relations a query names. A name is looked up in its own `SELECT`, then around it;
//! `colNameToVar` and `scanRTEForColumn` in `src/backend/parser/parse_relation.c`.

use super::names::is_system_column;
use super::work::Work;
use crate::Refusal;
use crate::catalog::{ColumnId, RelationId, RelationKind, ViewSource};
use lockkeeper_syntax::Arrange;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{
    Expr, ExprKind, FromItem, Home, Name, Query, Select, SelectOutput, SourceKind, UsingAlias,
};
use smol_str::SmolStr;
use std::ops::Range;
use std::rc::Rc;

/// What the names of a query mean.
#[derive(Default)]
pub(super) struct Meaning {
    /// The relations with the columns that it names.
    pub(super) uses: Vec<ViewSource>,
    /// The first name that certainly means nothing, or more than one thing.
    pub(super) refusal: Option<(Refusal, Span)>,
}

/// The meaning of a query. One of the `variables` may stand where no column has its name.
pub(super) fn meaning(work: &Work<'_>, query: &Query, variables: &[&SmolStr]) -> Meaning {
    let mut lookup = Lookup { work, variables, meaning: Meaning::default() };
    lookup.query(query, &[]);
    lookup.tidy()
}

/// What the subqueries of conditions over the rows of `table` use beside it; the columns of `table` come first.
pub(super) fn meaning_over<'e>(
    work: &Work<'_>,
    table: RelationId,
    conditions: impl Iterator<Item = &'e Expr>,
) -> Vec<ViewSource> {
    let mut lookup = Lookup { work, variables: &[], meaning: Meaning::default() };
    let alias = work.relation(table).name.name.clone();
    let seen = Seen { alias: Some(alias), rows: Rows::Table(table, Vec::new()) };
    let outermost = [Frame { select: None, seen: Rc::new(vec![seen]) }];
    conditions.for_each(|it| lookup.expr(it, &outermost, None));
    lookup.tidy().uses
}

/// An output column of a query.
#[derive(Clone)]
pub(super) struct OutputColumn {
    pub(super) name: SmolStr,
    /// The column that it is, if it is one and known.
    pub(super) of: Option<(RelationId, ColumnId)>,
}

/// The columns that a star among the outputs of the query stands for, if all are known.
pub(super) fn star(work: &Work<'_>, query: &Query, table: Option<&Name>) -> Option<Vec<OutputColumn>> {
    let lookup = Lookup { work, variables: &[], meaning: Meaning::default() };
    let mut memo = vec![Memo::Open; query.selects.len()];
    let seen = lookup.seen(query, query.first, &[], &mut memo);
    lookup.expanded(query.selects.get(query.first as usize)?, &seen, table.map(|it| &it.text))
}

/// A `SELECT` around a name.
#[derive(Clone)]
struct Frame<'q> {
    select: Option<&'q Select>,
    seen: Rc<Vec<Seen>>,
}

/// Something in a `FROM`.
#[derive(Clone)]
struct Seen {
    alias: Option<SmolStr>,
    rows: Rows,
}

#[derive(Clone)]
enum Rows {
    /// A relation, with the names given to its first columns.
    Table(RelationId, Vec<SmolStr>),
    /// Rows of these columns.
    Of(Vec<OutputColumn>),
    /// Rows of which not all columns are known.
    Unknown,
}

/// What is known of the `FROM` of a `SELECT`.
#[derive(Clone, Default)]
enum Memo {
    #[default]
    Open,
    /// Being looked at: what a recursive table reads of itself is not followed.
    Busy,
    Known(Rc<Vec<Seen>>),
}

/// What became of a lookup in one place.
enum Hit {
    /// A column of a relation.
    Column(RelationId, ColumnId),
    /// Something else of this name.
    Other,
    /// Nothing is known to have the name, and something may.
    Perhaps,
    Nothing,
}

struct Lookup<'w, 'q> {
    work: &'w Work<'w>,
    variables: &'q [&'q SmolStr],
    meaning: Meaning,
}

impl<'q> Lookup<'_, 'q> {
    fn tidy(mut self) -> Meaning {
        for columns in self.meaning.uses.iter_mut().filter_map(|it| it.columns.as_mut()) {
            columns.arrange_by(Ord::cmp);
            columns.dedup();
        }
        self.meaning
    }

    fn query<'f>(&mut self, query: &'f Query, around: &[Frame<'f>]) {
        for item in &query.relations {
            if let Some(id) = self.work.find(&item.relation.name) {
                let source = self.source(id);
                source.only |= item.relation.only;
                // A query around this one is what its expressions stand in.
                source.apart &= item.apart || !around.is_empty();
            }
        }
        let told = query.homes.len() == query.expressions.len();
        let mut memo = vec![Memo::Open; query.selects.len()];
        let mut last: Option<(Option<Home>, Vec<Frame<'f>>)> = None;
        for (at, expr) in query.expressions.iter().enumerate() {
            let home = query.homes.get(at).copied().filter(|_| told);
            let frames = match last.take() {
                Some((same, frames)) if same == home => frames,
                _ => self.frames(query, home, around, &mut memo),
            };
            self.expr(expr, &frames, Some(at as u32));
            last = Some((home, frames));
        }
    }

    /// What an expression of the query can name, from the outermost to the innermost.
    fn frames<'f>(
        &self,
        query: &'f Query,
        home: Option<Home>,
        around: &[Frame<'f>],
        memo: &mut [Memo],
    ) -> Vec<Frame<'f>> {
        let mut frames = around.to_vec();
        match home {
            Some(Home::Outside) => {}
            Some(Home::Untold) => {
                let seen = Seen { alias: None, rows: Rows::Unknown };
                frames = vec![Frame { select: None, seen: Rc::new(vec![seen]) }];
            }
            Some(Home::Select(number)) => self.chain(query, (number, 0..usize::MAX), around, memo, &mut frames),
            Some(Home::Sources { select, start, end }) => {
                self.chain(query, (select, start as usize..end as usize), around, memo, &mut frames);
            }
            // What a write reads stands in one list, in which what may be meant is not told.
            None => {
                let mut seen: Vec<Seen> = Vec::new();
                for item in &query.relations {
                    let alias = item.alias.as_ref().map_or(&item.relation.name.name.text, |it| &it.text).clone();
                    seen.push(Seen { alias: Some(alias), rows: self.rows(item, &[]) });
                }
                seen.push(Seen { alias: None, rows: Rows::Unknown });
                frames.push(Frame { select: None, seen: Rc::new(seen) });
            }
        }
        frames
    }

    /// The `SELECT`, of which these sources are seen, behind those that it sees around it: what stands before a `LATERAL` subquery,
    /// and before what holds the subquery, if that is one.
    fn chain<'f>(
        &self,
        query: &'f Query,
        innermost: (u32, Range<usize>),
        around: &[Frame<'f>],
        memo: &mut [Memo],
        frames: &mut Vec<Frame<'f>>,
    ) {
        let mut within = query.selects.get(innermost.0 as usize).and_then(|it| it.within);
        let mut chain = vec![innermost];
        while let Some(it) = within {
            if it.lateral {
                chain.push((it.select, 0..it.before as usize));
            }
            within = query.selects.get(it.select as usize).and_then(|it| it.within);
        }
        for (number, range) in chain.into_iter().rev() {
            let select = query.selects.get(number as usize);
            let seen = self.seen(query, number, around, memo);
            let all = range.start == 0 && range.end >= seen.len();
            let seen = if all { seen } else { Rc::new(seen.get(range).unwrap_or_default().to_vec()) };
            frames.push(Frame { select, seen });
        }
    }

    fn rows(&self, item: &FromItem, renamed: &[SmolStr]) -> Rows {
        let Some(id) = self.work.find(&item.relation.name) else { return Rows::Unknown };
        match self.work.relation(id).kind {
            RelationKind::Sequence(_) | RelationKind::Index(_) | RelationKind::Composite => Rows::Unknown,
            RelationKind::Table
            | RelationKind::Partitioned(_)
            | RelationKind::Foreign
            | RelationKind::View(_)
            | RelationKind::MaterializedView(_) => Rows::Table(id, renamed.to_vec()),
        }
    }

    /// What stands in the `FROM` of a `SELECT`.
    fn seen(&self, query: &Query, number: u32, around: &[Frame<'_>], memo: &mut [Memo]) -> Rc<Vec<Seen>> {
        let (Some(select), Some(slot)) = (query.selects.get(number as usize), memo.get_mut(number as usize)) else {
            return Rc::default();
        };
        match std::mem::replace(slot, Memo::Busy) {
            Memo::Known(known) => {
                *slot = Memo::Known(known.clone());
                return known;
            }
            Memo::Busy => return Rc::new(vec![Seen { alias: None, rows: Rows::Unknown }]),
            Memo::Open => {}
        }
        let mut seen = Vec::new();
        for source in &select.sources {
            let renamed = |columns: Option<Vec<OutputColumn>>, to: &[SmolStr]| match columns {
                Some(mut columns) => {
                    columns.iter_mut().zip(to).for_each(|(column, name)| column.name = name.clone());
                    Rows::Of(columns)
                }
                None => Rows::Unknown,
            };
            let mut alias = source.alias.clone();
            let rows = match &source.kind {
                SourceKind::Relation(at) => match query.relations.get(*at as usize) {
                    Some(item) => {
                        alias.get_or_insert_with(|| item.relation.name.name.text.clone());
                        self.rows(item, &source.columns)
                    }
                    None => Rows::Unknown,
                },
                SourceKind::Select(inner) => renamed(self.outputs(query, *inner, around, memo), &source.columns),
                SourceKind::Common(name) => {
                    alias.get_or_insert_with(|| name.clone());
                    match query.common.iter().rev().find(|it| it.name == *name) {
                        // One that reads itself stands behind itself.
                        Some(it) => {
                            let columns = it.select.and_then(|it| self.outputs(query, it, around, memo));
                            match renamed(columns, &it.columns) {
                                Rows::Of(columns) => renamed(Some(columns), &source.columns),
                                other => other,
                            }
                        }
                        None => Rows::Unknown,
                    }
                }
                SourceKind::Rows => Rows::Unknown,
            };
            seen.push(Seen { alias, rows });
        }
        let seen = Rc::new(seen);
        if let Some(slot) = memo.get_mut(number as usize) {
            *slot = Memo::Known(seen.clone());
        }
        seen
    }

    /// The output columns of a `SELECT`, if all are known.
    fn outputs(
        &self,
        query: &Query,
        number: u32,
        around: &[Frame<'_>],
        memo: &mut [Memo],
    ) -> Option<Vec<OutputColumn>> {
        let seen = self.seen(query, number, around, memo);
        let select = query.selects.get(number as usize)?;
        let mut columns = Vec::new();
        for output in &select.outputs {
            match output {
                SelectOutput::Named(name) => columns.push(OutputColumn { name: name.clone(), of: None }),
                SelectOutput::Star(table) => columns.extend(self.expanded(select, &seen, table.as_ref())?),
            }
        }
        Some(columns)
    }

    /// What a star stands for. The columns that `USING` makes one of come first, and once.
    fn expanded(&self, select: &Select, seen: &[Seen], table: Option<&SmolStr>) -> Option<Vec<OutputColumn>> {
        let merged: &[SmolStr] = if table.is_none() { &select.merged } else { &[] };
        if select.natural && table.is_none() {
            return None;
        }
        // What is not in its own `FROM` stands around it.
        if table.is_some_and(|table| !seen.iter().any(|it| it.alias.as_ref() == Some(table))) {
            return None;
        }
        let mut all = Vec::new();
        for source in seen.iter().filter(|it| table.is_none() || it.alias.as_ref() == table) {
            all.extend(self.columns(&source.rows)?);
        }
        let first = |name: &SmolStr| all.iter().find(|it| it.name == *name).cloned();
        let mut columns: Vec<OutputColumn> = merged.iter().filter_map(first).collect();
        columns.extend(all.into_iter().filter(|it| !merged.contains(&it.name)));
        Some(columns)
    }

    fn columns(&self, rows: &Rows) -> Option<Vec<OutputColumn>> {
        match rows {
            Rows::Table(id, renamed) => {
                let relation = self.work.relation(*id);
                let own = relation.live_columns();
                let own = own.map(|(at, it)| OutputColumn { name: it.name.clone(), of: Some((*id, at)) });
                let mut columns: Vec<OutputColumn> = relation.complete.then(|| own.collect())?;
                columns.iter_mut().zip(renamed).for_each(|(column, name)| column.name = name.clone());
                Some(columns)
            }
            Rows::Of(columns) => Some(columns.clone()),
            Rows::Unknown => None,
        }
    }

    /// `at` is the place of the expression in the query of the innermost frame, where it is one of its own.
    fn expr<'f>(&mut self, expr: &'f Expr, frames: &[Frame<'f>], at: Option<u32>) {
        match &expr.kind {
            ExprKind::Column(parts) => self.name(parts, frames, at),
            ExprKind::Star(parts) if at.is_some_and(|it| !is_key(it, frames)) => self.star(parts.last(), frames),
            // Elsewhere `table.*` is the row as a whole, unless it makes part of a row.
            ExprKind::Star(_) => {}
            ExprKind::Row(parts) => {
                for part in parts {
                    match &part.kind {
                        ExprKind::Star(parts) => self.star(parts.last(), frames),
                        // A member of a grouping set is a key too.
                        _ => self.expr(part, frames, at.filter(|it| is_grouped(*it, frames))),
                    }
                }
            }
            ExprKind::Subquery(query) => self.query(query, frames),
            ExprKind::Other(parts) if at.is_some_and(|it| is_grouped(it, frames)) => {
                parts.iter().for_each(|it| self.expr(it, frames, at));
            }
            _ => expr.children().into_iter().for_each(|it| self.expr(it, frames, None)),
        }
    }

    fn star(&mut self, table: Option<&Name>, frames: &[Frame<'_>]) {
        let depth = if table.is_some() { frames.len() } else { 1 };
        for frame in frames.iter().rev().take(depth) {
            let mut found = false;
            for source in frame.seen.iter().filter(|it| table.is_none_or(|table| it.alias == Some(table.text.clone())))
            {
                found = true;
                if let Rows::Table(id, _) = source.rows {
                    for (at, _) in self.work.relation(id).live_columns() {
                        self.used(id, at);
                    }
                }
            }
            if found {
                return;
            }
        }
    }

    fn name(&mut self, parts: &[Name], frames: &[Frame<'_>], at: Option<u32>) {
        let [before @ .., column] = parts else { return };
        let table = before.last();
        if table.is_none() && self.is_output(column, frames, at, true) {
            return;
        }
        for frame in frames.iter().rev() {
            let hits = match using_alias(frame, table) {
                Some(it) if it.columns.contains(&column.text) => self.hits(frame, None, column),
                Some(_) => break,
                None => self.hits(frame, table, column),
            };
            let merged = frame.select.is_some_and(|it| it.natural || it.merged.contains(&column.text));
            let certain = hits.iter().filter(|it| matches!(it, Hit::Column(..) | Hit::Other)).count();
            if certain > 1 && !merged && table.is_none() {
                if frame.select.is_none() {
                    return;
                }
                let message = "column reference is ambiguous";
                self.refuse(Refusal::Plain { sqlstate: "42702", message }, column.span);
                return;
            }
            for hit in &hits {
                if let Hit::Column(id, at) = hit {
                    self.used(*id, *at);
                }
            }
            if certain > 0 || hits.iter().any(|it| matches!(it, Hit::Perhaps)) {
                return;
            }
            if table.is_some() && frame.seen.iter().any(|it| it.alias.as_ref() == table.map(|it| &it.text)) {
                break;
            }
        }
        // Without a FROM the name may be a placeholder's.
        let open =
            frames.iter().all(|it| it.seen.is_empty()) || parts.iter().any(|it| self.variables.contains(&&it.text));
        let elsewhere = table.is_some() && self.work.names_function(&column.text);
        let output = table.is_none() && self.is_output(column, frames, at, false);
        if !(open || elsewhere || output || parts.len() > 2) {
            let names = |frame: &Frame<'_>, table: &Name| {
                using_alias(frame, Some(table)).is_some()
                    || frame.seen.iter().any(|it| it.alias.as_ref() == Some(&table.text))
            };
            let known = |table: &Name| frames.iter().any(|it| names(it, table));
            let refusal = match table {
                Some(table) if !known(table) => {
                    Refusal::Plain { sqlstate: "42P01", message: "missing FROM-clause entry for table" }
                }
                _ => Refusal::MissingColumn { column: column.text.clone(), table: None },
            };
            self.refuse(refusal, column.span);
        }
    }

    /// Whether the expression is a key that may name an output of its `SELECT`: that comes before a column in `ORDER BY`, and
    /// behind one in `GROUP BY`; `findTargetlistEntrySQL92`.
    fn is_output(&self, column: &Name, frames: &[Frame<'_>], at: Option<u32>, first: bool) -> bool {
        let (Some(at), Some(select)) = (at, frames.last().and_then(|it| it.select)) else { return false };
        let is_key = if first {
            select.sort_keys.contains(&at) || select.distinct.contains(&at)
        } else {
            select.grouped.contains(&at)
        };
        is_key && select.outputs.iter().any(|it| *it == SelectOutput::Named(column.text.clone()))
    }

    fn hits(&self, frame: &Frame<'_>, table: Option<&Name>, column: &Name) -> Vec<Hit> {
        let mut hits = Vec::new();
        for source in frame.seen.iter() {
            let whole_row = table.is_none() && source.alias.as_ref() == Some(&column.text);
            if table.is_none_or(|it| source.alias.as_ref() == Some(&it.text)) {
                match self.hit(source, column) {
                    Hit::Nothing if whole_row => hits.push(Hit::Perhaps),
                    hit => hits.push(hit),
                }
            } else if source.alias.is_none() && matches!(source.rows, Rows::Unknown) {
                hits.push(Hit::Perhaps);
            }
        }
        hits
    }

    fn hit(&self, source: &Seen, column: &Name) -> Hit {
        match &source.rows {
            Rows::Unknown => Hit::Perhaps,
            Rows::Of(columns) => {
                if columns.iter().any(|it| it.name == column.text) {
                    Hit::Other
                } else {
                    Hit::Nothing
                }
            }
            Rows::Table(id, renamed) => {
                let relation = self.work.relation(*id);
                let found = relation.live_columns().enumerate().find_map(|(place, (at, it))| {
                    let name = renamed.get(place).unwrap_or(&it.name);
                    (*name == column.text).then_some(at)
                });
                match found {
                    Some(at) => Hit::Column(*id, at),
                    None if is_system_column(&column.text) || !relation.complete => Hit::Perhaps,
                    None => Hit::Nothing,
                }
            }
        }
    }

    fn refuse(&mut self, refusal: Refusal, span: Span) {
        self.meaning.refusal.get_or_insert((refusal, span));
    }

    fn source(&mut self, id: RelationId) -> &mut ViewSource {
        let uses = &mut self.meaning.uses;
        let at = uses.iter().position(|it| it.relation == id).unwrap_or_else(|| {
            let columns = self.work.relation(id).complete.then(Vec::new);
            uses.push(ViewSource { relation: id, columns, only: false, apart: true });
            uses.len() - 1
        });
        &mut uses[at]
    }

    fn used(&mut self, id: RelationId, column: ColumnId) {
        if let Some(columns) = &mut self.source(id).columns {
            columns.push(column);
        }
    }
}

/// The columns of a `USING` that have this name together.
fn using_alias<'f>(frame: &Frame<'f>, table: Option<&Name>) -> Option<&'f UsingAlias> {
    let table = table?;
    frame.select?.using_aliases.iter().find(|it| it.alias == table.text)
}

/// Whether the expression at this place is a key of `GROUP BY` or `ORDER BY`.
fn is_key(at: u32, frames: &[Frame<'_>]) -> bool {
    let select = frames.last().and_then(|it| it.select);
    select.is_some_and(|it| it.grouped.contains(&at) || it.sort_keys.contains(&at) || it.distinct.contains(&at))
}

/// Whether the expression at this place is a key of `GROUP BY`.
fn is_grouped(at: u32, frames: &[Frame<'_>]) -> bool {
    frames.last().and_then(|it| it.select).is_some_and(|it| it.grouped.contains(&at))
}
