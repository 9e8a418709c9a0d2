//! `ctype.h` in the C locale: only ASCII has classes and cases.

use std::ffi::c_int;

/// Whether `c` is a byte of the class; EOF and bytes from 128 up are in none.
fn is(c: c_int, class: impl Fn(&u8) -> bool) -> c_int {
    u8::try_from(c).is_ok_and(|byte| class(&byte)).into()
}

#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
extern "C" fn isdigit(c: c_int) -> c_int {
    is(c, u8::is_ascii_digit)
}

#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
extern "C" fn islower(c: c_int) -> c_int {
    is(c, u8::is_ascii_lowercase)
}

#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
pub(crate) extern "C" fn isspace(c: c_int) -> c_int {
    is(c, |byte| matches!(byte, b' ' | b'\t'..=b'\r'))
}

#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
extern "C" fn isupper(c: c_int) -> c_int {
    is(c, u8::is_ascii_uppercase)
}

#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
extern "C" fn isxdigit(c: c_int) -> c_int {
    is(c, u8::is_ascii_hexdigit)
}

#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
extern "C" fn tolower(c: c_int) -> c_int {
    u8::try_from(c).map_or(c, |byte| byte.to_ascii_lowercase().into())
}

#[cfg_attr(target_arch = "wasm32", unsafe(no_mangle))]
extern "C" fn toupper(c: c_int) -> c_int {
    u8::try_from(c).map_or(c, |byte| byte.to_ascii_uppercase().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_is_the_six_characters_of_the_c_locale() {
        let spaces: Vec<c_int> = (-1..=256).filter(|&c| isspace(c) != 0).collect();
        assert_eq!(spaces, [9, 10, 11, 12, 13, 32]);
    }

    #[test]
    fn classes_end_with_ascii() {
        for c in [-1, 0x80, 0xE4, 0xFF, 256] {
            assert_eq!([isdigit(c), islower(c), isupper(c), isxdigit(c)], [0; 4], "{c}");
        }
    }

    #[test]
    fn cases_change_letters_only() {
        assert_eq!((toupper(i32::from(b'z')), tolower(i32::from(b'Z'))), (90, 122));
        for c in [-1, i32::from(b'['), i32::from(b'0'), 0xE4] {
            assert_eq!((toupper(c), tolower(c)), (c, c), "{c}");
        }
    }
}
