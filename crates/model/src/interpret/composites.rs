//! `ALTER TYPE … ADD`, `DROP`, `ALTER ATTRIBUTE`: a composite type is altered as a table is, and typed tables follow it.

use super::alter::{Target, change_attribute_type, drop_attribute};
use super::work::Work;
use crate::Refusal;
use crate::catalog::{Change, Column, DataType, ObjectName, Relation, RelationId, TypeDefinition, TypeDefinitionKind};
use crate::effects::LockMode;
use lockkeeper_syntax::ast::{Action, ActionKind, AlterTable, AttributeChange, Name, Persistence};
use smol_str::SmolStr;

pub(super) fn alter(work: &mut Work<'_>, it: &AlterTable) {
    let written = &it.relation.name;
    let Some(name) = work.find_type(written) else {
        // To the server a composite type is a relation here.
        work.lacks();
        if let Some(id) = work.find(written).filter(|it| work.relation(*it).known()) {
            let name = work.relation(id).name.name.clone();
            work.refuse(Refusal::WrongKind { name, expected: "a composite type" }, written.span());
        } else if !work.lenient() {
            let full = work.new_name(written, Persistence::Permanent);
            let refusal = Refusal::MissingRelation { name: full, qualified: written.schema.is_some() };
            work.refuse(refusal, written.span());
        }
        return;
    };
    let Some(definition) = work.catalog.type_definition(&name).cloned() else { return };
    let TypeDefinitionKind::Composite(mut attributes) = definition.kind.clone() else {
        let refusal = Refusal::MissingRelation { name, qualified: written.schema.is_some() };
        work.refuse(refusal, written.span());
        return;
    };
    for action in &it.actions {
        let ActionKind::Attribute { change, name: attribute, cascade } = &action.kind else { continue };
        follow(work, &name, change, attribute, *cascade, action);
        change_attributes(work, &name, &mut attributes, change, attribute);
    }
    let kind = TypeDefinitionKind::Composite(attributes);
    work.change(Change::Type { name, to: Some(Box::new(TypeDefinition { kind, ..definition })) });
}

fn change_attributes(
    work: &mut Work<'_>,
    composite: &ObjectName,
    attributes: &mut Vec<(SmolStr, DataType)>,
    change: &AttributeChange,
    name: &Name,
) {
    let at = attributes.iter().position(|(it, _)| *it == name.text);
    let table = Some(composite.name.clone());
    match (change, at) {
        (AttributeChange::Add(data_type), None) => attributes.push((name.text.clone(), work.data_type(data_type))),
        (AttributeChange::Add(_), Some(_)) => {
            work.refuse(Refusal::DuplicateColumn { column: name.text.clone(), table }, name.span);
        }
        (AttributeChange::Drop { .. }, Some(at)) => {
            attributes.remove(at);
        }
        (AttributeChange::SetType(data_type), Some(at)) => {
            if !work.columns_of_type(composite).is_empty() {
                let message = "cannot alter type because a column uses it";
                work.refuse(Refusal::Plain { sqlstate: "0A000", message }, name.span);
            }
            attributes[at].1 = work.data_type(data_type);
        }
        (AttributeChange::Drop { if_exists: true }, None) => {}
        (AttributeChange::Drop { .. } | AttributeChange::SetType(_), None) => {
            work.refuse(Refusal::MissingColumn { column: name.text.clone(), table }, name.span);
        }
    }
}

/// Typed tables change with their type, which `CASCADE` has to allow; `ATTypedTableRecursion`.
fn follow(
    work: &mut Work<'_>,
    composite: &ObjectName,
    change: &AttributeChange,
    attribute: &Name,
    cascade: bool,
    action: &Action,
) {
    let typed: Vec<RelationId> = work
        .catalog
        .typed(&composite.name)
        .filter(|(_, it)| it.of_type.as_ref() == Some(composite))
        .map(|(id, _)| id)
        .collect();
    if typed.is_empty() {
        return;
    }
    if !cascade {
        let what = format!("type {}", composite.short());
        let dependents = typed.iter().map(|it| format!("{} has the type {what}", work.described(*it))).collect();
        work.refuse(Refusal::DependentObjects { what, dependents }, attribute.span);
    }
    for table in typed {
        work.lock(table, LockMode::AccessExclusive, action.span);
        let target = Target { table, only: false, mode: LockMode::AccessExclusive };
        match change {
            AttributeChange::Add(data_type) => {
                let at = work.relation(table).columns.len();
                let column = Column::plain(attribute.text.clone(), work.data_type(data_type), work.place(action.span));
                work.change(Change::Column { table, at, to: Some(column) });
            }
            AttributeChange::Drop { .. } => drop_attribute(work, target, attribute, action.span),
            AttributeChange::SetType(data_type) => {
                change_attribute_type(work, target, attribute, data_type, action.span);
            }
        }
    }
}

impl Work<'_> {
    /// The stored columns of a type, arrays of it and domains over it too; `find_composite_type_dependencies`.
    pub(super) fn columns_of_type(&self, name: &ObjectName) -> Vec<(RelationId, usize)> {
        self.columns_typed(name, |it| it.has_storage() || it.partition_key().is_some())
    }

    /// The columns of this type in relations of some kind.
    pub(super) fn columns_typed(&self, name: &ObjectName, of: fn(&Relation) -> bool) -> Vec<(RelationId, usize)> {
        let mut columns = Vec::new();
        for (id, relation) in self.catalog.typed(&name.name).filter(|(_, it)| of(it)) {
            let uses = relation.live_columns().filter(|(_, it)| it.data_type.name == *name);
            columns.extend(uses.map(|(at, _)| (id, at)));
        }
        columns
    }
}
