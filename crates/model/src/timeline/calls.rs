//! Which code a statement runs: that of its `DO` block, and of the functions that it calls.

use super::Fold;
use lockkeeper_syntax::ast::{Body, Call, Expr, ExprKind, Program, Query, Statement};
use smol_str::SmolStr;
use std::sync::Arc;

/// The code that a statement runs, with the values of its arguments.
pub(super) fn calls(fold: &Fold, statement: &Statement) -> Vec<Called> {
    match &statement.body {
        Body::Do(it) => it
            .program
            .iter()
            .map(|it| Called { program: Arc::clone(it), names: Vec::new(), arguments: Vec::new(), certain: true })
            .collect(),
        Body::Call(it) => called(fold, it, true).into_iter().collect(),
        Body::Select(it) => in_query(fold, it),
        _ => Vec::new(),
    }
}

/// A program that a statement runs.
pub(super) struct Called {
    pub(super) program: Arc<Program>,
    pub(super) names: Vec<Option<SmolStr>>,
    pub(super) arguments: Vec<Expr>,
    /// Whether it runs just once.
    pub(super) certain: bool,
}

/// The functions that a query calls. Of a query over tables, nobody knows how often.
fn in_query(fold: &Fold, query: &Query) -> Vec<Called> {
    if !fold.catalog.functions().any(|(_, it)| it.routines.iter().any(|it| it.program.is_some())) {
        return Vec::new();
    }
    let mut found = Vec::new();
    let once = query.relations.is_empty() && query.outputs.len() == query.expressions.len();
    for expr in &query.expressions {
        expr.walk(&mut |it| {
            if let ExprKind::Call(call) = &it.kind {
                let certain = once && matches!(&expr.kind, ExprKind::Call(outer) if std::ptr::eq(outer, call));
                found.extend(called(fold, call, certain));
            }
        });
    }
    found
}

fn called(fold: &Fold, call: &Call, certain: bool) -> Option<Called> {
    let (_, function) = fold.catalog.find_function(&call.name, fold.session.search_path.get())?;
    let count = call.arguments.len();
    let takes = |it: &&crate::catalog::Routine| {
        (it.arguments.len() - it.defaults()..=it.arguments.len()).contains(&count) || it.variadic
    };
    let mut fitting = function.routines.iter().filter(takes);
    let routine = fitting.next()?;
    let only = fitting.next().is_none();
    let names = routine.arguments.iter().map(|it| it.name.clone()).collect();
    let program = routine.program.clone()?;
    Some(Called { program, names, arguments: call.arguments.clone(), certain: certain && only })
}
