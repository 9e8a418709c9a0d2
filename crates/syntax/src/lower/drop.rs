//! `DROP`, `TRUNCATE`, `LOCK`.

use super::cx::{Cx, Stretch};
use super::kind::object_kind;
use super::name::strings;
use super::table::range_var;
use crate::Span;
use crate::ast::{
    Drop, DropOwned, DropShared, DropTarget, LockTable, Name, ObjectKind, QualifiedName, RelationName, Truncate,
    TypeName,
};
use crate::token::Kind;
use crate::tree as pb;
use crate::tree::AnyNode as N;

impl Cx<'_> {
    pub(super) fn drop_objects(&self, node: &pb::DropStmt) -> Drop {
        let kind = object_kind(node.remove_type.get()).unwrap_or(ObjectKind::Table);
        let mut start = 1 + kind_words(kind, self);
        let concurrently =
            self.is(start, Kind::Concurrently).then(|| self.token_span(start)).filter(|_| node.concurrent);
        start += usize::from(concurrently.is_some());
        if node.missing_ok && self.are(start, &[Kind::IfP, Kind::Exists]) {
            start += 2;
        }
        let cascade = self.cascade(node.behavior.get());
        let parts = self.split(start..self.objects_end());
        let target = |(index, object): (usize, &pb::Node)| {
            let part = parts.get(index).cloned().unwrap_or(start..start);
            self.drop_target(kind, object, part)
        };
        Drop {
            kind,
            objects: node.objects.iter().enumerate().map(target).collect(),
            if_exists: node.missing_ok,
            cascade,
            concurrently,
        }
    }

    /// The word `CASCADE` at the end.
    fn cascade(&self, behavior: pb::DropBehavior) -> Option<Span> {
        let last = self.tokens.len() - 1;
        (behavior == pb::DropBehavior::DropCascade && self.is(last, Kind::Cascade)).then(|| self.token_span(last))
    }

    /// Where the objects end: before `CASCADE` or `RESTRICT`.
    fn objects_end(&self) -> usize {
        let last = self.tokens.len() - 1;
        if matches!(self.kind(last), Kind::Cascade | Kind::Restrict) { last } else { last + 1 }
    }

    fn drop_target(&self, kind: ObjectKind, object: &pb::Node, part: Stretch) -> DropTarget {
        let span = self.span(&part);
        let target = |name, member| DropTarget { name, member, arguments: None, span };
        match object.node() {
            Some(N::ObjectWithArgs(it)) => DropTarget {
                arguments: (!it.args_unspecified).then(|| self.argument_types(&it.objargs)),
                ..target(self.any_name(&it.objname, part.start), None)
            },
            Some(N::TypeName(it)) => target(self.type_name(it).name, None),
            Some(N::String(it)) => target(QualifiedName { schema: None, name: self.name(&it.sval, part.start) }, None),
            Some(N::List(list)) => match kind {
                // `name ON relation`: the relation's name comes first in the tree, the member last.
                ObjectKind::Trigger | ObjectKind::Rule | ObjectKind::Policy => {
                    let names = strings(list);
                    let (member, relation) = names.split_last().map_or(("", &[][..]), |(last, rest)| (*last, rest));
                    let relation_at = self.find(part.clone(), Kind::On).map_or(part.start, |it| it + 1);
                    target(self.qualified(relation, relation_at), Some(self.name(member, part.start)))
                }
                ObjectKind::OperatorClass | ObjectKind::OperatorFamily => {
                    // The access method comes first in the tree and last in the text.
                    target(self.qualified(&strings(list.get(1..).unwrap_or_default()), part.start), None)
                }
                ObjectKind::Cast | ObjectKind::Transform => {
                    let of_type = list.iter().find_map(|it| match it.node() {
                        Some(N::TypeName(it)) => Some(self.type_name(it).name),
                        _ => None,
                    });
                    target(of_type.unwrap_or_else(|| self.qualified(&[], part.start)), None)
                }
                _ => target(self.any_name(list, part.start), None),
            },
            _ => target(self.qualified(&[], part.start), None),
        }
    }

    pub(super) fn argument_types(&self, nodes: &[pb::Node]) -> Vec<TypeName> {
        let type_of = |it: &pb::Node| match it.node() {
            Some(N::TypeName(it)) => Some(self.type_name(it)),
            _ => None,
        };
        nodes.iter().filter_map(type_of).collect()
    }

    pub(super) fn drop_owned(&self, node: &pb::DropOwnedStmt) -> DropOwned {
        DropOwned { roles: self.roles(&node.roles), cascade: self.cascade(node.behavior.get()) }
    }

    pub(super) fn roles(&self, nodes: &[pb::Node]) -> Vec<Name> {
        let role = |it: &pb::Node| match it.node() {
            Some(N::RoleSpec(it)) => Some(self.role(it)),
            _ => None,
        };
        nodes.iter().filter_map(role).collect()
    }

    /// `DROP kind name` of what lives outside the schemas.
    pub(super) fn drop_shared(&self, kind: ObjectKind, names: &[&str], if_exists: bool) -> DropShared {
        let mut start = 1 + kind_words(kind, self);
        if if_exists && self.are(start, &[Kind::IfP, Kind::Exists]) {
            start += 2;
        }
        let names = names.iter().map(|it| self.name_in(it, self.from(start))).collect();
        DropShared { kind, names, if_exists }
    }

    pub(super) fn truncate(&self, node: &pb::TruncateStmt) -> Truncate {
        Truncate {
            tables: self.relation_names(&node.relations),
            cascade: self.cascade(node.behavior.get()),
            restart_identity: node.restart_seqs,
        }
    }

    fn relation_names(&self, nodes: &[pb::Node]) -> Vec<RelationName> {
        nodes.iter().filter_map(range_var).map(|it| self.relation_name(it)).collect()
    }

    pub(super) fn lock(&self, node: &pb::LockStmt) -> LockTable {
        LockTable {
            relations: self.relation_names(&node.relations),
            mode: u8::try_from(node.mode).unwrap_or(8),
            nowait: node.nowait,
        }
    }
}

/// How many tokens name the kind in a `DROP`. `PROCEDURAL` may stand before `LANGUAGE`, and `USER` for a role.
fn kind_words(kind: ObjectKind, cx: &Cx<'_>) -> usize {
    match kind {
        ObjectKind::Language if cx.is(1, Kind::Procedural) => 2,
        ObjectKind::UserMapping => 2,
        _ => kind.word().split(' ').count(),
    }
}
