//! `string.h`. Strings end in a zero byte; a slice made of one here includes that byte where C counts it as part.

use crate::memory::malloc;
use std::ffi::{CStr, c_char, c_int};
use std::ptr;

/// The string at `text`, with its zero byte.
///
/// # Safety
/// `text` ends in a zero byte and lives as long as the result is used.
unsafe fn bytes<'a>(text: *const c_char) -> &'a [u8] {
    // SAFETY: by the caller's promise.
    unsafe { CStr::from_ptr(text) }.to_bytes_with_nul()
}

/// The address of what was found at `index`, or null.
///
/// # Safety
/// An index lies inside the object at `text`.
unsafe fn found<T>(text: *const T, index: Option<usize>) -> *const T {
    // SAFETY: by the caller's promise.
    index.map_or(ptr::null(), |index| unsafe { text.add(index) })
}

/// # Safety
/// `memory` holds `count` bytes, or fewer if `byte` is among them.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn memchr(memory: *const u8, byte: c_int, count: usize) -> *const u8 {
    // SAFETY: no byte after the first match is read.
    unsafe { found(memory, (0..count).find(|&index| *memory.add(index) == byte as u8)) }
}

/// # Safety
/// `text` ends in a zero byte, which can be searched for.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn strchr(text: *const c_char, byte: c_int) -> *const c_char {
    // SAFETY: by the caller's promise.
    unsafe { found(text, bytes(text).iter().position(|&it| it == byte as u8)) }
}

/// # Safety
/// `text` ends in a zero byte, which can be searched for.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn strrchr(text: *const c_char, byte: c_int) -> *const c_char {
    // SAFETY: by the caller's promise.
    unsafe { found(text, bytes(text).iter().rposition(|&it| it == byte as u8)) }
}

/// # Safety
/// Both end in a zero byte.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn strstr(text: *const c_char, searched: *const c_char) -> *const c_char {
    // SAFETY: by the caller's promise.
    unsafe {
        let searched = CStr::from_ptr(searched).to_bytes();
        found(text, (0..bytes(text).len()).find(|&index| bytes(text)[index..].starts_with(searched)))
    }
}

/// # Safety
/// Both end in a zero byte.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn strspn(text: *const c_char, accepted: *const c_char) -> usize {
    // SAFETY: by the caller's promise.
    let (text, accepted) = unsafe { (CStr::from_ptr(text).to_bytes(), CStr::from_ptr(accepted).to_bytes()) };
    text.iter().take_while(|byte| accepted.contains(byte)).count()
}

/// # Safety
/// Both end in a zero byte.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub(crate) unsafe extern "C" fn strcmp(left: *const c_char, right: *const c_char) -> c_int {
    // SAFETY: by the caller's promise.
    unsafe { bytes(left).cmp(bytes(right)) as c_int }
}

/// # Safety
/// Each ends in a zero byte or has `count` bytes.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn strncmp(left: *const c_char, right: *const c_char, count: usize) -> c_int {
    // SAFETY: by the caller's promise.
    unsafe {
        let left = std::slice::from_raw_parts(left.cast::<u8>(), strnlen(left, count));
        let right = std::slice::from_raw_parts(right.cast::<u8>(), strnlen(right, count));
        left.cmp(right) as c_int
    }
}

/// # Safety
/// `text` ends in a zero byte or has `most` bytes.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn strnlen(text: *const c_char, most: usize) -> usize {
    // SAFETY: no byte after the first zero is read.
    (0..most).find(|&index| unsafe { *text.add(index) } == 0).unwrap_or(most)
}

/// # Safety
/// `from` ends in a zero byte; `to` has room for it and does not overlap it.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn strcpy(to: *mut c_char, from: *const c_char) -> *mut c_char {
    // SAFETY: by the caller's promise.
    unsafe { ptr::copy_nonoverlapping(from, to, bytes(from).len()) };
    to
}

/// # Safety
/// Both end in a zero byte; `to` has room for both and does not overlap `from`.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn strcat(to: *mut c_char, from: *const c_char) -> *mut c_char {
    // SAFETY: by the caller's promise.
    unsafe { strcpy(to.add(bytes(to).len() - 1), from) };
    to
}

/// Fills the rest of `count` with zero bytes, and writes none if `from` is as long or longer.
///
/// # Safety
/// `from` ends in a zero byte or has `count` bytes; `to` has room for `count` and does not overlap it.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn strncpy(to: *mut c_char, from: *const c_char, count: usize) -> *mut c_char {
    // SAFETY: by the caller's promise.
    unsafe {
        let length = strnlen(from, count);
        ptr::copy_nonoverlapping(from, to, length);
        ptr::write_bytes(to.add(length), 0, count - length);
    }
    to
}

/// Cuts what does not fit, always ends in a zero byte, and returns the length that was wanted.
///
/// # Safety
/// `from` ends in a zero byte; `to` has room for `size` bytes and does not overlap it.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn strlcpy(to: *mut c_char, from: *const c_char, size: usize) -> usize {
    // SAFETY: by the caller's promise.
    unsafe {
        let wanted = bytes(from).len() - 1;
        if size > 0 {
            let length = wanted.min(size - 1);
            ptr::copy_nonoverlapping(from, to, length);
            to.add(length).write(0);
        }
        wanted
    }
}

/// # Safety
/// `text` ends in a zero byte.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn strdup(text: *const c_char) -> *mut c_char {
    // SAFETY: by the caller's promise; the copy has room for the zero byte too.
    unsafe {
        let copy = malloc(bytes(text).len()).cast::<c_char>();
        if copy.is_null() { copy } else { strcpy(copy, text) }
    }
}

#[cfg(test)]
mod tests;
