//! `ALTER FUNCTION … RENAME TO` and `… SET SCHEMA`; `AlterObjectRename_internal` in `src/backend/commands/alter.c`.

use super::work::Work;
use crate::Refusal;
use crate::catalog::{Change, DataType, Function, ObjectName};
use lockkeeper_syntax::Span;
use lockkeeper_syntax::ast::{ObjectKind, QualifiedName, TypeName};

/// Whether it is a function of some kind that the catalog follows.
pub(super) fn is_followed(kind: ObjectKind) -> bool {
    matches!(kind, ObjectKind::Function | ObjectKind::Procedure | ObjectKind::Routine)
}

/// Gives a function another name or schema. What the history does not show stays unknown.
pub(super) fn move_function(
    work: &mut Work<'_>,
    object: &QualifiedName,
    arguments: Option<&[TypeName]>,
    to: impl Fn(&ObjectName) -> ObjectName,
    span: Span,
) {
    let Some(from) = work.find_function(object) else { return };
    let Some(mut left) = work.catalog.function(&from).cloned() else { return };
    let to = to(&from);
    if to == from {
        return;
    }
    let at = match arguments {
        Some(written) => {
            let types: Vec<DataType> = written.iter().map(|it| work.data_type(it)).collect();
            left.routines.iter().position(|it| it.takes(types.iter()))
        }
        None => (left.routines.len() == 1).then_some(0),
    };
    let Some(at) = at else { return };
    let routine = left.routines.remove(at);
    let mut target: Function = work.catalog.function(&to).cloned().unwrap_or_default();
    if target.routines.iter().any(|it| it.takes(routine.arguments.iter().map(|it| &it.data_type))) {
        let message = "function already exists with same argument types";
        work.refuse(Refusal::Plain { sqlstate: "42723", message }, span);
        return;
    }
    target.routines.push(routine);
    let remains = (!left.routines.is_empty()).then_some(left);
    work.change(Change::Function { name: from, to: remains });
    work.change(Change::Function { name: to, to: Some(target) });
}
