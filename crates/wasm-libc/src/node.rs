//! Copies and comparisons of syntax nodes, for the one kind that the grammar asks them for: types.
//!
//! PostgreSQL's own know each of its nodes, which is 75 KB of code. They are called when a function `RETURNS TABLE` of
//! one column, and for an ordered-set aggregate with two `VARIADIC` arguments (`gram.y`).

use crate::string::strcmp;
use std::ffi::{c_char, c_int, c_uint, c_void};

const TYPE_NAME: c_uint = 68;
const A_CONST: c_uint = 72;
const INTEGER: c_uint = 465;
const STRING: c_uint = 468;

/// What every node begins with (`nodes/nodetags.h`).
type Tag = c_uint;

/// `nodes/parsenodes.h`.
#[repr(C)]
pub(crate) struct TypeName {
    tag: Tag,
    names: *const List,
    oid: c_uint,
    set_of: bool,
    percent_type: bool,
    modifiers: *const List,
    modifier: c_int,
    array_bounds: *const List,
    location: c_int,
}

/// `nodes/pg_list.h`.
#[repr(C)]
struct List {
    tag: Tag,
    length: c_int,
    max_length: c_int,
    elements: *const *const Tag,
}

/// `String` and `Integer` in `nodes/value.h`.
#[repr(C)]
struct Value<T> {
    tag: Tag,
    value: T,
}

/// `nodes/parsenodes.h`.
#[repr(C)]
struct Constant {
    tag: Tag,
    /// A node in its place.
    value: Value<*const c_char>,
    is_null: bool,
}

unsafe extern "C" {
    fn palloc(size: usize) -> *mut c_void;
}

/// A copy of a type that may be changed by itself; its lists are shared.
///
/// # Safety
///
/// `from` must lead to a node.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn copyObjectImpl(from: *const TypeName) -> *mut TypeName {
    // SAFETY: a node begins with its tag, which says that it is a `TypeName`; `palloc` gives that much or does not return.
    unsafe {
        assert_eq!((*from).tag, TYPE_NAME, "the grammar copies types only");
        let copy = palloc(size_of::<TypeName>()).cast::<TypeName>();
        copy.copy_from_nonoverlapping(from, 1);
        copy
    }
}

/// Whether two types are written alike, wherever they stand. Modifiers other than constants differ.
///
/// # Safety
///
/// Both must lead to nodes.
#[unsafe(no_mangle)]
pub(crate) unsafe extern "C" fn equal(a: *const TypeName, b: *const TypeName) -> bool {
    // SAFETY: as in `copyObjectImpl`; the lists of a type are lists of nodes.
    unsafe {
        assert_eq!(((*a).tag, (*b).tag), (TYPE_NAME, TYPE_NAME), "the grammar compares types only");
        (*a).set_of == (*b).set_of
            && (*a).percent_type == (*b).percent_type
            && lists_equal((*a).names, (*b).names)
            && lists_equal((*a).modifiers, (*b).modifiers)
            && lists_equal((*a).array_bounds, (*b).array_bounds)
    }
}

/// # Safety
///
/// Both must be null or lead to lists of nodes.
unsafe fn lists_equal(a: *const List, b: *const List) -> bool {
    // SAFETY: the caller's promise; a list has `length` elements.
    unsafe {
        let length = |it: *const List| it.as_ref().map_or(0, |it| it.length as usize);
        let element = |it: *const List, at: usize| *(*it).elements.add(at);
        length(a) == length(b) && (0..length(a)).all(|at| nodes_equal(element(a, at), element(b, at)))
    }
}

/// # Safety
///
/// Both must lead to nodes.
unsafe fn nodes_equal(a: *const Tag, b: *const Tag) -> bool {
    // SAFETY: the tags say which structs they begin.
    unsafe {
        match (*a, *b) {
            (STRING, STRING) => {
                let text = |it: *const Tag| (*it.cast::<Value<*const c_char>>()).value;
                strcmp(text(a), text(b)) == 0
            }
            (INTEGER, INTEGER) => {
                let number = |it: *const Tag| (*it.cast::<Value<c_int>>()).value;
                number(a) == number(b)
            }
            (A_CONST, A_CONST) => {
                let constant = |it: *const Tag| &*it.cast::<Constant>();
                let value = |it: *const Tag| (&raw const constant(it).value).cast::<Tag>();
                !constant(a).is_null && !constant(b).is_null && nodes_equal(value(a), value(b))
            }
            _ => false,
        }
    }
}
