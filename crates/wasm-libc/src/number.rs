//! `strtoul`, by which the lexer reads the code points of `U&'…'` and `E'\u…'`.

use crate::character::isspace;
use std::ffi::{CStr, c_char, c_int, c_ulong};

/// Reads as C says: leading space, a sign, the prefix `0x` for base 16 and (with `0`, octal) for base 0, then digits.
/// Returns the number, wrapping for a minus and `ULONG_MAX` when it is too large, and how many bytes were read:
/// 0 if there is no digit.
fn parse(text: &[u8], base: u32) -> (c_ulong, usize) {
    let mut at = text.iter().take_while(|&&byte| isspace(byte.into()) != 0).count();
    let negative = text.get(at) == Some(&b'-');
    at += usize::from(matches!(text.get(at), Some(b'+' | b'-')));

    let prefixed = matches!(text[at..], [b'0', b'x' | b'X', digit, ..] if digit.is_ascii_hexdigit());
    let base = match (base, text.get(at)) {
        (0 | 16, _) if prefixed => 16,
        (0, Some(b'0')) => 8,
        (0, _) => 10,
        _ => base,
    };
    at += if prefixed && base == 16 { 2 } else { 0 };

    let digits = text[at..].iter().map_while(|&byte| char::from(byte).to_digit(base));
    let (count, number) = digits.fold((0, Some(0)), |(count, number): (usize, Option<c_ulong>), digit| {
        (count + 1, number.and_then(|n| n.checked_mul(base.into())?.checked_add(digit.into())))
    });
    match number {
        _ if count == 0 => (0, 0),
        Some(number) if negative => (number.wrapping_neg(), at + count),
        Some(number) => (number, at + count),
        None => (c_ulong::MAX, at + count),
    }
}

/// # Safety
/// `text` ends in a zero byte; `end` is null or may be written.
#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
unsafe extern "C" fn strtoul(text: *const c_char, end: *mut *const c_char, base: c_int) -> c_ulong {
    // SAFETY: by the caller's promise.
    let bytes = unsafe { CStr::from_ptr(text) }.to_bytes();
    let (number, length) = match u32::try_from(base) {
        Ok(base @ (0 | 2..=36)) => parse(bytes, base),
        _ => (0, 0),
    };
    if !end.is_null() {
        // SAFETY: `end` may be written, and `length` lies inside the text.
        unsafe { end.write(text.add(length)) };
    }
    number
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ptr;

    #[track_caller]
    fn check(text: &CStr, base: c_int, number: c_ulong, length: usize) {
        let mut end = ptr::null();
        // SAFETY: a C string, and a place to write to.
        let found = unsafe { strtoul(text.as_ptr(), &mut end, base) };
        assert_eq!((found, end as usize - text.as_ptr() as usize), (number, length), "{text:?}");
    }

    #[test]
    fn digits_are_read_up_to_the_first_other_byte() {
        check(c"00e4'", 16, 0xE4, 4);
        check(c" \t+12x", 10, 12, 5);
        check(c"zz", 36, 35 * 36 + 35, 2);
        check(c"129", 2, 1, 1);
    }

    #[test]
    fn prefixes_choose_the_base() {
        check(c"0x1F", 16, 31, 4);
        check(c"0x1F", 0, 31, 4);
        check(c"017", 0, 15, 3);
        check(c"17", 0, 17, 2);
        check(c"0x1F", 10, 0, 1);
        check(c"0xg", 16, 0, 1);
    }

    #[test]
    fn without_digits_nothing_is_read() {
        for text in [c"", c" ", c"-", c"+g", c"'"] {
            check(text, 16, 0, 0);
        }
        check(c"12", 1, 0, 0);
        check(c"12", 37, 0, 0);
    }

    #[test]
    fn too_large_is_the_largest_and_minus_wraps() {
        check(c"99999999999999999999999", 10, c_ulong::MAX, 23);
        check(c"-1", 10, c_ulong::MAX, 2);
        // SAFETY: the end may be left out.
        assert_eq!(unsafe { strtoul(c"7".as_ptr(), ptr::null_mut(), 10) }, 7);
    }
}
