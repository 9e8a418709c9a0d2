//! Expressions inside DDL: how volatile they are, and whether the server takes them.

use super::work::Work;
use crate::analysis::{self, Misfit, Scope, Trouble, Typed};
use crate::builtins;
use crate::catalog::DataType;
use crate::{ObjectName, Refusal, RelationId};
use lockkeeper_syntax::ast::{Call, Expr, ExprKind, Name, QualifiedName, Volatility};
use smol_str::SmolStr;

/// Volatile functions of the extensions that defaults call most (`uuid-ossp`, `pgcrypto`).
static OF_EXTENSIONS: &[&str] =
    &["gen_random_bytes", "gen_salt", "uuid_generate_v1", "uuid_generate_v1mc", "uuid_generate_v4"];

impl Work<'_> {
    /// What an expression can name, with the columns of `row`.
    pub(super) fn scope(&self, row: Option<RelationId>) -> Scope<'_> {
        Scope {
            catalog: self.catalog,
            path: self.search_path().cloned().collect(),
            version: self.version,
            row: row.and_then(|it| self.catalog.get(it)),
            value: None,
        }
    }

    /// Whether the server must compute the expression for each row by itself.
    pub(super) fn is_volatile(&self, expr: &Expr) -> bool {
        self.volatility(expr, None) == Volatility::Volatile
    }

    /// Whether an expression over the columns of `table` is certainly not immutable, casts that depend on the session's
    /// `TimeZone` or `DateStyle` included.
    pub(super) fn is_mutable_over(&self, table: RelationId, expr: &Expr) -> bool {
        self.volatility(expr, Some(table)) != Volatility::Immutable
    }

    fn volatility(&self, expr: &Expr, row: Option<RelationId>) -> Volatility {
        // Most defaults.
        if matches!(expr.kind, ExprKind::Constant(_)) {
            return Volatility::Immutable;
        }
        match analysis::analyse(expr, &self.scope(row)) {
            Ok(typed) => typed.volatility(),
            Err(_) => self.least_volatility(expr),
        }
    }

    /// How volatile an expression is at least, of which not all can be known: as the functions that it names.
    pub(super) fn least_volatility(&self, expr: &Expr) -> Volatility {
        let mut least = Volatility::Immutable;
        expr.walk(&mut |it| {
            least = least.max(match &it.kind {
                ExprKind::Call(call) => self.function_volatility(&call.name, call.arguments.len()),
                ExprKind::SqlValue(_) => Volatility::Stable,
                _ => Volatility::Immutable,
            });
        });
        least
    }

    fn function_volatility(&self, name: &QualifiedName, count: usize) -> Volatility {
        let in_schema = |schema: &SmolStr| {
            self.catalog.function(&ObjectName { schema: schema.clone(), name: name.name.text.clone() })
        };
        let own = match &name.schema {
            Some(schema) => in_schema(&schema.text),
            None => self.search_path().find_map(in_schema),
        };
        let text = name.name.text.as_str();
        let all: Vec<Volatility> = match own {
            Some(function) => function.routines.iter().map(|it| it.effective_volatility()).collect(),
            None => builtins::functions(text, self.version)
                .filter(|it| it.variadic || (it.arguments.len() - it.defaults..=it.arguments.len()).contains(&count))
                .map(|it| it.volatility)
                .collect(),
        };
        match all.into_iter().min() {
            Some(least) => least,
            // `unaccent--1.1.sql`: it depends on a dictionary that can change.
            None if text == "unaccent" && self.catalog.extension(text) => Volatility::Stable,
            None if OF_EXTENSIONS.contains(&text) => Volatility::Volatile,
            None => Volatility::Immutable,
        }
    }

    /// The type of an expression that names no column, if it can be known.
    pub(super) fn type_of(&self, expr: &Expr) -> Option<DataType> {
        Self::known_type(expr, &self.scope(None))
    }

    /// The type of an expression over the columns of `table`, if it can be known.
    pub(super) fn type_over(&self, table: RelationId, expr: &Expr) -> Option<DataType> {
        Self::known_type(expr, &self.scope(Some(table)))
    }

    fn known_type(expr: &Expr, scope: &Scope<'_>) -> Option<DataType> {
        let typed = analysis::analyse(expr, scope).ok()?;
        Some(typed.of.with(Vec::new())).filter(|it| it.name.name != "unknown")
    }

    /// Refuses a value that a column of this type cannot have.
    pub(super) fn check_value(&mut self, expr: &Expr, to: &DataType) {
        let typed = analysis::analyse_as(expr, to, &self.scope(None));
        self.refuse_trouble(typed);
    }

    /// The same of a value that is computed from a row of `table`.
    pub(super) fn check_value_over(&mut self, table: RelationId, expr: &Expr, to: &DataType) {
        let typed = analysis::analyse_as(expr, to, &self.scope(Some(table)));
        self.refuse_trouble(typed);
    }

    /// Refuses what is no condition over the columns of `table`.
    pub(super) fn check_condition(&mut self, expr: &Expr, table: RelationId) {
        let typed = analysis::analyse_condition(expr, &self.scope(Some(table)));
        self.refuse_trouble(typed);
    }

    /// The types that an expression casts to must exist.
    pub(super) fn check_cast_types(&mut self, expr: &Expr) {
        let mut types = Vec::new();
        expr.walk(&mut |it| {
            if let ExprKind::Cast { to, .. } = &it.kind {
                types.push(&**to);
            }
        });
        for to in types {
            self.check_type(to);
        }
    }

    /// A check holds no query and is a condition; `cookConstraint` in `src/backend/catalog/heap.c`.
    pub(super) fn check_check(&mut self, expr: &Expr, table: RelationId) {
        self.check_cast_types(expr);
        self.check_cast_labels(expr);
        if expr.has_subquery() {
            let message = "cannot use subquery in check constraint";
            self.refuse(Refusal::Plain { sqlstate: "0A000", message }, expr.span);
        }
        self.refuse_kinds(expr);
        self.check_condition(expr, table);
        self.refuse_system_columns(expr, "system column reference in check constraint is invalid");
    }

    /// Refuses what tells rows apart, not tables; `scanNSItemForColumn` in `src/backend/parser/parse_relation.c`.
    pub(super) fn refuse_system_columns(&mut self, expr: &Expr, message: &'static str) {
        let system = |it: &&Name| super::names::is_system_column(&it.text) && it.text != "tableoid";
        if let Some(name) = expr.columns().into_iter().find(system) {
            self.refuse(Refusal::Plain { sqlstate: "42P10", message }, name.span);
        }
    }

    /// Refuses what has no meaning where there is one row only: aggregates, window functions, sets;
    /// `check_agglevels_and_constraints`, `transformWindowFuncCall` and `check_srf_call_placement` in `src/backend/parser`.
    pub(super) fn refuse_kinds(&mut self, expr: &Expr) {
        let mut found = None;
        expr.walk(&mut |it| {
            let ExprKind::Call(call) = &it.kind else { return };
            let name = call.name.name.text.as_str();
            let own = self.names_function(name);
            let all = |wanted: fn(&builtins::Function) -> bool| {
                let mut all = builtins::functions(name, self.version).peekable();
                all.peek().is_some() && all.all(wanted) && !own
            };
            let refusal = match () {
                () if all(|it| it.kind == builtins::FunctionKind::Aggregate) => {
                    ("42803", "aggregate functions are not allowed here")
                }
                () if all(|it| it.kind == builtins::FunctionKind::Window) => {
                    ("42P20", "window functions are not allowed here")
                }
                () if all(|it| it.set) => ("0A000", "set-returning functions are not allowed here"),
                () => return,
            };
            found.get_or_insert((refusal, it.span));
        });
        if let Some(((sqlstate, message), span)) = found {
            self.refuse(Refusal::Plain { sqlstate, message }, span);
        }
    }

    /// Refuses what has no type over the columns of `table`.
    pub(super) fn check_expression(&mut self, expr: &Expr, table: RelationId) {
        let typed = analysis::analyse(expr, &self.scope(Some(table)));
        self.refuse_trouble(typed);
    }

    /// Refuses an operator or function that does not take what it is given; a name may be one of the query's own.
    pub(super) fn check_operators(&mut self, expr: &Expr, table: RelationId) {
        let typed = analysis::analyse(expr, &self.scope(Some(table)));
        if matches!(&typed, Err(Trouble::Refused(refusal, _)) if matches!(**refusal, Refusal::Expression(_))) {
            self.refuse_trouble(typed);
        }
    }

    /// Refuses calls of functions that nobody made, whatever their arguments.
    pub(super) fn check_calls<'e>(&mut self, expressions: impl IntoIterator<Item = &'e Expr>) {
        let mut missing = None;
        for expr in expressions {
            expr.walk(&mut |it| {
                if let ExprKind::Call(call) = &it.kind
                    && missing.is_none()
                    && !self.is_attribute(call)
                    && self.is_nobodys(&call.name)
                {
                    missing = Some((call.name.clone(), it.span));
                }
            });
        }
        if let Some((name, span)) = missing {
            super::functions::refuse_missing(self, span, &name);
        }
    }

    /// `name(row)` can be a column of the row; `ParseFuncOrColumn`.
    fn is_attribute(&self, call: &Call) -> bool {
        matches!(call.arguments.as_slice(), [Expr { kind: ExprKind::Column(_) | ExprKind::Star(_), .. }])
    }

    /// Whether certainly no function has the name.
    pub(super) fn is_nobodys(&self, name: &QualifiedName) -> bool {
        let text = name.name.text.as_str();
        !self.names_function(text)
            && builtins::functions(text, self.version).next().is_none()
            && self.scope(None).shows_functions(text)
    }

    fn refuse_trouble(&mut self, typed: Result<Typed, Trouble>) {
        if let Err(Trouble::Refused(refusal, span)) = typed {
            if matches!(*refusal, Refusal::Expression(Misfit::MissingFunction { .. })) {
                self.lacks();
                if self.lenient() {
                    return;
                }
            }
            self.refuse(*refusal, span);
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_list_is_sorted() {
        assert!(super::OF_EXTENSIONS.is_sorted());
    }
}
