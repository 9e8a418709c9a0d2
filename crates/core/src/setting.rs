//! Where a script sets what is in force.

use crate::step::Step;
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{Body, Constant, ExprKind};

/// The last statement of this script before the current one that sets `name`, by `SET` or `set_config`.
pub(crate) fn last_set(step: &Step<'_>, name: &str) -> Option<Span> {
    let sets = |body: &Body| match body {
        Body::Set(set) => set.name.eq_ignore_ascii_case(name),
        Body::Select(query) => query.outputs.iter().any(|it| match &it.expr.kind {
            ExprKind::Call(call) if call.name.name.text == "set_config" => call.arguments.first().is_some_and(
                |it| matches!(&it.kind, ExprKind::Constant(Constant::String(set)) if set.eq_ignore_ascii_case(name)),
            ),
            _ => false,
        }),
        _ => false,
    };
    step.earlier().iter().rev().find(|it| sets(&it.body)).map(|it| it.span)
}
