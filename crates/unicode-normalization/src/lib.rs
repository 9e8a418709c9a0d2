//! Stands in for the crate of this name, whose tables weigh 45 KB in the module that the page loads.
//!
//! The Python parser asks it for names that are not ASCII, the driver of the servers for passwords. Every JavaScript
//! host knows the answer, so there it is asked; elsewhere a crate with the same tables, which others bring anyway.

#![forbid(unsafe_code)]

use std::str::Chars;
use std::vec::IntoIter;

/// The one normal form that anyone asks for. `I` tells texts from iterators, as in the crate of this name.
pub trait UnicodeNormalization<I: Iterator<Item = char>> {
    /// The characters in normal form KC.
    fn nfkc(self) -> IntoIter<char>;
}

impl<'a> UnicodeNormalization<Chars<'a>> for &'a str {
    fn nfkc(self) -> IntoIter<char> {
        normal(self).chars().collect::<Vec<char>>().into_iter()
    }
}

impl<I: Iterator<Item = char>> UnicodeNormalization<I> for I {
    fn nfkc(self) -> IntoIter<char> {
        self.collect::<String>().as_str().nfkc()
    }
}

#[cfg(target_arch = "wasm32")]
fn normal(text: &str) -> String {
    String::from(js_sys::JsString::from(text).normalize("NFKC"))
}

#[cfg(not(target_arch = "wasm32"))]
fn normal(text: &str) -> String {
    icu_normalizer::ComposingNormalizerBorrowed::new_nfkc().normalize(text).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn look_alikes_become_one() {
        assert_eq!("ﬁn\u{212b}".nfkc().collect::<String>(), "fin\u{c5}");
        assert_eq!("A\u{30a}".chars().nfkc().collect::<String>(), "\u{c5}");
    }
}
