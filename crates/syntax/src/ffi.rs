//! The calls into PostgreSQL's scanner and parser that the `pg_query` crate does not offer: its errors lack their
//! position, its scanner gives no plain list of tokens, and its tree is a copy of a copy. The types follow
//! `libpg_query/pg_query.h` and `libpg_query/src/pg_query_internal.h`.
#![allow(unsafe_code, reason = "the border to libpg_query")]

use crate::tree::{List, Node, first_statement};
use std::ffi::{CStr, c_char, c_int, c_void};
use std::sync::atomic::{AtomicUsize, Ordering};
// Not named below: it brings the library that is called.
use pg_query as _;

/// What the server says of a statement that nests too deeply (`check_stack_depth` in `stack_depth.c`, 54001).
pub(crate) const TOO_DEEP: &str = "stack depth limit exceeded";

/// What PostgreSQL says about text that it refuses.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// Its message, as `syntax error at or near "tabel"`.
    pub(crate) message: String,
    /// The place it names: a count of characters from 1 on; 0 means none.
    pub(crate) position: u32,
}

/// A token as the scanner reports it.
#[repr(C)]
#[derive(Clone, Copy)]
pub(crate) struct RawToken {
    /// Offset of its first byte.
    pub(crate) start: c_int,
    /// Offset of the byte after it.
    pub(crate) end: c_int,
    /// `pg_query::protobuf::Token`.
    pub(crate) kind: c_int,
    /// `pg_query::protobuf::KeywordKind`.
    pub(crate) keyword: c_int,
}

#[repr(C)]
struct CError {
    message: *mut c_char,
    funcname: *mut c_char,
    filename: *mut c_char,
    lineno: c_int,
    cursorpos: c_int,
    context: *mut c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct CScan {
    tokens: *mut RawToken,
    count: c_int,
    error: *mut CError,
}

/// What `pg_query_raw_parse` gives (`pg_query_internal.h`).
#[repr(C)]
struct CTree {
    /// Null or a list of raw statements, in the memory context that was entered before.
    statements: List,
    /// Null, or a string to free.
    warnings: *mut c_void,
    /// Null, or an error to free.
    error: *mut CError,
}

unsafe extern "C" {
    fn pg_query_scan_tokens(input: *const c_char) -> CScan;
    fn pg_query_free_scan_tokens_result(result: CScan);
    fn pg_query_enter_memory_context() -> *mut c_void;
    fn pg_query_exit_memory_context(context: *mut c_void);
    fn pg_query_raw_parse(input: *const c_char, options: c_int) -> CTree;
    fn pg_query_free_error(error: *mut CError);
    fn free(memory: *mut c_void);
}

/// The tokens of `text` with its comments.
pub(crate) fn scan(text: &CStr) -> Result<Vec<RawToken>, Refusal> {
    // SAFETY: the text ends in NUL and outlives the call; the result is freed below, once.
    let result = unsafe { pg_query_scan_tokens(text.as_ptr()) };
    let count = usize::try_from(result.count).unwrap_or(0);
    let answer = if let Some(refusal) = refusal(result.error) {
        Err(refusal)
    } else if count == 0 {
        Ok(Vec::new())
    } else {
        // SAFETY: without an error `tokens` points to `count` tokens of C's layout, which is ours.
        Ok(unsafe { std::slice::from_raw_parts(result.tokens, count) }.to_vec())
    };
    // SAFETY: the result is C's own, and nothing borrows from it any more.
    unsafe { pg_query_free_scan_tokens_result(result) };
    answer
}

static PARSED: AtomicUsize = AtomicUsize::new(0);

/// How often this process has called PostgreSQL's parser: a statement that is parsed twice shows here.
pub fn times_parsed() -> usize {
    PARSED.load(Ordering::Relaxed)
}

/// Parses `text` and lends its first statement to `read`; none where it holds none.
///
/// The tree lies in memory that PostgreSQL's parser takes and gives back as a whole.
pub(crate) fn with_tree<T>(text: &CStr, read: impl FnOnce(Option<&Node>) -> T) -> Result<T, Refusal> {
    PARSED.fetch_add(1, Ordering::Relaxed);
    let _memory = Memory::enter();
    // SAFETY: the text ends in NUL and outlives the call; a memory context is entered, as the parser demands.
    let tree = unsafe { pg_query_raw_parse(text.as_ptr(), 0) };
    // SAFETY: null or memory of C's `strdup`, which nothing else refers to.
    unsafe { free(tree.warnings) };
    if let Some(refusal) = refusal(tree.error) {
        // SAFETY: the error is C's own, and nothing borrows from it any more.
        unsafe { pg_query_free_error(tree.error) };
        return Err(refusal);
    }
    Ok(read(first_statement(&tree.statements)))
}

/// The memory of one tree. Trees do not nest: the parser enters a context only from its outermost.
struct Memory(*mut c_void);

impl Memory {
    fn enter() -> Self {
        // SAFETY: makes the library ready on this thread, if it is not, and gives a context to leave in `drop`.
        Memory(unsafe { pg_query_enter_memory_context() })
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: the context was entered by `enter`; every tree in it was lent for less long.
        unsafe { pg_query_exit_memory_context(self.0) };
    }
}

/// The message and position of an error, if there is one.
fn refusal(error: *const CError) -> Option<Refusal> {
    // SAFETY: C gives either null or a whole error, whose message is a string or null; it is freed by the caller later.
    let error = unsafe { error.as_ref() }?;
    let message = if error.message.is_null() {
        String::new()
    } else {
        // SAFETY: as above.
        unsafe { CStr::from_ptr(error.message) }.to_string_lossy().into_owned()
    };
    Some(Refusal { message, position: u32::try_from(error.cursorpos).unwrap_or(0) })
}
