//! Enums and their labels. When a new one may be used is told in `enum_labels`.

use super::rename::{change_defaults, names};
use super::work::Work;
use crate::catalog::{Change, DataType, TypeDefinition, TypeDefinitionKind};
use crate::{ObjectName, Refusal, RelationId};
use lockkeeper_syntax::ast::{AlterEnum, Constant, EnumChange, Expr, ExprKind};

/// `ALTER TYPE … ADD VALUE`, `RENAME VALUE`; `src/backend/catalog/pg_enum.c`.
pub(super) fn alter_enum(work: &mut Work<'_>, it: &AlterEnum) {
    let Some(name) = work.find_type(&it.name) else {
        match work.row_type(&it.name) {
            Some(_) => {
                let name = it.name.name.text.clone();
                work.refuse(Refusal::WrongKind { name, expected: "an enum" }, it.name.span());
            }
            None => work.refuse_missing_type(&it.name),
        }
        return;
    };
    let Some(mut definition) = work.catalog.type_definition(&name).cloned() else { return };
    let mut labels = match definition.kind.clone() {
        TypeDefinitionKind::Enum(labels) => labels,
        TypeDefinitionKind::Unknown => return,
        TypeDefinitionKind::Domain(_)
        | TypeDefinitionKind::Composite(_)
        | TypeDefinitionKind::Other
        | TypeDefinitionKind::Shell => {
            let refusal = Refusal::WrongKind { name: name.name, expected: "an enum" };
            work.refuse(refusal, it.name.span());
            return;
        }
    };
    match &it.change {
        EnumChange::Add { value, if_not_exists, neighbour } => {
            if labels.contains(&value.label) {
                if *if_not_exists {
                    work.effects.skipped = true;
                } else {
                    work.refuse(Refusal::EnumValueExists { label: value.label.as_str().into() }, value.span);
                }
                return;
            }
            let mut place = labels.len();
            if let Some((after, other)) = neighbour {
                let Some(at) = labels.iter().position(|it| it == other) else {
                    let message = "existing enum label is not there";
                    work.refuse(Refusal::Plain { sqlstate: "22023", message }, value.span);
                    return;
                };
                place = at + usize::from(*after);
            }
            labels.insert(place, value.label.clone());
            definition.added.extend(work.transaction.map(|it| (value.label.clone(), it)));
        }
        EnumChange::Rename { from, to } => {
            if !labels.contains(&from.label) {
                let message = "existing enum label is not there";
                work.refuse(Refusal::Plain { sqlstate: "22023", message }, from.span);
                return;
            }
            if labels.contains(&to.label) {
                work.refuse(Refusal::EnumValueExists { label: to.label.as_str().into() }, to.span);
                return;
            }
            for label in labels.iter_mut().filter(|it| **it == from.label) {
                label.clone_from(&to.label);
            }
            rename_in_defaults(work, &name, &from.label, &to.label);
        }
    }
    let kind = TypeDefinitionKind::Enum(labels);
    work.change(Change::Type { name, to: Some(Box::new(TypeDefinition { kind, ..definition })) });
}

/// The values in defaults keep their number, so that they are shown under the new label.
fn rename_in_defaults(work: &mut Work<'_>, name: &ObjectName, from: &str, to: &str) {
    let tables: Vec<RelationId> = work.catalog.typed(&name.name).map(|(id, _)| id).collect();
    for table in tables {
        change_defaults(work, table, |column, it| {
            let is_default = column.data_type.name == *name && column.default.as_ref() == Some(&*it);
            let constant = match &mut it.kind {
                ExprKind::Cast { value, to } if names(&to.name, name) => &mut value.kind,
                kind if is_default => kind,
                _ => return false,
            };
            let renamed = matches!(constant, ExprKind::Constant(Constant::String(text)) if text == from);
            if renamed {
                *constant = ExprKind::Constant(Constant::String(to.into()));
            }
            renamed
        });
    }
}

impl Work<'_> {
    /// A string constant that becomes a value of an enum must be one of its labels; `enum_in`.
    pub(super) fn check_label(&mut self, value: &Expr, data_type: &DataType) {
        let ExprKind::Constant(Constant::String(text)) = &value.kind else { return };
        let definition = self.catalog.type_definition(&data_type.name).filter(|_| data_type.dimensions == 0);
        if let Some(TypeDefinitionKind::Enum(labels)) = definition.map(|it| &it.kind)
            && !labels.iter().any(|it| it == text.as_str())
        {
            self.refuse(Refusal::Plain { sqlstate: "22P02", message: "invalid input value for enum" }, value.span);
        }
    }

    /// Looks at the casts of string constants in an expression.
    pub(super) fn check_cast_labels(&mut self, expr: &Expr) {
        if !self.catalog.has_types() {
            return;
        }
        let mut casts = Vec::new();
        expr.walk(&mut |it| {
            if let ExprKind::Cast { value, to } = &it.kind {
                casts.push((value, to));
            }
        });
        for (value, to) in casts {
            let to = self.data_type(to);
            self.check_label(value, &to);
        }
    }
}
