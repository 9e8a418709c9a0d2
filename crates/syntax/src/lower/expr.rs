//! Expressions.

use super::cx::{Cx, Stretch};
use super::name::{string, strings};
use crate::ast::{Call, Case, Constant, Expr, ExprKind, Name, QualifiedName, TypeName};
use crate::token::{Kind, mark};
use crate::tree as pb;
use crate::tree::AnyNode as N;
use smol_str::SmolStr;

/// An expression with the tokens that make it up.
pub(super) struct Placed {
    pub(super) kind: ExprKind,
    pub(super) at: Stretch,
}

impl Placed {
    fn new(kind: ExprKind, at: Stretch) -> Self {
        Placed { kind, at }
    }
}

/// The smallest stretch that holds both; an empty one does not count.
pub(super) fn join(a: &Stretch, b: &Stretch) -> Stretch {
    match (a.is_empty(), b.is_empty()) {
        (true, _) => b.clone(),
        (_, true) => a.clone(),
        _ => a.start.min(b.start)..a.end.max(b.end),
    }
}

impl Cx<'_> {
    /// The expression.
    pub(super) fn expr(&self, node: &pb::Node) -> Expr {
        let placed = self.placed(node);
        self.seal(placed)
    }

    /// As [`Self::expr`], where the tree has none only if it is broken.
    pub(super) fn expr_or_empty(&self, node: Option<&pb::Node>) -> Expr {
        node.map_or_else(|| self.empty_expr(&(0..0)), |it| self.expr(it))
    }

    pub(super) fn exprs(&self, nodes: &[pb::Node]) -> Vec<Expr> {
        nodes.iter().map(|it| self.expr(it)).collect()
    }

    pub(super) fn seal(&self, placed: Placed) -> Expr {
        Expr { span: self.span(&placed.at), kind: placed.kind }
    }

    pub(super) fn placed(&self, node: &pb::Node) -> Placed {
        let placed = self.deeper(|| self.placed_here(node));
        placed.unwrap_or_else(|| Placed::new(ExprKind::Other(Vec::new()), 0..0))
    }

    fn placed_here(&self, node: &pb::Node) -> Placed {
        let Some(node) = node.node() else { return Placed::new(ExprKind::Other(Vec::new()), 0..0) };
        match node {
            N::ColumnRef(it) => self.column_ref(it),
            N::AConst(it) => self.constant(it),
            N::FuncCall(it) => self.call(it),
            N::AExpr(it) => self.operator(it),
            N::BoolExpr(it) => self.bool_expr(it),
            N::NullTest(it) => self.null_test(it),
            N::BooleanTest(it) => self.boolean_test(it),
            N::TypeCast(it) => self.cast(it),
            N::CollateClause(it) => self.collate(it),
            N::SubLink(it) => self.sublink(it),
            N::CaseExpr(it) => self.case(it),
            N::CoalesceExpr(it) => {
                Placed::new(ExprKind::Coalesce(self.exprs(&it.args)), self.call_stretch(it.location))
            }
            N::MinMaxExpr(it) => {
                let word = if it.op.get() == pb::MinMaxOp::IsGreatest { "GREATEST" } else { "LEAST" };
                Placed::new(ExprKind::Builtin(word, self.exprs(&it.args)), self.call_stretch(it.location))
            }
            N::AArrayExpr(it) => self.array(it),
            N::RowExpr(it) => self.row(it),
            N::AIndirection(it) => self.indirection(it),
            N::SqlValueFunction(it) => self.sql_value(it),
            N::ParamRef(it) => Placed::new(ExprKind::Parameter, self.one(it.location)),
            N::SetToDefault(it) => Placed::new(ExprKind::Default, self.one(it.location)),
            N::NamedArgExpr(it) => self.child(it.arg.get()),
            N::MultiAssignRef(it) if it.colno == 1 => self.child(it.source.get()),
            N::List(it) => {
                let parts: Vec<Placed> = it.iter().map(|it| self.placed(it)).collect();
                let at = parts.iter().fold(0..0, |all, it| join(&all, &it.at));
                Placed::new(ExprKind::Other(parts.into_iter().map(|it| self.seal(it)).collect()), at)
            }
            other => self.other(other),
        }
    }

    pub(super) fn child(&self, node: Option<&pb::Node>) -> Placed {
        node.map_or_else(|| Placed::new(ExprKind::Other(Vec::new()), 0..0), |it| self.placed(it))
    }

    /// The one token at a location.
    fn one(&self, location: i32) -> Stretch {
        self.place(location).map_or(0..0, |it| it..it + 1)
    }

    /// A word at `location` with the parentheses that follow it.
    pub(super) fn call_stretch(&self, location: i32) -> Stretch {
        let Some(start) = self.place(location) else { return 0..0 };
        let mut end = self.dotted_end(start);
        // `COLLATION FOR (…)`.
        if self.is(end, Kind::For) {
            end += 1;
        }
        if self.is(end, mark::OPEN) { start..self.partner(end) + 1 } else { start..end }
    }

    /// Where the left operand of the operator at `op` starts, parentheses around it included.
    pub(super) fn left_start(&self, op: usize, operand: &Stretch) -> usize {
        let start = if operand.is_empty() { op } else { operand.start };
        match op.checked_sub(1) {
            Some(before) if self.is(before, mark::CLOSE) && before >= operand.end => start.min(self.partner(before)),
            _ => start,
        }
    }

    /// Where the right operand of the operator that ends before `after` ends, parentheses around it included.
    pub(super) fn right_end(&self, after: usize, operand: &Stretch) -> usize {
        let end = if operand.is_empty() { after } else { operand.end };
        if self.is(after, mark::OPEN) && (operand.is_empty() || after < operand.start) {
            return end.max(self.partner(after) + 1);
        }
        end
    }

    fn column_ref(&self, node: &pb::ColumnRef) -> Placed {
        // The star that `TABLE t` stands for is not written.
        let Some(start) = self.place(node.location) else { return Placed::new(ExprKind::Star(Vec::new()), 0..0) };
        let mut star = false;
        let mut names = Vec::with_capacity(node.fields.len());
        for (index, field) in node.fields.iter().enumerate() {
            match string(field) {
                Some(text) => names.push(self.name(text, start + 2 * index)),
                None => star = true,
            }
        }
        let end = (start + 2 * node.fields.len()).saturating_sub(1).max(start + 1).min(self.tokens.len());
        Placed::new(if star { ExprKind::Star(names) } else { ExprKind::Column(names) }, start..end)
    }

    fn constant(&self, node: &pb::AConst) -> Placed {
        use pb::Val;
        let constant = match node.val() {
            Some(Val::Ival(it)) => Constant::Integer(it.ival),
            Some(Val::Fval(it)) => Constant::Number(SmolStr::new(&*it.fval)),
            Some(Val::Boolval(it)) => Constant::Boolean(it.boolval),
            Some(Val::Sval(it)) => Constant::String(SmolStr::new(&*it.sval)),
            Some(Val::Bsval(it)) => Constant::Bits(SmolStr::new(&*it.bsval)),
            None => Constant::Null,
        };
        let at = match self.place(node.location) {
            // A negative number is one constant, whose location is the sign's.
            Some(sign) if self.is(sign, mark::MINUS) => {
                let next = sign + 1;
                sign..if self.is(next, mark::OPEN) { self.partner(next) + 1 } else { next + 1 }
            }
            Some(start) if self.is(start + 1, Kind::Uescape) => start..start + 3,
            Some(start) => start..start + 1,
            None => 0..0,
        };
        Placed::new(ExprKind::Constant(constant), at)
    }

    fn bool_expr(&self, node: &pb::BoolExpr) -> Placed {
        let op = self.place_or_start(node.location);
        let mut parts: Vec<Placed> = node.args.iter().map(|it| self.placed(it)).collect();
        if node.boolop.get() == pb::BoolExprType::NotExpr {
            let Some(value) = parts.pop() else { return Placed::new(ExprKind::Other(Vec::new()), op..op + 1) };
            // `a NOT IN (SELECT …)` has its NOT behind the left side.
            let at = if value.at.start < op && !value.at.is_empty() {
                value.at.clone()
            } else {
                op..self.right_end(op + 1, &value.at)
            };
            return Placed::new(ExprKind::Not(Box::new(self.seal(value))), at);
        }
        let start = parts.first().map_or(op, |it| self.left_start(op, &it.at));
        let end = parts.last().map_or(op + 1, |it| self.last_operand_end(op, it));
        let parts = parts.into_iter().map(|it| self.seal(it)).collect();
        let kind =
            if node.boolop.get() == pb::BoolExprType::AndExpr { ExprKind::And(parts) } else { ExprKind::Or(parts) };
        Placed::new(kind, start..end)
    }

    /// The end of the last operand of an `AND` or `OR` whose first operator stands at `first`.
    fn last_operand_end(&self, first: usize, last: &Placed) -> usize {
        let mut start = last.at.start;
        while start > first + 1 && self.is(start - 1, mark::OPEN) {
            start -= 1;
        }
        if start < last.at.start && self.partner(start) >= last.at.end { self.partner(start) + 1 } else { last.at.end }
    }

    fn null_test(&self, node: &pb::NullTest) -> Placed {
        let op = self.place_or_start(node.location);
        let value = self.child(node.arg.get());
        let negated = node.nulltesttype.get() == pb::NullTestType::IsNotNull;
        let words = match self.kind(op) {
            Kind::Isnull | Kind::Notnull => 1,
            _ => 2 + usize::from(negated),
        };
        let at = self.left_start(op, &value.at)..op + words;
        Placed::new(ExprKind::IsNull { value: Box::new(self.seal(value)), negated }, at)
    }

    fn boolean_test(&self, node: &pb::BooleanTest) -> Placed {
        let op = self.place_or_start(node.location);
        let value = self.child(node.arg.get());
        let test = match node.booltesttype.get() {
            pb::BoolTestType::Undefined | pb::BoolTestType::IsTrue => "IS TRUE",
            pb::BoolTestType::IsNotTrue => "IS NOT TRUE",
            pb::BoolTestType::IsFalse => "IS FALSE",
            pb::BoolTestType::IsNotFalse => "IS NOT FALSE",
            pb::BoolTestType::IsUnknown => "IS UNKNOWN",
            pb::BoolTestType::IsNotUnknown => "IS NOT UNKNOWN",
        };
        let at = self.left_start(op, &value.at)..op + test.split(' ').count();
        Placed::new(ExprKind::IsBoolean { value: Box::new(self.seal(value)), test }, at)
    }

    fn cast(&self, node: &pb::TypeCast) -> Placed {
        let untyped = pb::TypeName::default();
        let to = node.type_name.get().unwrap_or(&untyped);
        let value = self.child(node.arg.get());
        let to_type: Box<TypeName> = Box::new(self.type_name(to));
        let at = match self.place(node.location) {
            Some(op) if self.is(op, Kind::Typecast) => {
                self.left_start(op, &value.at)..self.type_end(self.place_or_start(to.location))
            }
            Some(_) => self.call_stretch(node.location),
            // `date '2026-01-01'`, `interval '1' day`.
            None => {
                let start = self.place_or_start(to.location);
                start..self.interval_fields_end(value.at.end.max(start + 1))
            }
        };
        Placed::new(ExprKind::Cast { value: Box::new(self.seal(value)), to: to_type }, at)
    }

    fn collate(&self, node: &pb::CollateClause) -> Placed {
        let op = self.place_or_start(node.location);
        let value = self.child(node.arg.get());
        let at = self.left_start(op, &value.at)..self.dotted_end(op + 1);
        let collation = self.any_name(&node.collname, op + 1);
        Placed::new(ExprKind::Collate { value: Box::new(self.seal(value)), collation }, at)
    }

    fn case(&self, node: &pb::CaseExpr) -> Placed {
        let start = self.place_or_start(node.location);
        let mut last = start;
        let mut part = |node: Option<&pb::Node>| {
            let placed = self.child(node);
            last = last.max(placed.at.end);
            self.seal(placed)
        };
        let operand = node.arg.get().map(|it| part(Some(it)));
        let mut whens = Vec::with_capacity(node.args.len());
        for when in &node.args {
            if let Some(N::CaseWhen(when)) = when.node() {
                whens.push((part(when.expr.get()), part(when.result.get())));
            }
        }
        let otherwise = node.defresult.get().map(|it| part(Some(it)));
        let end = (last..self.tokens.len()).find(|&it| self.is(it, Kind::EndP)).map_or(last, |it| it + 1);
        Placed::new(ExprKind::Case(Box::new(Case { operand, whens, otherwise })), start..end)
    }

    fn array(&self, node: &pb::AArrayExpr) -> Placed {
        let start = self.place_or_start(node.location);
        let open = if self.is(start, Kind::Array) { start + 1 } else { start };
        Placed::new(ExprKind::Array(self.exprs(&node.elements)), start..self.partner(open) + 1)
    }

    fn row(&self, node: &pb::RowExpr) -> Placed {
        let start = self.place_or_start(node.location);
        let open = if self.is(start, Kind::Row) { start + 1 } else { start };
        Placed::new(ExprKind::Row(self.exprs(&node.args)), start..self.partner(open) + 1)
    }

    fn indirection(&self, node: &pb::AIndirection) -> Placed {
        let value = self.child(node.arg.get());
        let mut end = value.at.end;
        while self.is(end, mark::CLOSE) && self.partner(end) < value.at.start {
            end += 1;
        }
        let start = match end {
            _ if end > value.at.end => self.partner(end - 1),
            _ => value.at.start,
        };
        let value_at = self.span(&value.at);
        let mut inside = vec![Expr { kind: value.kind, span: value_at }];
        for step in &node.indirection {
            if let Some(N::AIndices(it)) = step.node() {
                inside.extend([it.lidx.get(), it.uidx.get()].into_iter().flatten().map(|it| self.expr(it)));
                end = self.partner(end) + 1;
            } else {
                end += 2; // `.field` or `.*`
            }
        }
        let end = end.min(self.tokens.len());
        let kind = match inside.len() {
            1 => inside.pop().map_or(ExprKind::Other(Vec::new()), |it| ExprKind::Indirection(Box::new(it))),
            // Subscripts can hold columns and calls too.
            _ => ExprKind::Other(inside),
        };
        Placed::new(kind, start..end)
    }

    fn sql_value(&self, node: &pb::SqlValueFunction) -> Placed {
        use pb::SqlValueFunctionOp as Op;
        let word = match node.op.get() {
            Op::SqlvalueFunctionOpUndefined | Op::SvfopCurrentDate => "CURRENT_DATE",
            Op::SvfopCurrentTime | Op::SvfopCurrentTimeN => "CURRENT_TIME",
            Op::SvfopCurrentTimestamp | Op::SvfopCurrentTimestampN => "CURRENT_TIMESTAMP",
            Op::SvfopLocaltime | Op::SvfopLocaltimeN => "LOCALTIME",
            Op::SvfopLocaltimestamp | Op::SvfopLocaltimestampN => "LOCALTIMESTAMP",
            Op::SvfopCurrentRole => "CURRENT_ROLE",
            Op::SvfopCurrentUser => "CURRENT_USER",
            Op::SvfopUser => "USER",
            Op::SvfopSessionUser => "SESSION_USER",
            Op::SvfopCurrentCatalog => "CURRENT_CATALOG",
            Op::SvfopCurrentSchema => "CURRENT_SCHEMA",
        };
        let at = self.call_stretch(node.location);
        Placed::new(ExprKind::SqlValue(word), at)
    }

    /// The call of `CALL`.
    pub(super) fn called(&self, node: &pb::FuncCall) -> Option<Call> {
        match self.call(node).kind {
            ExprKind::Call(call) => Some(*call),
            _ => None,
        }
    }

    fn call(&self, node: &pb::FuncCall) -> Placed {
        let arguments: Vec<Placed> = node.args.iter().map(|it| self.placed(it)).collect();
        let names = strings(&node.funcname);
        let decorated = node.func_variadic
            || node.agg_distinct
            || node.agg_within_group
            || !node.agg_order.is_empty()
            || node.agg_filter.is_some()
            || node.over.is_some()
            || node.args.iter().any(|it| matches!(it.node(), Some(N::NamedArgExpr(_))));
        let start = self.place(node.location);
        let is_call = start.is_some_and(|it| {
            let end = self.dotted_end(it);
            self.is(end, mark::OPEN) || self.are(end, &[Kind::For, mark::OPEN])
        });
        if !is_call
            || (node.funcformat.get() == pb::CoercionForm::CoerceSqlSyntax && !self.starts_call(start, &arguments))
        {
            return self.call_by_operator(&names, arguments, start);
        }
        let mut at = self.call_stretch(node.location);
        at.end = self.decorations_end(at.end, decorated);
        let start = at.start;
        let written = self.dotted_end(start) - start;
        let name = if written == (2 * names.len()).saturating_sub(1) {
            self.qualified(&names, start)
        } else {
            self.named_elsewhere(&names, start..start + 1)
        };
        let mut arguments: Vec<Expr> = arguments.into_iter().map(|it| self.seal(it)).collect();
        arguments.extend(self.decorations(node));
        let sql_syntax = node.funcformat.get() == pb::CoercionForm::CoerceSqlSyntax;
        Placed::new(ExprKind::Call(Box::new(Call { name, arguments, decorated, sql_syntax })), at)
    }

    /// Whether a call in SQL's own syntax starts with its name, as `EXTRACT (…)`: its arguments all follow.
    fn starts_call(&self, start: Option<usize>, arguments: &[Placed]) -> bool {
        arguments.iter().all(|it| it.at.is_empty() || start.is_some_and(|start| it.at.start > start))
    }

    /// What the grammar turns into a call without a name being written: `AT TIME ZONE`, `OVERLAPS`, `IS NORMALIZED`.
    fn call_by_operator(&self, names: &[&str], arguments: Vec<Placed>, op: Option<usize>) -> Placed {
        let mut at = arguments.iter().fold(0..0, |all, it| join(&all, &it.at));
        if let Some(op) = op {
            at = join(&at, &(op..op + 1));
            at.start = at.start.min(self.left_start(op, &(at.start..at.start)));
            // Words of the operator, as `AT TIME ZONE`, then its right side.
            let last = arguments.iter().map(|it| it.at.start).filter(|&it| it > op).max();
            let after = (op + 1..last.unwrap_or(at.end)).find(|&it| self.is(it, mark::OPEN));
            if let Some(open) = after {
                at.end = at.end.max(self.partner(open) + 1);
            }
            if last.is_none() {
                while matches!(
                    self.kind(at.end),
                    Kind::Not | Kind::Normalized | Kind::Nfc | Kind::Nfd | Kind::Nfkc | Kind::Nfkd
                ) {
                    at.end += 1;
                }
            }
        } else if self.are(at.end, &[Kind::At, Kind::Local]) {
            at.end += 2;
        }
        let name = self.named_elsewhere(names, op.map_or(at.clone(), |it| it..it + 1));
        let arguments = arguments.into_iter().map(|it| self.seal(it)).collect();
        let call = Call { name, arguments, decorated: false, sql_syntax: true };
        Placed::new(ExprKind::Call(Box::new(call)), at)
    }

    /// A name that the grammar supplies for what is written at `at`.
    fn named_elsewhere(&self, names: &[&str], at: Stretch) -> QualifiedName {
        let span = self.span(&at);
        let name = |text: &str| Name { text: SmolStr::new(text), span };
        QualifiedName {
            schema: names.len().checked_sub(2).map(|it| name(names[it])),
            name: name(names.last().copied().unwrap_or_default()),
        }
    }

    /// The end of `WITHIN GROUP (…)`, `FILTER (…)` and `OVER …` behind a call.
    fn decorations_end(&self, call_end: usize, decorated: bool) -> usize {
        let mut end = call_end;
        if decorated {
            while let Some(after) = self.decoration_end(end) {
                end = after;
            }
        }
        end.min(self.tokens.len())
    }

    /// The end of the decoration that starts at `at`, if one does.
    fn decoration_end(&self, at: usize) -> Option<usize> {
        match self.kind(at) {
            Kind::Within if self.are(at + 1, &[Kind::GroupP, mark::OPEN]) => Some(self.partner(at + 2) + 1),
            Kind::Filter | Kind::Over if self.is(at + 1, mark::OPEN) => Some(self.partner(at + 1) + 1),
            Kind::Over => Some(at + 2),
            _ => None,
        }
    }

    /// The expressions of `ORDER BY`, `FILTER` and `OVER`.
    fn decorations(&self, node: &pb::FuncCall) -> Vec<Expr> {
        let mut found = Vec::new();
        for sort in &node.agg_order {
            self.sort_key(sort, &mut found);
        }
        found.extend(node.agg_filter.iter().map(|it| self.expr(it)));
        if let Some(window) = node.over.get() {
            self.window(window, &mut found);
        }
        found
    }
}
