//! Every call below hands over C strings and buffers of the length it states.

use super::*;
use crate::memory::free;

/// The offset of what was found in `text`.
fn offset(text: &CStr, found: *const c_char) -> Option<usize> {
    (!found.is_null()).then(|| found as usize - text.as_ptr() as usize)
}

/// What `write` leaves in a buffer full of `#`.
fn written(write: impl FnOnce(*mut c_char)) -> String {
    let mut buffer = *b"########";
    write(buffer.as_mut_ptr().cast());
    String::from_utf8_lossy(&buffer).replace('\0', "0")
}

#[test]
fn a_byte_is_found_from_either_end_the_zero_byte_too() {
    let text = c"a.b.c";
    // SAFETY: see the head of this file.
    unsafe {
        assert_eq!(offset(text, strchr(text.as_ptr(), b'.'.into())), Some(1));
        assert_eq!(offset(text, strrchr(text.as_ptr(), b'.'.into())), Some(3));
        assert_eq!(offset(text, strchr(text.as_ptr(), 0)), Some(5));
        assert_eq!(offset(text, strrchr(text.as_ptr(), 0)), Some(5));
        assert_eq!(offset(text, strchr(text.as_ptr(), b'x'.into())), None);
        assert_eq!(memchr(b"abc".as_ptr(), b'c'.into(), 2), ptr::null());
        assert_eq!(*memchr(b"abc".as_ptr(), b'c'.into(), 3), b'c');
    }
}

#[test]
fn a_string_is_found_where_it_first_begins() {
    let text = c"aabab";
    // SAFETY: see the head of this file.
    unsafe {
        assert_eq!(offset(text, strstr(text.as_ptr(), c"ab".as_ptr())), Some(1));
        assert_eq!(offset(text, strstr(text.as_ptr(), c"".as_ptr())), Some(0));
        assert_eq!(offset(text, strstr(text.as_ptr(), c"abc".as_ptr())), None);
        let empty = c"";
        assert_eq!(offset(empty, strstr(empty.as_ptr(), empty.as_ptr())), Some(0));
    }
}

#[test]
fn a_span_ends_at_the_first_byte_that_is_not_accepted() {
    // SAFETY: see the head of this file.
    unsafe {
        assert_eq!(strspn(c"0012x0".as_ptr(), c"012".as_ptr()), 4);
        assert_eq!(strspn(c"012".as_ptr(), c"210".as_ptr()), 3);
        assert_eq!(strspn(c"abc".as_ptr(), c"".as_ptr()), 0);
    }
}

#[test]
fn strings_compare_as_unsigned_bytes() {
    // SAFETY: see the head of this file.
    unsafe {
        assert_eq!(strcmp(c"a".as_ptr(), c"a".as_ptr()), 0);
        assert!(strcmp(c"a".as_ptr(), c"ab".as_ptr()) < 0);
        assert!(strcmp(c"\xE4".as_ptr(), c"z".as_ptr()) > 0);
        assert_eq!(strncmp(c"abc".as_ptr(), c"abd".as_ptr(), 2), 0);
        assert!(strncmp(c"abc".as_ptr(), c"abd".as_ptr(), 3) < 0);
        assert!(strncmp(c"abc".as_ptr(), c"ab".as_ptr(), 9) > 0);
        assert_eq!((strnlen(c"abc".as_ptr(), 2), strnlen(c"abc".as_ptr(), 9)), (2, 3));
    }
}

#[test]
fn copies_write_what_c_says_and_nothing_more() {
    // SAFETY: see the head of this file.
    unsafe {
        assert_eq!(written(|to| _ = strcpy(to, c"abc".as_ptr())), "abc0####");
        assert_eq!(written(|to| _ = strcat(strcpy(to, c"ab".as_ptr()), c"cd".as_ptr())), "abcd0###");
        assert_eq!(written(|to| _ = strncpy(to, c"ab".as_ptr(), 5)), "ab000###");
        assert_eq!(written(|to| _ = strncpy(to, c"abcdef".as_ptr(), 3)), "abc#####");
        assert_eq!(written(|to| assert_eq!(strlcpy(to, c"abcdef".as_ptr(), 4), 6)), "abc0####");
        assert_eq!(written(|to| assert_eq!(strlcpy(to, c"ab".as_ptr(), 8), 2)), "ab0#####");
        assert_eq!(written(|to| assert_eq!(strlcpy(to, c"ab".as_ptr(), 0), 2)), "########");
    }
}

#[test]
fn a_duplicate_is_equal_and_another_string() {
    // SAFETY: see the head of this file; the copy is freed once.
    unsafe {
        let copy = strdup(c"abc".as_ptr());
        assert_eq!(CStr::from_ptr(copy), c"abc");
        free(copy.cast());
    }
}
