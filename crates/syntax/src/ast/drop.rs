//! `DROP`, of everything.

use super::{Name, ObjectKind, QualifiedName, TypeName};
use crate::Span;

/// `DROP kind [IF EXISTS] object, … [CASCADE]`.
#[derive(Clone, Debug, PartialEq)]
pub struct Drop {
    /// What kind of object.
    pub kind: ObjectKind,
    /// The objects.
    pub objects: Vec<DropTarget>,
    /// `IF EXISTS`.
    pub if_exists: bool,
    /// `CASCADE`, with the word's place.
    pub cascade: Option<Span>,
    /// `CONCURRENTLY`, with the word's place.
    pub concurrently: Option<Span>,
}

/// One object of a `DROP`.
#[derive(Clone, Debug, PartialEq)]
pub struct DropTarget {
    /// Its name. Of `TRIGGER`, `RULE` and `POLICY` it is the relation's name; casts, operators and transforms
    /// have the type's or operator's name.
    pub name: QualifiedName,
    /// The trigger, rule or policy of that relation.
    pub member: Option<Name>,
    /// The types of a function's arguments, if they are written.
    pub arguments: Option<Vec<TypeName>>,
    /// From the first token of the object to the last.
    pub span: Span,
}

/// `DROP OWNED BY role, …`.
#[derive(Clone, Debug, PartialEq)]
pub struct DropOwned {
    /// The roles.
    pub roles: Vec<Name>,
    /// `CASCADE`, with the word's place.
    pub cascade: Option<Span>,
}

/// `DROP DATABASE`, `ROLE`, `TABLESPACE`, `SUBSCRIPTION`, `USER MAPPING`.
#[derive(Clone, Debug, PartialEq)]
pub struct DropShared {
    /// What kind of object.
    pub kind: ObjectKind,
    /// Their names; empty for a user mapping.
    pub names: Vec<Name>,
    /// `IF EXISTS`.
    pub if_exists: bool,
}
