//! `ALTER … RENAME` and `ALTER … SET SCHEMA`.

use super::cx::Cx;
use super::kind::object_kind;
use super::name::strings;
use crate::ast::{AlterEnum, EnumChange, Name, ObjectKind, QualifiedName, Rename, RenamedPart, SetSchema, TypeName};
use crate::token::Kind;
use crate::tree as pb;
use crate::tree::AnyNode as N;

impl Cx<'_> {
    pub(super) fn rename(&self, node: &pb::RenameStmt) -> Rename {
        let renamed = object_kind(node.rename_type.get()).unwrap_or(ObjectKind::Table);
        let last = self.tokens.len() - 1;
        let to = self.last_name(&node.newname);
        let relation = node.relation.get();
        let word = self.top(self.all()).find(|&it| self.is(it, Kind::Rename)).unwrap_or(last);
        // The old name of a part stands right before `TO`.
        let to_word = self.find(self.from(word), Kind::To).unwrap_or(last);
        let old = || self.name(&node.subname, to_word.saturating_sub(1));
        let (kind, part) = match renamed {
            ObjectKind::Column => {
                (object_kind(node.relation_type.get()).unwrap_or(ObjectKind::Table), RenamedPart::Column(old()))
            }
            ObjectKind::Attribute => (ObjectKind::Type, RenamedPart::Attribute(old())),
            ObjectKind::Constraint => (ObjectKind::Table, RenamedPart::Constraint(old())),
            ObjectKind::DomainConstraint => (ObjectKind::Domain, RenamedPart::Constraint(old())),
            // `ALTER TRIGGER name ON table RENAME TO …`.
            ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy => {
                let start = if self.are(2, &[Kind::IfP, Kind::Exists]) { 4 } else { 2 };
                (renamed, RenamedPart::Attached(self.name(&node.subname, start)))
            }
            kind => (kind, RenamedPart::Itself),
        };
        let object = match relation {
            Some(range) => self.relation(range),
            None => self.altered_object(node.object.get(), &node.subname, kind),
        };
        Rename {
            kind,
            object,
            arguments: self.arguments_of(node.object.get()),
            only: relation.is_some_and(|it| self.relation_name(it).only),
            if_exists: node.missing_ok,
            part,
            to,
        }
    }

    /// The object of an `ALTER` that names no relation, or the name given as plain text.
    fn altered_object(&self, object: Option<&pb::Node>, plain: &str, kind: ObjectKind) -> QualifiedName {
        let mut start = 1 + kind.word().split(' ').count();
        if kind == ObjectKind::Language && self.is(1, Kind::Procedural) {
            start += 1;
        }
        if self.are(start, &[Kind::IfP, Kind::Exists]) {
            start += 2;
        }
        let names: Vec<&str> = match object.and_then(|it| it.node()) {
            Some(N::String(it)) => vec![&it.sval],
            Some(N::ObjectWithArgs(it)) => strings(&it.objname),
            Some(N::TypeName(it)) => strings(&it.names),
            // The access method of an operator class comes first.
            Some(N::List(it)) if matches!(kind, ObjectKind::OperatorClass | ObjectKind::OperatorFamily) => {
                strings(it.get(1..).unwrap_or_default())
            }
            Some(N::List(it)) => strings(it),
            _ => vec![plain],
        };
        self.qualified(&names, start)
    }

    /// The argument types that stand behind the name of a function.
    fn arguments_of(&self, object: Option<&pb::Node>) -> Option<Vec<TypeName>> {
        match object.and_then(|it| it.node()) {
            Some(N::ObjectWithArgs(it)) if !it.args_unspecified => Some(self.argument_types(&it.objargs)),
            _ => None,
        }
    }

    /// The name that ends the statement.
    fn last_name(&self, name: &str) -> Name {
        let mut last = self.tokens.len() - 1;
        // `ALTER TYPE … RENAME ATTRIBUTE a TO b CASCADE`.
        if matches!(self.kind(last), Kind::Cascade | Kind::Restrict) && !self.is(last - 1, Kind::To) {
            last -= 1;
        }
        self.name(name, last)
    }

    pub(super) fn set_schema(&self, node: &pb::AlterObjectSchemaStmt) -> SetSchema {
        let kind = object_kind(node.object_type.get()).unwrap_or(ObjectKind::Table);
        SetSchema {
            kind,
            object: match node.relation.get() {
                Some(range) => self.relation(range),
                None => self.altered_object(node.object.get(), "", kind),
            },
            arguments: self.arguments_of(node.object.get()),
            if_exists: node.missing_ok,
            to: self.last_name(&node.newschema),
        }
    }

    pub(super) fn alter_enum(&self, node: &pb::AlterEnumStmt) -> AlterEnum {
        let name = self.any_name(&node.type_name, 2);
        let after = self.dotted_end(2);
        let constants: Vec<usize> = self.from(after).filter(|&it| is_string(self.kind(it))).collect();
        let place = |index: usize| constants.get(index).copied().unwrap_or(after);
        let value =
            |label: &str, at: usize| crate::ast::EnumValue { label: label.to_owned(), span: self.token_span(at) };
        let change = if node.old_val.is_empty() && !self.is(after, Kind::Rename) {
            EnumChange::Add {
                value: value(&node.new_val, place(0)),
                if_not_exists: node.skip_if_new_val_exists,
                neighbour: (!node.new_val_neighbor.is_empty())
                    .then(|| (node.new_val_is_after, node.new_val_neighbor.to_string())),
            }
        } else {
            EnumChange::Rename { from: value(&node.old_val, place(0)), to: value(&node.new_val, place(1)) }
        };
        AlterEnum { name, change }
    }
}

/// Whether a token is a string constant.
pub(super) fn is_string(kind: Kind) -> bool {
    matches!(kind, Kind::Sconst | Kind::Usconst)
}
