//! Expressions as the grammar gives them to expressions with types; `transformExpr` in `parse_expr.c`.

use super::resolve::Chosen;
use super::{Form, Node, Scope, Trouble, Type, Typed};
use crate::builtins::CastContext;
use crate::catalog::DataType;
use crate::{Misfit, Refusal};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Call, Case, Constant, Expr, ExprKind, QualifiedName, Volatility};
use smol_str::{SmolStr, ToSmolStr};

impl Scope<'_> {
    pub(super) fn transform(&self, expr: &Expr) -> Result<Typed, Trouble> {
        let span = expr.span;
        match &expr.kind {
            ExprKind::Column(parts) => self.column(parts.last().map_or("", |it| &it.text), span),
            ExprKind::Constant(constant) => Ok(literal(constant)),
            ExprKind::Call(call) => self.call(call, span),
            ExprKind::Operator { symbol, left, right, .. } => match left {
                Some(left) => self.binary(symbol, left, right, span),
                None => self.prefix(symbol, right, span),
            },
            ExprKind::AnyAll { symbol, all, left, right, list } => self.any_all(symbol, *all, left, right, *list, span),
            ExprKind::Between { negated, symmetric: false, value, low, high } => {
                let (first, second) = if *negated { ("<", ">") } else { (">=", "<=") };
                let both = vec![self.binary(first, value, low, span)?, self.binary(second, value, high, span)?];
                Ok(boolean(if *negated { Node::Or(both) } else { Node::And(both) }))
            }
            ExprKind::And(parts) => Ok(boolean(Node::And(self.conditions(parts)?))),
            ExprKind::Or(parts) => Ok(boolean(Node::Or(self.conditions(parts)?))),
            ExprKind::Not(value) => Ok(boolean(Node::Not(Box::new(super::analyse_condition(value, self)?)))),
            ExprKind::IsNull { value, negated } => {
                let value = self.transform(value)?;
                // The server tests a constant whose type nothing decides as it is.
                Ok(boolean(Node::IsNull(Box::new(value), *negated)))
            }
            ExprKind::IsBoolean { value, test } => {
                Ok(boolean(Node::IsBoolean(Box::new(super::analyse_condition(value, self)?), test)))
            }
            ExprKind::Cast { value, to } => {
                let to = self.written_type(to)?;
                if let (ExprKind::Array(items), Some(element)) = (&value.kind, Type::from(&to).element()) {
                    return self.array_as(items, &element, &to, span);
                }
                self.cast_explicitly(self.transform(value)?, &to).map_err(|it| placed(it, span))
            }
            ExprKind::Collate { value, collation } => {
                let value = super::analyse(value, self)?;
                if self.is_uncollatable(&value.of) {
                    return Err(Trouble::refused(Misfit::NoCollation { data_type: value.of.sql() }, span));
                }
                let (of, modifiers) = (value.of.clone(), value.modifiers.clone());
                Ok(Typed { node: Node::Collate(Box::new(value), collation.to_smolstr()), of, modifiers })
            }
            ExprKind::Coalesce(parts) => {
                let (parts, of) = self.alike(parts, "COALESCE", span)?;
                Ok(Typed { modifiers: common_modifiers(&parts), node: Node::Coalesce(parts), of })
            }
            ExprKind::Builtin(word @ ("GREATEST" | "LEAST"), parts) => {
                let (parts, of) = self.alike(parts, word, span)?;
                Ok(Typed { modifiers: common_modifiers(&parts), node: Node::MinMax(word, parts), of })
            }
            ExprKind::Builtin("NULLIF", parts) => match parts.as_slice() {
                [left, right] => self.null_if(left, right, span),
                _ => Err(Trouble::Unknown),
            },
            ExprKind::Case(case) => self.case(case, span),
            ExprKind::Array(parts) => self.array(parts, span),
            ExprKind::SqlValue(word) => Ok(sql_value(word)),
            ExprKind::Between { .. }
            | ExprKind::Builtin(..)
            | ExprKind::Star(_)
            | ExprKind::Row(_)
            | ExprKind::Indirection(_)
            | ExprKind::Parameter
            | ExprKind::Default
            | ExprKind::Subquery(_)
            | ExprKind::Other(_) => Err(Trouble::Unknown),
        }
    }

    fn column(&self, name: &str, span: Span) -> Result<Typed, Trouble> {
        if let (Some(of), "value") = (self.value, name) {
            return Ok(Typed { node: Node::Value, of: Type::from(of), modifiers: of.modifiers.clone() });
        }
        let Some(row) = self.row else { return Err(Trouble::Unknown) };
        let Some(column) = row.column(name) else {
            // The name of the table is its row as a whole.
            if !row.complete || crate::interpret::is_system_column(name) || row.name.name == name {
                return Err(Trouble::Unknown);
            }
            return Err(Trouble::refused(Refusal::MissingColumn { column: name.into(), table: None }, span));
        };
        let of = Type::from(&column.data_type);
        if of.is_unknown() || !self.knows(&of) {
            return Err(Trouble::Unknown);
        }
        let modifiers = column.data_type.modifiers.clone();
        Ok(Typed { node: Node::Column(column.name.clone()), of, modifiers })
    }

    fn conditions(&self, parts: &[Expr]) -> Result<Vec<Typed>, Trouble> {
        parts.iter().map(|it| super::analyse_condition(it, self)).collect()
    }

    fn call(&self, call: &Call, span: Span) -> Result<Typed, Trouble> {
        if call.decorated {
            return Err(Trouble::Unknown);
        }
        let arguments: Vec<Typed> = call.arguments.iter().map(|it| self.transform(it)).collect::<Result<_, _>>()?;
        let given: Vec<Type> = arguments.iter().map(|it| it.of.clone()).collect();
        let Chosen { schema, arguments: wanted, result, volatility } =
            self.function(&self.called(call), &given, span)?;
        let arguments = self.coerce_all(arguments, &wanted, span)?;
        let form = if call.sql_syntax { Form::Syntax } else { Form::Explicit };
        let name = self.called(call).name.text;
        let node = Node::Call { schema, name, arguments, form, volatility };
        Ok(Typed { node, of: result, modifiers: Vec::new() })
    }

    /// `EXTRACT` is `date_part` before PostgreSQL 14.
    fn called(&self, call: &Call) -> QualifiedName {
        let mut name = call.name.clone();
        if call.sql_syntax && name.name.text == "extract" && !self.version.since(14) {
            name.name.text = SmolStr::new_static("date_part");
        }
        name
    }

    fn coerce_all(&self, values: Vec<Typed>, wanted: &[Type], span: Span) -> Result<Vec<Typed>, Trouble> {
        let coerce = |(value, of)| self.coerce(value, of, CastContext::Implicit).map_err(|it| placed(it, span));
        values.into_iter().zip(wanted).map(coerce).collect()
    }

    fn prefix(&self, symbol: &str, right: &Expr, span: Span) -> Result<Typed, Trouble> {
        let right = self.transform(right)?;
        let chosen = self.operator(symbol, None, &right.of, span)?;
        let mut sides = self.coerce_all(vec![right], &chosen.arguments, span)?;
        let Some(right) = sides.pop() else { return Err(Trouble::Unknown) };
        let node =
            Node::Operator { symbol: symbol.into(), left: None, right: Box::new(right), volatility: chosen.volatility };
        Ok(Typed { node, of: chosen.result, modifiers: Vec::new() })
    }

    fn binary(&self, symbol: &str, left: &Expr, right: &Expr, span: Span) -> Result<Typed, Trouble> {
        let (left, right) = (self.transform(left)?, self.transform(right)?);
        match symbol {
            "IS DISTINCT FROM" | "IS NOT DISTINCT FROM" => {
                let (left, right, chosen) = self.sides("=", left, right, span)?;
                let distinct = boolean(Node::Distinct { left, right, volatility: chosen.volatility });
                let same = symbol.contains("NOT");
                Ok(if same { boolean(Node::Not(Box::new(distinct))) } else { distinct })
            }
            _ => {
                let (left, right, chosen) = self.sides(symbol, left, right, span)?;
                let volatility = match symbol {
                    "||" if chosen.volatility == Volatility::Stable => self.joined_as_text(&left.of, &right.of),
                    _ => chosen.volatility,
                };
                let node = Node::Operator { symbol: symbol.into(), left: Some(left), right, volatility };
                Ok(Typed { node, of: chosen.result, modifiers: Vec::new() })
            }
        }
    }

    /// How volatile it is to join a text and something else: both `||` for that are functions in SQL, and what is looked at is
    /// their body, which writes the other side as text (`textanycat`, `anytextcat`).
    fn joined_as_text(&self, left: &Type, right: &Type) -> Volatility {
        let written = |it: &Type| self.traits(&self.base(it)).map_or(Volatility::Stable, |it| it.output);
        written(left).max(written(right))
    }

    /// Both sides as the operator for them takes them.
    fn sides(
        &self,
        symbol: &str,
        left: Typed,
        right: Typed,
        span: Span,
    ) -> Result<(Box<Typed>, Box<Typed>, Chosen), Trouble> {
        let chosen = self.operator(symbol, Some(&left.of), &right.of, span)?;
        let mut sides = self.coerce_all(vec![left, right], &chosen.arguments, span)?.into_iter();
        match (sides.next(), sides.next()) {
            (Some(left), Some(right)) => Ok((Box::new(left), Box::new(right), chosen)),
            _ => Err(Trouble::Unknown),
        }
    }

    /// `IN (…)`, `= ANY (…)`; `transformAExprIn` and `make_scalar_array_op`.
    fn any_all(
        &self,
        symbol: &SmolStr,
        all: bool,
        left: &Expr,
        right: &[Expr],
        list: bool,
        span: Span,
    ) -> Result<Typed, Trouble> {
        let value = self.transform(left)?;
        let array = if list {
            let constant = |it: &Expr| it.columns().is_empty();
            let (constants, others): (Vec<&Expr>, Vec<&Expr>) = right.iter().partition(|it| constant(it));
            if constants.len() < 2 || !others.is_empty() {
                let mut parts: Vec<Typed> =
                    right.iter().map(|it| self.binary(symbol, left, it, span)).collect::<Result<_, _>>()?;
                if let (1, Some(one)) = (parts.len(), parts.pop()) {
                    return Ok(one);
                }
                // A mixed list becomes an array and comparisons beside it; nobody writes one in a schema.
                return Err(Trouble::Unknown);
            }
            let items: Vec<Typed> = right.iter().map(|it| self.transform(it)).collect::<Result<_, _>>()?;
            let mut together: Vec<&Typed> = vec![&value];
            together.extend(&items);
            let Ok(of) = self.common_type(&together, "IN", span) else {
                // Without a common type each member is compared by itself.
                right.iter().try_for_each(|it| self.binary(symbol, left, it, span).map(drop))?;
                return Err(Trouble::Unknown);
            };
            self.array_of(items, &of, span)?
        } else {
            let [array] = right else { return Err(Trouble::Unknown) };
            let array = self.transform(array)?;
            if array.of.is_unknown() {
                self.coerce(array, &value.of.array_of(), CastContext::Implicit).map_err(|it| placed(it, span))?
            } else {
                array
            }
        };
        let Some(element) = array.of.element() else { return Err(Trouble::Unknown) };
        let chosen = self.operator(symbol, Some(&value.of), &element, span)?;
        let [wanted, item] = chosen.arguments.as_slice() else { return Err(Trouble::Unknown) };
        let value = self.coerce(value, wanted, CastContext::Implicit).map_err(|it| placed(it, span))?;
        let wanted = if super::resolve::is_polymorphic(item) { array.of.clone() } else { item.array_of() };
        let array = self.coerce(array, &wanted, CastContext::Implicit).map_err(|it| placed(it, span))?;
        Ok(boolean(Node::AnyAll {
            symbol: symbol.clone(),
            all,
            left: Box::new(value),
            array: Box::new(array),
            volatility: chosen.volatility,
        }))
    }

    fn array(&self, parts: &[Expr], span: Span) -> Result<Typed, Trouble> {
        let (parts, of) = self.alike(parts, "ARRAY", span)?;
        // Arrays of arrays are one array of more dimensions.
        let of = if of.array { of } else { of.array_of() };
        Ok(Typed { node: Node::Array(parts), of, modifiers: Vec::new() })
    }

    /// `ARRAY[…]::t[]` casts each element (`transformArrayExpr` with a target).
    fn array_as(&self, items: &[Expr], element: &Type, to: &DataType, span: Span) -> Result<Typed, Trouble> {
        let to_element = element.with(to.modifiers.clone());
        let cast = |it: &Expr| self.cast_explicitly(self.transform(it)?, &to_element).map_err(|it| placed(it, span));
        let items: Vec<Typed> = items.iter().map(cast).collect::<Result<_, _>>()?;
        Ok(Typed { node: Node::Array(items), of: Type::from(to), modifiers: to.modifiers.clone() })
    }

    fn array_of(&self, items: Vec<Typed>, of: &Type, span: Span) -> Result<Typed, Trouble> {
        let wanted = vec![of.clone(); items.len()];
        let items = self.coerce_all(items, &wanted, span)?;
        Ok(Typed { node: Node::Array(items), of: of.array_of(), modifiers: Vec::new() })
    }

    /// Values of one type.
    fn alike(&self, parts: &[Expr], what: &'static str, span: Span) -> Result<(Vec<Typed>, Type), Trouble> {
        let parts: Vec<Typed> = parts.iter().map(|it| self.transform(it)).collect::<Result<_, _>>()?;
        let of = self.common_type(&parts.iter().collect::<Vec<_>>(), what, span)?;
        let wanted = vec![of.clone(); parts.len()];
        Ok((self.coerce_all(parts, &wanted, span)?, of))
    }

    fn null_if(&self, left: &Expr, right: &Expr, span: Span) -> Result<Typed, Trouble> {
        let (left, right) = (self.transform(left)?, self.transform(right)?);
        let (left, right, chosen) = self.sides("=", left, right, span)?;
        let (of, modifiers) = (left.of.clone(), left.modifiers.clone());
        Ok(Typed { node: Node::NullIf(left, right, chosen.volatility), of, modifiers })
    }

    fn case(&self, case: &Case, span: Span) -> Result<Typed, Trouble> {
        if case.operand.is_some() {
            // The operand's comparisons are written out only in the plan; the condition that each makes is known.
            let operand = case.operand.as_ref().map(|it| super::analyse(it, self)).transpose()?;
            let (results, of) = self.results(case, span)?;
            let mut whens = Vec::new();
            let mut results = results.into_iter();
            for (when, _) in &case.whens {
                let (Some(operand), Some(then)) = (&operand, results.next()) else { return Err(Trouble::Unknown) };
                let (_, right, _) = self.sides("=", operand.clone(), self.transform(when)?, span)?;
                whens.push((*right, then));
            }
            let otherwise = results.next().map(Box::new);
            let node = Node::Case { operand: operand.map(Box::new), whens, otherwise };
            return Ok(Typed { node, of, modifiers: Vec::new() });
        }
        let (results, of) = self.results(case, span)?;
        let mut results = results.into_iter();
        let mut whens = Vec::new();
        for (when, _) in &case.whens {
            let Some(then) = results.next() else { return Err(Trouble::Unknown) };
            whens.push((super::analyse_condition(when, self)?, then));
        }
        let otherwise = results.next().map(Box::new);
        Ok(Typed { node: Node::Case { operand: None, whens, otherwise }, of, modifiers: Vec::new() })
    }

    /// The results of a `CASE` in one type. The `ELSE`, last here, comes first when the type is chosen.
    fn results(&self, case: &Case, span: Span) -> Result<(Vec<Typed>, Type), Trouble> {
        let written = case.whens.iter().map(|(_, it)| it).chain(case.otherwise.as_ref());
        let parts: Vec<Typed> = written.map(|it| self.transform(it)).collect::<Result<_, _>>()?;
        let mut order: Vec<&Typed> = parts.iter().collect();
        order.rotate_right(usize::from(case.otherwise.is_some()));
        let of = self.common_type(&order, "CASE", span)?;
        let wanted = vec![of.clone(); parts.len()];
        Ok((self.coerce_all(parts, &wanted, span)?, of))
    }
}

/// A refusal at a clause, where the cast that failed stands nowhere.
fn placed(trouble: Trouble, span: Span) -> Trouble {
    match trouble {
        Trouble::Refused(refusal, at) if at == Span::default() => Trouble::Refused(refusal, span),
        other => other,
    }
}

fn boolean(node: Node) -> Typed {
    Typed { node, of: Type::builtin("bool"), modifiers: Vec::new() }
}

/// The modifiers that all values share.
fn common_modifiers(parts: &[Typed]) -> Vec<i32> {
    match parts {
        [first, rest @ ..] if rest.iter().all(|it| it.modifiers == first.modifiers) => first.modifiers.clone(),
        _ => Vec::new(),
    }
}

/// A literal; `make_const` in `parse_node.c`.
fn literal(constant: &Constant) -> Typed {
    let (text, of) = match constant {
        Constant::Null => (None, "unknown"),
        Constant::Boolean(it) => (Some(it.to_smolstr()), "bool"),
        Constant::Integer(it) => (Some(it.to_smolstr()), "int4"),
        Constant::Number(it) => {
            let of = if it.parse::<i64>().is_ok() { "int8" } else { "numeric" };
            (Some(it.clone()), of)
        }
        Constant::String(it) => (Some(it.clone()), "unknown"),
        Constant::Bits(it) => (Some(it.clone()), "bit"),
    };
    Typed { node: Node::Constant(text), of: Type::builtin(of), modifiers: Vec::new() }
}

/// The words that are values; `transformSQLValueFunction`.
fn sql_value(word: &'static str) -> Typed {
    let of = match word {
        "CURRENT_DATE" => "date",
        "CURRENT_TIME" => "timetz",
        "CURRENT_TIMESTAMP" => "timestamptz",
        "LOCALTIME" => "time",
        "LOCALTIMESTAMP" => "timestamp",
        _ => "name",
    };
    Typed { node: Node::SqlValue(word), of: Type::builtin(of), modifiers: Vec::new() }
}
