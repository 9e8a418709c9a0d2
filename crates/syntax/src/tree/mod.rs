//! PostgreSQL's syntax tree, read where its parser left it.
//!
//! Every struct is the beginning of the C struct of its name, up to the last field that is read here. The fields have
//! the names that `pg_query.proto` gives them; those that stand here for their size alone begin with an underscore.
//! Nothing is copied: a tree lives as long as [`crate::ffi::with_tree`] lends it.
#![allow(unsafe_code, reason = "pointers that PostgreSQL's parser made")]

mod any;
mod definition;
mod expression;
mod query;
mod statement;
mod table;

pub(crate) use any::AnyNode;
pub(crate) use definition::*;
pub(crate) use expression::*;
pub(crate) use pg_query::protobuf::{
    AExprKind, AlterPublicationAction, AlterTableType, BoolExprType, BoolTestType, CmdType, CoercionForm, ConstrType,
    DiscardMode, DropBehavior, GrantTargetType, JsonExprOp, MinMaxOp, NullTestType, ObjectType, OnCommitAction,
    OnConflictAction, OverridingKind, ReindexObjectType, SortByDir, SortByNulls, SqlValueFunctionOp, SubLinkType,
    TransactionStmtKind, VariableSetKind, XmlExprOp,
};
pub(crate) use query::*;
pub(crate) use statement::*;
use std::ffi::{CStr, c_char, c_int, c_long, c_uint, c_void};
use std::marker::PhantomData;
use std::ops::Deref;
pub(crate) use table::*;

/// What every node begins with: which struct it is (`nodes/nodetags.h`).
#[derive(Default)]
#[repr(transparent)]
pub(crate) struct Tag(c_uint);

/// A pointer to a node of any kind, or null. Lists hold them too.
#[repr(transparent)]
pub(crate) struct Node(*const Tag);

/// A pointer to a node of one kind, or null.
#[repr(transparent)]
pub(crate) struct Link<T>(*const T);

/// A pointer to something that is never read.
#[repr(transparent)]
pub(crate) struct Absent(*const c_void);

/// A string of C, or null, which reads as the empty string.
#[repr(transparent)]
pub(crate) struct Text(*const c_char);

/// A character; NUL reads as the empty string.
#[repr(transparent)]
pub(crate) struct Letter(u8);

/// A value of a C enum. libpg_query's have one more value, which stands for none and comes first.
#[repr(transparent)]
pub(crate) struct Code<T>(c_int, PhantomData<T>);

/// A value of a C enum whose values are characters.
#[repr(transparent)]
pub(crate) struct LetterCode(c_int);

/// A list of nodes, or null, which reads as the empty list (`nodes/pg_list.h`).
#[repr(transparent)]
pub(crate) struct List(*const Cells);

#[repr(C)]
struct Cells {
    _tag: Tag,
    length: c_int,
    _max_length: c_int,
    elements: *const Node,
}

impl Node {
    /// The node, unless there is none.
    pub(crate) fn get(&self) -> Option<&Self> {
        self.is_some().then_some(self)
    }

    pub(crate) fn is_some(&self) -> bool {
        !self.0.is_null()
    }

    pub(crate) fn is_none(&self) -> bool {
        self.0.is_null()
    }

    /// The node, for whoever goes through all that there are.
    pub(crate) fn iter(&self) -> std::option::IntoIter<&Self> {
        self.get().into_iter()
    }

    /// The tag of the node.
    fn tag(&self) -> Option<c_uint> {
        // SAFETY: the parser's pointers are null or lead to nodes that live as long as the tree, and so as `self`.
        unsafe { self.0.as_ref() }.map(|it| it.0)
    }

    /// The node as a list, which its tag says it is.
    fn as_list(&self) -> &List {
        // SAFETY: both are a pointer and nothing else.
        unsafe { &*(&raw const *self).cast() }
    }

    /// The node as the struct that its tag names.
    ///
    /// # Safety
    ///
    /// The tag must name `T`.
    unsafe fn cast<T>(&self) -> &T {
        // SAFETY: as in `tag`; the caller knows the struct.
        unsafe { &*self.0.cast() }
    }
}

impl<T> Link<T> {
    /// The node, unless there is none.
    pub(crate) fn get(&self) -> Option<&T> {
        // SAFETY: the parser's pointers are null or lead to nodes that live as long as the tree, and so as `self`.
        unsafe { self.0.as_ref() }
    }

    pub(crate) fn is_some(&self) -> bool {
        !self.0.is_null()
    }

    pub(crate) fn is_none(&self) -> bool {
        self.0.is_null()
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        if self.0.is_null() {
            return "";
        }
        // SAFETY: the parser's strings end in NUL and live as long as the tree, and so as `self`.
        let text = unsafe { CStr::from_ptr(self.0) };
        // The scanner refuses what is not UTF-8, also when escapes make it.
        text.to_str().unwrap_or_default()
    }
}

impl Deref for Letter {
    type Target = str;

    fn deref(&self) -> &str {
        let letter = std::slice::from_ref(&self.0);
        std::str::from_utf8(letter).ok().filter(|_| self.0 != 0).unwrap_or_default()
    }
}

impl<T: TryFrom<i32> + Default> Code<T> {
    pub(crate) fn get(&self) -> T {
        T::try_from(self.0.saturating_add(1)).unwrap_or_default()
    }
}

impl LetterCode {
    pub(crate) fn get(&self) -> char {
        u8::try_from(self.0).map_or('\0', char::from)
    }
}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        **self == *other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl PartialEq<&str> for Letter {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl List {
    /// An empty list.
    const EMPTY: List = List(std::ptr::null());
}

impl Default for List {
    fn default() -> Self {
        List::EMPTY
    }
}

impl Deref for List {
    type Target = [Node];

    fn deref(&self) -> &[Node] {
        // SAFETY: the parser's pointers are null or lead to lists that live as long as the tree, and so as `self`.
        let Some(cells) = (unsafe { self.0.as_ref() }) else { return &[] };
        let length = usize::try_from(cells.length).unwrap_or(0);
        if length == 0 {
            return &[];
        }
        // SAFETY: a list has `length` cells, each a union as large as the pointer in it; in a list of nodes it is one.
        unsafe { std::slice::from_raw_parts(cells.elements, length) }
    }
}

impl<'a> IntoIterator for &'a List {
    type Item = &'a Node;
    type IntoIter = std::slice::Iter<'a, Node>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// A statement with its place in the text.
#[repr(C)]
struct RawStmt {
    _tag: Tag,
    stmt: Node,
}

/// The tag of [`RawStmt`].
const RAW_STMT: u32 = 136;

/// The first of the parser's statements.
pub(crate) fn first_statement(statements: &List) -> Option<&Node> {
    let first = statements.first().filter(|it| it.tag() == Some(RAW_STMT))?;
    // SAFETY: the tag names the struct.
    unsafe { first.cast::<RawStmt>() }.stmt.get()
}
