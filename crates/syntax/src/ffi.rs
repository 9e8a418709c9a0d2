//! The calls into PostgreSQL's scanner and parser that the `pg_query` crate does not offer: its errors lack their
//! position, and its scanner gives no plain list of tokens. The types follow `libpg_query/pg_query.h`.
#![allow(unsafe_code, reason = "the border to libpg_query")]

use pg_query::protobuf::ParseResult;
use prost::Message;
use std::ffi::{CStr, c_char, c_int};

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

#[repr(C)]
#[derive(Clone, Copy)]
struct CBytes {
    len: usize,
    data: *mut c_char,
}

#[repr(C)]
#[derive(Clone, Copy)]
struct CParse {
    tree: CBytes,
    stderr: *mut c_char,
    error: *mut CError,
}

unsafe extern "C" {
    fn pg_query_scan_tokens(input: *const c_char) -> CScan;
    fn pg_query_free_scan_tokens_result(result: CScan);
    fn pg_query_parse_protobuf_opts(input: *const c_char, options: c_int) -> CParse;
    fn pg_query_free_protobuf_parse_result(result: CParse);
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

/// The syntax tree of `text`.
///
/// PostgreSQL bounds its own recursion by the stack that it finds, up to 2 MB. In a WebAssembly module it cannot ask and
/// keeps to 100 kB. That is enough for a thousand terms, and a deeper tree would exhaust the stack of the JavaScript
/// engine while it is decoded, which no one can catch.
pub(crate) fn parse(text: &CStr) -> Result<ParseResult, Refusal> {
    // SAFETY: the text ends in NUL and outlives the call; the result is freed below, once.
    let result = unsafe { pg_query_parse_protobuf_opts(text.as_ptr(), 0) };
    let answer = match refusal(result.error) {
        Some(refusal) => Err(refusal),
        None if result.tree.data.is_null() => Ok(ParseResult::default()),
        None => {
            // SAFETY: without an error `data` points to `len` bytes; `c_char` and `u8` have one layout.
            let bytes = unsafe { std::slice::from_raw_parts(result.tree.data.cast::<u8>(), result.tree.len) };
            ParseResult::decode(bytes).map_err(|error| Refusal { message: error.to_string(), position: 0 })
        }
    };
    // SAFETY: the result is C's own, and the decoded tree owns its parts.
    unsafe { pg_query_free_protobuf_parse_result(result) };
    answer
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
    // The library's own limit, which the server does not have; the server meets its next one.
    let message = if message == "parse tree is nested too deeply to serialize to protobuf" {
        TOO_DEEP.to_owned()
    } else {
        message
    };
    Some(Refusal { message, position: u32::try_from(error.cursorpos).unwrap_or(0) })
}
