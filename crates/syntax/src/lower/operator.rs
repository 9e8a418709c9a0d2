//! Expressions made with operators, subqueries, and the rest of the expression grammar.

use super::cx::Cx;
use super::expr::{Placed, join};
use super::name::strings;
use crate::ast::{Call, Expr, ExprKind, Home, Name, QualifiedName};
use crate::token::{Kind, mark};
use crate::tree as pb;
use crate::tree::AExprKind;
use crate::tree::AnyNode as N;
use smol_str::SmolStr;

impl Cx<'_> {
    pub(super) fn operator(&self, node: &pb::AExpr) -> Placed {
        let symbol = strings(&node.name).last().map(SmolStr::new).unwrap_or_default();
        match node.kind.get() {
            AExprKind::AexprNullif => {
                let parts = [node.lexpr.get(), node.rexpr.get()].into_iter().flatten();
                let kind = ExprKind::Builtin("NULLIF", parts.map(|it| self.expr(it)).collect());
                Placed { kind, at: self.call_stretch(node.location) }
            }
            AExprKind::AexprIn => self.in_list(node, symbol),
            AExprKind::AexprOpAny | AExprKind::AexprOpAll => self.any_all(node, symbol),
            AExprKind::AexprBetween
            | AExprKind::AexprNotBetween
            | AExprKind::AexprBetweenSym
            | AExprKind::AexprNotBetweenSym => self.between(node),
            AExprKind::AexprDistinct => self.infix(node, SmolStr::new_static("IS DISTINCT FROM"), 3),
            AExprKind::AexprNotDistinct => self.infix(node, SmolStr::new_static("IS NOT DISTINCT FROM"), 4),
            AExprKind::AexprLike | AExprKind::AexprIlike | AExprKind::AexprSimilar => self.pattern(node, symbol),
            AExprKind::Undefined | AExprKind::AexprOp => self.chain(node),
        }
    }

    /// Operators one after the other: a thousand terms lean to the left.
    fn chain(&self, node: &pb::AExpr) -> Placed {
        let mut links = vec![node];
        let mut left = node.lexpr.get();
        while let Some(N::AExpr(link)) = left.and_then(|it| it.node())
            && matches!(link.kind.get(), AExprKind::Undefined | AExprKind::AexprOp)
        {
            links.push(link);
            left = link.lexpr.get();
        }
        let around = |left: Option<Placed>, link: &pb::AExpr| {
            let symbol = strings(&link.name).last().map(SmolStr::new).unwrap_or_default();
            let words = self.operator_words(self.place_or_start(link.location));
            self.infix_behind(left, link, symbol, words)
        };
        let placed = self.deeper_by(links.len() - 1, || {
            let left = left.map(|it| self.placed(it));
            links.into_iter().rev().fold(left, |left, link| Some(around(left, link)))
        });
        placed.flatten().unwrap_or(Placed { kind: ExprKind::Other(Vec::new()), at: 0..0 })
    }

    /// How many tokens the operator at `op` has: `OPERATOR (schema.+)` has several.
    fn operator_words(&self, op: usize) -> usize {
        if self.are(op, &[Kind::Operator, mark::OPEN]) { self.partner(op + 1) + 1 - op } else { 1 }
    }

    /// An operator of `words` tokens between its sides, or before its only one.
    fn infix(&self, node: &pb::AExpr, symbol: SmolStr, words: usize) -> Placed {
        let left = node.lexpr.get().map(|it| self.placed(it));
        self.infix_behind(left, node, symbol, words)
    }

    /// As [`Self::infix`], with the left side read.
    fn infix_behind(&self, left: Option<Placed>, node: &pb::AExpr, symbol: SmolStr, words: usize) -> Placed {
        let op = self.place_or_start(node.location);
        let right = self.child(node.rexpr.get());
        let start = left.as_ref().map_or(op, |it| self.left_start(op, &it.at));
        let at = start..self.right_end(op + words, &right.at);
        let left = left.map(|it| Box::new(self.seal(it)));
        Placed { kind: ExprKind::Operator { symbol, left, right: Box::new(self.seal(right)) }, at }
    }

    /// `[NOT] LIKE`, `ILIKE`, `SIMILAR TO`, with `ESCAPE`.
    fn pattern(&self, node: &pb::AExpr, symbol: SmolStr) -> Placed {
        let op = self.place_or_start(node.location);
        let words = 1 + usize::from(self.is(op, Kind::Not)) + usize::from(node.kind.get() == AExprKind::AexprSimilar);
        let escape = match node.rexpr.get().and_then(|it| it.node()) {
            Some(N::FuncCall(call)) if call.location == node.location => call,
            _ => return self.infix(node, symbol, words),
        };
        // The pattern is wrapped in a call that nobody wrote, with the escape character as its second argument.
        let left = self.child(node.lexpr.get());
        let start = self.left_start(op, &left.at);
        let arguments: Vec<Placed> = escape.args.iter().map(|it| self.placed(it)).collect();
        let first = op + words;
        let mut end = arguments.first().map_or(first, |it| self.right_end(first, &it.at));
        if let [_, second, ..] = &*arguments {
            end = self.right_end(end + 1, &second.at);
        }
        let at = start..end;
        let span = self.span(&(op..first));
        let names = strings(&escape.funcname);
        let name = |text: &str| Name { text: SmolStr::new(text), span };
        let call = Call {
            name: QualifiedName {
                schema: names.len().checked_sub(2).map(|it| name(names[it])),
                name: name(names.last().copied().unwrap_or_default()),
            },
            arguments: arguments.into_iter().map(|it| self.seal(it)).collect(),
            decorated: false,
            sql_syntax: true,
        };
        let right = Expr { kind: ExprKind::Call(Box::new(call)), span: self.span(&(first..end)) };
        let left = Some(Box::new(self.seal(left)));
        Placed { kind: ExprKind::Operator { symbol, left, right: Box::new(right) }, at }
    }

    fn in_list(&self, node: &pb::AExpr, symbol: SmolStr) -> Placed {
        let op = self.place_or_start(node.location);
        let left = self.child(node.lexpr.get());
        let open = op + 1 + usize::from(self.is(op, Kind::Not));
        let at = self.left_start(op, &left.at)..self.partner(open) + 1;
        let right = match node.rexpr.get().and_then(|it| it.node()) {
            Some(N::List(list)) => self.exprs(list),
            _ => Vec::new(),
        };
        let all = symbol != "=";
        let left = Box::new(self.seal(left));
        Placed { kind: ExprKind::AnyAll { symbol, all, left, right, list: true }, at }
    }

    fn any_all(&self, node: &pb::AExpr, symbol: SmolStr) -> Placed {
        let op = self.place_or_start(node.location);
        let left = self.child(node.lexpr.get());
        let right = self.child(node.rexpr.get());
        let start = self.left_start(op, &left.at);
        let end = (op..self.tokens.len())
            .find(|&it| matches!(self.kind(it), Kind::Any | Kind::Some | Kind::All))
            .map_or(right.at.end, |it| self.partner(it + 1) + 1);
        let all = node.kind.get() == AExprKind::AexprOpAll;
        let left = Box::new(self.seal(left));
        let right = vec![self.seal(right)];
        Placed { kind: ExprKind::AnyAll { symbol, all, left, right, list: false }, at: start..end }
    }

    fn between(&self, node: &pb::AExpr) -> Placed {
        let op = self.place_or_start(node.location);
        let value = self.child(node.lexpr.get());
        let start = self.left_start(op, &value.at);
        let (negated, symmetric) = match node.kind.get() {
            AExprKind::AexprNotBetween => (true, false),
            AExprKind::AexprBetweenSym => (false, true),
            AExprKind::AexprNotBetweenSym => (true, true),
            _ => (false, false),
        };
        let mut bounds = match node.rexpr.get().and_then(|it| it.node()) {
            Some(N::List(list)) => list.iter().map(|it| self.placed(it)).collect(),
            _ => Vec::new(),
        };
        let high = bounds.pop().unwrap_or(Placed { kind: ExprKind::Other(Vec::new()), at: op..op + 1 });
        let low = bounds.pop().unwrap_or(Placed { kind: ExprKind::Other(Vec::new()), at: op..op + 1 });
        let and = (low.at.end..high.at.start).rev().find(|&it| self.is(it, Kind::And));
        let end = and.map_or(high.at.end, |it| self.right_end(it + 1, &high.at));
        let boxed = |it: Placed| Box::new(self.seal(it));
        let kind = ExprKind::Between { negated, symmetric, value: boxed(value), low: boxed(low), high: boxed(high) };
        Placed { kind, at: start..end }
    }

    pub(super) fn sublink(&self, node: &pb::SubLink) -> Placed {
        let op = self.place_or_start(node.location);
        let test = node.testexpr.get().map(|it| self.placed(it));
        let mut query = self.subquery(node.subselect.get());
        let at = match &test {
            // `a IN (SELECT …)`, `a = ANY (SELECT …)`.
            Some(test) => {
                let words = op + self.operator_words(op);
                let open = (words..self.tokens.len()).find(|&it| self.is(it, mark::OPEN));
                let open = if self.is(op, mark::OPEN) { Some(op) } else { open };
                self.left_start(op, &test.at)..open.map_or(op + 1, |it| self.partner(it) + 1)
            }
            None if self.is(op, mark::OPEN) => {
                // `((SELECT 1))` is one node, which starts at the outermost parenthesis.
                let mut open = op;
                while self.is(open + 1, mark::OPEN) && self.partner(open + 1) + 1 == self.partner(open) {
                    open += 1;
                }
                open..self.partner(open) + 1
            }
            None => op..self.partner(op + 1) + 1,
        };
        if let Some(test) = test {
            query.expressions.insert(0, self.seal(test));
            query.homes.insert(0, Home::Outside);
            for select in &mut query.selects {
                for keys in [&mut select.grouped, &mut select.sort_keys] {
                    *keys = keys.start + 1..keys.end + 1;
                }
                if !select.distinct.is_empty() {
                    select.distinct = select.distinct.start + 1..select.distinct.end + 1;
                }
            }
        }
        Placed { kind: ExprKind::Subquery(Box::new(query)), at }
    }

    /// What has no kind of its own: XML, JSON, GROUPING and the like.
    pub(super) fn other(&self, node: N<'_>) -> Placed {
        let (location, parts): (i32, Vec<Option<&pb::Node>>) = match node {
            N::XmlExpr(it) => (it.location, it.named_args.iter().chain(&it.args).map(Some).collect()),
            N::XmlSerialize(it) => (it.location, vec![it.expr.get()]),
            N::ResTarget(it) => (it.location, vec![it.val.get()]),
            N::GroupingFunc(it) => (it.location, it.args.iter().map(Some).collect()),
            N::GroupingSet(it) => (it.location, it.content.iter().map(Some).collect()),
            N::MergeSupportFunc(it) => (it.location, Vec::new()),
            N::JsonIsPredicate(it) => return self.json_predicate(it),
            N::JsonValueExpr(it) => return self.child(it.raw_expr.get()),
            N::JsonFuncExpr(it) => {
                let mut parts = vec![raw(it.context_item.get()), it.pathspec.get()];
                parts.extend(it.passing.iter().map(Some));
                parts.extend([it.on_empty.get(), it.on_error.get()].map(|it| it.and_then(|it| it.expr.get())));
                (it.location, parts)
            }
            N::JsonArgument(it) => return self.child(raw(it.val.get())),
            N::JsonKeyValue(it) => (-1, vec![it.key.get(), raw(it.value.get())]),
            N::JsonParseExpr(it) => (it.location, vec![raw(it.expr.get())]),
            N::JsonScalarExpr(it) => (it.location, vec![it.expr.get()]),
            N::JsonSerializeExpr(it) => (it.location, vec![raw(it.expr.get())]),
            N::JsonObjectConstructor(it) => (it.location, it.exprs.iter().map(Some).collect()),
            N::JsonArrayConstructor(it) => (it.location, it.exprs.iter().map(Some).collect()),
            N::JsonArrayQueryConstructor(it) => {
                let query = self.subquery(it.query.get());
                return Placed { kind: ExprKind::Subquery(Box::new(query)), at: self.call_stretch(it.location) };
            }
            N::JsonObjectAgg(it) => {
                let pair = it.arg.get();
                let parts = vec![pair.and_then(|it| it.key.get()), pair.and_then(|it| raw(it.value.get()))];
                (it.constructor.get().map_or(-1, |it| it.location), parts)
            }
            N::JsonArrayAgg(it) => (it.constructor.get().map_or(-1, |it| it.location), vec![raw(it.arg.get())]),
            _ => (-1, Vec::new()),
        };
        let parts: Vec<Placed> = parts.into_iter().flatten().map(|it| self.placed(it)).collect();
        let own = self.call_stretch(location);
        let at = parts.iter().fold(own, |all, it| join(&all, &it.at));
        Placed { kind: ExprKind::Other(parts.into_iter().map(|it| self.seal(it)).collect()), at }
    }

    /// `a IS [NOT] JSON …`; its location is the start of `a`.
    fn json_predicate(&self, node: &pb::JsonIsPredicate) -> Placed {
        let value = self.child(node.expr.get());
        let is = (value.at.end..self.tokens.len()).find(|&it| self.is(it, Kind::Is)).unwrap_or(value.at.end);
        let mut end = is + 1;
        while matches!(
            self.kind(end),
            Kind::Not
                | Kind::Json
                | Kind::ValueP
                | Kind::Array
                | Kind::ObjectP
                | Kind::Scalar
                | Kind::With
                | Kind::Without
                | Kind::Unique
                | Kind::Keys
        ) {
            end += 1;
        }
        let at = self.left_start(is, &value.at)..end.min(self.tokens.len());
        Placed { kind: ExprKind::Other(vec![self.seal(value)]), at }
    }
}

/// The expression under a JSON value.
pub(super) fn raw(value: Option<&pb::JsonValueExpr>) -> Option<&pb::Node> {
    value.and_then(|it| it.raw_expr.get())
}
